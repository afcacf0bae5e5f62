import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError

from chatpulse.domain.chat import ModerationKind, Topic
from chatpulse.errors import DamagedError
from chatpulse.lake import Tables, TableWriter, compact, query, write
from chatpulse.lake.store import one_line
from tests.lake.builders import SECOND_US, START_US, STORED_US, message, messages, moderation, raid, scored

CHAT = Topic.CHAT_MESSAGES
ROOT = Path(__file__).parents[2]


def writer(folder: Path, record_id: str = "record-1") -> TableWriter:
    return TableWriter(str(folder), record_id=record_id, scorer="linear", scorer_version="3")


def put(to: TableWriter, first: int, last: int) -> int:
    """Write the messages with these offsets."""
    said = messages(first, last)
    return to.write(CHAT, said, offsets=(first, last), scored=[scored()] * len(said), stored_us=STORED_US)


def stored(folder: Path) -> list[str]:
    return [str(row["id"]) for row in query(str(folder), "SELECT id FROM messages ORDER BY id").objects()]


def expected(first: int, last: int) -> list[str]:
    return [said.id for said in messages(first, last)]


def test_what_is_written_is_found_again(tmp_path: Path) -> None:
    to = writer(tmp_path / "new" / "chat")

    rows = put(to, 1, 3)

    assert rows == 3
    assert stored(tmp_path / "new" / "chat") == expected(1, 3)


def test_each_topic_has_its_table(tmp_path: Path) -> None:
    to = writer(tmp_path)
    put(to, 1, 2)

    to.write(Topic.EVENTS, [raid(1)], offsets=(1, 1), stored_us=STORED_US)
    to.write(Topic.MODERATION, [moderation(1, ModerationKind.CLEAR, after_s=9)], offsets=(1, 1), stored_us=STORED_US)

    assert {name: rows for name, (_, rows) in Tables(str(tmp_path)).row_counts().items()} == {
        "messages": 2,
        "events": 1,
        "moderation": 1,
    }


@pytest.mark.parametrize("fresh", [False, True], ids=["same writer", "fresh writer"])
def test_a_range_that_is_there_is_not_written_again(tmp_path: Path, *, fresh: bool) -> None:
    to = writer(tmp_path)
    put(to, 1, 5)
    again = writer(tmp_path) if fresh else to

    rows = [put(again, 1, 5), put(again, 3, 5)]

    assert rows == [0, 0]
    assert stored(tmp_path) == expected(1, 5)


def test_of_a_range_that_is_half_there_the_other_half_is_written(tmp_path: Path) -> None:
    put(writer(tmp_path), 1, 5)
    scores = [scored(valence=n / 10) for n in range(6)]

    rows = writer(tmp_path).write(CHAT, messages(3, 8), offsets=(3, 8), scored=scores, stored_us=STORED_US)

    assert rows == 3
    assert stored(tmp_path) == expected(1, 8)
    found = query(str(tmp_path), "SELECT valence FROM messages WHERE id > 'm000005' ORDER BY id").rows()
    assert found == [(0.3,), (0.4,), (0.5,)]


def test_a_range_with_holes_is_refused_when_half_of_it_is_there(tmp_path: Path) -> None:
    to = writer(tmp_path)
    put(to, 1, 5)

    with pytest.raises(DamagedError, match="3 to 9 hold 2 events, and the table has those up to 5"):
        to.write(CHAT, messages(8, 9), offsets=(3, 9), stored_us=STORED_US)


def test_topics_and_records_are_counted_apart(tmp_path: Path) -> None:
    put(writer(tmp_path), 1, 5)

    other = writer(tmp_path, "record-2")
    rows = other.write(CHAT, [message(6), message(7)], offsets=(1, 2), stored_us=STORED_US)
    raids = other.write(Topic.EVENTS, [raid(1)], offsets=(1, 1), stored_us=STORED_US)

    assert (rows, raids) == (2, 1)
    assert Tables(str(tmp_path)).positions("record-1") == {CHAT: 5}
    assert Tables(str(tmp_path)).positions("record-2") == {CHAT: 2, Topic.EVENTS: 1}


def test_a_writer_that_looked_before_another_wrote_stores_nothing_twice(tmp_path: Path) -> None:
    first, second = writer(tmp_path), writer(tmp_path)
    put(first, 1, 2)
    put(second, 3, 4)  # both have looked at the table now

    rows = [put(first, 3, 6), put(second, 5, 7)]

    assert rows == [2, 1]
    assert stored(tmp_path) == expected(1, 7)


def test_a_commit_that_lost_a_race_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    to, losses = writer(tmp_path), iter(range(2))
    put(to, 1, 2)
    really: Any = write_deltalake

    def race(*args: object, **kwargs: object) -> None:
        if next(losses, None) is not None:
            raise CommitFailedError("somebody was faster")
        really(*args, **kwargs)

    monkeypatch.setattr("deltalake.write_deltalake", race)

    assert put(to, 3, 4) == 2
    assert stored(tmp_path) == expected(1, 4)


def test_a_compaction_in_between_does_not_disturb_a_writer(tmp_path: Path) -> None:
    to = writer(tmp_path)
    for first in range(1, 21, 5):
        put(to, first, first + 4)
        compact(str(tmp_path), keep_h=0)

    assert put(to, 16, 25) == 5
    assert stored(tmp_path) == expected(1, 25)


def test_rows_of_two_days_go_into_two_folders(tmp_path: Path) -> None:
    late = message(2, ts_us=START_US + 86_400 * SECOND_US)

    writer(tmp_path).write(CHAT, [message(1), late], offsets=(1, 2), stored_us=STORED_US)

    folders = sorted(path.name for path in (tmp_path / "messages").iterdir())
    assert folders == ["_delta_log", "date=2026-09-21", "date=2026-09-22"]


def test_neither_names_nor_log_nor_statistics_carry_chat(tmp_path: Path) -> None:
    secret = {"text": "zebrasecret", "user_login": "zebrasecret", "user_name": "zebrasecret", "user_id": "zebrasecret"}
    removed = moderation(1, ModerationKind.BAN, after_s=99, target_id="zebrasecret", target_login="zebrasecret")
    to = writer(tmp_path)
    for number in range(1, 4):
        said = [message(number, **secret)]
        to.write(CHAT, said, offsets=(number, number), scored=[scored()], stored_us=STORED_US)
    to.write(Topic.MODERATION, [removed], offsets=(1, 1), stored_us=STORED_US)

    report = compact(str(tmp_path), keep_h=0)
    DeltaTable(tmp_path / "messages").create_checkpoint()

    assert report.tables[0].marked == 3
    logs = [path for path in tmp_path.rglob("_delta_log/*") if path.is_file()]
    assert {path.suffix for path in logs} >= {".json", ".parquet"}
    assert not any("zebra" in str(path) for path in tmp_path.rglob("*"))
    for path in logs:
        content = str(pq.read_table(path).to_pylist()) if path.suffix == ".parquet" else path.read_text()
        assert "zebra" not in content
        assert all(set(least) <= {"ts_us"} for least in least_values(content))


def least_values(log: str) -> list[dict[str, object]]:
    """Least values of every file that a log file adds."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [json.loads(line["add"]["stats"])["minValues"] for line in lines if "add" in line]


def test_parquet_files_hold_no_least_and_greatest_text(tmp_path: Path) -> None:
    put(writer(tmp_path), 1, 9)
    (path,) = (tmp_path / "messages").rglob("date=*/*.parquet")

    group = pq.ParquetFile(path).metadata.row_group(0)

    columns = [group.column(number) for number in range(group.num_columns)]
    assert {column.path_in_schema for column in columns if column.is_stats_set} == {
        "ts",
        "ts_us",
        "received_us",
        "stored_us",
    }


def test_deleting_a_row_would_rewrite_its_file(tmp_path: Path) -> None:
    put(writer(tmp_path), 1, 9)
    table = DeltaTable(tmp_path / "messages")

    table.delete("id = 'm000003'")

    assert table.metadata().configuration["delta.enableDeletionVectors"] == "false"
    (path,) = table.file_uris()
    assert pq.ParquetFile(path).metadata.num_rows == 8


def test_the_log_is_summed_up_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "CHECKPOINT_COMMITS", 3)
    to = writer(tmp_path)

    for number in range(1, 8):
        put(to, number, number)

    assert sorted(int(path.name[:20]) for path in tmp_path.rglob("*.checkpoint.parquet")) == [3, 6]
    assert put(writer(tmp_path), 1, 7) == 0
    assert stored(tmp_path) == expected(1, 7)


def test_a_commit_that_a_kill_left_half_done_is_invisible(tmp_path: Path) -> None:
    put(writer(tmp_path), 1, 5)
    (path,) = (tmp_path / "messages").rglob("date=*/*.parquet")
    shutil.copy(path, path.with_name("part-00000-left-behind.zstd.parquet"))
    (tmp_path / "messages" / "_delta_log" / "00000000000000000002.json#1").write_text('{"add"')

    assert put(writer(tmp_path), 1, 8) == 3
    assert stored(tmp_path) == expected(1, 8)


def test_a_table_whose_creation_was_killed_is_created_again(tmp_path: Path) -> None:
    (tmp_path / "messages" / "_delta_log").mkdir(parents=True)

    assert put(writer(tmp_path), 1, 2) == 2


KILLED = """
import sys
from chatpulse.domain.chat import Topic
from chatpulse.lake import TableWriter
from tests.lake.builders import STORED_US, messages
to = TableWriter(sys.argv[1], record_id="record-1")
first = int(sys.argv[2])
while True:
    to.write(Topic.CHAT_MESSAGES, messages(first, first + 9), offsets=(first, first + 9), stored_us=STORED_US)
    print(first + 9, flush=True)
    first += 10
"""


@pytest.mark.slow
def test_a_kill_in_mid_commit_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    acknowledged = 0
    for delay_ms in range(5, 165, 10):
        # What was acknowledged last is written again, as a record does whose commit was lost with the process.
        begin = str(max(acknowledged - 9, 1))
        command = [sys.executable, "-c", KILLED, str(tmp_path), begin]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
            assert child.stdout is not None
            # The first is there already, the second is new.
            said = [int(child.stdout.readline()) for _ in range(2)]
            threading.Timer(delay_ms / 1_000, child.kill).start()
            said += [int(line) for line in child.stdout if line.endswith("\n")]
        acknowledged = max([acknowledged, *said])

        there = stored(tmp_path)
        assert there == expected(1, len(there))
        assert acknowledged <= len(there) <= acknowledged + 10
    assert acknowledged >= 160


@pytest.mark.slow
def test_commits_cost_the_same_after_hundreds_of_them(tmp_path: Path) -> None:
    to = writer(tmp_path)

    for number in range(1, 301):
        put(to, number, number)
        if number % 100 == 0:
            compact(str(tmp_path), keep_h=0)

    files = DeltaTable(tmp_path / "messages").file_uris()
    assert len(files) == 1
    assert stored(tmp_path) == expected(1, 300)


def test_messages_of_engines_become_one_line() -> None:
    said = "Generic error\n     \x1b[31m↳\x1b[0m No space left (os error 28)\n   0: <unknown>\n   1: clone3\n"

    assert one_line(said) == "Generic error No space left (os error 28)"
