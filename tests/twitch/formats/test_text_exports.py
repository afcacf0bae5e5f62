"""The text that TwitchDownloader, rustlog and justlog write."""

import pytest

from chatpulse.domain.chat import Moderation, ModerationKind, Quarantined, Resubscription, UnknownNotice
from chatpulse.twitch.formats import rustlog_text, twitchdownloader_text
from chatpulse.twitch.formats.record import Head, Skipped
from tests.twitch.formats.reading import messages, read_all, shape

NOON_S = 1_936_353_600


@pytest.mark.parametrize(
    ("line", "kind", "seconds", "precision_us"),
    [
        ("[0:01:02] Mila: hi: you", "offset", 62, 1_000_000),
        ("[30:01:02.250] Mila: hi: you", "offset", 108_062.25, 1_000),
        ("[2031-05-12 12:00:01 UTC] Mila: hi: you", "epoch", NOON_S + 1, 1_000_000),
        ("[2031-05-12 12:00:01.000 UTC] Mila: hi: you", "epoch", NOON_S + 1, 1_000),
    ],
)
def test_twitchdownloader_writes_an_offset_or_a_date(line: str, kind: str, seconds: float, precision_us: int) -> None:
    head = Head()

    [message] = messages(read_all(twitchdownloader_text, line, head))

    assert shape(message) == (kind, seconds, "Mila", "hi: you")
    assert message.precision_us == head.precision_us == precision_us


def test_a_twitchdownloader_name_may_hold_spaces_and_a_text_may_be_missing() -> None:
    named, empty, undated, other = read_all(
        twitchdownloader_text,
        "[0:00:01] Mila of Harbour: x\n[0:00:01] 夜の猫: \n[2031-02-30 10:00:00 UTC] a: b\n[0:00:01] <a> b",
    )

    assert shape(named)[2:] == ("Mila of Harbour", "x")
    assert isinstance(empty, Skipped)
    assert [shape(record) for record in (undated, other)] == [
        ("Quarantined", "the calendar has no 2031-02-30"),
        ("Quarantined", "no `[time] name: text`"),
    ]


def test_a_log_of_rustlog_names_channel_and_user() -> None:
    head = Head()

    [message] = messages(read_all(rustlog_text, "[2031-05-12 12:00:01] #Harbour mila: hi: you\r\n", head))

    assert shape(message) == ("epoch", NOON_S + 1, "mila", "hi: you")
    assert (message.channel, message.precision_us, head.precision_us) == ("harbour", 1_000_000, 1_000_000)


@pytest.mark.parametrize(
    ("sentence", "kind", "target", "duration_s"),
    [
        ("Ren has been timed out for 600 seconds", ModerationKind.TIMEOUT, "ren", 600),
        ("ren has been banned", ModerationKind.BAN, "ren", 0),
        ("chat has been cleared", ModerationKind.CLEAR, "", 0),
    ],
)
def test_what_the_server_did_is_moderation(sentence: str, kind: ModerationKind, target: str, duration_s: int) -> None:
    [event] = read_all(rustlog_text, f"[2031-05-12 12:00:01] #harbour {sentence}")

    assert isinstance(event, Moderation)
    assert (event.kind, event.target_login, event.duration_s, event.channel) == (kind, target, duration_s, "harbour")
    assert event.inferred


def test_another_sentence_of_the_server_is_the_notice_it_announces() -> None:
    stamp = "[2031-05-12 12:00:01] #harbour "
    content = f"{stamp}Mila subscribed with Prime. They've subscribed for 4 months! yay\n{stamp}Something new\n{stamp}"

    resub, unknown, empty = read_all(rustlog_text, content)

    assert isinstance(resub, Resubscription)
    assert (resub.plan, resub.months, resub.text, resub.channel, resub.inferred) == ("Prime", 4, "yay", "harbour", True)
    assert isinstance(unknown, UnknownNotice)
    assert (unknown.system_text, unknown.channel, unknown.inferred) == ("Something new", "harbour", True)
    assert isinstance(empty, Skipped)


def test_a_line_without_date_or_channel_is_quarantined() -> None:
    records = read_all(rustlog_text, "[2031-05-12 12:00:01] harbour mila: hi\n[2031-13-12 12:00:01] #harbour mila: hi")

    assert [type(record) for record in records] == [Quarantined] * 2
