"""What a live view shows: windows of chat, and frames that carry what changed.

These values are the JSON of the page, the API and the terminal view alike. Times are microseconds since 1970 UTC
unless the name says seconds.
"""

from enum import StrEnum

import msgspec

from chatpulse.domain.scores import Flag, Label, Reaction


class Value(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What all values here share: frozen, built by keyword."""


class Trend(Value, frozen=True, kw_only=True, gc=False):
    """A word or emote that is used more than this channel usually does."""

    term: str
    count: int
    """Messages with the term in the window."""
    expected: float | None
    """Messages with it in a window of this size, by the channel's own baseline; None before there is one."""
    lift: float | None
    """How much more than expected, shrunk for small counts; 1 is as usual. None likewise."""


class WindowStats(Value, frozen=True, kw_only=True, gc=False):
    """One channel's chat in one span of time."""

    channel: str
    start_s: int
    """First second of the window, epoch seconds (recording seconds for offset times)."""
    size_s: int
    """1, 10 or 60."""
    messages: int = 0
    chatters: int = 0
    """Different users who said something."""
    valence: float | None = None
    """Mean valence of scored messages, -1 to 1; None when there are none."""
    valence_low: float | None = None
    """Lower end of the 95 % interval of that mean."""
    valence_high: float | None = None
    unsure: float = 0.0
    """Share of messages whose score is unsure, 0 to 1."""
    unsupported: float = 0.0
    """Share of messages that were not scored (other language, art)."""
    hype: float = 0.0
    """Arousal, 0 to 100; see `insights.core.windows`."""
    reactions: dict[str, int] = {}
    """Messages per reaction."""
    questions: int = 0
    first_chatters: int = 0
    subs: int = 0
    """New and renewed subscriptions and upgrades, gifts apart."""
    gifts: int = 0
    bits: int = 0
    raids: int = 0
    timeouts: int = 0
    bans: int = 0
    deletions: int = 0
    waves: int = 0
    """Copypasta waves under way."""


class ChatLine(Value, frozen=True, kw_only=True, gc=False):
    """A message as shown, with its score and the reason for it."""

    id: str
    ts_us: int
    user_name: str
    text: str
    valence: float
    label: Label
    confidence: float = 0.0
    reactions: tuple[Reaction, ...] = ()
    flags: tuple[Flag, ...] = ()
    tokens: tuple[tuple[str, float], ...] = ()
    first: bool = False
    action: bool = False
    bits: int = 0
    deleted: bool = False


class FeedItem(Value, frozen=True, kw_only=True, gc=False):
    """Something that happened beside talk: a sub, gift, raid, cheer, timeout."""

    id: str
    ts_us: int
    kind: str
    """The event's `kind`, or `cheer`, `first`, `timeout`, `ban`, `clear`, `delete`."""
    user_name: str = ""
    text: str = ""
    """One sentence for people."""
    amount: int = 0
    """Months, gifts, bits or viewers, as fits the kind."""


class WaveLine(Value, frozen=True, kw_only=True, gc=False):
    """A copypasta that is going round."""

    key: str
    text: str
    """As first seen."""
    count: int
    users: int
    per_s: float
    """Copies a second over the last 10 s."""
    started_us: int
    last_us: int


class ChannelLine(Value, frozen=True, kw_only=True, gc=False):
    """A channel in the switcher: its last 10 s."""

    channel: str
    messages_per_s: float
    hype: float
    valence: float | None


class HealthStatus(StrEnum):
    """Green, or red."""

    OK = "ok"
    FAILING = "failing"


class Health(Value, frozen=True, kw_only=True, gc=False):
    """Whether everything that was said arrives and is kept."""

    status: HealthStatus
    connected: bool
    lag_s: float
    """Age of the oldest message that is in the record and not yet scored."""
    lost: int
    """Messages known to be lost; 0 or a bug."""
    quarantined: int
    reason: str = ""
    """Why it is failing, in words with the next step."""
    note: str = ""
    """What is not as it could be although all is well: emote sets that cannot be renewed."""


class Mode(StrEnum):
    """Where the chat on the page comes from."""

    LIVE = "live"
    DEMO = "demo"
    REPLAY = "replay"
    STORED = "stored"


class Frame(Value, frozen=True, kw_only=True, gc=False):
    """What changed in one channel since frame number `after`; everything, capped, when `after` was 0."""

    seq: int
    """Number of this frame; the next request's `after`."""
    after: int
    at_us: int
    """Where the channel's chat is: the newest event time."""
    mode: Mode
    health: Health
    totals: dict[str, int]
    """Lines per bucket so far, over all channels, and `lines`, `stored`, `scored`."""
    channels: tuple[ChannelLine, ...]
    channel: str
    seconds: tuple[WindowStats, ...] = ()
    """1 s windows that are new or changed, ascending, at most 300."""
    ten: WindowStats | None = None
    """The last 10 s."""
    sixty: WindowStats | None = None
    """The last 60 s."""
    emotes: tuple[Trend, ...] = ()
    """Top emotes of the last 60 s against the channel's baseline, at most 10."""
    words: tuple[Trend, ...] = ()
    messages: tuple[ChatLine, ...] = ()
    """New messages, oldest first, at most 50."""
    feed: tuple[FeedItem, ...] = ()
    """New events, oldest first, at most 50."""
    questions: tuple[ChatLine, ...] = ()
    """The last questions, newest first, at most 8."""
    waves: tuple[WaveLine, ...] = ()
    """Waves under way or just over, largest first, at most 5."""
    deleted: tuple[str, ...] = ()
    """Ids of shown messages that a moderator removed since `after`."""
