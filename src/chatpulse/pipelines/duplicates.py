"""Find lines that tables or record hold already, exactly, across restarts and runs.

The index of seen ids is derived from tables and record (`eventlog.remember`). Whether it still fits the tables is a
matter of counting: at its mark it must hold as many ids as the tables have rows, plus the record's entries up to the
mark that are in no table yet. A table that was deleted, rows of another collector or a lost index all show as another
number, and the index is built anew from the tables' `id` columns.
"""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import structlog

from chatpulse.domain.chat import Recorded, Topic
from chatpulse.errors import StorageFullError
from chatpulse.eventlog import ReplayableLog, SeenIndex, catch_up, keep
from chatpulse.lake import Tables

log = structlog.get_logger()


class Duplicates:
    """Tells new events from those that are stored; one task at a time uses it."""

    def __init__(self, seen: SeenIndex, record: ReplayableLog, tables: Tables) -> None:
        self._seen = seen
        self._record = record
        self._tables = tables
        self._ends: dict[Topic, int] = {}
        self._saved: dict[Topic, int] | None = None

    @classmethod
    async def open(cls, folder: Path, *, record: ReplayableLog, tables: Tables) -> Self:
        """Open the index in a folder and bring it level with tables and record."""
        duplicates = cls(await asyncio.to_thread(SeenIndex.open, folder), record, tables)
        try:
            await duplicates._catch_up()
        except BaseException:
            duplicates._seen.close()
            raise
        return duplicates

    def new(self, events: Sequence[Recorded]) -> list[Recorded]:
        """Those that nothing holds yet, each once."""
        flags = self._seen.check([event.id for event in events])
        return [event for event, new in zip(events, flags, strict=True) if new]

    def add(self, events: Sequence[Recorded], ends: Mapping[Topic, int]) -> None:
        """Remember events that were appended; `ends` is what the append returned."""
        self._ends.update(ends)
        self._seen.add([event.id for event in events])

    @property
    def due(self) -> bool:
        """Whether so much is in memory that it should be saved."""
        return self._seen.due

    async def save(self) -> None:
        """Write what is in memory to disk, so that the record need not keep it any longer."""
        ends = dict(self._ends)
        if ends != self._saved:
            await keep(self._seen, self._record, ends=ends, basis=await self._basis())
            self._saved = ends

    def let_go(self) -> None:
        """Take what is on disk out of memory; it comes back when it is looked at."""
        self._seen.let_go()

    async def close(self) -> None:
        """Write what is in memory to disk and let go."""
        try:
            await self.save()
        except StorageFullError as exc:
            # The record still has it.
            log.info("duplicates.not_saved", reason=str(exc))
        finally:
            self._seen.close()

    async def _catch_up(self) -> None:
        fit = await asyncio.to_thread(self._tables_fit)
        rebuilt = await catch_up(
            self._seen, self._record, basis=await self._basis(), tables_fit=fit, stored_ids=self._tables.ids
        )
        self._ends = await self._record.ends()
        log.info("duplicates.ready", ids=self._seen.count, rebuilt=rebuilt)

    def _tables_fit(self) -> bool:
        mark, counts = self._seen.mark, self._tables.row_counts()
        if mark is None:
            return False
        written = self._tables.positions(self._record.record_id)
        behind = sum(mark["ends"].get(topic, 0) - written.get(topic, 0) for topic in Topic)
        same = all(table in counts and counts[table][0] == known for table, known in self._seen.basis.items())
        return same and self._seen.count == sum(rows for _, rows in counts.values()) + behind

    async def _basis(self) -> dict[str, str]:
        counts = await asyncio.to_thread(self._tables.row_counts)
        return {table: table_id for table, (table_id, _) in counts.items()}
