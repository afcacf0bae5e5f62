"""Add up scored messages: the sums of one second, rolling sums over many, and different chatters over any span.

Different chatters cannot be added or subtracted as numbers. Instead it is remembered in which second everybody spoke
last: the chatters of the last k seconds are those whose last second is one of them. How many people have which last
second is kept as counts, so a span of any length is a sum over its seconds.

Valence is the mean over scored messages, unsure ones included: leaving them out would show the loud minority only, so
their share stands beside it instead. Messages in another language or drawn with characters are not scored; they are in
the share of unsupported ones and not in the mean. Its 95 % interval is Student's, with the variance drawn towards that
of a mixed chat (.5 ** 2, worth two messages), so that one message, or three equal ones, do not look certain:

    mean +- t(.975, n + 1) * sqrt((squared deviations + 2 * .5 ** 2) / (n + 1) / n)        cut to -1 and 1

It says how exactly the mean is known if messages were independent; chat that copies itself is less exact than that.
Source: A. Gelman et al., Bayesian Data Analysis, normal mean with a scaled inverse chi-squared variance.
"""

import itertools
import math
import operator
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from chatpulse.domain.chat import ChatMessage
from chatpulse.domain.scores import Flag, Label, Reaction, Score, Scored
from chatpulse.insights.core.counting import is_mirrored
from chatpulse.insights.core.hype import Usual

if TYPE_CHECKING:
    from chatpulse.domain.live import WindowStats

Line = tuple[ChatMessage, Scored]
Shape = tuple[tuple[Reaction, ...], Label, tuple[Flag, ...]]

EXCITED = frozenset({Reaction.HYPE, Reaction.LAUGHTER, Reaction.SHOCK, Reaction.ANGER, Flag.CAPS, Flag.REPEAT})
UNSCORED = frozenset({Flag.ART, Flag.UNSUPPORTED})
COUNTS = ("questions", "first_chatters", "subs", "gifts", "bits", "raids", "timeouts", "bans", "deletions")
"""Sums that a window shows as they are."""
SUMS = (
    *("messages", "commands", "excited", "scored", "valence_sum", "valence_squares", "unsure", "unsupported"),
    *COUNTS,
)
PRIOR_DEVIATION = 0.5
"""Standard deviation of valence in a mixed chat, whose messages lie at -1, 0 and 1 in some share."""
PRIOR_WORTH = 2
NORMAL_975 = 1.959964
FEW_NAMES = 1_000

# Looked up once: a member's name after its class costs a Python call each time in Python 3.11, and so does `.value`.
QUESTION, UNSURE, COMMAND = Reaction.QUESTION, Label.UNSURE, Flag.COMMAND
NAMES = {reaction: reaction.value for reaction in Reaction}

shape_of: Callable[[Score], Shape] = operator.attrgetter("reactions", "label", "flags")
"""What messages are counted together by."""


class Tally:
    """The sums that windows of every length share."""

    __slots__ = (*SUMS, "reactions")

    messages: int
    commands: int
    excited: int
    scored: int
    valence_sum: float
    valence_squares: float
    unsure: int
    unsupported: int
    questions: int
    first_chatters: int
    subs: int
    gifts: int
    bits: int
    raids: int
    timeouts: int
    bans: int
    deletions: int

    def __init__(self) -> None:
        for name in SUMS:
            setattr(self, name, 0)
        self.reactions: dict[str, int] = {}

    def merge(self, other: "Tally", sign: int) -> None:
        """Add (1) or subtract (-1) another tally."""
        for name in SUMS:
            setattr(self, name, getattr(self, name) + sign * getattr(other, name))
        for reaction, count in other.reactions.items():
            self.reactions[reaction] = self.reactions.get(reaction, 0) + sign * count
        if not self.scored:
            self.valence_sum = self.valence_squares = 0.0  # rounding errors do not outlive their messages


class Second(Tally):
    """One second: its sums, who spoke, and with which terms."""

    __slots__ = ("_shapes", "forgotten", "hype", "stamp", "start_s", "stats", "terms", "users", "usual", "waves")

    def __init__(self, start_s: int) -> None:
        super().__init__()
        self.start_s = start_s
        self.stamp = 0
        """Number of the frame that this second changed for last."""
        self.stats: WindowStats | None = None
        """Its value as shown, until it changes."""
        self.users: set[str] = set()
        self.forgotten = 0
        """Chatters whose names were dropped."""
        self.terms: Counter[str] = Counter()
        self._shapes: Counter[Shape] = Counter()
        self.usual = Usual()
        self.hype = 0.0
        self.waves = 0

    @property
    def chatters(self) -> int:
        """Different users who spoke."""
        return self.forgotten + len(self.users)

    def take(self, lines: Sequence[Line], *, copied: Collection[str] = ()) -> None:
        """Count lines that belong to this second, while it is open; `settle` brings in what they look like.

        Args:
            lines: messages with their scores.
            copied: wave keys of texts whose terms are not counted.
        """
        scores = [scored.score for _, scored in lines]
        valences = [score.valence for score in scores if not score.flags or UNSCORED.isdisjoint(score.flags)]
        self.messages += len(lines)
        self.scored += len(valences)
        self.valence_sum += sum(valences)
        self.valence_squares += sum(map(operator.mul, valences, valences))
        self.users.update([message.user_id or message.user_login for message, _ in lines])
        own = [scored.terms for _, scored in lines if not copied or scored.wave_key not in copied]
        self.terms.update(itertools.chain.from_iterable(own))
        self.first_chatters += sum(not is_mirrored(message) for message, _ in lines if message.first)
        self._shapes.update(map(shape_of, scores))

    def settle(self) -> None:
        """Add up reactions, labels and flags of what was taken; messages with the same ones are counted together."""
        for (reactions, label, flags), count in self._shapes.items():
            for reaction in reactions:
                name = NAMES[reaction]
                self.reactions[name] = self.reactions.get(name, 0) + count
            if QUESTION in reactions:
                self.questions += count
            if flags and not UNSCORED.isdisjoint(flags):
                self.unsupported += count
            elif label is UNSURE:
                self.unsure += count
            if COMMAND in flags:
                self.commands += count
            elif not (EXCITED.isdisjoint(reactions) and EXCITED.isdisjoint(flags)):
                self.excited += count
        self._shapes = Counter()

    def forget_users(self) -> None:
        """Drop names, keep their number."""
        self.forgotten += len(self.users)
        self.users = set()


class Chatters:
    """When everybody spoke last."""

    __slots__ = ("_last_s", "_people")

    def __init__(self) -> None:
        self._last_s: dict[str, int] = {}
        self._people: dict[int, int] = {}
        """How many spoke last in a second."""

    def enter(self, start_s: int, users: Collection[str]) -> None:
        """Take who spoke in a second, the newest of all."""
        people, last_s = self._people, self._last_s
        before = Counter(map(last_s.get, users))
        last_s.update(dict.fromkeys(users, start_s))
        for second_s, count in before.items():
            if second_s in people:
                people[second_s] -= count
        people[start_s] = people.get(start_s, 0) + len(users)

    def enter_late(self, start_s: int, users: Iterable[str]) -> None:
        """Take who spoke in an earlier second."""
        last_s = self._last_s
        self.enter(start_s, [user for user in users if user not in last_s or last_s[user] < start_s])

    def since(self, start_s: int) -> int:
        """Different users who spoke in this second or later."""
        return sum(count for last_s, count in self._people.items() if last_s >= start_s)

    def forget_before(self, start_s: int) -> None:
        """Drop who has been silent since; who is dropped is as new when they speak again."""
        self._people = {last_s: count for last_s, count in self._people.items() if last_s >= start_s}
        # Names go in bulk, once most of them are of no use.
        if len(self._last_s) > 2 * sum(self._people.values()) + FEW_NAMES:
            self._last_s = {user: last_s for user, last_s in self._last_s.items() if last_s >= start_s}


def valence_interval(tally: Tally) -> tuple[float, float, float] | None:
    """The mean valence and the ends of its 95 % interval, -1 to 1; None without a scored message."""
    n = tally.scored
    if not n:
        return None
    mean = tally.valence_sum / n
    deviations = max(tally.valence_squares - n * mean * mean, 0.0)
    variance = (deviations + PRIOR_WORTH * PRIOR_DEVIATION**2) / (n - 1 + PRIOR_WORTH)
    half = student_975(n - 1 + PRIOR_WORTH) * math.sqrt(variance / n)
    return mean, max(mean - half, -1.0), min(mean + half, 1.0)


def student_975(freedom: int) -> float:
    """The 97.5 % point of Student's t; within 3 % at 2 degrees of freedom, .3 % from 4 on."""
    # M. Abramowitz, I. Stegun, Handbook of Mathematical Functions, 26.7.5
    z = NORMAL_975
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )
