"""Turn chance into the people of a channel: names, badges, colours, and who speaks how often.

A few people write most of a chat. `speaker` draws from the regulars with a share that falls steeply along the list;
`newcomer` makes somebody who was never here before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from chatpulse.simulation.core.dice import Dice
from chatpulse.simulation.core.texts import names
from chatpulse.simulation.core.wire import escape

BADGE_MONTHS = (0, 2, 3, 6, 9, 12, 18, 24, 30, 36, 48, 60)
"""Months at which the subscriber badge changes."""
BITS_BADGES = (1, 100, 1000, 5000, 10_000, 25_000)
STEEPNESS = 2.5
"""A person's place in the list is a random share of it to this power: the first tenth writes two fifths of all."""
VIEWER_TRIES = 200
"""Looks for a viewer who may write, before somebody new comes in: a channel where all are banned goes on."""
KNOWN_MOST = 6000
"""Newcomers that are remembered as regulars; beyond that they say their lines and are forgotten."""

FIRST_WORDS = names.FIRST.split()
LAST_WORDS = names.LAST.split()
COLORS = names.COLORS.split()
JOINTS = ("", "", "", "_")
"""What stands between the two words of a login."""
UNCOLORED_SHARE = 0.15
"""Share of people who never chose a colour."""
SCRIPT_SHARE = 0.06
"""Share of people whose display name is in another script."""


class Spelling(StrEnum):
    """How somebody writes their login as a display name."""

    LOWER = "lower"
    CAPITAL = "capital"
    SHOUTED = "shouted"


SPELLINGS = (Spelling.LOWER, Spelling.LOWER, Spelling.CAPITAL, Spelling.SHOUTED)


class Role(StrEnum):
    """What somebody is in a channel."""

    VIEWER = "viewer"
    VIP = "vip"
    MODERATOR = "moderator"
    BOT = "bot"
    BROADCASTER = "broadcaster"


@dataclass(slots=True, eq=False)
class Person:
    """Somebody who writes; subscriptions and bits change the badges."""

    user_id: str
    login: str
    name: str
    color: str = ""
    role: Role = Role.VIEWER
    months: int | None = None
    """Months subscribed; None without a subscription."""
    bits_badge: int = 0
    invisible: bool = False
    """Uses a client that appends U+E0000 to get around Twitch's duplicate filter."""
    muted_until_s: float = 0.0
    """End of the timeout; infinite when banned."""
    tags: dict[str, str] = field(default_factory=dict)
    """The tags that all lines of this person share, escaped."""

    def __post_init__(self) -> None:
        """Write the tags for the first time."""
        self.refresh()

    def subscribe(self, months: int) -> None:
        """Become a subscriber, or stay one."""
        self.months = months
        self.refresh()

    def earn_bits_badge(self, threshold: int) -> None:
        """Wear a badge for bits."""
        self.bits_badge = threshold
        self.refresh()

    def refresh(self) -> None:
        """Write the tags anew from what the person is."""
        badges = []
        if self.role in {Role.MODERATOR, Role.BOT}:
            badges.append("moderator/1")
        elif self.role in {Role.VIP, Role.BROADCASTER}:
            badges.append(f"{self.role}/1")
        if self.months is not None:
            badges.append(f"subscriber/{max(step for step in BADGE_MONTHS if step <= self.months)}")
        if self.bits_badge:
            badges.append(f"bits/{self.bits_badge}")
        moderates = self.role in {Role.MODERATOR, Role.BOT}
        self.tags = {
            "badge-info": "" if self.months is None else f"subscriber/{self.months}",
            "badges": ",".join(badges),
            "color": self.color,
            "display-name": escape(self.name),
            "flags": "",
            "mod": "1" if moderates else "0",
            "subscriber": "0" if self.months is None else "1",
            "turbo": "0",
            "user-id": self.user_id,
            "user-type": "mod" if moderates else "",
        }
        if self.role is Role.VIP:
            self.tags["vip"] = "1"


class People:
    """Everybody who is in one channel.

    Args:
        dice: the channel's chance.
        first_id: user ids count up from here.
        regulars: how many people know each other at the start.
        bots: display names of the channel's bots.
    """

    def __init__(self, dice: Dice, *, first_id: int, regulars: int, bots: Sequence[str]) -> None:
        self._dice = dice
        self._next_id = first_id
        self._taken: set[str] = set()
        self._guests: dict[str, Person] = {}
        self.bots = [self._person(name.lower(), name, role=Role.BOT) for name in bots]
        self.moderators = [self._regular(Role.MODERATOR) for _ in range(4)]
        vips = [self._regular(Role.VIP) for _ in range(max(2, regulars // 40))]
        viewers = [self._regular(Role.VIEWER) for _ in range(regulars)]
        self.regulars = dice.sample([*self.moderators, *vips, *viewers], len(vips) + len(viewers) + 4)

    def speaker(self, at_s: float) -> Person:
        """Somebody who writes now: a few write a lot, and nobody writes who is timed out."""
        regulars = self.regulars
        while True:
            person = regulars[int(len(regulars) * self._dice.unit() ** STEEPNESS)]
            if person.muted_until_s <= at_s:
                return person

    def viewer(self, at_s: float) -> Person:
        """Somebody without a special role; a newcomer when hardly any of the regulars may write."""
        for _ in range(VIEWER_TRIES):
            person = self._dice.pick(self.regulars)
            if person.role is Role.VIEWER and person.muted_until_s <= at_s:
                return person
        return self.newcomer()

    def newcomer(self) -> Person:
        """Somebody who was never here before, and may stay."""
        person = self._new_viewer()
        if len(self.regulars) < KNOWN_MOST:
            self.regulars.append(person)
        return person

    def stranger(self) -> Person:
        """Somebody who was never here before and does not stay."""
        return self._new_viewer()

    def guest(self, name: str) -> Person:
        """Somebody whom this channel knows by name from elsewhere: the same person each time."""
        if name not in self._guests:
            self._guests[name] = self._person(name.lower(), name, color=self._color())
        return self._guests[name]

    def _new_viewer(self) -> Person:
        login, name = self._name()
        return self._person(login, name, color=self._color())

    def _regular(self, role: Role) -> Person:
        dice = self._dice
        person = self._new_viewer()
        person.role = role
        person.months = dice.whole(1, 60) if dice.chance(0.45 if role is Role.VIEWER else 0.9) else None
        person.bits_badge = dice.pick(BITS_BADGES) if dice.chance(0.15) else 0
        person.invisible = dice.chance(0.1)
        person.refresh()
        return person

    def _person(self, login: str, name: str, *, color: str = "", role: Role = Role.VIEWER) -> Person:
        self._taken.add(login)
        self._next_id += self._dice.whole(1, 40)
        return Person(str(self._next_id), login, name, color=color, role=role)

    def _color(self) -> str:
        dice = self._dice
        if dice.chance(UNCOLORED_SHARE):
            return ""
        return dice.pick(COLORS) if dice.chance(0.75) else f"#{dice.hex()[:6].upper()}"

    def _name(self) -> tuple[str, str]:
        """A login that nobody has, and how its owner spells it."""
        dice = self._dice
        if dice.chance(SCRIPT_SHARE):
            name, stem = dice.pick(names.SCRIPTS)
            return self._free(stem), name
        first, last = dice.pick(FIRST_WORDS), dice.pick(LAST_WORDS)
        login = self._free(f"{first}{dice.pick(JOINTS)}{last}")
        spelling = dice.pick(SPELLINGS)
        if spelling is Spelling.CAPITAL:
            return login, login.capitalize()
        if spelling is Spelling.SHOUTED:
            return login, first.capitalize() + login[len(first) :].upper()
        return login, login

    def _free(self, stem: str) -> str:
        login = stem
        while login in self._taken:
            login = f"{stem}{self._dice.below(100_000)}"
        return login
