"""Read the logs of the IRC client irssi: `HH:MM < nick> text`, a date where the log opens or the day changes.

One column before the nick tells its status (`@`, `%`, `+` or a space). Times are minutes, or seconds where the user set
so, of a clock whose zone the log does not name: they are read as UTC. ` * nick waves` is an action, lines with `-!-`
are about joins, parts and modes.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from chatpulse.twitch.formats.lines import STATUS_LINE, broken, fits_most, read_records, said
from chatpulse.twitch.formats.record import Head, Record, Skipped
from chatpulse.twitch.formats.times import MINUTE_US, SECOND_US, DayClock, clock_us, day_us

NAME: Final = "irssi"

_BADGES = {"@": "moderator/1"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LINE = re.compile(r"([0-2][0-9]):([0-5][0-9])(?::([0-5][0-9]))? (.*)", re.DOTALL).fullmatch
_SAID = re.compile(r"<([ @%+&~]?)([^> ]{1,100})>(?: (.*))?", re.DOTALL).fullmatch
_ACTION = re.compile(r" ?\* ([^ ]+) (.*)", re.DOTALL).fullmatch
_STATUS = re.compile(r"-!- |-[^ ]*- ").match
_DAY = re.compile(
    r"--- (?:Log opened|Day changed|Log closed) [^ ]+ ([A-Z][a-z]{2}) +([0-9]{1,2})"
    r"(?: ([0-2][0-9]):([0-5][0-9]):([0-5][0-9]))? ([0-9]{4})"
).match
_CHANNEL = re.compile(r".*?#([A-Za-z0-9_]+)").match


def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
    """Hand over a log.

    Args:
        pieces: the file in any chunking.
        head: learns start and channel.

    Yields:
        Batches in file order.
    """
    head.precision_us = MINUTE_US
    yield from read_records(pieces, _Log(head).record)


def fits(first: bytes) -> bool:
    """Whether the beginning of a file is a log of irssi."""
    return fits_most(first, _is_ours)


def _is_ours(line: str) -> bool:
    found = _LINE(line)
    rest = found[4] if found else ""
    return bool(_SAID(rest) or _STATUS(rest) or _ACTION(rest) or _DAY(line))


class _Log:
    def __init__(self, head: Head) -> None:
        self._head = head
        self._clock = DayClock(MINUTE_US)

    def record(self, line: str) -> Record:
        found = _LINE(line)
        if not found:
            return self._day(line)
        hours, minutes, seconds, rest = found.groups()
        stamp = self._clock.at(clock_us(hours, minutes, seconds or "0"))
        if seconds:
            stamp = stamp._replace(precision_us=SECOND_US)
            self._head.precision_us = SECOND_US
        if message := _SAID(rest):
            status, user, text = message.groups()
            return said(line, stamp, user=user, text=text or "", more={"badges": _BADGES.get(status, "")})
        if _STATUS(rest):
            if not self._head.channel and (channel := _CHANNEL(rest)):
                self._head.channel = channel[1].lower()
            return Skipped(STATUS_LINE, line)
        if action := _ACTION(rest):
            return said(line, stamp, user=action[1], text=action[2], more={"action": True})
        return broken(line, "no `< nick> text` behind the time")

    def _day(self, line: str) -> Record:
        if not line.startswith("--- "):
            return broken(line, "no `HH:MM` in front")
        found = _DAY(line)
        if found and found[1] in _MONTHS:
            month, day, hours, minutes, seconds, year = found.groups()
            midnight_us = day_us(f"{year}-{_MONTHS.index(month) + 1:02}-{int(day):02}")
            if midnight_us is not None:
                # The log is opened within a minute that its lines do not split.
                self._clock.set_day(midnight_us, now_us=clock_us(hours, minutes, "0") if hours else None)
                if self._head.start_us is None and hours:
                    self._head.start_us = midnight_us + clock_us(hours, minutes, seconds)
        return Skipped(STATUS_LINE, line)
