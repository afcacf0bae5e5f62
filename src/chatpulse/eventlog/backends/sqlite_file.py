"""One connection to a record: an SQLite file in WAL mode that holds every topic, its groups and its limits.

A topic is a table with one row per append: `bodies` is one body per line, `offset` is the offset of the last of them
and, being the rowid, the only index. That costs a quarter less than one row per body (benchmarks/record.py), and each
row carries the age and the size that trimming asks for.

The file says whose it is (`application_id`), in which version (`user_version`), and, in `meta`, which record it is.
`floors` remembers what was trimmed, so that offsets go on where they were when a topic is empty.
"""

import heapq
import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from chatpulse.domain.chat import Topic
from chatpulse.errors import ChatPulseError, DamagedError, FutureVersionError, InputError, StorageFullError
from chatpulse.eventlog.core.encoding import Entry

Durability = Literal["normal", "full"]
"""`normal` survives the end of the process, `full` also a power cut, at one fsync per append."""

MAGIC = 0x43507265
"""`application_id` of a record: "CPre"."""
SCHEMA_VERSION = 1
ROW_BODIES = 500
"""Most bodies in one row: a reader that wants one of them loads them all."""
REWRITE_ROWS = 100
"""Rows looked at in one step of a rewrite: some 20 MB at most, and an append waits for one step."""
TRIM_ENTRIES = 20_000
"""Most entries dropped in one call: about 15 MB, some 20 ms."""
# 8 KiB pages and a checkpoint every 16 MB cost a third less per message than the defaults of 4 KiB and 4 MB.
_PAGE_BYTES = 8192
_CHECKPOINT_PAGES = 2000
_WAL_KEPT_BYTES = 64 << 20
# Free pages are used again by the next appends; only more than 2 MB of them is given back, 16 MB at a time.
_FREE_PAGES_KEPT = 256
_FREE_PAGES_STEP = 2048
_NO_LIMIT = 0xFFFFFFFE
_BUSY_S = 5.0
_CHECKPOINT_TRIES = 20

_CANNOT_WRITE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What a group of readers has not committed yet."""

    entries: int
    oldest_us: int | None
    """When the oldest of them was appended; None when there are none."""


class RecordFile:
    """The record as one connection sees it; one thread at a time uses it."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._db = connection
        self._ends: dict[Topic, int] = {}
        self.record_id = ""

    @classmethod
    def open(cls, path: Path, *, durability: Durability, max_bytes: int | None) -> Self:
        """Open a record to write, and begin one where there is none; the caller holds the lock."""
        with _explained(path):
            file = cls(path, _connect(f"{path.as_uri()}?mode=rwc"))
            with file._closed_on_error():
                # What is deleted is overwritten: a trimmed or forgotten line is nowhere in the file.
                file._execute("PRAGMA secure_delete = ON")
                if not file._check():
                    file._create()
                file._execute("PRAGMA journal_mode = WAL")
                file._execute(f"PRAGMA synchronous = {durability.upper()}")
                file._execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
                file._execute(f"PRAGMA journal_size_limit = {_WAL_KEPT_BYTES}")
                file._execute(f"PRAGMA max_page_count = {_NO_LIMIT if max_bytes is None else max_bytes // _PAGE_BYTES}")
                file._load()
        return file

    @classmethod
    def open_reader(cls, path: Path) -> Self:
        """Open a record that exists to read, beside its writer."""
        with _explained(path):
            if not path.exists():
                raise InputError(f"there is no record at {path}: collect some chat first or give another --log")
            file = cls(path, _connect(f"{path.as_uri()}?mode=ro"))
            with file._closed_on_error():
                if not file._check():
                    raise DamagedError(f"{path} is empty, not a chatpulse record: give another --log")
                file._load()
        return file

    def append(self, bodies: Mapping[Topic, Sequence[bytes]], *, appended_us: int) -> dict[Topic, int]:
        """Write bodies of all topics in one transaction; returns each topic's new end."""
        ends: dict[Topic, int] = {}
        with self._transaction():
            for topic, all_bodies in bodies.items():
                end = self._ends[topic]
                for start in range(0, len(all_bodies), ROW_BODIES):
                    lines = all_bodies[start : start + ROW_BODIES]
                    joined = b"\n".join(lines)
                    if joined.count(b"\n") != len(lines) - 1:
                        raise InputError(f"a body of topic {topic.value!r} holds a line end: encode it as JSON first")
                    end += len(lines)
                    insert = f"INSERT INTO {topic.value} VALUES (?, ?, ?, ?)"  # noqa: S608  (a topic is an enum)
                    self._execute(insert, end, len(lines), appended_us, joined)
                ends[topic] = end
        self._ends.update(ends)
        return ends

    def read(self, topic: Topic, *, after: int, limit: int) -> list[Entry]:
        """Hand back at most `limit` entries behind offset `after`, ascending."""
        entries: list[Entry] = []
        with _explained(self.path):
            rows = self._db.execute(
                f"SELECT offset, count, bodies FROM {topic.value} WHERE offset > ? ORDER BY offset",  # noqa: S608
                (after,),
            )
            for last, count, joined in rows:
                lines = joined.split(b"\n")
                if len(lines) != count:
                    raise DamagedError(f"{self.path} is damaged at {topic.value} {last}: restore it from a copy")
                first = last - count + 1
                skip = max(0, after + 1 - first)
                entries.extend(map(Entry, range(first + skip, last + 1), lines[skip:]))
                if len(entries) >= limit:
                    break
            rows.close()
        return entries[:limit]

    def ends(self) -> dict[Topic, int]:
        """Last offset of each topic; 0 where nothing was ever written."""
        with _explained(self.path):
            floors = dict(self._db.execute("SELECT topic, offset FROM floors"))
            return {topic: max(floors.get(topic.value, 0), self._last(topic)) for topic in Topic}

    def committed(self, group: str) -> dict[Topic, int]:
        """How far a group has come, for the topics that it is registered on."""
        with _explained(self.path):
            rows = self._db.execute("SELECT topic, offset FROM groups WHERE name = ?", (group,)).fetchall()
        return {Topic(topic): offset for topic, offset in rows}

    def pending(self, group: str) -> Pending:
        """How much a group has not committed, over all topics."""
        committed, ends = self.committed(group), self.ends()
        entries, oldest = 0, list[int]()
        with _explained(self.path):
            for topic in Topic:
                first = self._db.execute(
                    f"SELECT appended_us, offset - count FROM {topic.value}"  # noqa: S608
                    " WHERE offset > ? ORDER BY offset LIMIT 1",
                    (committed.get(topic, 0),),
                ).fetchone()
                if first is not None:
                    oldest.append(first[0])
                    # What was trimmed before the group began is not pending.
                    entries += ends[topic] - max(committed.get(topic, 0), first[1])
        return Pending(entries=entries, oldest_us=min(oldest, default=None))

    def commit(self, group: str, upto: Mapping[Topic, int]) -> None:
        """Move a group forward, and register it on topics that it had not named before; never moves it back."""
        beyond = {topic.value: offset for topic, offset in upto.items() if offset > self._ends[topic]}
        if beyond:
            raise InputError(f"group {group!r} cannot commit {beyond}: the record ends before")
        with self._transaction():
            for topic, offset in upto.items():
                self._execute(
                    "INSERT INTO groups VALUES (?, ?, ?)"
                    " ON CONFLICT (name, topic) DO UPDATE SET offset = max(offset, excluded.offset)",
                    group,
                    topic.value,
                    offset,
                )

    def trim(self, *, max_bytes: int, before_us: int) -> int:
        """Drop the oldest rows that came before `before_us` or exceed `max_bytes`; returns how many entries went."""
        # Rows that a group still needs stay. One call drops `TRIM_ENTRIES` and a row at most.
        with self._transaction():
            gone, entries = self._droppable(excess_bytes=self._used_bytes() - max_bytes, before_us=before_us)
            for topic, offset in gone.items():
                self._execute(f"DELETE FROM {topic.value} WHERE offset <= ?", offset)  # noqa: S608
                self._execute("INSERT OR REPLACE INTO floors VALUES (?, ?)", topic.value, offset)
        with _explained(self.path):
            spare = self._number("PRAGMA freelist_count") - _FREE_PAGES_KEPT
            if spare > 0:
                # `execute` would stop after the first page: this pragma counts in steps and the module takes one.
                self._db.executescript(f"PRAGMA incremental_vacuum({min(spare, _FREE_PAGES_STEP)})")
        return entries

    def rewrite(
        self, topic: Topic, *, after: int, change: Callable[[bytes], bytes], dry_run: bool = False
    ) -> int | None:
        """Give rows behind an offset other bodies, as many lines as before.

        Args:
            topic: of the rows.
            after: the offset.
            change: gets the bodies of a row, one per line, and returns what they become.
            dry_run: only show the bodies.

        Returns:
            The last offset looked at; None when there is nothing behind.
        """
        with _explained(self.path):
            rows = self._db.execute(
                f"SELECT offset, bodies FROM {topic.value} WHERE offset > ? ORDER BY offset LIMIT {REWRITE_ROWS}",  # noqa: S608
                (after,),
            ).fetchall()
        changed = [(new, offset) for offset, joined in rows if (new := change(joined)) != joined]
        if changed and not dry_run:
            with self._transaction():
                update = f"UPDATE {topic.value} SET bodies = ? WHERE offset = ?"  # noqa: S608
                self._db.executemany(update, changed).close()
        return rows[-1][0] if rows else None

    def scrub(self) -> None:
        """Leave nothing of what was deleted: give free pages back, and empty the WAL."""
        with _explained(self.path):
            spare = self._number("PRAGMA freelist_count")
            if spare:
                self._db.executescript(f"PRAGMA incremental_vacuum({spare})")
            for _ in range(_CHECKPOINT_TRIES):
                busy, *_ = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if not busy:
                    return
        raise StorageFullError(f"{self.path} is read all the time, so that its log cannot be emptied: try again")

    def sync(self) -> None:
        """Make what was appended survive a power cut, whatever the durability."""
        # A checkpoint syncs the WAL before it empties it, so only what the WAL holds now can be missing on the disk.
        try:
            handle = os.open(f"{self.path}-wal", os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as exc:
            raise StorageFullError(f"{self.path} cannot be synced ({exc.strerror}): check the disk") from exc

    def close(self) -> None:
        """Let go; the last connection moves the WAL into the file."""
        with _explained(self.path):
            self._db.close()

    def _check(self) -> bool:
        """Whether there is a record; False for a file without tables, an error for anything else."""
        magic, version = self._number("PRAGMA application_id"), self._number("PRAGMA user_version")
        tables = {name for (name,) in self._db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        if not tables and not magic:
            return False
        if magic != MAGIC:
            raise DamagedError(f"{self.path} is an SQLite file but not a chatpulse record: give another --log")
        if version > SCHEMA_VERSION:
            raise FutureVersionError(
                f"{self.path} has version {version}, this chatpulse reads up to {SCHEMA_VERSION}: update chatpulse"
            )
        missing = {"meta", "groups", "floors", *(topic.value for topic in Topic)} - tables
        if missing:
            raise DamagedError(f"{self.path} is damaged: no table {sorted(missing)}; restore it from a copy")
        return True

    def _create(self) -> None:
        # A process killed in here leaves a file with a header and no table; only VACUUM changes what a header says.
        self._execute("PRAGMA journal_mode = DELETE")
        self._execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        self._execute("PRAGMA auto_vacuum = INCREMENTAL")
        self._execute("VACUUM")
        self._execute("PRAGMA journal_mode = WAL")
        with self._transaction():
            self._execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
            self._execute("INSERT INTO meta VALUES ('record_id', ?)", str(uuid.uuid4()))
            self._execute(
                "CREATE TABLE groups (name TEXT, topic TEXT, offset INTEGER NOT NULL, PRIMARY KEY (name, topic))"
                " WITHOUT ROWID"
            )
            self._execute("CREATE TABLE floors (topic TEXT PRIMARY KEY, offset INTEGER NOT NULL) WITHOUT ROWID")
            for topic in Topic:
                self._execute(
                    f"CREATE TABLE {topic.value} (offset INTEGER PRIMARY KEY, count INTEGER NOT NULL,"
                    " appended_us INTEGER NOT NULL, bodies BLOB NOT NULL)"
                )
            self._execute(f"PRAGMA application_id = {MAGIC}")
            self._execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        # From here on the file itself says whose it is, whatever happens to the WAL.
        self._execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _load(self) -> None:
        row = self._db.execute("SELECT value FROM meta WHERE key = 'record_id'").fetchone()
        if row is None:
            raise DamagedError(f"{self.path} is damaged: it does not say which record it is; restore it from a copy")
        self.record_id = row[0]
        self._ends = self.ends()

    def _droppable(self, *, excess_bytes: int, before_us: int) -> tuple[dict[Topic, int], int]:
        """Last offset to drop per topic, oldest rows first, and how many entries that makes."""
        gone: dict[Topic, int] = {}
        entries = 0
        for appended_us, topic, offset, count, size_bytes in heapq.merge(*map(self._committed_rows, Topic)):
            if (appended_us >= before_us and excess_bytes <= 0) or entries >= TRIM_ENTRIES:
                break
            gone[topic] = offset
            entries += count
            excess_bytes -= size_bytes
        return gone, entries

    def _committed_rows(self, topic: Topic) -> Iterator[tuple[int, Topic, int, int, int]]:
        (floor,) = self._db.execute("SELECT min(offset) FROM groups WHERE topic = ?", (topic.value,)).fetchone()
        rows = self._db.execute(
            f"SELECT appended_us, offset, count, length(bodies) FROM {topic.value}"  # noqa: S608
            " WHERE offset <= ? ORDER BY offset",
            (self._ends[topic] if floor is None else floor,),
        )
        for appended_us, offset, count, size_bytes in rows:
            yield appended_us, topic, offset, count, size_bytes

    def _used_bytes(self) -> int:
        return (self._number("PRAGMA page_count") - self._number("PRAGMA freelist_count")) * self._number(
            "PRAGMA page_size"
        )

    def _last(self, topic: Topic) -> int:
        return self._number(f"SELECT coalesce(max(offset), 0) FROM {topic.value}")  # noqa: S608

    def _number(self, sql: str) -> int:
        return int(self._db.execute(sql).fetchone()[0])

    def _execute(self, sql: str, *values: object) -> None:
        self._db.execute(sql, values).close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _explained(self.path):
            self._execute("BEGIN IMMEDIATE")
            try:
                yield
                self._execute("COMMIT")
            except BaseException:
                # SQLite has rolled back by itself after some errors.
                if self._db.in_transaction:
                    with suppress(sqlite3.Error):
                        self._execute("ROLLBACK")
                raise

    @contextmanager
    def _closed_on_error(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._db.close()
            raise


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into what a caller can act on."""
    try:
        yield
    except sqlite3.Error as exc:
        raise _explain(path, exc) from exc


def _explain(path: Path, exc: sqlite3.Error) -> ChatPulseError:
    if getattr(exc, "sqlite_errorcode", 0) & 0xFF in _CANNOT_WRITE:
        return StorageFullError(f"{path} cannot be used now ({exc}): make room there, or give another --log")
    return DamagedError(f"{path} is damaged or not a chatpulse record ({exc}): restore it from a copy")
