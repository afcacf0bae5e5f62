"""Find, open and create the Delta tables at a URL, and say in one sentence why that does not work.

A table is a folder of Parquet files and `_delta_log`, the list of commits that says which files count. Ours carry their
version of `domain.tables` in the table property `chatpulse.version`: a table without it was not written by chatpulse, a
table with a higher one was written by a newer chatpulse, and both are left alone.

What keeps chat out of file names, the log and its statistics: partitions by date only, statistics on `ts_us` only, and
no deletion vectors (`delta.*` properties below), so that deleting a row rewrites its file.
"""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from chatpulse.domain.tables import TABLES, Table
from chatpulse.errors import (
    ConnectionLostError,
    DamagedError,
    FutureVersionError,
    InputError,
    StorageFullError,
    UnknownSchemeError,
)

if TYPE_CHECKING:
    from deltalake import DeltaTable

VERSION_KEY = "chatpulse.version"
PROPERTIES = {
    "delta.dataSkippingStatsColumns": "ts_us",
    "delta.enableDeletionVectors": "false",
    # Commits are undone by nobody; a day is enough to see what a night did, and keeps the log short.
    "delta.logRetentionDuration": "interval 1 days",
}
REMOTE_SCHEMES = ("abfss", "az", "gs", "s3")
# deltalake 1.6.6 takes these in a local path for an escape or a pattern, and then misses its own files.
UNUSABLE = re.compile(r"[%?*\[\]\\\x00-\x1f\ud800-\udfff]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):", re.IGNORECASE)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_NO_ROOM = re.compile(
    r"no space left|file too large|quota exceeded|read-only file system|permission denied|not a directory"
    r"|could not create local|os error (13|20|27|28|30|122)\b|failed to canonicalize",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Where the tables are."""

    url: str
    """As the caller wrote it."""
    folder: Path | None
    """The local folder, or None when the tables are elsewhere."""
    options: Mapping[str, str] | None = None
    """What deltalake needs to get in: keys, endpoint."""

    def uri(self, table: str) -> str:
        """Where deltalake finds a table."""
        return str(self.folder / table) if self.folder is not None else f"{self.url.rstrip('/')}/{table}"

    def path(self, table: str) -> Path:
        """The folder of a local table, or `InputError` when it is elsewhere."""
        if self.folder is None:
            raise InputError(f"{self.url!r}: reading rows works on local tables only: copy them to a folder first")
        return self.folder / table


def locate(url: str, options: Mapping[str, str] | None = None) -> Store:
    """Make sense of `--data`.

    Args:
        url: a path, `file:` and a path, or the URL of an object store.
        options: passed on to deltalake.

    Returns:
        Where the tables are; nothing is touched yet.

    Raises:
        UnknownSchemeError: there is no such kind of store.
        InputError: the path has a character that deltalake cannot handle.
    """
    match = _SCHEME.match(url)
    scheme = match[1].lower() if match else "file"
    if scheme in REMOTE_SCHEMES:
        return Store(url=url, folder=None, options=options)
    if scheme != "file":
        known = sorted([*REMOTE_SCHEMES, "file"])
        raise UnknownSchemeError(f"{url!r}: no lake backend for {scheme!r}; there are {known}")
    folder = Path(unquote(urlsplit(url).path) if match else url).expanduser().absolute()
    if found := UNUSABLE.search(str(folder)):
        raise InputError(f"{url!r}: the folder of the tables cannot have {found[0]!r} in its path: choose another")
    return Store(url=url, folder=folder, options=options)


def make_folder(store: Store) -> None:
    """Make sure that a local store exists and takes files.

    Raises:
        InputError: its path leads through a file.
        StorageFullError: no room or no right.
    """
    if store.folder is None:
        return
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        found = next(path for path in (store.folder, *store.folder.parents) if path.exists())
        raise InputError(f"{store.url!r}: {found} is a file: name a folder for the tables") from None
    except OSError as exc:
        raise StorageFullError(f"{store.url!r}: {exc.strerror} at {exc.filename}: {_WAY_OUT}") from None
    if not os.access(store.folder, os.W_OK | os.X_OK):
        raise StorageFullError(f"{store.url!r}: no right to write in {store.folder}: {_WAY_OUT}")


def require_folder(store: Store) -> None:
    """Raise `InputError` when a local store is not there."""
    if store.folder is not None and not store.folder.is_dir():
        raise InputError(f"{store.url!r} is no folder, so there are no tables: collect chat first, or check --data")


def check_room(store: Store, size_bytes: int) -> None:
    """Raise `StorageFullError` when a local disk has less room than this."""
    # Running into a full disk in mid-write is an error too, but deltalake then prints a stack trace of its own.
    if store.folder is None or not store.folder.is_dir():
        return
    free = shutil.disk_usage(store.folder).free
    if free < size_bytes:
        raise StorageFullError(
            f"{store.url!r}: {free / 1e6:.1f} MB free, {size_bytes / 1e6:.1f} MB wanted for the next rows: {_WAY_OUT}"
        )


def open_table(store: Store, table: Table) -> "DeltaTable | None":
    """Open a table; None when it was never written. What is broken, foreign or of a future version is an error."""
    from deltalake import DeltaTable
    from deltalake.exceptions import TableNotFoundError

    if store.folder is not None and not _has_log(store.folder / table.name):
        return None
    with translated(store, table.name):
        try:
            handle = DeltaTable(store.uri(table.name), storage_options=_options(store))
        except TableNotFoundError:
            return None
    _check_version(store, table, handle.metadata().configuration.get(VERSION_KEY))
    return handle


def open_all(store: Store) -> "dict[str, DeltaTable]":
    """Open every table that was written, by name."""
    opened = {table.name: open_table(store, table) for table in TABLES.values()}
    return {name: handle for name, handle in opened.items() if handle is not None}


def create_table(store: Store, table: Table) -> "DeltaTable":
    """Create an empty table, or open it when somebody else just did."""
    from deltalake import DeltaTable

    from chatpulse.lake.arrow import schema_of

    with translated(store, table.name):
        return DeltaTable.create(
            store.uri(table.name),
            schema_of(table),
            mode="ignore",
            partition_by=["date"],
            name=table.name,
            description=table.doc,
            configuration={**PROPERTIES, VERSION_KEY: str(table.version)},
            storage_options=_options(store),
            raise_if_key_not_exists=False,
        )


def upgrade_table(store: Store, table: Table, handle: "DeltaTable") -> None:
    """Give a table of an older version the columns that came later; its files stay as they are."""
    from deltalake.schema import Schema

    from chatpulse.lake.arrow import schema_of

    if handle.metadata().configuration.get(VERSION_KEY) == str(table.version):
        return
    with translated(store, table.name):
        known = {field.name for field in handle.schema().fields}
        missing = [field for field in Schema.from_arrow(schema_of(table)).fields if field.name not in known]
        if missing:
            handle.alter.add_columns(missing)
        handle.alter.set_table_properties({VERSION_KEY: str(table.version)}, raise_if_not_exists=False)


def local_files(store: Store, name: str, handle: "DeltaTable") -> list[Path]:
    """The Parquet files that make up a local table now."""
    import pyarrow as pa

    folder = store.path(name)
    paths = pa.table(handle.get_add_actions(flatten=True)).column("path").to_pylist()
    return [folder / unquote(path) for path in paths]


def row_count(handle: "DeltaTable") -> int:
    """How many rows a table has, by its log."""
    import pyarrow as pa

    return sum(pa.table(handle.get_add_actions(flatten=True)).column("num_records").to_pylist())


@contextmanager
def translated(store: Store, table: str, *, file: Path | None = None) -> Iterator[None]:
    """Turn what deltalake and the system raise into our errors, in one line without colours."""
    import pyarrow as pa
    from deltalake.exceptions import CommitFailedError, DeltaError

    try:
        yield
    except CommitFailedError:
        raise  # somebody else was faster: the caller tries again
    except (DeltaError, OSError, pa.ArrowException) as exc:
        raise _explained(store, table, exc, file=file) from exc


def one_line(text: str) -> str:
    """An engine's message without colours, line ends and stack trace."""
    said = re.split(r"\n\s*0: ", _COLOURS.sub("", text))[0]
    return " ".join(said.replace("↳", " ").split())[:300]


def _has_log(folder: Path) -> bool:
    """Whether a local folder is a Delta table; a folder with anything else in it is none of ours."""
    if not folder.exists():
        return False
    # One look decides: another process may be creating the table between two.
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else [folder.name]
    if "_delta_log" in names:
        # A process that was killed while it created the table leaves an empty log.
        return any(path.suffix in {".json", ".parquet"} for path in (folder / "_delta_log").iterdir())
    if not names:
        return False
    raise DamagedError(f"{folder} is not a Delta table: move it away or choose another --data")


def _check_version(store: Store, table: Table, version: str | None) -> None:
    where = store.uri(table.name)
    if version is None or not version.isdecimal():
        raise DamagedError(f"{where} was not written by chatpulse (no {VERSION_KEY}): choose another --data")
    if int(version) > table.version:
        raise FutureVersionError(
            f"{where} has version {version}, this chatpulse knows up to {table.version}: update chatpulse"
        )


def _explained(store: Store, table: str, exc: Exception, *, file: Path | None) -> Exception:
    said = one_line(str(exc))
    if _NO_ROOM.search(said) or isinstance(exc, PermissionError):
        return StorageFullError(f"{store.url!r}: table {table!r} cannot be used ({said}): {_WAY_OUT}")
    if store.folder is None and isinstance(exc, OSError):
        return ConnectionLostError(f"{store.url!r}: table {table!r} cannot be reached ({said}): check URL and keys")
    where = file or store.uri(table)
    return DamagedError(f"table {table!r} at {where} cannot be read ({said}): restore it from a copy, or move it away")


def _options(store: Store) -> dict[str, str] | None:
    return dict(store.options) if store.options is not None else None


_WAY_OUT = "make room, give chatpulse the right to write there, or choose another --data"
