"""irssi: minutes, dates between the lines, one column of status before the nick."""

from chatpulse.domain.chat import Quarantined
from chatpulse.twitch.formats import irssi
from chatpulse.twitch.formats.record import Head, Skipped
from tests.twitch.formats.reading import messages, read_all, shape

LOG = """\
--- Log opened Sun May 11 23:58:31 2031
23:58 -!- mila [mila@mila.tmi.twitch.tv] has joined #Harbour
23:58 < mila> hi  there
23:59 <@ren> yes
--- Day changed Mon May 12 2031
00:00  * mila waves
00:01 -mila:#harbour- note
--- Log closed Mon May 12 00:02:00 2031
"""


def test_a_log_is_read_by_its_dates_in_minutes() -> None:
    head = Head()

    records = read_all(irssi, LOG, head)

    assert [shape(record) for record in records if not isinstance(record, Skipped)] == [
        ("epoch", 1_936_310_280, "mila", "hi  there"),
        ("epoch", 1_936_310_340, "ren", "yes"),
        ("epoch", 1_936_310_400, "mila", "waves"),
    ]
    assert len(records) == 8
    assert {record.reason for record in records if isinstance(record, Skipped)} == {"status line"}
    assert head == Head(channel="harbour", start_us=1_936_310_311_000_000, precision_us=60_000_000)


def test_status_is_a_badge_and_an_action_is_marked() -> None:
    read = messages(read_all(irssi, LOG))

    assert [(m.user_name, m.badges, m.action, m.precision_us) for m in read] == [
        ("mila", "", False, 60_000_000),
        ("ren", "moderator/1", False, 60_000_000),
        ("mila", "", True, 60_000_000),
    ]


def test_a_day_that_no_line_announces_begins_where_the_clock_goes_back() -> None:
    content = "--- Log opened Sun May 11 23:58:31 2031\n23:58 < a> x\n00:00 < a> y"

    assert [shape(record)[1] for record in read_all(irssi, content)[1:]] == [1_936_310_280, 1_936_310_400]


def test_seconds_are_kept_where_the_log_has_them() -> None:
    head = Head()

    [message] = messages(read_all(irssi, "10:00:07 < mila> hi", head))

    assert (message.precision_us, head.precision_us) == (1_000_000, 1_000_000)


def test_a_month_in_another_language_leaves_the_day_unknown() -> None:
    skipped, message = read_all(irssi, "--- Log opened So Mai 11 10:00:00 2031\n10:05 < mila> hi")

    assert isinstance(skipped, Skipped)
    assert shape(message)[:2] == ("offset", 0.0)


def test_a_line_without_time_or_nick_is_quarantined() -> None:
    assert [type(record) for record in read_all(irssi, "hello\n10:00 what")] == [Quarantined] * 2
