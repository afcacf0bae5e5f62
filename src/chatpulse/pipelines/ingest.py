"""From a chat source to the record: each line counted once, each new event durable before it counts.

Group commit: lines are written when 100 have gathered or the oldest is 200 ms old, whichever comes first; when lines
come faster than commits, each commit takes all that has arrived. A commit that fails for want of room is tried again
until it succeeds, and nothing is read meanwhile: what waits is bounded, so a replay waits and a socket fills up.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

import structlog

from chatpulse.domain.chat import BUCKET_OF, TOPIC_OF, Bucket, Gap, ProtocolLine, Quarantined, Recorded, Topic
from chatpulse.errors import StorageFullError
from chatpulse.eventlog import by_topic, encode_many
from chatpulse.pipelines.parts import Parts
from chatpulse.pipelines.tally import Tally
from chatpulse.twitch import ChatSource

COMMIT_LINES = 100
COMMIT_S = 0.2
PAUSE_S = 0.025
"""Shortest time from one commit to the next: a commit costs the same for one line as for hundreds."""
MAX_COMMIT_LINES = 4_000
"""More would hold the lines that wait behind this commit for longer than a frame of the page."""
WAITING_LINES = 8_000
"""Lines between source and commit; beyond them the source waits."""
STEP_S = 0.02
"""How often a commit that waits for more lines looks whether they have come."""
RETRY_S = 0.25
"""How often a full record is tried again; health has to turn within a second, both ways."""
CLOCK_US = 10_000_000
"""A server's stamp that is older than this at its arrival says more about clocks than about the way."""
NO_ROOM = "there was no room to keep it"

log = structlog.get_logger()
T = TypeVar("T")
Line = Recorded | ProtocolLine


class Ingest:
    """Writes what a source says into the record."""

    def __init__(
        self,
        source: ChatSource,
        parts: Parts,
        *,
        tally: Tally,
        appended: Callable[[Mapping[Topic, list[Recorded]], Mapping[Topic, int]], None],
        make_room: Callable[[], Awaitable[None]],
    ) -> None:
        """Prepare, without reading.

        Args:
            source: what to read.
            parts: the record to write to, and what tells which lines may be stored and are new.
            tally: counts the lines.
            appended: takes the new events of each topic once they are durable, and its new end.
            make_room: called while the record is full.
        """
        self._source = source
        self._record = parts.record
        self._duplicates = parts.duplicates
        self._privacy = parts.privacy
        self._tally = tally
        self._appended = appended
        self._make_room = make_room
        self._waiting: list[Line] = []
        self._filled, self._taken = asyncio.Event(), asyncio.Event()
        self._ended = False
        self._committing = asyncio.Lock()
        self._committed_s = 0.0
        self._giving_up = False
        self._paused_us = 0
        self.trouble = ""
        """Why nothing can be written at the moment; empty when all is well."""

    async def run(self) -> None:
        """Read until the source ends or fails; when this returns or raises, all that was read is durable."""
        reader = asyncio.create_task(self._read())
        try:
            await self._write()
        except BaseException:
            reader.cancel()
            raise
        if self._paused_us:
            self._log_gap()
        await reader

    def give_up(self) -> None:
        """Stop trying to write: what is not durable yet was never acknowledged."""
        self._giving_up = True
        self._taken.set()

    async def settle(self) -> None:
        """Wait until what is being written now is written."""
        async with self._committing:
            pass

    async def _read(self) -> None:
        try:
            async for batch in self._source.batches():
                if self._tally.started_s is None:
                    self._tally.started_s = time.monotonic()
                self._waiting += batch
                self._filled.set()
                while len(self._waiting) >= WAITING_LINES and not self._giving_up:
                    self._taken.clear()
                    await self._taken.wait()
        finally:
            self._ended = True
            self._filled.set()

    async def _write(self) -> None:
        while lines := await self._gather():
            async with self._committing:
                await self._commit(lines)

    async def _gather(self) -> list[Line]:
        """The lines of the next commit; none at the end."""
        while not self._waiting and not self._ended:
            self._filled.clear()
            await self._filled.wait()
        now_s = time.monotonic()
        oldest_s, pause_s = now_s, self._committed_s + PAUSE_S - now_s
        while not self._ended and (pause_s > 0 or len(self._waiting) < COMMIT_LINES):
            await asyncio.sleep(max(pause_s, STEP_S))
            pause_s = 0.0
            if time.monotonic() - oldest_s >= COMMIT_S:
                break
        lines, self._waiting = self._waiting[:MAX_COMMIT_LINES], self._waiting[MAX_COMMIT_LINES:]
        self._taken.set()
        return lines

    async def _commit(self, lines: list[Line]) -> None:
        events = [line for line in lines if not isinstance(line, ProtocolLine)]
        admitted = self._privacy.admit(events)
        fresh = self._duplicates.new(admitted)
        topics = by_topic(fresh)
        if fresh:
            bodies = encode_many(topics)
            ends = await self._insist(lambda: self._record.append(bodies), since_us=_said_us(fresh[0]))
            if ends is None:
                return
            self._duplicates.add(fresh, ends)
            self._appended(topics, ends)
        self._committed_s = time.monotonic()
        counts = self._tally.lines
        counts[Bucket.PROTOCOL] += len(lines) - len(events)
        counts[Bucket.DUPLICATES] += len(admitted) - len(fresh)
        for topic, written in topics.items():
            counts[BUCKET_OF[topic]] += len(written)
        if len(admitted) < len(events):
            self._count_opted_out(events)
        # The channel of a line that nobody understands may be anything.
        self._tally.channels.update(
            event.channel for event in events if event.channel and not isinstance(event, Quarantined)
        )
        if self._duplicates.due:
            await self._insist(self._duplicates.save)

    def _count_opted_out(self, events: Sequence[Recorded]) -> None:
        """A line of somebody who opted out is read, but in no place where it stays."""
        for event in filter(self._privacy.opt_out.covers, events):
            self._tally.lines[BUCKET_OF[TOPIC_OF[type(event)]]] += 1
            self._tally.opted_out += 1

    async def _insist(self, write: Callable[[], Awaitable[T]], *, since_us: int | None = None) -> T | None:
        """Write what has come since a time, for as long as it takes; None when told to give up."""
        while True:
            try:
                written = await write()
            except StorageFullError as exc:
                self._pause(str(exc), since_us=since_us)
                if self._giving_up:
                    return None
                await self._make_room()
                await asyncio.sleep(RETRY_S)
            else:
                self._resume()
                return written

    def _pause(self, reason: str, *, since_us: int | None) -> None:
        if not self.trouble:
            # What waits to be written may be lost with this process: the gap begins with the oldest of it.
            self._paused_us = time.time_ns() // 1_000 if since_us is None else since_us
            log.error("record.paused", reason=reason)
        self.trouble = reason

    def _resume(self) -> None:
        if self.trouble:
            log.warning("record.resumed", paused_s=round(time.time_ns() / 1e9 - self._paused_us / 1e6, 3))
            self._log_gap()
        self.trouble, self._paused_us = "", 0

    def _log_gap(self) -> None:
        """What is said while nothing is read from a live source may be gone."""
        for channel in self._source.channels if self._source.live else ():
            gap = Gap(channel=channel, from_us=self._paused_us, to_us=time.time_ns() // 1_000, reason=NO_ROOM)
            log.warning("chat.gap", channel=gap.channel, from_us=gap.from_us, to_us=gap.to_us, reason=gap.reason)


def _said_us(event: Recorded) -> int:
    """When an event was on its way to us: by the server's clock, unless that is far from ours."""
    return event.ts_us if 0 <= event.received_us - event.ts_us <= CLOCK_US else event.received_us
