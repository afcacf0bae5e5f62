"""Records and tables that are of the future, broken or not ours: one line that says so, and exit code 1."""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from chatpulse.domain.tables import TABLES
from chatpulse.simulation.core.truth import Truth
from tests.faults.twitch import ROOMS, simulated

Chatpulse = Callable[..., subprocess.CompletedProcess[str]]
Recording = Callable[..., tuple[Path, Truth]]


def of_the_future(data: Path) -> None:
    DeltaTable(data / "messages").alter.set_table_properties({"chatpulse.version": "99"}, raise_if_not_exists=False)


def with_a_broken_log(data: Path) -> None:
    last = max((data / "messages" / "_delta_log").glob("*.json"))
    last.write_text('{"add": {"path": ')


def with_a_log_of_another_kind(data: Path) -> None:
    first = min((data / "messages" / "_delta_log").glob("*.json"))
    first.write_text(json.dumps({"protocol": {"minReaderVersion": 99, "minWriterVersion": 99}}))


def without_a_file(data: Path) -> None:
    for path in (data / "messages").rglob("*.parquet"):
        path.unlink()
    # What makes a collector look into the files.
    shutil.rmtree(data / "state")


def of_somebody_else(data: Path) -> None:
    shutil.rmtree(data / "messages")
    write_deltalake(data / "messages", pa.table({"song": ["a"]}))


def with_holiday_pictures(data: Path) -> None:
    shutil.rmtree(data / "messages")
    (data / "messages").mkdir()
    (data / "messages" / "beach.jpg").write_bytes(b"\xff\xd8")


SAID: dict[Callable[[Path], None], str] = {
    of_the_future: f"has version 99, this chatpulse knows up to {TABLES['messages'].version}: update chatpulse",
    with_a_broken_log: "table 'messages' at ",
    with_a_log_of_another_kind: "table 'messages' at ",
    without_a_file: ".parquet",
    of_somebody_else: "was not written by chatpulse",
    with_holiday_pictures: "is not a Delta table",
}
CASES = [
    *((damage, "replay") for damage in SAID),
    *((damage, "sql") for damage in (of_the_future, without_a_file, of_somebody_else)),
    (of_the_future, "live"),
    (with_a_broken_log, "serve"),
    (with_a_broken_log, "lake compact"),
]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("original") / "chat"


@pytest.fixture
def data(original: Path, chatpulse: Chatpulse, recording: Recording, tmp_path: Path) -> Path:
    """A folder of tables and a record, made once and copied."""
    if not original.exists():
        path, _ = recording(seconds=20)
        done = chatpulse("replay", path, "--speed", "max", "--no-web", "--data", original)
        assert done.returncode == 0
    shutil.copytree(original, tmp_path / "chat")
    return tmp_path / "chat"


def check_refused(done: subprocess.CompletedProcess[str], said: str) -> None:
    *before, last = done.stderr.splitlines()
    assert done.returncode == 1, done.stderr
    assert last.startswith("chatpulse: ")
    assert said in last
    assert all(line.startswith("tables: ") for line in before), done.stderr
    assert done.stdout == ""


@pytest.mark.slow
@pytest.mark.parametrize(("damage", "command"), CASES, ids=[f"{d.__name__}-{c}" for d, c in CASES])
def test_tables_that_cannot_be_used_are_refused(
    damage: Callable[[Path], None], command: str, data: Path, chatpulse: Chatpulse, recording: Recording
) -> None:
    damage(data)

    check_refused(run(command, data, chatpulse, recording), SAID[damage])


def in_the_future(record: Path) -> None:
    with sqlite3.connect(record) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def cut_in_half(record: Path) -> None:
    content = record.read_bytes()
    record.write_bytes(content[: len(content) // 2])


def overwritten(record: Path) -> None:
    record.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 64)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param(in_the_future, "has version 99, this chatpulse reads up to 1: update", id="future"),
        pytest.param(cut_in_half, "is damaged", id="cut"),
        pytest.param(overwritten, "is damaged or not a chatpulse record", id="overwritten"),
    ],
)
def test_a_record_that_cannot_be_used_is_refused(
    damage: Callable[[Path], None], said: str, data: Path, chatpulse: Chatpulse, recording: Recording
) -> None:
    damage(data / "record.db")

    check_refused(run("replay", data, chatpulse, recording), said)


def run(command: str, data: Path, chatpulse: Chatpulse, recording: Recording) -> subprocess.CompletedProcess[str]:
    match command:
        case "replay":
            path, _ = recording(seconds=2, name="other.irc.gz", seed=8)
            return chatpulse("replay", path, "--speed", "max", "--no-web", "--data", data)
        case "live":
            with simulated(per_s=10) as twitch:
                return chatpulse("live", *ROOMS, "--server", twitch.address, "--no-web", "--for", "3", "--data", data)
        case "sql":
            return chatpulse("sql", "select count(text) from messages", "--data", data)
        case "serve":
            return chatpulse("serve", "--port", "0", "--data", data)
        case _:
            return chatpulse(*command.split(), "--data", data)
