"""Turn a channel's script into moments: what happens when, how fast chat gets and how it feels.

A moment has a shape: chat speeds up within the first fifth of its time from the usual pace to the peak, then falls
back, ever more slowly. In boredom the peak lies below the usual pace. Moments of a channel never overlap. The opening
of a script is fixed, so that there is something to see soon; after it moments are drawn by weight.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp

from chatpulse.simulation.core.dice import Dice
from chatpulse.simulation.core.mood import Mood

RAMP = 0.2
"""Share of a moment until its peak."""
DECAY = 4.0
"""Time constants of the fall that fit into the rest."""


class MomentKind(StrEnum):
    """What can happen."""

    HYPE = "hype"
    LAUGHTER = "laughter"
    SHOCK = "shock"
    LOSS = "loss"
    OUTRAGE = "outrage"
    LOVE = "love"
    ARGUMENT = "argument"
    WAVE = "wave"
    """A copypasta goes round."""
    RAID = "raid"
    SUB_TRAIN = "sub_train"
    GIFT_BOMB = "gift_bomb"
    CHEERS = "cheers"
    BOREDOM = "boredom"


MOODS: Mapping[MomentKind, Mood] = {
    MomentKind.HYPE: Mood.HYPE,
    MomentKind.LAUGHTER: Mood.LAUGHTER,
    MomentKind.SHOCK: Mood.SHOCK,
    MomentKind.LOSS: Mood.SADNESS,
    MomentKind.OUTRAGE: Mood.ANGER,
    MomentKind.LOVE: Mood.LOVE,
    MomentKind.ARGUMENT: Mood.ANGER,
    MomentKind.WAVE: Mood.LAUGHTER,
    MomentKind.RAID: Mood.RAID,
    MomentKind.SUB_TRAIN: Mood.LOVE,
    MomentKind.GIFT_BOMB: Mood.THANKS,
    MomentKind.CHEERS: Mood.HYPE,
    MomentKind.BOREDOM: Mood.BOREDOM,
}
"""The mood that chat is in meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """An entry of a script."""

    kind: MomentKind
    duration_s: float
    peak: float
    """Messages a second at the height, at rate 1."""
    size: int = 0
    """Gifts, viewers of a raid, copies of a wave, subs of a train, cheers; 0 where nothing is counted."""
    weight: float = 1.0
    """How often it comes after the opening, against the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A scene that has its time."""

    kind: MomentKind
    mood: Mood
    start_s: float
    end_s: float
    peak: float
    size: int = 0

    def pace(self, at_s: float, *, usual: float) -> float:
        """Messages a second at an instant of the moment, where `usual` is the pace without it."""
        progress = max(0.0, (at_s - self.start_s) / (self.end_s - self.start_s))
        if progress < RAMP:
            return usual + (self.peak - usual) * progress / RAMP
        return usual + (self.peak - usual) * exp(-DECAY * (progress - RAMP) / (1 - RAMP))


def play_script(
    opening: Sequence[tuple[float, Scene]], scenes: Sequence[Scene], *, gap_s: tuple[float, float], dice: Dice
) -> Iterator[Moment]:
    """Hand out moments in order of time, without end unless there are no scenes.

    Args:
        opening: scenes with their start in seconds, ascending, none overlapping.
        scenes: what is drawn by weight afterwards.
        gap_s: shortest and longest quiet time between two moments.
        dice: the channel's chance.

    Yields:
        Moments that do not overlap.
    """
    end_s = 0.0
    for start_s, scene in opening:
        yield _begin(scene, start_s)
        end_s = start_s + scene.duration_s
    lots = [scene for scene in scenes for _ in range(round(scene.weight * 10))]
    while lots:
        scene = dice.pick(lots)
        start_s = end_s + dice.between(*gap_s)
        yield _begin(scene, start_s)
        end_s = start_s + scene.duration_s


def _begin(scene: Scene, start_s: float) -> Moment:
    return Moment(
        kind=scene.kind,
        mood=MOODS[scene.kind],
        start_s=start_s,
        end_s=start_s + scene.duration_s,
        peak=scene.peak,
        size=scene.size,
    )
