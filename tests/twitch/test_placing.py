"""Records of a file get channel, recording, instant and identity, the same ones on every reading."""

from collections.abc import Sequence

import pytest

from chatpulse.domain.chat import ChatMessage, Quarantined, Recorded, Source, TimeKind
from chatpulse.twitch.core.placing import Place, Placer, time_kind_of

S = 1_000_000
START_US = 1_700_000_000 * S


def said(at_us: int, text: str = "hello", **fields: object) -> ChatMessage:
    given = {"time_kind": TimeKind.OFFSET, "precision_us": S, "user_login": "juno", "raw": text} | fields
    return ChatMessage(id="", ts_us=at_us, received_us=0, text=text, **given)  # type: ignore[arg-type]  # mixed values


def place(events: Sequence[Recorded], **known: object) -> list[Recorded]:
    placer = Placer(Place(**({"channel": "aurora", "video_id": "v1"} | known)))  # type: ignore[arg-type]  # mixed values
    return [*placer.put(events), *placer.rest()]


def test_an_offset_becomes_an_instant_when_the_start_is_known() -> None:
    (event,) = place([said(5 * S)], start_us=START_US)

    assert (event.ts_us, event.time_kind) == (START_US + 5 * S, TimeKind.EPOCH)


def test_without_a_start_an_offset_stays_one() -> None:
    (event,) = place([said(5 * S)])

    assert (event.ts_us, event.time_kind) == (5 * S, TimeKind.OFFSET)


def test_an_instant_needs_no_start() -> None:
    (event,) = place([said(START_US, time_kind=TimeKind.EPOCH, precision_us=1)], start_us=7)

    assert (event.ts_us, event.time_kind) == (START_US, TimeKind.EPOCH)


def test_what_shares_a_second_is_spread_in_file_order() -> None:
    events = place([said(S), said(S, "b"), said(S, "c"), said(S, "d"), said(2 * S)])

    assert [event.ts_us for event in events] == [S, S + S // 4, S + S // 2, S + 3 * S // 4, 2 * S]
    assert {event.precision_us for event in events} == {S}


def test_a_second_that_is_cut_into_batches_is_spread_as_one() -> None:
    events = [said(S, str(number)) for number in range(4)]
    placer = Placer(Place(channel="aurora", video_id="v1"))

    placed = [event for one in events for event in placer.put([one])] + list(placer.rest())

    assert placed == place(events)


def test_exact_times_and_no_times_are_not_spread() -> None:
    exact = [said(S, precision_us=1_000), said(S, "b", precision_us=1_000)]
    timeless = [said(0, time_kind=TimeKind.NONE), said(0, "b", time_kind=TimeKind.NONE)]

    assert [event.ts_us for event in place(exact)] == [S, S]
    assert [event.ts_us for event in place(timeless)] == [0, 0]


def test_equal_lines_have_ids_of_their_own_and_the_same_on_every_reading() -> None:
    events = [said(S), said(S), said(2 * S)]

    first, again = place(events), place(events)

    assert len({event.id for event in first}) == 3
    assert [event.id for event in first] == [event.id for event in again]


def test_the_start_does_not_change_an_identity_and_the_recording_does() -> None:
    (plain,), (dated,), (other,) = (place([said(S)], **known) for known in ({}, {"start_us": 9}, {"video_id": "v2"}))

    assert plain.id == dated.id != other.id


def test_what_the_record_says_itself_wins() -> None:
    (event,) = place([said(S, channel="brook", room_id="5", video_id="v7")], room_id="9")

    assert (event.channel, event.room_id, event.video_id) == ("brook", "5", "v7")


def test_the_file_fills_in_what_the_record_leaves_open() -> None:
    (event,) = place([said(S)], room_id="9", received_us=3, source=Source.VOD)

    assert (event.channel, event.room_id, event.video_id) == ("aurora", "9", "v1")
    assert (event.received_us, event.source) == (3, Source.VOD)


def test_bytes_that_nobody_understands_are_placed_too() -> None:
    broken = Quarantined(id="", ts_us=0, received_us=0, time_kind=TimeKind.NONE, raw=b"\xff", reason="odd")

    first, second = place([broken, broken])

    assert first.id != second.id


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [([], "none"), (["none"], "none"), (["none", "offset"], "offset"), (["offset", "epoch"], "epoch")],
    ids=str,
)
def test_a_file_is_as_exact_as_its_best_record(kinds: list[str], expected: str) -> None:
    assert time_kind_of([TimeKind(kind) for kind in kinds]) == expected
