"""What has to happen every now and then while chat is collected: trim the record, join small files, let old chat go.

What reads and rewrites whole files runs in a child process: its memory goes back to the system when it ends.
"""

import asyncio
import math
import sys
import time

import structlog

from chatpulse.errors import ChatPulseError
from chatpulse.eventlog import EventLog

TRIM_EVERY_S = 30.0
RETAIN_EVERY_S = 86_400.0
KEEP_DUTY = "Twitch's developer agreement allows chat logs to be kept only for as long as necessary"

log = structlog.get_logger()


class Upkeep:
    """The schedule of a long run."""

    def __init__(
        self,
        record: EventLog,
        *,
        data: str,
        max_bytes: int,
        max_age_s: float,
        compact_every_s: float,
        retention_days: int,
    ) -> None:
        self._record = record
        self._data = data
        self._max_bytes = max_bytes
        self._max_age_s = max_age_s
        self._compact_every_s = compact_every_s
        self._retention_days = retention_days

    async def run(self) -> None:
        """Trim, compact and retain on schedule until cancelled."""
        compacted_s = time.monotonic()
        retained_s = -math.inf  # a collector that is started every day has its turn as well
        if not self._retention_days:
            log.warning("retention.off", duty=KEEP_DUTY, instead="retention_days = 30")
        while True:
            await asyncio.sleep(min(TRIM_EVERY_S, self._compact_every_s))
            await self.trim()
            if time.monotonic() - compacted_s >= self._compact_every_s:
                await self.compact()
                compacted_s = time.monotonic()
                if self._retention_days and compacted_s - retained_s >= RETAIN_EVERY_S:
                    await self._look_after("retain", "--days", str(self._retention_days))
                    retained_s = compacted_s

    async def compact(self) -> None:
        """Join small files and mark what moderators removed."""
        await self._look_after("compact")

    async def _look_after(self, *command: str) -> None:
        """Run `chatpulse lake` with a command beside this process."""
        try:
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "chatpulse", "lake", *command, "--data", self._data, "--json",
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
        except OSError as exc:  # no process or memory to be had now; the next time may be better
            log.warning("lake.upkeep_failed", command=command[0], reason=str(exc))
            return
        try:
            _, said = await child.communicate()
        except asyncio.CancelledError:
            child.kill()
            await child.wait()
            raise
        if child.returncode:
            reason = said.decode(errors="replace").strip()[-300:]
            log.warning("lake.upkeep_failed", command=command[0], reason=reason)
        else:
            log.info("lake.looked_after", command=command[0])

    async def trim(self) -> None:
        """Drop from the record what is too old or too much."""
        try:
            dropped = await self._record.trim(max_bytes=self._max_bytes, max_age_s=self._max_age_s)
        except ChatPulseError as exc:
            log.info("record.trim_failed", reason=str(exc))
        else:
            log.debug("record.trimmed", entries=dropped)
