"""Turn a comment that is one of Twitch's own sentences into the notice that it announces.

Recordings and text logs keep subscriptions, gifts and raids only as the comments that Twitch made of them: a sentence
in the name of the user, then the user's own words. A user can type such a sentence, so the notice is marked `inferred`,
and it is believed only under these rules:

- where the sentence names who did it, that is the commenter, by display name or login;
- what has no name in it comes from Twitch's own accounts (gifts without a giver, gifts that Twitch adds), or is the
  whole comment (a combo, a bits badge);
- `/me` and answers are never Twitch's.

Some writers strip the space behind a sentence or put `@` before names; both are fine. Where a file gives users other
names in the text than beside it, as after anonymising, nothing is believed that needs a name.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from chatpulse.domain.chat import (
    BitsBadge,
    ChatMessage,
    ComboState,
    Donation,
    GiftBatch,
    GiftUpgrade,
    PayForward,
    PrimeUpgrade,
    Raid,
    Recorded,
    Resubscription,
    SubGift,
    Subscription,
    WatchStreak,
)
from chatpulse.twitch.core.notices import ANONYMOUS_GIFTER_ID
from chatpulse.twitch.core.tags import to_int

TWITCH_ID: Final = "12826"
VALORANT_ID: Final = "490592527"
"""Its promotion added gifts to the gifts of viewers."""

_LOGINS: Final = {ANONYMOUS_GIFTER_ID: "ananonymousgifter", TWITCH_ID: "twitch", VALORANT_ID: "valorant"}
"""For files without ids."""
_ANONYMOUS: Final = frozenset({ANONYMOUS_GIFTER_ID, TWITCH_ID})
_ADDING: Final = frozenset({TWITCH_ID, VALORANT_ID})

_END = r"(?: +|$)"
_WORDS = r"(.*)"
_PLAN = r"(Prime|Tier [1-3])"
_NUMBER = r"([0-9]{1,9})"
_NAME = r"@?([^!]{1,100}?)"
_GIVEN = (
    rf"(?:They(?:'ve gifted| have gifted| have given) (?:a total of )?{_NUMBER}(?: Gift Subs)? in the channel!{_END})?"
)


def _compile(pattern: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(pattern, re.DOTALL).fullmatch


_SUBSCRIBED = _compile(
    rf" subscribed (?:at|with) {_PLAN}\.{_END}"
    rf"(They've subscribed for {_NUMBER} months?(?:, currently on an? {_NUMBER} month streak)?!{_END})?{_WORDS}"
)
_CONVERTED = _compile(rf" converted from a {_PLAN} sub to a {_PLAN} sub!{_END}{_WORDS}")
_GIFT = rf" gifted a {_PLAN} sub to {_NAME}!{_END}{_GIVEN}{_WORDS}"
_GIFTS = rf" is gifting {_NUMBER} {_PLAN} Subs? to {_NAME}'s community!{_END}{_GIVEN}{_WORDS}"
_GIFTED, _GIFTING = _compile(_GIFT), _compile(_GIFTS)
_CONTINUED = _compile(rf" is continuing the Gift Sub they got from {_NAME}!{_END}{_WORDS}")
_FORWARDED = _compile(rf" is paying forward the Gift they got from {_NAME} to {_NAME}!{_END}{_WORDS}")
_WATCHED = _compile(
    rf" watched {_NUMBER} consecutive streams?(?: this month)? and sparked a watch streak!{_END}{_WORDS}"
)
_DONATED = _compile(r": Donated ([A-Z]{3}) ([0-9][0-9,]{0,14})(?:\.([0-9]{1,3}))? to support (.+?) *()")
_SENT = _compile(rf"'s community sent [^!]+!{_END}()")
_RAIDED = _compile(rf"{_NUMBER} raiders? from (.{{1,100}}?) ha(?:ve|s) joined!{_END}{_WORDS}")
_ADDED = _compile(
    rf"We added {_NUMBER} Gift Subs?(?: AND {_NUMBER} Bonus Gift Subs?)? to {_NAME}'s gift!{_END}{_WORDS}"
)
_COMBO = _compile(rf"Combo started! You have ([^!]{{1,40}}?) left to join\.{_END}")
_BADGE = _compile(rf"bits badge tier notification{_END}")
_SECONDS = re.compile(r"([0-9]{1,6}) ?s(?:econds?)?").fullmatch
_BITS = re.compile(r"(?:^|,)bits/([0-9]{1,9})(?:,|$)").search
_LOGIN = re.compile(r"[A-Za-z0-9_]+").fullmatch
_NAMELESS: Final = ("An anonymous user ", "We added ", "Combo started! ", "bits badge tier notification")

Found = re.Match[str]
Fields = Mapping[str, Any]


def infer(message: ChatMessage) -> Recorded:
    """Make the notice that a comment stands for.

    Args:
        message: a comment of a recording or a line of a log.

    Returns:
        The notice with the same identity, time and `raw`, the sentence in `system_text` and the user's own words in
        `text`; the message itself when it is none or not believed.
    """
    text = message.text
    if not text or message.action or message.reply_to:
        return message
    if text.startswith(_NAMELESS):
        return _nameless(message) or message
    if "0" <= text[0] <= "9":
        found = _RAIDED(text)
        if found and _after_name(found[2], message) == "":
            return Raid(viewers=int(found[1]), **_fields(message, found, words=3))
    rest = _after_name(text, message)
    if not rest:
        return message
    for recognise in _NAMED:
        if notice := recognise(rest, message):
            return notice
    return message


def _after_name(text: str, message: ChatMessage) -> str | None:
    """What follows the commenter's own name at the start of a text; None when it does not start with it."""
    text = text.removeprefix("@")
    for name in (message.user_name, message.user_login):
        if name and text[: len(name)].lower() == name.lower():
            rest = text[len(name) :]
            if not rest or rest[0] in " :'":
                return rest
    return None


def _is_account(message: ChatMessage, accounts: frozenset[str]) -> bool:
    if message.user_id:
        return message.user_id in accounts
    return message.user_login in {_LOGINS[account] for account in accounts}


def _nameless(message: ChatMessage) -> Recorded | None:
    text = message.text
    if found := _ADDED(text):
        if _is_account(message, _ADDING):
            added, bonus, *_ = found.groups()
            return GiftBatch(gift_count=int(added), bonus_count=to_int(bonus or ""), **_fields(message, found, words=4))
    elif text.startswith("An ") and _is_account(message, _ANONYMOUS):
        return _gift(text.removeprefix("An anonymous user"), message, anonymous=True)
    elif found := _COMBO(text):
        seconds = _SECONDS(found[1])
        ms = int(seconds[1]) * 1_000 if seconds else 0
        return ComboState(stage="started", ms_remaining=ms, **_fields(message, found, words=None))
    elif found := _BADGE(text):
        bits = _BITS(message.badges)
        return BitsBadge(threshold=int(bits[1]) if bits else 0, **_fields(message, found, words=None))
    return None


def _subscription(rest: str, message: ChatMessage) -> Recorded | None:
    if found := _SUBSCRIBED(rest):
        plan, again, months, streak, _ = found.groups()
        fields = _fields(message, found, words=5) | {"plan": _plan(plan)}
        if not again:
            return Subscription(**fields)
        return Resubscription(months=max(1, int(months)), streak=to_int(streak or ""), **fields)
    return None


def _conversion(rest: str, message: ChatMessage) -> Recorded | None:
    """A paid plan after Prime is an upgrade; any other change of plan goes on with what was there."""
    if found := _CONVERTED(rest):
        before, after, _ = found.groups()
        fields = _fields(message, found, words=3) | {"plan": _plan(after)}
        if before == "Prime" != after:
            return PrimeUpgrade(**fields)
        return Resubscription(months=max(1, message.months), **fields)
    return None


def _gift(rest: str, message: ChatMessage, *, anonymous: bool = False) -> Recorded | None:
    if found := _GIFTED(rest):
        plan, name, total, _ = found.groups()
        return SubGift(
            plan=_plan(plan),
            recipient_name=name,
            recipient_login=_login(name),
            anonymous=anonymous,
            sender_total=to_int(total or ""),
            **_fields(message, found, words=4),
        )
    if found := _GIFTING(rest):
        count, plan, _, total, _ = found.groups()
        return GiftBatch(
            plan=_plan(plan),
            gift_count=int(count),
            anonymous=anonymous,
            sender_total=to_int(total or ""),
            **_fields(message, found, words=5),
        )
    return None


def _upgrade(rest: str, message: ChatMessage) -> Recorded | None:
    if found := _CONTINUED(rest):
        return GiftUpgrade(**_giver(found[1]), **_fields(message, found, words=2))
    return None


def _forward(rest: str, message: ChatMessage) -> Recorded | None:
    if found := _FORWARDED(rest):
        recipient = "" if found[2] == "the community" else found[2]
        return PayForward(
            recipient_name=recipient,
            recipient_login=_login(recipient),
            **_giver(found[1]),
            **_fields(message, found, words=3),
        )
    return None


def _streak(rest: str, message: ChatMessage) -> Recorded | None:
    if found := _WATCHED(rest):
        return WatchStreak(category="watch-streak", amount=int(found[1]), **_fields(message, found, words=2))
    return None


def _donation(rest: str, message: ChatMessage) -> Recorded | None:
    """The charity's name ends where the comment does: nothing parts it from words of the user."""
    if found := _DONATED(rest):
        currency, whole, cents, charity, _ = found.groups()
        cents = cents or ""
        return Donation(
            charity=charity,
            amount=int(whole.replace(",", "") + cents),
            exponent=len(cents),
            currency=currency,
            **_fields(message, found, words=5),
        )
    return None


def _combo_end(rest: str, message: ChatMessage) -> Recorded | None:
    if found := _SENT(rest):
        return ComboState(stage="expired", **_fields(message, found, words=None))
    return None


_NAMED: Final[tuple[Callable[[str, ChatMessage], Recorded | None], ...]] = (
    _subscription,
    _gift,
    _streak,
    _conversion,
    _upgrade,
    _forward,
    _donation,
    _combo_end,
)


def _fields(message: ChatMessage, found: Found, *, words: int | None) -> dict[str, Any]:
    """What a notice takes over from its comment; `words` is the group of the user's own, at the end of the text."""
    own = found[words] if words else ""
    sentence = message.text[: len(message.text) - len(own)]
    return {
        "id": message.id,
        "channel": message.channel,
        "room_id": message.room_id,
        "ts_us": message.ts_us,
        "received_us": message.received_us,
        "time_kind": message.time_kind,
        "precision_us": message.precision_us,
        "source": message.source,
        "inferred": True,
        "video_id": message.video_id,
        "copy_of": message.copy_of,
        "user_id": message.user_id,
        "user_login": message.user_login,
        "user_name": message.user_name,
        "system_text": sentence.rstrip(" "),
        "text": own,
        "badges": message.badges,
        "source_room_id": message.source_room_id,
        "source_id": message.source_id,
        "raw": message.raw,
    }


def _giver(name: str) -> Fields:
    if name in {"an anonymous user", "an anonymous gifter"}:
        return {"anonymous": True}
    return {"gifter_name": name, "gifter_login": _login(name)}


def _plan(words: str) -> str:
    return {"Tier 1": "1000", "Tier 2": "2000", "Tier 3": "3000"}.get(words, words)


def _login(name: str) -> str:
    """A display name in Latin script is its login up to case; of another the sentence does not say it."""
    return name.lower() if _LOGIN(name) else ""
