import random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpulse.runtime.retry import Backoff


class Highest(random.Random):
    """Chance that always draws the upper end."""

    def uniform(self, a: float, b: float) -> float:
        return max(a, b)


def chance(seed: int) -> random.Random:
    return random.Random(seed)


def test_the_ceiling_doubles_with_each_failure_up_to_the_cap() -> None:
    backoff = Backoff(rng=Highest())

    waits_s = [backoff.wait_s() for _ in range(9)]

    assert waits_s == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_wait_is_drawn_evenly_between_zero_and_the_ceiling() -> None:
    waits_s = [Backoff(rng=chance(seed), failures=20).wait_s() for seed in range(2_000)]

    assert 0 <= min(waits_s) < 1
    assert 59 < max(waits_s) <= 60
    assert mean(waits_s) == pytest.approx(30, abs=1)


def test_a_connection_that_lasted_starts_the_count_again() -> None:
    backoff = Backoff(rng=Highest(), failures=7)

    waits_s = [backoff.wait_s(lasted_s=59.9), backoff.wait_s(lasted_s=60.0), backoff.wait_s()]

    assert waits_s == [60, 1, 2]


@given(st.integers(min_value=0, max_value=10**9), st.integers())
def test_no_number_of_failures_gives_up_or_passes_the_cap(failures: int, seed: int) -> None:
    assert 0 <= Backoff(rng=chance(seed), failures=failures).wait_s() <= 60


def test_a_thousand_clients_of_a_dead_server_do_not_come_back_in_step() -> None:
    attempts_per_s = [0] * 600
    for client in range(1_000):
        backoff, now_s = Backoff(rng=chance(client)), 0.0
        while (now_s := now_s + backoff.wait_s()) < 600:
            attempts_per_s[int(now_s)] += 1

    settled = attempts_per_s[120:]

    assert max(settled) <= 3 * mean(settled)
