"""Find lines that tables or record hold already, exactly, across restarts and runs.

The index of seen ids is derived data: this module keeps it level with its two sources.

- The tables. On opening, the index must hold as many ids as the tables have rows plus the record's entries that are
  not in a table yet, for the same tables and the same record. Anything else (a table that was deleted, rows of another
  collector, a lost index) shows as a different number, and the index is built anew from the tables' `id` columns.
- The record. The index is its consumer group `seen`: ids that were only in memory at a `kill -9` are read again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

from chatpulse.domain.chat import Recorded, Topic
from chatpulse.eventlog import SEEN_GROUP, SeenIndex, LocalRecord, decode_id
from chatpulse.lake import Tables

READ_ENTRIES = 10_000

log = structlog.get_logger()


class Duplicates:
    """Tells new events from those that are stored; one task at a time uses it."""

    def __init__(self, index: SeenIndex, record: LocalRecord, tables: Tables) -> None:
        self._index = index
        self._record = record
        self._tables = tables
        self._ends: dict[Topic, int] = {}

    @classmethod
    async def open(cls, folder: Path, *, record: LocalRecord, tables: Tables) -> "Duplicates":
        """Open the index in a folder and bring it level with tables and record."""
        index = await asyncio.to_thread(SeenIndex.open, folder)
        duplicates = cls(index, record, tables)
        try:
            await duplicates._level()
        except BaseException:
            index.close()
            raise
        return duplicates

    def new(self, events: Sequence[Recorded]) -> list[Recorded]:
        """Those that nothing holds yet, each once."""
        flags = self._index.check([event.id for event in events])
        return [event for event, new in zip(events, flags, strict=True) if new]

    async def keep(self, events: Sequence[Recorded], ends: dict[Topic, int]) -> None:
        """Remember events that were appended; `ends` is what the append returned."""
        self._ends |= ends
        self._index.add([event.id for event in events])
        if self._index.due:
            await self._flush()

    async def close(self) -> None:
        """Write what is in memory to disk and let go."""
        try:
            await self._flush()
        finally:
            self._index.close()

    async def _level(self) -> None:
        self._ends = await self._record.ends()
        fits = await asyncio.to_thread(self._fits)
        if fits:
            await self._add_record(self._index.mark["ends"])
        if not fits or self._index.count != await asyncio.to_thread(self._stored_ids):
            await self._rebuild()
        await self._flush()

    def _fits(self) -> bool:
        """Whether the index on disk was made beside this record and these tables."""
        mark = self._index.mark
        if mark is None:
            return False
        known = {table: there[0] for table, there in self._tables.row_counts().items()}
        return bool(
            mark["record"] == self._record.record_id
            and all(mark["ends"].get(topic, 0) <= end for topic, end in self._ends.items())
            and all(known.get(table) == table_id for table, table_id in self._index.basis.items())
        )

    def _stored_ids(self) -> int:
        """Rows in tables, and entries of the record that are in none yet."""
        rows = sum(rows for _, rows in self._tables.row_counts().values())
        written = self._tables.positions(self._record.record_id)
        return rows + sum(end - min(written.get(topic, 0), end) for topic, end in self._ends.items())

    async def _rebuild(self) -> None:
        rows = await asyncio.to_thread(self._tables.row_counts)
        log.info("duplicates.rebuild", rows=sum(count for _, count in rows.values()))
        await asyncio.to_thread(self._index.rebuild, self._tables.ids())
        await self._add_record({})

    async def _add_record(self, behind: Mapping[Topic, int]) -> None:
        """Add the ids of the record's entries behind these offsets; those that are held already change nothing."""
        for topic in Topic:
            after = behind.get(topic, 0)
            while entries := await self._record.scan(topic, after=after, limit=READ_ENTRIES):
                await asyncio.to_thread(self._index.fresh, [decode_id(topic, entry.body) for entry in entries])
                after = entries[-1].offset

    async def _flush(self) -> None:
        basis = {table: there[0] for table, there in self._tables.row_counts().items()}
        mark = {"record": self._record.record_id, "ends": dict(self._ends)}
        await asyncio.to_thread(self._index.flush, mark=mark, basis=basis)
        await self._record.commit(SEEN_GROUP, self._ends)
