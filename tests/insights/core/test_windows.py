import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatpulse.domain.chat import ChatMessage, Raid, TimeKind
from chatpulse.domain.live import WindowStats
from chatpulse.domain.scores import Flag, Label, Reaction, Score, Scored
from chatpulse.insights.core.tallies import Line, Second, Tally, student_975
from chatpulse.insights.core.windows import HELD_S, ChannelWindows

S = 1_000_000
T0 = 1_700_000_000


def line(at_s: float, *, user: str = "1", late_s: float = 0.1, terms: tuple[str, ...] = (), **more: Any) -> Line:
    ts_us = round((T0 + at_s) * S)
    kind = more.pop("kind", TimeKind.EPOCH)
    message = ChatMessage(
        id=f"{user}-{at_s}",
        ts_us=0 if kind is TimeKind.NONE else ts_us,
        received_us=ts_us + round(late_s * S),
        time_kind=kind,
        user_id=user,
        first=more.pop("first", False),
    )
    emotes = more.pop("emotes", ())
    verdict = {"valence": 0.0, "label": Label.NEUTRAL, **more}
    score = Score(negative=0.2, neutral=0.5, positive=0.3, best=Label.NEUTRAL, confidence=0.5, **verdict)
    return message, Scored(score=score, terms=terms, emotes=emotes)


def feed(*lines: Line) -> ChannelWindows:
    windows = ChannelWindows("aurora")
    windows.add(lines)
    return windows


def by_second(windows: ChannelWindows) -> dict[int, WindowStats]:
    return {stats.start_s - T0: stats for stats in windows.seconds(0)}


def test_a_second_says_all_about_its_messages() -> None:
    windows = feed(
        line(
            0.0, user="1", valence=0.8, label=Label.POSITIVE, reactions=(Reaction.HYPE, Reaction.LAUGHTER), first=True
        ),
        line(0.2, user="2", valence=-0.2, label=Label.UNSURE, reactions=(Reaction.QUESTION,)),
        line(0.9, user="1", label=Label.UNSURE, flags=(Flag.UNSUPPORTED,)),
        line(0.9, user="3", flags=(Flag.ART,), first=True),
        line(1.0),
    )

    (stats,) = windows.seconds(0)

    assert stats.valence == pytest.approx(0.3)
    assert (stats.channel, stats.start_s, stats.size_s) == ("aurora", T0, 1)
    assert (stats.messages, stats.chatters, stats.first_chatters, stats.questions) == (4, 3, 2, 1)
    assert (stats.unsure, stats.unsupported) == (0.25, 0.5)
    assert stats.reactions == {"hype": 1, "laughter": 1, "question": 1}
    assert stats.hype > 0


def test_the_open_second_is_not_shown() -> None:
    assert feed(line(0.0)).seconds(0) == ()


def test_silent_seconds_are_windows_too() -> None:
    seconds = by_second(feed(line(0), line(3)))

    assert [(at_s, stats.messages, stats.valence) for at_s, stats in seconds.items()] == [
        (0, 1, 0.0),
        (1, 0, None),
        (2, 0, None),
    ]


def test_a_late_line_lands_in_its_own_second() -> None:
    windows = feed(line(0), line(5), line(0.5, user="2", valence=1.0), line(6))

    assert by_second(windows)[0].messages == 2
    ten = windows.ten()
    assert ten is not None
    assert (ten.messages, ten.chatters) == (3, 2)
    assert ten.valence == pytest.approx(1 / 3)


def test_the_longer_windows_and_trends_move_on_when_looked_at_before() -> None:
    windows = feed(line(0, terms=("gg",)), line(0, terms=("gg",)), line(1))
    seen = windows.ten(), windows.trends()
    windows.add([line(2, terms=("gg",)), line(3)])

    ten = windows.ten()
    assert ten is not None
    assert (ten.messages, windows.trends()[1][0].count) == (4, 3)
    assert (ten, windows.trends()) != seen


def test_batches_within_one_second_add_up() -> None:
    windows = feed(line(0.1))
    windows.add([line(0.5), line(0.4)])
    windows.add([line(1)])

    assert by_second(windows)[0].messages == 3


def test_a_late_line_may_be_older_than_the_first() -> None:
    windows = feed(line(5), line(2), line(6))

    assert {at_s: stats.messages for at_s, stats in by_second(windows).items()} == {2: 1, 3: 0, 4: 0, 5: 1}


def test_late_lines_of_one_batch_count_where_they_belong() -> None:
    windows = feed(
        line(0, terms=("gg",)),
        line(5),
        line(0.5, user="2", terms=("gg",)),
        line(2.5, user="3", reactions=(Reaction.HYPE,), flags=(Flag.CAPS,)),
        line(0.7, user="2", label=Label.UNSURE, terms=("gg",)),
        line(11.5),
        line(0.8, user="4"),
    )

    seconds, ten, sixty = by_second(windows), windows.ten(), windows.sixty()

    assert (seconds[0].messages, seconds[0].unsure, seconds[2].reactions) == (4, 0.25, {"hype": 1})
    assert ten is not None
    assert sixty is not None
    assert [(stats.messages, stats.chatters) for stats in (ten, sixty)] == [(2, 2), (6, 4)]
    assert [(trend.term, trend.count) for trend in windows.trends()[1]] == [("gg", 3)]


def test_a_line_later_than_all_that_is_held_is_only_counted() -> None:
    windows = feed(line(0), line(HELD_S + 1), line(0.5), line(HELD_S + 2))

    windows.count(Raid(id="r", ts_us=T0 * S, received_us=T0 * S), "raids", 1)

    assert windows.too_late == 2
    assert len(windows.seconds(0)) == HELD_S
    assert sum(stats.messages for stats in windows.seconds(0)) == 1


def test_long_silence_is_skipped_and_leaves_nothing_behind() -> None:
    windows = feed(line(0), line(1_000_000_000), line(1_000_000_001))

    sixty = windows.sixty()

    assert sixty is not None
    assert (sixty.messages, sixty.chatters) == (1, 1)
    assert list(by_second(windows)) == [1_000_000_000]


def test_a_line_without_a_time_counts_when_it_was_received() -> None:
    windows = feed(line(0, late_s=0, kind=TimeKind.NONE), line(2, late_s=0, kind=TimeKind.NONE))

    assert {at_s: stats.messages for at_s, stats in by_second(windows).items()} == {0: 1, 1: 0}


def test_a_line_from_the_future_counts_in_the_newest_second() -> None:
    windows = feed(line(0), line(9_999, late_s=-9_999), line(1))

    assert by_second(windows)[0].messages == 2


def test_time_runs_on_without_chat_by_the_clock_of_receipt() -> None:
    windows = feed(line(0, late_s=500.0))  # a replay: received long after it was said
    received_us = (T0 + 500) * S

    windows.advance(received_us + 1 * S)
    assert windows.seconds(0) == ()

    windows.advance(received_us + 4 * S)
    assert list(by_second(windows)) == [0, 1, 2]


def test_finishing_closes_the_last_second_once() -> None:
    windows = feed(line(0))

    windows.finish()
    windows.finish()

    assert list(by_second(windows)) == [0]


def test_an_event_counts_in_its_second_and_in_the_longer_windows() -> None:
    windows = feed(line(0), line(3))
    raid = Raid(id="r", ts_us=(T0 + 1) * S, received_us=(T0 + 4) * S)

    windows.count(raid, "raids", 1)

    ten = windows.ten()
    assert ten is not None
    assert ten.raids == 1
    assert {at_s: stats.raids for at_s, stats in by_second(windows).items()} == {0: 0, 1: 1, 2: 0}


def test_only_changed_seconds_are_new() -> None:
    windows = feed(line(0), line(9))
    windows.stamp = 2
    windows.add([line(4)])

    # its own second, and the four whose hype looks at it
    assert [stats.start_s - T0 for stats in windows.seconds(1)] == [4, 5, 6, 7, 8]


def test_waves_under_way_are_noted_when_a_second_finishes() -> None:
    windows = feed(line(0))
    windows.waves = 3
    windows.add([line(1)])

    assert by_second(windows)[0].waves == 3


def test_rounding_errors_do_not_outlive_their_messages() -> None:
    rolling, second = Tally(), Second(0)
    second.take([line(0, valence=value) for value in (0.1, 0.2, 0.3)])
    rolling.merge(second, 1)
    second.valence_sum += 1e-9
    rolling.merge(second, -1)

    assert (rolling.valence_sum, rolling.valence_squares) == (0, 0)


def test_the_interval_of_one_message_is_as_wide_as_can_be() -> None:
    (stats,) = feed(line(0, valence=0.4), line(1)).seconds(0)

    assert (stats.valence, stats.valence_low, stats.valence_high) == (0.4, -1.0, 1.0)


def test_the_interval_narrows_with_messages_and_widens_with_discord() -> None:
    def width(values: list[float]) -> float:
        (stats,) = feed(*(line(0, valence=value) for value in values), line(1)).seconds(0)
        assert stats.valence_low is not None
        assert stats.valence_high is not None
        return stats.valence_high - stats.valence_low

    assert width([0.5] * 100) < width([0.5] * 10) < width([0.5] * 3) < 2
    assert width([1.0, -1.0] * 50) == pytest.approx(2 * 1.984 * 1.0 / math.sqrt(100), rel=0.02)
    assert width([0.5] * 100) < width([1.0, 0.0] * 50) < width([1.0, -1.0] * 50)


@pytest.mark.parametrize(("freedom", "quantile"), [(2, 4.303), (4, 2.776), (9, 2.262), (30, 2.042), (1_000, 1.962)])
def test_students_quantile_is_that_of_the_tables(freedom: int, quantile: float) -> None:
    assert student_975(freedom) == pytest.approx(quantile, rel=0.035 if freedom == 2 else 0.003)


def test_an_angry_burst_is_all_hype_and_no_joy() -> None:
    quiet = [line(at_s / 2, user=str(at_s % 7), valence=0.3) for at_s in range(240)]
    angry = [
        line(120 + n / 40, user=str(n), valence=-0.8, reactions=(Reaction.ANGER,), flags=(Flag.CAPS,))
        for n in range(400)
    ]
    windows = feed(*quiet, *angry, line(130))

    ten = windows.ten()
    assert ten is not None
    assert ten.valence is not None
    assert ten.hype > 90
    assert ten.valence < -0.7
    assert by_second(windows)[119].hype < 25


def test_commands_are_no_hype() -> None:
    quiet = [line(at_s / 2) for at_s in range(240)]
    raffle = [line(120 + n / 40, user=str(n), flags=(Flag.COMMAND,), reactions=(Reaction.HYPE,)) for n in range(400)]
    windows = feed(*quiet, *raffle, line(130))

    assert by_second(windows)[129].messages == 40
    assert by_second(windows)[129].hype == 0


def test_trends_hold_the_last_minute() -> None:
    windows = feed(
        *(line(at_s, terms=("hello",)) for at_s in range(10)),
        *(line(70 + at_s, terms=("gg", "PogInvented"), emotes=("PogInvented",)) for at_s in range(5)),
        line(75),
        line(74.5, terms=("gg",)),
    )

    emotes, words = windows.trends()

    assert [(trend.term, trend.count) for trend in emotes] == [("PogInvented", 5)]
    assert [(trend.term, trend.count) for trend in words] == [("gg", 6)]


arrivals = st.lists(
    st.tuples(
        st.floats(0, 100, allow_nan=False),  # seconds
        st.integers(0, 5),  # user
        st.sampled_from([-1.0, -0.5, 0.0, 0.25, 1.0]),
        st.sampled_from([(), (Reaction.HYPE,), (Reaction.QUESTION, Reaction.SHOCK)]),
        st.sampled_from([(), (Flag.CAPS,), (Flag.UNSUPPORTED,)]),
    ),
    min_size=1,
    max_size=120,
)


@settings(deadline=None, max_examples=200)
@given(arrivals, st.integers(1, 40))
def test_rolling_windows_equal_a_recount(
    said: list[tuple[float, int, float, tuple[Reaction, ...], tuple[Flag, ...]]], batch: int
) -> None:
    lines = [line(at_s, user=str(user), valence=v, reactions=r, flags=f) for at_s, user, v, r, f in said]
    windows = ChannelWindows("aurora")
    for start in range(0, len(lines), batch):
        windows.add(lines[start : start + batch])
    open_s = max(message.ts_us for message, _ in lines) // S

    for stats in (windows.ten(), windows.sixty()):
        assert stats is not None
        inside = [one for one in lines if open_s - stats.size_s <= one[0].ts_us // S < open_s]
        assert_recount(stats, inside)
    for stats in windows.seconds(0):
        inside = [one for one in lines if one[0].ts_us // S == stats.start_s]
        assert stats.messages == len(inside)
        assert len({message.user_id for message, _ in inside}) <= stats.chatters <= len(inside)


@settings(deadline=None, max_examples=200)
@given(arrivals, st.integers(2, 40))
def test_lines_count_the_same_in_batches_and_one_by_one(
    said: list[tuple[float, int, float, tuple[Reaction, ...], tuple[Flag, ...]]], batch: int
) -> None:
    lines = [line(at_s, user=str(user), valence=v, reactions=r, flags=f) for at_s, user, v, r, f in said]
    batches, singles = ChannelWindows("aurora"), ChannelWindows("aurora")
    for start in range(0, len(lines), batch):
        batches.add(lines[start : start + batch])
    for one in lines:
        singles.add([one])

    assert batches.seconds(0) == singles.seconds(0)
    assert (batches.ten(), batches.sixty()) == (singles.ten(), singles.sixty())


def test_a_late_line_counts_before_time_leaps_on_in_the_same_batch() -> None:
    windows = feed(line(0), line(5), line(0.5), line(30))

    assert (by_second(windows)[0].messages, by_second(windows)[0].chatters) == (2, 1)


def assert_recount(stats: WindowStats, inside: list[Line]) -> None:
    scored = [s.score.valence for _, s in inside if Flag.UNSUPPORTED not in s.score.flags]
    reactions = Counter(reaction.value for _, s in inside for reaction in s.score.reactions)
    assert stats.messages == len(inside)
    assert stats.chatters == len({message.user_id for message, _ in inside})
    assert stats.reactions == dict(reactions)
    assert stats.valence == (pytest.approx(sum(scored) / len(scored), abs=1e-9) if scored else None)
    assert stats.unsupported == (pytest.approx(1 - len(scored) / len(inside)) if inside else 0)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(-(2**70), 2**70), max_size=30))
def test_no_time_stamp_breaks_a_window(times: list[int]) -> None:
    windows = ChannelWindows("aurora")
    for number, ts_us in enumerate(times):
        windows.add([(ChatMessage(id=str(number), ts_us=ts_us, received_us=T0 * S), line(0)[1])])
        windows.advance(ts_us)

    assert len(windows.seconds(0)) <= HELD_S
