"""Every id ever stored, so that a duplicate is found whenever it comes back.

The newest ids are a set in memory. `flush` turns it into a run, an immutable sorted file, and joins it with the runs
before it that are not much larger, so that there are about log(n) of them. Runs are mapped, not loaded. A look-up costs
about the same whatever is held: `core.ids` says why.

The index is derived data. What memory held at `kill -9` is read again from the record, and what a lost folder held,
from the tables; `eventlog.remember` does both. The order of things in a run:

1. `check` the ids of a batch, append the new events to the record, then `add` their ids. When the append fails,
   nothing has to be taken back.
2. When `due`, and nothing is checked but not yet added, `flush`: memory then holds only what the record has.
"""

import itertools
import mmap
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np

from chatpulse.errors import StorageFullError
from chatpulse.eventlog.core.ids import (
    KEY_BYTES,
    Piece,
    Run,
    bitmap_bytes,
    bitmap_part,
    contains,
    keys_of,
    merge,
    sorted_piece,
)
from chatpulse.runtime.lock import FileLock

CAPACITY = 65_536
"""Ids in memory before a flush is due: about 6 MB."""
MERGE_RATIO = 4
"""A run joins the one before it unless that is at least this many times as long."""
MERGE_KEYS = 65_536
"""Keys per step of a merge: about 2 MB."""
VERSION = 1


class _RunFile(msgspec.Struct, frozen=True):
    name: str
    count: int


class _Manifest(msgspec.Struct, frozen=True, kw_only=True):
    v: int = VERSION
    next_number: int = 0
    runs: tuple[_RunFile, ...] = ()
    mark: Any = None
    basis: Any = None


@dataclass(slots=True)
class _Mapped:
    """A run on disk, as arrays over a mapped file."""

    file: _RunFile
    run: Run
    pages: mmap.mmap

    def let_go(self) -> None:
        """Take the pages out of this process; they stay in the system's cache."""
        self.pages.madvise(mmap.MADV_DONTNEED)


class SeenIndex:
    """An exact set of ids on disk; one thread at a time uses it, one process holds it."""

    def __init__(self, folder: Path, *, capacity: int, lock: FileLock) -> None:
        self._folder = folder
        self._capacity = capacity
        self._lock = lock
        self._recent: set[bytes] = set()
        self._manifest = _Manifest()
        self._runs: list[_Mapped] = []

    @classmethod
    def open(cls, folder: Path, *, capacity: int = CAPACITY) -> Self:
        """Open the index in a folder; an empty one where none is, or where it is damaged."""
        with _explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
        index = cls(folder, capacity=capacity, lock=FileLock(folder / "lock", what=f"the index of seen ids {folder}"))
        try:
            with _explained(folder):
                index._load()
        except BaseException:
            index.close()
            raise
        return index

    @property
    def count(self) -> int:
        """How many ids are held."""
        return len(self._recent) + sum(mapped.file.count for mapped in self._runs)

    @property
    def mark(self) -> Any:  # noqa: ANN401  (any JSON value)
        """What the last `flush` was given: how far into which record all ids are on disk; None when never flushed."""
        return self._manifest.mark

    @property
    def basis(self) -> Any:  # noqa: ANN401  (any JSON value)
        """What the last `flush` was given: the tables whose ids are on disk; None when never flushed or damaged."""
        return self._manifest.basis

    @property
    def due(self) -> bool:
        """Whether memory is full; it grows on until `flush`."""
        return len(self._recent) >= self._capacity

    def check(self, ids: Sequence[str]) -> list[bool]:
        """Say of each id whether it is new; of equal ones in the batch the first is."""
        return self._check(keys_of(ids))

    def add(self, ids: Sequence[str]) -> None:
        """Hold ids that `check` called new."""
        self._recent.update(keys_of(ids))

    def fresh(self, ids: Sequence[str]) -> list[bool]:
        """Say of each id whether it is new, and hold it from now on."""
        keys = keys_of(ids)
        flags = self._check(keys)
        self._recent.update(key for key, new in zip(keys, flags, strict=True) if new)
        return flags

    def flush(self, *, mark: object, basis: object) -> None:
        """Move memory to disk; when this returns, it and both JSON values survive a power cut."""
        with _explained(self._folder):
            self._spill(mark=mark, basis=basis)

    def rebuild(self, batches: Iterable[Sequence[str]]) -> None:
        """Forget everything and hold these ids; the caller sets `mark` and `basis` by a flush afterwards."""
        self._recent.clear()
        self._runs = []
        with _explained(self._folder):
            self._save(_Manifest(next_number=self._manifest.next_number))
            self._remove_strangers()
            for ids in batches:
                self.fresh(ids)
                if self.due:
                    self._spill(mark=None, basis=None)

    def let_go(self) -> None:
        """Take the pages of the runs out of this process; what is looked at comes back from the system's cache."""
        for mapped in self._runs:
            mapped.let_go()

    def close(self) -> None:
        """Let go without a flush: the record still has what memory held."""
        self._runs = []
        self._lock.release()

    def _check(self, keys: list[bytes]) -> list[bool]:
        recent = self._recent
        new = {key for key in keys if key not in recent}
        for mapped in self._runs:
            if not new:
                break
            asked = list(new)
            held = contains(mapped.run, asked)
            if held.any():
                new.difference_update(itertools.compress(asked, held.tolist()))
        if len(new) == len(keys):
            return [True] * len(keys)
        flags = []
        for key in keys:
            flags.append(key in new)
            new.discard(key)
        return flags

    def _spill(self, *, mark: object, basis: object) -> None:
        """Write memory as a run, join it with its like, and only then change what the manifest says."""
        runs, made = list(self._runs), list[_Mapped]()
        number = self._manifest.next_number
        try:
            if self._recent:
                made.append(self._write_run(number, [sorted_piece(self._recent)], count=len(self._recent)))
                while runs and runs[-1].file.count < MERGE_RATIO * made[-1].file.count:
                    number += 1
                    made.append(self._join(number, runs.pop(), made[-1]))
                runs.append(made[-1])
            files = tuple(mapped.file for mapped in runs)
            self._save(_Manifest(next_number=number + 1, runs=files, mark=mark, basis=basis))
        except OSError:
            self._remove_strangers()
            raise
        self._runs = runs
        self._recent = set()
        self._remove_strangers()
        self.let_go()

    def _join(self, number: int, one: _Mapped, other: _Mapped) -> _Mapped:
        def pieces() -> Iterator[Piece]:
            for piece in merge(one.run, other.run, block=MERGE_KEYS):
                yield piece
                one.let_go()
                other.let_go()

        return self._write_run(number, pieces(), count=one.file.count + other.file.count)

    def _write_run(self, number: int, pieces: Iterable[Piece], *, count: int) -> _Mapped:
        file = _RunFile(name=f"{number:08}.run", count=count)
        with (self._folder / file.name).open("wb") as out:
            out.truncate(_run_bytes(count))
            done, last_byte, last_bits = 0, -1, 0
            for piece in pieces:
                start, part = bitmap_part(piece.first, bitmap_bytes(count))
                if start == last_byte:
                    part[0] |= last_bits
                last_byte, last_bits = start + len(part) - 1, int(part[-1])
                for place, array in (
                    (8 * done, piece.first),
                    (8 * (count + done), piece.second),
                    (KEY_BYTES * count + start, part),
                ):
                    out.seek(place)
                    out.write(array.tobytes())
                done += len(piece.first)
            out.flush()
            os.fsync(out.fileno())
        return _map(self._folder, file)

    def _load(self) -> None:
        try:
            manifest = msgspec.json.decode((self._folder / "manifest.json").read_bytes(), type=_Manifest)
            if manifest.v == VERSION:
                self._runs = [_map(self._folder, file) for file in manifest.runs]
                self._manifest = manifest
        except (FileNotFoundError, ValueError):  # no manifest or no JSON, a run that is gone or cut
            self._runs = []
        self._remove_strangers()

    def _save(self, manifest: _Manifest) -> None:
        draft = self._folder / "manifest.draft"
        with draft.open("wb") as out:
            out.write(msgspec.json.encode(manifest))
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self._folder / "manifest.json")
        handle = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        self._manifest = manifest

    def _remove_strangers(self) -> None:
        """Remove runs that the manifest does not name: joined, abandoned, or left by a crash."""
        named = {file.name for file in self._manifest.runs}
        for path in self._folder.glob("*.run"):
            if path.name not in named:
                path.unlink(missing_ok=True)


def _run_bytes(count: int) -> int:
    return KEY_BYTES * count + bitmap_bytes(count)


def _map(folder: Path, file: _RunFile) -> _Mapped:
    with (folder / file.name).open("rb") as source:
        pages = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
    if file.count < 1 or len(pages) != _run_bytes(file.count):
        raise ValueError(f"{file.name} does not hold {file.count} keys")
    halves = np.frombuffer(pages, dtype="<u8", count=2 * file.count)
    bitmap = np.frombuffer(pages, dtype=np.uint8, offset=KEY_BYTES * file.count)
    return _Mapped(file=file, run=Run(halves[: file.count], halves[file.count :], bitmap), pages=pages)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what the system raises into what a caller can act on."""
    try:
        yield
    except OSError as exc:
        raise StorageFullError(
            f"the index of seen ids {folder} cannot be used ({exc.strerror}): make room there or give another --state"
        ) from exc
