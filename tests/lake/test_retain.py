from pathlib import Path
from typing import Any

import pytest

from chatpulse.domain.chat import EmoteSpan, ModerationKind, Quarantined, Resubscription, RoomState, Topic
from chatpulse.lake import TableWriter, mark_deleted, purge_deleted, query, retain
from chatpulse.lake.retain import removed_ids
from tests.lake.builders import SECOND_US, START_US, STORED_US, message, messages, moderation, scored

CHAT = Topic.CHAT_MESSAGES
LATER_US = STORED_US + 60 * SECOND_US
COMMON: dict[str, Any] = {"channel": "aurora", "ts_us": START_US, "received_us": START_US}


@pytest.fixture
def to(tmp_path: Path) -> TableWriter:
    return TableWriter(str(tmp_path), record_id="record-1")


def asked(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    return query(str(folder), sql).rows()


def test_age_counts_from_when_a_row_was_stored(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, messages(500, 502), offsets=(1, 3), stored_us=STORED_US)
    to.write(CHAT, messages(1, 2), offsets=(4, 5), stored_us=LATER_US)

    counts = retain(str(tmp_path), before_us=LATER_US)

    assert counts["messages"].dropped == 3
    assert asked(tmp_path, "select id from messages order by id") == [("m000001",), ("m000002",)]
    assert len(list(tmp_path.rglob("date=*/*.parquet"))) == 1


def test_old_and_young_rows_of_one_file_are_told_apart(to: TableWriter, tmp_path: Path) -> None:
    from chatpulse.lake import compact

    to.write(CHAT, messages(1, 3), offsets=(1, 3), stored_us=STORED_US)
    to.write(CHAT, messages(4, 5), offsets=(4, 5), stored_us=LATER_US)
    compact(str(tmp_path))

    retain(str(tmp_path), before_us=LATER_US)

    assert asked(tmp_path, "select id from messages order by id") == [("m000004",), ("m000005",)]
    assert len(list(tmp_path.rglob("date=*/*.parquet"))) == 1


def test_what_people_said_goes_everywhere_and_what_happened_stays(to: TableWriter, tmp_path: Path) -> None:
    sub = Resubscription(id="s", user_login="ana", text="ten months", system_text="ana subscribed", months=10, **COMMON)
    deletion = moderation(1, ModerationKind.DELETE, after_s=1, target_login="bob", text="bad words")
    line = Quarantined(id="q", reason="?", raw=b"\xff", ts_us=START_US, received_us=START_US)
    to.write(Topic.SUBSCRIPTIONS, [sub], offsets=(1, 1), stored_us=STORED_US)
    to.write(Topic.MODERATION, [deletion], offsets=(1, 1), stored_us=STORED_US)
    to.write(Topic.QUARANTINE, [line], offsets=(1, 1), stored_us=STORED_US)
    to.write(Topic.ROOM, [RoomState(id="r", slow_s=3, **COMMON)], offsets=(1, 1), stored_us=STORED_US)

    counts = retain(str(tmp_path), before_us=LATER_US)

    assert {name: (found.dropped, found.changed) for name, found in counts.items()} == {
        "subscriptions": (0, 1), "moderation": (0, 1), "quarantine": (1, 0), "room": (0, 0),
    }  # fmt: skip
    assert asked(tmp_path, "select user_login, text, system_text, months from subscriptions") == [
        ("ana", None, "ana subscribed", 10)
    ]
    assert asked(tmp_path, "select target_login, text from moderation") == [("bob", None)]
    assert b"ten months" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*.parquet"))


def test_a_second_time_there_is_nothing_to_do(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, messages(1, 3), offsets=(1, 3), stored_us=STORED_US)
    dry = retain(str(tmp_path), before_us=LATER_US, dry_run=True)
    kept = asked(tmp_path, "select count(*) from messages")

    first = retain(str(tmp_path), before_us=LATER_US)
    second = retain(str(tmp_path), before_us=LATER_US)

    assert (dry["messages"].dropped, kept) == (3, [(3,)])
    assert (first["messages"].dropped, second["messages"].dropped) == (3, 0)


def test_removed_messages_lose_their_words_and_stay_as_rows(to: TableWriter, tmp_path: Path) -> None:
    said = [message(1), message(2, emotes=(EmoteSpan("25", "what", 0, 3),)), message(3)]
    to.write(CHAT, said, offsets=(1, 3), stored_us=STORED_US, scored=[scored()] * 3)
    deletion = moderation(1, ModerationKind.DELETE, after_s=9, message_id="m000002", text="what a save number 2")
    to.write(Topic.MODERATION, [deletion], offsets=(1, 1), stored_us=STORED_US)
    mark_deleted(str(tmp_path))
    ids = removed_ids(str(tmp_path))

    counts = purge_deleted(str(tmp_path))

    assert ids == ["m000002"]
    assert (counts["messages"].changed, counts["moderation"].changed) == (1, 1)
    assert removed_ids(str(tmp_path)) == []
    assert asked(tmp_path, "select id, text, terms, len(emotes), valence from messages order by id") == [
        ("m000001", "what a save number 1", ["save", "PogChamp"], 0, 0.5),
        ("m000002", "", None, 0, 0.5),
        ("m000003", "what a save number 3", ["save", "PogChamp"], 0, 0.5),
    ]
    assert asked(tmp_path, "select message_id, text from moderation") == [("m000002", None)]
