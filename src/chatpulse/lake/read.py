"""Read stored tables: how many rows, whose ids, how far they reach, what was said last.

Counts and positions come out of the Delta log alone; ids are read column by column; rows through `lake.views`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chatpulse.domain.chat import Topic
from chatpulse.domain.tables import TABLE_OF, TABLES
from chatpulse.errors import InputError
from chatpulse.lake.store import Store, local_files, locate, open_all, row_count, translated
from chatpulse.lake.views import Views
from chatpulse.lake.write import app_id

ID_ROWS = 50_000
"""Ids per step: some 5 MB."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables at a URL, as they are at each call."""

    url: str
    storage_options: Mapping[str, str] | None = None
    """Passed on to deltalake."""

    def row_counts(self) -> dict[str, tuple[str, int]]:
        """Identity and number of rows of each table that was written, by name."""
        handles = open_all(self._store())
        return {name: (str(handle.metadata().id), row_count(handle)) for name, handle in handles.items()}

    def versions(self) -> dict[str, int]:
        """Version of each table that was written, by name: another one after each change."""
        return {name: handle.version() for name, handle in open_all(self._store()).items()}

    def positions(self, record_id: str) -> dict[Topic, int]:
        """The last offset that the tables hold of each topic of a record; topics without any are left out."""
        handles = open_all(self._store())
        found = {
            topic: handles[table.name].transaction_version(app_id(record_id, topic))
            for topic, table in TABLE_OF.items()
            if table.name in handles
        }
        return {topic: offset for topic, offset in found.items() if offset is not None}

    def ids(self) -> Iterator[list[str]]:
        """Every id of every table, some ten thousand at a time."""
        import pyarrow.parquet as pq

        store = self._store()
        for name, handle in open_all(store).items():
            for path in local_files(store, name, handle):
                with translated(store, name, file=path), pq.ParquetFile(path) as file:
                    for batch in file.iter_batches(ID_ROWS, columns=["id"]):
                        yield batch.column(0).to_pylist()

    def recent(
        self, table: str, *, limit: int, channel: str | None = None, since_us: int | None = None
    ) -> list[dict[str, Any]]:
        """The newest rows of a table, oldest first.

        Args:
            table: its name.
            limit: most rows to return.
            channel: only rows of this channel.
            since_us: only rows of this time or later, microseconds UTC.

        Returns:
            One dictionary per row, by column; empty when there is none, or no such table was written.

        Raises:
            InputError: there is no table of this name.
        """
        if table not in TABLES:
            raise InputError(f"no table {table!r}; there are {', '.join(TABLES)}")
        with Views(self._store(), [table]) as views:
            given = {"channel = ?": channel, "ts_us >= ?": since_us}
            # First the time of the oldest row wanted: a search through two columns instead of all. Values are bound.
            newest = f"SELECT ts_us FROM {table} {_where(given)} ORDER BY ts_us DESC LIMIT ?"  # noqa: S608
            times = views.run(newest, [*_values(given), limit]).column("ts_us").to_pylist()
            given["ts_us >= ?"] = min(times, default=since_us)
            rows = f"SELECT * FROM {table} {_where(given)} ORDER BY ts_us DESC, id DESC LIMIT ?"  # noqa: S608
            found = views.run(rows, [*_values(given), limit])
        newest_first: list[dict[str, Any]] = found.to_pylist(maps_as_pydicts="lossy")
        return newest_first[::-1]

    def said(
        self, channel: str, *, since_us: int, until_us: int, not_video: str
    ) -> Iterator[tuple[list[str], list[str], list[str], list[int]]]:
        """Messages of a channel in a span of instants, of all recordings but one.

        Args:
            channel: its login.
            since_us: first instant, microseconds UTC.
            until_us: last one.
            not_video: recording that is left out.

        Yields:
            Ids, users (logins, else names), texts and times, some thousands at a time.
        """
        with Views(self._store(), ["messages"]) as views:
            found = views.run(_SAID, [channel, since_us, until_us, not_video])
        for batch in found.to_batches(max_chunksize=ID_ROWS):
            ids, users, texts, times = (column.to_pylist() for column in batch.columns)
            yield ids, users, texts, times

    def _store(self) -> Store:
        return locate(self.url, self.storage_options)


_SAID = """
    SELECT id, coalesce(user_login, user_name, ''), text, ts_us FROM messages
    WHERE channel = ? AND ts_us BETWEEN ? AND ? AND time_kind = 'epoch' AND coalesce(video_id, '') <> ?
"""


def _where(conditions: Mapping[str, object]) -> str:
    """The conditions that have a value, as SQL."""
    given = [condition for condition, value in conditions.items() if value is not None]
    return f"WHERE {' AND '.join(given)}" if given else ""


def _values(conditions: Mapping[str, object]) -> list[object]:
    return [value for value in conditions.values() if value is not None]
