"""Read chat out of CSV by the names in its first row, whichever tool or paper it comes from.

A row is the text and whatever else the columns say: user, time, channel, ids. Times are seconds, counts since 1970 in
any unit, clock times or dates; of several an offset goes first, because dates of old recordings lie.

Quotes are read as RFC 4180 has them, over line breaks and doubled. What broken writers leave is kept apart:

- a row with fewer columns than the first is cut off, and one with more is broken, unless the text stands last and its
  commas were not quoted;
- a quote that does not close within `MAX_OPEN_LINES` lines, or closes in the middle of a field, was cut off: that line
  is broken, and reading goes on with the next one;
- CR inside a field, and line breaks inside quotes, become spaces: a message is one line.

A column `emotes` is used where it holds positions, as on the wire. Bare names are left in `raw`: some sources list
words there that are no emote in this text, and none says whose emote it is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from chatpulse.domain.chat import TimeKind
from chatpulse.twitch.core.irc import MAX_LINE_BYTES
from chatpulse.twitch.core.messages import find_emotes
from chatpulse.twitch.core.tags import to_int
from chatpulse.twitch.formats.lines import broken, decode_line, read_lines, said, sample_lines
from chatpulse.twitch.formats.record import Head, Record, Skipped
from chatpulse.twitch.formats.times import NO_TIME, Stamp, read_time

NAME: Final = "csv"
MAX_OPEN_LINES: Final = 8
"""A message has no line breaks, so a quote over more lines is one that was never closed."""

_TEXTS: Final = ("text", "message", "message_body", "body", "comment", "content")
_USERS: Final = (
    "user_name", "display_name", "author_display_name", "commenter_display_name", "user", "username", "sender",
    "author", "commenter", "nick", "name",
)  # fmt: skip
_LOGINS: Final = ("user_login", "login", "author_name", "commenter_login", "commenter_name")
_TIMES: Final = (
    "t", "time_in_seconds", "content_offset_seconds", "contentoffsetseconds", "offset_seconds", "offset", "ts_us",
    "timestamp", "created_at", "createdat", "date", "datetime", "time", "time_text",
)  # fmt: skip
_OTHERS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "message_id", "_id"),
    "user_id": ("user_id", "author_id", "commenter_id", "commenter__id"),
    "channel": ("channel", "channel_name", "channel_login"),
    "room_id": ("room_id", "channel_id"),
    "video_id": ("video_id", "content_id"),
    "badges": ("badges",),
    "reply_to": ("reply_to",),
    "reward_id": ("reward_id",),
    "source_id": ("source_id",),
    "source_room_id": ("source_room_id",),
}
_NUMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "bits": ("bits", "bits_spent", "message_bits_spent"),
    "months": ("months",),
}
_FLAGS: Final = ("first", "action")
_KNOWN: Final = frozenset({
    *_TEXTS, *_USERS, *_LOGINS, *_TIMES, *_FLAGS, *(name for names in _OTHERS.values() for name in names),
    *(name for names in _NUMBERS.values() for name in names), "emotes", "genre", "colour", "message_type", "",
})  # fmt: skip

_QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"([^,]*)')
_BREAKS = re.compile(r"[\r\n]+")


def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
    """Hand over the messages of a file; the row of names is no record.

    Args:
        pieces: the file in any chunking.
        head: learns how exact the times are.

    Yields:
        Batches in file order.
    """
    table = _Table(head)
    for lines in read_lines(pieces):
        yield [record for line in lines for record in table.take(line)]
    if rest := table.end():
        yield rest


def fits(first: bytes) -> bool:
    """Whether the first row names a text and at least one other thing that is known."""
    lines = sample_lines(first)
    names = _names(split_row(lines[0]) or []) if lines else []
    return any(name in _TEXTS for name in names) and len(names) > 1 and sum(name in _KNOWN for name in names) > 1


def split_row(row: str, *, strict: bool = False) -> list[str] | None:
    """Cut a row into its fields.

    Args:
        row: without its end.
        strict: whether anything behind a closing quote breaks the row.

    Returns:
        The fields; none when the row is broken; None when it ends inside quotes.
    """
    if '"' not in row:
        return row.split(",")
    fields: list[str] = []
    at = 0
    while True:
        if row.startswith('"', at):
            found = _QUOTED.match(row, at)
            if found is None:
                return None
            if found[2] and strict:
                return []
            fields.append(found[1].replace('""', '"') + found[2])
            at = found.end()
        else:
            comma = row.find(",", at)
            end = comma if comma >= 0 else len(row)
            fields.append(row[at:end])
            at = end
        if at >= len(row):
            return fields
        at += 1


class _Table:
    """Rows of one file: columns from the first, then a record for each, and lines whose quote is still open."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._columns: _Columns | None = None
        self._open: list[str] = []

    def take(self, line: bytes) -> list[Record]:
        """The records that a line completes."""
        text = decode_line(line)
        return self._take(text) if isinstance(text, str) else [*self.end(), text]

    def end(self) -> list[Record]:
        """The records of lines whose quote never closed."""
        records: list[Record] = []
        while self._open:
            records += self._close()
        return records

    def _take(self, line: str) -> list[Record]:
        if self._open:
            return self._go_on(line)
        fields = split_row(line)
        if fields is None:
            self._open = [line]
            return []
        if self._columns is None:
            self._columns = _Columns(fields, self._head)
            return []
        return [self._columns.record(fields, line)]

    def _go_on(self, line: str) -> list[Record]:
        self._open.append(line)
        whole = "\n".join(self._open)
        fields = split_row(whole, strict=True)
        if fields and self._columns and len(fields) == self._columns.width:
            self._open = []
            return [self._columns.record(fields, whole)]
        if fields is None and len(self._open) < MAX_OPEN_LINES and len(whole) < MAX_LINE_BYTES:
            return []
        return self._close()

    def _close(self) -> list[Record]:
        """Give up the first open line and read the others anew."""
        first, *others = self._open or [""]
        self._open = []
        records: list[Record] = [broken(first, "a quote is not closed")] if first else []
        for line in others:
            records += self._take(line)
        return records


class _Columns:
    def __init__(self, header: Sequence[str], head: Head) -> None:
        names = _names(header)
        # Of equal names the first counts.
        places = {name: place for place, name in reversed(list(enumerate(names)))}

        if any(name.startswith("author_") for name in names):
            # Early files of chat-downloader have the author's id there.
            places.pop("id", None)

        def find(wanted: Sequence[str]) -> list[int]:
            return [places[name] for name in wanted if name in places]

        self.width = len(names)
        self._header = list(header)
        self._head = head
        self._text, self._user, self._login = (next(iter(find(known)), None) for known in (_TEXTS, _USERS, _LOGINS))
        self._times = find(_TIMES)
        self._emotes, self._raw = places.get("emotes"), places.get("raw")
        self._texts = {field: place[0] for field, known in _OTHERS.items() if (place := find(known))}
        self._numbers = {field: place[0] for field, known in _NUMBERS.items() if (place := find(known))}
        self._flags = {field: place[0] for field in _FLAGS if (place := find([field]))}
        self._kind, self._unit, self._exact = places.get("time_kind"), places.get("ts_us"), places.get("precision_us")

    def record(self, fields: list[str], raw: str) -> Record:
        if self._text is None:
            return broken(raw, f"no column of {', '.join(self._header)[:200]} is the text")
        if len(fields) > self.width and self._text == self.width - 1:
            fields = [*fields[: self._text], ",".join(fields[self._text :])]
        if len(fields) != self.width:
            return broken(raw, f"{len(fields)} columns, and the first row has {self.width}")
        if fields == self._header:
            return Skipped("row of names", raw)
        stamp = self._stamp(fields)
        if stamp is None:
            return broken(raw, "no time that is known")
        text = _BREAKS.sub(" ", fields[self._text])
        login = _at(fields, self._login)
        user = _at(fields, self._user) or login
        return said(
            _at(fields, self._raw) or raw, stamp, user=user, login=login, text=text, more=self._more(fields, text)
        )

    def _stamp(self, fields: list[str]) -> Stamp | None:
        times = [value for place in self._times if (value := fields[place].strip())]
        if not times:
            return NO_TIME
        stamp = self._own_stamp(fields) or read_time(times[0])
        if stamp:
            self._head.precision_us = stamp.precision_us
        return stamp

    def _own_stamp(self, fields: list[str]) -> Stamp | None:
        """The time as our tables have it: microseconds, and a column that says what they count from."""
        if self._unit is None or self._kind is None:
            return None
        value, kind = fields[self._unit], fields[self._kind]
        if kind not in set(TimeKind) or not value.removeprefix("-").isdecimal():
            return None
        us = to_int(value.removeprefix("-")) * (-1 if value.startswith("-") else 1)
        return Stamp(TimeKind(kind), us, to_int(_at(fields, self._exact), 1_000))

    def _more(self, fields: list[str], text: str) -> dict[str, Any]:
        more: dict[str, Any] = {field: fields[place].strip() for field, place in self._texts.items() if fields[place]}
        if "channel" in more:
            more["channel"] = more["channel"].removeprefix("#").lower()
        more |= {field: to_int(fields[place].removesuffix(".0")) for field, place in self._numbers.items()}
        more |= {field: fields[place].lower() in {"true", "1"} for field, place in self._flags.items()}
        if spans := _at(fields, self._emotes):
            more["emotes"] = find_emotes(spans, text)
        return more


def _names(fields: Sequence[str]) -> list[str]:
    return [field.strip().strip("\ufeff").lower().replace(".", "_").replace(" ", "_") for field in fields]


def _at(fields: Sequence[str], place: int | None) -> str:
    return "" if place is None else fields[place].strip()
