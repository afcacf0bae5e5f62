"""What every backend of the record promises."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from chatpulse.domain.chat import Topic
from chatpulse.eventlog.backends.sqlite import SqliteEventLog
from chatpulse.eventlog.core.encoding import Entry
from chatpulse.eventlog.ports import EventLog

CHAT, ROOM = Topic.CHAT_MESSAGES, Topic.ROOM
DAY_S = 86_400.0
ROOMY = 1 << 40


def lines(first: int, last: int) -> list[bytes]:
    return [b'{"v":1,"n":%d}' % number for number in range(first, last + 1)]


def entries(first: int, last: int) -> list[Entry]:
    return [Entry(number, body) for number, body in enumerate(lines(first, last), first)]


class EventLogContract(ABC):
    """Subclass, and say how to open the record a second time at the same place."""

    @abstractmethod
    def open(self, folder: Path) -> EventLog: ...

    def run(self, folder: Path, story: Callable[[EventLog], Awaitable[None]]) -> None:
        async def told() -> None:
            async with self.opened(folder) as log:
                await story(log)

        asyncio.run(told())

    @asynccontextmanager
    async def opened(self, folder: Path) -> AsyncIterator[EventLog]:
        log = self.open(folder)
        try:
            yield log
        finally:
            await log.close()

    def test_entries_come_back_in_order_counted_from_one(self, tmp_path: Path) -> None:
        async def story(log: EventLog) -> None:
            ends = await log.append({CHAT: lines(1, 3), ROOM: lines(1, 1)})
            ends |= await log.append({CHAT: lines(4, 5)})

            assert ends == {CHAT: 5, ROOM: 1}
            assert await log.read(CHAT, "g", limit=10) == entries(1, 5)
            assert await log.read(ROOM, "g", limit=10) == entries(1, 1)

        self.run(tmp_path, story)

    def test_each_read_goes_on_where_the_last_one_ended(self, tmp_path: Path) -> None:
        async def story(log: EventLog) -> None:
            await log.append({CHAT: lines(1, 5)})
            await log.append({CHAT: lines(6, 7)})

            pages = [await log.read(CHAT, "g", limit=3) for _ in range(4)]

            assert pages == [entries(1, 3), entries(4, 6), entries(7, 7), []]

        self.run(tmp_path, story)

    def test_two_groups_read_independently(self, tmp_path: Path) -> None:
        async def story(log: EventLog) -> None:
            await log.append({CHAT: lines(1, 2)})

            await log.read(CHAT, "one", limit=2)

            assert await log.read(CHAT, "two", limit=2) == entries(1, 2)

        self.run(tmp_path, story)

    def test_readers_of_one_group_at_the_same_time_share_the_entries(self, tmp_path: Path) -> None:
        async def story(log: EventLog) -> None:
            await log.append({CHAT: lines(1, 40)})

            pages = await asyncio.gather(*(log.read(CHAT, "g", limit=10) for _ in range(4)))

            assert sorted(entry for page in pages for entry in page) == entries(1, 40)

        self.run(tmp_path, story)

    def test_a_cancelled_reader_leaves_its_entries_to_the_next(self, tmp_path: Path) -> None:
        async def story(log: EventLog) -> None:
            await log.append({CHAT: lines(1, 2)})
            await log.read(CHAT, "g", limit=1)
            reader = asyncio.create_task(log.read(CHAT, "g", limit=1))
            await asyncio.sleep(0)
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)

            assert await log.read(CHAT, "g", limit=1) == entries(2, 2)

        self.run(tmp_path, story)

    def test_a_group_starts_behind_its_last_commit_after_a_restart(self, tmp_path: Path) -> None:
        async def before(log: EventLog) -> None:
            await log.append({CHAT: lines(1, 5)})
            await log.read(CHAT, "g", limit=4)
            await log.commit("g", {CHAT: 2})

        async def after(log: EventLog) -> None:
            assert await log.read(CHAT, "g", limit=9) == entries(3, 5)
            assert await log.append({CHAT: lines(6, 6)}) == {CHAT: 6}

        self.run(tmp_path, before)
        self.run(tmp_path, after)

    def test_a_commit_never_moves_a_group_back(self, tmp_path: Path) -> None:
        async def before(log: EventLog) -> None:
            await log.append({CHAT: lines(1, 3)})
            await log.commit("g", {CHAT: 3})
            await log.commit("g", {CHAT: 1})

        async def after(log: EventLog) -> None:
            assert await log.read(CHAT, "g", limit=9) == []

        self.run(tmp_path, before)
        self.run(tmp_path, after)

    def test_trimming_keeps_what_a_registered_group_has_not_committed(self, tmp_path: Path) -> None:
        async def story(log: EventLog) -> None:
            for number in range(1, 7):
                await log.append({CHAT: lines(number, number)})
            await log.read(CHAT, "fast", limit=6)
            await log.read(CHAT, "slow", limit=1)
            await log.commit("fast", {CHAT: 6})
            await log.commit("slow", {CHAT: 2})

            assert await log.trim(max_bytes=0, max_age_s=0) == 2
            assert await log.read(CHAT, "new", limit=9) == entries(3, 6)

        self.run(tmp_path, story)

    def test_reading_alone_holds_back_the_trimming(self, tmp_path: Path) -> None:
        async def story(log: EventLog) -> None:
            await log.append({CHAT: lines(1, 2)})
            await log.read(CHAT, "g", limit=2)

            assert await log.trim(max_bytes=0, max_age_s=0) == 0

        self.run(tmp_path, story)

    def test_what_is_young_and_fits_is_not_trimmed(self, tmp_path: Path) -> None:
        async def story(log: EventLog) -> None:
            await log.append({CHAT: lines(1, 2)})
            await log.commit("g", {CHAT: 2})

            assert await log.trim(max_bytes=ROOMY, max_age_s=DAY_S) == 0
            assert await log.trim(max_bytes=ROOMY, max_age_s=-1.0) == 2

        self.run(tmp_path, story)

    def test_offsets_go_on_after_everything_was_trimmed(self, tmp_path: Path) -> None:
        async def before(log: EventLog) -> None:
            await log.append({CHAT: lines(1, 3)})
            await log.commit("g", {CHAT: 3})
            assert await log.trim(max_bytes=0, max_age_s=0) == 3

        async def after(log: EventLog) -> None:
            assert await log.append({CHAT: lines(4, 4)}) == {CHAT: 4}
            assert await log.read(CHAT, "g", limit=9) == entries(4, 4)

        self.run(tmp_path, before)
        self.run(tmp_path, after)


class TestSqliteEventLog(EventLogContract):
    def open(self, folder: Path) -> EventLog:
        return SqliteEventLog.open(f"sqlite:{folder}/record.sqlite", durability="normal")


class TestSqliteEventLogWithFullDurability(EventLogContract):
    def open(self, folder: Path) -> EventLog:
        return SqliteEventLog.open(f"sqlite:{folder}/record.sqlite", durability="full")
