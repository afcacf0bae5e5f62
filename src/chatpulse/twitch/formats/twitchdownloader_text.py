"""Read the text export of TwitchDownloader: `[time] Name: text`.

The time is `h:mm:ss` since the start of the recording or `YYYY-MM-DD hh:mm:ss UTC`, either with three digits more.
Its third kind, without times, is `Name: text` and read as such (see `plain`).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from chatpulse.domain.chat import TimeKind
from chatpulse.twitch.formats.lines import broken, fits_most, read_records, said
from chatpulse.twitch.formats.record import Head, Record
from chatpulse.twitch.formats.times import DATE, OFFSET, SECOND_US, Stamp, clock_us, day_us, offset_stamp

NAME: Final = "twitchdownloader-text"

_LINE = re.compile(rf"\[(?:{DATE} )?{OFFSET}( UTC)?\] ([^:<#][^:]{{0,99}}):(?: (.*))?", re.DOTALL).fullmatch
_OF_CHATTY = re.compile(r"\[[0-9:]{8}\] (?:BAN|MOD|UNMOD): ").match


def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
    """Hand over the messages of a file.

    Args:
        pieces: the file in any chunking.
        head: learns how exact times are.

    Yields:
        Batches in file order.
    """
    yield from read_records(pieces, _Export(head).record)


def fits(first: bytes) -> bool:
    """Whether the beginning of a file looks like this."""
    return fits_most(first, lambda line: _LINE(line) and not _OF_CHATTY(line))


class _Export:
    def __init__(self, head: Head) -> None:
        self._head = head
        head.precision_us = SECOND_US

    def record(self, line: str) -> Record:
        found = _LINE(line)
        if not found:
            return broken(line, "no `[time] name: text`")
        date, hours, minutes, seconds, fraction, _, user, text = found.groups()
        stamp = offset_stamp(hours, minutes, seconds, fraction=fraction)
        if date:
            midnight_us = day_us(date)
            if midnight_us is None:
                return broken(line, f"the calendar has no {date}")
            us = midnight_us + clock_us(hours, minutes, seconds, fraction=fraction)
            stamp = Stamp(TimeKind.EPOCH, us, stamp.precision_us)
        self._head.precision_us = min(self._head.precision_us, stamp.precision_us)
        return said(line, stamp, user=user, text=text or "")
