"""Take rows out of a table in order of time, some ten thousand at a time, however many there are.

Sorting needs all that it sorts in memory, so the span is cut into slices first: the rows of each minute are counted,
and minutes are joined as long as they stay below `SLICE_ROWS`. A minute with more rows than that (rows without a time
all have the same one) is cut by time and id, for which only these two columns are sorted. Each slice is then read and
sorted on its own, and the files that hold nothing of it are passed over by their statistics of `ts_us`.

All slices come out of the table as it was when the first was asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from chatpulse.domain.chat import TimeKind
from chatpulse.domain.tables import TABLES, Type
from chatpulse.lake.core.removals import COVER_US
from chatpulse.lake.store import locate
from chatpulse.lake.views import Views
from chatpulse.twitch.formats.writing import Change

if TYPE_CHECKING:
    import pyarrow as pa

SLICE_ROWS = 50_000
"""Less than half as many save 50 MB and cost half as much time again: docs/measurements/0009-export.md."""
BATCH_ROWS = 2_000
"""Rows that are Python values at one time."""
_AS_TEXT = {Type.TIMESTAMP: """strftime("{}", '%Y-%m-%dT%H:%M:%S.%fZ')""", Type.DATE: """strftime("{}", '%Y-%m-%d')"""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which rows of a table are wanted."""

    table: str
    channel: str
    video_id: str | None = None
    since_us: int | None = None
    """The first `ts_us`; with this or the next only rows whose time counts from 1970."""
    until_us: int | None = None
    """The first `ts_us` that is not wanted any more."""
    time_kind: TimeKind | None = None
    """Only rows whose time counts from there."""
    with_deleted: bool = False
    """Also messages that a moderator removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How many rows there are of one kind of time, and when."""

    time_kind: TimeKind
    rows: int
    deleted: int
    """Rows beside those that a moderator removed."""
    first_us: int
    last_us: int
    room_id: str


@dataclass(frozen=True, slots=True)
class _Slice:
    """Rows between two keys of (ts_us, id); without ids all rows between two times, both included."""

    low_us: int
    high_us: int
    after_id: str | None = None
    upto_id: str | None = None
    rows: int = 0


class Picked:
    """The tables at a URL, to pick rows from; close it, or use it with `with`."""

    def __init__(self, url: str, table: str) -> None:
        self._views = Views(locate(url), [table], cover_us=COVER_US)
        self._table = TABLES[table]

    def __enter__(self) -> Self:
        """Hand out itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of files and memory."""
        self._views.__exit__(kind, error, trace)

    def channels(self) -> list[str]:
        """The channels that have rows."""
        found = self._views.run(f"SELECT DISTINCT channel FROM {self._table.name} ORDER BY 1")  # noqa: S608
        return [channel for channel in found.column(0).to_pylist() if channel]

    def videos(self, channel: str) -> list[str]:
        """The recordings that a channel's rows come from."""
        sql = f"SELECT DISTINCT video_id FROM {self._table.name} WHERE channel = ? AND video_id <> '' ORDER BY 1"  # noqa: S608
        return list(self._views.run(sql, [channel]).column(0).to_pylist())

    def extents(self, selection: Selection) -> list[Extent]:
        """Count the rows of a selection by what their time counts from."""
        removed = "deleted_us IS NOT NULL" if self._deletes(selection) else "false"
        where, values = _where(selection, deletes=False)
        found = self._views.run(
            f"SELECT time_kind, count(*) FILTER (NOT {removed}) AS rows, count(*) FILTER ({removed}) AS deleted, "  # noqa: S608
            f"min(ts_us) FILTER (NOT {removed}) AS first_us, max(ts_us) FILTER (NOT {removed}) AS last_us, "
            f"coalesce(max(room_id), '') AS room_id FROM {self._table.name} WHERE {where} GROUP BY 1",
            values,
        )
        return [_extent(row) for row in found.to_pylist()]

    def tables(self, selection: Selection, columns: Sequence[str] = ()) -> "Iterator[pa.Table]":
        """The rows of a selection by (ts_us, id), as Arrow and as the table has them."""
        chosen = ", ".join(f'"{name}"' for name in columns or self.columns())
        yield from self._read(selection, chosen)

    def rows(self, selection: Selection, columns: Sequence[str] = ()) -> Iterator[list[dict[str, Any]]]:
        """The rows of a selection by (ts_us, id), as values that JSON has, `BATCH_ROWS` at a time."""
        types = {column.name: column.type for column in self._table.columns}
        chosen = ", ".join(_as_json(name, types[name]) for name in columns or self.columns())
        for table in self._read(selection, chosen):
            for start in range(0, table.num_rows, BATCH_ROWS):
                yield as_rows(table.slice(start, BATCH_ROWS))

    def columns(self) -> tuple[str, ...]:
        """All columns of the table."""
        return tuple(column.name for column in self._table.columns)

    def _read(self, selection: Selection, chosen: str) -> "Iterator[pa.Table]":
        where, values = _where(selection, deletes=self._deletes(selection))
        for part in self._slices(where, values):
            within, bounds = _within(part)
            sql = f"SELECT {chosen} FROM {self._table.name} WHERE {where} AND {within} ORDER BY ts_us, id"  # noqa: S608
            yield self._views.run(sql, [*values, *bounds])

    def _deletes(self, selection: Selection) -> bool:
        return not selection.with_deleted and "deleted_us" in self.columns()

    def _slices(self, where: str, values: list[object]) -> Iterator[_Slice]:
        """Cut the span into slices, in order."""
        # Least and greatest time of a minute, not its borders: no rounding then decides whether a row is found.
        minutes = self._views.run(
            "SELECT min(ts_us) AS low, max(ts_us) AS high, count(*) AS rows "  # noqa: S608
            f"FROM {self._table.name} WHERE {where} GROUP BY floor(ts_us / 60000000) ORDER BY low",
            values,
        )
        joined: _Slice | None = None
        for low, high, rows in zip(*(column.to_pylist() for column in minutes.columns), strict=True):
            if joined and joined.rows + rows <= SLICE_ROWS:
                joined = _Slice(joined.low_us, high, rows=joined.rows + rows)
                continue
            if joined:
                yield from self._cut(joined, where, values)
            joined = _Slice(low, high, rows=rows)
        if joined:
            yield from self._cut(joined, where, values)

    def _cut(self, part: _Slice, where: str, values: list[object]) -> Iterator[_Slice]:
        """Cut a slice that is too large, by the keys at which each next one begins."""
        if part.rows <= SLICE_ROWS:
            yield part
            return
        keys = self._views.run(
            "SELECT ts_us, id FROM (SELECT ts_us, id, row_number() OVER (ORDER BY ts_us, id) AS place "  # noqa: S608
            f"FROM {self._table.name} WHERE {where} AND ts_us BETWEEN ? AND ?) WHERE place % {SLICE_ROWS} = 0 "
            "ORDER BY ts_us, id",
            [*values, part.low_us, part.high_us],
        )
        low_us, after_id = part.low_us, None
        for ts_us, row_id in zip(*(column.to_pylist() for column in keys.columns), strict=True):
            yield _Slice(low_us, ts_us, after_id, row_id)
            low_us, after_id = ts_us, row_id
        yield _Slice(low_us, part.high_us, after_id)


def as_rows(table: "pa.Table") -> list[dict[str, Any]]:
    """Turn columns into rows of Python values; 2.5 times as fast as `to_pylist` of a table."""
    names = table.column_names
    return [dict(zip(names, values, strict=True)) for values in zip(*map(_values, table.columns), strict=True)]


def write_parquet(path: Path, name: str, tables: "Iterator[pa.Table]") -> int:
    """Write rows of a table with its columns and types to one Parquet file; how many they were."""
    import pyarrow.parquet as pq

    from chatpulse.lake.arrow import schema_of

    schema, rows = schema_of(TABLES[name]), 0
    with pq.ParquetWriter(path, schema, compression="zstd") as file:
        for table in tables:
            file.write_table(table.cast(schema))
            rows += table.num_rows
    return rows


def rewrite_parquet(path: Path, target: Path, change: Change) -> None:
    """Write a Parquet file again with changed rows.

    Args:
        path: of the file.
        target: where the new one goes.
        change: what becomes of each row; None: it goes.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as source, pq.ParquetWriter(target, source.schema_arrow, compression="zstd") as file:
        for batch in source.iter_batches(SLICE_ROWS):
            rows = pa.Table.from_batches([batch]).to_pylist(maps_as_pydicts="lossy")
            kept = [after for row in rows if (after := change(row)) is not None]
            file.write_table(pa.Table.from_pylist(kept, source.schema_arrow))


def _as_json(name: str, kind: Type) -> str:
    """A column in SQL, with values that JSON has."""
    return f"""{_AS_TEXT.get(kind, '"{}"').format(name)} AS "{name}\""""


def _where(selection: Selection, *, deletes: bool) -> tuple[str, list[object]]:
    """The condition that a selection is, and its values."""
    kind = selection.time_kind
    if selection.since_us is not None or selection.until_us is not None:
        kind = TimeKind.EPOCH if kind is None else kind
    given = {
        "channel = ?": selection.channel,
        "video_id = ?": selection.video_id,
        "ts_us >= ?": selection.since_us,
        "ts_us < ?": selection.until_us,
        "time_kind = ?": kind,
    }
    conditions = [condition for condition, value in given.items() if value is not None]
    if deletes:
        conditions.append("deleted_us IS NULL")
    return " AND ".join(conditions), [value for value in given.values() if value is not None]


def _within(part: _Slice) -> tuple[str, list[object]]:
    conditions, values = ["ts_us BETWEEN ? AND ?"], [part.low_us, part.high_us]
    bounds: list[object] = list(values)
    if part.after_id is not None:
        conditions.append("(ts_us > ? OR id > ?)")
        bounds += [part.low_us, part.after_id]
    if part.upto_id is not None:
        conditions.append("(ts_us < ? OR id <= ?)")
        bounds += [part.high_us, part.upto_id]
    return " AND ".join(conditions), bounds


def _extent(row: dict[str, Any]) -> Extent:
    kind = TimeKind(row["time_kind"])
    return Extent(
        time_kind=kind,
        rows=row["rows"],
        deleted=row["deleted"],
        first_us=row["first_us"] or 0,
        last_us=row["last_us"] or 0,
        room_id=row["room_id"],
    )


def _values(column: "pa.ChunkedArray | pa.Array") -> list[Any]:
    import pyarrow as pa

    kind = column.type
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_list(kind):
        items = _values(array.flatten())
        ends = list(accumulate(array.value_lengths().fill_null(0).to_pylist(), initial=0))
        lists = [items[start:end] for start, end in pairwise(ends)]
        return [items if there else None for items, there in zip(lists, array.is_valid().to_pylist(), strict=True)]
    if pa.types.is_struct(kind) and not array.null_count:
        names = [field.name for field in kind]
        fields = zip(*map(_values, array.flatten()), strict=True)
        return [dict(zip(names, values, strict=True)) for values in fields]
    if pa.types.is_string(kind) or (not pa.types.is_nested(kind) and not array.null_count):
        values: list[Any] = array.to_numpy(zero_copy_only=False).tolist()
        return values
    return list(array.to_pylist(maps_as_pydicts="lossy" if pa.types.is_map(kind) else None))
