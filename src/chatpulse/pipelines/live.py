"""The live pipeline: a chat source in; the record, scores, boards and tables out.

    source -> Ingest -> record -> Digest -> boards (the page) and tables
                                     ^ a consumer group of the record: it may be slow, the source never waits for it

`LivePipeline` owns one run of it and is what the page and the terminal view look at.
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping

import structlog

from chatpulse.domain.chat import Recorded, Topic
from chatpulse.domain.live import ChannelLine, Frame, Health, HealthStatus
from chatpulse.errors import ChatPulseError, StorageFullError
from chatpulse.insights import Boards
from chatpulse.pipelines.digest import Digest
from chatpulse.pipelines.ingest import Ingest
from chatpulse.pipelines.parts import Parts, Plan
from chatpulse.pipelines.tally import Summary, Tally
from chatpulse.runtime.memory import give_back
from chatpulse.twitch import ChatSource

STOP_S = 3.0
"""How long a stop may spend on what is still in the queue and the record; the rest waits for the next run."""

TICK_S = 0.5
HEED_S = 0.25
GIVE_BACK_S = 10.0
LATE_S = 60.0
"""A page that is a minute behind is no live page."""

log = structlog.get_logger()


class LivePipeline:
    """One run from a source to the tables."""

    def __init__(self, source: ChatSource, parts: Parts, plan: Plan) -> None:
        self._source = source
        self._parts = parts
        self._plan = plan
        self._tally = Tally()
        self._boards = Boards(source.channels, first_frame=time.time_ns() // 1_000_000)
        self._digest = Digest(parts, plan, boards=self._boards, tally=self._tally)
        self._ingest = Ingest(
            source,
            parts,
            tally=self._tally,
            appended=self._take,
            make_room=self._make_room,
        )
        self._ended = False
        self.stopped = False
        """Whether somebody asked to leave."""
        self._tidying: asyncio.Task[None] | None = None
        self.failure: ChatPulseError | None = None
        """What ended the source early, after everything before it was stored."""

    async def run(self) -> Summary:
        """Run until the source ends or `stop` is called; everything acknowledged is in the record, most in tables."""
        beside = (self._parts.upkeep.run(), self._let_time_run(), self._stay_small(), self._heed())
        aside = [asyncio.create_task(work) for work in beside]
        if self._parts.emotes is not None:
            aside.append(asyncio.create_task(self._parts.emotes.run()))
        reader = asyncio.create_task(self._read())
        try:
            await self._digest.run()
            await reader
            await self._tidy()
        finally:
            for task in (reader, *aside):
                task.cancel()
            await asyncio.gather(reader, *aside, return_exceptions=True)
        return self._tally.summary(with_latency=self._plan.with_latency)

    async def stop(self) -> None:
        """End the run soon: stop reading, write what has gathered, leave the rest in the record."""
        self.stopped = True
        if self._tidying is not None:
            self._tidying.cancel()
        self._ingest.give_up()
        self._digest.hurry(within_s=STOP_S)
        await self._source.close()

    def channels(self) -> tuple[ChannelLine, ...]:
        """The channels seen so far, busiest first."""
        with self._digest.lock:
            return self._boards.channels()

    def frame(self, channel: str, *, after: int) -> Frame:
        """What changed in a channel since frame number `after`."""
        health, totals = self.health(), self.totals()
        with self._digest.lock:
            return self._boards.frame(channel, after, mode=self._plan.mode, health=health, totals=totals)

    def health(self) -> Health:
        """Whether everything that is said arrives and is kept, and if not, why."""
        reason = self._ingest.trouble or self._digest.trouble
        connected = self._source.connected
        if not reason and not connected and not self._ended:
            reason = self._source.trouble
        lag_s = round(self._digest.lag_us(time.time_ns() // 1_000) / 1e6, 3)
        if not reason and lag_s > LATE_S:
            reason = f"scoring is {lag_s:.0f} s behind: this machine is too slow for this chat, or its tables are"
        return Health(
            status=HealthStatus.FAILING if reason else HealthStatus.OK,
            connected=connected,
            lag_s=lag_s,
            lost=self._tally.dropped,
            quarantined=self._tally.totals()["quarantined"],
            reason=reason,
            note=self._parts.emotes.note if self._parts.emotes is not None else "",
        )

    def totals(self) -> dict[str, int]:
        """Lines per bucket so far, and `lines`, `stored`, `scored`."""
        return self._tally.totals()

    def _take(self, events: Mapping[Topic, list[Recorded]], ends: Mapping[Topic, int]) -> None:
        """What was just appended to the record, with each topic's new end."""
        self._digest.add(events, ends)
        if self._parts.emotes is not None:
            self._parts.emotes.meet(events)

    async def _make_room(self) -> None:
        """Trim the record at once; the ids of what goes are saved before."""
        self._digest.hasten()
        with contextlib.suppress(StorageFullError):
            await self._parts.duplicates.save()
        await self._parts.upkeep.trim()

    async def _tidy(self) -> None:
        """Mark what moderators removed, also what a crashed run left unmarked; not when somebody wants to leave."""
        if self.stopped:
            return
        self._tidying = asyncio.create_task(self._parts.upkeep.compact())
        await asyncio.wait([self._tidying])

    async def _heed(self) -> None:
        """Follow the list of people who opted out, and tell who changed it once nothing of them is held here."""
        opt_out = self._parts.privacy.opt_out
        changed = True
        while True:
            try:
                changed = opt_out.refresh() or changed
                if changed:
                    await self._ingest.settle()
                    await self._digest.forget()
                    opt_out.acknowledge()
                    changed = False
            except ChatPulseError as exc:
                log.error("opt_out.not_heeded", reason=str(exc))
            await asyncio.sleep(HEED_S)

    async def _let_time_run(self) -> None:
        """Move the windows on while nobody talks."""
        while True:
            await asyncio.sleep(TICK_S)
            if not self._digest.behind:
                with self._digest.lock:
                    self._boards.advance(time.time_ns() // 1_000)

    async def _stay_small(self) -> None:
        """Give back what was needed for a moment: tables are written from blocks of every size."""
        while True:
            await asyncio.sleep(GIVE_BACK_S)
            self._parts.duplicates.let_go()
            await asyncio.to_thread(give_back)

    async def _read(self) -> None:
        try:
            await self._ingest.run()
        except ChatPulseError as exc:
            self.failure = exc
            log.info("source.failed", reason=str(exc))
        finally:
            self._ended = True
            self._digest.finish()
