"""The record in SQLite: what the port does not say."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chatpulse.domain.chat import Topic
from chatpulse.errors import AlreadyRunningError, DamagedError, FutureVersionError, InputError, StorageFullError
from chatpulse.eventlog.backends.sqlite import SqliteEventLog, path_of
from chatpulse.eventlog.backends.sqlite_file import ROW_BODIES, TRIM_ENTRIES, Durability, Pending, RecordFile
from chatpulse.eventlog.core.encoding import Entry

CHAT, ROOM = Topic.CHAT_MESSAGES, Topic.ROOM
BODY = b'{"v":1,"text":"%s"}' % (b"x" * 700)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.sqlite"


def opened(path: Path, *, max_bytes: int | None = None) -> RecordFile:
    return RecordFile.open(path, durability="normal", max_bytes=max_bytes)


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:/srv/chat.db", "/srv/chat.db"), ("sqlite:///srv/chat.db", "/srv/chat.db"), ("sqlite:a/b", "a/b")],
)
def test_the_url_names_a_file(url: str, path: str) -> None:
    assert path_of(url) == Path(path).absolute()


@pytest.mark.parametrize("url", ["sqlite:", "kafka:x", "chat.db", "sqlite:/tmp"])
def test_a_url_that_names_no_file_is_wrong_use(url: str) -> None:
    with pytest.raises(InputError, match=url):
        path_of(url)


def test_an_unknown_durability_is_wrong_use(path: Path) -> None:
    with pytest.raises(InputError, match=r"normal.*full.*'some'"):
        SqliteEventLog.open(f"sqlite:{path}", durability="some")  # type: ignore[arg-type]


def test_a_folder_with_odd_letters_is_a_folder_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "50% #chat?mode=ro" / "record.sqlite"

    async def story() -> None:
        log = SqliteEventLog.open(f"sqlite:{path}")
        await log.append({CHAT: [b"{}"]})
        await log.close()

    asyncio.run(story())

    assert path.exists()


def test_a_record_keeps_its_name_and_another_has_another(tmp_path: Path) -> None:
    names = []
    for name in ("a.sqlite", "a.sqlite", "b.sqlite"):
        record = opened(tmp_path / name)
        names.append(record.record_id)
        record.close()

    assert names[0] == names[1] != names[2]


def test_a_record_keeps_its_name_when_its_wal_is_lost(path: Path) -> None:
    record = opened(path)
    lost = path.with_name("lost.sqlite")
    lost.write_bytes(path.read_bytes())

    survivor = opened(lost)

    assert survivor.record_id == record.record_id
    survivor.close()
    record.close()


@pytest.mark.parametrize(("durability", "synchronous"), [("normal", 1), ("full", 2)])
def test_durability_full_syncs_every_commit_and_normal_does_not(
    path: Path, durability: Durability, synchronous: int
) -> None:
    record = RecordFile.open(path, durability=durability, max_bytes=None)

    assert record._number("PRAGMA synchronous") == synchronous
    assert record._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert record._number("PRAGMA journal_size_limit") == 64 << 20
    record.close()


def test_a_second_collector_is_told_the_first_ones_pid(path: Path) -> None:
    async def story() -> None:
        first = SqliteEventLog.open(f"sqlite:{path}")
        with pytest.raises(AlreadyRunningError, match=f"{path}.* {os.getpid()} "):
            SqliteEventLog.open(f"sqlite:{path}")
        await first.close()
        await first.close()
        await SqliteEventLog.open(f"sqlite:{path}").close()

    asyncio.run(story())


def test_a_record_that_cannot_be_opened_is_not_held(path: Path) -> None:
    path.write_bytes(b"no database at all, but long enough to look like one" * 30)
    for _ in range(2):
        with pytest.raises(DamagedError, match="not a chatpulse record"):
            SqliteEventLog.open(f"sqlite:{path}")


def test_others_read_beside_the_writer(path: Path) -> None:
    async def story() -> None:
        log = SqliteEventLog.open(f"sqlite:{path}")
        await log.append({CHAT: [b"1", b"2"]})
        await log.commit("g", {CHAT: 1})
        beside = SqliteEventLog.open(f"sqlite:{path}", read_only=True)

        assert beside.record_id == log.record_id
        assert await beside.read(CHAT, "g", limit=9) == [Entry(2, b"2")]
        assert await beside.read(CHAT, "new", limit=9) == [Entry(1, b"1"), Entry(2, b"2")]
        with pytest.raises(InputError, match="read only"):
            await beside.append({CHAT: [b"3"]})

        await log.append({CHAT: [b"3"]})
        assert await beside.read(CHAT, "g", limit=9) == [Entry(3, b"3")]
        assert await beside.ends() == await log.ends() == dict.fromkeys(Topic, 0) | {CHAT: 3}
        await beside.close()
        await log.close()

    asyncio.run(story())


def test_reading_a_record_that_is_not_there_is_wrong_use(path: Path) -> None:
    with pytest.raises(InputError, match="no record at"):
        SqliteEventLog.open(f"sqlite:{path}", read_only=True)

    assert not path.exists()


def test_an_append_larger_than_a_row_comes_back_whole(path: Path) -> None:
    record = opened(path)
    bodies = [b"%d" % number for number in range(1, 2 * ROW_BODIES + 8)]

    record.append({CHAT: bodies}, appended_us=1)

    assert record.read(CHAT, after=0, limit=9_999) == [Entry(n, b) for n, b in enumerate(bodies, 1)]
    assert record.read(CHAT, after=ROW_BODIES - 1, limit=2) == [
        Entry(n, b"%d" % n) for n in (ROW_BODIES, ROW_BODIES + 1)
    ]
    record.close()


def test_a_body_with_a_line_end_is_refused_and_nothing_is_written(path: Path) -> None:
    record = opened(path)

    with pytest.raises(InputError, match="line end"):
        record.append({ROOM: [b"{}"], CHAT: [b"{}", b"{\n}"]}, appended_us=1)

    assert record.ends() == dict.fromkeys(Topic, 0)
    record.close()


def test_a_commit_beyond_the_end_is_refused(path: Path) -> None:
    record = opened(path)
    record.append({CHAT: [b"1"]}, appended_us=1)

    with pytest.raises(InputError, match=r"chat_messages.: 2"):
        record.commit("g", {CHAT: 2})

    assert record.committed("g") == {}
    record.close()


def test_pending_counts_what_a_group_has_not_committed(path: Path) -> None:
    record = opened(path)
    record.append({CHAT: [b"1", b"2"]}, appended_us=10)
    record.append({CHAT: [b"3"], ROOM: [b"1"]}, appended_us=20)
    nothing_done = record.pending("g")
    record.commit("g", {CHAT: 2})
    chat_done = record.pending("g")
    record.commit("g", {CHAT: 3, ROOM: 1})

    assert nothing_done == Pending(entries=4, oldest_us=10)
    assert chat_done == Pending(entries=2, oldest_us=20)
    assert record.pending("g") == Pending(entries=0, oldest_us=None)
    assert record.trim(max_bytes=1 << 40, before_us=15) == 2
    assert record.pending("new") == Pending(entries=2, oldest_us=20)
    record.close()


def test_trimming_by_age_drops_the_old_of_all_topics(path: Path) -> None:
    record = opened(path)
    for at_us in (10, 20, 30):
        record.append({CHAT: [b"1"], ROOM: [b"1", b"2"]}, appended_us=at_us)

    assert record.trim(max_bytes=1 << 40, before_us=21) == 6
    assert [entry.offset for entry in record.read(CHAT, after=0, limit=9)] == [3]
    assert [entry.offset for entry in record.read(ROOM, after=0, limit=9)] == [5, 6]
    record.close()


def test_trimming_by_size_drops_the_oldest_until_the_rest_fits(path: Path) -> None:
    record = opened(path)
    for at_us in range(40):
        record.append({CHAT if at_us % 2 else ROOM: [BODY] * 100}, appended_us=at_us)

    dropped = record.trim(max_bytes=1_500_000, before_us=0)

    assert 1_800 <= dropped <= 2_200
    assert record._used_bytes() <= 1_600_000
    assert abs(record.read(CHAT, after=0, limit=1)[0].offset - record.read(ROOM, after=0, limit=1)[0].offset) <= 100
    record.close()


def test_one_step_of_trimming_is_bounded_and_the_port_takes_them_all(path: Path) -> None:
    async def story() -> None:
        log = SqliteEventLog.open(f"sqlite:{path}")
        for _ in range(5):
            await log.append({CHAT: [b"{}"] * 10_000})

        assert log._writer is not None
        assert log._writer.trim(max_bytes=0, before_us=0) <= TRIM_ENTRIES + ROW_BODIES
        assert 25_000 <= await log.trim(max_bytes=0, max_age_s=0) <= 30_000
        await log.close()

    asyncio.run(story())


def test_trimming_gives_space_back_to_the_disk(path: Path) -> None:
    record = opened(path)
    for _ in range(40):
        record.append({CHAT: [BODY] * 500}, appended_us=1)
    record.close()
    full_bytes = path.stat().st_size

    record = opened(path)
    while record.trim(max_bytes=0, before_us=0):
        pass
    record.close()

    assert full_bytes > 14_000_000
    assert path.stat().st_size < 3_000_000
    assert not Path(f"{path}-wal").exists()


def test_a_full_record_refuses_writes_nothing_and_goes_on_when_there_is_room(path: Path) -> None:
    record = opened(path, max_bytes=1_000_000)

    def fill() -> None:
        while True:
            record.append({ROOM: [b"{}"], CHAT: [BODY] * 100}, appended_us=1)

    with pytest.raises(StorageFullError, match=r"record\.sqlite.*full.*make room"):
        fill()
    held = record.ends()
    assert held[CHAT] == 100 * held[ROOM] > 500
    assert len(record.read(CHAT, after=0, limit=9_999)) == held[CHAT]

    record.commit("g", held)
    record.trim(max_bytes=500_000, before_us=0)
    record.append({ROOM: [b"{}"], CHAT: [BODY] * 100}, appended_us=2)

    assert record.ends() == held | {CHAT: held[CHAT] + 100, ROOM: held[ROOM] + 1}
    record.close()


FULL_DISK = """
import resource, sys
from pathlib import Path
from chatpulse.domain.chat import Topic
from chatpulse.errors import StorageFullError
from chatpulse.eventlog.backends.sqlite_file import RecordFile

CHAT = Topic.CHAT_MESSAGES
record = RecordFile.open(Path(sys.argv[1]), durability=sys.argv[2], max_bytes=None)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
acked = refused = 0
while refused < 3:
    try:
        acked = record.append({CHAT: [b"x" * 700] * 100}, appended_us=1)[CHAT]
    except StorageFullError:
        refused += 1
assert record.ends()[CHAT] == acked > 0
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
for _ in range(50):
    acked = record.append({CHAT: [b"x" * 700] * 100}, appended_us=1)[CHAT]
assert [entry.offset for entry in record.read(CHAT, after=0, limit=10**6)] == list(range(1, acked + 1))
assert record._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
print(acked)
"""


@pytest.mark.parametrize("durability", ["normal", "full"])
def test_a_full_disk_refuses_and_the_same_record_goes_on_afterwards(path: Path, durability: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path), durability], capture_output=True, text=True, check=True
    ).stdout

    assert int(said) > 5_000
    record = opened(path)
    assert record.ends()[CHAT] == int(said)
    record.close()


def test_the_wal_stays_small(path: Path) -> None:
    record = opened(path)
    for _ in range(150):
        record.append({CHAT: [BODY] * 300}, appended_us=1)

    assert Path(f"{path}-wal").stat().st_size < 20_000_000
    record.close()


def test_a_sync_can_be_asked_for(path: Path) -> None:
    record = opened(path)
    record.append({CHAT: [b"{}"]}, appended_us=1)
    record.sync()
    Path(f"{path}-wal").unlink()

    with pytest.raises(StorageFullError, match="cannot be synced"):
        record.sync()

    record.close()


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE notes (text)")
    other.close()


def newer(path: Path) -> None:
    opened(path).close()
    alter(path, "PRAGMA user_version = 2")


def without_a_topic(path: Path) -> None:
    opened(path).close()
    alter(path, "DROP TABLE room")


def without_its_name(path: Path) -> None:
    opened(path).close()
    alter(path, "DELETE FROM meta")


def with_a_broken_page(path: Path) -> None:
    opened(path).close()
    content = bytearray(path.read_bytes())
    content[100:200] = bytes(100)
    path.write_bytes(content)


def cut_short(path: Path) -> None:
    opened(path).close()
    os.truncate(path, 20_000)


def alter(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as record:
        record.execute(sql)
    record.close()


@pytest.mark.parametrize(
    ("spoil", "error", "says"),
    [
        pytest.param(foreign, DamagedError, "SQLite file but not a chatpulse record", id="foreign"),
        pytest.param(newer, FutureVersionError, "version 2.*reads up to 1", id="newer"),
        pytest.param(without_a_topic, DamagedError, "no table.*room", id="table gone"),
        pytest.param(without_its_name, DamagedError, "which record it is", id="name gone"),
        pytest.param(with_a_broken_page, DamagedError, "damaged", id="broken page"),
        pytest.param(cut_short, DamagedError, "damaged", id="cut"),
    ],
)
def test_a_file_that_is_no_record_is_left_as_it_is(
    path: Path, spoil: Callable[[Path], None], error: type[Exception], says: str
) -> None:
    spoil(path)
    before = path.read_bytes()

    with pytest.raises(error, match=says):
        opened(path)

    assert path.read_bytes() == before


def test_a_row_that_does_not_hold_what_it_says_is_damage(path: Path) -> None:
    record = opened(path)
    record.append({CHAT: [b"1", b"2", b"3"]}, appended_us=1)
    record.append({CHAT: [b"4", b"5"]}, appended_us=1)
    record._execute("UPDATE chat_messages SET bodies = ? WHERE offset = 5", b"4")

    assert len(record.read(CHAT, after=0, limit=3)) == 3
    with pytest.raises(DamagedError, match="chat_messages 5"):
        record.read(CHAT, after=0, limit=4)

    record.close()


def test_a_creation_that_was_cut_off_is_begun_again(path: Path) -> None:
    blank = sqlite3.connect(path)
    blank.execute("PRAGMA journal_mode = WAL")
    blank.close()

    record = opened(path)
    record.append({CHAT: [b"1"]}, appended_us=1)

    assert record._number("PRAGMA auto_vacuum") == 2
    record.close()


def test_a_folder_that_cannot_be_made_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StorageFullError, match=r"file/deep cannot be made.*--log"):
        SqliteEventLog.open(f"sqlite:{tmp_path}/file/deep/record.sqlite")


def test_the_event_loop_runs_on_while_the_record_waits(path: Path) -> None:
    async def story() -> int:
        log = SqliteEventLog.open(f"sqlite:{path}")
        blocker = sqlite3.connect(path, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        append = asyncio.create_task(log.append({CHAT: [b"1"]}))
        turns = 0
        while turns < 50:
            await asyncio.sleep(0.001)
            turns += 1
        assert not append.done()
        blocker.execute("COMMIT")
        blocker.close()
        end = (await append)[CHAT]
        await log.close()
        return end

    assert asyncio.run(story()) == 1


async def _append(record: SqliteEventLog, first: int, last: int) -> None:
    await record.append({Topic.CHAT_MESSAGES: [b'{"n":%d}' % n for n in range(first, last + 1)]})


def test_a_reader_that_keeps_up_and_one_that_lags_get_the_same_entries(tmp_path: Path) -> None:
    async def check() -> None:
        record = SqliteEventLog.open(f"sqlite:{tmp_path / 'record.db'}")
        for first in range(1, 12_001, 500):
            await _append(record, first, first + 499)
        for after in (0, 3_000, 8_000, 11_400, 11_999, 12_000):
            entries = await record.entries(Topic.CHAT_MESSAGES, after=after, limit=700)
            assert [entry.offset for entry in entries] == list(range(after + 1, min(after + 700, 12_000) + 1))
            assert all(entry.body == b'{"n":%d}' % entry.offset for entry in entries)
        await record.close()

    asyncio.run(check())


def everything(path: Path) -> bytes:
    """All bytes of a record's files."""
    return b"".join(part.read_bytes() for part in path.parent.glob(f"{path.name}*"))


def test_what_was_trimmed_is_overwritten(path: Path) -> None:
    record = opened(path)
    record.append({CHAT: [b'{"v":1,"said":"%d quill"}' % n + b"x" * 900 for n in range(400)]}, appended_us=10)
    assert b"quill" in everything(path)

    record.trim(max_bytes=1 << 40, before_us=11)
    record.scrub()

    assert b"quill" not in everything(path)
    record.close()


def test_entries_are_changed_beside_the_process_that_writes_them(path: Path) -> None:
    record = opened(path)
    record.append({CHAT: [b"one quill", b"two", b"three quill"], ROOM: [b"room"]}, appended_us=10)
    record.append({CHAT: [b"four"]}, appended_us=11)
    seen: list[tuple[Topic, bytes]] = []

    def change(topic: Topic, joined: bytes) -> bytes:
        seen.append((topic, joined))
        return joined.replace(b"quill", b"a person of another length")

    SqliteEventLog.rewrite(f"sqlite:{path}", change)

    assert seen == [(CHAT, b"one quill\ntwo\nthree quill"), (CHAT, b"four"), (ROOM, b"room")]
    assert [entry.body for entry in record.read(CHAT, after=1, limit=2)] == [
        b"two",
        b"three a person of another length",
    ]
    assert record.append({CHAT: [b"five"]}, appended_us=12) == {CHAT: 5}
    assert b"quill" not in everything(path)
    record.close()


def test_a_dry_run_shows_entries_and_changes_none(path: Path) -> None:
    record = opened(path)
    record.append({CHAT: [b"one"]}, appended_us=10)

    SqliteEventLog.rewrite(f"sqlite:{path}", lambda _, joined: joined + b"!", dry_run=True)

    assert record.read(CHAT, after=0, limit=5) == [Entry(1, b"one")]
    record.close()


def test_a_record_that_is_not_there_is_not_made_for_a_change(path: Path) -> None:
    SqliteEventLog.rewrite(f"sqlite:{path}", lambda _, joined: joined)

    assert not path.exists()
