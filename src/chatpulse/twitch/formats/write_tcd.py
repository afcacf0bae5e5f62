"""Write messages as `[h:mm:ss] <name> text`, the format `irc` of tcd, which `formats.tcd` reads.

A line holds the second after the start, the display name with a character for the user's highest badge, and the text.
Of a text with line ends each becomes a space: a line is a message.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from chatpulse.twitch.formats.tcd import BADGES
from chatpulse.twitch.formats.writing import About, Row

NAME: Final = "irc"
COLUMNS: Final = ("ts_us", "user_login", "user_name", "text", "badges", "action")
FRAMED: Final = False
JOIN: Final = b""
END: Final = b""

NOBODY: Final = "?"
"""Stands for a user who is not known; no account can have this name."""
_PREFIXES: Final = {badge.partition("/")[0]: prefix for prefix, badge in BADGES.items()} | {
    "turbo": "+",
    "founder": "%",
}
_HIGHEST_FIRST: Final = "".join(BADGES)
_BREAKS = re.compile(r"[\r\n]+")
_record = re.compile(r"(\[\d+:\d\d:\d\d\] )(?:<([~&!*@%+$]?)([^>]*)> (.*)|\*(\S+) (.*)\])\n", re.DOTALL).fullmatch


def begin(about: About) -> bytes:
    """Nothing stands before the messages."""
    del about
    return b""


def record(row: Row, about: About) -> bytes:
    """A message as one line."""
    seconds = max(about.offset_us(row["ts_us"]), 0) // 1_000_000
    clock = f"[{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}] "
    return _line(clock, _prefix(row["badges"]), row)


def records(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Each line is a record."""
    yield from lines


def row(record: bytes, begin: bytes) -> Row:
    """Who said what; the login is the name in lower case, as far as the file knows."""
    del begin
    _, _, said_by, said, done_by, done = _parts(record)
    name = said_by or done_by
    return {"user_login": name.lower(), "user_name": name, "text": done or said, "action": bool(done_by)}


def edited(record: bytes, row: Row, begin: bytes) -> bytes:
    """The line with another name or text."""
    del begin
    clock, prefix, *_ = _parts(record)
    return _line(clock, prefix, row)


def _parts(record: bytes) -> list[str]:
    found = _record(record.decode())
    return [part or "" for part in found.groups()] if found else [""] * 6


def _line(clock: str, prefix: str, row: Row) -> bytes:
    name = (row["user_name"] or row["user_login"] or NOBODY).replace(">", "")
    text = _BREAKS.sub(" ", row["text"])
    # A name with a space cannot be told from the text in the way actions are written.
    if row["action"] and " " not in name:
        return f"{clock}*{name} {text}]\n".encode()
    return f"{clock}<{prefix}{name}> {text}\n".encode()


def _prefix(badges: Iterable[str] | None) -> str:
    found = {_PREFIXES.get(badge.partition("/")[0], "") for badge in badges or ()}
    return next((prefix for prefix in _HIGHEST_FIRST if prefix in found), "")
