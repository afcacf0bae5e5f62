"""Stored tables as SQL views in a DuckDB that sees them and nothing else.

Each view is over exactly the files that the Delta log names, never over a folder: a folder also holds files that were
replaced, or that a killed writer never committed. Then the connection is locked: it reads these files only, loads no
extension, sees no Python variable, and nothing that runs in it can change that.

`deleted_us` of a message is written when files are joined. On request a view fills it in for what moderators removed
since: the few messages of that kind are found when the view is made, and joined within their span of time only, so that
a question costs what it cost before.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from chatpulse.domain.tables import TABLES, Table, Type
from chatpulse.errors import DamagedError
from chatpulse.lake.core.removals import Looked, news_statement, read_news, removed_statement
from chatpulse.lake.store import Store, local_files, one_line, open_all, require_folder, row_count

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import DeltaTable

MARKED, MARKED_MESSAGES, MARKED_ROWS = "chatpulse:marked", "chatpulse:marked-messages", "chatpulse:marked-rows"
"""Under which `messages` remembers what removals were looked for in: see `core.removals.Looked`."""
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

    def __init__(self, store: Store, names: Sequence[str], *, cover_us: int | None = None) -> None:
        """Make the views.

        Args:
            store: where the tables are.
            names: of the tables.
            cover_us: show removals at once that no compaction has marked yet; so far back a timeout reaches.
        """
        import duckdb

        require_folder(store)
        self._store = store
        handles = open_all(store)
        files = {name: local_files(store, name, handles[name]) if name in handles else [] for name in names}
        # Moderation is read for the sake of `messages`, whether it was asked for or not.
        fresh = cover_us is not None and "messages" in names and {"messages", "moderation"} <= handles.keys()
        kept = {name: local_files(store, name, handles[name]) for name in ("messages", "moderation") if fresh}
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
            self.run("SET TimeZone = 'UTC'")
            if cover_us is not None and fresh and self._find_removed(handles, kept, cover_us):
                del files["messages"]
                self.run(_MESSAGES)
            self._set_up(files, kept)
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

    def _find_removed(self, handles: "Mapping[str, DeltaTable]", kept: Mapping[str, list[Path]], cover_us: int) -> bool:
        """Find the messages that are removed and not marked; whether there are any."""
        looked, rows = looked_at(handles["messages"]), rows_looked_at(handles)
        if rows == looked.rows:
            return False
        self.run("CREATE SCHEMA kept")
        for name, paths in kept.items():
            self.run(_view(TABLES[name], paths, schema="kept"))
        found = self.run(*news_statement(looked, schema="kept")).to_pylist()
        news = read_news(found, looked, rows=rows)
        if news.moderation is None and news.messages is None:
            return False
        removed = removed_statement(news, looked, cover_us=cover_us, schema="kept")
        self.run(f"CREATE TABLE kept.removed AS {removed}")
        return bool(self.run("SELECT count(*) AS n FROM kept.removed").column("n")[0].as_py())

    def _set_up(self, files: Mapping[str, list[Path]], kept: Mapping[str, list[Path]]) -> None:
        for name, paths in files.items():
            self.run(_view(TABLES[name], paths))
        allowed = {path for found in (files, kept) for paths in found.values() for path in paths}
        self.run(f"SET allowed_paths = {_list(sorted(allowed))}")
        self.run("SET enable_external_access = false")
        self.run("SET lock_configuration = true")


def looked_at(messages: "DeltaTable") -> Looked:
    """Up to where removals are marked in `messages`."""
    return Looked(
        moderation_us=messages.transaction_version(MARKED) or 0,
        messages_us=messages.transaction_version(MARKED_MESSAGES) or 0,
        rows=messages.transaction_version(MARKED_ROWS) or 0,
    )


def rows_looked_at(handles: "Mapping[str, DeltaTable]") -> int:
    """How many rows `messages` and `moderation` have."""
    return row_count(handles["messages"]) + row_count(handles["moderation"])


def _view(table: Table, paths: list[Path], *, schema: str = "main") -> str:
    """The statement that makes a table a view."""
    rows = ""
    if paths:
        # The date stands in folder names only. Files of older versions lack the columns that came later.
        options = "hive_partitioning = true, hive_types = {'date': DATE}, union_by_name = true"
        rows = f"UNION ALL BY NAME SELECT * FROM read_parquet({_list(paths)}, {options})"  # noqa: S608 - our own names
    nulls = ", ".join(f'NULL::{_SQL_TYPES[column.type]} AS "{column.name}"' for column in table.columns)
    return f"CREATE VIEW {schema}.{table.name} AS SELECT {nulls} WHERE false {rows}"


_SPAN = "ts_us BETWEEN (SELECT min(ts_us) FROM kept.removed) AND (SELECT max(ts_us) FROM kept.removed)"
_MESSAGES = f"""
CREATE VIEW messages AS
SELECT * FROM kept.messages WHERE NOT {_SPAN}
UNION ALL
SELECT m.* REPLACE (coalesce(m.deleted_us, r.at_us) AS deleted_us)
FROM kept.messages m LEFT JOIN kept.removed r USING (id) WHERE m.{_SPAN}
"""  # noqa: S608 - constants of this module


def _list(paths: list[Path]) -> str:
    """Paths as a list in SQL."""
    return "[" + ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths) + "]"
