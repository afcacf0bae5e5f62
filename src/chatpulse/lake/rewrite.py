"""Take rows out of tables, or change what they say, so that nothing of the old rows is left.

A file of a table is never changed. Files with a row that matters are read row group by row group, written anew, and
exchanged in one commit that names files and nothing else: no condition, no text, no statistics but those of `ts_us`.
`clean` then removes what no longer counts: every Parquet file that the log does not name (old versions, and what killed
writers left), and every entry of the log before a checkpoint. Both need the tables alone (`lake.gate`).

A process that is killed has exchanged all files of a table or none, and running it again ends the work.
"""

import contextlib
import dataclasses
import json
import time
import uuid
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote

from chatpulse.domain.tables import TABLES, Table
from chatpulse.errors import ConnectionLostError
from chatpulse.lake.store import Store, open_table, translated
from chatpulse.lake.write import ATTEMPTS, COUNTING, DIFFERENT, ROW_GROUP_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyarrow as pa
    from deltalake import DeltaTable
    from deltalake.transaction import AddAction, RemoveAction


@dataclass(slots=True)
class Counts:
    """What became of the rows of a table."""

    dropped: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A file that was written."""

    path: Path
    rows: int
    low_us: int
    """Least `ts_us`."""
    high_us: int


class RowChange(Protocol):
    """What becomes of the rows of one table."""

    counts: Counts
    """Of what was applied so far."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that tell whether a row changes."""

    def touches(self, part: "pa.Table") -> bool:
        """Whether rows change, of which only these columns are here; a false alarm costs time only."""

    def apply(self, rows: "pa.Table") -> "pa.Table":
        """The rows that are kept, as they are kept; the same table when nothing changes."""


def rewrite(
    store: Store, change_of: "Callable[[Table], RowChange | None]", *, dry_run: bool = False
) -> dict[str, Counts]:
    """Change the rows of all tables; the caller has the tables alone unless this is a dry run.

    Args:
        store: where the tables are.
        change_of: what becomes of the rows of a table; None: nothing.
        dry_run: only count.

    Returns:
        The counts of each table that was written.

    Raises:
        ConnectionLostError: something else than chatpulse writes the tables all the time.
    """
    counts: dict[str, Counts] = {}
    for name, table in TABLES.items():
        for _ in range(ATTEMPTS):
            handle, change = open_table(store, table), change_of(table)
            if handle is None or change is None:
                break
            counts[name] = change.counts
            with translated(store, name):
                actions = _exchange(store, table, handle, change=change, dry_run=dry_run)
                if not actions or _commit(handle, actions):
                    break
        else:
            raise ConnectionLostError(f"table {name!r} of {store.url!r} changes too fast: stop what else writes it")
    return counts


def clean(store: Store) -> None:
    """Remove all files that do not count any more, and the log's memory of them; the caller has the tables alone."""
    for name, table in TABLES.items():
        handle = open_table(store, table)
        if handle is None:
            continue
        folder = store.path(name)
        with translated(store, name):
            named = {folder / action["path"] for action in _files(handle)}
            for path in folder.glob("date=*/*"):
                if path not in named and path.is_file():
                    path.unlink()
            handle.create_checkpoint()
        _clean_log(folder / "_delta_log", handle.version())


def _clean_log(log: Path, version: int) -> None:
    """Remove entries before a version that has a checkpoint, and drafts of commits."""
    for path in log.iterdir():
        number = path.name.split(".")[0]
        if path.suffix == ".tmp" or (number.isdecimal() and int(number) < version):
            path.unlink()


def _exchange(
    store: Store, table: Table, handle: "DeltaTable", *, change: RowChange, dry_run: bool
) -> "list[AddAction | RemoveAction]":
    """Write the files anew whose rows change; what a commit has to say about it."""
    from deltalake.transaction import RemoveAction

    from chatpulse.lake.arrow import schema_of

    folder, schema = store.path(table.name), schema_of(table)
    actions: list[AddAction | RemoveAction] = []
    for file in _files(handle):
        path, size_bytes = folder / file["path"], int(file["size_bytes"])
        if not _touched(path, change, schema):
            continue
        rows = _changed(path, change, schema)
        if dry_run:
            deque(rows, maxlen=0)
            continue
        place: dict[str, str | None] = {"date": str(file["partition.date"])}
        before = dataclasses.replace(change.counts)
        made = _write(path, rows)
        if change.counts == before:
            if made is not None:
                made.path.unlink()
        else:
            now_ms = time.time_ns() // 1_000_000
            actions += (
                RemoveAction(
                    file["path"], data_change=True, deletion_timestamp=now_ms, size=size_bytes, partition_values=place
                ),
                *([_added(made, place)] if made is not None else ()),
            )
    return actions


def _files(handle: "DeltaTable") -> list[dict[str, Any]]:
    import pyarrow as pa

    found: list[dict[str, Any]] = pa.table(handle.get_add_actions(flatten=True)).to_pylist()
    return [file | {"path": unquote(file["path"])} for file in found]


def _touched(path: Path, change: RowChange, schema: "pa.Schema") -> bool:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        # Files of older versions lack the columns that came later.
        wanted = [name for name in change.columns if name in file.schema_arrow.names]
        groups = (file.read_row_group(number, columns=wanted) for number in range(file.num_row_groups))
        return any(change.touches(_as_table(group, schema)) for group in groups)


def _changed(path: Path, change: RowChange, schema: "pa.Schema") -> "Iterator[pa.Table]":
    """The rows of a file as they are kept, a row group at a time."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            yield change.apply(_as_table(file.read_row_group(number), schema))


def _as_table(rows: "pa.Table", schema: "pa.Schema") -> "pa.Table":
    """Rows in the types of our tables; a file that deltalake merged has others for the same."""
    import pyarrow as pa

    return rows.cast(pa.schema([schema.field(name) for name in rows.column_names]))


def _write(source: Path, groups: "Iterable[pa.Table]") -> _Made | None:
    """Write rows beside the file that they come from, as `lake.write` has files written; None: there is no row."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with pq.ParquetFile(source) as file:
        leaves = [file.schema.column(place).path for place in range(len(file.schema))]
    repeating = [leaf for leaf in leaves if leaf not in DIFFERENT and leaf not in COUNTING]
    path = source.with_name(f"part-00000-{uuid.uuid4()}-c000.zstd.parquet")
    times: list[int] = []
    rows = 0
    with contextlib.ExitStack() as stack:
        out: pq.ParquetWriter | None = None
        for group in groups:
            if not group.num_rows:
                continue
            if out is None:
                out = stack.enter_context(
                    pq.ParquetWriter(
                        path, group.schema, compression="zstd", compression_level=1, use_dictionary=repeating,
                        column_encoding=dict.fromkeys(COUNTING, "DELTA_BINARY_PACKED"), store_schema=False,
                        write_statistics=list(COUNTING),
                    )
                )  # fmt: skip
            out.write_table(group, row_group_size=ROW_GROUP_ROWS)
            times += pc.min_max(group.column("ts_us")).as_py().values()
            rows += group.num_rows
    return _Made(path=path, rows=rows, low_us=min(times), high_us=max(times)) if rows else None


def _added(made: _Made, place: dict[str, str | None]) -> "AddAction":
    from deltalake.transaction import AddAction

    bounds = {"minValues": {"ts_us": made.low_us}, "maxValues": {"ts_us": made.high_us}, "nullCount": {"ts_us": 0}}
    return AddAction(
        path=f"{made.path.parent.name}/{made.path.name}",
        size=made.path.stat().st_size,
        partition_values=place,
        modification_time=time.time_ns() // 1_000_000,
        data_change=True,
        stats=json.dumps({"numRecords": made.rows} | bounds),
    )


def _commit(handle: "DeltaTable", actions: "list[AddAction | RemoveAction]") -> bool:
    """Exchange files; False when another commit came first: it may have exchanged the same ones."""
    from deltalake import CommitProperties, PostCommitHookProperties
    from deltalake.exceptions import CommitFailedError

    try:
        handle.create_write_transaction(
            actions,
            "append",
            handle.schema(),
            ["date"],
            commit_properties=CommitProperties(max_commit_retries=0),
            post_commithook_properties=PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False),
        )
    except CommitFailedError:
        return False
    return True
