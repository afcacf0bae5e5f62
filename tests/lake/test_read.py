from pathlib import Path

import pytest

from chatpulse.domain.chat import EmoteSpan, ModerationKind, Topic, UnknownNotice
from chatpulse.errors import InputError
from chatpulse.lake import Tables, TableWriter, compact
from tests.lake.builders import START_US, STORED_US, message, messages, moderation, raid, scored

CHAT = Topic.CHAT_MESSAGES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five messages in one channel, two in another, and a raid; in three commits."""
    to = TableWriter(str(tmp_path), record_id="record-1")
    said = messages(1, 5)
    to.write(CHAT, said, offsets=(1, 5), scored=[scored()] * 5, stored_us=STORED_US)
    elsewhere = messages(6, 7, channel="borealis")
    to.write(CHAT, elsewhere, offsets=(6, 7), scored=[scored()] * 2, stored_us=STORED_US)
    to.write(Topic.EVENTS, [raid(1)], offsets=(1, 1), stored_us=STORED_US)
    return tmp_path


def test_counts_know_every_table_that_was_written(folder: Path) -> None:
    counts = Tables(str(folder)).row_counts()

    assert {name: rows for name, (_, rows) in counts.items()} == {"messages": 7, "events": 1}


def test_a_table_keeps_its_identity_until_it_is_made_anew(folder: Path) -> None:
    before = Tables(str(folder)).row_counts()["messages"][0]
    compact(str(folder))
    assert Tables(str(folder)).row_counts()["messages"][0] == before

    (folder / "messages").rename(folder.parent / "moved-away")
    TableWriter(str(folder), record_id="record-1").write(CHAT, [message(1)], offsets=(1, 1), stored_us=STORED_US)

    assert Tables(str(folder)).row_counts()["messages"][0] != before


def test_nothing_is_there_before_the_first_write(tmp_path: Path) -> None:
    tables = Tables(str(tmp_path / "never"))

    assert (tables.row_counts(), tables.positions("record-1"), list(tables.ids())) == ({}, {}, [])


def test_ids_are_those_of_all_tables_and_of_files_in_use_only(folder: Path) -> None:
    compact(str(folder))

    ids = [id_ for part in Tables(str(folder)).ids() for id_ in part]

    assert sorted(ids) == [f"m{number:06}" for number in range(1, 8)] + ["r1"]


def test_recent_rows_are_the_newest_oldest_first(folder: Path) -> None:
    rows = Tables(str(folder)).recent("messages", limit=3)

    assert [row["id"] for row in rows] == ["m000005", "m000006", "m000007"]
    assert (rows[0]["valence"], rows[0]["reactions"], rows[0]["scorer"]) == (0.5, ["hype", "love"], None)
    assert f"{rows[0]['ts']:%Y-%m-%d %H:%M:%S %Z}" == "2026-09-21 14:13:25 UTC"


def test_recent_rows_can_be_of_one_channel_since_a_time(folder: Path) -> None:
    rows = Tables(str(folder)).recent("messages", limit=9, channel="aurora", since_us=START_US + 4_000_000)

    assert [row["id"] for row in rows] == ["m000004", "m000005"]


def test_a_channel_name_is_a_value_and_no_sql(folder: Path) -> None:
    assert Tables(str(folder)).recent("messages", limit=9, channel="x' OR '1'='1") == []


def test_recent_rows_of_a_table_that_was_never_written_are_none(folder: Path) -> None:
    assert Tables(str(folder)).recent("room", limit=9) == []


def test_an_unknown_table_is_answered_with_those_there_are(folder: Path) -> None:
    with pytest.raises(InputError, match="no table 'raids'; there are messages, subscriptions, events"):
        Tables(str(folder)).recent("raids", limit=1)


def test_nested_values_come_back_as_they_were(tmp_path: Path) -> None:
    unknown = UnknownNotice(id="k1", channel="aurora", ts_us=1, received_us=1, name="firework", tags={"a": "1"})
    waved = message(1, emotes=(EmoteSpan("e9", "Wave", 0, 3),), badges="vip/1")
    to = TableWriter(str(tmp_path), record_id="record-1")
    to.write(Topic.EVENTS, [unknown], offsets=(1, 1), stored_us=STORED_US)
    to.write(CHAT, [waved], offsets=(1, 1), stored_us=STORED_US)

    (event,) = Tables(str(tmp_path)).recent("events", limit=1)
    (said,) = Tables(str(tmp_path)).recent("messages", limit=1)

    assert event["tags"] == {"a": "1"}
    assert (said["emotes"], said["badges"]) == ([{"id": "e9", "name": "Wave", "start": 0, "end": 3}], ["vip/1"])


def test_positions_say_how_far_each_topic_has_come(folder: Path) -> None:
    removed = moderation(1, ModerationKind.CLEAR, after_s=1)
    TableWriter(str(folder), record_id="record-2").write(
        Topic.MODERATION, [removed], offsets=(40, 40), stored_us=STORED_US
    )

    assert Tables(str(folder)).positions("record-1") == {CHAT: 7, Topic.EVENTS: 1}
    assert Tables(str(folder)).positions("record-2") == {Topic.MODERATION: 40}
