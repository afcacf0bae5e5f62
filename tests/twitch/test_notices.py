"""USERNOTICE: every kind becomes its event, and nothing is counted twice or too much."""

from typing import Any

import pytest

from chatpulse.domain import chat
from chatpulse.domain.chat import TOPIC_OF, Topic
from chatpulse.twitch.core.notices import build_notice

EMPTY_SHA1 = "da 39 a3 ee 5e 6b 4b 0d 32 55 bf ef 95 60 18 90 af d8 07 09"
COMMON: dict[str, Any] = {"id": "n-1", "channel": "harbour", "ts_us": 5, "received_us": 6, "text": "yay", "raw": "raw"}
USER = {"user-id": "44", "login": "ada", "display-name": "Ada", "badges": "vip/1", "system-msg": "Ada did it"}
SAME = COMMON | {
    "user_id": "44", "user_login": "ada", "user_name": "Ada", "badges": "vip/1", "system_text": "Ada did it",
}  # fmt: skip
RECIPIENT = {"recipient_id": "45", "recipient_login": "bo", "recipient_name": "Bo"}


def build(name: str, **params: str | int) -> chat.SubscriptionEvent | chat.StreamEvent:
    tags = {f"msg-param-{key.replace('_', '-')}": str(value) for key, value in params.items()}
    return build_notice(USER | tags | {"msg-id": name}, COMMON)


@pytest.mark.parametrize(
    ("name", "params", "event", "fields"),
    [
        (
            "sub",
            {"cumulative_months": 1, "months": 0, "sub_plan": "Prime", "sub_plan_name": "Deck"},
            chat.Subscription,
            {"plan": "Prime", "plan_name": "Deck", "months": 1},
        ),
        (
            "resub",
            {
                "cumulative_months": 7,
                "should_share_streak": 1,
                "streak_months": 3,
                "multimonth_duration": 6,
                "sub_plan": 1000,
            },
            chat.Resubscription,
            {"plan": "1000", "months": 7, "streak": 3, "paid_months": 6},
        ),
        (
            "resub",
            {"cumulative_months": 7, "was_gifted": "true", "gifter_id": 45, "gifter_login": "bo", "gifter_name": "Bo"},
            chat.Resubscription,
            {"months": 7, "was_gifted": True, "gifter_id": "45", "gifter_login": "bo", "gifter_name": "Bo"},
        ),
        (
            "subgift",
            {
                "months": 4,
                "gift_months": 6,
                "sender_count": 9,
                "sub_plan": 2000,
                "sub_plan_name": "Deck",
                "recipient_id": 45,
                "recipient_user_name": "bo",
                "recipient_display_name": "Bo",
                "community_gift_id": 77,
            },
            chat.SubGift,
            {"plan": "2000", "plan_name": "Deck", "months": 4, "paid_months": 6, "sender_total": 9, "batch_id": "77"}
            | RECIPIENT,
        ),
        (
            "submysterygift",
            {
                "mass_gift_count": 20,
                "sender_count": 100,
                "sub_plan": 1000,
                "origin_id": "1f be",
                "gift_match_bonus_count": 2,
            },
            chat.GiftBatch,
            {"plan": "1000", "gift_count": 20, "sender_total": 100, "batch_id": "1f be", "bonus_count": 2},
        ),
        (
            "giftpaidupgrade",
            {"sender_login": "bo", "sender_name": "Bo", "promo_name": "Fest", "promo_gift_total": 3},
            chat.GiftUpgrade,
            {"gifter_login": "bo", "gifter_name": "Bo", "promo_name": "Fest", "promo_total": 3},
        ),
        ("anongiftpaidupgrade", {}, chat.GiftUpgrade, {"anonymous": True}),
        ("primepaidupgrade", {"sub_plan": 1000}, chat.PrimeUpgrade, {"plan": "1000"}),
        (
            "extendsub",
            {"sub_plan": 1000, "cumulative_months": 5, "sub_benefit_end_month": 11},
            chat.SubExtension,
            {"plan": "1000", "months": 5, "end_month": 11},
        ),
        (
            "standardpayforward",
            {
                "prior_gifter_id": 46,
                "prior_gifter_user_name": "cy",
                "prior_gifter_display_name": "Cy",
                "prior_gifter_anonymous": "false",
                "recipient_id": 45,
                "recipient_user_name": "bo",
                "recipient_display_name": "Bo",
            },
            chat.PayForward,
            {"gifter_id": "46", "gifter_login": "cy", "gifter_name": "Cy"} | RECIPIENT,
        ),
        ("communitypayforward", {"prior_gifter_anonymous": "true"}, chat.PayForward, {"anonymous": True}),
        ("raid", {"viewerCount": 430}, chat.Raid, {"viewers": 430}),
        ("unraid", {}, chat.RaidCancelled, {}),
        ("announcement", {"color": "BLUE"}, chat.Announcement, {"color": "BLUE"}),
        ("bitsbadgetier", {"threshold": 1000}, chat.BitsBadge, {"threshold": 1000}),
        ("onetapgiftredeemed", {"bits_spent": 5, "gift_id": "heart"}, chat.Combo, {"bits": 5, "gift_id": "heart"}),
        (
            "onetapstreakstarted",
            {"gift_id": "heart", "ms_remaining": 9000},
            chat.ComboState,
            {"stage": "started", "gift_id": "heart", "ms_remaining": 9000},
        ),
        (
            "onetapbreakpointachieved",
            {"gift_id": "heart", "breakpoint_number": 2, "breakpoint_threshold_bits": 500},
            chat.ComboState,
            {"stage": "breakpoint", "gift_id": "heart", "bits": 500},
        ),
        (
            "onetapstreakexpired",
            {"gift_id": "heart", "streak_size_bits": 700, "streak_size_taps": 9},
            chat.ComboState,
            {"stage": "expired", "gift_id": "heart", "bits": 700, "taps": 9},
        ),
        (
            "rewardgift",
            {
                "domain": "fest",
                "trigger_type": "CHEER",
                "trigger_amount": 3,
                "selected_count": 4,
                "total_reward_count": 5,
            },
            chat.RewardShared,
            {"domain": "fest", "trigger": "CHEER", "amount": 3, "selected_count": 4, "total_count": 5},
        ),
        ("ritual", {"ritual_name": "new_chatter"}, chat.Ritual, {"name": "new_chatter"}),
        (
            "viewermilestone",
            {"category": "watch-streak", "value": 15, "copoReward": 450},
            chat.WatchStreak,
            {"category": "watch-streak", "amount": 15, "reward": 450},
        ),
        ("modiversary", {"months": 18}, chat.ModAnniversary, {"months": 18}),
        ("socialsharingbadge", {"current_badge_level": 3}, chat.SocialBadge, {"level": 3}),
        (
            "charitydonation",
            {"charity_name": "Sea", "donation_amount": 500, "donation_currency": "EUR", "exponent": 3},
            chat.Donation,
            {"charity": "Sea", "amount": 500, "currency": "EUR", "exponent": 3},
        ),
        ("charitydonation", {"donation_amount": 500}, chat.Donation, {"amount": 500, "exponent": 2}),
        (
            "midnightsquid",
            {"amount": 500, "currency": "EUR", "exponent": 0},
            chat.DirectCheer,
            {"amount": 500, "currency": "EUR", "exponent": 0},
        ),
        (
            "primecommunitygiftreceived",
            {"gift_name": "Hat", "recipient": "bo"},
            chat.PrimeLoot,
            {"name": "Hat", "recipient_login": "bo"},
        ),
    ],
)
def test_each_kind_becomes_its_event(
    name: str, params: dict[str, str | int], event: type[chat.Notice], fields: dict[str, Any]
) -> None:
    assert build(name, **params) == event(**SAME, **fields)


def test_an_unknown_kind_keeps_every_tag() -> None:
    tags = USER | {"msg-id": "confetti", "msg-param-amount": "3", "vip": ""}

    event = build_notice(tags, COMMON)

    assert event == chat.UnknownNotice(name="confetti", tags=tags, **SAME)
    assert TOPIC_OF[type(event)] is Topic.EVENTS


def test_a_notice_without_a_kind_is_unknown() -> None:
    assert build_notice({}, COMMON) == chat.UnknownNotice(**COMMON)


def test_a_mirrored_notice_has_its_own_kind_and_says_where_it_comes_from() -> None:
    source = {"source-msg-id": "resub", "source-room-id": "8", "source-id": "s-1", "msg-param-cumulative-months": "4"}

    event = build_notice(USER | source | {"msg-id": "sharedchatnotice"}, COMMON)

    assert event == chat.Resubscription(months=4, source_room_id="8", source_id="s-1", **SAME)


def test_a_notice_at_home_in_shared_chat_goes_by_its_own_kind() -> None:
    event = build_notice({"msg-id": "raid", "source-msg-id": "resub"}, COMMON)

    assert isinstance(event, chat.Raid)


@pytest.mark.parametrize(
    ("params", "months"),
    [
        ({"cumulative_months": 0}, 1),
        ({"months": 0}, 1),
        ({"months": 9}, 9),
        ({"cumulative_months": 3, "months": 9}, 3),
        ({"cumulative_months": "many"}, 1),
        ({}, 1),
    ],
)
def test_the_first_month_is_month_one(params: dict[str, str | int], months: int) -> None:
    event = build("sub", **params)

    assert isinstance(event, chat.Subscription)
    assert event.months == months


def test_a_streak_that_is_not_shared_is_not_known() -> None:
    event = build("resub", should_share_streak=0, streak_months=3)

    assert isinstance(event, chat.Resubscription)
    assert event.streak == 0


@pytest.mark.parametrize("name", ["subgift", "submysterygift", "anonsubgift", "anonsubmysterygift"])
@pytest.mark.parametrize("user_id", ["44", "274598607"])
def test_a_giver_is_anonymous_by_kind_or_by_account(name: str, user_id: str) -> None:
    event = build_notice({"msg-id": name, "user-id": user_id}, COMMON)

    assert isinstance(event, chat.SubGift | chat.GiftBatch)
    assert event.anonymous == (name.startswith("anon") or user_id == "274598607")


@pytest.mark.parametrize(
    ("params", "batch_id"),
    [
        pytest.param({"community_gift_id": "77", "origin_id": "1f be"}, "77", id="community-first"),
        pytest.param({"origin_id": "1f be"}, "1f be", id="origin"),
        pytest.param({"origin_id": EMPTY_SHA1}, "", id="placeholder"),
        pytest.param({"origin_id": EMPTY_SHA1.upper().replace(" ", "")}, "", id="placeholder-in-other-clothes"),
        pytest.param({"community_gift_id": EMPTY_SHA1, "origin_id": "1f be"}, "1f be", id="placeholder-beside-an-id"),
        pytest.param({}, "", id="none"),
    ],
)
@pytest.mark.parametrize("name", ["subgift", "submysterygift"])
def test_unrelated_gifts_share_no_batch(name: str, params: dict[str, str | int], batch_id: str) -> None:
    event = build(name, **params)

    assert isinstance(event, chat.SubGift | chat.GiftBatch)
    assert event.batch_id == batch_id


def test_without_a_display_name_the_login_is_the_name() -> None:
    assert build_notice({"login": "ada"}, COMMON).user_name == "ada"
