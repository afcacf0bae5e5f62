from pathlib import Path

import duckdb
import pytest

from chatpulse.domain.chat import Topic
from chatpulse.lake import TableWriter
from chatpulse.lake.store import locate
from chatpulse.lake.views import Views
from tests.lake.builders import STORED_US, messages


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

    assert sorted(path.name for path in folder.iterdir()) == ["messages", "other.csv"]


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
