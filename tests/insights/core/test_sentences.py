from typing import Any

import msgspec
import pytest

from chatpulse.domain.chat import (
    TOPIC_TYPES,
    Announcement,
    ChatMessage,
    Donation,
    Event,
    GiftBatch,
    Moderation,
    ModerationKind,
    Raid,
    Resubscription,
    RoomState,
    SubGift,
    Subscription,
    Topic,
    UnknownNotice,
    WatchStreak,
)
from chatpulse.domain.live import FeedItem
from chatpulse.insights.core.sentences import LONGEST, tell

AT: dict[str, Any] = {"id": "e1", "ts_us": 5, "received_us": 6}
WHO: dict[str, Any] = {**AT, "user_login": "mira_k", "user_name": "Mira_K"}


@pytest.mark.parametrize(
    ("event", "kind", "sentence", "amount"),
    [
        (ChatMessage(**WHO, bits=100, text="go go"), "cheer", "Mira_K cheers 100 bits: go go", 100),
        (ChatMessage(**WHO, first=True), "first", "Mira_K chats here for the first time.", 0),
        (Subscription(**WHO, plan="1000"), "new", "Mira_K subscribes (tier 1).", 1),
        (
            Resubscription(**WHO, months=9, plan="Prime", text="hi"),
            "renew",
            "Mira_K subscribes for month 9 (Prime): hi",
            9,
        ),
        (Resubscription(**WHO, months=2, was_gifted=True), "renew", "Mira_K shares a gifted subscription, month 2.", 2),
        (SubGift(**WHO, recipient_name="Olo"), "gift", "Mira_K gives a subscription to Olo.", 1),
        (SubGift(**WHO, anonymous=True, paid_months=6), "gift", "Somebody gives 6 months to somebody.", 1),
        (GiftBatch(**WHO, gift_count=20, plan="2000"), "gift_batch", "Mira_K gives 20 subscriptions (tier 2).", 20),
        (Raid(**WHO, viewers=1), "raid", "Mira_K raids with 1 viewer.", 1),
        (Announcement(**AT, user_login="mira_k", text="soon"), "announcement", "mira_k announces: soon", 0),
        (WatchStreak(**WHO, amount=5), "watch_streak", "Mira_K watched 5 streams in a row.", 5),
        (Donation(**WHO, amount=1234, currency="EUR"), "donation", "Mira_K gives 12.34 EUR to charity.", 1234),
        (Donation(**WHO, amount=7, exponent=0, currency="JPY"), "donation", "Mira_K gives 7 JPY to charity.", 7),
        (UnknownNotice(**WHO, system_text="Something new."), "unknown", "Something new.", 0),
        (RoomState(**AT, slow_s=30), "state", "Slow mode is on (30 s).", 0),
        (RoomState(**AT, followers_only_min=-1), "state", "Follower-only chat is off.", 0),
        (RoomState(**AT, emote_only=False), "state", "Emote-only chat is off.", 0),
        (
            Moderation(**AT, kind=ModerationKind.TIMEOUT, target_login="olo", duration_s=600),
            "timeout",
            "olo is timed out for 600 s.",
            600,
        ),
        (Moderation(**AT, kind=ModerationKind.BAN, target_login="olo"), "ban", "olo is banned.", 0),
        (Moderation(**AT, kind=ModerationKind.DELETE, target_login="olo"), "delete", "A message of olo is deleted.", 0),
        (Moderation(**AT, kind=ModerationKind.CLEAR), "clear", "The chat is cleared.", 0),
    ],
)
def test_an_event_becomes_a_sentence(event: Event, kind: str, sentence: str, amount: int) -> None:
    item = tell(event)

    assert item is not None
    assert (item.kind, item.text, item.amount) == (kind, sentence, amount)


def test_a_feed_item_says_who_and_when() -> None:
    assert tell(Raid(**WHO, viewers=2)) == FeedItem(
        id="e1", ts_us=5, kind="raid", user_name="Mira_K", text="Mira_K raids with 2 viewers.", amount=2
    )


@pytest.mark.parametrize("event", [ChatMessage(**WHO, text="hi"), RoomState(**AT, slow_s=0, subs_only=False)])
def test_talk_and_a_rooms_first_state_are_no_news(event: Event) -> None:
    assert tell(event) is None


@pytest.mark.parametrize("topic", [Topic.SUBSCRIPTIONS, Topic.EVENTS])
def test_every_kind_has_a_sentence_even_when_the_wire_said_nothing(topic: Topic) -> None:
    for cls in TOPIC_TYPES[topic]:
        item = tell(cls(**AT))

        assert item is not None
        assert item.text
        assert item.kind == cls.__struct_config__.tag


def test_a_sentence_is_never_longer_than_a_feed_can_show() -> None:
    item = tell(UnknownNotice(**AT, system_text="x" * 60_000))

    assert item is not None
    assert len(item.text) == LONGEST
    assert msgspec.json.encode(item)
