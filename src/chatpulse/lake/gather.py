"""Gather rows for one table until they are written.

Events and scores are Python objects, some 2 KB a message; as Arrow columns the same row takes 400 bytes. They are
therefore turned into columns while few have gathered, which is also when that is fastest (benchmarks/lake.py).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chatpulse.domain.chat import Event, Topic
from chatpulse.domain.scores import Scored
from chatpulse.domain.tables import TABLE_OF
from chatpulse.lake.core.rows import Extras, columns_of

if TYPE_CHECKING:
    import pyarrow as pa

PACK_ROWS = 1_000
"""Half as many cost a tenth more a row, and so do ten times as many."""


class Rows:
    """Rows of one topic, in the order of the record."""

    def __init__(self, topic: Topic, *, scorer: str = "", scorer_version: str = "") -> None:
        self.table = TABLE_OF[topic]
        self._scorer = scorer
        self._scorer_version = scorer_version
        self._packed: list[pa.Table] = []
        self._events: list[Event] = []
        self._scored: list[Scored] = []
        self._count = 0

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    def add(self, events: Sequence[Event], *, scored: Sequence[Scored] | None = None) -> None:
        """Take events that follow those before; `scored`: one per event, for messages, here as always or never."""
        self._count += len(events)
        self._events += events
        self._scored += scored or ()
        while len(self._events) >= PACK_ROWS:
            self._pack()

    def arrow(self, *, stored_us: int) -> "pa.Table":
        """All of them as columns; stored at this time."""
        import numpy as np
        import pyarrow as pa

        if self._events or not self._packed:
            self._pack()
        rows = pa.concat_tables(self._packed)
        place = rows.schema.get_field_index("stored_us")
        return rows.set_column(place, rows.schema.field(place), [np.full(self._count, stored_us)])

    def _pack(self) -> None:
        from chatpulse.lake.arrow import to_arrow

        events, self._events = self._events[:PACK_ROWS], self._events[PACK_ROWS:]
        scored, self._scored = self._scored[:PACK_ROWS], self._scored[PACK_ROWS:]
        extras = Extras(scored=scored or None, scorer=self._scorer, scorer_version=self._scorer_version)
        self._packed.append(to_arrow(self.table, columns_of(self.table, events, extras), rows=len(events)))
