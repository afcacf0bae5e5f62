"""One owner at a time."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chatpulse.errors import AlreadyRunningError, StorageFullError
from chatpulse.runtime.lock import FileLock

HOLDER = """
import sys, time
from pathlib import Path
from chatpulse.runtime.lock import FileLock
lock = FileLock(Path(sys.argv[1]), what="the diary")
print("held", flush=True)
time.sleep(60)
"""


def test_a_second_owner_is_told_who_the_first_is(tmp_path: Path) -> None:
    first = FileLock(tmp_path / "diary.lock", what="the diary")

    with pytest.raises(AlreadyRunningError) as refused:
        FileLock(tmp_path / "diary.lock", what="the diary")

    assert str(os.getpid()) in str(refused.value)
    assert str(tmp_path / "diary.lock") in str(refused.value)
    first.release()
    FileLock(tmp_path / "diary.lock", what="the diary").release()


def test_the_lock_file_holds_its_owners_pid_and_nothing_of_the_last_one(tmp_path: Path) -> None:
    path = tmp_path / "diary.lock"
    path.write_text("12345678901234567890\n")

    lock = FileLock(path, what="the diary")

    assert path.read_text() == f"{os.getpid()}\n"
    lock.release()


def test_releasing_twice_does_no_harm(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "diary.lock", what="the diary")
    lock.release()
    other = FileLock(tmp_path / "diary.lock", what="the diary")

    lock.release()

    with pytest.raises(AlreadyRunningError):
        FileLock(tmp_path / "diary.lock", what="the diary")
    other.release()


def test_kill_9_lets_the_next_process_in(tmp_path: Path) -> None:
    path = tmp_path / "diary.lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunningError, match=f"process {holder.pid} "):
            FileLock(path, what="the diary")

        holder.send_signal(signal.SIGKILL)
        holder.wait()

        FileLock(path, what="the diary").release()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageFullError, match=r"the diary.*No such file"):
        FileLock(tmp_path / "nowhere" / "diary.lock", what="the diary")
