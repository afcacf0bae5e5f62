"""Answer one read-only SQL statement over the stored tables, which sees them and nothing else.

Two fences. DuckDB itself is locked before the statement is seen: no file but ours, no extension, no Python variable, no
change of configuration (`lake.views`). And the statement is parsed first: exactly one SELECT (which WITH, FROM,
VALUES, DESCRIBE, SHOW and SUMMARIZE are too) or EXPLAIN of one, without the functions that take memory addresses or
run another statement.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from chatpulse.domain.tables import TABLES
from chatpulse.errors import DamagedError, InputError
from chatpulse.lake.core.removals import COVER_US
from chatpulse.lake.core.values import plain
from chatpulse.lake.store import locate, one_line
from chatpulse.lake.views import MEMORY_MB, Views

if TYPE_CHECKING:
    import pyarrow as pa

REFUSED = {
    "arrow_scan", "arrow_scan_dumb", "pandas_scan", "python_map_function",  # they trust their arguments as addresses
    "query", "query_table", "json_execute_serialized_sql",  # they run what this module has not seen
    "checkpoint", "force_checkpoint", "copy_database", "import_database", "enable_logging", "enable_profiling",
}  # fmt: skip
_EXPLAIN = re.compile(r"\s*explain\s+(analyze\s+)?", re.IGNORECASE)
_ONLY_SELECT = "one SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN is run, and nothing else"
_NO_TABLE = re.compile(r"Table with name (.+?) does not exist")


@dataclass(frozen=True, slots=True)
class Result:
    """What a statement answered."""

    columns: tuple[str, ...]
    """Their names, each once."""
    table: "pa.Table"

    def rows(self) -> list[tuple[Any, ...]]:
        """The rows as values that JSON has: times as ISO text, bytes as base64, NaN as None."""
        columns = [_values(self.table.column(n), name) for n, name in enumerate(self.columns)]
        return list(zip(*columns, strict=True))

    def objects(self) -> list[dict[str, Any]]:
        """The same rows, each by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows()]


def query(url: str, sql: str, *, cover_us: int = COVER_US, storage_options: Mapping[str, str] | None = None) -> Result:
    """Run one read-only statement over the tables at a URL.

    A table that was never written is empty.

    Args:
        url: where the tables are.
        sql: DuckDB's dialect.
        cover_us: how far back a timeout reaches, for removals that no compaction has marked yet.
        storage_options: passed on to deltalake.

    Returns:
        All rows of the answer.

    Raises:
        InputError: the statement is not one SELECT, is wrong, or needs more memory than it may have.
    """
    import duckdb

    store = locate(url, storage_options)

    def ask() -> "pa.Table":
        with Views(store, list(TABLES), cover_us=cover_us) as views:
            _check(views, sql)
            return views.run(sql)

    try:
        try:
            table = ask()
        except DamagedError:
            # Where rows are forgotten, files go at once, also under a reader: its second look finds the new ones.
            table = ask()
    except duckdb.OutOfMemoryException:
        raise InputError(f"the query needs more than {MEMORY_MB} MB: ask for less, or add a WHERE") from None
    except duckdb.Error as exc:
        raise InputError(_explained(exc)) from None
    return Result(_unique(table.column_names), table)


def _check(views: Views, sql: str) -> None:
    """Raise `InputError` for anything but one read-only statement."""
    bare = sql[match.end() :] if (match := _EXPLAIN.match(sql)) else sql
    try:
        sql.encode()
    except UnicodeEncodeError:
        raise InputError("the query is no text: half of a surrogate pair is in it") from None
    answer = views.run("SELECT json_serialize_sql(?::VARCHAR)", [bare]).column(0)[0].as_py()
    tree = msgspec.json.decode(answer)
    if tree.get("error"):
        said = one_line(tree["error_message"])
        raise InputError(_ONLY_SELECT if "serialized" in said else said)
    if (count := len(tree["statements"])) != 1:
        raise InputError(f"{_ONLY_SELECT}, got {count} statements")
    if refused := sorted(REFUSED.intersection(_functions(tree))):
        raise InputError(f"function {refused[0]!r} is not available here: it does more than read the tables")


def _functions(tree: object) -> Iterator[str]:
    """Names of all functions in a parsed statement, at any depth."""
    stack = [tree]
    while stack:
        match stack.pop():
            case dict() as node:
                if isinstance(name := node.get("function_name"), str):
                    yield name.lower()
                stack.extend(node.values())
            case list() as nodes:
                stack.extend(nodes)


def _explained(exc: Exception) -> str:
    missing = _NO_TABLE.search(str(exc))
    if missing:
        return f"no table {missing[1]!r}; there are {', '.join(TABLES)}"
    return one_line(str(exc).split("\n\n")[0])


def _unique(names: list[str]) -> tuple[str, ...]:
    """Column names, numbered from the second on where they repeat."""
    taken: set[str] = set()
    for name in names:
        number, free = 2, name
        while free in taken:
            number, free = number + 1, f"{name}_{number}"
        taken.add(free)
        names[len(taken) - 1] = free
    return tuple(names)


def _values(column: "pa.ChunkedArray", name: str) -> list[Any]:
    import pyarrow as pa

    # With pandas installed Arrow would make its instants of these, without it none at all.
    if not pa.types.is_timestamp(column.type) or column.type.unit != "ns":
        with suppress(OverflowError, ValueError):
            return [plain(value) for value in column.to_pylist(maps_as_pydicts="lossy")]
    # Years and fractions that Python's datetime does not have.
    try:
        texts = column.cast(pa.string()).to_pylist()
    except pa.ArrowException:
        raise InputError(f"column {name!r} is {column.type}: cast it to text in the query") from None
    is_time = pa.types.is_timestamp(column.type)
    return [text.replace(" ", "T") if is_time and text is not None else text for text in texts]
