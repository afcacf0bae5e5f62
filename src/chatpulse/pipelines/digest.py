"""From the record to scores, live boards and tables.

It reads each topic from where its table ends, scores messages, shows everything on the boards, gathers rows and writes
them to the tables. A process killed anywhere reads the same entries again on its next run; the tables recognise a range
of offsets that they hold already, so nothing is stored twice. A table that was deleted is filled again as far as the
record reaches. As the group `tables` it tells the record what may be trimmed.

When tables are slow, rows gather up to twice a flush and then reading waits; the record grows meanwhile, and the
socket is not touched.
"""

import asyncio
import math
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from chatpulse.domain.chat import ChatMessage, Recorded, Topic
from chatpulse.domain.scores import Scored
from chatpulse.errors import TransientError
from chatpulse.insights import Boards
from chatpulse.lake import Rows
from chatpulse.pipelines.backlog import Backlog, Stretch
from chatpulse.pipelines.parts import Parts, Plan
from chatpulse.pipelines.tally import Tally

GROUP = "tables"
IDLE_S = 0.05
STEP_S = 0.05
"""Shortest time from one step to the next; small beside the 250 ms in which a message should be scored."""
RETRY_S = 0.5

log = structlog.get_logger()


@dataclass(slots=True)
class Pending:
    """Rows of one topic that no table holds yet."""

    rows: Rows
    first: int
    """Offset of the first."""
    last: int


class Digest:
    """Scores what the record holds, shows it, and writes it to the tables."""

    def __init__(self, parts: Parts, plan: Plan, *, boards: Boards, tally: Tally) -> None:
        self._record = parts.record
        self._writer = parts.writer
        self._scorer = parts.scorer
        self._opt_out = parts.privacy.opt_out
        self._plan = plan
        self._boards = boards
        self.lock = threading.Lock()
        """Held while boards change; a reader of the boards takes it too."""
        self._tally = tally
        self._backlog = Backlog(parts.record, after=parts.written)
        self._pending: dict[Topic, Pending] = {}
        self._pending_since_s = 0.0
        self._flushing: asyncio.Task[None] | None = None
        self._appended = asyncio.Event()
        self._digesting = asyncio.Lock()
        self._finishing = False
        self._finish_by_s: float | None = None
        self._giving_up = False
        self._gave_up = False
        self._newest_us = 0
        """Arrival time of the newest event that has been dealt with."""
        self._behind_since_us = time.time_ns() // 1_000
        """When the backlog last began."""
        self.trouble = ""
        """Why tables cannot be written at the moment; empty when all is well."""

    def add(self, events: Mapping[Topic, list[Recorded]], ends: Mapping[Topic, int]) -> None:
        """Take what was just appended to the record, with each topic's new end."""
        if not self._backlog.waiting:
            self._behind_since_us = time.time_ns() // 1_000
        self._backlog.add(events, ends)
        self._appended.set()

    @property
    def behind(self) -> bool:
        """Whether the record may hold entries that were not dealt with."""
        return self._backlog.waiting

    def lag_us(self, now_us: int) -> int:
        """Age of the oldest event that is in the record and not dealt with; 0 when there is none."""
        return max(now_us - max(self._newest_us, self._behind_since_us), 0) if self.behind else 0

    async def run(self) -> None:
        """Work until `finish` was called and everything in the record is in the tables, or its time is over."""
        await self._record.commit(GROUP, self._backlog.read_to)
        while not self._gave_up and (self._finish_by_s is None or time.monotonic() < self._finish_by_s):
            self._appended.clear()
            began_s = time.monotonic()
            if await self._backlog.fetch():
                self._tally.dropped = self._backlog.missing
                await self._room()
                async with self._digesting:
                    await asyncio.to_thread(self._digest)
                await self._pace(began_s)
            elif self._finishing and not self.behind:
                break
            else:
                await self._wait()
            self._start_flush_when_due()
        await self.flush()

    def hasten(self) -> None:
        """Write what has gathered as soon as can be: the record may drop it then."""
        self._pending_since_s = -math.inf
        self._appended.set()

    async def forget(self) -> None:
        """Take people who have just opted out off the boards; when this returns, none of their lines is on its way."""
        async with self._digesting:
            with self.lock:
                self._boards.forget(self._opt_out)

    def finish(self) -> None:
        """Let `run` end once the record is dealt with: nothing more will be appended."""
        self._finishing = True
        self._appended.set()

    def hurry(self, *, within_s: float) -> None:
        """Let `run` end after this many seconds at the latest, and stop trying to write tables that refuse.

        What is not in the tables by then stays in the record for the next run.
        """
        self._finish_by_s = time.monotonic() + within_s
        self._giving_up = True
        self._appended.set()

    async def flush(self) -> None:
        """Write all gathered rows; when this returns they are durable in the tables."""
        if self._flushing is not None:
            await self._flushing
        self._flushing = None
        if self._pending:
            await self._write(self._take())

    async def _pace(self, began_s: float) -> None:
        """Let some lines gather when there is no backlog: a step costs the same for one line as for hundreds."""
        rest_s = began_s + STEP_S - time.monotonic()
        if rest_s > 0 and not self._finishing and not self._backlog.has_more:
            await asyncio.sleep(rest_s)

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._appended.wait(), IDLE_S)
        except TimeoutError:
            return

    async def _room(self) -> None:
        """Wait while two flushes' worth of rows is gathered."""
        while self._rows() >= 2 * self._plan.flush_rows:
            self._start_flush_when_due()
            if self._flushing is not None:
                await asyncio.wait([self._flushing])

    def _rows(self) -> int:
        return sum(len(pending.rows) for pending in self._pending.values())

    def _digest(self) -> None:
        for topic, found in self._backlog.take().items():
            # The record may hold lines of somebody who opted out behind them.
            stretch = Stretch(self._opt_out.admit(found.events), found.first, found.last)
            self._tally.forgotten += len(found.events) - len(stretch.events)
            scored: list[Scored] = []
            if not stretch.events:
                continue
            if topic is Topic.CHAT_MESSAGES:
                scored = self._score([event for event in stretch.events if isinstance(event, ChatMessage)])
            else:
                with self.lock:
                    self._boards.add_events(stretch.events)
            self._newest_us = max(self._newest_us, stretch.events[-1].received_us)
            self._gather(topic, stretch, scored)

    def _score(self, messages: Sequence[ChatMessage]) -> list[Scored]:
        scored = self._scorer.score(messages)
        now_us = time.time_ns() // 1_000
        self._tally.latency.add(now_us - message.received_us for message in messages)
        self._tally.scored += len(scored)
        with self.lock:
            self._boards.add_messages(messages, scored)
        return scored

    def _gather(self, topic: Topic, stretch: Stretch, scored: Sequence[Scored]) -> None:
        if not self._pending:
            self._pending_since_s = time.monotonic()
        if topic not in self._pending:
            self._pending[topic] = Pending(self._writer.gather(topic), stretch.first, stretch.last)
        pending = self._pending[topic]
        pending.rows.add(stretch.events, scored=scored)
        pending.last = stretch.last

    def _start_flush_when_due(self) -> None:
        if self._flushing is not None:
            if not self._flushing.done():
                return
            self._flushing.result()
            self._flushing = None
        age_s = time.monotonic() - self._pending_since_s
        if self._pending and (self._rows() >= self._plan.flush_rows or age_s >= self._plan.flush_s):
            self._flushing = asyncio.create_task(self._write(self._take()))

    def _take(self) -> dict[Topic, Pending]:
        taken, self._pending = self._pending, {}
        return taken

    async def _write(self, taken: dict[Topic, Pending]) -> None:
        """Write rows for as long as it takes, or until told to give up."""
        while not self._gave_up:
            try:
                await asyncio.to_thread(self._write_tables, taken)
                # Once more after a failure here: the tables know what they hold.
                await self._record.commit(GROUP, {topic: pending.last for topic, pending in taken.items()})
            except TransientError as exc:
                if not self.trouble:
                    log.error("lake.paused", reason=str(exc))
                self.trouble = str(exc)
                # For good: were later rows written, the tables would seem to reach beyond these.
                self._gave_up = self._giving_up
                await asyncio.sleep(0 if self._gave_up else RETRY_S)
            else:
                self.trouble = ""
                return

    def _write_tables(self, taken: dict[Topic, Pending]) -> None:
        for pending in taken.values():
            self._tally.stored += self._writer.write_rows(
                pending.rows, offsets=(pending.first, pending.last), stored_us=time.time_ns() // 1_000
            )
            self._tally.durable_s = time.monotonic()
