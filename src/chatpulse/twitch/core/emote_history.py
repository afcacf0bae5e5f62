"""Keep what a set of emotes was at any time: changes in order, and the set that they come to.

A set is stored as its changes, oldest first: the first one holds all emotes of the first answer, each later one what
came and went. To read a message of last March, the changes up to then are played again.

What a service says about the time before the first answer is used as well: 7TV tells when each emote came into the set,
so those are in the history from then on. All others of the first answer are only likely before it; the set of such a
time is marked `guessed`, and its reader takes no plain word of it for an emote.

A `Timeline` joins several histories (the channel's and the global ones of each service) into the sets of one channel.
Between two changes the set is one and the same object, so that scores can be remembered by it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from chatpulse.twitch.core.emote_sets import Emote, EmoteSet, SetUpdate

GLOBAL = ""
"""Stands for a room's id where a set belongs to every room."""
ALWAYS_US, NEVER_US = -(1 << 62), 1 << 62
"""Before and behind every time."""
KEPT_SETS = 4
"""Sets of one channel that are kept ready: chat moves forward in time, and late messages are a little behind."""


class Change(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What came into a set and left it at one moment."""

    at_us: int
    removed: tuple[str, ...] = ()
    """Names; they go before the others come."""
    added: tuple[Emote, ...] = ()


class EmoteHistory:
    """The emotes of one service in one room, as they changed."""

    def __init__(self, changes: Iterable[Change] = (), *, first_us: int = 0, checked_us: int = 0) -> None:
        """Begin with what is known.

        Args:
            changes: oldest first.
            first_us: when the service was asked first; 0 for never.
            checked_us: when it last said what the set is.
        """
        self.first_us = first_us
        self.checked_us = checked_us
        self._changes: list[Change] = []
        self._now: dict[str, Emote] = {}
        for change in changes:
            self._add(change)

    @property
    def changes(self) -> Sequence[Change]:
        """All changes, oldest first."""
        return tuple(self._changes)

    @property
    def emotes(self) -> Mapping[str, Emote]:
        """The set as it is now, by name."""
        return self._now

    def take(self, found: EmoteSet, *, at_us: int) -> list[Change]:
        """Compare with an answer of the service; the changes that it amounts to, which are in the history then."""
        before = len(self._changes)
        new = {emote.name: emote for emote in found.emotes}
        if not self.first_us:
            self.first_us = at_us
            for since_us, emotes in _by_time(found.emotes, until_us=at_us):
                self._add(Change(at_us=since_us, added=emotes))
        removed = tuple([name for name in self._now if name not in new])
        added = tuple([emote for name, emote in new.items() if not _same(self._now.get(name), emote)])
        if removed or added:
            self._add(Change(at_us=at_us, removed=removed, added=added))
        self.checked_us = max(self.checked_us, at_us)
        return self._changes[before:]

    def apply(self, update: SetUpdate, *, at_us: int) -> list[Change]:
        """Take what the service says has just changed; the change, unless it was known already."""
        if not self.first_us:
            return []  # a change of something unknown: the next answer holds it
        kept = {emote.name for emote in update.added}
        removed = tuple([name for name in update.removed if name in self._now and name not in kept])
        added = tuple([emote for emote in update.added if not _same(self._now.get(emote.name), emote)])
        if not removed and not added:
            return []
        self._add(Change(at_us=at_us, removed=removed, added=added))
        return self._changes[-1:]

    def at(self, ts_us: int) -> dict[str, Emote]:
        """The set of that time by name, as far as it is known."""
        found: dict[str, Emote] = {}
        for change in self._changes:
            if change.at_us > ts_us:
                break
            _play(found, change)
        return found

    def guess(self, ts_us: int) -> dict[str, Emote]:
        """Emotes of the first answer that may have been in the set before it; none once it is known."""
        return self.at(self.first_us) if ts_us < self.first_us else {}

    def _add(self, change: Change) -> None:
        last_us = self._changes[-1].at_us if self._changes else 0
        if change.at_us < last_us:  # a clock that was set back
            change = msgspec.structs.replace(change, at_us=last_us)
        self._changes.append(change)
        _play(self._now, change)


class KnownEmotes(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The emotes of a channel at one time."""

    since_us: int
    until_us: int
    """The first microsecond that has another set."""
    sure: frozenset[str] = frozenset()
    """Names that were emotes then."""
    guessed: frozenset[str] = frozenset()
    """Names that may have been."""
    zero_width: frozenset[str] = frozenset()
    """Those of all names that are drawn over their neighbour."""


class Timeline:
    """The sets of one channel over time; one thread at a time asks it."""

    def __init__(self, histories: Iterable[EmoteHistory], *, shared: Iterable[EmoteHistory] = ()) -> None:
        """Join histories; later changes of theirs are not seen.

        Args:
            histories: those of the channel.
            shared: those of every channel; guesses until something is known about the channel itself.
        """
        own = [(history.first_us, history.changes) for history in histories if history.first_us]
        everywhere = [(history.first_us, history.changes) for history in shared if history.first_us]
        self._own = [EmoteHistory(changes, first_us=first_us) for first_us, changes in own]
        self._shared = [EmoteHistory(changes, first_us=first_us) for first_us, changes in everywhere]
        moments = {history.first_us for history in (*self._own, *self._shared)}
        moments |= {change.at_us for history in (*self._own, *self._shared) for change in history.changes}
        self._moments = sorted(moments)
        self._ready: dict[int, KnownEmotes] = {}

    def at(self, ts_us: int) -> KnownEmotes:
        """The set of a time; the same object for every time between two changes."""
        number = bisect_right(self._moments, ts_us)
        found = self._ready.get(number)
        if found is None:
            while len(self._ready) >= KEPT_SETS:
                del self._ready[next(iter(self._ready))]
            found = self._ready[number] = self._find(number)
        return found

    def latest(self) -> KnownEmotes:
        """The set of now."""
        return self.at(self._moments[-1] if self._moments else 0)

    def _find(self, number: int) -> KnownEmotes:
        ts_us = self._moments[number - 1] if number else ALWAYS_US
        sure: dict[str, Emote] = {}
        guessed: dict[str, Emote] = {}
        is_known = any(history.first_us <= ts_us for history in self._own)
        for history in self._shared:
            (sure if is_known else guessed).update(history.at(ts_us))
            guessed.update(history.guess(ts_us))
        for history in self._own:
            sure.update(history.at(ts_us))
            guessed.update(history.guess(ts_us))
        every = {**guessed, **sure}
        return KnownEmotes(
            since_us=ts_us,
            until_us=self._moments[number] if number < len(self._moments) else NEVER_US,
            sure=frozenset(sure),
            guessed=frozenset(guessed.keys() - sure.keys()),
            zero_width=frozenset([name for name, emote in every.items() if emote.zero_width]),
        )


def _play(emotes: dict[str, Emote], change: Change) -> None:
    for name in change.removed:
        emotes.pop(name, None)
    for emote in change.added:
        emotes[emote.name] = emote


def _same(known: Emote | None, emote: Emote) -> bool:
    """Whether an emote is in the set already, whatever a service says about when it came."""
    return known is not None and known.id == emote.id and known.zero_width == emote.zero_width


def _by_time(emotes: Iterable[Emote], *, until_us: int) -> list[tuple[int, tuple[Emote, ...]]]:
    """Emotes by when they came, for those of which it is known."""
    found: dict[int, list[Emote]] = {}
    for emote in emotes:
        if 0 < emote.added_us < until_us:
            found.setdefault(emote.added_us, []).append(emote)
    return [(since_us, tuple(found[since_us])) for since_us in sorted(found)]
