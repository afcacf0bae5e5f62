"""Count what supporters do once, however many lines Twitch sends about it.

- A batch of gifts is announced by one line and followed by one line per gift. The batch counts with its announced
  number; a gift counts only when no batch of this channel announced it. The two share an id; where logs carry no ids,
  a gift belongs to a batch that the same giver announced in the last two minutes and that still lacks gifts.
  Gifts that come before their batch were counted already and are taken off it.
- A resubscription that was gifted repeats a gift: nothing new. Passing a gift on counts by the gift that follows it.
- Bits of a cheer and of a combo by the same user with the same amount within three seconds are one payment, and the
  steps of a combo repeat its single taps.
- In shared chat, what happened in another channel is shown here and counts there.
"""

from dataclasses import dataclass
from typing import TypeVar

from chatpulse.domain.chat import (
    ChatMessage,
    Combo,
    Event,
    GiftBatch,
    GiftUpgrade,
    Moderation,
    ModerationKind,
    Notice,
    PrimeUpgrade,
    Raid,
    Recorded,
    Resubscription,
    SubExtension,
    SubGift,
    Subscription,
)

BATCH_US = 120_000_000
"""How long gifts without an id may follow their batch; in one reconstructed log 298 of 317 came within it."""
TWIN_US = 3_000_000
MOST_OPEN = 1_000
"""Batches, gifts and payments that are remembered; the oldest go first."""

K = TypeVar("K")
V = TypeVar("V")

_NAMES: dict[type[Event], str] = {
    ChatMessage: "bits",
    Combo: "bits",
    Subscription: "subs",
    Resubscription: "subs",
    GiftUpgrade: "subs",
    PrimeUpgrade: "subs",
    SubExtension: "subs",
    GiftBatch: "gifts",
    SubGift: "gifts",
    Raid: "raids",
}
_MODERATION = {
    ModerationKind.TIMEOUT: "timeouts",
    ModerationKind.BAN: "bans",
    ModerationKind.DELETE: "deletions",
}


def is_mirrored(event: ChatMessage | Notice) -> bool:
    """Whether it happened in another channel and is shown here by shared chat."""
    return bool(event.source_room_id) and event.source_room_id != event.room_id


class Ledger:
    """One channel's memory of what has been counted."""

    __slots__ = ("_announced", "_payments", "_singles", "_unnamed")

    def __init__(self) -> None:
        self._announced: dict[str, None] = {}
        self._singles: dict[str, int] = {}
        self._unnamed: dict[str, _Batch] = {}
        self._payments: dict[tuple[str, int, bool], int] = {}

    def count(self, event: Recorded) -> tuple[str, int] | None:
        """Which sum of a window an event (a message: its bits) adds to and how much; None when it adds nothing."""
        if isinstance(event, Moderation):
            return (_MODERATION[event.kind], 1) if event.kind in _MODERATION else None
        if isinstance(event, ChatMessage | Notice) and is_mirrored(event):
            return None
        name = _NAMES.get(type(event), "")
        match event:
            case ChatMessage() | Combo():
                amount = self._count_bits(event)
            case Subscription():
                amount = 0 if event.was_gifted else 1
            case GiftBatch():
                amount = self._count_batch(event)
            case SubGift():
                amount = 0 if self._is_announced(event) else 1
            case _:
                amount = 1
        return (name, amount) if name and amount > 0 else None

    def _count_bits(self, event: ChatMessage | Combo) -> int:
        if event.bits <= 0:
            return 0
        user, is_combo = event.user_id or event.user_login, isinstance(event, Combo)
        twin_us = self._payments.pop((user, event.bits, not is_combo), None)
        if twin_us is not None and abs(event.ts_us - twin_us) <= TWIN_US:
            return 0
        _remember(self._payments, (user, event.bits, is_combo), event.ts_us)
        return event.bits

    def _count_batch(self, batch: GiftBatch) -> int:
        if batch.batch_id:
            _remember(self._announced, batch.batch_id, None)
            return batch.gift_count - self._singles.pop(batch.batch_id, 0)
        giver = batch.user_id or batch.user_login
        open_batch = self._unnamed.get(giver)
        still = open_batch.missing if open_batch and batch.ts_us - open_batch.ts_us <= BATCH_US else 0
        _remember(self._unnamed, giver, _Batch(batch.ts_us, batch.gift_count + still))
        return batch.gift_count

    def _is_announced(self, gift: SubGift) -> bool:
        if gift.batch_id in self._announced:
            return True
        batch = self._unnamed.get(gift.user_id or gift.user_login)
        if batch and batch.missing > 0 and abs(gift.ts_us - batch.ts_us) <= BATCH_US:
            batch.missing -= 1
            return True
        if gift.batch_id:
            _remember(self._singles, gift.batch_id, self._singles.get(gift.batch_id, 0) + 1)
        return False


@dataclass(slots=True)
class _Batch:
    """A batch without an id, and how many of its gifts have not been seen."""

    ts_us: int
    missing: int


def _remember(memory: dict[K, V], key: K, value: V) -> None:
    """Put an entry last; the oldest goes when there are too many."""
    memory.pop(key, None)
    memory[key] = value
    if len(memory) > MOST_OPEN:
        del memory[next(iter(memory))]
