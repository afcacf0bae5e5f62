"""Topics of the record are handed out side by side, in the order in which things happened."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from chatpulse.domain.chat import ChatMessage, Event, Raid, Recorded, Topic
from chatpulse.eventlog import GONE, Entry, by_topic, encode_many
from chatpulse.eventlog.backends.sqlite import SqliteEventLog
from chatpulse.pipelines.backlog import PAGE_ENTRIES, Backlog


def message(number: int, received_us: int) -> ChatMessage:
    return ChatMessage(id=str(number), ts_us=1, received_us=received_us)


async def read_all(record: SqliteEventLog) -> list[list[Event]]:
    backlog = Backlog(record, after={})
    steps: list[list[Event]] = []
    while await backlog.fetch():
        steps.append([event for stretch in backlog.take().values() for event in stretch.events])
        assert len(steps) < 100
    assert not backlog.waiting
    return steps


def test_a_page_of_raids_waits_for_the_chat_of_its_time(tmp_path: Path) -> None:
    async def run() -> None:
        record = SqliteEventLog.open(f"sqlite:{tmp_path / 'record.db'}")
        chat = [message(number, number) for number in range(2 * PAGE_ENTRIES)]
        raids = [Raid(id=f"r{at}", ts_us=1, received_us=at) for at in (0, PAGE_ENTRIES + 5)]
        await record.append(encode_many(by_topic([*chat, *raids])))
        first, *rest = await read_all(record)
        assert [event.id for event in first if isinstance(event, Raid)] == ["r0"]
        assert [event.id for step in rest for event in step if isinstance(event, Raid)] == [f"r{PAGE_ENTRIES + 5}"]
        await record.close()

    asyncio.run(run())


def test_a_clock_that_is_set_back_holds_nothing_back(tmp_path: Path) -> None:
    async def run() -> None:
        record = SqliteEventLog.open(f"sqlite:{tmp_path / 'record.db'}")
        chat = [message(number, 1_000_000 + number) for number in range(PAGE_ENTRIES - 1)]
        late = [message(PAGE_ENTRIES + number, number) for number in range(11)]
        await record.append({Topic.CHAT_MESSAGES: encode_many(by_topic([*chat, *late]))[Topic.CHAT_MESSAGES]})
        steps = await read_all(record)
        assert sum(map(len, steps)) == PAGE_ENTRIES + 10
        await record.close()

    asyncio.run(run())


class Counting(SqliteEventLog):
    """A record that counts how often it is read."""

    reads = 0
    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def entries(self, topic: Topic, /, *, after: int, limit: int) -> list[Entry]:
        self.reads += 1
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        return await super().entries(topic, after=after, limit=limit)


async def take_all(backlog: Backlog) -> list[str]:
    found: list[str] = []
    while await backlog.fetch():
        for stretch in backlog.take().values():
            assert len(stretch.events) == stretch.last - stretch.first + 1
            found += [event.id for event in stretch.events]
    return found


async def append(record: Counting, backlog: Backlog, events: Sequence[Recorded]) -> None:
    topics = by_topic(events)
    backlog.add(topics, await record.append(encode_many(topics)))


def test_who_keeps_up_is_served_from_memory(tmp_path: Path) -> None:
    async def run() -> None:
        record = Counting.open(f"sqlite:{tmp_path / 'record.db'}")
        backlog = Backlog(record, after={})
        assert await take_all(backlog) == []
        before = record.reads
        for start in range(0, 100, 10):
            await append(record, backlog, [message(number, number) for number in range(start, start + 5)])
            await append(record, backlog, [message(number, number) for number in range(start + 5, start + 10)])
            assert await take_all(backlog) == [str(number) for number in range(start, start + 10)]
        assert record.reads == before
        assert not backlog.waiting
        await record.close()

    asyncio.run(run())


@pytest.mark.parametrize("step", [1, 700, PAGE_ENTRIES - 1, PAGE_ENTRIES + 1])
def test_who_falls_behind_is_given_every_event_once_and_in_order(tmp_path: Path, step: int) -> None:
    async def run() -> None:
        record = Counting.open(f"sqlite:{tmp_path / 'record.db'}")
        backlog, total = Backlog(record, after={}), 2 * PAGE_ENTRIES + 50
        found: list[str] = []
        for start in range(0, total, step):
            await append(
                record, backlog, [message(number, number) for number in range(start, min(start + step, total))]
            )
            if start // step % 3 == 2 and await backlog.fetch():
                found += [event.id for stretch in backlog.take().values() for event in stretch.events]
        found += await take_all(backlog)
        assert found == [str(number) for number in range(total)]
        await record.close()

    asyncio.run(run())


def test_what_is_appended_during_a_read_comes_once(tmp_path: Path) -> None:
    async def run() -> None:
        record = Counting.open(f"sqlite:{tmp_path / 'record.db'}")
        backlog = Backlog(record, after={})
        record.meanwhile = lambda: append(record, backlog, [message(1, 1), Raid(id="r", ts_us=1, received_us=1)])
        assert sorted(await take_all(backlog)) == ["1", "r"]
        await append(record, backlog, [message(2, 2)])
        assert await take_all(backlog) == ["2"]
        assert backlog.missing == 0
        await record.close()

    asyncio.run(run())


def test_an_append_that_nobody_told_of_is_read_from_the_record(tmp_path: Path) -> None:
    """A cancelled append may have been carried out all the same."""

    async def run() -> None:
        record = Counting.open(f"sqlite:{tmp_path / 'record.db'}")
        backlog = Backlog(record, after={})
        await take_all(backlog)
        await record.append(encode_many(by_topic([message(1, 1)])))
        await append(record, backlog, [message(2, 2)])
        assert await take_all(backlog) == ["1", "2"]
        await record.close()

    asyncio.run(run())


def test_forgotten_events_leave_no_hole(tmp_path: Path) -> None:
    async def run() -> None:
        record = SqliteEventLog.open(f"sqlite:{tmp_path / 'record.db'}")
        bodies = encode_many(by_topic([message(number, number) for number in range(6)]))[Topic.CHAT_MESSAGES]
        await record.append({Topic.CHAT_MESSAGES: [bodies[0], GONE, bodies[2], GONE]})
        backlog = Backlog(record, after={})
        assert await backlog.fetch()
        stretch = backlog.take()[Topic.CHAT_MESSAGES]
        assert ([event.id for event in stretch.events], stretch.first, stretch.last) == (["0", "2"], 1, 4)
        assert (backlog.missing, backlog.waiting) == (0, False)
        await record.close()

    asyncio.run(run())
