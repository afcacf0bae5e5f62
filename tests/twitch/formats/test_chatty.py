"""Chatty: the header's clock, signs before nicks, and what the client says beside chat."""

import pytest

from chatpulse.domain.chat import (
    Moderation,
    ModerationKind,
    Quarantined,
    Raid,
    Resubscription,
    Source,
    SubGift,
    Subscription,
    TimeKind,
    UnknownNotice,
)
from chatpulse.twitch.formats import chatty
from chatpulse.twitch.formats.record import Head, Skipped
from tests.twitch.formats.reading import messages, read_all, shape

START_S = 1_936_358_999  # 2031-05-12 13:29:59 UTC
LOG = """\
# Log started: 2031-05-12 21:29:59 +0800
[21:30:00] Joining #Harbour..
[21:30:01] ~Boats~
[21:30:01] You have joined #harbour
[21:30:02] <@%Mila> hi <3
[21:30:03] <ren>* waves
[21:30:04] MOD: Mila, ren
# Log closed: 2031-05-12 21:30:04 +0800
"""


def test_a_log_is_read_by_the_clock_and_zone_of_its_header() -> None:
    head = Head()

    records = read_all(chatty, LOG, head)

    assert [shape(record) for record in records if not isinstance(record, Skipped)] == [
        ("epoch", START_S + 3, "Mila", "hi <3"),
        ("epoch", START_S + 4, "ren", "waves"),
    ]
    assert {record.reason for record in records if isinstance(record, Skipped)} == {"status line"}
    assert len(records) == 8
    assert head == Head(channel="harbour", start_us=START_S * 1_000_000, zone_offset_s=28_800, precision_us=1_000_000)


def test_signs_before_a_nick_become_badges_and_a_star_behind_it_an_action() -> None:
    content = "[10:00:00] <@%Mila> a\n[10:00:00] <~^&ren>* b\n[10:00:00] <+x> c"

    assert [(m.user_name, m.badges, m.action) for m in messages(read_all(chatty, content))] == [
        ("Mila", "moderator/1,subscriber/0", False),
        ("ren", "broadcaster/1", True),
        ("x", "turbo/1", False),
    ]


def test_after_midnight_it_is_the_next_day_and_a_new_header_sets_the_clock_again() -> None:
    content = (
        "# Log started: 2031-05-12 23:59:00 -0330\n[23:59:59] <a> x\n[00:00:01] <a> y\n"
        "# Log started: 2031-05-20 10:00:00 -0330\n[10:00:00] <a> z"
    )

    times = [message.ts_us // 1_000_000 for message in messages(read_all(chatty, content))]

    assert times == [1_936_409_399, 1_936_409_401, 1_937_050_200]


def test_without_a_header_times_count_from_the_first_line() -> None:
    records = read_all(chatty, "[23:59:59] <a> x\n[00:00:01] <a> y")

    assert [shape(record)[:2] for record in records] == [("offset", 0.0), ("offset", 2.0)]


@pytest.mark.parametrize(
    ("line", "kind", "duration_s"),
    [("BAN: Ren (600s)", ModerationKind.TIMEOUT, 600), ("BAN: Ren", ModerationKind.BAN, 0),
     ("BAN: Ren (5s) [rude]", ModerationKind.TIMEOUT, 5), ("BAN: Ren (rude)", ModerationKind.BAN, 0)],
)  # fmt: skip
def test_a_ban_is_moderation_that_is_read_from_a_sentence(line: str, kind: ModerationKind, duration_s: int) -> None:
    raw = f"[10:00:00] {line}"

    assert read_all(chatty, raw) == [
        Moderation(
            id="", ts_us=0, received_us=0, time_kind=TimeKind.OFFSET, precision_us=1_000_000, source=Source.IMPORT,
            kind=kind, target_login="ren", duration_s=duration_s, raw=raw, inferred=True,
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "event", "fields"),
    [
        ("Mila just subscribed!", Subscription, {"plan": "", "months": 1}),
        ("Mila just subscribed with Twitch Prime!", Subscription, {"plan": "Prime"}),
        ("Mila subscribed for 8 months in a row!", Resubscription, {"months": 8, "streak": 8}),
        ("Mila has subscribed for 3 months!", Resubscription, {"months": 3, "streak": 0}),
        ("Mila subscribed at Tier 2. They've subscribed for 5 months!", Resubscription, {"plan": "2000", "months": 5}),
        ("Mila gifted a Tier 1 sub to Ren!", SubGift, {"recipient_login": "ren"}),
        ("12 raiders from Mila have joined!", Raid, {"viewers": 12}),
        ("Mila did something new.", UnknownNotice, {"name": "notification"}),
    ],
)
def test_a_notification_is_a_notice_of_the_user_it_names(sentence: str, event: type, fields: dict[str, object]) -> None:
    [notice] = read_all(chatty, f"[10:00:00] [Notification] {sentence}")

    assert type(notice) is event
    common = {"user_login": "mila", "user_name": "Mila", "system_text": sentence, "text": "", "inferred": True}
    assert {name: getattr(notice, name) for name in common | fields} == common | fields


def test_the_words_in_brackets_behind_a_notification_are_the_users() -> None:
    [notice] = read_all(chatty, "[10:00:00] [Notification] Mila subscribed for 3 months in a row! [so [good]]")

    assert isinstance(notice, Resubscription)
    assert (notice.system_text, notice.text) == ("Mila subscribed for 3 months in a row!", "so [good]")


def test_a_line_that_is_none_of_chattys_is_quarantined() -> None:
    records = read_all(chatty, "hello\n[10:00:00] <unclosed\n[10:00:00] <> hi")

    assert [type(record) for record in records] == [Quarantined] * 3
