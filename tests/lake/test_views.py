from pathlib import Path
from typing import Any

import duckdb
import pytest

from chatpulse.domain.chat import ModerationKind, Topic
from chatpulse.lake import TableWriter, mark_deleted, query
from chatpulse.lake.core.removals import COVER_US
from chatpulse.lake.store import locate
from chatpulse.lake.views import Views
from tests.lake.builders import SECOND_US, START_US, STORED_US, messages, moderation


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    to = TableWriter(str(tmp_path), record_id="record-1")
    to.write(Topic.CHAT_MESSAGES, messages(1, 3), offsets=(1, 3), stored_us=STORED_US)
    (tmp_path / "other.csv").write_text("a\n1\n")
    return tmp_path


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM local_variable",
        "SELECT * FROM '{folder}/other.csv'",
        "ATTACH '{folder}/x.db' AS x",
        "COPY messages TO '{folder}/out.csv'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET allowed_paths = ['{folder}/other.csv']",
        "SET threads = 64",
        "SET python_enable_replacements = true",
        "RESET lock_configuration",
    ],
)
def test_the_connection_itself_is_locked(folder: Path, sql: str) -> None:
    local_variable = duckdb.sql("SELECT 1 AS secret").to_arrow_table()
    assert local_variable.num_rows == 1

    with Views(locate(str(folder)), ["messages"]) as views, pytest.raises(duckdb.Error):
        views.run(sql.format(folder=folder))

    assert sorted(path.name for path in folder.iterdir()) == ["messages", "other.csv", "tables.lock"]


def test_only_the_tables_asked_for_are_there(folder: Path) -> None:
    with Views(locate(str(folder)), ["room"]) as views:
        assert views.run("SHOW TABLES").to_pylist() == [{"name": "room"}]


def test_views_stay_as_they_were_when_they_were_made(folder: Path) -> None:
    with Views(locate(str(folder)), ["messages"]) as views:
        more = TableWriter(str(folder), record_id="record-1")
        more.write(Topic.CHAT_MESSAGES, messages(4, 9), offsets=(4, 9), stored_us=STORED_US)

        assert views.run("SELECT count(*) AS n FROM messages").to_pylist() == [{"n": 3}]


def test_a_closed_connection_is_gone(folder: Path) -> None:
    with Views(locate(str(folder)), ["messages"]) as views:
        pass

    with pytest.raises(duckdb.ConnectionException):
        views.run("SELECT 1")


def removal(to: TableWriter, after_s: float, offset: int, **fields: Any) -> None:
    event = moderation(offset, after_s=after_s, **fields)
    to.write(Topic.MODERATION, [event], offsets=(offset, offset), stored_us=STORED_US + offset)


def deleted(folder: Path, cover_us: int | None = COVER_US) -> dict[str, int | None]:
    with Views(locate(str(folder)), ["messages"], cover_us=cover_us) as views:
        rows = views.run("SELECT id, deleted_us FROM messages ORDER BY id").to_pylist()
    return {
        row["id"]: None if row["deleted_us"] is None else (row["deleted_us"] - START_US) // SECOND_US for row in rows
    }


def test_a_removal_shows_before_anybody_has_marked_it(folder: Path) -> None:
    to = TableWriter(str(folder), record_id="record-1")
    removal(to, 9, 1, kind=ModerationKind.DELETE, message_id="m000002")
    removal(to, 10, 2, kind=ModerationKind.TIMEOUT, target_id="u3")

    assert deleted(folder) == {"m000001": None, "m000002": 9, "m000003": 10}
    assert deleted(folder, cover_us=SECOND_US) == {"m000001": None, "m000002": 9, "m000003": None}
    assert deleted(folder, cover_us=None) == dict.fromkeys(("m000001", "m000002", "m000003"))
    assert query(str(folder), "SELECT count(*), count(deleted_us) FROM messages").rows() == [(3, 2)]


def test_marked_and_unmarked_removals_show_side_by_side(folder: Path) -> None:
    to = TableWriter(str(folder), record_id="record-1")
    removal(to, 9, 1, kind=ModerationKind.DELETE, message_id="m000002")
    mark_deleted(str(folder))
    to.write(Topic.CHAT_MESSAGES, messages(4, 5), offsets=(4, 5), stored_us=STORED_US + 9)
    removal(to, 20, 2, kind=ModerationKind.CLEAR)

    assert deleted(folder) == {"m000001": 20, "m000002": 9, "m000003": 20, "m000004": 20, "m000005": 20}
    mark_deleted(str(folder))
    assert deleted(folder, cover_us=None) == deleted(folder)


def test_a_message_that_comes_behind_its_removal_shows_as_removed(folder: Path) -> None:
    to = TableWriter(str(folder), record_id="record-1")
    removal(to, 9, 1, kind=ModerationKind.BAN, target_login="viewer4")
    mark_deleted(str(folder))

    to.write(Topic.CHAT_MESSAGES, messages(4, 5), offsets=(4, 5), stored_us=STORED_US + 3_600 * SECOND_US)

    assert deleted(folder) == {"m000001": None, "m000002": None, "m000003": None, "m000004": 9, "m000005": None}


def test_views_with_removals_are_locked_all_the_same(folder: Path) -> None:
    to = TableWriter(str(folder), record_id="record-1")
    removal(to, 9, 1, kind=ModerationKind.CLEAR)

    with Views(locate(str(folder)), ["messages"], cover_us=COVER_US) as views:
        assert views.run("SHOW TABLES").to_pylist() == [{"name": "messages"}]
        with pytest.raises(duckdb.Error):
            views.run(f"SELECT * FROM '{folder}/other.csv'")
