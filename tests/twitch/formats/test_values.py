"""What the JSON formats write alike: times, places, badges."""

import pytest

from chatpulse.twitch.formats.values import (
    count_of,
    has_key,
    instant_us,
    is_json,
    is_object,
    offset_us,
    precision_us,
    read_badges,
    spans_at,
    start_us,
)

S = 1_000_000
START_US = 1_700_000_000 * S


@pytest.mark.parametrize(
    ("raw", "badges"),
    [
        (b'[{"_id":"subscriber","version":"12"},{"_id":"bits","version":100}]', "subscriber/12,bits/100"),
        (b'[{"setID":"vip","version":"1","id":"x"},{"setID":"","version":"","id":"Ozs="}]', "vip/1"),
        (b'[{"badge":"glhf_pledge","version":1},{"name":"turbo","version":null},null]', "glhf_pledge/1,turbo"),
        (b"[]", ""),
        (b"null", ""),
        (b"", ""),
    ],
)
def test_badges_are_read_in_every_spelling(raw: bytes, badges: str) -> None:
    assert read_badges(raw) == badges


@pytest.mark.parametrize(
    ("starts", "found"),
    [
        pytest.param([0] * 10, START_US, id="all agree"),
        pytest.param([0] * 9 + [99 * S], START_US, id="one of ten may lie"),
        pytest.param([0] * 8 + [99 * S] * 2, None, id="two of ten may not"),
        pytest.param([0, S, 2 * S], START_US + S, id="the middle one counts"),
        pytest.param([0, 0], None, id="two are too few"),
        pytest.param([0, 60 * S, 120 * S], None, id="nobody agrees"),
    ],
)
def test_a_start_is_what_comments_agree_on(starts: list[int], found: int | None) -> None:
    stamps = [(START_US + start + n * 1_500_000, n * 1.5) for n, start in enumerate(starts)]

    assert start_us(stamps, precision_us=1_000) == found


def test_a_comment_without_time_or_place_says_nothing_about_the_start() -> None:
    stamps = [(START_US, 0.0), (None, 1.0), (START_US, 1e300), (START_US + S, 1.0), (START_US + 2 * S, 2.0)]

    assert start_us(stamps, precision_us=S) == START_US - S // 2


@pytest.mark.parametrize(
    ("offsets_s", "exact_us"), [([1.0, 2.0], S), ([1.0, 2.5], 1_000), ([0.0], S), ([], 1_000), ([float("inf")], 1_000)]
)
def test_offsets_are_as_exact_as_their_fractions(offsets_s: list[float], exact_us: int) -> None:
    assert precision_us(offsets_s) == exact_us


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), 1e12, -1e12])
def test_what_is_no_place_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="no place in a recording"):
        offset_us(seconds)


def test_numbers_are_read_from_whatever_holds_them() -> None:
    assert [count_of(value) for value in ("200", 7, 7.9, None, "", "many", -5, float("inf"))] == [
        200,
        7,
        7,
        0,
        0,
        0,
        0,
        0,
    ]
    assert [instant_us(text) for text in ("2023-11-14T22:13:20Z", "0001-01-01T00:00:00", "12", None)] == [
        START_US, None, None, None,
    ]  # fmt: skip


def test_emotes_by_place_never_overlap_and_come_in_order() -> None:
    raw = b'[{"_id":"2","begin":5,"end":6},{"_id":"1","begin":0,"end":3},{"_id":"3","begin":0,"end":6},{"_id":"4"}]'

    assert [(span.id, span.name) for span in spans_at("abcd ef", raw)] == [("1", "abcd"), ("2", "ef")]


def test_a_document_is_known_by_its_first_bracket_and_its_keys() -> None:
    assert is_object(b" // mine\n/* too */ {}")
    assert is_json(b"\n[")
    assert not is_json(b'"{"')
    assert has_key(b'{"a" : 1, "b":2}', "a", "b")
    assert not has_key(b'{"a": "\\"b\\": 2"}', "a", "b")
