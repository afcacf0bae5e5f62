"""Write rows of any table as JSON lines: an object per row with every column, null where the table has null.

`ts` is ISO 8601 in UTC and repeats `ts_us`; lists are arrays, emotes are objects with id, name, start and end.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from chatpulse.twitch.formats.writing import About, Row

NAME: Final = "ndjson"
COLUMNS: Final[tuple[str, ...]] = ()
FRAMED: Final = False
JOIN: Final = b""
END: Final = b""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def begin(about: About) -> bytes:
    """Nothing stands before the rows."""
    del about
    return b""


def record(row: Row, about: About) -> bytes:
    """A row as one line."""
    del about
    return _encode(row) + b"\n"


def records(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Each line is a record."""
    yield from lines


def row(record: bytes, begin: bytes) -> Row:
    """The row of a line."""
    del begin
    return _decode(record)


def edited(record: bytes, row: Row, begin: bytes) -> bytes:
    """The line of a row."""
    del record, begin
    return _encode(row) + b"\n"
