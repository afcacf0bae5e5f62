"""Stored tables as SQL views in a DuckDB that sees them and nothing else.

Each view is over exactly the files that the Delta log names, never over a folder: a folder also holds files that were
replaced, or that a killed writer never committed. Then the connection is locked: it reads these files only, loads no
extension, sees no Python variable, and nothing that runs in it can change that.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from chatpulse.domain.tables import TABLES, Table, Type
from chatpulse.errors import DamagedError
from chatpulse.lake.store import Store, local_files, one_line, open_all, require_folder

if TYPE_CHECKING:
    import pyarrow as pa

MEMORY_MB = 1_024
"""What one query may hold in memory; nothing is written to disk instead."""
THREADS = 2

_SQL_TYPES = {
    Type.STRING: "VARCHAR",
    Type.INT: "BIGINT",
    Type.FLOAT: "DOUBLE",
    Type.BOOL: "BOOLEAN",
    Type.TIMESTAMP: "TIMESTAMPTZ",
    Type.DATE: "DATE",
    Type.BINARY: "BLOB",
    Type.STRINGS: "VARCHAR[]",
    Type.EMOTES: 'STRUCT(id VARCHAR, name VARCHAR, "start" BIGINT, "end" BIGINT)[]',
    Type.TAGS: "MAP(VARCHAR, VARCHAR)",
}


class Views:
    """A DuckDB connection with these tables in it, as they were when it was made; a table never written is empty."""

    def __init__(self, store: Store, names: Sequence[str]) -> None:
        import duckdb

        require_folder(store)
        self._store = store
        handles = open_all(store)
        files = {name: local_files(store, name, handles[name]) if name in handles else [] for name in names}
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{MEMORY_MB}MB",
                "threads": THREADS,
                "temp_directory": "",
                "autoload_known_extensions": False,
                "autoinstall_known_extensions": False,
                "allow_community_extensions": False,
                "python_enable_replacements": False,
            },
        )
        try:
            self._set_up(files)
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        """Hand out the views themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of files and memory."""
        self._connection.close()

    def run(self, sql: str, values: Sequence[object] = ()) -> "pa.Table":
        """All rows of one statement; `DamagedError` about one of our files, DuckDB's own errors for the rest."""
        import duckdb

        try:
            return self._connection.execute(sql, values).to_arrow_table()
        except duckdb.PermissionException:
            raise
        except duckdb.Error as exc:
            # Nothing but our files can be read: what names one of them, or fails to read, is about them.
            if isinstance(exc, duckdb.IOException) or f"{self._store.folder}/" in str(exc):
                said = one_line(str(exc))
                raise DamagedError(f"tables at {self._store.url!r}: {said}: restore the file from a copy") from exc
            raise

    def _set_up(self, files: Mapping[str, list[Path]]) -> None:
        self.run("SET TimeZone = 'UTC'")
        for name, paths in files.items():
            self.run(_view(TABLES[name], paths))
        self.run(f"SET allowed_paths = {_list([path for paths in files.values() for path in paths])}")
        self.run("SET enable_external_access = false")
        self.run("SET lock_configuration = true")


def _view(table: Table, paths: list[Path]) -> str:
    """The statement that makes a table a view."""
    rows = ""
    if paths:
        # The date stands in folder names only. Files of older versions lack the columns that came later.
        options = "hive_partitioning = true, hive_types = {'date': DATE}, union_by_name = true"
        rows = f"UNION ALL BY NAME SELECT * FROM read_parquet({_list(paths)}, {options})"  # noqa: S608 - our own names
    nulls = ", ".join(f'NULL::{_SQL_TYPES[column.type]} AS "{column.name}"' for column in table.columns)
    return f"CREATE VIEW {table.name} AS SELECT {nulls} WHERE false {rows}"


def _list(paths: list[Path]) -> str:
    """Paths as a list in SQL."""
    return "[" + ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths) + "]"
