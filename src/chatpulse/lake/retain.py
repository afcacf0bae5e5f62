"""Let go of what people said: after some time, or because a moderator removed it.

What people said are the rows of `messages` and `quarantine`, and the `text` of the other tables: a comment with a
subscription, a deleted message that `moderation` quotes. What happened stays: who subscribed, who was timed out. Age
counts from `stored_us`, so that an old log is not gone as soon as it is imported. What goes is gone: files are written
anew, and old versions leave with it.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from chatpulse.domain.chat import Topic
from chatpulse.domain.tables import Table
from chatpulse.lake.gate import alone
from chatpulse.lake.rewrite import Counts, RowChange, clean, rewrite
from chatpulse.lake.store import locate, require_folder
from chatpulse.lake.views import Views

if TYPE_CHECKING:
    import pyarrow as pa

SAID = {Topic.CHAT_MESSAGES, Topic.QUARANTINE}
"""Topics whose rows are what somebody said, and nothing else."""

MESSAGE_WITHOUT_WORDS: Mapping[str, object] = {"text": "", "terms": None, "emotes": []}


class Expiry:
    """The change of rows that takes out what was stored before a time."""

    def __init__(self, before_us: int, table: Table) -> None:
        self._before_us = before_us
        self._drops = table.topic in SAID
        has_text = any(column.name == "text" for column in table.columns)
        self.columns = ("stored_us", *(("text",) if has_text and not self._drops else ()))
        self.counts = Counts()

    def touches(self, part: "pa.Table") -> bool:
        """Whether something is old enough."""
        return bool(self._old(part).any())

    def apply(self, rows: "pa.Table") -> "pa.Table":
        """What is younger, and of the rest what happened."""
        old = self._old(rows)
        number = int(old.sum())
        if self._drops:
            self.counts.dropped += number
            return _filtered(rows, ~old) if number else rows
        self.counts.changed += number
        return _emptied(rows, old, {"text": None}) if number else rows

    def _old(self, part: "pa.Table") -> np.ndarray:
        import pyarrow.compute as pc

        old = part.column("stored_us").to_numpy() < self._before_us
        if self._drops:
            return np.asarray(old, np.bool_)
        if "text" not in self.columns:
            return np.zeros(part.num_rows, np.bool_)
        has_text = np.asarray(pc.is_valid(part.column("text")).to_numpy())
        return np.asarray(old & has_text)


class Purge:
    """The change of rows that takes out the words of removed messages."""

    def __init__(self, table: Table) -> None:
        self._messages = table.topic is Topic.CHAT_MESSAGES
        self.columns = ("deleted_us", "text") if self._messages else ("text",)
        self.counts = Counts()

    def touches(self, part: "pa.Table") -> bool:
        """Whether removed words are there."""
        return bool(self._removed(part).any())

    def apply(self, rows: "pa.Table") -> "pa.Table":
        """The same rows without them."""
        removed = self._removed(rows)
        self.counts.changed += int(removed.sum())
        nothing = MESSAGE_WITHOUT_WORDS if self._messages else {"text": None}
        return _emptied(rows, removed, nothing) if removed.any() else rows

    def _removed(self, part: "pa.Table") -> np.ndarray:
        import pyarrow.compute as pc

        said = np.asarray(pc.fill_null(pc.not_equal(part.column("text"), ""), fill_value=False).to_numpy())
        return np.logical_and(said, pc.is_valid(part.column("deleted_us")).to_numpy()) if self._messages else said


def retain(url: str, *, before_us: int, dry_run: bool = False) -> dict[str, Counts]:
    """Take what people said before a time out of all tables, with all their older versions.

    Args:
        url: where the tables are, a local folder.
        before_us: rows with a `stored_us` below this go.
        dry_run: only count.

    Returns:
        What became of the rows of each table that was written.
    """
    return _change(url, partial(Expiry, before_us), dry_run=dry_run)


def purge_deleted(url: str) -> dict[str, Counts]:
    """Take the words of messages that are marked as removed out of all tables, with all their older versions.

    Returns:
        What became of the rows of `messages` and `moderation`.
    """

    def change_of(table: Table) -> Purge | None:
        return Purge(table) if table.topic in {Topic.CHAT_MESSAGES, Topic.MODERATION} else None

    return _change(url, change_of, dry_run=False)


def removed_ids(url: str) -> list[str]:
    """Ids of the messages that are marked as removed and still have words."""
    with Views(locate(url), ["messages"]) as views:
        found = views.run("SELECT id FROM messages WHERE deleted_us IS NOT NULL AND text <> ''")
    ids: list[str] = found.column("id").to_pylist()
    return ids


def _change(url: str, change_of: Callable[[Table], RowChange | None], *, dry_run: bool) -> dict[str, Counts]:
    store = locate(url)
    require_folder(store)
    if dry_run:
        return rewrite(store, change_of, dry_run=True)
    with alone(store):
        counts = rewrite(store, change_of)
        # Also when nothing changed: a run that was killed before may have left old files.
        clean(store)
    return counts


def _emptied(rows: "pa.Table", places: np.ndarray, values: Mapping[str, object]) -> "pa.Table":
    """The same rows with another value for some columns in some places."""
    import pyarrow as pa

    order = pa.array(np.where(places, rows.num_rows, np.arange(rows.num_rows)))
    for name, value in values.items():
        field = rows.schema.field(name)
        both = pa.chunked_array([*rows.column(name).chunks, pa.array([value], field.type)], field.type)
        rows = rows.set_column(rows.column_names.index(name), field, both.take(order))
    return rows


def _filtered(rows: "pa.Table", kept: np.ndarray) -> "pa.Table":
    import pyarrow as pa

    return rows.filter(pa.array(kept))
