"""Rows gather as columns, in the order in which they came."""

import pyarrow as pa

from chatpulse.domain.chat import Topic
from chatpulse.lake import Rows
from chatpulse.lake.gather import PACK_ROWS
from tests.lake.builders import STORED_US, message, raid, scored


def test_rows_keep_their_order_and_their_scores_however_many_come_at_once() -> None:
    rows = Rows(Topic.CHAT_MESSAGES, scorer="linear", scorer_version="3")
    sizes = (1, PACK_ROWS - 2, 3, 2 * PACK_ROWS + 7, 1)
    first = 0

    for size in sizes:
        said = [message(number) for number in range(first, first + size)]
        rows.add(said, scored=[scored(valence=number % 7 / 10) for number in range(first, first + size)])
        first += size

    arrow = rows.arrow(stored_us=STORED_US)
    assert len(rows) == arrow.num_rows == sum(sizes)
    assert arrow.column("id").to_pylist() == [f"m{number:06}" for number in range(sum(sizes))]
    assert arrow.column("valence").to_pylist() == [number % 7 / 10 for number in range(sum(sizes))]
    assert set(arrow.column("stored_us").to_pylist()) == {STORED_US}
    assert set(arrow.column("scorer").to_pylist()) == {"linear"}


def test_rows_take_less_memory_than_what_they_are_made_of() -> None:
    rows = Rows(Topic.CHAT_MESSAGES)
    before = pa.total_allocated_bytes()

    rows.add([message(number) for number in range(10 * PACK_ROWS)])

    assert 100 * 10 * PACK_ROWS < pa.total_allocated_bytes() - before < 500 * 10 * PACK_ROWS


def test_asking_twice_gives_the_same_rows() -> None:
    rows = Rows(Topic.EVENTS)
    rows.add([raid(1), raid(2)])

    first, again = (rows.arrow(stored_us=STORED_US) for _ in range(2))

    assert first.equals(again)
    assert first.num_rows == 2
