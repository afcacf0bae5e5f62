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
from chatpulse.lake.core.removals import Removed, bounds_statement, removed_statement
from chatpulse.lake.store import Store, locate, open_all, open_table, require_folder, translated
from chatpulse.lake.views import Views
from chatpulse.lake.write import ATTEMPTS, writer_properties

if TYPE_CHECKING:
    from deltalake import DeltaTable

KEEP_FILES_H = 1
"""Hours that replaced files stay: the longest query or copy that anybody may have begun before."""
SMALL_BYTES = 32_000_000
SMALL_FILES = 64
"""More small files than this in a table are worth a compaction: each costs a commit some 70 us and a query a file."""
MARKED = "chatpulse:marked"
"""Under which `messages` remembers up to which `stored_us` moderation was looked at."""


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


def compact(url: str, *, keep_h: int = KEEP_FILES_H, storage_options: Mapping[str, str] | None = None) -> Report:
    """Mark removed messages, join small files, and drop files that were replaced long enough ago.

    Args:
        url: where the tables are.
        keep_h: hours that replaced files stay on disk.
        storage_options: passed on to deltalake.

    Returns:
        One report per table that was written.
    """
    store = locate(url, storage_options)
    require_folder(store)
    before = {name: _size(handle) for name, handle in open_all(store).items()}
    # Marking rewrites files: small ones cost less than the big ones that they are about to become.
    marked = _mark(store) if {"messages", "moderation"} <= before.keys() else 0
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


def mark_deleted(url: str, *, storage_options: Mapping[str, str] | None = None) -> int:
    """Fill in `deleted_us` of stored messages that a moderator removed, by the rules of `lake.core.removals`.

    Returns:
        How many messages were newly marked.
    """
    store = locate(url, storage_options)
    return _mark(store) if {"messages", "moderation"} <= open_all(store).keys() else 0


def _mark(store: Store) -> int:
    def attempt(handle: "DeltaTable") -> int:
        removed = _find_removed(store, since_us=handle.transaction_version(MARKED) or 0)
        return _merge(handle, removed) if removed is not None else 0

    marked, _ = _again(store, "messages", attempt)
    return marked


def _find_removed(store: Store, *, since_us: int) -> Removed | None:
    """Messages without a mark that moderation rows stored since then remove; None when there are none."""
    with Views(store, ["messages", "moderation"]) as views:
        (bounds,) = views.run(*bounds_statement(since_us)).to_pylist()
        if bounds["upto_us"] is None:
            return None
        removed = views.run(*removed_statement(since_us, bounds["low_us"], bounds["high_us"]))
    if not removed.num_rows:
        return None
    ts_us = removed.column("ts_us").to_pylist()
    return Removed(
        ids=removed.column("id").to_pylist(),
        deleted_us=removed.column("at_us").to_pylist(),
        low_us=min(ts_us),
        high_us=max(ts_us),
        upto_us=bounds["upto_us"],
    )


def _merge(handle: "DeltaTable", removed: Removed) -> int:
    import pyarrow as pa
    from deltalake import CommitProperties, Transaction

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
        commit_properties=CommitProperties(app_transactions=[Transaction(MARKED, removed.upto_us)]),
    )
    metrics = merger.when_matched_update({"deleted_us": "s.deleted_us"}).execute()
    return int(metrics["num_target_rows_updated"])


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
