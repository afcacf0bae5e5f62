"""Find the words and emotes that a channel uses more than it usually does.

The last 60 s are compared with the channel's own past, which is everything before them with weights that halve every
ten minutes. A term's lift is

    (count + A) / (expected + A)        expected = messages * (past count + P * share) / (past messages + P)

where `share` is the term's share of the messages now. `A` keeps a single use of a rare word from being a trend; `P`
lets the past start as a copy of the present. While the past weighs less than that there is no baseline to speak of, in
a channel's first minute above all: then expected counts and lifts are None, and terms stand by how often they are used.
Terms are ranked by `count * log(lift)`, their part of the likelihood ratio between the two; among equals the more
frequent come first, so a calm channel shows its favourites at a lift of about 1.

Weights grow instead of the past shrinking (a use now counts `2 ** (now / half-life)`), so a second costs what its own
terms cost. Both sides are bounded: a second keeps its most used terms, and the past drops its rarest half when full.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping

from chatpulse.domain.live import Trend

HALF_LIFE_S = 600.0
GROWTH_PER_S = 2 ** (1 / HALF_LIFE_S)
LARGEST_WEIGHT = 2.0**40
"""Stored weights are scaled back beyond this, every 6.7 h."""
MAX_TERMS = 20_000
"""Terms that a channel's past holds; about 3 MB."""
MAX_TERMS_PER_S = 2_000
"""Different terms that one second holds; the rest of a second were said once in thousands of messages."""
SHRINK_USES = 5.0
"""`A`: a new term needs about five messages to double its lift."""
PRIOR_MESSAGES = 50.0
"""`P`: after 50 messages the channel's past weighs as much as its present, and is a baseline."""
LEAST_USES = 2
LEAST_SHARE = 1 / 1_000
"""Terms in fewer messages than this are not looked at."""


class Baseline:
    """How often a channel uses each term, with the far past forgotten."""

    __slots__ = ("_counts", "_messages", "_weight")

    def __init__(self) -> None:
        self._counts: dict[str, float] = {}
        self._messages = 0.0
        self._weight = 1.0

    def __len__(self) -> int:
        """How many terms are known."""
        return len(self._counts)

    def learn(self, terms: Mapping[str, int], messages: int) -> None:
        """Take one second that has become the past, and move on by a second."""
        weight = self._weight
        counts = self._counts
        self._messages += messages * weight
        for term, uses in terms.items():
            counts[term] = counts.get(term, 0.0) + uses * weight
        if len(counts) > MAX_TERMS:
            self._drop_rarest()
        self._weight *= GROWTH_PER_S
        if self._weight > LARGEST_WEIGHT:
            self._scale_back()

    def uses(self, term: str) -> float:
        """Messages with the term, old ones counting less."""
        return self._counts.get(term, 0.0) / self._weight

    @property
    def messages(self) -> float:
        """All messages, old ones counting less."""
        return self._messages / self._weight

    def _drop_rarest(self) -> None:
        kept = sorted(self._counts.items(), key=lambda item: item[1], reverse=True)[: MAX_TERMS // 2]
        self._counts = dict(kept)

    def _scale_back(self) -> None:
        self._counts = {term: count / self._weight for term, count in self._counts.items()}
        self._messages /= self._weight
        self._weight = 1.0


class Trending:
    """The terms of one channel's last 60 s beside its baseline; the window moves by whole seconds."""

    __slots__ = ("_baseline", "_counts")

    def __init__(self) -> None:
        self._baseline = Baseline()
        self._counts: dict[str, int] = {}

    def enter(self, terms: Mapping[str, int]) -> None:
        """Let a second, or a late message of one, come into the window."""
        counts = self._counts
        for term, uses in terms.items():
            counts[term] = counts.get(term, 0) + uses

    def leave(self, terms: Mapping[str, int], messages: int) -> None:
        """Let a second go out of the window into the past."""
        counts = self._counts
        for term, uses in terms.items():
            left = counts[term] - uses
            if left:
                counts[term] = left
            else:
                del counts[term]
        self._baseline.learn(terms, messages)

    def top(self, messages: int, *, known_emotes: Collection[str], limit: int) -> tuple[list[Trend], list[Trend]]:
        """Rank the terms of the window.

        Args:
            messages: messages in the window.
            known_emotes: the names that are emotes.
            limit: most trends per list.

        Returns:
            Emotes and words, each by falling part in what is unusual.
        """
        least = max(LEAST_USES, messages * LEAST_SHARE)
        past = self._baseline.messages
        ranked: list[tuple[int, int, str, float, float]] = []
        for term, count in [item for item in self._counts.items() if item[1] >= least]:
            share = (self._baseline.uses(term) + PRIOR_MESSAGES * count / messages) / (past + PRIOR_MESSAGES)
            expected = messages * share
            lift = (count + SHRINK_USES) / (expected + SHRINK_USES)
            # Rounded, so that terms which are all but as usual fall back to their frequency.
            part = round(count * math.log(lift)) if lift > 1 and past >= PRIOR_MESSAGES else 0
            ranked.append((-part, -count, term, expected, lift))
        ranked.sort()
        emotes: list[Trend] = []
        words: list[Trend] = []
        for _, count, term, expected, lift in ranked:
            side = emotes if term in known_emotes else words
            if len(side) >= limit:
                continue
            if past < PRIOR_MESSAGES:
                side.append(Trend(term=term, count=-count, expected=None, lift=None))
            else:
                side.append(Trend(term=term, count=-count, expected=round(expected, 2), lift=round(lift, 2)))
        return emotes, words


def most_used(terms: Counter[str]) -> Counter[str]:
    """The terms of a second that are worth keeping: when they are too many, those used once go, then twice, ..."""
    if len(terms) <= MAX_TERMS_PER_S:
        return terms
    too_few = sorted(terms.values(), reverse=True)[MAX_TERMS_PER_S]
    return Counter({term: uses for term, uses in terms.items() if uses > too_few})
