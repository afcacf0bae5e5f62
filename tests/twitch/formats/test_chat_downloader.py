"""chat-downloader's records in every layout that it had."""

import json
from typing import Any

import pytest

from chatpulse.domain.chat import (
    ChatMessage,
    EmoteSpan,
    GiftBatch,
    Moderation,
    ModerationKind,
    Raid,
    Resubscription,
    RoomNotice,
    RoomState,
    SubGift,
    TimeKind,
)
from chatpulse.twitch.formats import chat_downloader
from chatpulse.twitch.formats.record import Head, Record, Skipped
from tests.twitch.formats.reading import messages, read_all

S = 1_000_000
AT_US = 1_700_000_000_123_000
LIVE: dict[str, Any] = {
    "action_type": "text_message",
    "message_type": "text_message",
    "message_id": "m1",
    "timestamp": AT_US,
    "channel_id": "9",
    "author": {
        "id": "31", "name": "mila", "display_name": "Mila", "is_subscriber": True,
        "badges": [
            {"name": "subscriber", "version": 12, "title": "1-Year Subscriber", "months": 14, "icons": [{"id": "i"}]},
            {"name": "premium", "version": 1},
        ],
    },
    "message": "🦊 boatHi boatHi",
    "emotes": [{"id": "25", "name": "boatHi", "locations": ["2-7", "9-14"], "images": []}],
}  # fmt: skip


def one(**fields: Any) -> Record:
    [record] = read_all(chat_downloader, json.dumps([fields]))
    return record


def said(**fields: Any) -> ChatMessage:
    record = one(**fields)
    assert isinstance(record, ChatMessage)
    return record


def test_a_live_record_has_happened_at_its_timestamp() -> None:
    event = said(**LIVE)

    assert (event.id, event.room_id, event.ts_us, event.time_kind) == ("m1", "9", AT_US, TimeKind.EPOCH)
    assert (event.user_id, event.user_login, event.user_name) == ("31", "mila", "Mila")
    assert (event.badges, event.months, event.precision_us) == ("subscriber/12,premium/1", 14, 1_000)
    assert event.emotes == (EmoteSpan("25", "boatHi", 2, 7), EmoteSpan("25", "boatHi", 9, 14))
    assert json.loads(event.raw) == LIVE


@pytest.mark.parametrize(
    ("timestamp", "us", "precision_us"),
    [
        (AT_US, AT_US, 1_000),
        (AT_US // 1_000, AT_US, 1_000),
        (str(AT_US), AT_US, 1_000),
        (1_700_000_000, 1_700_000_000 * S, S),
        ("2023-11-14T22:13:20Z", 1_700_000_000 * S, S),
    ],
    ids=["microseconds", "milliseconds", "text", "seconds", "date"],
)
def test_the_size_of_a_timestamp_tells_its_unit(timestamp: Any, us: int, precision_us: int) -> None:
    event = said(message="hi", timestamp=timestamp)

    assert (event.ts_us, event.time_kind, event.precision_us) == (us, TimeKind.EPOCH, precision_us)


@pytest.mark.parametrize("timestamp", [None, -5, 12, "soon", 1e300])
def test_without_a_time_there_is_none(timestamp: Any) -> None:
    event = said(message="hi", timestamp=timestamp)

    assert (event.ts_us, event.time_kind) == (0, TimeKind.NONE)


def test_an_early_live_record_has_badges_text_and_little_else() -> None:
    badges = [{"badge": "subscriber", "version": 3, "months": 5}, {"badge": "predictions", "version": "blue-1"}]

    event = said(badge_info=badges, message="wow", message_type="privm", timestamp=AT_US // 1_000, bits="200")

    assert (event.badges, event.months, event.bits) == ("subscriber/3,predictions/blue-1", 5, 200)
    assert (event.id, event.user_id, event.user_login, event.ts_us) == ("", "", "", AT_US)


def test_a_flat_record_has_the_id_of_its_author_and_no_time_of_writing() -> None:
    head = Head()
    flat = [
        {"author_name": "mila", "author_display_name": "Mila", "id": "31", "message": "again", "state": "published",
         "time_in_seconds": 0.1 + number, "time_text": "0:00", "timestamp": AT_US - number * 10**12}
        for number in range(4)
    ]  # fmt: skip

    events = messages(read_all(chat_downloader, json.dumps(flat), head))

    assert {(event.id, event.user_id, event.user_login) for event in events} == {("", "31", "mila")}
    assert [event.ts_us for event in events] == [100_000, 1_100_000, 2_100_000, 3_100_000]
    assert {(event.time_kind, event.precision_us) for event in events} == {(TimeKind.OFFSET, 1_000)}
    assert (head.start_us, head.precision_us) == (None, 1_000)


def test_records_that_agree_say_when_the_recording_started() -> None:
    head = Head()
    placed = [
        LIVE | {"time_in_seconds": n, "timestamp": AT_US + n * S, "emotes": [{"id": "25", "locations": "2-7,9-14"}]}
        for n in range(5)
    ]

    events = messages(read_all(chat_downloader, json.dumps(placed), head))

    assert (head.start_us, head.precision_us) == (AT_US - S // 2, S)
    assert {(event.time_kind, event.precision_us) for event in events} == {(TimeKind.OFFSET, S)}
    assert len(events[0].emotes) == 2


def test_a_place_may_be_text_only() -> None:
    event = said(message="hi", time_text="1:02:03")

    assert (event.ts_us, event.time_kind, event.precision_us) == (3_723 * S, TimeKind.OFFSET, S)


def test_json_lines_and_answers_and_what_ganymede_adds_are_read() -> None:
    first = LIVE | {"in_reply_to": {"message_id": "m0", "author": {"id": "5"}, "message": "x"}}
    second = LIVE | {
        "reply": {"parent_msg_id": "m0"}, "bits_spent": 50, "is_action": True, "is_first_message": True,
        "custom_reward_id": "r1", "user_notice_params": {},
    }  # fmt: skip

    one, two = messages(read_all(chat_downloader, f"{json.dumps(first)}\n{json.dumps(second)}\n"))

    assert (one.reply_to, two.reply_to) == ("m0", "m0")
    assert (two.bits, two.action, two.first, two.reward_id) == (50, True, True, "r1")
    assert not (one.bits)
    assert not (one.action)
    assert not (one.first)


def test_a_type_becomes_the_notice_that_it_names() -> None:
    live = LIVE | {"action_type": "user_notice", "message": "ahoy", "system_message": "Mila did something."}
    resub = one(**live | {
        "message_type": "resubscription", "cumulative_months": 7, "subscription_type": "Tier 2",
        "user_wants_to_share_streaks": True, "number_of_consecutive_months_subscribed": 3, "was_gifted": False,
    })  # fmt: skip
    gift = one(**live | {
        "message_type": "subscription_gift", "gift_recipient_id": "5", "gift_recipient_display_name": "Bo",
        "subscription_type": "Tier 1", "number_of_months_gifted": 3, "origin_id": "o1",
    })  # fmt: skip
    batch = one(**live | {"message_type": "mystery_subscription_gift", "mass_gift_count": 5, "sender_count": 20})
    raid = one(**live | {"message_type": "raid", "number_of_raiders": "180", "message": None})

    assert isinstance(resub, Resubscription)
    assert (resub.months, resub.plan, resub.streak, resub.was_gifted) == (7, "2000", 3, False)
    assert (resub.text, resub.system_text, resub.user_name) == ("ahoy", "Mila did something.", "Mila")
    assert isinstance(gift, SubGift)
    assert (gift.recipient_id, gift.recipient_name, gift.paid_months, gift.batch_id) == ("5", "Bo", 3, "o1")
    assert isinstance(batch, GiftBatch)
    assert (batch.gift_count, batch.sender_total) == (5, 20)
    assert isinstance(raid, Raid)
    assert (raid.viewers, raid.text, raid.ts_us) == (180, "", AT_US)


def test_in_a_recording_the_sentence_is_parted_from_the_words() -> None:
    text = "Mila subscribed at Tier 1. They've subscribed for 7 months! ahoy"

    event = one(
        author=LIVE["author"], message=text, message_type="resubscription", cumulative_months=7, time_in_seconds=3
    )

    assert isinstance(event, Resubscription)
    assert (event.text, event.months, event.time_kind) == ("ahoy", 7, TimeKind.OFFSET)
    assert event.system_text.startswith("Mila subscribed at Tier 1.")


def test_moderation_and_modes_are_events_of_their_own() -> None:
    ban = one(message_type="ban_user", banned_user="bo", target_author_id="5", ban_duration=600, timestamp=AT_US)
    forever = one(message_type="ban_user", banned_user="bo", ban_type="permanent", timestamp=AT_US)
    clear = one(message_type="clear_chat", timestamp=AT_US)
    delete = one(
        message_type="delete_message", message="rude", target_message_id="m0", author={"name": "bo"}, timestamp=AT_US
    )
    state = one(message_type="room_state", slow_mode=True, seconds_to_wait=30, follower_only=False, emote_only=True)
    notice = one(message_type="enable_slow_mode", action_type="notice", message="This room is slow.", timestamp=AT_US)

    assert isinstance(ban, Moderation)
    assert (ban.kind, ban.target_login, ban.target_id, ban.duration_s) == (ModerationKind.TIMEOUT, "bo", "5", 600)
    assert isinstance(forever, Moderation)
    assert forever.kind is ModerationKind.BAN
    assert isinstance(clear, Moderation)
    assert (clear.kind, clear.ts_us) == (ModerationKind.CLEAR, AT_US)
    assert isinstance(delete, Moderation)
    assert delete.kind is ModerationKind.DELETE
    assert (delete.target_login, delete.message_id, delete.text) == ("bo", "m0", "rude")
    assert isinstance(state, RoomState)
    assert (state.slow_s, state.followers_only_min, state.emote_only, state.subs_only) == (30, -1, True, None)
    assert isinstance(notice, RoomNotice)
    assert (notice.notice_id, notice.text) == ("enable_slow_mode", "This room is slow.")


@pytest.mark.parametrize("kind", ["user_state", "successful_login", "something_new"])
def test_what_holds_no_chat_is_skipped(kind: str) -> None:
    record = one(message_type=kind, timestamp=AT_US)

    assert isinstance(record, Skipped)
    assert record.reason == "status line"


def test_a_type_that_is_not_known_is_a_message_if_it_says_something() -> None:
    assert said(message_type="something_new", message="hi").text == "hi"


@pytest.mark.parametrize(
    "fields",
    [{"id": 7}, {"message": 7}, {"message": "x", "author": "mila"}, {"message": "x", "emotes": [{"locations": 3}]},
     {"message": "x", "time_in_seconds": 1e300}],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_read_is_quarantined_with_its_bytes(fields: dict[str, Any]) -> None:
    record = one(**fields)

    assert type(record).__name__ == "Quarantined"
    assert json.loads(record.raw) == fields


def test_comments_of_twitch_are_not_taken_for_these() -> None:
    assert chat_downloader.fits(json.dumps([LIVE]).encode())
    assert chat_downloader.fits(b'{"message": "hi", "time_text": "0:01"}\n')
    assert not chat_downloader.fits(b'[{"message": {"body": "hi"}, "content_offset_seconds": 1, "timestamp": 2}]')
    assert not chat_downloader.fits(b'[{"message": {}, "contentOffsetSeconds": 1, "timestamp": 2}]')
    assert not chat_downloader.fits(b'[{"message": "hi"}]')
    assert not chat_downloader.fits(b'"message": "hi", "timestamp": 2')
