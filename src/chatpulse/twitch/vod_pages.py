"""Keep the pages of a recording's chat on disk while it is being fetched, whenever the process may end.

One SQLite file beside the result, gone once the result is there. A page and how far its range is read are one commit,
so that after `kill -9` a range lacks at most the page that was under way. Comments are kept as they came, in the order
that the result has: by range, by place, by arrival. The file is locked for as long as it is open.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Self

from chatpulse.errors import AlreadyRunningError, ChatPulseError, DamagedError, InputError, StorageFullError
from chatpulse.twitch.core.gql import Comment
from chatpulse.twitch.core.vod_chat import Part

FORMAT = 1
_SCHEMA = """
create table video (id text not null);
create table parts (
    number integer primary key, start_s integer not null, end_s integer, offset_s integer not null,
    cursor text not null, pages integer not null, comments integer not null,
    cut_seconds integer not null, done integer not null
);
create table comments (
    part integer not null, offset_s real not null, number integer not null, key text not null, node blob not null,
    primary key (part, offset_s, number)
) without rowid;
"""


class PageFile:
    """The pages of one video so far; a context manager."""

    def __init__(self, path: Path, video_id: str, *, split: Callable[[], Sequence[Part]]) -> None:
        """Open the file, or begin it.

        Args:
            path: the file.
            video_id: whose chat it holds.
            split: the ranges to begin with.

        Its errors say what is wrong with a file that is another video's, is in use, or is no such file.
        """
        self.path = path
        self.parts: list[Part] = []
        """The ranges, as far as they are read."""
        with self._translated():
            self._db = sqlite3.connect(path, isolation_level=None, timeout=0, check_same_thread=False)
        try:
            with self._translated():
                self.resumed = self._open(video_id, split)
                self.parts += map(_part, self._db.execute("select * from parts order by number"))
                self._check(video_id)
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        """Hand back the file itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file; what it holds stays."""
        self._db.close()

    def keys(self) -> dict[int, list[str]]:
        """The keys of all comments so far, by number of their range, of ranges that go on."""
        going = [part.number for part in self.parts if not part.done]
        select = "select key from comments where part = ?"
        with self._translated():
            return {number: [key for (key,) in self._db.execute(select, (number,))] for number in going}

    def add(self, part: Part, comments: Sequence[Comment]) -> None:
        """Keep a page, and how far its range is read with it."""
        first = part.comments - len(comments)
        rows = [(part.number, each.offset_s, first + at, each.key, each.node) for at, each in enumerate(comments)]
        with self._translated(), self._transaction():
            self._db.executemany("insert into comments values (?, ?, ?, ?, ?)", rows)
            self._keep_part(part, "replace")

    def nodes(self) -> Iterator[tuple[float, bytes]]:
        """Every comment in order: its place in seconds, and as it came."""
        with self._translated():
            yield from self._db.execute("select offset_s, node from comments order by part, offset_s, number")

    def remove(self) -> None:
        """Close the file for good."""
        self.path.unlink(missing_ok=True)
        self._db.close()
        for tail in ("-wal", "-journal"):
            self.path.with_name(self.path.name + tail).unlink(missing_ok=True)

    def _open(self, video_id: str, split: Callable[[], Sequence[Part]]) -> bool:
        """Lock the file and make its tables; whether there was something to go on with."""
        # Nobody else looks into it, so that the log needs no memory shared with others.
        self._db.execute("pragma locking_mode = exclusive")
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        with self._transaction():
            (version,) = self._db.execute("pragma user_version").fetchone()
            if version == FORMAT:
                return True
            if version or self._db.execute("select count(*) from sqlite_master").fetchone() != (0,):
                raise DamagedError(
                    f"{self.path} is no unfinished chat of this chatpulse: remove it, or choose another --out"
                )
            for statement in _SCHEMA.split(";"):
                self._db.execute(statement)
            self._db.execute("insert into video values (?)", (video_id,))
            for part in split():
                self._keep_part(part, "insert")
            self._db.execute(f"pragma user_version = {FORMAT}")
        return False

    def _check(self, video_id: str) -> None:
        found = self._db.execute("select id from video").fetchone()
        if found != (video_id,):
            raise InputError(
                f"{self.path} holds the unfinished chat of video {found and found[0]}: "
                "fetch that to its end, remove the file, or choose another --out"
            )

    def _keep_part(self, part: Part, how: str) -> None:
        self._db.execute(
            f"{how} into parts values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                part.number, part.start_s, part.end_s, part.offset_s, part.cursor,
                part.pages, part.comments, part.cut_seconds, part.done,
            ),
        )  # fmt: skip

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("rollback")
            raise
        self._db.execute("commit")

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Say what SQLite means in one sentence with the next step."""
        try:
            yield
        except sqlite3.Error as exc:
            raise self._explained(exc) from exc

    def _explained(self, exc: sqlite3.Error) -> ChatPulseError:
        code = getattr(exc, "sqlite_errorcode", 0) & 0xFF
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return AlreadyRunningError(f"{self.path} is in use: another process fetches this chat; wait for it")
        if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
            return DamagedError(f"{self.path} is damaged ({exc}): remove it, and fetch the chat again")
        return StorageFullError(f"{self.path} cannot be written ({exc}): make room, or choose another --out")


def _part(row: tuple[int, int, int | None, int, str, int, int, int, int]) -> Part:
    number, start_s, end_s, offset_s, cursor, pages, comments, cut_seconds, done = row
    return Part(
        number=number,
        start_s=start_s,
        end_s=end_s,
        offset_s=offset_s,
        cursor=cursor,
        pages=pages,
        comments=comments,
        cut_seconds=cut_seconds,
        done=bool(done),
    )
