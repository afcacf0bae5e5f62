"""The record after `kill -9` and after a power cut."""

import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatpulse.domain.chat import Topic
from chatpulse.eventlog.backends.sqlite_file import RecordFile

APPENDER = Path(__file__).with_name("append_until_killed.py")
TAIL_BYTES = 64 * 1024
EVERYTHING = 10_000_000


def offsets_held(path: Path) -> dict[Topic, int]:
    """Ends of the topics, after checking that each holds 1, 2, 3, ... and nothing else."""
    record = RecordFile.open(path, durability="full", max_bytes=None)
    ends = record.ends()
    for topic in Topic:
        entries = record.read(topic, after=0, limit=EVERYTHING)
        assert [entry.offset for entry in entries] == list(range(1, ends[topic] + 1))
        assert all(entry.body == b"%d" % entry.offset for entry in entries)
    record.close()
    return ends


def kill_at_random(path: Path, *, kills: int) -> None:
    rng = random.Random(11)
    for round_number in range(kills):
        durability = "full" if round_number % 4 == 3 else "normal"
        with subprocess.Popen(
            [sys.executable, APPENDER, f"sqlite:{path}", durability], stdout=subprocess.PIPE, text=True
        ) as appender:
            assert appender.stdout is not None
            said = [appender.stdout.readline()]
            time.sleep(rng.uniform(0, 0.4))
            appender.send_signal(signal.SIGKILL)
            said += appender.stdout.read().splitlines()
        # The last line may be cut: an acknowledgement that nobody heard.
        acked_chat, acked_room = map(int, (said[-2] if len(said) > 1 else said[0]).split())
        ends = offsets_held(path)
        assert ends[Topic.CHAT_MESSAGES] >= acked_chat
        assert ends[Topic.ROOM] >= acked_room


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_doubled_by_kill_9(tmp_path: Path) -> None:
    kill_at_random(tmp_path / "record.sqlite", kills=8)


@pytest.mark.soak
def test_nothing_acknowledged_is_lost_or_doubled_by_100_kills(tmp_path: Path) -> None:
    kill_at_random(tmp_path / "record.sqlite", kills=100)


class PowerCut:
    """A record with commits in its WAL, and what it looks like when the WAL ends early."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "record.sqlite"
        self.cut_path = folder / "cut" / "record.sqlite"
        self.cut_path.parent.mkdir()
        record = RecordFile.open(self.path, durability="full", max_bytes=None)
        self.commits = [(0, record.ends())]
        while self.commits[-1][0] < 3 * TAIL_BYTES:
            chat = record.ends()[Topic.CHAT_MESSAGES]
            record.append({Topic.CHAT_MESSAGES: [b"%d" % n for n in range(chat + 1, chat + 400)]}, appended_us=1)
            record.append({Topic.ROOM: [b"%d" % (record.ends()[Topic.ROOM] + 1)]}, appended_us=1)
            self.commits.append((self.wal.stat().st_size, record.ends()))
        self.data, self.tail = self.path.read_bytes(), self.wal.read_bytes()
        record.close()

    @property
    def wal(self) -> Path:
        return Path(f"{self.path}-wal")

    def check(self, length: int, *, zeros: bool) -> None:
        """Cut the WAL at `length`: what is left is a prefix, and it has every commit that lies wholly before."""
        shutil.rmtree(self.cut_path.parent)
        self.cut_path.parent.mkdir()
        self.cut_path.write_bytes(self.data)
        tail = self.tail[:length] + bytes(len(self.tail) - length if zeros else 0)
        Path(f"{self.cut_path}-wal").write_bytes(tail)
        whole = [ends for size, ends in self.commits if size <= length][-1]

        held = offsets_held(self.cut_path)

        assert all(held[topic] >= whole[topic] for topic in Topic), length


@pytest.fixture
def memory_path(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: what is left of a WAL does not depend on the disk, waiting for it does."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        yield Path(folder)


@pytest.mark.slow
def test_a_power_cut_leaves_every_commit_before_it(memory_path: Path) -> None:
    cut = PowerCut(memory_path)
    rng = random.Random(7)
    end = len(cut.tail)
    edges = [size + step for size, _ in cut.commits[-8:] for step in (-1, 0, 1) if size + step <= end]
    for length in [0, 31, 32, *edges, *rng.sample(range(end - TAIL_BYTES, end), 150)]:
        cut.check(length, zeros=bool(length % 2))


@pytest.mark.soak
@pytest.mark.parametrize("zeros", [False, True], ids=["cut", "zero-filled"])
def test_a_power_cut_at_every_byte_leaves_every_commit_before_it(memory_path: Path, zeros: bool) -> None:  # noqa: FBT001
    cut = PowerCut(memory_path)
    end = len(cut.tail)
    for length in range(end - TAIL_BYTES, end + 1):
        cut.check(length, zeros=zeros)
