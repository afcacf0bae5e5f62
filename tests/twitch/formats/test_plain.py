"""Plain text: a user, a text, perhaps a time."""

import pytest

from chatpulse.domain.chat import Quarantined
from chatpulse.twitch.formats.plain import EPOCH_USER, PIPED, TIME_ONLY, TIME_USER, USER_ONLY, PlainFormat
from chatpulse.twitch.formats.record import Head, Skipped
from tests.twitch.formats.reading import messages, read_all, shape


@pytest.mark.parametrize(
    ("reader", "line", "expected", "precision_us"),
    [
        (TIME_USER, "1:00:02.470 mila: hi: you", ("offset", 3_602.47, "mila", "hi: you"), 1_000),
        (TIME_USER, "1:00:02 mila: hi: you", ("offset", 3_602.0, "mila", "hi: you"), 1_000_000),
        (EPOCH_USER, "1936353600 mila: hi: you", ("epoch", 1_936_353_600, "mila", "hi: you"), 1_000_000),
        (EPOCH_USER, "1936353600.5 mila: hi: you", ("epoch", 1_936_353_600.5, "mila", "hi: you"), 100_000),
        (EPOCH_USER, "1936353600123 mila: hi: you", ("epoch", 1_936_353_600.123, "mila", "hi: you"), 1_000),
        (USER_ONLY, "mila: hi: you", ("none", 0.0, "mila", "hi: you"), 1_000),
        (TIME_ONLY, "1:00:02 hi: you", ("offset", 3_602.0, "", "hi: you"), 1_000_000),
        (PIPED, "1:00:02 | Mila of Harbour: hi: you", ("offset", 3_602.0, "Mila of Harbour", "hi: you"), 1_000_000),
        (PIPED, "-0:03 | (Moderator, 6-Month Subscriber) 夜の猫: hi", ("offset", -3.0, "夜の猫", "hi"), 1_000_000),
        (PIPED, "2031-05-12 12:00:00 | Mila: hi", ("epoch", 1_936_353_600, "Mila", "hi"), 1_000_000),
    ],
)
def test_a_line_gives_time_user_and_text(
    reader: PlainFormat, line: str, expected: tuple[object, ...], precision_us: int
) -> None:
    head = Head()

    [message] = messages(read_all(reader, line, head))

    assert shape(message) == expected
    assert (message.raw, message.precision_us, head.precision_us) == (line, precision_us, precision_us)


def test_a_message_without_words_is_skipped_whether_or_not_a_space_is_left() -> None:
    assert read_all(TIME_USER, "0:00:02.470 mila: \n0:00:03.000 mila:") == [
        Skipped("empty text", "0:00:02.470 mila: "),
        Skipped("empty text", "0:00:03.000 mila:"),
    ]


def test_lines_that_repeat_are_all_kept() -> None:
    assert len(messages(read_all(USER_ONLY, "mila: gg\n" * 3))) == 3


@pytest.mark.parametrize(
    ("reader", "line"),
    [(TIME_USER, "mila: hi"), (EPOCH_USER, "mila: hi"), (USER_ONLY, "hi"), (USER_ONLY, '"key": 1'),
     (TIME_ONLY, "hi"), (PIPED, "0:12 Mila: hi"), (EPOCH_USER, "9999999999999999999 mila: hi")],
)  # fmt: skip
def test_another_line_is_quarantined(reader: PlainFormat, line: str) -> None:
    [record] = read_all(reader, line)

    assert isinstance(record, Quarantined)
    assert record.reason == f"no line of {reader.NAME}"
