import pytest

from chatpulse.domain.chat import (
    ChatMessage,
    Combo,
    ComboState,
    GiftBatch,
    GiftUpgrade,
    Moderation,
    ModerationKind,
    PayForward,
    PrimeUpgrade,
    Raid,
    Recorded,
    Resubscription,
    SubExtension,
    SubGift,
    Subscription,
)
from chatpulse.insights.core.counting import MOST_OPEN, Ledger

S = 1_000_000


def gift(at_s: int = 0, *, giver: str = "7", batch: str = "") -> SubGift:
    return SubGift(id=f"g{at_s}", ts_us=at_s * S, received_us=0, user_id=giver, batch_id=batch)


def announce(count: int, at_s: int = 0, *, giver: str = "7", batch: str = "") -> GiftBatch:
    return GiftBatch(id=f"b{at_s}", ts_us=at_s * S, received_us=0, user_id=giver, batch_id=batch, gift_count=count)


def total(ledger: Ledger, *events: Recorded) -> dict[str, int]:
    sums: dict[str, int] = {}
    for event in events:
        counted = ledger.count(event)
        if counted is not None:
            sums[counted[0]] = sums.get(counted[0], 0) + counted[1]
    return sums


def test_a_batch_and_its_gifts_count_once() -> None:
    gifts = [gift(at_s, batch="x") for at_s in range(5)]

    assert total(Ledger(), announce(5, batch="x"), *gifts) == {"gifts": 5}


def test_gifts_before_their_batch_count_once() -> None:
    assert total(Ledger(), gift(batch="x"), gift(batch="x"), announce(5, batch="x"), gift(batch="x")) == {"gifts": 5}


def test_a_gift_of_another_batch_counts_alone() -> None:
    assert total(Ledger(), announce(5, batch="x"), gift(batch="y")) == {"gifts": 6}


def test_without_ids_gifts_belong_to_the_givers_open_batch() -> None:
    ledger = Ledger()

    assert total(ledger, announce(2), gift(1), gift(2, giver="8"), gift(3)) == {"gifts": 3}
    assert total(ledger, gift(4)) == {"gifts": 1}, "the batch lacks no more gifts"


def test_without_ids_a_batch_is_open_for_two_minutes() -> None:
    assert total(Ledger(), announce(2), gift(120), gift(121)) == {"gifts": 3}


def test_two_batches_of_one_giver_without_ids_are_both_open() -> None:
    gifts = [gift(at_s) for at_s in range(5)]

    assert total(Ledger(), announce(2), announce(3), *gifts) == {"gifts": 5}


@pytest.mark.parametrize(
    ("event", "sums"),
    [
        pytest.param(Subscription(id="1", ts_us=0, received_us=0), {"subs": 1}, id="new"),
        pytest.param(Resubscription(id="1", ts_us=0, received_us=0), {"subs": 1}, id="renewed"),
        pytest.param(Resubscription(id="1", ts_us=0, received_us=0, was_gifted=True), {}, id="gifted before"),
        pytest.param(Resubscription(id="1", ts_us=0, received_us=0, paid_months=6), {"subs": 1}, id="six months"),
        pytest.param(GiftUpgrade(id="1", ts_us=0, received_us=0), {"subs": 1}, id="gift upgrade"),
        pytest.param(PrimeUpgrade(id="1", ts_us=0, received_us=0), {"subs": 1}, id="prime upgrade"),
        pytest.param(SubExtension(id="1", ts_us=0, received_us=0), {"subs": 1}, id="extension"),
        pytest.param(PayForward(id="1", ts_us=0, received_us=0), {}, id="pay forward"),
        pytest.param(Raid(id="1", ts_us=0, received_us=0, viewers=900), {"raids": 1}, id="raid"),
        pytest.param(Combo(id="1", ts_us=0, received_us=0, bits=5), {"bits": 5}, id="combo"),
        pytest.param(ComboState(id="1", ts_us=0, received_us=0, bits=50), {}, id="combo step"),
        pytest.param(ChatMessage(id="1", ts_us=0, received_us=0, bits=100), {"bits": 100}, id="cheer"),
        pytest.param(ChatMessage(id="1", ts_us=0, received_us=0), {}, id="talk"),
        pytest.param(announce(-5), {}, id="nonsense"),
    ],
)
def test_an_event_counts_as_what_it_is(event: Recorded, sums: dict[str, int]) -> None:
    assert total(Ledger(), event) == sums


@pytest.mark.parametrize(
    ("kind", "sums"),
    [
        (ModerationKind.TIMEOUT, {"timeouts": 1}),
        (ModerationKind.BAN, {"bans": 1}),
        (ModerationKind.DELETE, {"deletions": 1}),
        (ModerationKind.CLEAR, {}),
    ],
)
def test_moderation_counts_by_its_kind(kind: ModerationKind, sums: dict[str, int]) -> None:
    assert total(Ledger(), Moderation(id="1", ts_us=0, received_us=0, kind=kind)) == sums


def cheer(at_s: int, bits: int) -> ChatMessage:
    return ChatMessage(id=f"c{at_s}", ts_us=at_s * S, received_us=0, user_id="7", bits=bits)


def tap(at_s: int, bits: int) -> Combo:
    return Combo(id=f"t{at_s}", ts_us=at_s * S, received_us=0, user_id="7", bits=bits)


def test_a_combo_and_its_cheer_count_once_in_either_order() -> None:
    assert total(Ledger(), cheer(1, 50), tap(4, 50)) == {"bits": 50}
    assert total(Ledger(), tap(4, 50), cheer(1, 50)) == {"bits": 50}


def test_different_payments_all_count() -> None:
    assert total(Ledger(), cheer(1, 50), tap(5, 50), tap(5, 10), cheer(6, 60), cheer(6, 60)) == {"bits": 230}


def test_what_happened_in_another_channel_counts_there() -> None:
    mirrored = Subscription(id="1", ts_us=0, received_us=0, room_id="1", source_room_id="2")
    own = Subscription(id="2", ts_us=0, received_us=0, room_id="1", source_room_id="1")

    assert total(Ledger(), mirrored) == {}
    assert total(Ledger(), own) == {"subs": 1}


def test_memory_is_bounded() -> None:
    ledger = Ledger()

    total(ledger, *(announce(1, batch=f"x{n}") for n in range(MOST_OPEN + 9)))

    assert total(ledger, gift(batch="x3")) == {"gifts": 1}, "the oldest batch is forgotten"
    assert total(ledger, gift(batch="x500")) == {}
