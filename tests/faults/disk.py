"""Disks that can be full: a small file system where this user may mount one, else a limit on the size of files."""

import contextlib
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

SIZE_MB = 48
CHUNK_BYTES = 4096


class Disk(Protocol):
    """Somewhere to write."""

    folder: Path

    def fill(self, pid: int) -> None:
        """Leave no room to a process."""

    def make_room(self, pid: int) -> None:
        """Give it back."""


class SmallFileSystem:
    """Filled to the last block by ballast."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, pid: int) -> None:
        del pid
        for size_bytes in (1 << 20, CHUNK_BYTES):
            with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as out:
                while out.write(bytes(size_bytes)) == size_bytes:
                    pass

    def make_room(self, pid: int) -> None:
        del pid
        self._ballast.unlink()


class SizeLimit:
    """No file of a process may grow: to the process much the same, and anybody may do that to a child."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, pid: int) -> None:
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))

    def make_room(self, pid: int) -> None:
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """A disk at an empty folder, gone at the end."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "chatpulse-test", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield SmallFileSystem(folder) if mounted else SizeLimit(folder)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder], check=True)
