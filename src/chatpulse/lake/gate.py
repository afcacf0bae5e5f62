"""Who may write into the tables of a folder at a moment: many who add files, or one who takes rows out.

A writer puts a Parquet file into the folder first and names it in the log afterwards. Who removes what the log does not
name, so that nothing of a deleted row is left, must therefore know that nobody is between the two. Both hold a lock of
the kernel on one file beside the tables (`flock`): writers share it for the moment of a write, the other has it alone.
`kill -9` releases it, and readers never ask for it.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from chatpulse.errors import ConnectionLostError, StorageFullError
from chatpulse.lake.store import Store

FILE = "tables.lock"
WRITER_WAIT_S = 2.0
"""Taking a person's rows out takes less nearly always; who waits longer says why, and tries again."""
ALONE_WAIT_S = 120.0
"""The longest that joining the files of a large table takes."""
POLL_S = 0.005


@contextmanager
def writing(store: Store, *, wait_s: float = WRITER_WAIT_S) -> Iterator[None]:
    """Hold the gate with other writers; `ConnectionLostError` when somebody takes rows out for longer than that."""
    with _held(store, fcntl.LOCK_SH, wait_s=wait_s, who="rows are being removed from"):
        yield


@contextmanager
def alone(store: Store, *, wait_s: float = ALONE_WAIT_S) -> Iterator[None]:
    """Hold the gate alone; `ConnectionLostError` when somebody writes all that time."""
    with _held(store, fcntl.LOCK_EX, wait_s=wait_s, who="somebody writes into"):
        yield


@contextmanager
def _held(store: Store, mode: int, *, wait_s: float, who: str) -> Iterator[None]:
    if store.folder is None or not store.folder.is_dir():
        yield
        return
    try:
        handle = os.open(store.folder / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as exc:
        raise StorageFullError(
            f"{store.url!r}: {store.folder / FILE} cannot be written ({exc.strerror}): make room, or get the right to"
        ) from exc
    try:
        until_s = time.monotonic() + wait_s
        while not _taken(handle, mode):
            if time.monotonic() >= until_s:
                raise ConnectionLostError(f"{who} the tables of {store.url!r} at the moment: try again in a minute")
            time.sleep(POLL_S)
        yield
    finally:
        os.close(handle)


def _taken(handle: int, mode: int) -> bool:
    try:
        fcntl.flock(handle, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
