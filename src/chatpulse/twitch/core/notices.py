"""Turn the tags of a USERNOTICE into one typed event.

One row per `msg-id` says which event it becomes and where each field is read. In shared chat a notice of another
channel arrives as `sharedchatnotice` with the real kind in `source-msg-id`; it becomes the event of that kind and keeps
`source_room_id`, by which a counter tells it from the channel's own.

What the fields protect from counting twice or too much:
- months 0 means the first month; older lines carry `months` where newer ones carry `cumulative-months`;
- `was-gifted` announces a month that somebody else has paid;
- a gift belongs to a batch by `community-gift-id`, else by `origin-id`, unless that is the placeholder that unrelated
  gifts share: the SHA-1 of an empty string;
- the account 274598607 is the anonymous gifter.

Source: dev.twitch.tv/docs/irc/tags, and for the kinds missing there the field names in public captures and clients.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chatpulse.domain import chat
from chatpulse.twitch.core.tags import to_int

Tags = Mapping[str, str]
Read = Callable[[Tags], Any]

ANONYMOUS_GIFTER_ID: Final = "274598607"
EMPTY_SHA1: Final = "da39a3ee5e6b4b0d3255bfef95601890afd80709"


def build_notice(tags: Tags, common: Mapping[str, Any]) -> chat.SubscriptionEvent | chat.StreamEvent:
    """Make the event that a USERNOTICE announces; a kind that is not known keeps all its tags.

    Args:
        tags: the unescaped tags of the line.
        common: the fields of `Event`, `text` and `raw`, by name.

    Returns:
        The event; in shared chat the one of the other channel, with its `source_room_id`.
    """
    fields = {
        **common,
        "user_id": tags.get("user-id", ""),
        "user_login": tags.get("login", ""),
        "user_name": tags.get("display-name") or tags.get("login", ""),
        "system_text": tags.get("system-msg", ""),
        "badges": tags.get("badges", ""),
        "source_room_id": tags.get("source-room-id", ""),
        "source_id": tags.get("source-id", ""),
    }
    name = notice_name(tags)
    kind = _KINDS.get(name)
    if kind is None:
        return chat.UnknownNotice(name=name, tags=dict(tags), **fields)
    for field, read in kind.fields.items():
        fields[field] = read(tags)
    event: chat.SubscriptionEvent | chat.StreamEvent = kind.event(**fields)
    return event


def notice_name(tags: Tags) -> str:
    """Name the kind of a notice; in shared chat the kind that it had in its own channel."""
    name = tags.get("msg-id", "")
    return tags.get("source-msg-id", name) if name == "sharedchatnotice" else name


@dataclass(frozen=True, slots=True)
class _Kind:
    event: type[Any]
    fields: Mapping[str, Read]


def _kind(event: type[chat.Notice], **fields: Read) -> _Kind:
    return _Kind(event, fields)


def _text(name: str) -> Read:
    tag = f"msg-param-{name}"
    return lambda tags: tags.get(tag, "")


def _count(name: str, *, least: int = 0) -> Read:
    tag = f"msg-param-{name}"
    return lambda tags: max(least, to_int(tags.get(tag, "")))


def _months(tags: Tags) -> int:
    # Lines from before 2019 have `months` alone; in newer ones it stands beside and is 0.
    return max(1, to_int(tags.get("msg-param-cumulative-months") or tags.get("msg-param-months", "")))


def _flag(name: str) -> Read:
    tag = f"msg-param-{name}"
    return lambda tags: tags.get(tag, "").lower() in {"true", "1"}


def _streak(tags: Tags) -> int:
    # Without consent the tag is there all the same, with a number that is not to be used.
    shared = tags.get("msg-param-should-share-streak") == "1"
    return to_int(tags.get("msg-param-streak-months", "")) if shared else 0


def _anonymous(tags: Tags) -> bool:
    return tags.get("user-id") == ANONYMOUS_GIFTER_ID or notice_name(tags).startswith("anon")


def _batch_id(tags: Tags) -> str:
    for name in ("msg-param-community-gift-id", "msg-param-origin-id"):
        batch_id = tags.get(name, "")
        if batch_id and batch_id.replace(" ", "").lower() != EMPTY_SHA1:
            return batch_id
    return ""


def _value(value: str) -> Read:
    return lambda _: value


_PLAN: Final[dict[str, Read]] = {"plan": _text("sub-plan")}
_SUBSCRIPTION: Final[dict[str, Read]] = _PLAN | {
    "plan_name": _text("sub-plan-name"),
    "months": _months,
    "streak": _streak,
    "paid_months": _count("multimonth-duration", least=1),
    "was_gifted": _flag("was-gifted"),
    "gifter_id": _text("gifter-id"),
    "gifter_login": _text("gifter-login"),
    "gifter_name": _text("gifter-name"),
}
_RECIPIENT: Final[Mapping[str, Read]] = {
    "recipient_id": _text("recipient-id"),
    "recipient_login": _text("recipient-user-name"),
    "recipient_name": _text("recipient-display-name"),
}
_GIFTER: Final[Mapping[str, Read]] = {
    "anonymous": _anonymous,
    "batch_id": _batch_id,
    "sender_total": _count("sender-count"),
}
_EXPONENT: Final[Mapping[str, Read]] = {"exponent": lambda tags: to_int(tags.get("msg-param-exponent", ""), 2)}

_KINDS: Final[Mapping[str, _Kind]] = {
    "sub": _kind(chat.Subscription, **_SUBSCRIPTION),
    "resub": _kind(chat.Resubscription, **_SUBSCRIPTION),
    **dict.fromkeys(
        ("subgift", "anonsubgift"),
        _kind(
            chat.SubGift,
            plan_name=_text("sub-plan-name"),
            months=_count("months", least=1),
            paid_months=_count("gift-months", least=1),
            **_PLAN,
            **_RECIPIENT,
            **_GIFTER,
        ),
    ),
    **dict.fromkeys(
        ("submysterygift", "anonsubmysterygift"),
        _kind(
            chat.GiftBatch,
            gift_count=_count("mass-gift-count"),
            bonus_count=_count("gift-match-bonus-count"),
            **_PLAN,
            **_GIFTER,
        ),
    ),
    **dict.fromkeys(
        ("giftpaidupgrade", "anongiftpaidupgrade"),
        _kind(
            chat.GiftUpgrade,
            gifter_login=_text("sender-login"),
            gifter_name=_text("sender-name"),
            anonymous=_anonymous,
            promo_name=_text("promo-name"),
            promo_total=_count("promo-gift-total"),
        ),
    ),
    "primepaidupgrade": _kind(chat.PrimeUpgrade, **_PLAN),
    "extendsub": _kind(
        chat.SubExtension,
        months=_months,
        end_month=_count("sub-benefit-end-month"),
        **_PLAN,
    ),
    **dict.fromkeys(
        ("standardpayforward", "communitypayforward"),
        _kind(
            chat.PayForward,
            gifter_id=_text("prior-gifter-id"),
            gifter_login=_text("prior-gifter-user-name"),
            gifter_name=_text("prior-gifter-display-name"),
            anonymous=_flag("prior-gifter-anonymous"),
            **_RECIPIENT,
        ),
    ),
    "raid": _kind(chat.Raid, viewers=_count("viewerCount")),
    "unraid": _kind(chat.RaidCancelled),
    "announcement": _kind(chat.Announcement, color=_text("color")),
    "bitsbadgetier": _kind(chat.BitsBadge, threshold=_count("threshold")),
    "onetapgiftredeemed": _kind(chat.Combo, bits=_count("bits-spent"), gift_id=_text("gift-id")),
    "onetapstreakstarted": _kind(
        chat.ComboState, stage=_value("started"), gift_id=_text("gift-id"), ms_remaining=_count("ms-remaining")
    ),
    "onetapbreakpointachieved": _kind(
        chat.ComboState,
        stage=_value("breakpoint"),
        gift_id=_text("gift-id"),
        bits=_count("breakpoint-threshold-bits"),
    ),
    "onetapstreakexpired": _kind(
        chat.ComboState,
        stage=_value("expired"),
        gift_id=_text("gift-id"),
        bits=_count("streak-size-bits"),
        taps=_count("streak-size-taps"),
    ),
    "rewardgift": _kind(
        chat.RewardShared,
        domain=_text("domain"),
        trigger=_text("trigger-type"),
        amount=_count("trigger-amount"),
        selected_count=_count("selected-count"),
        total_count=_count("total-reward-count"),
    ),
    "ritual": _kind(chat.Ritual, name=_text("ritual-name")),
    "viewermilestone": _kind(
        chat.WatchStreak, category=_text("category"), amount=_count("value"), reward=_count("copoReward")
    ),
    "modiversary": _kind(chat.ModAnniversary, months=_count("months")),
    "socialsharingbadge": _kind(chat.SocialBadge, level=_count("current-badge-level")),
    "charitydonation": _kind(
        chat.Donation,
        charity=_text("charity-name"),
        amount=_count("donation-amount"),
        currency=_text("donation-currency"),
        **_EXPONENT,
    ),
    "midnightsquid": _kind(chat.DirectCheer, amount=_count("amount"), currency=_text("currency"), **_EXPONENT),
    "primecommunitygiftreceived": _kind(chat.PrimeLoot, name=_text("gift-name"), recipient_login=_text("recipient")),
}
