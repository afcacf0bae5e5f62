"""Read lines of plain text that hold a user and a text, and perhaps a time: the formats without a name of their own.

| format | line | time |
|---|---|---|
| `time-user-message` | `h:mm:ss.fff user: text` | offset |
| `epoch-user-message` | `1500000000 user: text`, in any unit | epoch |
| `user-message` | `user: text` | none |
| `chat-downloader-text` | `h:mm:ss | (badges) user: text`, or a date and time in front | offset or epoch |
| `time-message` | `h:mm:ss text` | offset |

A user is one word, but for chat-downloader, which writes the display name.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from chatpulse.twitch.formats.lines import MOST, broken, fits_most, read_records, said
from chatpulse.twitch.formats.record import Head, Reader, Record
from chatpulse.twitch.formats.times import NO_TIME, Stamp, read_time

_USER = r"([^\s:\"'{}\[\](),;<>|#]{1,64})"
_WORDS = r"(?: (.*))?"
_TIMES = {
    "time-user-message": r"([0-9]{1,4}:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?) ",
    "epoch-user-message": r"([0-9]{9,19}(?:\.[0-9]{1,9})?) ",
}
_TIME_USER = re.compile(_TIMES["time-user-message"] + _USER + ":" + _WORDS, re.DOTALL).fullmatch
_EPOCH_USER = re.compile(_TIMES["epoch-user-message"] + _USER + ":" + _WORDS, re.DOTALL).fullmatch
_USER_ONLY = re.compile("()" + _USER + ":" + _WORDS, re.DOTALL).fullmatch
_TIME_ONLY = re.compile(_TIMES["time-user-message"] + "()(.*)", re.DOTALL).fullmatch
_PIPED = re.compile(
    r"(-?[0-9]+(?::[0-9]{2}){1,2}|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}) \| (?:\(.*?\) )?(?:\*[^*]*\* )?([^:|]{1,100}):"
    + _WORDS,
    re.DOTALL,
).fullmatch
_NEARLY_ALL = 0.9
"""For a shape so plain that other text files have it in places."""

Match = Callable[[str], re.Match[str] | None]


@dataclass(frozen=True, slots=True)
class PlainFormat:
    """One of the formats, with what a reader's module has."""

    NAME: str
    read: Reader
    fits: Callable[[bytes], bool]


def _format(name: str, match: Match, *, share: float = MOST) -> PlainFormat:
    def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
        yield from read_records(pieces, _Lines(name, match, head=head).record)

    return PlainFormat(name, read, lambda first: fits_most(first, match, share=share))


class _Lines:
    """Makes the records of one file; times get no more exact than the head says in the end."""

    def __init__(self, name: str, match: Match, *, head: Head) -> None:
        self._name, self._match, self._head = name, match, head
        self._timed = False

    def record(self, line: str) -> Record:
        found = self._match(line)
        stamp = self._stamp(found[1]) if found else None
        if not found or stamp is None:
            return broken(line, f"no line of {self._name}")
        return said(line, stamp, user=found[2], text=found[3] or "")

    def _stamp(self, time: str) -> Stamp | None:
        stamp = read_time(time) if time else NO_TIME
        if stamp:
            self._head.precision_us = (
                min(self._head.precision_us, stamp.precision_us) if self._timed else stamp.precision_us
            )
            self._timed = True
        return stamp


def _fits_time_only(first: bytes) -> bool:
    """A time and then anything, unless something is seen there: a pipe, or `user:` in nearly every line."""
    seen = fits_most(first, _TIME_USER, share=_NEARLY_ALL) or fits_most(first, _PIPED)
    return fits_most(first, _TIME_ONLY) and not seen


TIME_USER: Final = _format("time-user-message", _TIME_USER)
EPOCH_USER: Final = _format("epoch-user-message", _EPOCH_USER)
USER_ONLY: Final = _format("user-message", _USER_ONLY, share=_NEARLY_ALL)
PIPED: Final = _format("chat-downloader-text", _PIPED)
TIME_ONLY: Final = PlainFormat("time-message", _format("time-message", _TIME_ONLY).read, _fits_time_only)
FORMATS: Final = (TIME_USER, EPOCH_USER, PIPED, USER_ONLY, TIME_ONLY)
