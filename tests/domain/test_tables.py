import msgspec
import pytest

from chatpulse.domain import tables
from chatpulse.domain.chat import TOPIC_TYPES, Topic
from chatpulse.domain.tables import TABLE_OF, TABLES, Table, Type, tag_of

COMMON = (
    "id", "channel", "room_id", "ts", "ts_us", "date", "received_us", "stored_us", "source", "time_kind",
    "precision_us", "inferred", "video_id", "copy_of",
)  # fmt: skip
MESSAGES = (
    "user_id", "user_login", "user_name", "text", "badges", "months", "bits", "emotes", "reply_to", "source_room_id",
    "source_id", "first", "action", "reward_id", "deleted_us", "terms", "negative", "neutral", "positive", "valence",
    "label", "best", "confidence", "reactions", "flags", "scorer", "scorer_version",
)  # fmt: skip

each_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


def names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


def test_there_is_one_table_per_topic() -> None:
    assert list(TABLES) == ["messages", "subscriptions", "events", "moderation", "room", "quarantine"]
    assert [table.topic for table in TABLES.values()] == list(Topic)


@each_table
def test_every_table_begins_with_the_same_columns(table: Table) -> None:
    assert names(table)[: len(COMMON)] == COMMON
    assert len(set(names(table))) == len(table.columns)


def test_messages_have_what_was_said_and_what_was_made_of_it() -> None:
    assert names(TABLES["messages"]) == COMMON + MESSAGES


@each_table
def test_every_field_of_a_topics_events_has_its_column(table: Table) -> None:
    fields = {field.name for cls in TOPIC_TYPES[table.topic] for field in msgspec.structs.fields(cls)}
    left_out = set() if table.topic is Topic.QUARANTINE else {"raw"}

    assert fields - left_out <= set(names(table))
    assert ("kind" in names(table)) == (any(map(tag_of, TOPIC_TYPES[table.topic])) or "kind" in fields)


@each_table
def test_every_column_is_explained(table: Table) -> None:
    assert [column.name for column in table.columns if not column.doc.endswith(".")] == []


def test_no_explanation_is_left_over() -> None:
    used = {column.name for table in TABLES.values() for column in table.columns}

    assert set(tables._DOCS) <= used


def test_a_column_that_only_some_kinds_have_may_be_null() -> None:
    columns = {column.name: column for column in TABLE_OF[Topic.EVENTS].columns}

    assert (columns["viewers"].type, columns["viewers"].nullable) == (Type.INT, True)
    assert (columns["kind"].nullable, columns["ts_us"].nullable, columns["tags"].type) == (False, False, Type.TAGS)
