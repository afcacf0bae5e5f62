import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError

from chatpulse.domain.chat import Moderation, ModerationKind, TimeKind, Topic
from chatpulse.errors import ConnectionLostError, InputError
from chatpulse.lake import TableWriter, compact, mark_deleted, needs_compaction, query
from chatpulse.lake.store import locate
from chatpulse.lake.views import MARKED_MESSAGES, Views
from tests.lake.builders import SECOND_US, START_US, STORED_US, message, messages, moderation

CHAT = Topic.CHAT_MESSAGES
DAY_S = 86_400
ROOT = Path(__file__).parents[2]


@pytest.fixture
def to(tmp_path: Path) -> TableWriter:
    return TableWriter(str(tmp_path), record_id="record-1")


def marked(folder: Path) -> dict[str, float]:
    """Which messages are marked as removed, and how many seconds after the start that was."""
    with Views(locate(str(folder)), ["messages"]) as views:
        found = views.run("SELECT id, deleted_us FROM messages WHERE deleted_us IS NOT NULL ORDER BY id").to_pylist()
    return {str(row["id"]): (row["deleted_us"] - START_US) / SECOND_US for row in found}


def moderate(to: TableWriter, *events: Moderation, offset: int = 1, stored_us: int = STORED_US) -> None:
    to.write(Topic.MODERATION, events, offsets=(offset, offset + len(events) - 1), stored_us=stored_us)


def test_small_files_become_one_with_the_same_rows(to: TableWriter, tmp_path: Path) -> None:
    for number in range(1, 6):
        to.write(CHAT, [message(number)], offsets=(number, number), stored_us=STORED_US)
    before = query(str(tmp_path), "SELECT * FROM messages ORDER BY id").rows()

    (report,) = compact(str(tmp_path)).tables

    assert (report.table, report.files_before, report.files_after, report.dropped) == ("messages", 5, 1, 0)
    assert report.bytes_after < report.bytes_before
    assert query(str(tmp_path), "SELECT * FROM messages ORDER BY id").rows() == before


def test_replaced_files_stay_for_readers_and_go_when_they_are_old(to: TableWriter, tmp_path: Path) -> None:
    for number in range(1, 4):
        to.write(CHAT, [message(number)], offsets=(number, number), stored_us=STORED_US)
    compact(str(tmp_path))
    kept = len(list(tmp_path.rglob("date=*/*.parquet")))

    (report,) = compact(str(tmp_path), keep_h=0).tables

    assert (kept, report.dropped) == (4, 3)
    assert len(list(tmp_path.rglob("date=*/*.parquet"))) == 1
    assert query(str(tmp_path), "SELECT count(*) FROM messages").rows() == [(3,)]


def test_what_a_killed_writer_left_goes_when_it_is_old(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, [message(1)], offsets=(1, 1), stored_us=STORED_US)
    (path,) = tmp_path.rglob("date=*/*.parquet")
    left = path.with_name("part-00000-left-behind.zstd.parquet")
    left.write_bytes(path.read_bytes())
    compact(str(tmp_path))
    assert left.exists()

    os.utime(left, (time.time() - 7_200, time.time() - 7_200))
    compact(str(tmp_path))

    assert not left.exists()
    assert path.exists()


def test_a_compaction_of_nothing_commits_nothing(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, [message(1)], offsets=(1, 1), stored_us=STORED_US)
    before = DeltaTable(tmp_path / "messages").version()

    (report,) = compact(str(tmp_path)).tables

    assert (report.files_before, report.files_after) == (1, 1)
    assert DeltaTable(tmp_path / "messages").version() == before


def test_old_commits_leave_the_log(to: TableWriter, tmp_path: Path) -> None:
    for number in range(1, 4):
        to.write(CHAT, [message(number)], offsets=(number, number), stored_us=STORED_US)
    log = tmp_path / "messages" / "_delta_log"
    for path in log.glob("*.json"):
        os.utime(path, (time.time() - 200_000, time.time() - 200_000))

    compact(str(tmp_path))

    assert len(list(log.glob("0000000000000000000[0-3].json"))) == 0
    assert to.write(CHAT, messages(1, 5), offsets=(1, 5), stored_us=STORED_US) == 2
    assert query(str(tmp_path), "SELECT count(DISTINCT id), count(*) FROM messages").rows() == [(5, 5)]


def test_many_small_files_ask_for_a_compaction(to: TableWriter, tmp_path: Path) -> None:
    for number in range(1, 5):
        to.write(CHAT, [message(number)], offsets=(number, number), stored_us=STORED_US)

    assert [needs_compaction(str(tmp_path), small_files=n) for n in (3, 4)] == [True, False]
    compact(str(tmp_path))
    assert not needs_compaction(str(tmp_path), small_files=1)


def test_a_deleted_message_is_marked_by_its_id(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, messages(1, 9), offsets=(1, 9), stored_us=STORED_US)
    moderate(to, moderation(1, ModerationKind.DELETE, after_s=30, message_id="m000004"))

    assert mark_deleted(str(tmp_path)) == 1
    assert marked(tmp_path) == {"m000004": 30}


def test_a_single_message_may_be_deleted_hours_later_and_by_another_clock(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, [message(-80_000), message(5)], offsets=(1, 2), stored_us=STORED_US)
    moderate(
        to,
        moderation(1, ModerationKind.DELETE, after_s=0, message_id="m-80000"),
        moderation(2, ModerationKind.DELETE, after_s=0, message_id="m000005"),
    )

    assert mark_deleted(str(tmp_path)) == 2


@pytest.mark.parametrize("kind", [ModerationKind.TIMEOUT, ModerationKind.BAN])
@pytest.mark.parametrize(
    "target",
    [{"target_id": "u3"}, {"target_login": "viewer3"}, {"target_id": "u3", "target_login": "renamed"}],
    ids=["id", "login", "both"],
)
def test_a_silenced_user_loses_what_was_shown(
    to: TableWriter, tmp_path: Path, kind: ModerationKind, target: dict[str, str]
) -> None:
    elsewhere = message(13, id="elsewhere", channel="borealis")
    said = [message(3 - DAY_S), *messages(1, 40), elsewhere]
    to.write(CHAT, said, offsets=(1, len(said)), stored_us=STORED_US)
    moderate(to, moderation(1, kind, after_s=25, **target))

    assert mark_deleted(str(tmp_path)) == 3
    assert marked(tmp_path) == {"m000003": 25, "m000013": 25, "m000023": 25}


def test_an_id_decides_where_both_sides_have_one(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, [message(3, user_id="u99"), message(13, user_id="")], offsets=(1, 2), stored_us=STORED_US)
    moderate(to, moderation(1, ModerationKind.BAN, after_s=25, target_id="u3", target_login="viewer3"))

    mark_deleted(str(tmp_path))

    assert marked(tmp_path) == {"m000013": 25}


def test_a_cleared_chat_loses_everything_shown(to: TableWriter, tmp_path: Path) -> None:
    said = [
        message(-1 - DAY_S),
        message(-DAY_S),
        message(0),
        message(1),
        message(0, id="elsewhere", channel="borealis"),
    ]
    to.write(CHAT, said, offsets=(1, 5), stored_us=STORED_US)
    moderate(to, moderation(1, ModerationKind.CLEAR, after_s=0))

    mark_deleted(str(tmp_path))

    assert marked(tmp_path) == {"m-86400": 0, "m000000": 0}


def test_without_times_nobody_can_say_what_was_shown(to: TableWriter, tmp_path: Path) -> None:
    none = {"ts_us": START_US, "time_kind": TimeKind.NONE}
    to.write(CHAT, [message(3, **none), message(4, **none)], offsets=(1, 2), stored_us=STORED_US)
    moderate(
        to,
        moderation(1, ModerationKind.BAN, after_s=0, target_id="u3"),
        moderation(2, ModerationKind.DELETE, after_s=0, message_id="m000004"),
    )

    mark_deleted(str(tmp_path))

    assert marked(tmp_path) == {"m000004": 0}


def test_the_first_removal_counts(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, messages(1, 5), offsets=(1, 5), stored_us=STORED_US)
    moderate(to, moderation(1, ModerationKind.DELETE, after_s=0, message_id="m000002"))
    mark_deleted(str(tmp_path))
    moderate(
        to,
        moderation(2, ModerationKind.CLEAR, after_s=40),
        moderation(3, ModerationKind.DELETE, after_s=20, message_id="m000004"),
        offset=2,
    )

    assert mark_deleted(str(tmp_path)) == 4
    assert marked(tmp_path) == {"m000001": 40, "m000002": 0, "m000003": 40, "m000004": 20, "m000005": 40}


def test_what_is_marked_is_not_marked_again(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, messages(1, 5), offsets=(1, 5), stored_us=STORED_US)
    moderate(to, moderation(1, ModerationKind.CLEAR, after_s=3))
    counts = [mark_deleted(str(tmp_path)), mark_deleted(str(tmp_path))]
    version = DeltaTable(tmp_path / "messages").version()

    moderate(to, moderation(2, ModerationKind.CLEAR, after_s=9), offset=2, stored_us=STORED_US + 9)
    counts.append(mark_deleted(str(tmp_path)))

    assert counts == [3, 0, 2]
    assert DeltaTable(tmp_path / "messages").version() == version + 1


def test_a_message_that_is_stored_after_its_removal_is_marked_too(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, messages(1, 5), offsets=(1, 5), stored_us=STORED_US)
    moderate(to, moderation(1, ModerationKind.CLEAR, after_s=8))
    mark_deleted(str(tmp_path))

    to.write(CHAT, messages(6, 9), offsets=(6, 9), stored_us=STORED_US + SECOND_US)

    assert mark_deleted(str(tmp_path)) == 3


def test_a_message_that_is_imported_hours_after_its_removal_is_marked_too(to: TableWriter, tmp_path: Path) -> None:
    hours_us = 5 * 3_600 * SECOND_US
    to.write(CHAT, messages(1, 2), offsets=(1, 2), stored_us=STORED_US)
    moderate(to, moderation(1, ModerationKind.CLEAR, after_s=8))
    mark_deleted(str(tmp_path))

    to.write(CHAT, [message(-595), message(9)], offsets=(3, 4), stored_us=STORED_US + hours_us)

    assert mark_deleted(str(tmp_path)) == 1
    assert marked(tmp_path) == {"m-00595": 8, "m000001": 8, "m000002": 8}


def test_a_recording_is_compared_with_its_own_moderation_only(to: TableWriter, tmp_path: Path) -> None:
    def of(video: str) -> dict[str, Any]:
        return {"time_kind": TimeKind.OFFSET, "video_id": video}

    said = [message(1, id="mine", **of("v1")), message(1, id="other", **of("v2")), message(1, id="live")]
    to.write(CHAT, said, offsets=(1, 3), stored_us=STORED_US)
    moderate(to, moderation(1, ModerationKind.CLEAR, after_s=8, **of("v1")))

    mark_deleted(str(tmp_path))

    assert marked(tmp_path) == {"mine": 8}


def test_how_far_back_a_timeout_reaches_can_be_set(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, [message(3), message(13), message(23)], offsets=(1, 3), stored_us=STORED_US)
    moderate(to, moderation(1, ModerationKind.TIMEOUT, after_s=24, target_id="u3"))

    assert mark_deleted(str(tmp_path), cover_us=15 * SECOND_US) == 2
    assert marked(tmp_path) == {"m000013": 24, "m000023": 24}


def test_a_search_that_found_nothing_for_long_is_remembered(to: TableWriter, tmp_path: Path) -> None:
    half_an_hour_us = 1_800 * SECOND_US
    to.write(CHAT, messages(1, 2), offsets=(1, 2), stored_us=STORED_US)
    moderate(to, moderation(1, ModerationKind.BAN, after_s=8, target_id="u77"))
    mark_deleted(str(tmp_path))
    first = DeltaTable(tmp_path / "messages").transaction_version(MARKED_MESSAGES)

    to.write(CHAT, [message(3)], offsets=(3, 3), stored_us=STORED_US + half_an_hour_us)
    mark_deleted(str(tmp_path))

    assert first == DeltaTable(tmp_path / "messages").transaction_version(MARKED_MESSAGES) == STORED_US


def test_compaction_marks_on_its_way(to: TableWriter, tmp_path: Path) -> None:
    to.write(CHAT, messages(1, 5), offsets=(1, 5), stored_us=STORED_US)
    moderate(to, moderation(1, ModerationKind.CLEAR, after_s=3))

    report = compact(str(tmp_path))

    assert {table.table: table.marked for table in report.tables} == {"messages": 3, "moderation": 0}


def test_a_marking_that_lost_a_race_is_tried_again(
    to: TableWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to.write(CHAT, messages(1, 5), offsets=(1, 5), stored_us=STORED_US)
    moderate(to, moderation(1, ModerationKind.CLEAR, after_s=3))
    losses, really = iter(range(2)), DeltaTable.merge

    def race(*args: Any, **kwargs: Any) -> Any:
        if next(losses, None) is not None:
            raise CommitFailedError("somebody was faster")
        return really(*args, **kwargs)

    monkeypatch.setattr(DeltaTable, "merge", race)

    assert mark_deleted(str(tmp_path)) == 3


def test_a_table_that_changes_too_fast_is_named(
    to: TableWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to.write(CHAT, messages(1, 5), offsets=(1, 5), stored_us=STORED_US)

    def lose(*_: Any, **__: Any) -> None:
        raise CommitFailedError("somebody was faster")

    monkeypatch.setattr(DeltaTable, "vacuum", lose)
    monkeypatch.setattr("deltalake.write_deltalake", lose)

    with pytest.raises(ConnectionLostError, match="changes too fast"):
        compact(str(tmp_path))
    with pytest.raises(ConnectionLostError, match="8 commits of others came first"):
        to.write(CHAT, messages(6, 7), offsets=(6, 7), stored_us=STORED_US)


def test_marking_needs_both_tables(to: TableWriter, tmp_path: Path) -> None:
    moderate(to, moderation(1, ModerationKind.CLEAR, after_s=3))

    assert mark_deleted(str(tmp_path)) == 0


def test_a_folder_that_is_not_there_is_not_compacted(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        compact(str(tmp_path / "nowhere"))


WRITER = """
import sys
from chatpulse.domain.chat import ModerationKind, Topic
from chatpulse.lake import TableWriter
from tests.lake.builders import STORED_US, messages, moderation
to = TableWriter(sys.argv[1], record_id="record-1")
for n in range(int(sys.argv[2])):
    first = 1 + 10 * n
    to.write(Topic.CHAT_MESSAGES, messages(first, first + 9), offsets=(first, first + 9), stored_us=STORED_US + n)
    removed = moderation(n, ModerationKind.DELETE, after_s=first + 20, message_id=f"m{first:06}")
    to.write(Topic.MODERATION, [removed], offsets=(n + 1, n + 1), stored_us=STORED_US + n)
"""


@pytest.mark.slow
def test_writer_compactor_and_reader_do_not_disturb_each_other(tmp_path: Path) -> None:
    """A writer in another process, and compaction and queries here, as fast as all of them can."""
    commits, counts, compactions = 150, [0], 0
    (tmp_path / "messages").parent.mkdir(exist_ok=True)
    with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(commits)], cwd=ROOT) as child:
        failures: list[BaseException] = []

        def read() -> None:
            try:
                while child.poll() is None:
                    counts.append(int(str(query(str(tmp_path), "SELECT count(*) FROM messages").rows()[0][0])))
            except BaseException as exc:  # noqa: BLE001 - handed to the test
                failures.append(exc)

        reader = threading.Thread(target=read)
        reader.start()
        while child.poll() is None:
            compact(str(tmp_path))
            compactions += 1
        reader.join()

    assert (child.returncode, failures) == (0, [])
    compact(str(tmp_path), keep_h=0)
    found = query(str(tmp_path), "SELECT count(*), count(DISTINCT id), count(deleted_us) FROM messages").rows()
    assert found == [(commits * 10, commits * 10, commits)]
    assert counts == sorted(counts)
    assert compactions >= 3
