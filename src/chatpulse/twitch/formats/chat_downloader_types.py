"""Turn the records of chat-downloader that are no messages into the events that they name.

Its names are those of IRC, renamed; here they are named back, so that `build_notice` reads them like any notice.

Source: the remappings in sites/twitch.py of xenova/chat-downloader.
"""

from typing import Any, Final

import msgspec

from chatpulse.domain.chat import ChatMessage, Moderation, ModerationKind, RoomNotice, RoomState
from chatpulse.twitch.formats.comments import declared
from chatpulse.twitch.formats.lines import STATUS_LINE
from chatpulse.twitch.formats.record import Record, Skipped
from chatpulse.twitch.formats.values import UNREADABLE, count_of

MESSAGE_TYPES: Final = frozenset({
    "", "text_message", "privmsg", "privm", "highlighted_message", "send_message_in_subscriber_only_mode",
    "crowd_chant",
})  # fmt: skip
"""Types that are messages of users."""

_NOTICES: Final = {
    "subscription": "sub",
    "resubscription": "resub",
    "subscription_gift": "subgift",
    "anonymous_subscription_gift": "anonsubgift",
    "mystery_subscription_gift": "submysterygift",
    "anonymous_mystery_subscription_gift": "anonsubmysterygift",
    "extend_subscription": "extendsub",
    "standard_pay_forward": "standardpayforward",
    "community_pay_forward": "communitypayforward",
    "prime_community_gift_received": "primecommunitygiftreceived",
    "prime_paid_upgrade": "primepaidupgrade",
    "gift_paid_upgrade": "giftpaidupgrade",
    "anonymous_gift_paid_upgrade": "anongiftpaidupgrade",
    "reward_gift": "rewardgift",
    "bits_badge_tier": "bitsbadgetier",
    "raid": "raid",
    "unraid": "unraid",
    "ritual": "ritual",
}
_PARAMS: Final = {
    "cumulative_months": "cumulative-months",
    "months": "months",
    "raider_display_name": "displayName",
    "raider_name": "login",
    "number_of_raiders": "viewerCount",
    "promotion_name": "promo-name",
    "number_of_gifts_given_during_promo": "promo-gift-total",
    "gift_recipient_id": "recipient-id",
    "gift_recipient_display_name": "recipient-display-name",
    "number_of_months_gifted": "gift-months",
    "user_wants_to_share_streaks": "should-share-streak",
    "number_of_consecutive_months_subscribed": "streak-months",
    "subscription_plan_name": "sub-plan-name",
    "sub_benefit_end_month": "sub-benefit-end-month",
    "ritual_name": "ritual-name",
    "bits_badge_tier": "threshold",
    "multimonth_duration": "multimonth-duration",
    "was_gifted": "was-gifted",
    "gifter_id": "gifter-id",
    "domain": "domain",
    "selected_count": "selected-count",
    "trigger_type": "trigger-type",
    "total_reward_count": "total-reward-count",
    "trigger_amount": "trigger-amount",
    "origin_id": "origin-id",
    "sender_count": "sender-count",
    "mass_gift_count": "mass-gift-count",
    "prior_gifter_anonymous": "prior-gifter-anonymous",
    "prior_gifter_name": "prior-gifter-user-name",
    "prior_gifter_display_name": "prior-gifter-display-name",
    "prior_gifter_id": "prior-gifter-id",
}
_GIFTER: Final = {
    "gifter_name": ("gifter-login", "sender-login"),
    "gifter_display_name": ("gifter-name", "sender-name"),
}
"""Two names of IRC that became one."""
_PLANS: Final = {"Prime": "Prime", "Tier 1": "1000", "Tier 2": "2000", "Tier 3": "3000"}
_SILENT: Final = frozenset({"successful_login", "user_state", "host_target", "reconnect"})
"""What the connection says about itself."""

_fields = msgspec.json.Decoder(dict[str, Any]).decode


def other_record(message: ChatMessage, raw: str, *, kind: str, action: str) -> Record:
    """Make the record of something other than a message.

    Args:
        message: its time, user and text, as if it were a message.
        raw: its JSON.
        kind: `message_type`.
        action: `action_type`, which live files have.

    Returns:
        The event; a type that is not known is a message if it has a text.
    """
    try:
        fields = _fields(raw)
    except UNREADABLE:
        fields = {}
    if kind in _NOTICES:
        return declared(message, _tags(fields) | {"msg-id": _NOTICES[kind]})
    if kind in {"ban_user", "clear_chat", "delete_message"}:
        return _moderation(message, fields, kind)
    if kind == "room_state":
        return _room_state(message, fields)
    if action == "notice" or kind == "notice":
        return RoomNotice(notice_id=kind, text=message.text, **_common(message))
    return message if message.text and kind not in _SILENT else Skipped(STATUS_LINE, raw)


def _tags(fields: dict[str, Any]) -> dict[str, str]:
    tags = {f"msg-param-{name}": _tag(fields[ours]) for ours, name in _PARAMS.items() if fields.get(ours) is not None}
    for ours, names in _GIFTER.items():
        if fields.get(ours):
            tags |= {f"msg-param-{name}": _tag(fields[ours]) for name in names}
    plan = _PLANS.get(_tag(fields.get("subscription_type")))
    if plan:
        tags["msg-param-sub-plan"] = plan
    if fields.get("system_message"):
        tags["system-msg"] = _tag(fields["system_message"])
    return tags


def _moderation(message: ChatMessage, fields: dict[str, Any], kind: str) -> Moderation:
    common = _common(message)
    if kind == "delete_message":
        return Moderation(
            kind=ModerationKind.DELETE,
            target_login=message.user_login,
            message_id=_tag(fields.get("target_message_id")),
            text=message.text,
            **common,
        )
    login = _tag(fields.get("banned_user"))
    target_id = _tag(fields.get("target_author_id"))
    if kind == "clear_chat" and not (login or target_id):
        return Moderation(kind=ModerationKind.CLEAR, **common)
    duration_s = count_of(_tag(fields.get("ban_duration")))
    return Moderation(
        kind=ModerationKind.TIMEOUT if duration_s else ModerationKind.BAN,
        target_login=login,
        target_id=target_id,
        duration_s=duration_s,
        **common,
    )


def _room_state(message: ChatMessage, fields: dict[str, Any]) -> RoomState:
    follower = fields.get("follower_only")
    minutes = count_of(_tag(fields.get("minutes_to_follow_before_chatting")))
    slow = fields.get("slow_mode")
    return RoomState(
        emote_only=_flag(fields.get("emote_only")),
        followers_only_min=None if follower is None else minutes if follower else -1,
        unique_only=_flag(fields.get("r9k_mode")),
        slow_s=None if slow is None else count_of(_tag(fields.get("seconds_to_wait"))),
        subs_only=_flag(fields.get("subscriber_only")),
        **_common(message),
    )


def _common(message: ChatMessage) -> dict[str, Any]:
    names = (
        "id",
        "channel",
        "room_id",
        "ts_us",
        "received_us",
        "time_kind",
        "precision_us",
        "source",
        "video_id",
        "raw",
    )
    return {name: getattr(message, name) for name in names}


def _tag(value: object) -> str:
    """A value as it stands in a tag; nothing for what no tag can be."""
    match value:
        case bool():
            return "1" if value else "0"
        case str() | int():
            return str(value)
        case float():
            return f"{value:.0f}"
        case _:
            return ""


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
