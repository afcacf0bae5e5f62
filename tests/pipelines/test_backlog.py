"""Topics of the record are handed out side by side, in the order in which things happened."""

import asyncio
from pathlib import Path

from chatpulse.domain.chat import ChatMessage, Event, Raid, Topic
from chatpulse.eventlog import encode_many
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
        await record.append(encode_many([*chat, *raids]))
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
        await record.append({Topic.CHAT_MESSAGES: encode_many([*chat, *late])[Topic.CHAT_MESSAGES]})
        steps = await read_all(record)
        assert sum(map(len, steps)) == PAGE_ENTRIES + 10
        await record.close()

    asyncio.run(run())
