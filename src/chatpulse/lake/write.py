"""Append events to their tables, each once, however often the same range of the record is written.

A commit carries, beside its rows, how far into a topic it reaches: Delta's `txn` with the application id
`<record>:<topic>` and the last offset as its version. deltalake does not refuse a version that is there already, so the
rule is ours: look the version up, drop what it covers, and commit on that same handle. A second writer with the same
record then fails in Delta itself instead of storing twice.

A process killed in mid-commit leaves either the whole commit or a Parquet file that no commit names; the next vacuum
takes that one away.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from chatpulse.domain.chat import Event, Topic
from chatpulse.domain.scores import Scored
from chatpulse.domain.tables import Table
from chatpulse.errors import ConnectionLostError, DamagedError
from chatpulse.lake.gate import writing
from chatpulse.lake.gather import Rows
from chatpulse.lake.store import (
    check_room,
    create_table,
    locate,
    make_folder,
    open_all,
    open_table,
    translated,
    upgrade_table,
)

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import DeltaTable, WriterProperties

CHECKPOINT_COMMITS = 100
"""Commits between checkpoints: a reader parses at most that many small files of the log."""
ATTEMPTS = 8
"""Commits that may fail one after the other because another process was faster; one compaction causes one."""
ROW_GROUP_ROWS = 131_072
"""What a reader that wants one span of time skips or takes as a whole, once files are joined."""
DIFFERENT = ("id", "text", "negative", "neutral", "positive", "valence", "confidence")
COUNTING = ("ts", "ts_us", "received_us", "stored_us")
"""Columns with a number that is another in each row, close to the one before; the others above are unlike."""
ROOM_BYTES = 256 * 1024
"""Room for the log and for what the file system adds, beside the rows themselves."""

Guard = Callable[[Table, "pa.Table"], "pa.Table"]
"""Rows that are about to be stored in, those that may be stored out."""


class TableWriter:
    """Writes the tables for one record; one thread at a time uses it."""

    def __init__(
        self,
        url: str,
        *,
        record_id: str,
        scorer: str = "",
        scorer_version: str = "",
        guard: Guard | None = None,
        storage_options: Mapping[str, str] | None = None,
    ) -> None:
        """Open every table there is, so that what is wrong with one shows before the first line is read.

        Args:
            url: where the tables are.
            record_id: identity of the record that offsets belong to.
            scorer: name of what scores the messages.
            scorer_version: its version.
            guard: gets the rows of every write, and returns those that may be stored.
            storage_options: passed on to deltalake.
        """
        self._store = locate(url, storage_options)
        make_folder(self._store)
        self._record_id = record_id
        self._scorer = scorer
        self._scorer_version = scorer_version
        self._guard = guard
        self._handles = open_all(self._store)
        self._up_to_date: set[str] = set()
        """Tables that have the columns of this version."""
        self._checkpoints: dict[str, int] = {}

    def write(
        self,
        topic: Topic,
        events: Sequence[Event],
        *,
        offsets: tuple[int, int],
        stored_us: int,
        scored: Sequence[Scored] | None = None,
    ) -> int:
        """Write events at once: `gather` and `write_rows` in one, and what these say."""
        rows = self.gather(topic)
        rows.add(events, scored=scored)
        return self.write_rows(rows, offsets=offsets, stored_us=stored_us)

    def gather(self, topic: Topic) -> Rows:
        """Begin rows for the table of a topic."""
        return Rows(topic, scorer=self._scorer, scorer_version=self._scorer_version)

    def write_rows(self, rows: Rows, *, offsets: tuple[int, int], stored_us: int) -> int:
        """Write a range of a topic in one commit; when this returns, a killed process loses nothing of it.

        After a `TransientError` (no room, no right, other writers in the way) the same call may be made again.

        Args:
            rows: of all events of the range.
            offsets: the first and the last offset of the range in its topic.
            stored_us: now, microseconds UTC.

        Returns:
            Rows that are new in the table: 0 when it holds the range already.

        Raises:
            ConnectionLostError: other writers were faster, again and again.
        """
        table, app = rows.table, app_id(self._record_id, rows.table.topic)
        if not rows:
            return 0
        arrow = rows.arrow(stored_us=stored_us)
        with writing(self._store):
            for _ in range(ATTEMPTS):
                skipped = _stored_already(self._reached(table, app), offsets, count=len(rows))
                new = self._admitted(table, arrow.slice(skipped))
                if not new.num_rows or self._commit(table, new, reached=(app, offsets[1])):
                    return int(new.num_rows)
        raise ConnectionLostError(self._outrun(table))

    def append(self, rows: Rows, *, stored_us: int) -> None:
        """Write rows that come from no record, in one commit; whoever calls knows that no table holds them.

        Raises:
            ConnectionLostError: other writers were faster, again and again.
        """
        if not rows:
            return
        arrow = rows.arrow(stored_us=stored_us)
        with writing(self._store):
            for _ in range(ATTEMPTS):
                self._reached(rows.table, "")
                new = self._admitted(rows.table, arrow)
                if not new.num_rows or self._commit(rows.table, new, reached=None):
                    return
        raise ConnectionLostError(self._outrun(rows.table))

    def _admitted(self, table: Table, rows: "pa.Table") -> "pa.Table":
        """The rows that may be stored; asked while nobody takes rows out, so that none slips in behind."""
        return rows if self._guard is None else self._guard(table, rows)

    def _outrun(self, table: Table) -> str:
        return (
            f"table {table.name!r} of {self._store.url!r} could not be written: {ATTEMPTS} commits of others came first"
        )

    def _handle(self, table: Table) -> "DeltaTable":
        handle = self._handles.get(table.name) or open_table(self._store, table) or create_table(self._store, table)
        if table.name not in self._up_to_date:
            upgrade_table(self._store, table, handle)
            self._up_to_date.add(table.name)
        self._handles[table.name] = handle
        return handle

    def _reached(self, table: Table, app: str) -> int | None:
        """The last offset that a table holds."""
        from deltalake.exceptions import DeltaError

        try:
            return self._handle(table).transaction_version(app)
        except DeltaError:
            # Kept for a day without a write, a handle may look for commits that have left the log since.
            self._handles.pop(table.name, None)
        with translated(self._store, table.name):
            return self._handle(table).transaction_version(app)

    def _commit(self, table: Table, rows: "pa.Table", *, reached: tuple[str, int] | None) -> bool:
        """Append on the handle that was looked at; False when a commit of others came first and is in the way."""
        from deltalake import CommitProperties, PostCommitHookProperties, Transaction, write_deltalake
        from deltalake.exceptions import CommitFailedError

        check_room(self._store, rows.nbytes + ROOM_BYTES)
        # Whatever goes wrong, the next attempt starts from what is really there.
        handle = self._handles.pop(table.name)
        with translated(self._store, table.name):
            try:
                write_deltalake(
                    handle,
                    rows,
                    mode="append",
                    writer_properties=writer_properties(),
                    commit_properties=CommitProperties(app_transactions=[Transaction(*reached)] if reached else None),
                    post_commithook_properties=PostCommitHookProperties(
                        create_checkpoint=False, cleanup_expired_logs=False
                    ),
                )
            except CommitFailedError:
                return False
        self._handles[table.name] = handle
        self._checkpoint(table, handle)
        return True

    def _checkpoint(self, table: Table, handle: "DeltaTable") -> None:
        """Sum up the log now and then; the rows are durable already, so that this may fail."""
        version = handle.version()
        last = self._checkpoints.setdefault(table.name, version - version % CHECKPOINT_COMMITS)
        if version - last >= CHECKPOINT_COMMITS:
            from deltalake.exceptions import DeltaError

            with suppress(DeltaError, OSError):
                handle.create_checkpoint()
            self._checkpoints[table.name] = version


def app_id(record_id: str, topic: Topic) -> str:
    """Under which name a table remembers how far into a topic of a record it reaches."""
    return f"{record_id}:{topic.value}"


def writer_properties() -> "WriterProperties":
    """How Parquet files are written: small, fast, and without the least and greatest text of a column in them."""
    from deltalake import ColumnProperties, WriterProperties

    # ZSTD takes 39 % less room than Snappy at the same CPU time: benchmarks/lake.py.
    # What repeats within a file gets a dictionary; it costs time where every value is another.
    different = ColumnProperties(dictionary_enabled=False, statistics_enabled="NONE")
    counting = ColumnProperties(dictionary_enabled=False, statistics_enabled="CHUNK", encoding="DELTA_BINARY_PACKED")
    return WriterProperties(
        compression="ZSTD",
        compression_level=1,
        max_row_group_size=ROW_GROUP_ROWS,
        default_column_properties=ColumnProperties(statistics_enabled="NONE"),
        column_properties=dict.fromkeys(DIFFERENT, different) | dict.fromkeys(COUNTING, counting),
    )


def _stored_already(stored: int | None, offsets: tuple[int, int], *, count: int) -> int:
    """How many of a range's events, from its front, the table holds, given the last offset that it has."""
    first, last = offsets
    if stored is None or stored < first:
        return 0
    if stored >= last:
        return count
    if last - first + 1 != count:
        raise DamagedError(
            f"offsets {first} to {last} hold {count} events, and the table has those up to {stored}: "
            "the record has holes, restore it from a copy"
        )
    return stored - first + 1
