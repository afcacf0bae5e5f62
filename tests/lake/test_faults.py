import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from chatpulse.domain.chat import Topic
from chatpulse.domain.tables import TABLES
from chatpulse.errors import (
    ChatPulseError,
    ConnectionLostError,
    DamagedError,
    FutureVersionError,
    InputError,
    StorageFullError,
    UnknownSchemeError,
)
from chatpulse.lake import Tables, TableWriter, compact, query
from chatpulse.lake.store import locate, open_table
from tests.lake.builders import STORED_US, messages

CHAT = Topic.CHAT_MESSAGES
NOWHERE = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s",
    "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true",
    "max_retries": "1", "retry_timeout": "2s", "connect_timeout": "1s",
}  # fmt: skip


def put(folder: str | Path, first: int = 1, last: int = 2) -> int:
    to = TableWriter(str(folder), record_id="record-1")
    return to.write(CHAT, messages(first, last), offsets=(first, last), stored_us=STORED_US)


def log_file(folder: Path, version: int) -> Path:
    return folder / "messages" / "_delta_log" / f"{version:020}.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path)
    return tmp_path


def test_an_unknown_scheme_is_answered_with_those_there_are() -> None:
    with pytest.raises(
        UnknownSchemeError, match=r"'nats://x': no lake backend for 'nats'; there are \['abfss', 'az', 'file'"
    ):
        TableWriter("nats://x", record_id="record-1")


@pytest.mark.parametrize(
    "name", ["per%cent", "per%20cent", "what?", "st*r", "br[ck]t", "back\\slash", "new\nline", "\udc80"]
)
def test_a_path_that_the_engine_cannot_handle_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"cannot have .* in its path: choose another"):
        TableWriter(str(tmp_path / name), record_id="record-1")

    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_folder_for_tables(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    for data in (tmp_path / "notes.txt", tmp_path / "notes.txt" / "deeper"):
        with pytest.raises(InputError, match=r"notes\.txt is a file: name a folder"):
            put(data)
    with pytest.raises(InputError, match="no folder"):
        query(str(tmp_path / "notes.txt"), "SELECT 1")


def test_a_folder_that_cannot_be_made_says_so() -> None:
    with pytest.raises(
        StorageFullError, match=r"'/proc/chat': No such file or directory at /proc/chat: make room, give"
    ):
        put("/proc/chat")


def test_somebody_elses_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages" / "holiday.jpg").write_bytes(b"\xff\xd8")

    with pytest.raises(DamagedError, match="messages is not a Delta table: move it away or choose another --data"):
        put(tmp_path)


def test_somebody_elses_table_is_left_alone(tmp_path: Path) -> None:
    write_deltalake(tmp_path / "messages", pa.table({"id": ["a"]}))

    with pytest.raises(DamagedError, match=r"messages was not written by chatpulse \(no chatpulse\.version\)"):
        put(tmp_path)
    with pytest.raises(DamagedError, match="not written by chatpulse"):
        query(str(tmp_path), "SELECT * FROM room")


def test_a_table_of_a_newer_chatpulse_is_left_alone(folder: Path) -> None:
    DeltaTable(folder / "messages").alter.set_table_properties({"chatpulse.version": "3"}, raise_if_not_exists=False)

    for work in (lambda: put(folder, 3, 4), lambda: compact(str(folder)), lambda: Tables(str(folder)).row_counts()):
        with pytest.raises(FutureVersionError, match=r"has version 3, this chatpulse knows up to 2: update chatpulse"):
            work()


@pytest.mark.parametrize("content", ["{broken", "\0" * 50, '{"add": {"path": 7}}'], ids=["text", "zeros", "types"])
def test_a_damaged_log_says_which_table(folder: Path, content: str) -> None:
    log_file(folder, 1).write_text(content)

    with pytest.raises(DamagedError, match=r"table 'messages' at .*/messages cannot be read \(") as caught:
        put(folder, 3, 4)

    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_a_log_without_its_beginning_is_damaged(folder: Path) -> None:
    log_file(folder, 0).unlink()

    with pytest.raises(DamagedError, match="restore it from a copy"):
        Tables(str(folder)).row_counts()


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_a_damaged_file_says_so_and_names_it(folder: Path, damage: str) -> None:
    (path,) = folder.rglob("date=*/*.parquet")
    path.unlink() if damage == "missing" else path.write_bytes(path.read_bytes()[:100])

    for work in (
        lambda: query(str(folder), "SELECT count(*) FROM messages"),
        lambda: Tables(str(folder)).recent("messages", limit=1),
        lambda: list(Tables(str(folder)).ids()),
    ):
        with pytest.raises(DamagedError, match="part-00000-"):
            work()


def test_a_file_that_goes_missing_behind_others_is_damage_too(folder: Path) -> None:
    put(folder, 3, 4)
    newest = max(folder.rglob("date=*/*.parquet"), key=lambda path: path.stat().st_mtime_ns)
    newest.unlink()
    put(folder, 5, 6)

    with pytest.raises(DamagedError, match=newest.name):
        query(str(folder), "SELECT id FROM messages")
    with pytest.raises(DamagedError, match="cannot be read"):
        compact(str(folder))


def test_a_store_that_does_not_answer_can_be_tried_again() -> None:
    with pytest.raises(ConnectionLostError, match="'s3://bucket/chat': table 'messages' cannot be reached") as caught:
        TableWriter("s3://bucket/chat", record_id="record-1", storage_options=NOWHERE)

    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), StorageFullError),
        (OSError(errno.EROFS, "Read-only file system"), StorageFullError),
        (PermissionError(errno.EACCES, "Permission denied"), StorageFullError),
        (OSError(errno.EIO, "Input/output error"), DamagedError),
    ],
    ids=["full", "read-only", "right", "broken"],
)
def test_what_goes_wrong_in_mid_commit_is_translated_and_can_be_repeated(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, kind: type[ChatPulseError]
) -> None:
    to = TableWriter(str(folder), record_id="record-1")

    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("deltalake.write_deltalake", fail)
        with pytest.raises(kind, match="table 'messages'"):
            to.write(CHAT, messages(3, 4), offsets=(3, 4), stored_us=STORED_US)

    assert to.write(CHAT, messages(3, 4), offsets=(3, 4), stored_us=STORED_US) == 2
    assert query(str(folder), "SELECT count(*), count(DISTINCT id) FROM messages").rows() == [(4, 4)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte, where this system lets a test have one."""
    where = tmp_path / "disk"
    where.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", where], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a tmpfs")
    yield where
    subprocess.run(["umount", "-l", where], check=True)


def test_a_full_disk_stops_writing_until_there_is_room(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    to = TableWriter(str(small_disk), record_id="record-1")
    to.write(CHAT, messages(1, 2), offsets=(1, 2), stored_us=STORED_US)
    ballast.write_bytes(bytes(800_000))

    with pytest.raises(StorageFullError, match=r"MB free, .* MB wanted for the next rows: make room"):
        to.write(CHAT, messages(3, 500), offsets=(3, 500), stored_us=STORED_US)

    ballast.unlink()
    assert to.write(CHAT, messages(3, 500), offsets=(3, 500), stored_us=STORED_US) == 498
    assert query(str(small_disk), "SELECT count(*), count(DISTINCT id) FROM messages").rows() == [(500, 500)]


def test_a_disk_that_is_read_only_is_noticed_at_once(small_disk: Path) -> None:
    put(small_disk)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    with pytest.raises(StorageFullError, match=r"no right to write in .*/disk: make room, give chatpulse the right"):
        put(small_disk, 3, 4)

    assert query(str(small_disk), "SELECT count(*) FROM messages").rows() == [(2,)]


def test_a_disk_that_fills_up_in_mid_write_loses_nothing(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatpulse.lake.write.check_room", lambda *_: None)
    ballast = small_disk / "ballast"
    to = TableWriter(str(small_disk), record_id="record-1")
    to.write(CHAT, messages(1, 2), offsets=(1, 2), stored_us=STORED_US)
    ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - 4_096))

    with pytest.raises(StorageFullError, match="No space left on device"):
        to.write(CHAT, messages(3, 2_000), offsets=(3, 2_000), stored_us=STORED_US)

    ballast.unlink()
    assert to.write(CHAT, messages(3, 2_000), offsets=(3, 2_000), stored_us=STORED_US) == 1_998
    assert query(str(small_disk), "SELECT count(*), count(DISTINCT id) FROM messages").rows() == [(2_000, 2_000)]


def test_an_ordinary_user_is_told_about_missing_rights(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from chatpulse.errors import StorageFullError\n"
        "from chatpulse.lake import TableWriter\n"
        "os.setuid(65534)\n"
        "try: TableWriter(sys.argv[1], record_id='r')\n"
        "except StorageFullError as exc: print(exc)\n"
    )
    tmp_path.chmod(0o555)

    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "chat")], capture_output=True, text=True, check=False
    )

    assert "give chatpulse the right to write there" in done.stdout


def test_a_table_that_is_being_created_is_not_taken_for_somebody_elses(tmp_path: Path) -> None:
    """Another process makes folder and log between two looks of this one: every moment of it counts as no table."""
    stores = [locate(str(tmp_path / str(number))) for number in range(300)]
    with ThreadPoolExecutor(1) as other:
        for store in stores:
            made = other.submit(os.makedirs, store.path("messages") / "_delta_log")
            while not made.done():
                assert open_table(store, TABLES["messages"]) is None
