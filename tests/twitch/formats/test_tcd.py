"""`.irc`: one prefix, any name, actions with a stray bracket, hours past a day."""

import pytest

from chatpulse.domain.chat import Quarantined, Source, TimeKind
from chatpulse.twitch.formats import tcd
from chatpulse.twitch.formats.record import Head, Skipped
from tests.twitch.formats.reading import messages, read_all, shape


def test_a_line_is_a_message_with_an_offset_in_whole_seconds() -> None:
    head = Head()
    line = "[1:02:03] <Mila> what a  day "

    [message] = messages(read_all(tcd, line, head))

    assert shape(message) == ("offset", 3_723.0, "Mila", "what a  day ")
    assert (message.user_login, message.raw, message.id) == ("mila", line, "")
    assert (message.precision_us, message.source, message.received_us) == (1_000_000, Source.IMPORT, 0)
    assert head.precision_us == 1_000_000


@pytest.mark.parametrize(
    ("prefix", "badges"),
    [
        ("!", "admin/1"), ("$", "bits/1"), ("~", "broadcaster/1"), ("*", "global_mod/1"), ("@", "moderator/1"),
        ("+", "premium/1"), ("&", "staff/1"), ("%", "subscriber/0"), ("", ""),
    ],
)  # fmt: skip
def test_a_prefix_is_the_badge_and_no_part_of_the_name(prefix: str, badges: str) -> None:
    [message] = messages(read_all(tcd, f"[0:00:01] <{prefix}ren> hi"))

    assert (message.user_name, message.badges) == ("ren", badges)


def test_a_name_may_hold_spaces_and_any_script_and_a_text_may_hold_anything() -> None:
    content = "[0:00:01] <Mila of Harbour> a <b> c\n[0:00:02] <%夜の猫> [0:00:03] <x> ニャ"

    assert [shape(record)[2:] for record in read_all(tcd, content)] == [
        ("Mila of Harbour", "a <b> c"),
        ("夜の猫", "[0:00:03] <x> ニャ"),
    ]


def test_an_action_loses_its_stray_bracket() -> None:
    [message] = messages(read_all(tcd, "[0:00:01] *mila waves [twice]]"))

    assert (message.user_name, message.text, message.action) == ("mila", "waves [twice]", True)


def test_hours_keep_growing_after_a_day() -> None:
    assert [shape(record)[1] for record in read_all(tcd, "[23:59:59] <a> x\n[24:00:00] <a> y\n[101:00:00] <a> z")] == [
        86_399.0,
        86_400.0,
        363_600.0,
    ]


def test_an_empty_text_is_skipped_and_another_line_is_quarantined() -> None:
    empty, other = read_all(tcd, "[0:00:01] <mila> \n[0:61:00] <mila> hi")

    assert empty == Skipped("empty text", "[0:00:01] <mila> ")
    assert isinstance(other, Quarantined)
    assert (other.time_kind, other.ts_us, other.raw) == (TimeKind.NONE, 0, b"[0:61:00] <mila> hi")
