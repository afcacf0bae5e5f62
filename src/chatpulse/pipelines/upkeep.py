"""What has to happen every now and then while chat is collected: trim the record, join small table files.

Compaction runs in a child process: it reads and rewrites whole files, and its memory goes back to the system when it
ends.
"""

import asyncio
import sys
import time

import structlog

from chatpulse.errors import ChatPulseError
from chatpulse.eventlog import EventLog

TRIM_EVERY_S = 30.0

log = structlog.get_logger()


class Upkeep:
    """The schedule of a long run."""

    def __init__(
        self, record: EventLog, *, data: str, max_bytes: int, max_age_s: float, compact_every_s: float
    ) -> None:
        self._record = record
        self._data = data
        self._max_bytes = max_bytes
        self._max_age_s = max_age_s
        self._compact_every_s = compact_every_s

    async def run(self) -> None:
        """Trim and compact on schedule until cancelled."""
        compacted_s = time.monotonic()
        while True:
            await asyncio.sleep(min(TRIM_EVERY_S, self._compact_every_s))
            await self.trim()
            if time.monotonic() - compacted_s >= self._compact_every_s:
                await self.compact()
                compacted_s = time.monotonic()

    async def compact(self) -> None:
        """Join small files and mark what moderators removed."""
        try:
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "chatpulse", "lake", "compact", "--data", self._data, "--json",
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
        except OSError as exc:  # no process or memory to be had now; the next time may be better
            log.warning("lake.compact_failed", reason=str(exc))
            return
        try:
            _, said = await child.communicate()
        except asyncio.CancelledError:
            child.kill()
            await child.wait()
            raise
        if child.returncode:
            log.warning("lake.compact_failed", reason=said.decode(errors="replace").strip()[-300:])
        else:
            log.info("lake.compacted")

    async def trim(self) -> None:
        """Drop from the record what is too old or too much."""
        try:
            dropped = await self._record.trim(max_bytes=self._max_bytes, max_age_s=self._max_age_s)
        except ChatPulseError as exc:
            log.info("record.trim_failed", reason=str(exc))
        else:
            log.debug("record.trimmed", entries=dropped)
