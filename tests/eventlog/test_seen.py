"""The index of every id ever stored."""

import os
import random
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatpulse.errors import AlreadyRunningError, StorageFullError
from chatpulse.eventlog.seen import SeenIndex


def ids(first: int, last: int) -> list[str]:
    """Some are UUIDs and some are not; spread as real ones are."""
    rng = random.Random(first)
    return [
        str(UUID(int=rng.getrandbits(128), version=4)) if number % 3 else f"hash-{number}"
        for number in range(first, last + 1)
    ]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SeenIndex]:
    index = SeenIndex.open(tmp_path / "seen", capacity=100)
    yield index
    index.close()


def reopened(index: SeenIndex, tmp_path: Path) -> SeenIndex:
    index.close()
    return SeenIndex.open(tmp_path / "seen", capacity=100)


def test_an_id_is_new_once(index: SeenIndex) -> None:
    assert index.fresh(["a", "b", "a"]) == [True, True, False]
    assert index.fresh(["c", "b"]) == [True, False]
    assert index.count == 3


def test_a_check_alone_holds_nothing(index: SeenIndex) -> None:
    assert index.check(["a", "a"]) == [True, False]
    assert index.check(["a"]) == [True]

    index.add(["a"])

    assert index.check(["a"]) == [False]


def test_ids_are_found_after_many_flushes(index: SeenIndex) -> None:
    for start in range(1, 2001, 50):
        assert all(index.fresh(ids(start, start + 49)))
        if index.due:
            index.flush(mark=start, basis=None)

    found = [flag for start in range(1, 2001, 50) for flag in index.check(ids(start, start + 49))]

    assert not any(found)
    assert index.count == 2000
    assert all(index.check(ids(5001, 5100)))


def test_the_number_of_files_grows_slowly(index: SeenIndex, tmp_path: Path) -> None:
    most = 0
    for start in range(1, 3201, 100):
        index.fresh(ids(start, start + 99))
        index.flush(mark=None, basis=None)
        most = max(most, len(list((tmp_path / "seen").glob("*.run"))))

    assert most <= 3


def test_memory_is_due_at_its_capacity(index: SeenIndex) -> None:
    index.fresh(ids(1, 99))
    before = index.due
    index.fresh(ids(100, 100))

    assert (before, index.due) == (False, True)

    index.flush(mark=None, basis=None)
    assert not index.due


def test_what_was_flushed_is_there_after_a_restart_with_its_mark(index: SeenIndex, tmp_path: Path) -> None:
    index.fresh(ids(1, 30))
    index.flush(mark={"chat_messages": 30}, basis={"messages": ["t1", 30]})
    index.fresh(ids(31, 40))

    again = reopened(index, tmp_path)

    assert (again.count, again.mark, again.basis) == (30, {"chat_messages": 30}, {"messages": ["t1", 30]})
    assert again.check(ids(1, 30)) == [False] * 30
    assert again.check(ids(31, 40)) == [True] * 10


def test_a_flush_of_nothing_moves_the_mark(index: SeenIndex, tmp_path: Path) -> None:
    index.flush(mark=1, basis=None)
    index.flush(mark=2, basis=None)

    again = reopened(index, tmp_path)

    assert (again.count, again.mark) == (0, 2)


def test_a_rebuild_holds_the_given_ids_and_forgets_the_others(index: SeenIndex, tmp_path: Path) -> None:
    index.fresh(["old"])
    index.flush(mark=7, basis="old tables")
    index.fresh(["older"])

    index.rebuild(ids(start, start + 59) for start in range(1, 601, 30))

    assert (index.mark, index.basis) == (None, None)
    assert index.check(["old", "older", *ids(1, 2)]) == [True, True, False, False]
    index.flush(mark=None, basis="new tables")
    again = reopened(index, tmp_path)
    assert again.basis == "new tables"
    assert not any(flag for start in range(1, 601, 30) for flag in again.check(ids(start, start + 59)))


def test_a_rebuild_that_was_cut_off_does_not_pass_for_whole(index: SeenIndex, tmp_path: Path) -> None:
    def cut_off() -> Iterator[list[str]]:
        yield ids(1, 50)
        raise KeyboardInterrupt

    index.flush(mark=7, basis="tables")
    with pytest.raises(KeyboardInterrupt):
        index.rebuild(cut_off())

    assert reopened(index, tmp_path).basis is None


@pytest.mark.parametrize("harm", ["no manifest", "half a manifest", "newer manifest", "no run", "cut run", "empty run"])
def test_a_damaged_index_opens_empty(index: SeenIndex, tmp_path: Path, harm: str) -> None:
    index.fresh(ids(1, 30))
    index.flush(mark=1, basis=2)
    index.close()
    (run,) = (tmp_path / "seen").glob("*.run")
    manifest = tmp_path / "seen" / "manifest.json"
    if harm == "no manifest":
        manifest.unlink()
    elif harm == "half a manifest":
        manifest.write_bytes(manifest.read_bytes()[:-5])
    elif harm == "newer manifest":
        manifest.write_bytes(manifest.read_bytes().replace(b'"v":1', b'"v":2'))
    elif harm == "no run":
        run.unlink()
    else:
        os.truncate(run, 0 if harm == "empty run" else run.stat().st_size - 1)

    again = SeenIndex.open(tmp_path / "seen")

    assert (again.count, again.mark, again.basis) == (0, None, None)
    assert again.fresh(ids(1, 1)) == [True]


def test_files_left_by_a_crash_are_removed(index: SeenIndex, tmp_path: Path) -> None:
    index.close()
    (tmp_path / "seen" / "99999999.run").write_bytes(b"half")

    reopened(index, tmp_path).close()

    assert not list((tmp_path / "seen").glob("*.run"))


@pytest.mark.usefixtures("index")
def test_one_process_holds_the_index(tmp_path: Path) -> None:
    with pytest.raises(AlreadyRunningError, match=str(os.getpid())):
        SeenIndex.open(tmp_path / "seen")


def test_a_folder_that_cannot_be_made_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StorageFullError, match=r"seen.*Not a directory.*--state"):
        SeenIndex.open(tmp_path / "file" / "seen")


FULL_DISK = """
import resource, sys
from pathlib import Path
from chatpulse.errors import StorageFullError
from chatpulse.eventlog.seen import SeenIndex

index = SeenIndex.open(Path(sys.argv[1]))
ids = [f"id-{number}" for number in range(2000)]
index.fresh(ids[:1000])
index.flush(mark=1, basis=None)
index.fresh(ids[1000:])
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
try:
    index.flush(mark=2, basis=None)
except StorageFullError as exc:
    print(exc, index.mark, len(list(Path(sys.argv[1]).glob("*.run"))))
assert not any(index.check(ids))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
index.flush(mark=2, basis=None)
assert not any(index.check(ids))
print(index.mark, index.count)
"""


def test_a_flush_to_a_full_disk_changes_nothing_and_works_later(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "seen")], capture_output=True, text=True, check=True
    ).stdout.splitlines()

    assert said[0].endswith("make room there or give another --state 1 1")
    assert said[1] == "2 2000"


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(st.integers(0, 60), max_size=12), max_size=25), st.data())
def test_the_index_agrees_with_a_set(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[int]], data: st.DataObject
) -> None:
    index = SeenIndex.open(tmp_path_factory.mktemp("seen"), capacity=5)
    names = ids(0, 60)
    seen: set[str] = set()
    for batch in batches:
        asked = [names[number] for number in batch]
        expected = [name not in seen and name not in asked[:at] for at, name in enumerate(asked)]

        assert index.fresh(asked) == expected

        seen.update(asked)
        if data.draw(st.booleans()):
            index.flush(mark=None, basis=None)
    assert index.count == len(seen)
    index.close()


@pytest.mark.slow
def test_a_million_ids_take_little_memory(tmp_path: Path) -> None:
    index = SeenIndex.open(tmp_path / "seen")
    rng = random.Random(1)
    index.fresh(ids(1, 70_000))
    index.flush(mark=None, basis=None)
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(2000):
        index.fresh([rng.randbytes(8).hex() for _ in range(500)])
        if index.due:
            index.flush(mark=None, basis=None)
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib

    assert index.count == 1_070_000
    assert grown_kib <= 20 * 1024
    index.close()


def test_pages_that_were_let_go_come_back(tmp_path: Path) -> None:
    index = SeenIndex.open(tmp_path, capacity=100)
    index.fresh(ids(1, 100))
    index.flush(mark=None, basis=None)

    index.let_go()

    assert not any(index.check(ids(1, 100)))
    assert all(index.check(ids(101, 120)))
