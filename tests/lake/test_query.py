import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from chatpulse.domain.chat import Quarantined, Topic
from chatpulse.domain.tables import TABLES
from chatpulse.errors import InputError
from chatpulse.lake import Result, TableWriter, query, views
from tests.lake.builders import STORED_US, messages, scored

OTHER = "the-owners-secret"
local_variable = [{"secret": OTHER}]
"""What a replacement scan would find."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three messages and a line in quarantine, beside a file that is none of ours."""
    where = tmp_path_factory.mktemp("lake")
    to = TableWriter(str(where), record_id="record-1", scorer="linear", scorer_version="3")
    said = messages(1, 3)
    to.write(Topic.CHAT_MESSAGES, said, offsets=(1, 3), scored=[scored()] * 3, stored_us=STORED_US)
    broken = Quarantined(id="q1", ts_us=0, received_us=1, reason="not UTF-8", raw=b"\xff\x00")
    to.write(Topic.QUARANTINE, [broken], offsets=(1, 1), stored_us=STORED_US)
    (where / "messages" / "other.csv").write_text(f"a,b\n1,{OTHER}\n")
    (where / "messages" / "stray.parquet").write_bytes(
        next((where / "messages").rglob("date=*/*.parquet")).read_bytes()
    )
    return where


def ask(folder: Path, sql: str) -> Result:
    return query(str(folder), sql)


def test_rows_come_with_their_columns(folder: Path) -> None:
    result = ask(folder, "SELECT channel, count(*) AS n, sum(ts_us) AS s FROM messages GROUP BY ALL")

    assert result.columns == ("channel", "n", "s")
    assert result.rows() == [("aurora", 3, 3 * 1_790_000_002_000_000)]
    assert result.objects() == [{"channel": "aurora", "n": 3, "s": 5_370_000_006_000_000}]


def test_every_value_of_every_table_can_be_written_as_json(folder: Path) -> None:
    said = ask(folder, "SELECT * FROM messages ORDER BY id").objects()[0]
    broken = ask(folder, "FROM quarantine").objects()[0]

    assert (said["ts"], said["date"]) == ("2026-09-21T14:13:21Z", "2026-09-21")
    assert (said["terms"], said["emotes"], said["deleted_us"]) == (["save", "PogChamp"], [], None)
    assert (broken["ts"], broken["raw"]) == ("1970-01-01T00:00:00Z", "/wA=")
    assert msgspec.json.decode(msgspec.json.encode([said, broken])) == [said, broken]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        pytest.param("WITH x AS (SELECT 1 AS a) SELECT a FROM x", [(1,)], id="with"),
        pytest.param("FROM messages SELECT count(*)", [(3,)], id="from first"),
        pytest.param("VALUES (1, 'a')", [(1, "a")], id="values"),
        pytest.param("SELECT count(*) FROM raw_does_not_exist_but_quoted WHERE false", None, id="missing"),
        pytest.param("SHOW TABLES", [(name,) for name in sorted(TABLES)], id="show"),
        pytest.param("SELECT count(*) FROM subscriptions", [(0,)], id="never written"),
        pytest.param("SELECT tags['a'] FROM events", [], id="map of an empty table"),
        pytest.param("SELECT hour(ts), ts_us // 60000000 % 60 FROM messages LIMIT 1", [(14, 13)], id="utc"),
        pytest.param("SELECT 'NaN'::DOUBLE, 'inf'::FLOAT, 2::HUGEINT, 1.5", [(None, None, 2, 1.5)], id="numbers"),
        pytest.param(
            "SELECT TIMESTAMP_NS '2026-01-01 00:00:00.123456789'", [("2026-01-01T00:00:00.123456789",)], id="fine"
        ),
        pytest.param("SELECT DATE '9999-12-31', TIME '10:00'", [("9999-12-31", "10:00:00")], id="day and time"),
        pytest.param("SELECT MAP {'k': 1} AS m", [({"k": 1},)], id="map"),
        pytest.param("/* why */ SELECT 1 -- really", [(1,)], id="comments"),
    ],
)
def test_read_only_statements_are_answered(folder: Path, sql: str, expected: list[tuple[object, ...]] | None) -> None:
    if expected is None:
        with pytest.raises(InputError, match="no table 'raw_does_not_exist_but_quoted'; there are messages, subs"):
            ask(folder, sql)
    else:
        assert ask(folder, sql).rows() == expected


@pytest.mark.parametrize(
    "sql", ["DESCRIBE messages", "SUMMARIZE messages", "EXPLAIN SELECT 1", " explain  ANALYZE FROM room"]
)
def test_statements_about_tables_are_answered(folder: Path, sql: str) -> None:
    assert len(ask(folder, sql).rows()) >= 1


def test_columns_of_the_same_name_are_told_apart(folder: Path) -> None:
    result = ask(folder, "SELECT 1 AS a, 2 AS a, 3 AS a_2, 4 AS a")

    assert result.objects() == [{"a": 1, "a_2": 2, "a_2_2": 3, "a_3": 4}]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_blob('{folder}/messages/other.csv')",
        "SELECT * FROM read_csv('{folder}/messages/other.csv')",
        "SELECT * FROM '{folder}/messages/other.csv'",
        "SELECT * FROM read_parquet('{folder}/messages/stray.parquet')",
        "SELECT * FROM read_parquet('{folder}/messages/*.parquet')",
        "SELECT * FROM read_json('{folder}/messages/_delta_log/00000000000000000000.json')",
        "SELECT * FROM glob('{folder}/**')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM parquet_metadata('{folder}/messages/stray.parquet')",
        "SELECT * FROM local_variable",
        "SELECT * FROM read_csv('http://127.0.0.1:1/x')",
        "SELECT * FROM read_duckdb('{folder}/x.db')",
        "SELECT getenv('HOME')",
        "EXPLAIN ANALYZE SELECT * FROM read_text('/etc/passwd')",
    ],
)
def test_nothing_but_our_tables_can_be_read(folder: Path, sql: str) -> None:
    with pytest.raises(InputError) as caught:
        ask(folder, sql.format(folder=folder))

    assert "\n" not in str(caught.value)
    assert OTHER not in str(caught.value)


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH '{folder}/x.db' AS x",
        "COPY messages TO '{folder}/out.csv'",
        "COPY (SELECT 1) TO '/tmp/out.parquet'",
        "EXPORT DATABASE '{folder}/out'",
        "IMPORT DATABASE '{folder}/out'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '{folder}/x.duckdb_extension'",
        "SET enable_external_access = true",
        "SET memory_limit = '1TB'",
        "SET GLOBAL threads = 64",
        "RESET lock_configuration",
        "PRAGMA enable_profiling",
        "CREATE TABLE t AS SELECT 1",
        "CREATE SECRET s (TYPE s3)",
        "INSERT INTO messages VALUES (1)",
        "DELETE FROM messages",
        "DROP VIEW messages",
        "EXPLAIN DROP VIEW messages",
        "EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1",
        "CALL pragma_version()",
        "PREPARE p AS SELECT 1",
        "BEGIN",
        "VACUUM",
        "USE system",
        "SELECT 1; SELECT 2",
        "SELECT 1; COPY messages TO '{folder}/out.csv'",
        "",
        "-- nothing",
    ],
)
def test_nothing_but_one_reading_statement_is_run(folder: Path, sql: str) -> None:
    before = sorted(folder.rglob("*"))

    with pytest.raises(InputError, match=r"^one SELECT, WITH, FROM, .* and nothing else|syntax error"):
        ask(folder, sql.format(folder=folder))

    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM pandas_scan(NULL)",
        'SELECT (SELECT count(*) FROM "Arrow_Scan"(1, 2, 3))',
        "WITH x AS (FROM query('SELECT * FROM pandas_scan(NULL)')) FROM x",
        "SELECT * FROM query_table('messages')",
        "SELECT * FROM json_execute_serialized_sql('{{}}')",
        "SELECT * FROM enable_logging()",
        "SUMMARIZE SELECT * FROM python_map_function()",
    ],
)
def test_functions_that_reach_further_are_refused(folder: Path, sql: str) -> None:
    with pytest.raises(InputError, match="is not available here"):
        ask(folder, sql.format())


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        pytest.param(
            "SELECT count(*) FROM raids", "no table 'raids'; there are messages, subscriptions, events, ", id="table"
        ),
        pytest.param("SELEC 1", 'syntax error at or near "SELEC"', id="syntax"),
        pytest.param("SELECT mood FROM messages", 'Referenced column "mood" not found', id="column"),
        pytest.param("SELECT moods(text) FROM messages", "moods does not exist", id="function"),
        pytest.param("SELECT 'a'::INTEGER", "Could not convert string 'a' to INT32", id="cast"),
        pytest.param("SELECT '\ud800'", "surrogate", id="surrogate"),
    ],
)
def test_a_wrong_query_gets_one_line_that_says_what(folder: Path, sql: str, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)) as caught:
        ask(folder, sql)

    assert "\n" not in str(caught.value)


def test_a_query_cannot_take_all_memory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MEMORY_MB", 32)

    with pytest.raises(InputError, match="needs more than"):
        ask(folder, "SELECT list(repeat('x', 1000) || x) FROM range(200000) t(x)")


def test_a_wrong_folder_is_no_empty_lake(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="collect chat first, or check --data"):
        ask(tmp_path / "nowhere", "SELECT 1")


def test_an_empty_lake_has_all_tables(tmp_path: Path) -> None:
    assert ask(tmp_path, "SELECT count(*) FROM messages").rows() == [(0,)]


@pytest.mark.parametrize("name", ["with space", "k'et", 'quo"te', "ha#sh", "ünï😀", "a:b"])
def test_a_folder_may_have_an_odd_name(tmp_path: Path, name: str) -> None:
    to = TableWriter(str(tmp_path / name), record_id="record-1")

    to.write(Topic.CHAT_MESSAGES, messages(1, 2), offsets=(1, 2), stored_us=STORED_US)

    assert ask(tmp_path / name, "SELECT count(*) FROM messages").rows() == [(2,)]


def test_a_file_url_is_a_folder_too(tmp_path: Path) -> None:
    folder = tmp_path / "with space"
    TableWriter(folder.as_uri(), record_id="record-1").write(
        Topic.CHAT_MESSAGES, messages(1, 2), offsets=(1, 2), stored_us=STORED_US
    )

    assert query(f"file:{folder}", "SELECT count(*) FROM messages").rows() == [(2,)]
    assert (folder / "messages").is_dir()


def test_importing_the_lake_loads_no_engine() -> None:
    script = "import sys, chatpulse.lake; print(sorted({'duckdb', 'deltalake', 'pyarrow'} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
