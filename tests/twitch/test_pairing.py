"""A message of a file is found among stored ones by user, words and time, once."""

import numpy as np
import pytest

from chatpulse.twitch.core.pairing import LEAST_AGREEING, WITHIN_US, Stored, key_of

S = 1_000_000
HELLO = key_of("juno", "hello there")


def many(count: int, *, shift_us: int = 0) -> tuple[list[int], list[int]]:
    """Keys and times of different messages, 7 s apart."""
    return [key_of("juno", f"line {n}") for n in range(count)], [n * 7 * S + shift_us for n in range(count)]


def arrays(keys: list[int], times_us: list[int]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(keys, dtype=np.uint64), np.array(times_us, dtype=np.int64)


@pytest.mark.parametrize("text", ["hello there", "Hello  THERE ", "hello\U000e0000 there", "he\u200bllo there"])
def test_words_are_equal_whatever_spaces_and_invisible_characters_are_in_them(text: str) -> None:
    assert key_of("Juno", text) == HELLO


def test_other_words_and_other_people_are_others() -> None:
    assert (
        len({HELLO, key_of("mira", "hello there"), key_of("juno", "hello theres"), key_of("junoh", "ello there")}) == 4
    )


def test_the_nearest_one_is_taken_and_none_twice() -> None:
    stored = Stored([HELLO] * 3, [20 * S, 10 * S, 12 * S])

    assert [stored.take(HELLO, 11 * S + 9) for _ in range(3)] == [2, 1, None]


@pytest.mark.parametrize(("distance_us", "found"), [(WITHIN_US, 0), (-WITHIN_US, 0), (WITHIN_US + 1, None)])
def test_three_seconds_apart_is_the_same_and_more_is_not(distance_us: int, found: int | None) -> None:
    assert Stored([HELLO], [100 * S]).take(HELLO, 100 * S + distance_us) == found


def test_an_unknown_message_is_not_found() -> None:
    assert Stored([HELLO], [0]).take(key_of("juno", "bye"), 0) is None
    assert Stored([], []).take(HELLO, 0) is None


@pytest.mark.parametrize("shift_us", [0, 95 * S + 250_000, -400 * S])
def test_the_shift_of_a_file_is_found(shift_us: int) -> None:
    stored = Stored(*many(50, shift_us=shift_us))

    assert stored.estimate_shift(*arrays(*many(50))) == shift_us


def test_what_everybody_repeats_says_nothing_about_the_shift() -> None:
    spam = [key_of("juno", "gg")] * 100
    stored = Stored(spam, list(range(0, 100 * S, S)))

    assert stored.estimate_shift(*arrays(spam, list(range(0, 100 * S, S)))) == 0


def test_too_few_that_agree_are_not_believed() -> None:
    keys, times_us = many(LEAST_AGREEING - 1, shift_us=60 * S)

    assert Stored(keys, times_us).estimate_shift(*arrays(*many(LEAST_AGREEING - 1))) == 0
