"""The record in one SQLite file: no server, and nothing to install.

Two threads do the waiting, one writes and one reads, each with a connection of its own, so the event loop never
blocks. One process writes, held by a lock beside the file; others may open it with `read_only`.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Self, TypeVar, get_args

from chatpulse.domain.chat import Topic
from chatpulse.errors import InputError, StorageFullError
from chatpulse.eventlog.backends.sqlite_file import Durability, Pending, RecordFile
from chatpulse.eventlog.core.encoding import Entry
from chatpulse.runtime.lock import FileLock

T = TypeVar("T")

SCHEME = "sqlite:"


def wall_clock_us() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1_000


class SqliteEventLog:
    """An `EventLog` in an SQLite file.

    A record that cannot be written raises `StorageFullError` and holds nothing of what was refused; the same call
    works again once there is room. A call that was cancelled may still have been carried out.
    """

    def __init__(self, *, reader: RecordFile, writer: RecordFile | None, lock: FileLock | None) -> None:
        self._reader = reader
        self._writer = writer
        self._lock = lock
        self._clock_us = wall_clock_us
        self._cursors: dict[tuple[str, Topic], int] = {}
        self._turns: dict[tuple[str, Topic], asyncio.Lock] = {}
        self._read_thread = ThreadPoolExecutor(1, thread_name_prefix="record-read")
        self._write_thread = ThreadPoolExecutor(1, thread_name_prefix="record-write")
        self._closed = False

    @classmethod
    def open(
        cls,
        url: str,
        *,
        durability: Durability = "normal",
        max_bytes: int | None = None,
        read_only: bool = False,
    ) -> Self:
        """Open the record at `sqlite:PATH`, and begin one where there is none.

        Args:
            url: `sqlite:` and a path; `sqlite:///srv/chat.sqlite` is absolute.
            durability: `normal` survives `kill -9`, `full` also a power cut.
            max_bytes: size of the file beyond which the record counts as full.
            read_only: read beside the process that writes; groups are then not registered.

        Returns:
            The record, held by this process unless `read_only`.

        Raises:
            InputError: the URL, or the durability, is none.
        """
        path = path_of(url)
        if durability not in get_args(Durability):
            raise InputError(f"durability is one of {list(get_args(Durability))}, got {durability!r}")
        if read_only:
            return cls(reader=RecordFile.open_reader(path), writer=None, lock=None)
        with ExitStack() as undo:
            lock = _lock(path)
            undo.callback(lock.release)
            writer = RecordFile.open(path, durability=durability, max_bytes=max_bytes)
            undo.callback(writer.close)
            log = cls(reader=RecordFile.open_reader(path), writer=writer, lock=lock)
            undo.pop_all()
        return log

    @classmethod
    def rewrite(cls, url: str, change: Callable[[Topic, bytes], bytes], *, dry_run: bool = False) -> None:
        """Give the entries of a record other bodies, also beside the process that writes it.

        Nothing of the old ones is left in the file and its WAL. Each step is one short transaction, so that an append
        waits for a moment at most; what is appended meanwhile is looked at too, up to the end that it finds.

        Args:
            url: of the record; where there is none, nothing happens.
            change: gets the bodies of some entries, one per line, and returns what they become, as many lines.
            dry_run: only show the bodies.
        """
        path = path_of(url)
        if not path.exists():
            return
        file = RecordFile.open_reader(path) if dry_run else RecordFile.open(path, durability="full", max_bytes=None)
        try:
            for topic in Topic:
                at: int | None = 0
                while at is not None:
                    at = file.rewrite(topic, after=at, change=partial(change, topic), dry_run=dry_run)
            if not dry_run:
                file.scrub()
        finally:
            file.close()

    @property
    def record_id(self) -> str:
        """Names this record among all others: offsets of two records have nothing to do with each other."""
        return self._reader.record_id

    async def append(self, bodies: Mapping[Topic, Sequence[bytes]], /) -> dict[Topic, int]:
        """Write encoded events in order, all topics in one commit; durable when this returns each topic's new end."""
        return await self._write(RecordFile.append, bodies, appended_us=self._clock_us())

    async def read(self, topic: Topic, group: str, /, *, limit: int) -> list[Entry]:
        """Hand back the oldest entries, ascending, that this group has not been given since it started."""
        at = (group, topic)
        async with self._turns.setdefault(at, asyncio.Lock()):
            if at not in self._cursors:
                committed = await self._read(RecordFile.committed, group)
                # A group that is known already can read on a full disk.
                if topic not in committed and self._writer is not None:
                    await self._write(RecordFile.commit, group, {topic: 0})
                self._cursors[at] = committed.get(topic, 0)
            entries = await self._read(RecordFile.read, topic, after=self._cursors[at], limit=limit)
            # Behind the await: a reader that was cancelled has not been given anything.
            if entries:
                self._cursors[at] = entries[-1].offset
            return entries

    async def commit(self, group: str, upto: Mapping[Topic, int], /) -> None:
        """Remember how far a group has come: the last offset of each topic that it has dealt with."""
        await self._write(RecordFile.commit, group, upto)

    async def trim(self, *, max_bytes: int, max_age_s: float) -> int:
        """Drop what is too old or too much, never what a registered group has not committed; how many entries went."""
        before_us = self._clock_us() - round(max_age_s * 1e6)
        total = 0
        # In steps, so that an append waits for one of them at most.
        while dropped := await self._write(RecordFile.trim, max_bytes=max_bytes, before_us=before_us):
            total += dropped
        return total

    async def entries(self, topic: Topic, /, *, after: int, limit: int) -> list[Entry]:
        """Hand back the oldest entries behind an offset, ascending."""
        return await self._read(RecordFile.read, topic, after=after, limit=limit)

    async def ends(self) -> dict[Topic, int]:
        """Last offset of each topic; 0 where nothing was ever written."""
        return await self._read(RecordFile.ends)

    async def pending(self, group: str) -> Pending:
        """How much of the record a group has not committed, and since when."""
        return await self._read(RecordFile.pending, group)

    async def sync(self) -> None:
        """Make what was appended survive a power cut, whatever the durability."""
        await self._write(RecordFile.sync)

    async def close(self) -> None:
        """Flush and let go of the file and its lock; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        await self._read(RecordFile.close)
        if self._writer is not None:
            await self._write(RecordFile.close)
        self._read_thread.shutdown(wait=False)
        self._write_thread.shutdown(wait=False)
        if self._lock is not None:
            self._lock.release()

    async def _read(self, work: Callable[..., T], *args: object, **options: object) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._read_thread, partial(work, self._reader, *args, **options))

    async def _write(self, work: Callable[..., T], *args: object, **options: object) -> T:
        if self._writer is None:
            raise InputError(f"{self._reader.path} was opened to read only: open it without read_only to write")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._write_thread, partial(work, self._writer, *args, **options))


def path_of(url: str) -> Path:
    """Take the file out of a `sqlite:` URL, or raise `InputError`."""
    path = url.removeprefix(SCHEME).removeprefix("//")
    if not url.startswith(SCHEME) or not path:
        raise InputError(f"the record's URL must be sqlite:PATH, got {url!r}")
    if Path(path).is_dir():
        raise InputError(f"{url!r} is a folder: give the record a file, as in 'sqlite:{path}/record.sqlite'")
    return Path(path).absolute()


def _lock(path: Path) -> FileLock:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise StorageFullError(
            f"the record's folder {path.parent} cannot be made ({exc.strerror}): give another --log"
        ) from exc
    return FileLock(path.with_name(f"{path.name}.lock"), what=f"the record {path}")
