"""How a file of chat is written row by row, and how rows are taken out of it or changed later.

A file is a beginning, records with something between them, and an end. Rows come as mappings from column to value, as
`domain.tables` has them, with values that JSON has: `ts` and `date` are text there.

What was written can be changed in its own shape: a record in which nothing changes keeps its bytes, so that a person's
rows can leave a file that was made long ago without touching anybody else's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

Row = Mapping[str, Any]
"""A row of a table, by column."""
Change = Callable[[Row], Row | None]
"""What becomes of a row: itself (nothing changes), another one in its place, or None (it goes)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a written file says about all of its rows."""

    columns: tuple[str, ...] = ()
    """Of the rows, in order."""
    channel: str = ""
    room_id: str = ""
    video_id: str = ""
    start_us: int | None = None
    """When the recording starts, microseconds UTC; None: `ts_us` counts from there, whenever that was."""
    end_us: int = 0
    """`ts_us` of the last row."""
    created_us: int = 0
    """When the file is made, microseconds UTC."""

    def offset_us(self, ts_us: int) -> int:
        """How long after the start of the recording that is."""
        return ts_us - (self.start_us or 0)


@dataclass(slots=True)
class Tally:
    """What became of the rows of a file."""

    kept: int = 0
    """Rows that the file holds now, changed ones among them."""
    changed: int = 0
    dropped: int = 0

    def count(self, row: Row, after: Row | None) -> None:
        """Take note of one row."""
        self.kept += after is not None
        self.dropped += after is None
        self.changed += after is not None and after is not row


class Writer(Protocol):
    """A module that writes a format."""

    NAME: str
    COLUMNS: tuple[str, ...]
    """Columns that `record` looks at; empty: all there are."""
    FRAMED: bool
    """Whether the first line is no record."""
    JOIN: bytes
    """What stands between two records."""
    END: bytes
    """What stands behind the last."""

    def begin(self, about: About) -> bytes:
        """What stands before the first record: the first line, or nothing."""

    def record(self, row: Row, about: About) -> bytes:
        """One row as it stands in the file."""

    def records(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The records again, out of the lines of a file behind its beginning."""

    def row(self, record: bytes, begin: bytes) -> Row:
        """The columns that a record holds, but for its time."""

    def edited(self, record: bytes, row: Row, begin: bytes) -> bytes:
        """A record with what is said in the row that it becomes."""


def write(writer: Writer, batches: Iterable[Sequence[Row]], about: About) -> Iterator[bytes]:
    """Turn rows into the bytes of a file, some for each batch."""
    yield writer.begin(about)
    join = b""
    for batch in batches:
        if batch:
            yield join + writer.JOIN.join([writer.record(row, about) for row in batch])
            join = writer.JOIN
    yield writer.END


def rewrite(writer: Writer, lines: Iterable[bytes], *, change: Change, tally: Tally) -> Iterator[bytes]:
    """Turn the bytes of a written file into those of the file with changed rows.

    Args:
        writer: what wrote it.
        lines: of the file, each with its end.
        change: what becomes of each row.
        tally: counts rows.

    Yields:
        The new file in pieces.
    """
    lines = iter(lines)
    begin = b"".join(islice(lines, 1)) if writer.FRAMED else b""
    yield begin
    join = b""
    for record in writer.records(lines):
        row = writer.row(record, begin)
        after = change(row)
        tally.count(row, after)
        if after is not None:
            yield join + (record if after is row else writer.edited(record, after, begin))
            join = writer.JOIN
    yield writer.END
