"""Turn the ways in which chat files write time into microseconds and what they count from.

A time has a date or a large number (`epoch`), or counts from the start of a recording (`offset`). A clock on the wall
has neither: `DayClock` gives it the date of the log's header and a new day whenever it jumps back over midnight.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from chatpulse.domain.chat import TimeKind

SECOND_US: Final = 1_000_000
MINUTE_US: Final = 60 * SECOND_US
HOUR_US: Final = 60 * MINUTE_US
DAY_US: Final = 24 * HOUR_US

OFFSET: Final = r"([0-9]{1,4}):([0-5][0-9]):([0-5][0-9])(?:[.,]([0-9]{1,9}))?"
"""`h:mm:ss` with or without a fraction, four groups for `clock_us`; above a day the hours keep growing."""
DATE: Final = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"

_BACK_OVER_MIDNIGHT_US: Final = 2 * HOUR_US
"""A clock that goes back less was set back, by hand or at the end of summer time."""
_LEAST_EPOCH_S: Final = 100_000_000
"""March 1973; as an offset more than three years."""
_LARGEST_US: Final = 4_102_444_800 * SECOND_US
"""The year 2100."""
_NUMBER = re.compile(r"(-?)([0-9]{1,19})(?:\.([0-9]{1,9})[0-9]*)?").fullmatch
_CLOCK = re.compile(r"(-?)(?:([0-9]{1,4}):)?([0-5]?[0-9]):([0-5][0-9])(?:[.,]([0-9]{1,9}))?").fullmatch
_ISO = re.compile(
    DATE + r"[T _]([0-2][0-9]):([0-5][0-9]):([0-5][0-9])(?:[.,]([0-9]{1,9}))?"
    r"(?: ?(?:UTC|Z)|([+-])([0-2][0-9]):?([0-5][0-9]))?"
).fullmatch


class Stamp(NamedTuple):
    """When something was said."""

    kind: TimeKind
    us: int
    precision_us: int


NO_TIME: Final = Stamp(TimeKind.NONE, 0, 1_000)


def clock_us(hours: str, minutes: str, seconds: str, *, fraction: str | None = None) -> int:
    """Microseconds since 0:00:00."""
    whole_us = (int(hours) * 60 + int(minutes)) * MINUTE_US + int(seconds) * SECOND_US
    return whole_us + int(fraction[:6].ljust(6, "0")) if fraction else whole_us


def precision_us(fraction: str | None) -> int:
    """How exact a number of seconds with this fraction is; a fraction of zeros alone says nothing."""
    return max(1, SECOND_US // 10 ** len(fraction)) if fraction and fraction.strip("0") else SECOND_US


def offset_stamp(hours: str, minutes: str, seconds: str, *, fraction: str | None) -> Stamp:
    """The time that `OFFSET` found; a fraction of zeros is a fraction where all lines have one."""
    exact_us = max(1, SECOND_US // 10 ** len(fraction)) if fraction else SECOND_US
    return Stamp(TimeKind.OFFSET, clock_us(hours, minutes, seconds, fraction=fraction), exact_us)


@lru_cache(maxsize=64)
def day_us(text: str) -> int | None:
    """Midnight UTC of `YYYY-MM-DD`; None where the calendar has no such day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY_US


def read_time(value: str) -> Stamp | None:
    """Read a time in whatever way a table writes it.

    Args:
        value: seconds, a number since 1970 in any unit (told by its size), `h:mm:ss`, `mm:ss`, or a date with a time,
            which is UTC where it names no zone.

    Returns:
        The time; None when it is none of these.
    """
    value = value.strip()
    return _of_number(value) or _of_clock(value) or _of_date(value)


def _of_number(value: str) -> Stamp | None:
    found = _NUMBER(value)
    if not found:
        return None
    sign, digits, fraction = found.groups()
    whole = int(digits)
    if whole < _LEAST_EPOCH_S:
        us = clock_us("0", "0", digits, fraction=fraction)
        return Stamp(TimeKind.OFFSET, -us if sign else us, precision_us(fraction))
    for unit_us, exact_us in ((SECOND_US, precision_us(fraction)), (1_000, 1_000), (1, 1)):
        us = whole * unit_us
        if us < _LARGEST_US and not sign:
            return Stamp(
                TimeKind.EPOCH,
                us + (clock_us("0", "0", "0", fraction=fraction) if unit_us == SECOND_US else 0),
                exact_us,
            )
    return Stamp(TimeKind.EPOCH, whole // 1_000, 1) if whole // 1_000 < _LARGEST_US and not sign else None


def _of_clock(value: str) -> Stamp | None:
    found = _CLOCK(value)
    if not found:
        return None
    sign, hours, minutes, seconds, fraction = found.groups()
    us = clock_us(hours or "0", minutes, seconds, fraction=fraction)
    return Stamp(TimeKind.OFFSET, -us if sign else us, precision_us(fraction))


def _of_date(value: str) -> Stamp | None:
    found = _ISO(value)
    midnight_us = day_us(found[1]) if found else None
    if not found or midnight_us is None:
        return None
    _, hours, minutes, seconds, fraction, sign, zone_hours, zone_minutes = found.groups()
    us = midnight_us + clock_us(hours, minutes, seconds, fraction=fraction)
    if sign:
        east_us = clock_us(zone_hours, zone_minutes, "0")
        us += east_us if sign == "-" else -east_us
    return Stamp(TimeKind.EPOCH, us, precision_us(fraction))


class DayClock:
    """The clock on the wall of whoever wrote a log.

    Without a date its times count from the first of them, where the log starts.
    """

    def __init__(self, precision_us: int) -> None:
        self._precision_us = precision_us
        self._day_us: int | None = None
        """Midnight by this clock, as if it were in UTC."""
        self._days_us = 0
        self._first_us: int | None = None
        self._last_us: int | None = None
        self.zone_s = 0

    def set_day(self, day_us: int, *, now_us: int | None = None) -> None:
        """Take the date from a header or a line that says it; `now_us` is the time of day there."""
        self._day_us, self._days_us, self._last_us = day_us, 0, now_us

    def at(self, of_day_us: int) -> Stamp:
        """When the clock showed this time of day."""
        if self._last_us is not None and of_day_us < self._last_us - _BACK_OVER_MIDNIGHT_US:
            self._days_us += DAY_US
        self._last_us = of_day_us
        us = self._days_us + of_day_us
        if self._day_us is not None:
            return Stamp(TimeKind.EPOCH, self._day_us + us - self.zone_s * SECOND_US, self._precision_us)
        if self._first_us is None:
            self._first_us = us
        return Stamp(TimeKind.OFFSET, us - self._first_us, self._precision_us)
