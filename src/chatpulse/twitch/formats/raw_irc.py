"""Read raw IRC lines, with or without tags, with or without a time in front, by the parser that live chat goes through.

Three shapes occur: bare lines; `epoch_ms TAB line` of a replay; and blocks whose first line starts with
`YYYY-MM-DD_HH:MM:SS ;;; `, a time that holds for the lines below it, too, in a zone that the log does not name: it is
read as UTC. A time in the tags goes first. Lines without an id get the identity that a replay of the file gives them.
What the protocol says about itself is skipped; a line without a command that IRC knows is broken.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from chatpulse.domain.chat import ProtocolLine, Source
from chatpulse.twitch.core.irc import LineParser
from chatpulse.twitch.formats.lines import STATUS_LINE, broken, fits_most, read_lines
from chatpulse.twitch.formats.record import Head, Record, Skipped
from chatpulse.twitch.formats.times import DATE, SECOND_US, clock_us, day_us

NAME: Final = "raw-irc"
PROTOCOL_LINE: Final = "protocol line"

_MS_DIGITS = 15
_STAMP = re.compile(DATE.encode() + rb"_([0-2][0-9]):([0-5][0-9]):([0-5][0-9]) ;;; ").match
_IRC = re.compile(
    rf"(?:[0-9]{{1,{_MS_DIGITS}}}\t|{DATE}_[0-9:]{{8}} ;;; )?"
    r"(?:(?:@[^ ]+ +)?:[^ ]+ +(?:[A-Za-z]+|[0-9]{3})(?: |$)|@[^ ]+ +[A-Z]+ |PING|PONG|CAP \*|[0-9]{3} |START OF )"
).match
_COMMANDS = frozenset({
    "CAP", "ERROR", "GLOBALUSERSTATE", "HOSTTARGET", "JOIN", "MODE", "NICK", "NOTICE", "PART", "PASS", "PING", "PONG",
    "QUIT", "RECONNECT", "USER", "USERSTATE", "WHISPER",
})  # fmt: skip


def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
    """Hand over the events of a file.

    Args:
        pieces: the file in any chunking.
        head: learns how exact the times in front are.

    Yields:
        Batches in file order.
    """
    log = _Log(head)
    for lines in read_lines(pieces):
        yield [log.record(line) for line in lines]


def fits(first: bytes) -> bool:
    """Whether most of the first lines are IRC."""
    return fits_most(first, _IRC)


class _Log:
    def __init__(self, head: Head) -> None:
        self._head = head
        self._parse = LineParser(Source.IMPORT).parse
        self._block_us: int | None = None

    def record(self, line: bytes) -> Record:
        recorded_us = self._block_us
        if b"0" <= line[:1] <= b"9":
            digits, tab, rest = line.partition(b"\t")
            if tab and digits.isdigit() and len(digits) <= _MS_DIGITS:
                event = self._parse(rest, received_us=0, recorded_us=int(digits) * 1_000)
                return _understood(rest, event) if isinstance(event, ProtocolLine) else event
            if stamp := _STAMP(line):
                recorded_us = self._open_block(stamp)
                line = line[stamp.end() :]
                if line[:1] not in {b":", b"@"}:
                    return Skipped(STATUS_LINE, line.decode(errors="replace"))
        event = self._parse(line, received_us=0, recorded_us=recorded_us)
        if isinstance(event, ProtocolLine):
            return _understood(line, event)
        return replace(event, precision_us=SECOND_US) if recorded_us and event.ts_us == recorded_us else event

    def _open_block(self, stamp: re.Match[bytes]) -> int | None:
        date, *clock = (part.decode() for part in stamp.groups())
        midnight_us = day_us(date)
        if midnight_us is not None:
            self._block_us = midnight_us + clock_us(*clock)
            self._head.precision_us = SECOND_US
        return self._block_us


def _understood(line: bytes, event: ProtocolLine) -> Record:
    if event.command in _COMMANDS or event.command.isdigit():
        return Skipped(PROTOCOL_LINE, line.decode(errors="replace"))
    return broken(line, "no command of IRC")
