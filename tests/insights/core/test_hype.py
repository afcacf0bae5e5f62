import pytest

from chatpulse.insights.core.hype import Pace, Usual, rate_hype


def settle(rate: int, *, excited: int = 0, seconds: int = 300) -> Pace:
    pace = Pace()
    for _ in range(seconds):
        pace.learn(rate, excited)
    return pace


@pytest.mark.parametrize("rate", [1, 5, 30, 100, 3_000])
def test_a_chat_that_is_as_usual_rates_low_at_any_speed(rate: int) -> None:
    usual = settle(rate, excited=rate // 3).usual()

    assert 10 <= rate_hype(rate * 5, rate // 3 * 5, size_s=5, usual=usual) <= 15


@pytest.mark.parametrize("size_s", [5, 10, 60])
def test_a_burst_rates_high_in_windows_of_all_lengths(size_s: int) -> None:
    usual = settle(5).usual()

    assert rate_hype(40 * size_s, 20 * size_s, size_s=size_s, usual=usual) > 90


def test_silence_is_zero_even_where_silence_is_usual() -> None:
    assert rate_hype(0, 0, size_s=5, usual=settle(0).usual()) == 0


def test_a_few_lines_do_not_excite_a_quiet_chat() -> None:
    pace = Pace()
    for second in range(600):
        pace.learn(1 if second % 5 == 0 else 0, 0)

    assert rate_hype(3, 0, size_s=5, usual=pace.usual()) < 25


def test_excitement_raises_hype_at_unchanged_speed() -> None:
    usual = settle(20, excited=2).usual()

    calm = rate_hype(100, 10, size_s=5, usual=usual)
    excited = rate_hype(100, 90, size_s=5, usual=usual)

    assert calm < 15
    assert excited > 50


def test_one_excited_line_weighs_little() -> None:
    usual = Usual(rate_hz=0.5, excited=0.1)

    assert rate_hype(1, 1, size_s=5, usual=usual) < 20


def test_what_excites_a_channel_all_day_is_usual() -> None:
    usual = settle(20, excited=18).usual()

    assert rate_hype(100, 90, size_s=5, usual=usual) < 15


def test_a_burst_does_not_become_the_norm() -> None:
    pace = settle(10)
    for _ in range(30):
        pace.learn(500, 400)

    assert pace.usual().rate_hz < 20
    assert rate_hype(2_500, 2_000, size_s=5, usual=pace.usual()) > 90


def test_a_lasting_change_becomes_the_norm() -> None:
    pace = settle(5)
    for _ in range(900):
        pace.learn(50, 0)

    assert rate_hype(250, 0, size_s=5, usual=pace.usual()) < 15


def test_the_first_seconds_set_the_norm() -> None:
    pace = Pace()
    for count in (30, 34, 32):
        pace.learn(count, 8)

    assert pace.usual().rate_hz == pytest.approx(32)
    assert pace.usual().excited == pytest.approx(0.25)
