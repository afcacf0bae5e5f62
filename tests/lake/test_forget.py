import json
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

from chatpulse.domain.chat import (
    EmoteSpan,
    ModerationKind,
    Quarantined,
    Raid,
    RoomNotice,
    SubGift,
    Topic,
    UnknownNotice,
)
from chatpulse.domain.naming import Forgotten
from chatpulse.errors import ConnectionLostError, InputError
from chatpulse.lake import TableWriter, compact, forget, query
from chatpulse.lake.forget import find_people, guard
from chatpulse.lake.gate import alone, writing
from chatpulse.lake.store import locate
from tests.lake.builders import START_US, STORED_US, message, messages, moderation, raid, scored

CHAT = Topic.CHAT_MESSAGES
SEVEN = Forgotten(ids={"u7"}, names={"viewer7"})
COMMON: dict[str, Any] = {"channel": "aurora", "ts_us": START_US, "received_us": START_US}


@pytest.fixture
def to(tmp_path: Path) -> TableWriter:
    return TableWriter(str(tmp_path), record_id="record-1")


def asked(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    return query(str(folder), sql).rows()


def test_own_rows_go_and_all_others_stay_as_they_are(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, messages(1, 30), offsets=(1, 30), stored_us=STORED_US, scored=[scored()] * 30)
    to.write(CHAT, messages(31, 35), offsets=(31, 35), stored_us=STORED_US, scored=[scored()] * 5)
    others = asked(tmp_path, "select * from messages where user_id <> 'u7' order by id")

    counts = forget(str(tmp_path), SEVEN)

    assert (counts["messages"].dropped, counts["messages"].changed) == (3, 0)
    assert asked(tmp_path, "select * from messages order by id") == others


def test_nothing_but_the_last_version_is_left(to: TableWriter, tmp_path: Path) -> None:
    for number in range(1, 9):
        to.write(CHAT, [message(number)], offsets=(number, number), stored_us=STORED_US)
    compact(str(tmp_path))
    left = next(tmp_path.rglob("date=*/*.parquet")).with_name("part-left-by-a-killed-writer.parquet#1")
    left.write_bytes(b"viewer7")

    forget(str(tmp_path), SEVEN)

    handle = DeltaTable(tmp_path / "messages")
    assert [path.name for path in tmp_path.rglob("date=*/*")] == [Path(handle.file_uris()[0]).name]
    log = sorted(path.name for path in (tmp_path / "messages" / "_delta_log").iterdir())
    assert log == [f"{handle.version():020}.checkpoint.parquet", f"{handle.version():020}.json", "_last_checkpoint"]


def test_the_log_says_nothing_of_whom(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, messages(1, 30), offsets=(1, 30), stored_us=STORED_US)

    forget(str(tmp_path), SEVEN)

    entries = [json.loads(line) for path in tmp_path.rglob("*.json") for line in path.read_text().splitlines()]
    stats = [json.loads(entry["add"]["stats"]) for entry in entries if "add" in entry]
    assert [set(stat["minValues"]) for stat in stats] == [{"ts_us"}]
    assert [stat["numRecords"] for stat in stats] == [27]
    assert "viewer7" not in json.dumps(entries)
    assert "u7" not in json.dumps(entries)


def test_a_table_of_one_person_is_empty_and_still_a_table(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, [message(7), message(17)], offsets=(1, 2), stored_us=STORED_US)

    forget(str(tmp_path), SEVEN)

    assert asked(tmp_path, "select count(*) from messages") == [(0,)]
    assert to.write(CHAT, messages(1, 5), offsets=(1, 5), stored_us=STORED_US) == 3


def test_names_in_the_words_of_others_become_a_mark(to: TableWriter, tmp_path: Path) -> None:
    said = message(1, text="@Viewer7 Kappa", emotes=(EmoteSpan("25", "Kappa", 9, 13),))
    to.write(CHAT, [message(0), said, message(2)], offsets=(1, 3), stored_us=STORED_US, scored=[scored()] * 3)

    counts = forget(str(tmp_path), SEVEN)

    assert (counts["messages"].dropped, counts["messages"].changed) == (0, 1)
    assert asked(tmp_path, "select text, emotes[1]['start'] from messages order by id") == [
        ("what a save number 0", None),
        ("@_forgotten_ Kappa", 13),
        ("what a save number 2", None),
    ]


def test_every_other_table_forgets_too(to: TableWriter, tmp_path: Path) -> None:
    gift = SubGift(
        id="g", user_id="u1", user_login="ana", recipient_id="u7", recipient_login="viewer7",
        system_text="ana gave a sub to Viewer7!", **COMMON,
    )  # fmt: skip
    unknown = UnknownNotice(id="n", user_login="ana", name="new", tags={"msg-param-who": "viewer7"}, **COMMON)
    bytes_of_them = Quarantined(id="q", reason="?", raw=b":viewer7!x \xff", ts_us=START_US, received_us=START_US)
    notice = RoomNotice(id="o", notice_id="timeout_success", text="viewer7 has been timed out", **COMMON)
    to.write(Topic.SUBSCRIPTIONS, [gift], offsets=(1, 1), stored_us=STORED_US)
    to.write(Topic.EVENTS, [raid(1, user_id="u7"), unknown], offsets=(1, 2), stored_us=STORED_US)
    to.write(Topic.QUARANTINE, [bytes_of_them], offsets=(1, 1), stored_us=STORED_US)
    to.write(Topic.ROOM, [notice], offsets=(1, 1), stored_us=STORED_US)
    ban = moderation(1, ModerationKind.BAN, after_s=1, target_login="VIEWER7")
    to.write(Topic.MODERATION, [ban], offsets=(1, 1), stored_us=STORED_US)

    counts = forget(str(tmp_path), SEVEN)

    assert {name: (found.dropped, found.changed) for name, found in counts.items()} == {
        "subscriptions": (0, 1), "events": (1, 1), "moderation": (1, 0), "room": (0, 1), "quarantine": (1, 0),
    }  # fmt: skip
    assert asked(tmp_path, "select user_login, recipient_id, recipient_login, system_text from subscriptions") == [
        ("ana", None, None, "ana gave a sub to _forgotten_!")
    ]
    assert asked(tmp_path, "select id, tags['msg-param-who'] from events") == [("n", "_forgotten_")]
    assert asked(tmp_path, "select text from room") == [("_forgotten_ has been timed out",)]


def test_a_dry_run_counts_the_same_and_commits_nothing(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, [*messages(1, 20), message(21, text="@viewer7")], offsets=(1, 21), stored_us=STORED_US)
    before = sorted(path.name for path in tmp_path.rglob("*"))

    counts = forget(str(tmp_path), SEVEN, dry_run=True)

    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    assert forget(str(tmp_path), SEVEN) == counts


def test_who_is_not_there_costs_no_commit_and_no_file(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, messages(1, 6), offsets=(1, 6), stored_us=STORED_US)
    before = DeltaTable(tmp_path / "messages").version(), sorted(tmp_path.rglob("date=*/*"))

    forget(str(tmp_path), SEVEN)

    assert (DeltaTable(tmp_path / "messages").version(), sorted(tmp_path.rglob("date=*/*"))) == before


def test_files_that_deltalake_merged_are_written_anew_as_well(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, messages(1, 30), offsets=(1, 30), stored_us=STORED_US)
    removed = moderation(1, ModerationKind.DELETE, after_s=40, message_id="m000003")
    to.write(Topic.MODERATION, [removed], offsets=(1, 1), stored_us=STORED_US)
    compact(str(tmp_path))

    forget(str(tmp_path), SEVEN)

    assert asked(tmp_path, "select count(*), count(deleted_us) from messages") == [(27, 1)]


def test_a_writer_goes_on_behind_it(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, messages(1, 10), offsets=(1, 10), stored_us=STORED_US)
    forget(str(tmp_path), SEVEN)

    written = to.write(CHAT, messages(6, 15), offsets=(6, 15), stored_us=STORED_US)

    assert written == 5
    assert asked(tmp_path, "select count(*), count(distinct id) from messages") == [(14, 14)]


def test_a_guard_keeps_people_out_of_what_is_written(tmp_path: Path) -> None:
    to = TableWriter(str(tmp_path), record_id="record-1", guard=guard(SEVEN))

    written = to.write(CHAT, [*messages(5, 9), message(10, text="hi @viewer7")], offsets=(1, 6), stored_us=STORED_US)

    assert written == 5
    assert asked(tmp_path, "select id, text from messages where id > 'm000008' order by id") == [
        ("m000009", "what a save number 9"),
        ("m000010", "hi @_forgotten_"),
    ]


@pytest.mark.slow
def test_nobody_writes_while_rows_are_taken_out(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, messages(1, 3), offsets=(1, 3), stored_us=STORED_US)

    with alone(locate(str(tmp_path))), pytest.raises(ConnectionLostError, match="rows are being removed"):
        to.write(CHAT, messages(4, 6), offsets=(4, 6), stored_us=STORED_US)
    with (
        writing(locate(str(tmp_path))),
        writing(locate(str(tmp_path))),
        pytest.raises(ConnectionLostError, match="somebody writes"),
        alone(locate(str(tmp_path)), wait_s=0.02),
    ):
        pass

    assert to.write(CHAT, messages(4, 6), offsets=(4, 6), stored_us=STORED_US) == 3


def test_people_are_found_by_name_and_by_id_in_every_role(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, messages(6, 8), offsets=(1, 3), stored_us=STORED_US)
    host = Raid(id="r", user_id="u1", user_login="Ana", user_name="月見", viewers=3, **COMMON)
    to.write(Topic.EVENTS, [host], offsets=(1, 1), stored_us=STORED_US)

    assert find_people(str(tmp_path), names=["VIEWER7"]) == {("u7", "viewer7", "")}
    assert find_people(str(tmp_path), ids=["u8", "u1"]) == {("u8", "viewer8", ""), ("u1", "Ana", "月見")}
    assert find_people(str(tmp_path), names=["月見"]) == {("u1", "Ana", "月見")}
    assert find_people(str(tmp_path)) == set()


def test_a_folder_that_is_not_there_holds_nobody(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        forget(str(tmp_path / "nowhere"), SEVEN)
