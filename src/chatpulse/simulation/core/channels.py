"""The plans of the simulated channels: language, emotes, tempo, and what happens when.

A plan is a value; `crowd` plays it. The three default channels are very different on purpose: a speedrun that moves
fast, an art and cooking channel that is slow and kind, and an esports event whose chat goes from 5 to over 100
messages a second within seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chatpulse.simulation.core.moments import MomentKind, Scene
from chatpulse.simulation.core.mood import Mood
from chatpulse.simulation.core.texts import cosy, esports, speedrun


class Habit(StrEnum):
    """What happens now and then beside ordinary talk."""

    SUB = "sub"
    RESUB = "resub"
    GIFT = "gift"
    ANONYMOUS_GIFT = "anonymous_gift"
    UPGRADE = "upgrade"
    CHEER = "cheer"
    BITS_BADGE = "bits_badge"
    REDEMPTION = "redemption"
    HIGHLIGHT = "highlight"
    STREAK = "streak"
    ANNOUNCEMENT = "announcement"
    CHARITY = "charity"
    TIMER = "timer"
    """A bot says its line."""
    COMMAND = "command"
    SPAM = "spam"
    """A newcomer advertises and is banned."""
    DELETION = "deletion"
    HOSTILE = "hostile"
    """A troll writes what would break a careless page; sometimes it is deleted."""
    MIRROR = "mirror"
    """Shared chat: a message or event of another channel appears here."""
    NOVELTY = "novelty"
    """A kind of USERNOTICE that nobody has heard of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPlan:
    """One simulated channel."""

    name: str
    """Its login."""
    room_id: str
    hero: str
    """How chat calls the streamer."""
    pace: float
    """Ordinary messages a second."""
    regulars: int
    """People who are known here at the start."""
    newcomers: float
    """Share of messages by people who were never here before."""
    moods: Mapping[Mood, float]
    """What ordinary talk is about, as weights."""
    emotes: Mapping[Mood, str]
    words: Mapping[str, str]
    phrases: Mapping[Mood, str]
    foreign: Mapping[Mood, str]
    foreign_share: float
    """Share of phrases in other languages, where the mood has some."""
    sub_emotes: str
    """The channel's own native emotes, separated by spaces."""
    pastas: tuple[str, ...]
    """Texts that go round in waves."""
    commands: tuple[tuple[str, str], ...]
    """What people ask a bot, and its answer."""
    timers: tuple[str, ...]
    bots: tuple[str, ...] = ("Nightbot",)
    """Display names."""
    opening: tuple[tuple[float, Scene], ...] = ()
    scenes: tuple[Scene, ...] = ()
    gap_s: tuple[float, float] = (18.0, 40.0)
    """Shortest and longest quiet time between two moments."""
    habits: Mapping[Habit, float] = field(default_factory=dict)
    """Mean seconds between two of a kind."""


SPEEDRUN = ChannelPlan(
    name="quillsprint",
    room_id="704118211",
    hero="quill",
    pace=4.5,
    regulars=600,
    newcomers=0.02,
    moods={
        Mood.CALM: 40,
        Mood.QUESTION: 8,
        Mood.HYPE: 14,
        Mood.LAUGHTER: 14,
        Mood.SADNESS: 5,
        Mood.ANGER: 5,
        Mood.SHOCK: 4,
        Mood.LOVE: 5,
        Mood.GREETING: 5,
        Mood.BOREDOM: 2,
    },
    emotes=speedrun.EMOTES,
    words=speedrun.SLOTS,
    phrases=speedrun.PHRASES,
    foreign=speedrun.FOREIGN,
    foreign_share=0.06,
    sub_emotes="quillZoom quillPB quillOops quillReset quillLove quillTea quillHi",
    pastas=speedrun.PASTAS,
    commands=speedrun.COMMANDS,
    timers=speedrun.TIMERS,
    bots=("Nightbot",),
    opening=(
        (7.0, Scene(kind=MomentKind.LAUGHTER, duration_s=14, peak=22)),
        (30.0, Scene(kind=MomentKind.HYPE, duration_s=22, peak=48)),
        (66.0, Scene(kind=MomentKind.WAVE, duration_s=22, peak=9, size=60)),
        (104.0, Scene(kind=MomentKind.RAID, duration_s=30, peak=28, size=742)),
        (150.0, Scene(kind=MomentKind.LOSS, duration_s=18, peak=24)),
    ),
    scenes=(
        Scene(kind=MomentKind.HYPE, duration_s=22, peak=45, weight=2),
        Scene(kind=MomentKind.LAUGHTER, duration_s=16, peak=24, weight=2),
        Scene(kind=MomentKind.LOSS, duration_s=18, peak=24, weight=1.5),
        Scene(kind=MomentKind.SHOCK, duration_s=12, peak=26),
        Scene(kind=MomentKind.WAVE, duration_s=22, peak=9, size=55),
        Scene(kind=MomentKind.BOREDOM, duration_s=30, peak=1.2),
        Scene(kind=MomentKind.ARGUMENT, duration_s=28, peak=8),
        Scene(kind=MomentKind.GIFT_BOMB, duration_s=18, peak=16, size=20),
        Scene(kind=MomentKind.SUB_TRAIN, duration_s=24, peak=12, size=9),
        Scene(kind=MomentKind.RAID, duration_s=30, peak=28, size=510, weight=0.7),
    ),
    habits={
        Habit.SUB: 70,
        Habit.RESUB: 45,
        Habit.GIFT: 80,
        Habit.UPGRADE: 300,
        Habit.CHEER: 35,
        Habit.BITS_BADGE: 240,
        Habit.REDEMPTION: 40,
        Habit.HIGHLIGHT: 120,
        Habit.STREAK: 75,
        Habit.ANNOUNCEMENT: 200,
        Habit.TIMER: 90,
        Habit.COMMAND: 25,
        Habit.SPAM: 180,
        Habit.DELETION: 110,
        Habit.HOSTILE: 60,
        Habit.NOVELTY: 600,
    },
)

COSY = ChannelPlan(
    name="mossandkiln",
    room_id="911350467",
    hero="moss",
    pace=0.9,
    regulars=140,
    newcomers=0.05,
    moods={
        Mood.CALM: 38,
        Mood.QUESTION: 18,
        Mood.LOVE: 20,
        Mood.GREETING: 10,
        Mood.HYPE: 6,
        Mood.LAUGHTER: 6,
        Mood.SADNESS: 1,
        Mood.SHOCK: 1,
    },
    emotes=cosy.EMOTES,
    words=cosy.SLOTS,
    phrases=cosy.PHRASES,
    foreign=cosy.FOREIGN,
    foreign_share=0.25,
    sub_emotes="mossSparkle mossGiggle mossPeek mossCry mossHeart mossHug mossTea mossHi",
    pastas=cosy.PASTAS,
    commands=cosy.COMMANDS,
    timers=cosy.TIMERS,
    bots=("StreamElements",),
    opening=(
        (9.0, Scene(kind=MomentKind.SUB_TRAIN, duration_s=26, peak=4, size=6)),
        (52.0, Scene(kind=MomentKind.LOVE, duration_s=24, peak=6)),
        (96.0, Scene(kind=MomentKind.GIFT_BOMB, duration_s=22, peak=5, size=10)),
        (140.0, Scene(kind=MomentKind.RAID, duration_s=36, peak=9, size=128)),
    ),
    scenes=(
        Scene(kind=MomentKind.LOVE, duration_s=26, peak=6, weight=2),
        Scene(kind=MomentKind.LAUGHTER, duration_s=16, peak=7, weight=2),
        Scene(kind=MomentKind.HYPE, duration_s=20, peak=10),
        Scene(kind=MomentKind.LOSS, duration_s=20, peak=6),
        Scene(kind=MomentKind.SHOCK, duration_s=12, peak=7),
        Scene(kind=MomentKind.BOREDOM, duration_s=34, peak=0.3),
        Scene(kind=MomentKind.SUB_TRAIN, duration_s=26, peak=4, size=5),
        Scene(kind=MomentKind.GIFT_BOMB, duration_s=22, peak=5, size=5),
        Scene(kind=MomentKind.WAVE, duration_s=30, peak=1.5, size=22, weight=0.7),
        Scene(kind=MomentKind.RAID, duration_s=36, peak=9, size=64, weight=0.7),
        Scene(kind=MomentKind.ARGUMENT, duration_s=28, peak=1.5, weight=0.3),
    ),
    gap_s=(25.0, 50.0),
    habits={
        Habit.SUB: 110,
        Habit.RESUB: 70,
        Habit.GIFT: 130,
        Habit.UPGRADE: 400,
        Habit.CHEER: 90,
        Habit.REDEMPTION: 60,
        Habit.HIGHLIGHT: 150,
        Habit.STREAK: 60,
        Habit.ANNOUNCEMENT: 240,
        Habit.CHARITY: 130,
        Habit.TIMER: 120,
        Habit.COMMAND: 50,
        Habit.SPAM: 400,
        Habit.MIRROR: 45,
    },
)

ESPORTS = ChannelPlan(
    name="voltarena",
    room_id="388206159",
    hero="volt",
    pace=6.0,
    regulars=4000,
    newcomers=0.04,
    moods={
        Mood.CALM: 32,
        Mood.QUESTION: 9,
        Mood.HYPE: 20,
        Mood.LAUGHTER: 15,
        Mood.ANGER: 11,
        Mood.SADNESS: 4,
        Mood.SHOCK: 3,
        Mood.LOVE: 2,
        Mood.GREETING: 2,
        Mood.BOREDOM: 3,
    },
    emotes=esports.EMOTES,
    words=esports.SLOTS,
    phrases=esports.PHRASES,
    foreign=esports.FOREIGN,
    foreign_share=0.12,
    sub_emotes="voltHype voltWin voltLaugh voltWhat voltRage voltLove",
    pastas=esports.PASTAS,
    commands=esports.COMMANDS,
    timers=esports.TIMERS,
    bots=("Fossabot",),
    opening=(
        (10.0, Scene(kind=MomentKind.HYPE, duration_s=24, peak=135)),
        (46.0, Scene(kind=MomentKind.ARGUMENT, duration_s=30, peak=14)),
        (92.0, Scene(kind=MomentKind.WAVE, duration_s=20, peak=18, size=110)),
        (128.0, Scene(kind=MomentKind.GIFT_BOMB, duration_s=18, peak=40, size=50)),
        (165.0, Scene(kind=MomentKind.OUTRAGE, duration_s=20, peak=60)),
    ),
    scenes=(
        Scene(kind=MomentKind.HYPE, duration_s=24, peak=130, weight=2),
        Scene(kind=MomentKind.LAUGHTER, duration_s=16, peak=70, weight=1.5),
        Scene(kind=MomentKind.OUTRAGE, duration_s=20, peak=60, weight=1.5),
        Scene(kind=MomentKind.SHOCK, duration_s=12, peak=90),
        Scene(kind=MomentKind.LOSS, duration_s=20, peak=50),
        Scene(kind=MomentKind.ARGUMENT, duration_s=30, peak=14),
        Scene(kind=MomentKind.WAVE, duration_s=20, peak=18, size=100, weight=1.5),
        Scene(kind=MomentKind.BOREDOM, duration_s=35, peak=2),
        Scene(kind=MomentKind.CHEERS, duration_s=20, peak=25, size=14, weight=0.7),
        Scene(kind=MomentKind.GIFT_BOMB, duration_s=18, peak=40, size=50, weight=0.7),
        Scene(kind=MomentKind.SUB_TRAIN, duration_s=22, peak=22, size=12, weight=0.7),
    ),
    gap_s=(15.0, 35.0),
    habits={
        Habit.SUB: 30,
        Habit.RESUB: 25,
        Habit.GIFT: 50,
        Habit.ANONYMOUS_GIFT: 150,
        Habit.UPGRADE: 200,
        Habit.CHEER: 28,
        Habit.BITS_BADGE: 150,
        Habit.REDEMPTION: 70,
        Habit.HIGHLIGHT: 110,
        Habit.STREAK: 90,
        Habit.ANNOUNCEMENT: 150,
        Habit.TIMER: 75,
        Habit.COMMAND: 20,
        Habit.SPAM: 100,
        Habit.DELETION: 70,
        Habit.HOSTILE: 120,
        Habit.NOVELTY: 700,
    },
)

DEFAULT_PLANS: tuple[ChannelPlan, ...] = (SPEEDRUN, COSY, ESPORTS)
