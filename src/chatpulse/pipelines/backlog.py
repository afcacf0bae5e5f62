"""What is in the record and not dealt with, all topics side by side, in the order in which things happened.

Events that were just appended are handed on from memory. When they are too many, or older ones are unread, they are
read back from the record once it is their turn, so that memory is bounded whatever the reader does.

Each topic comes in pages, and a page of subscriptions covers far more time than a page of chat. So that windows see
time run forward, what is handed out ends at one time of arrival for all topics: the earliest at which a page ended that
has another one behind it. The rest of the longer pages waits for the next call.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import structlog

from chatpulse.domain.chat import Recorded, Topic
from chatpulse.eventlog import GONE, Entry, ReplayableLog, decode

PAGE_ENTRIES = 2_000
"""Few enough that dealing with a page takes some 20 ms, many enough that its overhead does not show."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive events of one topic, without those that were forgotten."""

    events: Sequence[Recorded]
    first: int
    """Offset of the first."""
    last: int


@dataclass(slots=True)
class _Page:
    """What was read of a topic and not handed out yet."""

    events: list[Recorded | None] = field(default_factory=list)
    """None in the place of one that was forgotten."""
    first: int = 0
    arrivals_us: list[int] = field(default_factory=list)


class Backlog:
    """What the record holds behind a place in each topic; one thread fetches and adds, another may take meanwhile."""

    def __init__(self, record: ReplayableLog, *, after: Mapping[Topic, int]) -> None:
        self._record = record
        self._read_to = {topic: after.get(topic, 0) for topic in Topic}
        self._unread = set(Topic)
        """Topics with entries that only the record has."""
        self._reading: Topic | None = None
        self._held: dict[Topic, list[Recorded]] = {}
        """Appended events, right behind what was read of their topic."""
        self._pages: dict[Topic, _Page] = {}
        self._fetched: dict[Topic, list[Entry] | list[Recorded]] = {}
        self._firsts: dict[Topic, int] = {}
        """Offset of the first of what was fetched."""
        self._continued: frozenset[Topic] = frozenset()
        """Topics with more behind the page that is next."""
        self._begun: set[Topic] = set()
        self.missing = 0
        """Holes in the offsets: entries that were acknowledged and are not there."""

    @property
    def read_to(self) -> Mapping[Topic, int]:
        """Last offset of each topic that was read."""
        return self._read_to

    @property
    def waiting(self) -> bool:
        """Whether there may be something to hand out."""
        return bool(self._unread or self._held or self._pages or self._fetched)

    @property
    def has_more(self) -> bool:
        """Whether more than a page is there."""
        return bool(self._pages or self._unread)

    def add(self, events: Mapping[Topic, list[Recorded]], ends: Mapping[Topic, int]) -> None:
        """Take what was just appended to the record, with each topic's new end."""
        for topic, appended in events.items():
            held = self._held.get(topic, [])
            next_offset = self._read_to[topic] + len(held) + 1
            if (
                topic in self._unread
                or topic is self._reading
                or next_offset != ends[topic] - len(appended) + 1
                or len(held) + len(appended) > PAGE_ENTRIES
            ):
                self._held.pop(topic, None)
                self._unread.add(topic)
            else:
                self._held[topic] = held + appended

    async def fetch(self) -> bool:
        """Get the next page of each topic that has one; whether there is something to `take`."""
        for topic in sorted(self._unread - set(self._pages)):
            await self._read(topic)
        for topic in set(self._held) - set(self._pages) - set(self._fetched):
            self._fetched[topic] = events = self._held.pop(topic)
            self._firsts[topic] = self._read_to[topic] + 1
            self._read_to[topic] += len(events)
        self._continued = frozenset(self._unread | set(self._held))
        return bool(self._pages or self._fetched)

    def take(self) -> dict[Topic, Stretch]:
        """The next events of every topic up to one time of arrival; decodes what was read."""
        for topic, found in self._fetched.items():
            events = [_event(topic, one) for one in found]
            # A clock that was set back must not make later entries look earlier than a page's end.
            arrivals_us = list(accumulate([event.received_us if event is not None else 0 for event in events], max))
            self._pages[topic] = _Page(events, self._firsts[topic], arrivals_us)
        self._fetched.clear()
        ends_us = [page.arrivals_us[-1] for topic, page in self._pages.items() if topic in self._continued]
        until_us = min(ends_us, default=None)
        return {topic: stretch for topic in sorted(self._pages) if (stretch := self._cut(topic, until_us)).events}

    async def _read(self, topic: Topic) -> None:
        # What is appended meanwhile asks for another look.
        self._reading = topic
        self._unread.discard(topic)
        try:
            entries = await self._record.entries(topic, after=self._read_to[topic], limit=PAGE_ENTRIES)
        except BaseException:
            self._unread.add(topic)
            raise
        finally:
            self._reading = None
        if not entries:
            return
        if len(entries) == PAGE_ENTRIES:
            self._unread.add(topic)
        self._check(topic, entries)
        self._read_to[topic] = entries[-1].offset
        self._fetched[topic], self._firsts[topic] = entries, entries[0].offset

    def _cut(self, topic: Topic, until_us: int | None) -> Stretch:
        """Take the events of a page that arrived by then."""
        page = self._pages[topic]
        taken = len(page.events) if until_us is None else bisect_right(page.arrivals_us, until_us)
        events = [event for event in page.events[:taken] if event is not None]
        stretch = Stretch(events, page.first, page.first + taken - 1)
        if taken == len(page.events):
            del self._pages[topic]
        else:
            self._pages[topic] = _Page(page.events[taken:], page.first + taken, page.arrivals_us[taken:])
        return stretch

    def _check(self, topic: Topic, entries: Sequence[Entry]) -> None:
        first, last = entries[0].offset, entries[-1].offset
        # Behind the place where this run began, trimming may have left nothing to read.
        expected = self._read_to[topic] + 1 if topic in self._begun else first
        self._begun.add(topic)
        holes = (first - expected) + (last - first + 1 - len(entries))
        if holes:
            log.error("record.holes", topic=topic, first=expected, missing=holes)
            self.missing += holes


def _event(topic: Topic, one: Entry | Recorded) -> Recorded | None:
    if not isinstance(one, Entry):
        return one
    return decode(topic, one.body) if one.body != GONE else None
