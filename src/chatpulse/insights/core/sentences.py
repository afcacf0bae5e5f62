"""Say in one sentence for people what happened beside talk.

Each kind of event has one function that gives the sentence and the number that matters in it (months, gifts, bits,
viewers). Names and texts are chat's own and stay as they are: whoever shows them treats them as hostile.
"""

from collections.abc import Callable
from typing import Any

from chatpulse.domain.chat import (
    Announcement,
    BitsBadge,
    ChatMessage,
    Combo,
    ComboState,
    DirectCheer,
    Donation,
    Event,
    GiftBatch,
    GiftUpgrade,
    ModAnniversary,
    Moderation,
    Notice,
    PayForward,
    PrimeLoot,
    PrimeUpgrade,
    Raid,
    RaidCancelled,
    Resubscription,
    RewardShared,
    Ritual,
    RoomNotice,
    RoomState,
    SocialBadge,
    SubExtension,
    SubGift,
    Subscription,
    UnknownNotice,
    WatchStreak,
)
from chatpulse.domain.live import FeedItem

Told = tuple[str, int]
"""The sentence, and the number in it."""

SOMEBODY = "Somebody"
LONGEST_QUOTE = 200
LONGEST = 400
"""Characters of a sentence that are kept; a line may be 64 KiB long."""
TIERS = {"1000": "tier 1", "2000": "tier 2", "3000": "tier 3", "Prime": "Prime"}


def tell(event: Event) -> FeedItem | None:
    """One line of the feed for an event; None for what is no news (talk, a room's first state, broken lines)."""
    teller = _TELLERS.get(type(event))
    told = teller(event) if teller else None
    if told is None:
        return None
    sentence, amount = told
    name = _name(event) if isinstance(event, ChatMessage | Notice) else getattr(event, "target_login", "")
    return FeedItem(
        id=event.id, ts_us=event.ts_us, kind=_kind(event), user_name=name, text=sentence[:LONGEST], amount=amount
    )


def _kind(event: Event) -> str:
    if isinstance(event, Moderation):
        return event.kind.value
    if isinstance(event, ChatMessage):
        return "cheer" if event.bits > 0 else "first"
    return str(event.__struct_config__.tag)


def _name(event: ChatMessage | Notice) -> str:
    return event.user_name or event.user_login or SOMEBODY


def _giver(event: SubGift | GiftBatch) -> str:
    return SOMEBODY if event.anonymous else _name(event)


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def _quote(text: str) -> str:
    """The user's own words behind a sentence."""
    if not text:
        return "."
    return f": {text}" if len(text) <= LONGEST_QUOTE else f": {text[:LONGEST_QUOTE]}…"


def _tier(plan: str) -> str:
    return f" ({TIERS[plan]})" if plan in TIERS else ""


def _money(amount: int, exponent: int, currency: str) -> str:
    places = min(max(exponent, 0), 6)
    whole, part = divmod(amount, 10**places)
    return f"{whole:,}{f'.{part:0{places}}' if places else ''} {currency}".rstrip()


def _message(event: ChatMessage) -> Told | None:
    if event.bits > 0:
        return f"{_name(event)} cheers {_many(event.bits, 'bit')}{_quote(event.text)}", event.bits
    if event.first:
        return f"{_name(event)} chats here for the first time.", 0
    return None


def _subscription(event: Subscription) -> Told:
    return f"{_name(event)} subscribes{_tier(event.plan)}{_quote(event.text)}", event.months


def _resubscription(event: Resubscription) -> Told:
    if event.was_gifted:
        return f"{_name(event)} shares a gifted subscription, month {event.months}{_quote(event.text)}", event.months
    return f"{_name(event)} subscribes for month {event.months}{_tier(event.plan)}{_quote(event.text)}", event.months


def _sub_gift(event: SubGift) -> Told:
    to = event.recipient_name or event.recipient_login or SOMEBODY.lower()
    length = f"{event.paid_months} months" if event.paid_months > 1 else "a subscription"
    return f"{_giver(event)} gives {length} to {to}{_tier(event.plan)}.", 1


def _gift_batch(event: GiftBatch) -> Told:
    return f"{_giver(event)} gives {_many(event.gift_count, 'subscription')}{_tier(event.plan)}.", event.gift_count


def _gift_upgrade(event: GiftUpgrade) -> Told:
    giver = SOMEBODY.lower() if event.anonymous else event.gifter_name or event.gifter_login or SOMEBODY.lower()
    return f"{_name(event)} goes on paying the subscription that {giver} gave.", 1


def _prime_upgrade(event: PrimeUpgrade) -> Told:
    return f"{_name(event)} turns a Prime subscription into a paid one{_tier(event.plan)}.", 1


def _extension(event: SubExtension) -> Told:
    return f"{_name(event)} prolongs a subscription, month {event.months}{_tier(event.plan)}.", event.months


def _pay_forward(event: PayForward) -> Told:
    to = event.recipient_name or event.recipient_login or "the community"
    return f"{_name(event)} passes a gift on to {to}.", 0


def _raid(event: Raid) -> Told:
    return f"{_name(event)} raids with {_many(event.viewers, 'viewer')}.", event.viewers


def _raid_cancelled(_: RaidCancelled) -> Told:
    return "The raid was called off.", 0


def _announcement(event: Announcement) -> Told:
    return f"{_name(event)} announces{_quote(event.text)}", 0


def _bits_badge(event: BitsBadge) -> Told:
    return f"{_name(event)} earned the badge for {_many(event.threshold, 'bit')}{_quote(event.text)}", event.threshold


def _combo(event: Combo) -> Told:
    return f"{_name(event)} taps a combo with {_many(event.bits, 'bit')}.", event.bits


def _combo_state(event: ComboState) -> Told:
    stage = {"started": "starts", "breakpoint": "reaches a step", "expired": "ends"}.get(event.stage, "goes on")
    return f"A combo {stage}, {_many(event.bits, 'bit')} so far.", event.bits


def _reward_shared(event: RewardShared) -> Told:
    return f"{_name(event)} shares rewards with {_many(event.selected_count, 'chatter')}.", event.selected_count


def _ritual(event: Ritual) -> Told:
    return f"{_name(event)} is new here{_quote(event.text)}", 0


def _watch_streak(event: WatchStreak) -> Told:
    return f"{_name(event)} watched {_many(event.amount, 'stream')} in a row{_quote(event.text)}", event.amount


def _mod_anniversary(event: ModAnniversary) -> Told:
    return f"{_name(event)} has moderated for {_many(event.months, 'month')}.", event.months


def _social_badge(event: SocialBadge) -> Told:
    return f"{_name(event)} earned sharing badge {event.level}.", event.level


def _donation(event: Donation) -> Told:
    to = event.charity or "charity"
    return f"{_name(event)} gives {_money(event.amount, event.exponent, event.currency)} to {to}.", event.amount


def _direct_cheer(event: DirectCheer) -> Told:
    return f"{_name(event)} cheers {_money(event.amount, event.exponent, event.currency)}.", event.amount


def _prime_loot(event: PrimeLoot) -> Told:
    return f"{_name(event)} gives {event.name or 'a Prime gift'} to {event.recipient_login or 'the community'}.", 0


def _unknown(event: UnknownNotice) -> Told:
    return event.system_text or f"{_name(event)}: {event.name or 'something new'}{_quote(event.text)}", 0


def _moderation(event: Moderation) -> Told:
    who = event.target_login or SOMEBODY
    match event.kind.value:
        case "timeout":
            return f"{who} is timed out for {event.duration_s:,} s.", event.duration_s
        case "ban":
            return f"{who} is banned.", 0
        case "delete":
            return f"A message of {who} is deleted.", 0
        case _:
            return "The chat is cleared.", 0


def _room_state(event: RoomState) -> Told | None:
    """A change mentions one mode; the full state at a join is no news."""
    minutes = event.followers_only_min
    changes = [
        sentence
        for value, sentence in (
            (event.emote_only, f"Emote-only chat is {_on(event.emote_only)}."),
            (minutes, "Follower-only chat is off." if minutes == -1 else f"Follower-only chat is on ({minutes} min)."),
            (event.unique_only, f"Unique chat is {_on(event.unique_only)}."),
            (event.slow_s, f"Slow mode is on ({event.slow_s} s)." if event.slow_s else "Slow mode is off."),
            (event.subs_only, f"Subscriber-only chat is {_on(event.subs_only)}."),
        )
        if value is not None
    ]
    return (changes[0], 0) if len(changes) == 1 else None


def _on(value: object) -> str:
    return "on" if value else "off"


def _room_notice(event: RoomNotice) -> Told | None:
    return (event.text, 0) if event.text else None


_TELLERS: dict[type[Event], Callable[[Any], Told | None]] = {
    ChatMessage: _message,
    Subscription: _subscription,
    Resubscription: _resubscription,
    SubGift: _sub_gift,
    GiftBatch: _gift_batch,
    GiftUpgrade: _gift_upgrade,
    PrimeUpgrade: _prime_upgrade,
    SubExtension: _extension,
    PayForward: _pay_forward,
    Raid: _raid,
    RaidCancelled: _raid_cancelled,
    Announcement: _announcement,
    BitsBadge: _bits_badge,
    Combo: _combo,
    ComboState: _combo_state,
    RewardShared: _reward_shared,
    Ritual: _ritual,
    WatchStreak: _watch_streak,
    ModAnniversary: _mod_anniversary,
    SocialBadge: _social_badge,
    Donation: _donation,
    DirectCheer: _direct_cheer,
    PrimeLoot: _prime_loot,
    UnknownNotice: _unknown,
    Moderation: _moderation,
    RoomState: _room_state,
    RoomNotice: _room_notice,
}
