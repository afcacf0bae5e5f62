"""Keep the tables fast and honest: join small files, drop replaced ones, mark messages that moderators removed.

All of it is safe beside a writer and beside readers. A compaction is one commit that replaces files by a joined one
with the same rows; appends that come in between stay. Replaced files stay on disk for an hour, for readers that began
before. Marking is a Delta MERGE by message id within bounds of `ts_us`, so that the log learns no name and no text.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from chatpulse.domain.tables import TABLES
from chatpulse.errors import ConnectionLostError
from chatpulse.lake.core.removals import (
    COVER_US,
    Looked,
    Removed,
    news_statement,
    read_news,
    removed_statement,
)
from chatpulse.lake.gate import writing
from chatpulse.lake.store import Store, locate, open_all, open_table, require_folder, translated
from chatpulse.lake.views import MARKED, MARKED_MESSAGES, MARKED_ROWS, Views, looked_at, rows_looked_at
from chatpulse.lake.write import ATTEMPTS, writer_properties

if TYPE_CHECKING:
    from deltalake import DeltaTable, Transaction

KEEP_FILES_H = 1
"""Hours that replaced files stay: the longest query or copy that anybody may have begun before."""
SMALL_BYTES = 32_000_000
SMALL_FILES = 64
"""More small files than this in a table are worth a compaction: each costs a commit some 70 us and a query a file."""
REMEMBER_US = 3_600_000_000
"""After so many microseconds of chat without a removal it is noted how far that looked."""
WAIT_S = 60.0
"""How long rows that are being taken out may hold up a compaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """What became of one table."""

    table: str
    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int
    dropped: int
    """Files removed from disk that no commit names any more."""
    marked: int
    """Messages newly marked as removed by a moderator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of all tables that were written."""

    tables: tuple[TableReport, ...]


def compact(
    url: str,
    *,
    keep_h: int = KEEP_FILES_H,
    cover_us: int = COVER_US,
    storage_options: Mapping[str, str] | None = None,
) -> Report:
    """Mark removed messages, join small files, and drop files that were replaced long enough ago.

    Args:
        url: where the tables are.
        keep_h: hours that replaced files stay on disk.
        cover_us: how far back a timeout, a ban or a full clear reaches.
        storage_options: passed on to deltalake.

    Returns:
        One report per table that was written.
    """
    store = locate(url, storage_options)
    require_folder(store)
    with writing(store, wait_s=WAIT_S):
        return _compact(store, keep_h=keep_h, cover_us=cover_us)


def _compact(store: Store, *, keep_h: int, cover_us: int) -> Report:
    before = {name: _size(handle) for name, handle in open_all(store).items()}
    # Marking rewrites files: small ones cost less than the big ones that they are about to become.
    marked = _mark(store, cover_us) if {"messages", "moderation"} <= before.keys() else 0
    reports = []
    for name, (files, size_bytes) in before.items():
        dropped, handle = _again(store, name, lambda handle: _join(handle, keep_h=keep_h))
        files_after, bytes_after = _size(handle)
        reports.append(
            TableReport(
                table=name,
                files_before=files,
                files_after=files_after,
                bytes_before=size_bytes,
                bytes_after=bytes_after,
                dropped=dropped,
                marked=marked if name == "messages" else 0,
            )
        )
    return Report(tables=tuple(reports))


def needs_compaction(
    url: str, *, small_files: int = SMALL_FILES, storage_options: Mapping[str, str] | None = None
) -> bool:
    """Whether a table has more small files than this; reads the logs only."""
    store = locate(url, storage_options)
    return any(sum(size < SMALL_BYTES for size in _sizes(handle)) > small_files for handle in open_all(store).values())


def mark_deleted(url: str, *, cover_us: int = COVER_US, storage_options: Mapping[str, str] | None = None) -> int:
    """Fill in `deleted_us` of stored messages that a moderator removed, by the rules of `lake.core.removals`.

    Returns:
        How many messages were newly marked.
    """
    store = locate(url, storage_options)
    with writing(store, wait_s=WAIT_S):
        return _mark(store, cover_us) if {"messages", "moderation"} <= open_all(store).keys() else 0


def _mark(store: Store, cover_us: int) -> int:
    handles = open_all(store)
    looked, rows = looked_at(handles["messages"]), rows_looked_at(handles)
    if rows == looked.rows:
        return 0
    removed, upto = _find_removed(store, looked, cover_us=cover_us, rows=rows)
    if removed is not None:
        # What was found stays true whatever is appended meanwhile: only this last step has to be alone.
        marked, _ = _again(store, "messages", partial(_merge, removed=removed, upto=upto))
        return marked
    if upto.messages_us - looked.messages_us > REMEMBER_US:
        _again(store, "messages", partial(_remember, upto=upto))
    return 0


def _find_removed(store: Store, looked: Looked, *, cover_us: int, rows: int) -> tuple[Removed | None, Looked]:
    """Messages without a mark that moderation removed; None when there are none. And how far that looked."""
    with Views(store, ["messages", "moderation"]) as views:
        news = read_news(views.run(*news_statement(looked)).to_pylist(), looked, rows=rows)
        if news.moderation is None and news.messages is None:
            return None, news.upto
        removed = views.run(removed_statement(news, looked, cover_us=cover_us))
    if not removed.num_rows:
        return None, news.upto
    ts_us = removed.column("ts_us").to_pylist()
    found = Removed(
        ids=removed.column("id").to_pylist(),
        deleted_us=removed.column("at_us").to_pylist(),
        low_us=min(ts_us),
        high_us=max(ts_us),
    )
    return found, news.upto


def _merge(handle: "DeltaTable", *, removed: Removed, upto: Looked) -> int:
    import pyarrow as pa
    from deltalake import CommitProperties

    source = pa.table({
        "id": pa.array(removed.ids, pa.string()),
        "deleted_us": pa.array(removed.deleted_us, pa.int64()),
    })
    bounds = f"t.ts_us >= {removed.low_us} AND t.ts_us <= {removed.high_us}"
    merger = handle.merge(
        source,
        predicate=f"{bounds} AND t.id = s.id AND t.deleted_us IS NULL",
        source_alias="s",
        target_alias="t",
        writer_properties=writer_properties(),
        commit_properties=CommitProperties(app_transactions=_marks(upto)),
    )
    metrics = merger.when_matched_update({"deleted_us": "s.deleted_us"}).execute()
    return int(metrics["num_target_rows_updated"])


def _remember(handle: "DeltaTable", *, upto: Looked) -> int:
    """Take note of how far removals were looked for, where none was found for long."""
    from deltalake import CommitProperties

    properties = CommitProperties(app_transactions=_marks(upto))
    handle.create_write_transaction([], "append", handle.schema(), ["date"], commit_properties=properties)
    return 0


def _marks(upto: Looked) -> "list[Transaction]":
    from deltalake import Transaction

    marks = {MARKED: upto.moderation_us, MARKED_MESSAGES: upto.messages_us, MARKED_ROWS: upto.rows}
    return [Transaction(name, value) for name, value in marks.items()]


def _join(handle: "DeltaTable", *, keep_h: int) -> int:
    """Join small files and drop old ones; how many were dropped."""
    version = handle.version()
    handle.optimize.compact(writer_properties=writer_properties())
    # `full`: also files of writers that were killed before their commit. A vacuum is two commits: none for nothing.
    vacuum = partial(handle.vacuum, retention_hours=keep_h, enforce_retention_duration=False, full=True)
    dropped = vacuum(dry_run=True)
    if dropped:
        vacuum(dry_run=False)
    if handle.version() != version:
        handle.create_checkpoint()
        handle.cleanup_metadata()
    return len(dropped)


def _again(store: Store, name: str, work: "Callable[[DeltaTable], int]") -> "tuple[int, DeltaTable]":
    """Work on a fresh handle until no other commit comes in between; what it returned, and the handle."""
    from deltalake.exceptions import CommitFailedError

    for _ in range(ATTEMPTS):
        handle = open_table(store, TABLES[name])
        if handle is None:
            break
        with translated(store, name), suppress(CommitFailedError):
            return work(handle), handle
    raise ConnectionLostError(f"table {name!r} of {store.url!r} changes too fast: try again when less is written")


def _sizes(handle: "DeltaTable") -> list[int]:
    import pyarrow as pa

    sizes: list[int] = pa.table(handle.get_add_actions(flatten=True)).column("size_bytes").to_pylist()
    return sizes


def _size(handle: "DeltaTable") -> tuple[int, int]:
    sizes = _sizes(handle)
    return len(sizes), sum(sizes)
