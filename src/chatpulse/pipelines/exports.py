"""The list of what was exported, so that a person who is forgotten also leaves the files that were made before.

`exports.jsonl` in the state folder has a line per file: where it is, what is in it, and its hash. A file whose hash is
still the same is as chatpulse wrote it, so its rows can be taken out one by one; one that was changed, moved or removed
since is only reported.

Two things must not slip through. A file that is still being made while somebody is forgotten: the lock file counts
the rewrites, an export notes that number before it reads its first row, and is refused when the number has changed.
A rewrite that is killed between a file and its line in the list: the line gets the new hash first and keeps the old.
"""

import contextlib
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

from chatpulse.domain.naming import TARGET, USER, People, rename_fields
from chatpulse.errors import ConnectionLostError, DamagedError, InputError, StorageFullError
from chatpulse.lake.export import rewrite_parquet
from chatpulse.twitch.formats.write import WRITERS
from chatpulse.twitch.formats.writing import Change, Row, Tally, rewrite

LIST = "exports.jsonl"
LOCK = "exports.lock"
PARQUET = "parquet"


class Exported(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that was exported."""

    path: str
    """Absolute."""
    format: str
    table: str
    channel: str
    video_id: str = ""
    first_us: int = 0
    """`ts_us` of the first and of the last row."""
    last_us: int = 0
    rows: int
    sha256: str
    replaced_sha256: str = ""
    """What the hash was before the last rewrite."""
    created_us: int


class Outcome(StrEnum):
    """What a rewrite found."""

    REWRITTEN = "rewritten"
    NOTHING = "nothing to do"
    CHANGED = "changed since"
    GONE = "gone"
    UNREADABLE = "unreadable"


class Rewritten(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one listed file."""

    path: str
    outcome: Outcome
    dropped: int = 0
    changed: int = 0
    reason: str = ""


class Exports:
    """The list in a state folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._list = folder / LIST

    def entries(self) -> list[Exported]:
        """Every file that was exported, oldest first; `DamagedError` when the list is none that chatpulse wrote."""
        try:
            lines = self._list.read_bytes().splitlines() if self._list.exists() else []
            listed = [msgspec.json.decode(line, type=Exported) for line in lines]
        except msgspec.DecodeError as exc:
            raise DamagedError(
                f"the list of exports {self._list} cannot be read ({exc}): restore it from a copy"
            ) from exc
        return list({entry.path: entry for entry in listed}.values())

    def rewrites(self) -> int:
        """How often listed files were rewritten; to be noted before the first row of an export is read."""
        with self._locked() as lock:
            return _number(lock)

    def add(self, made: Path, entry: Exported, *, rewrites: int, force: bool = False) -> None:
        """Give a finished file its name and put it on the list.

        Args:
            made: the file under a temporary name in the same folder.
            entry: what it is, and the path that it gets.
            rewrites: what `rewrites` said before its first row was read.
            force: whether it may replace another file.

        Raises:
            ConnectionLostError: somebody was forgotten since; the file may hold rows of that person.
            InputError: a file of this name has come up since.
        """
        with self._locked() as lock:
            if _number(lock) != rewrites:
                raise ConnectionLostError(
                    f"{entry.path} is not written: somebody was forgotten while it was made; export again"
                )
            if not force and Path(entry.path).exists():
                raise InputError(f"{entry.path} exists: --force replaces it, or choose another name")
            # On the list first: a file that is missing there would never be rewritten.
            self._write([*(one for one in self.entries() if one.path != entry.path), entry])
            _settle(made, Path(entry.path))

    def rewrite(self, change: Change, *, dry_run: bool = False) -> list[Rewritten]:
        """Drop or change rows in every listed file that is still as it was written.

        Args:
            change: gets each row, of which it may look at `id`, `user_id`, `user_login`, `user_name`, `text`, `emotes`
                and whatever else the format holds, and returns it, another one, or None for a row that goes.
            dry_run: count only.

        Returns:
            What became of each file.
        """
        with self._locked() as lock:
            if not dry_run:
                # Before the first file: an export that finishes after this one begins anew.
                _set_number(lock, _number(lock) + 1)
            entries = self.entries()
            return [self._rewrite(entries, place, change, dry_run=dry_run) for place in range(len(entries))]

    def _rewrite(self, entries: list[Exported], place: int, change: Change, *, dry_run: bool) -> Rewritten:
        entry = entries[place]
        path = Path(entry.path)
        try:
            found = sha256_of(path)
        except FileNotFoundError:
            return Rewritten(path=entry.path, outcome=Outcome.GONE)
        except OSError as exc:
            return Rewritten(path=entry.path, outcome=Outcome.UNREADABLE, reason=str(exc.strerror))
        if found not in {entry.sha256, entry.replaced_sha256}:
            return Rewritten(path=entry.path, outcome=Outcome.CHANGED)
        try:
            with temporary(path) as made:
                tally = _changed_copy(entry, made, change)
                if not dry_run and (tally.dropped or tally.changed):
                    entries[place] = msgspec.structs.replace(
                        entry, rows=tally.kept, sha256=sha256_of(made), replaced_sha256=found
                    )
                    self._write(entries)
                    _settle(made, path)
        except OSError as exc:
            return Rewritten(path=entry.path, outcome=Outcome.UNREADABLE, reason=str(exc.strerror))
        outcome = Outcome.REWRITTEN if tally.dropped or tally.changed else Outcome.NOTHING
        return Rewritten(path=entry.path, outcome=outcome, dropped=tally.dropped, changed=tally.changed)

    def _write(self, entries: Sequence[Exported]) -> None:
        with temporary(self._list) as made:
            made.write_bytes(b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries))
            _settle(made, self._list)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[int]:
        """Hold the lock; the descriptor of its file, which holds the number of rewrites."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as exc:
            raise StorageFullError(
                f"the list of exports {self._list} cannot be written ({exc.strerror}): choose another --state"
            ) from exc
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield lock
        finally:
            os.close(lock)


def without(people: People) -> Change:
    """What becomes of rows when people are forgotten: their own go, and others no longer name them."""

    def change(row: Row) -> Row | None:
        own = TARGET if TARGET[1] in row else USER
        user_id, login, name = (row.get(field) or "" for field in own)
        if people.has(user_id, login, name):
            return None
        changes = rename_fields(row, people)
        return {**row, **changes} if changes else row

    return change


@contextlib.contextmanager
def temporary(path: Path) -> Iterator[Path]:
    """A file beside another, readable by its owner only, that is gone in the end unless it got another name."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    made = Path(name)
    try:
        yield made
    finally:
        made.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """The hash of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _changed_copy(entry: Exported, made: Path, change: Change) -> Tally:
    """Write a listed file again under another name, with changed rows."""
    source, tally = Path(entry.path), Tally()
    if entry.format == PARQUET:
        rewrite_parquet(source, made, _counted(change, tally))
    else:
        with source.open("rb") as lines, made.open("wb") as file:
            file.writelines(rewrite(WRITERS[entry.format], lines, change=change, tally=tally))
    return tally


def _settle(made: Path, path: Path) -> None:
    """Give a file its name, for good."""
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.replace(path)


def _counted(change: Change, tally: Tally) -> Callable[[Row], Row | None]:
    def count(row: Row) -> Row | None:
        after = change(row)
        tally.count(row, after)
        return after

    return count


def _number(lock: int) -> int:
    return int(os.pread(lock, 32, 0) or b"0")


def _set_number(lock: int, number: int) -> None:
    os.pwrite(lock, str(number).encode(), 0)
