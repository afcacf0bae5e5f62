"""Play recorded chat again: files in, the batches of lines out that a live source would have given.

Line n is due at `start + (its time - time of the first line) / speed`; all lines that are due leave in one batch, so a
reader that fell behind catches up and the spacing holds over the whole recording. Without a speed nothing is waited
for. Files are read and unzipped in a thread, one block ahead of the reader, and merged by recorded time.
Each file has a parser of its own: lines without an id are numbered among their equals of one file, so the same file
gives the same identities whatever is played beside it.
"""

import asyncio
import bisect
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatpulse.domain.chat import ProtocolLine, Recorded, Source
from chatpulse.errors import ChatPulseError, InputError
from chatpulse.twitch.core.irc import LineParser
from chatpulse.twitch.recording import RecordedLine, check_recording, merge_lines, time_of

BATCH_LINES = 500
"""About 5 ms of parsing: short enough for an event loop, long enough that a batch costs nothing beside its lines."""
LONGEST_SLEEP_S = 0.25
"""How soon `close` is noticed while the recording is silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Where a replay gets its time from."""

    now_s: Callable[[], float] = time.monotonic
    wall_us: Callable[[], int] = lambda: time.time_ns() // 1_000
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class Replay:
    """A chat source that reads recordings."""

    live = False
    trouble = ""

    def __init__(self, paths: Sequence[Path], *, speed: float | None, clock: Clock | None = None) -> None:
        """Check the files, without reading them through.

        Args:
            paths: recordings, merged by time.
            speed: 1 keeps the recorded spacing, 60 makes a second of a minute; None waits for nothing.
            clock: stands in for the real one.

        Raises:
            InputError: no file, a file that is no recording, or a speed that is not above 0.
        """
        if not paths:
            raise InputError("replay needs at least one recording: chatpulse replay FILE...")
        if speed is not None and not 0 < speed < float("inf"):
            raise InputError(f"speed must be above 0, or max, got {speed}")
        self._paths = [Path(path) for path in paths]
        for path in self._paths:
            check_recording(path)
        self._speed = speed
        self._clock = clock or Clock()
        self._parsers = [LineParser(Source.REPLAY) for _ in self._paths]
        self._channels: dict[str, None] = {}
        self._first_us = 0
        self._started_s = 0.0
        self._clock_us: int | None = None
        self._closed = False
        self.connected = False
        self.lines = 0
        """Lines handed over so far."""

    @property
    def channels(self) -> tuple[str, ...]:
        """Logins of the channels met so far."""
        return tuple(self._channels)

    async def batches(self) -> AsyncGenerator[list[Recorded | ProtocolLine], None]:
        """Hand over the recording, at most `BATCH_LINES` at a time.

        Yields:
            Lines in order; the readable ones of a damaged file come before its `DamagedError`.
        """
        blocks = _blocks(merge_lines(self._paths))
        reading = _read_ahead(blocks)
        self.connected = True
        try:
            while (block := await asyncio.shield(reading)) is not None:
                reading = _read_ahead(blocks)
                dues_s = self._schedule(block)
                start = 0
                while start < len(block):
                    end = await self._wait_due(dues_s, start)
                    if self._closed:
                        return
                    yield self._parse(block[start:end])
                    start = end
        finally:
            self.connected = False
            # The thread must be out of the files before they are let go; a block takes milliseconds.
            await asyncio.gather(reading, return_exceptions=True)

    async def close(self) -> None:
        """End `batches` after the batch it is at."""
        self._closed = True

    def _schedule(self, block: Sequence[RecordedLine]) -> list[float]:
        """When each line is due, on the clock's seconds; never earlier than the line before it."""
        if self._speed is None:
            return [0.0] * len(block)
        clock_us = self._clock_us
        dues_s: list[float] = []
        for line in block:
            time_us = time_of(line)
            if time_us is not None:
                if clock_us is None:
                    self._first_us = time_us
                    self._started_s = self._clock.now_s()
                clock_us = max(clock_us or 0, time_us)
            dues_s.append(self._started_s + ((clock_us or 0) - self._first_us) / 1e6 / self._speed)
        self._clock_us = clock_us
        return dues_s

    async def _wait_due(self, dues_s: Sequence[float], start: int) -> int:
        """Wait until line `start` is due; the end of what is due then."""
        while not self._closed:
            now_s = self._clock.now_s()
            end = bisect.bisect_right(dues_s, now_s, lo=start)
            if end > start:
                return end
            await self._clock.sleep(min(dues_s[start] - now_s, LONGEST_SLEEP_S))
        return start

    def _parse(self, lines: Sequence[RecordedLine]) -> list[Recorded | ProtocolLine]:
        now_us = self._clock.wall_us()
        parsers = self._parsers
        events = [
            parsers[file].parse(line, received_us=now_us, recorded_us=recorded_us)
            for _, recorded_us, line, file in lines
        ]
        self.lines += len(events)
        for event in events:
            if event.channel and event.channel not in self._channels:
                self._channels[event.channel] = None
        return events


def _blocks(lines: Iterator[RecordedLine]) -> Iterator[list[RecordedLine]]:
    """Group lines; those before an error come out before the error does."""
    block: list[RecordedLine] = []
    try:
        for line in lines:
            block.append(line)
            if len(block) == BATCH_LINES:
                yield block
                block = []
    except ChatPulseError:
        if block:
            yield block
        raise
    if block:
        yield block


def _read_ahead(blocks: Iterator[list[RecordedLine]]) -> asyncio.Task[list[RecordedLine] | None]:
    return asyncio.create_task(asyncio.to_thread(next, blocks, None))
