"""A script becomes moments that speed chat up and let it fall again."""

from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpulse.domain.scores import Reaction
from chatpulse.simulation.core.dice import Dice
from chatpulse.simulation.core.moments import MOODS, Moment, MomentKind, Scene, play_script
from chatpulse.simulation.core.mood import Mood

BURST = Moment(kind=MomentKind.HYPE, mood=Mood.HYPE, start_s=100, end_s=120, peak=50)


def test_pace_climbs_to_the_peak_and_falls_back_to_the_usual() -> None:
    paces = [BURST.pace(at_s, usual=5) for at_s in (99, 100, 102, 104, 110, 120)]

    assert paces[:4] == [5, 5, pytest.approx(27.5), 50]
    assert 50 > paces[4] > paces[5] > 5
    assert paces[5] < 6


def test_boredom_slows_chat_down() -> None:
    lull = Moment(kind=MomentKind.BOREDOM, mood=Mood.BOREDOM, start_s=0, end_s=10, peak=1)

    assert lull.pace(2, usual=5) == 1
    assert 1 < lull.pace(5, usual=5) < 5


@given(start=st.floats(0, 1e5), length=st.floats(1, 100), peak=st.floats(0, 200), at=st.floats(-2, 102))
def test_pace_stays_between_usual_and_peak(start: float, length: float, peak: float, at: float) -> None:
    moment = Moment(kind=MomentKind.HYPE, mood=Mood.HYPE, start_s=start, end_s=start + length, peak=peak)

    pace = moment.pace(start + at, usual=5)

    assert min(5, peak) - 1e-6 <= pace <= max(5, peak) + 1e-6


def test_a_script_plays_its_opening_and_then_draws_by_weight() -> None:
    opening = ((3.0, Scene(kind=MomentKind.RAID, duration_s=10, peak=9, size=80)),)
    often = Scene(kind=MomentKind.HYPE, duration_s=20, peak=50, weight=3)
    seldom = Scene(kind=MomentKind.LOSS, duration_s=5, peak=20, weight=1)

    script = play_script(opening, (often, seldom), gap_s=(10, 20), dice=Dice(1))
    moments = list(islice(script, 401))

    first = Moment(kind=MomentKind.RAID, mood=Mood.RAID, start_s=3, end_s=13, peak=9, size=80)
    assert moments[0] == first
    assert all(10 <= later.start_s - earlier.end_s < 20 for earlier, later in pairwise(moments))
    assert 260 < sum(moment.kind is MomentKind.HYPE for moment in moments) < 340


def test_a_script_without_scenes_ends_with_its_opening() -> None:
    opening = ((3.0, Scene(kind=MomentKind.RAID, duration_s=10, peak=9)),)

    assert len(list(play_script(opening, (), gap_s=(1, 2), dice=Dice(1)))) == 1


def test_every_kind_has_a_mood_and_every_reaction_is_one() -> None:
    assert set(MOODS) == set(MomentKind)
    assert {str(reaction) for reaction in Reaction} <= {str(mood) for mood in Mood}
