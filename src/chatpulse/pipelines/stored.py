"""The live picture over stored tables, without collecting.

The boards that show live chat are fed with the last stored minutes of every channel, through the same windows; a look
at the tables every few seconds feeds them anew when another process has added rows.
"""

import asyncio
import threading
import time
from typing import Self, cast

from chatpulse.domain.chat import Recorded, Topic
from chatpulse.domain.live import ChannelLine, Frame, Health, HealthStatus, Mode
from chatpulse.domain.tables import TABLE_OF
from chatpulse.errors import ChatPulseError
from chatpulse.insights import Boards, event_from_row, from_row
from chatpulse.lake import Tables, query

SHOWN_S = 300
"""Seconds of chat that the page holds."""
MAX_ROWS = 50_000
"""Rows per table that are read for it; the fastest channels fill the page with less."""
LOOK_EVERY_S = 5.0
OTHER_TOPICS = (Topic.SUBSCRIPTIONS, Topic.EVENTS, Topic.MODERATION)


class StoredChat:
    """What the tables hold, as the page shows it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._tables = Tables(url)
        self._lock = threading.Lock()
        self._boards = Boards()
        self._versions: dict[str, int] = {}
        self._totals: dict[str, int] = {}
        self._trouble = ""

    @classmethod
    def load(cls, url: str) -> Self:
        """Read the last stored minutes at a URL."""
        stored = cls(url)
        stored.refresh()
        return stored

    def refresh(self) -> None:
        """Read the tables again if they have changed."""
        versions = self._tables.versions()
        if versions == self._versions and self._totals:
            return
        boards = self._read()
        totals = self._count(self._tables.row_counts())
        with self._lock:
            self._boards, self._versions, self._totals = boards, versions, totals

    async def refresh_until_stopped(self) -> None:
        """Look at the tables every few seconds; trouble turns health red and is tried again."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await asyncio.to_thread(self.refresh)
            except ChatPulseError as exc:
                self._trouble = str(exc)
            else:
                self._trouble = ""

    def channels(self) -> tuple[ChannelLine, ...]:
        """The stored channels, busiest first."""
        with self._lock:
            return self._boards.channels()

    def frame(self, channel: str, *, after: int) -> Frame:
        """The last stored minutes of a channel."""
        with self._lock:
            return self._boards.frame(channel, after, mode=Mode.STORED, health=self.health(), totals=self._totals)

    def health(self) -> Health:
        """Whether the tables can be read."""
        return Health(
            status=HealthStatus.FAILING if self._trouble else HealthStatus.OK,
            connected=not self._trouble,
            lag_s=0.0,
            lost=0,
            quarantined=self._totals.get("quarantined", 0),
            reason=self._trouble,
        )

    def totals(self) -> dict[str, int]:
        """Rows per bucket."""
        return self._totals

    def _read(self) -> Boards:
        boards = Boards(first_frame=time.time_ns() // 1_000_000)
        for channel, newest_us in self._newest().items():
            since_us = newest_us - SHOWN_S * 1_000_000
            rows = self._tables.recent("messages", limit=MAX_ROWS, channel=channel, since_us=since_us)
            pairs = [from_row(row) for row in rows]
            boards.add_messages([message for message, _ in pairs], [scored for _, scored in pairs])
            for topic in OTHER_TOPICS:
                name = TABLE_OF[topic].name
                found = self._tables.recent(name, limit=MAX_ROWS, channel=channel, since_us=since_us)
                boards.add_events(cast("Recorded", event_from_row(row, topic)) for row in found)
        boards.finish()
        return boards

    def _newest(self) -> dict[str, int]:
        # Rows that count from the start of a recording, or from nothing, have no place on a time axis of instants.
        known = "channel <> '' and time_kind = 'epoch'"
        found = query(self._url, f"select channel, max(ts_us) as newest from messages where {known} group by 1")  # noqa: S608
        return {str(channel): int(newest) for channel, newest in found.rows()}

    def _count(self, counts: dict[str, tuple[str, int]]) -> dict[str, int]:
        rows = {name: count for name, (_, count) in counts.items()}
        buckets = {"messages": 0, "subscriptions": 0, "events": 0, "moderation": 0, "room": 0} | {
            name: count for name, count in rows.items() if name != "quarantine"
        }
        total = sum(rows.values())
        return {
            "lines": total,
            **buckets,
            "protocol": 0,
            "quarantined": rows.get("quarantine", 0),
            "duplicates": 0,
            "stored": total,
            "scored": rows.get("messages", 0),
        }
