"""Write rows of any table as CSV: the names of the columns, then a line per row with every column, as RFC 4180 has it.

Null is an empty field, yes and no are `true` and `false`. Badges, reactions and flags of a message stand with commas
between them, terms with spaces, emotes as on the wire: `25:0-4,12-16/1902:6-10`, first and last code point. Maps are
JSON.

A text is written as it was said, also where it begins with `=`, `+`, `-` or `@`, which a spreadsheet takes for a
formula: a mark in front would be one more character in the data of everybody who computes with it.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

import msgspec

from chatpulse.domain.tables import TABLES, Type
from chatpulse.twitch.core.messages import find_emotes
from chatpulse.twitch.formats.csv_chat import split_row
from chatpulse.twitch.formats.writing import About, Row

NAME: Final = "csv"
COLUMNS: Final[tuple[str, ...]] = ()
FRAMED: Final = True
JOIN: Final = b""
END: Final = b""

_LINE_END = "\r\n"
_LISTS = {"badges": ",", "reactions": ",", "flags": ",", "terms": " "}
_BOOLS = {True: "true", False: "false"}
_TYPES = {column.name: column.type for table in TABLES.values() for column in table.columns}


class _Line:
    """What a csv writer writes to: it hands the line back."""

    def write(self, line: str) -> str:
        return line


_line = csv.writer(_Line(), lineterminator=_LINE_END).writerow


def begin(about: About) -> bytes:
    """The names of the columns."""
    return (",".join(about.columns) + _LINE_END).encode()


def record(row: Row, about: About) -> bytes:
    """A row as one line, or more where a text has line ends."""
    return _encode(row, about.columns)


def records(lines: Iterable[bytes]) -> Iterator[bytes]:
    """A record ends with a line within which every quote is closed."""
    begun = b""
    for line in lines:
        begun += line
        if begun.count(b'"') % 2 == 0:
            yield begun
            begun = b""


def row(record: bytes, begin: bytes) -> Row:
    """The columns of a record: text, None for null, lists of text, and of emotes."""
    fields = split_row(record.decode().removesuffix("\r\n")) or []
    values: dict[str, Any] = dict(zip(_names(begin), (field or None for field in fields), strict=True))
    for name, between in _LISTS.items():
        if name in values:
            values[name] = values[name].split(between) if values[name] else []
    if "emotes" in values:
        spans = find_emotes(values["emotes"] or "", values["text"] or "")
        values["emotes"] = [msgspec.structs.asdict(span) for span in spans]
    return values


def edited(record: bytes, row: Row, begin: bytes) -> bytes:
    """The record of a row."""
    del record
    return _encode(row, _names(begin))


def _names(begin: bytes) -> tuple[str, ...]:
    return tuple(begin.decode().rstrip().split(","))


def _encode(row: Row, names: tuple[str, ...]) -> bytes:
    values = [row[name] for name in names]
    for place, as_text in _texts(names):
        if values[place] is not None:
            values[place] = as_text(values[place])
    line: str = _line(values)
    return line.encode()


@lru_cache(maxsize=8)
def _texts(names: tuple[str, ...]) -> list[tuple[int, Callable[[Any], str]]]:
    """The columns that need more than `str`, by place, and what makes text of them."""
    made: list[tuple[int, Callable[[Any], str]]] = []
    for place, name in enumerate(names):
        match _TYPES.get(name):
            case Type.BOOL:
                made.append((place, lambda value: _BOOLS.get(value, value)))
            case Type.STRINGS:
                made.append((place, _LISTS[name].join))
            case Type.EMOTES:
                made.append((place, _emotes))
            case Type.TAGS:
                made.append((place, _as_json))
    return made


def _as_json(value: dict[str, str] | str) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _emotes(spans: Iterable[Row]) -> str:
    """The positions of each emote, emotes in the order of their first place."""
    places: dict[str, list[str]] = {}
    for span in spans:
        places.setdefault(span["id"], []).append(f"{span['start']}-{span['end']}")
    return "/".join(f"{emote}:{','.join(found)}" for emote, found in places.items())
