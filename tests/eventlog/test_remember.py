"""The index of seen ids, the record and the tables in step."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

from chatpulse.domain.chat import Raid, Topic
from chatpulse.eventlog.backends.sqlite import SqliteEventLog
from chatpulse.eventlog.core.encoding import GONE, by_topic, encode_many
from chatpulse.eventlog.remember import catch_up, keep
from chatpulse.eventlog.seen import SeenIndex

ALL = [f"raid-{number}" for number in range(1, 31)]


class Run:
    """One run of a collector: an index and a record in a folder, and tables that hold some ids."""

    def __init__(self, folder: Path, *, stored: Sequence[str] = (), tables_fit: bool = True) -> None:
        self.folder = folder
        self.stored = stored
        self.tables_fit = tables_fit
        self.rebuilt = False
        self.asked_tables = False
        self.seen: SeenIndex
        self.log: SqliteEventLog

    def tell(self, story: Callable[["Run"], Awaitable[None]]) -> "Run":
        asyncio.run(self._tell(story))
        return self

    async def collect(self, ids: Sequence[str]) -> dict[Topic, int]:
        new = [one for one, is_new in zip(ids, self.seen.check(ids), strict=True) if is_new]
        ends = await self.log.append(encode_many(by_topic(Raid(id=one, ts_us=1, received_us=1) for one in new)))
        self.seen.add(new)
        return ends

    def stored_ids(self) -> Iterator[Sequence[str]]:
        self.asked_tables = True
        yield self.stored

    async def _tell(self, story: Callable[["Run"], Awaitable[None]]) -> None:
        self.log = SqliteEventLog.open(f"sqlite:{self.folder}/record.sqlite")
        self.seen = SeenIndex.open(self.folder / "seen", capacity=8)
        self.rebuilt = await catch_up(
            self.seen, self.log, basis="tables", tables_fit=self.tables_fit, stored_ids=self.stored_ids
        )
        await story(self)
        self.seen.close()
        await self.log.close()


async def collect_ten(run: Run) -> None:
    await run.collect(ALL[:10])


async def expect_ten(run: Run) -> None:
    assert run.seen.check(ALL[:11]) == [False] * 10 + [True]


def test_ids_that_only_memory_held_come_back_from_the_record(tmp_path: Path) -> None:
    Run(tmp_path).tell(collect_ten)

    again = Run(tmp_path).tell(expect_ten)

    assert (again.rebuilt, again.asked_tables) == (False, False)


def test_the_first_run_on_old_tables_knows_their_ids(tmp_path: Path) -> None:
    first = Run(tmp_path, stored=ALL[:10]).tell(expect_ten)

    assert first.rebuilt
    assert not Run(tmp_path).tell(expect_ten).rebuilt


def test_only_entries_behind_the_mark_are_read_again(tmp_path: Path) -> None:
    async def collect_and_keep(run: Run) -> None:
        await run.collect(ALL[:4])
        ends = await run.collect(ALL[4:10])
        await keep(run.seen, run.log, ends=ends, basis="tables")
        await run.log.trim(max_bytes=0, max_age_s=0)

    async def expect_nothing_left(run: Run) -> None:
        assert await run.log.entries(Topic.EVENTS, after=0, limit=99) == []
        assert (run.seen.count, run.seen.basis) == (10, "tables")
        await expect_ten(run)

    Run(tmp_path).tell(collect_and_keep)

    assert not Run(tmp_path).tell(expect_nothing_left).rebuilt


def test_trimming_never_takes_what_only_memory_holds(tmp_path: Path) -> None:
    async def collect_and_trim(run: Run) -> None:
        await run.collect(ALL[:10])
        assert await run.log.trim(max_bytes=0, max_age_s=0) == 0

    Run(tmp_path).tell(collect_and_trim)
    Run(tmp_path).tell(expect_ten)


def test_a_lost_index_is_rebuilt_from_the_tables_and_the_whole_record(tmp_path: Path) -> None:
    async def collect_and_keep(run: Run) -> None:
        ends = await run.collect(ALL[5:10])
        await keep(run.seen, run.log, ends=ends, basis="tables")

    Run(tmp_path).tell(collect_and_keep)
    shutil.rmtree(tmp_path / "seen")

    assert Run(tmp_path, stored=ALL[:5]).tell(expect_ten).rebuilt


def test_an_index_of_other_tables_is_rebuilt(tmp_path: Path) -> None:
    async def collect_and_keep(run: Run) -> None:
        await keep(run.seen, run.log, ends=await run.collect(ALL[:10]), basis="tables")
        await run.log.trim(max_bytes=0, max_age_s=0)

    async def expect_none(run: Run) -> None:
        assert all(run.seen.check(ALL))

    Run(tmp_path).tell(collect_and_keep)

    assert Run(tmp_path, tables_fit=False).tell(expect_none).rebuilt


def test_an_index_of_another_record_is_rebuilt(tmp_path: Path) -> None:
    async def collect_one_and_keep(run: Run) -> None:
        await keep(run.seen, run.log, ends=await run.collect(ALL[20:21]), basis="tables")

    Run(tmp_path).tell(collect_one_and_keep)
    Run(tmp_path / "other").tell(collect_ten)
    (tmp_path / "other" / "record.sqlite").replace(tmp_path / "record.sqlite")

    assert Run(tmp_path).tell(expect_ten).rebuilt


def test_a_crash_between_index_and_record_still_holds_the_trimming(tmp_path: Path) -> None:
    log = SqliteEventLog.open(f"sqlite:{tmp_path}/record.sqlite")
    index = SeenIndex.open(tmp_path / "seen")
    index.flush(mark={"record": log.record_id, "ends": {}}, basis="tables")
    index.close()
    asyncio.run(log.close())

    async def collect_and_trim(run: Run) -> None:
        await run.collect(ALL[:10])
        assert await run.log.trim(max_bytes=0, max_age_s=0) == 0

    assert not Run(tmp_path).tell(collect_and_trim).rebuilt


def test_an_index_ahead_of_a_record_that_lost_its_end_is_rebuilt(tmp_path: Path) -> None:
    async def collect_and_keep(run: Run) -> None:
        await run.collect(ALL[:10])
        shutil.copy(tmp_path / "record.sqlite", tmp_path / "before")
        shutil.copy(tmp_path / "record.sqlite-wal", tmp_path / "before-wal")
        await keep(run.seen, run.log, ends=await run.collect(ALL[10:20]), basis="tables")

    Run(tmp_path).tell(collect_and_keep)
    (tmp_path / "before").replace(tmp_path / "record.sqlite")
    (tmp_path / "before-wal").replace(tmp_path / "record.sqlite-wal")

    assert Run(tmp_path).tell(expect_ten).rebuilt


def test_a_long_record_is_caught_up_without_filling_memory(tmp_path: Path) -> None:
    async def collect_all(run: Run) -> None:
        await run.collect(ALL)

    async def expect_little_memory(run: Run) -> None:
        assert not any(run.seen.check(ALL))
        assert not run.seen.due

    Run(tmp_path).tell(collect_all)
    Run(tmp_path).tell(expect_little_memory)


def test_forgotten_entries_have_no_identity(tmp_path: Path) -> None:
    async def story(run: Run) -> None:
        await run.collect(ALL[:3])
        await run.log.append({Topic.EVENTS: [GONE, GONE]})

    Run(tmp_path).tell(story)

    async def look(run: Run) -> None:
        assert run.seen.count == 3
        assert run.seen.check(ALL[:4]) == [False, False, False, True]

    Run(tmp_path).tell(look)
