"""From the record to scores, live boards and tables.

It reads each topic from where its table ends, scores messages, shows everything on the boards, gathers rows and writes
them to the tables. A process killed anywhere reads the same entries again on its next run; the tables recognise a range
of offsets that they hold already, so nothing is stored twice. A table that was deleted is filled again as far as the
record reaches. As the group `tables` it tells the record what may be trimmed.

When tables are slow, rows gather up to twice a flush and then reading waits; the record grows meanwhile, and the
socket is not touched.
"""

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from chatpulse.domain.chat import ChatMessage, Recorded, Topic
from chatpulse.domain.scores import Scored
from chatpulse.errors import TransientError
from chatpulse.eventlog import Entry, decode
from chatpulse.insights import Boards
from chatpulse.pipelines.parts import Parts, Plan
from chatpulse.pipelines.tally import Tally

GROUP = "tables"
READ_ENTRIES = 2_000
"""Entries per step: few enough that a step takes some 20 ms, many enough that its overhead does not show."""
IDLE_S = 0.05
RETRY_S = 0.5

log = structlog.get_logger()


@dataclass(slots=True)
class Pending:
    """Rows of one topic that no table holds yet."""

    events: list[Recorded] = field(default_factory=list)
    scored: list[Scored] = field(default_factory=list)
    first: int = 0
    last: int = 0


class Digest:
    """Scores what the record holds, shows it, and writes it to the tables."""

    def __init__(self, parts: Parts, plan: Plan, *, boards: Boards, tally: Tally) -> None:
        self._record = parts.record
        self._writer = parts.writer
        self._scorer = parts.scorer
        self._flush_rows = plan.flush_rows
        self._flush_s = plan.flush_s
        self._boards = boards
        self.lock = threading.Lock()
        """Held while boards change; a reader of the boards takes it too."""
        self._tally = tally
        self._pending: dict[Topic, Pending] = {}
        self._pending_since = 0.0
        self._flushing: asyncio.Task[None] | None = None
        self._dirty = set(Topic)
        self._appended = asyncio.Event()
        self._read_to = {topic: parts.written.get(topic, 0) for topic in Topic}
        """Last offset of each topic that was read."""
        self._offsets: dict[Topic, int] = {}
        self._finishing = False
        self._finish_by: float | None = None
        self._giving_up = False
        self.newest_us = 0
        """Arrival time of the newest event that has been dealt with."""
        self.trouble = ""
        """Why tables cannot be written at the moment; empty when all is well."""

    def notice(self, topics: set[Topic]) -> None:
        """Learn that these topics have new entries."""
        self._dirty |= topics
        self._appended.set()

    @property
    def behind(self) -> bool:
        """Whether the record may hold entries that were not dealt with."""
        return bool(self._dirty)

    async def run(self) -> None:
        """Work until `finish` was called and everything in the record is in the tables, or its time is over."""
        await self._record.commit(GROUP, self._read_to)
        while self._finish_by is None or time.monotonic() < self._finish_by:
            moved = await self._step()
            self._start_flush_when_due()
            if moved:
                continue
            if self._finishing and not self._dirty:
                break
            await self._wait()
        await self.flush()

    def finish(self) -> None:
        """Let `run` end once the record is dealt with: nothing more will be appended."""
        self._finishing = True
        self._appended.set()

    def hurry(self, *, within_s: float) -> None:
        """Let `run` end after this many seconds at the latest, and stop trying to write tables that refuse.

        What is not in the tables by then stays in the record for the next run.
        """
        self._finish_by = time.monotonic() + within_s
        self._giving_up = True
        self._appended.set()

    async def flush(self) -> None:
        """Write all gathered rows; when this returns they are durable in the tables."""
        if self._flushing is not None:
            await self._flushing
        self._flushing = None
        if self._pending:
            await self._write(self._take())

    async def _wait(self) -> None:
        self._appended.clear()
        try:
            await asyncio.wait_for(self._appended.wait(), IDLE_S)
        except TimeoutError:
            return

    async def _step(self) -> bool:
        moved = False
        for topic in sorted(self._dirty):
            self._dirty.discard(topic)
            entries = await self._record.entries(topic, after=self._read_to[topic], limit=READ_ENTRIES)
            if len(entries) == READ_ENTRIES:
                self._dirty.add(topic)
            if entries:
                moved = True
                self._read_to[topic] = entries[-1].offset
                await self._room()
                await asyncio.to_thread(self._digest, topic, entries)
        return moved

    async def _room(self) -> None:
        """Wait while two flushes' worth of rows is gathered."""
        while self._rows() >= 2 * self._flush_rows:
            self._start_flush_when_due()
            if self._flushing is not None:
                await asyncio.wait([self._flushing])

    def _rows(self) -> int:
        return sum(len(pending.events) for pending in self._pending.values())

    def _digest(self, topic: Topic, entries: Sequence[Entry]) -> None:
        events = [decode(topic, entry.body) for entry in entries]
        self._check_order(topic, entries)
        scored: list[Scored] = []
        if topic is Topic.CHAT_MESSAGES:
            messages = [event for event in events if isinstance(event, ChatMessage)]
            scored = self._scorer.score(messages)
            now_us = time.time_ns() // 1_000
            self._tally.latency.add(now_us - event.received_us for event in events)
            self._tally.scored += len(scored)
            with self.lock:
                self._boards.add_messages(messages, scored)
        else:
            with self.lock:
                self._boards.add_events(events)
        self.newest_us = max(self.newest_us, events[-1].received_us)
        self._gather(topic, events, scored, first=entries[0].offset, last=entries[-1].offset)

    def _check_order(self, topic: Topic, entries: Sequence[Entry]) -> None:
        """Count holes in the offsets: an entry that was acknowledged and is not there is a lost line."""
        first, last = entries[0].offset, entries[-1].offset
        expected = self._offsets.get(topic, first - 1) + 1
        holes = (first - expected) + (last - first + 1 - len(entries))
        if holes:
            log.error("record.holes", topic=topic, first=expected, missing=holes)
            self._tally.dropped += holes
        self._offsets[topic] = last

    def _gather(
        self, topic: Topic, events: Sequence[Recorded], scored: Sequence[Scored], *, first: int, last: int
    ) -> None:
        if not self._pending:
            self._pending_since = time.monotonic()
        pending = self._pending.setdefault(topic, Pending(first=first))
        pending.events += events
        pending.scored += scored
        pending.last = last

    def _start_flush_when_due(self) -> None:
        if self._flushing is not None:
            if not self._flushing.done():
                return
            self._flushing.result()
            self._flushing = None
        age_s = time.monotonic() - self._pending_since
        if self._pending and (self._rows() >= self._flush_rows or age_s >= self._flush_s):
            self._flushing = asyncio.create_task(self._write(self._take()))

    def _take(self) -> dict[Topic, Pending]:
        taken, self._pending = self._pending, {}
        return taken

    async def _write(self, taken: dict[Topic, Pending]) -> None:
        while True:
            try:
                self._tally.stored += await asyncio.to_thread(self._write_tables, taken)
            except TransientError as exc:
                if not self.trouble:
                    log.error("lake.paused", reason=str(exc))
                self.trouble = str(exc)
                if self._giving_up:
                    return
                await asyncio.sleep(RETRY_S)
            else:
                break
        self.trouble = ""
        self._tally.durable_s = time.monotonic()
        await self._record.commit(GROUP, {topic: pending.last for topic, pending in taken.items()})

    def _write_tables(self, taken: dict[Topic, Pending]) -> int:
        stored = 0
        for topic, pending in taken.items():
            stored += self._writer.write(
                topic,
                pending.events,
                offsets=(pending.first, pending.last),
                scored=pending.scored or None,
                stored_us=time.time_ns() // 1_000,
            )
        return stored
