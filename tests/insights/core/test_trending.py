from collections import Counter

import pytest

from chatpulse.domain.live import Trend
from chatpulse.insights.core.trending import MAX_TERMS, MAX_TERMS_PER_S, Baseline, Trending, most_used


def test_the_past_counts_half_after_ten_minutes() -> None:
    baseline = Baseline()
    baseline.learn({"gg": 8}, 10)
    for _ in range(600):
        baseline.learn({}, 0)

    assert baseline.uses("gg") == pytest.approx(4, rel=0.01)
    assert baseline.messages == pytest.approx(5, rel=0.01)


def test_growing_weights_are_scaled_back_in_time() -> None:
    baseline = Baseline()
    for _ in range(60_000):
        baseline.learn({"gg": 1}, 2)

    assert baseline.messages == pytest.approx(2 * baseline.uses("gg"))
    assert baseline._weight < 2.0**41


def test_a_full_past_drops_its_rarest_terms() -> None:
    baseline = Baseline()
    baseline.learn({f"often{n}": 9 for n in range(100)}, 100)
    baseline.learn({f"once{n}": 1 for n in range(MAX_TERMS)}, 100)

    assert len(baseline) == MAX_TERMS // 2
    assert baseline.uses("often99") > 8


def fill(trending: Trending, terms: dict[str, int], messages: int, *, seconds: int) -> None:
    for _ in range(seconds):
        trending.enter(terms)
        trending.leave(terms, messages)


def test_a_term_beyond_its_baseline_leads_and_a_favourite_does_not() -> None:
    trending = Trending()
    fill(trending, {"LUL": 10, "map": 2}, 20, seconds=300)
    trending.enter({"LUL": 600, "map": 120, "Pog": 90, "boss": 200})

    emotes, words = trending.top(1_200, known_emotes={"LUL", "Pog"}, limit=10)

    assert [(trend.term, trend.count) for trend in emotes] == [("Pog", 90), ("LUL", 600)]
    assert [trend.term for trend in words] == ["boss", "map"]
    assert emotes[1].lift == pytest.approx(1, abs=0.02)
    assert emotes[1].expected == pytest.approx(600, rel=0.02)
    assert words[0].lift is not None
    assert words[0].lift > 10


def test_two_uses_of_a_rare_word_are_no_trend_and_one_is_not_shown() -> None:
    trending = Trending()
    fill(trending, {"LUL": 10}, 20, seconds=300)
    trending.enter({"sesquipedalian": 2, "hapax": 1})

    _, words = trending.top(100, known_emotes=(), limit=10)

    assert [(trend.term, trend.lift is not None and trend.lift < 1.5) for trend in words] == [("sesquipedalian", True)]


@pytest.mark.parametrize("past", [0, 49])
def test_without_a_baseline_terms_stand_by_frequency_and_have_no_factor(past: int) -> None:
    trending = Trending()
    fill(trending, {"LUL": past}, past, seconds=1)
    trending.enter({"LUL": 70, "Pog": 30})

    emotes, words = trending.top(100, known_emotes={"LUL", "Pog"}, limit=10)

    assert emotes == [
        Trend(term="LUL", count=70, expected=None, lift=None),
        Trend(term="Pog", count=30, expected=None, lift=None),
    ]
    assert words == []


def test_fifty_messages_are_a_baseline() -> None:
    trending = Trending()
    fill(trending, {"LUL": 51}, 51, seconds=1)
    trending.enter({"LUL": 70, "Pog": 30})

    emotes, _ = trending.top(100, known_emotes={"LUL", "Pog"}, limit=1)

    assert [(trend.term, trend.lift is not None and trend.lift > 1.5) for trend in emotes] == [("Pog", True)]


def test_a_silent_hour_takes_the_baseline_away() -> None:
    trending = Trending()
    fill(trending, {"LUL": 10}, 20, seconds=60)
    fill(trending, {}, 0, seconds=3_600)
    trending.enter({"LUL": 2})

    assert trending.top(2, known_emotes={"LUL"}, limit=1)[0] == [Trend(term="LUL", count=2, expected=None, lift=None)]


def test_a_second_that_has_left_is_not_counted() -> None:
    trending = Trending()
    trending.enter({"gg": 5})
    trending.enter({"gg": 3, "wp": 2})
    trending.leave({"gg": 5}, 10)

    _, words = trending.top(10, known_emotes=(), limit=10)

    assert [(trend.term, trend.count) for trend in words] == [("gg", 3), ("wp", 2)]


def test_a_crowded_second_keeps_what_is_used_most() -> None:
    terms = Counter({f"once{n}": 1 for n in range(MAX_TERMS_PER_S)}) + Counter({"gg": 3, "wp": 2})

    assert most_used(terms) == {"gg": 3, "wp": 2}
    assert most_used(Counter({"gg": 1})) == {"gg": 1}
