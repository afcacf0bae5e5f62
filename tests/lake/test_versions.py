"""Tables that an older chatpulse wrote are read, and grow the columns that came later when something is written."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake

from chatpulse.domain.chat import Topic
from chatpulse.domain.tables import TABLES
from chatpulse.lake import Rows, Tables, TableWriter, compact, query
from chatpulse.lake.arrow import schema_of
from chatpulse.lake.store import PROPERTIES, VERSION_KEY
from tests.lake.builders import STORED_US, message, messages

LATER = ("video_id", "copy_of")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A table `messages` of version 1 with three rows."""
    table, rows = TABLES["messages"], Rows(Topic.CHAT_MESSAGES)
    rows.add(messages(1, 3))
    schema = schema_of(table)
    for name in LATER:
        schema = schema.remove(schema.get_field_index(name))
    DeltaTable.create(
        str(tmp_path / "messages"),
        schema,
        partition_by=["date"],
        configuration={**PROPERTIES, VERSION_KEY: "1"},
        raise_if_key_not_exists=False,
    )
    write_deltalake(tmp_path / "messages", rows.arrow(stored_us=STORED_US).drop_columns(list(LATER)), mode="append")
    return tmp_path


def found(folder: Path) -> list[tuple[object, ...]]:
    return query(str(folder), "SELECT id, video_id FROM messages ORDER BY id").rows()


def test_rows_of_an_older_version_are_read_with_nulls(old: Path) -> None:
    assert found(old) == [("m000001", None), ("m000002", None), ("m000003", None)]
    assert len(Tables(str(old)).recent("messages", limit=9)) == 3


def test_a_write_adds_the_columns_and_keeps_the_rows(old: Path) -> None:
    writer = TableWriter(str(old), record_id="record-1")

    new = message(4, video_id="v77")
    assert writer.write(Topic.CHAT_MESSAGES, [new], offsets=(1, 1), stored_us=STORED_US) == 1

    assert found(old) == [("m000001", None), ("m000002", None), ("m000003", None), ("m000004", "v77")]
    assert DeltaTable(old / "messages").metadata().configuration[VERSION_KEY] == str(TABLES["messages"].version)


def test_a_table_without_columns_of_its_version_in_any_file_is_read(old: Path) -> None:
    TableWriter(str(old), record_id="record-1").write(Topic.CHAT_MESSAGES, [], offsets=(1, 0), stored_us=STORED_US)
    handle = DeltaTable(old / "messages")
    handle.alter.set_table_properties({VERSION_KEY: "2"}, raise_if_not_exists=False)

    assert len(found(old)) == 3


def test_compaction_joins_files_of_both_versions(old: Path) -> None:
    writer = TableWriter(str(old), record_id="record-1")
    writer.write(Topic.CHAT_MESSAGES, [message(4, video_id="v77")], offsets=(1, 1), stored_us=STORED_US)

    compact(str(old), keep_h=0)

    (path,) = DeltaTable(old / "messages").file_uris()
    assert set(LATER) <= set(pq.read_schema(path).names)
    assert found(old)[-1] == ("m000004", "v77")
    assert len(found(old)) == 4
