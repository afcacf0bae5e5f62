from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chatpulse.domain.chat import ChatMessage, ModerationKind, TimeKind, Topic
from chatpulse.domain.tables import TABLES
from chatpulse.lake import TableWriter, export, mark_deleted
from chatpulse.lake.arrow import schema_of
from chatpulse.lake.export import Extent, Picked, Selection, as_rows, rewrite_parquet, write_parquet
from tests.lake.builders import SECOND_US, START_US, STORED_US, message, messages, moderation, scored

HERE = Selection(table="messages", channel="aurora")


def store(url: Path, *parts: list[ChatMessage]) -> str:
    writer = TableWriter(str(url), record_id="r", scorer="s", scorer_version="1")
    first = 0
    for part in parts:
        offsets = (first, first + len(part) - 1)
        writer.write(Topic.CHAT_MESSAGES, part, offsets=offsets, stored_us=STORED_US, scored=[scored()] * len(part))
        first += len(part)
    return str(url)


def ids(url: str, selection: Selection) -> list[str]:
    with Picked(url, "messages") as picked:
        return [row["id"] for batch in picked.rows(selection, ["id"]) for row in batch]


@pytest.mark.parametrize("slice_rows", [2, 3, 7, 1000])
def test_rows_come_in_order_of_time_and_id_each_once(
    slice_rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "SLICE_ROWS", slice_rows)
    same = [message(50, id=f"s{number}") for number in range(9)]
    early = [message(0, id="e1", ts_us=-1), message(0, id="e2", ts_us=-(2**63)), message(0, id="e3", ts_us=2**63 - 1)]
    url = store(tmp_path, messages(60, 190)[::-1], same, messages(0, 59), early)

    found = ids(url, HERE)

    wanted = [*messages(0, 190), *same, *early]
    assert found == [one.id for one in sorted(wanted, key=lambda one: (one.ts_us, one.id))]


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        pytest.param({}, ["a0", "a1", "a2", "off"], id="a channel"),
        pytest.param({"channel": "bramble"}, ["b1"], id="another one"),
        pytest.param({"video_id": "v1"}, ["a1", "off"], id="a recording"),
        pytest.param(
            {"since_us": START_US + SECOND_US}, ["a1", "a2"], id="since then, with what happens at that moment"
        ),
        pytest.param({"until_us": START_US + 2 * SECOND_US}, ["a0", "a1"], id="until then, without"),
        pytest.param({"since_us": 0}, ["a0", "a1", "a2"], id="a span has dates only"),
        pytest.param({"time_kind": TimeKind.OFFSET}, ["off"], id="a kind of time"),
    ],
)
def test_a_selection_is_kept_to(change: dict[str, Any], wanted: list[str], tmp_path: Path) -> None:
    rows = [message(0, id="a0"), message(1, id="a1", video_id="v1"), message(2, id="a2")]
    rows += [message(1, id="b1", channel="bramble")]
    rows += [message(0, id="off", ts_us=5, time_kind=TimeKind.OFFSET, video_id="v1")]

    found = ids(store(tmp_path, rows), Selection(**({"table": "messages", "channel": "aurora"} | change)))

    assert sorted(found) == wanted


def test_what_a_moderator_removed_is_left_out_unless_it_is_asked_for(tmp_path: Path) -> None:
    url = store(tmp_path, messages(0, 2))
    ban = moderation(1, ModerationKind.DELETE, after_s=9, message_id="m000001")
    TableWriter(url, record_id="r").write(Topic.MODERATION, [ban], offsets=(0, 0), stored_us=STORED_US)
    mark_deleted(url)

    everything = Selection(table="messages", channel="aurora", with_deleted=True)

    assert ids(url, HERE) == ["m000000", "m000002"]
    assert ids(url, everything) == ["m000000", "m000001", "m000002"]
    with Picked(url, "messages") as picked:
        assert [(extent.rows, extent.deleted) for extent in picked.extents(HERE)] == [(2, 1)]
        assert [(extent.rows, extent.deleted) for extent in picked.extents(everything)] == [(3, 0)]


def test_the_extent_is_told_for_each_kind_of_time(tmp_path: Path) -> None:
    offset = message(0, id="off", ts_us=5, time_kind=TimeKind.OFFSET, room_id="")

    with Picked(store(tmp_path, [*messages(0, 2), offset]), "messages") as picked:
        found = sorted(picked.extents(HERE), key=lambda extent: extent.time_kind)

    last_us = START_US + 2 * SECOND_US
    assert found == [
        Extent(time_kind=TimeKind.EPOCH, rows=3, deleted=0, first_us=START_US, last_us=last_us, room_id="77"),
        Extent(time_kind=TimeKind.OFFSET, rows=1, deleted=0, first_us=5, last_us=5, room_id=""),
    ]


def test_a_table_that_was_never_written_has_no_rows(tmp_path: Path) -> None:
    with Picked(str(tmp_path), "moderation") as picked:
        selection = Selection(table="moderation", channel="aurora")

        assert (picked.extents(selection), list(picked.rows(selection)), picked.channels()) == ([], [], [])


def test_rows_are_values_that_json_has(tmp_path: Path) -> None:
    url = store(tmp_path, [message(0, badges="vip/1,subscriber/3", first=True)])

    with Picked(url, "messages") as picked:
        ((row,),) = picked.rows(HERE)

    assert list(row) == [column.name for column in TABLES["messages"].columns]
    assert (row["ts"], row["date"], row["ts_us"]) == ("2026-09-21T14:13:20.000000Z", "2026-09-21", START_US)
    assert (row["badges"], row["emotes"], row["first"], row["video_id"]) == (["vip/1", "subscriber/3"], [], True, None)
    assert (row["negative"], row["terms"], row["deleted_us"]) == (0.125, ["save", "PogChamp"], None)


def test_parquet_has_the_columns_and_types_of_the_table(tmp_path: Path) -> None:
    url = store(tmp_path / "lake", messages(0, 99)[::-1])
    with Picked(url, "messages") as picked:
        rows = write_parquet(tmp_path / "out.parquet", "messages", picked.tables(HERE))
        ((wanted, *_),) = picked.rows(HERE)

    table = pq.read_table(tmp_path / "out.parquet")

    assert rows == 100
    assert table.schema.equals(schema_of(TABLES["messages"]))
    assert table.column("id").to_pylist() == [one.id for one in messages(0, 99)]
    assert {name: value for name, value in as_rows(table)[0].items() if name not in {"ts", "date"}} == {
        name: value for name, value in wanted.items() if name not in {"ts", "date"}
    }


def test_parquet_without_rows_still_has_its_columns(tmp_path: Path) -> None:
    assert write_parquet(tmp_path / "out.parquet", "events", iter(())) == 0

    assert pq.read_table(tmp_path / "out.parquet").schema.equals(schema_of(TABLES["events"]))


def test_rows_leave_a_parquet_file_and_the_others_stay_what_they_were(tmp_path: Path) -> None:
    url = store(tmp_path / "lake", messages(0, 99))
    with Picked(url, "messages") as picked:
        write_parquet(tmp_path / "out.parquet", "messages", picked.tables(HERE))

    rewrite_parquet(
        tmp_path / "out.parquet", tmp_path / "new.parquet", lambda row: None if row["user_login"] == "viewer3" else row
    )

    before, after = pq.read_table(tmp_path / "out.parquet"), pq.read_table(tmp_path / "new.parquet")
    assert after.num_rows == 90
    assert after == before.filter([login != "viewer3" for login in before.column("user_login").to_pylist()])
    assert b"viewer3" not in (tmp_path / "new.parquet").read_bytes()


def test_columns_become_the_rows_that_arrow_makes_of_them() -> None:
    emote = pa.struct([("id", pa.string()), ("start", pa.int64())])
    table = pa.table({
        "text": pa.array(["a", None, "c", ""]),
        "number": pa.array([1, None, 3, 4]),
        "whole": pa.array([1, 2, 3, 2**53 + 1]),
        "flag": pa.array([True, False, None, True]),
        "badges": pa.array([["x"], None, [], ["y", None]], pa.list_(pa.string())),
        "emotes": pa.array([[], [{"id": "1", "start": 2}], None, [{"id": None, "start": 3}] * 2], pa.list_(emote)),
        "holes": pa.array([[None], [{"id": "1", "start": 2}], [], []], pa.list_(emote)),
        "tags": pa.array([[("a", "b")], None, [], [("c", "")]], pa.map_(pa.string(), pa.string())),
    })

    for part in (table, table.slice(1, 2), table.slice(3), table.slice(0, 0), pa.concat_tables([table, table])):
        assert as_rows(part) == part.to_pylist(maps_as_pydicts="lossy")
