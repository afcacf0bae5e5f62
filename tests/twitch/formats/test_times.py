"""Times: every way of writing one, its unit by its size, and a clock that passes midnight."""

import pytest

from chatpulse.domain.chat import TimeKind
from chatpulse.twitch.formats.times import DAY_US, HOUR_US, NO_TIME, SECOND_US, DayClock, Stamp, day_us, read_time

NOON_US = 1_936_353_600_000_000  # 2031-05-12 12:00:00 UTC


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("12", Stamp(TimeKind.OFFSET, 12_000_000, 1_000_000)),
        (" 12.50 ", Stamp(TimeKind.OFFSET, 12_500_000, 10_000)),
        ("12.0", Stamp(TimeKind.OFFSET, 12_000_000, 1_000_000)),
        ("-3", Stamp(TimeKind.OFFSET, -3_000_000, 1_000_000)),
        ("99999999", Stamp(TimeKind.OFFSET, 99_999_999_000_000, 1_000_000)),
        ("1936353600", Stamp(TimeKind.EPOCH, NOON_US, 1_000_000)),
        ("1936353600.25", Stamp(TimeKind.EPOCH, NOON_US + 250_000, 10_000)),
        ("1936353600000", Stamp(TimeKind.EPOCH, NOON_US, 1_000)),
        ("1936353600000001", Stamp(TimeKind.EPOCH, NOON_US + 1, 1)),
        ("1936353600000001999", Stamp(TimeKind.EPOCH, NOON_US + 1, 1)),
        ("26:00:01", Stamp(TimeKind.OFFSET, 26 * HOUR_US + SECOND_US, 1_000_000)),
        ("-1:05", Stamp(TimeKind.OFFSET, -65_000_000, 1_000_000)),
        ("0:00:01.5", Stamp(TimeKind.OFFSET, 1_500_000, 100_000)),
        ("2031-05-12T12:00:00Z", Stamp(TimeKind.EPOCH, NOON_US, 1_000_000)),
        ("2031-05-12 12:00:00.1234567Z", Stamp(TimeKind.EPOCH, NOON_US + 123_456, 1)),
        ("2031-05-12 20:00:00+08:00", Stamp(TimeKind.EPOCH, NOON_US, 1_000_000)),
        ("2031-05-12 08:30:00 UTC", Stamp(TimeKind.EPOCH, NOON_US - 7 * HOUR_US // 2, 1_000_000)),
        ("2031-05-12T08:30:00-0330", Stamp(TimeKind.EPOCH, NOON_US, 1_000_000)),
    ],
)
def test_a_time_is_read_in_whatever_way_it_is_written(value: str, expected: Stamp) -> None:
    assert read_time(value) == expected


@pytest.mark.parametrize(
    "value", ["", "soon", "1e9", "-1936353600", "2031-02-30 10:00:00", "9999999999999999999", "1:99", "nan", "٣"]
)
def test_what_is_no_time_is_none(value: str) -> None:
    assert read_time(value) is None


def test_a_clock_with_a_date_adds_a_day_at_midnight_and_takes_off_its_zone() -> None:
    clock = DayClock(SECOND_US)
    clock.zone_s = 3_600
    midnight_us = day_us("2031-05-12")
    assert midnight_us is not None
    clock.set_day(midnight_us)

    stamps = [clock.at(hour * HOUR_US) for hour in (23, 0, 1, 2, 0)]

    east_us = midnight_us - HOUR_US
    # From 2 back to 0 is no midnight: somebody set the clock.
    hours = [23, 24, 25, 26, 24]
    assert stamps == [Stamp(TimeKind.EPOCH, east_us + hour * HOUR_US, SECOND_US) for hour in hours]


def test_a_clock_without_a_date_counts_from_its_first_time() -> None:
    clock = DayClock(SECOND_US)

    stamps = [clock.at(hour * HOUR_US) for hour in (22, 23, 1)]

    assert stamps == [Stamp(TimeKind.OFFSET, hours * HOUR_US, SECOND_US) for hours in (0, 1, 3)]


def test_a_date_in_the_middle_holds_from_there_on() -> None:
    clock = DayClock(SECOND_US)
    clock.at(23 * HOUR_US)
    clock.set_day(7 * DAY_US)

    assert clock.at(HOUR_US) == Stamp(TimeKind.EPOCH, 7 * DAY_US + HOUR_US, SECOND_US)
    assert NO_TIME.kind is TimeKind.NONE
