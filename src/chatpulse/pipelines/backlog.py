"""Read the topics of the record side by side, in the order in which things happened.

Each topic is read in pages, and a page of subscriptions covers far more time than a page of chat. So that windows see
time run forward, what is handed out ends at one time of arrival for all topics: the earliest at which a page ended that
has another one behind it. The rest of the longer pages waits for the next call.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import structlog

from chatpulse.domain.chat import Recorded, Topic
from chatpulse.eventlog import Entry, ReplayableLog, decode

PAGE_ENTRIES = 2_000
"""Few enough that dealing with a page takes some 20 ms, many enough that its overhead does not show."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive events of one topic."""

    events: Sequence[Recorded]
    first: int
    """Offset of the first."""
    last: int


@dataclass(slots=True)
class _Page:
    """What was read of a topic and not handed out yet."""

    events: list[Recorded] = field(default_factory=list)
    first: int = 0
    arrivals_us: list[int] = field(default_factory=list)


class Backlog:
    """What the record holds behind a place in each topic."""

    def __init__(self, record: ReplayableLog, *, after: Mapping[Topic, int]) -> None:
        self._record = record
        self._read_to = {topic: after.get(topic, 0) for topic in Topic}
        self._more = set(Topic)
        self._pages: dict[Topic, _Page] = {}
        self._fetched: dict[Topic, list[Entry]] = {}
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
        return bool(self._more or self._pages or self._fetched)

    @property
    def has_more(self) -> bool:
        """Whether a full page was read, so that another one is likely there."""
        return bool(self._pages)

    def notice(self, topics: set[Topic]) -> None:
        """Learn that these topics have new entries."""
        self._more |= topics

    async def fetch(self) -> bool:
        """Read the next page of each topic that has one; whether there is something to `take`."""
        for topic in sorted(self._more - set(self._pages)):
            await self._read(topic)
        return bool(self._pages or self._fetched)

    def take(self) -> dict[Topic, Stretch]:
        """The next events of every topic up to one time of arrival; decodes what was fetched."""
        for topic, entries in self._fetched.items():
            events = [decode(topic, entry.body) for entry in entries]
            # A clock that was set back must not make later entries look earlier than a page's end.
            arrivals_us = list(accumulate((event.received_us for event in events), max))
            self._pages[topic] = _Page(events, entries[0].offset, arrivals_us)
        self._fetched.clear()
        behind = [self._pages[topic].arrivals_us[-1] for topic in self._more & set(self._pages)]
        until_us = min(behind, default=None)
        return {topic: stretch for topic in sorted(self._pages) if (stretch := self._cut(topic, until_us)).events}

    async def _read(self, topic: Topic) -> None:
        # Before the read: what is appended meanwhile asks for another one.
        self._more.discard(topic)
        entries = await self._record.entries(topic, after=self._read_to[topic], limit=PAGE_ENTRIES)
        if not entries:
            return
        if len(entries) == PAGE_ENTRIES:
            self._more.add(topic)
        self._check(topic, entries)
        self._read_to[topic] = entries[-1].offset
        self._fetched[topic] = entries

    def _cut(self, topic: Topic, until_us: int | None) -> Stretch:
        """Take the events of a page that arrived by then."""
        page = self._pages[topic]
        taken = len(page.events) if until_us is None else bisect_right(page.arrivals_us, until_us)
        stretch = Stretch(page.events[:taken], page.first, page.first + taken - 1)
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
