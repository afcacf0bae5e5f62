"""Let one process at a time own something on disk.

The lock is the kernel's (`flock`) on a file beside the thing, so `kill -9` releases it. The file holds the owner's
process id for messages and is never removed: removing it would let two processes lock two files of one name. A forked
child shares the lock of its parent; start children by `subprocess` or spawn.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from chatpulse.errors import AlreadyRunningError, StorageFullError


class FileLock:
    """One owner of `path`, until `release` or the end of the process."""

    def __init__(self, path: Path, *, what: str) -> None:
        """Take the lock.

        Args:
            path: the lock file; made when missing.
            what: the thing that is owned, for the message.

        Raises:
            AlreadyRunningError: somebody else owns it.
            StorageFullError: the lock file cannot be written.
        """
        self._file = -1
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            owner = os.pread(self._file, 32, 0).decode("ascii", "replace").strip() or "unknown"
            self.release()
            raise AlreadyRunningError(
                f"{what} belongs to running process {owner} (lock {path}): stop that process or choose another folder"
            ) from exc
        except OSError as exc:
            self.release()
            raise StorageFullError(
                f"cannot lock {what}: {path} cannot be written ({exc.strerror}): "
                "make room, get the right to write there, or give another folder"
            ) from exc
        with suppress(OSError):  # on a full disk the lock holds all the same, without the owner's name
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let the next process in; a second call does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
