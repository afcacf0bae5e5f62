"""Turn one channel's scored messages and counted events into windows of 1 s, 10 s and 60 s.

Time is the events' own; no clock is read. Lines gather in the open second. A line or event of a later second finishes
it, and so does `advance`, which lets time run on while nobody talks. The 10 s and 60 s windows cover finished seconds
only and are rolling sums: they add a second when it finishes and subtract it when it leaves, so a message costs the
same whatever the length of a window.

Late and out-of-order lines go to their own second while it is held (300 s), and to the rolling sums that cover it;
what is later still is only counted in `too_late`. Who spoke in a second is known for 10 s: a chatter whose line comes
later than that counts once more in that second, though not in the longer windows. A line without a time counts when it
was received, and one that claims to be from the future (a minute after its receipt) in the newest second.

Sums, valence and its interval: `insights.core.tallies`. Hype: `insights.core.hype`; that of a 1 s window looks at the
5 s that end with it, since in most chats one second is a coin toss. Trends: `insights.core.trending`.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from chatpulse.domain.chat import Event, TimeKind
from chatpulse.domain.live import Trend, WindowStats
from chatpulse.insights.core.hype import Pace, rate_hype
from chatpulse.insights.core.tallies import COUNTS, Chatters, Line, Second, Tally, valence_interval
from chatpulse.insights.core.trending import Trending, most_used

HELD_S = 300
"""Finished seconds that are shown and still take late lines."""
TEN_S = 10
SIXTY_S = 60
HYPE_S = 5
GRACE_S = 1
"""Time alone finishes a second only when it has been over for so long: chat comes late by some tenths of a second."""
SECOND_US = 1_000_000
FUTURE_US = 60 * SECOND_US
CHUNK = 100
"""Lines of the open second that gather before they are counted together: enough to share the overhead, while they are
still in the processor's cache."""
MAX_EMOTE_NAMES = 50_000
TOP_TRENDS = 10
NO_TIME = TimeKind.NONE

Trends = tuple[list[Trend], list[Trend]]
"""Emotes, and words."""


class ChannelWindows:
    """One channel's last five minutes, second by second."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.stamp = 1
        """Number of the frame that changes belong to from now on; the owner counts it up."""
        self.waves = 0
        """Waves under way; a second takes this number when it finishes."""
        self.copied: Collection[str] = ()
        """Wave keys of what is going round; its words are the wave's and no trend."""
        self.too_late = 0
        """Lines and events that came after their second was let go."""
        self._open = Second(0)
        self._open_us = 0
        self._open_until_us = 0
        self._lines: list[Line] = []
        self._late: defaultdict[Second, list[Line]] = defaultdict(list)
        """Lines of finished seconds, until the batch or the open second ends."""
        self._last: Event | None = None
        self._held: dict[int, Second] = {}
        self._rolling = {TEN_S: Tally(), SIXTY_S: Tally()}
        self._chatters = Chatters()
        self._pace = Pace()
        self._trending = Trending()
        self._emote_names: set[str] = set()
        self._rolling_stats: dict[int, WindowStats] = {}
        """The longer windows as shown, until a second finishes or changes."""
        self._trends: Trends | None = None

    def add(self, lines: Sequence[Line]) -> None:
        """Count messages with their scores."""
        times = [message.ts_us for message, _ in lines]
        if not times:
            return
        if self._open_us <= min(times) and max(times) < self._open_until_us:
            self._last = lines[-1][0]
            if len(lines) >= CHUNK:
                self._count_lines(lines)
            else:
                self._lines += lines
        else:
            for line, ts_us in zip(lines, times, strict=True):
                if self._open_us <= ts_us < self._open_until_us:
                    self._last = line[0]
                    self._lines.append(line)
                else:
                    self._place(line)
            self._count_late()
        if len(self._lines) >= CHUNK:
            self._count_gathered()

    def count(self, event: Event, name: str, amount: int) -> None:
        """Add an amount to a sum (`subs`, `gifts`, `bits`, ...) in the second of an event."""
        second = self._find(event)
        if second is None:
            self.too_late += 1
            return
        sums = Tally()
        setattr(sums, name, amount)
        second.merge(sums, 1)
        if second is not self._open:
            self._correct(second, sums)

    def advance(self, now_us: int) -> None:
        """Let time run on from the newest event, as far as the clock that stamps `received_us` has run since.

        The events' own time may be another (a replay, a server whose clock is off): only the distance is used.
        """
        if self._last is None:
            return
        passed_us = now_us - self._last.received_us - GRACE_S * SECOND_US
        if passed_us > 0:
            self._finish_before((self.newest_us + passed_us) // SECOND_US)

    def finish(self) -> None:
        """Finish the second of the newest event: nothing more will come."""
        if self._last is not None:
            self._finish_before(self.newest_us // SECOND_US + 1)

    @property
    def newest_us(self) -> int:
        """Time of the newest line or event; 0 before the first."""
        return self.time_of(self._last) if self._last is not None else 0

    @property
    def now_us(self) -> int:
        """How far time has come: the newest event, or later when it ran on without one."""
        return max(self.newest_us, self._open_us)

    def time_of(self, event: Event) -> int:
        """When an event counts."""
        ts_us = _time_of(event)
        return self._open_us if ts_us is None else ts_us

    def seconds(self, after: int) -> tuple[WindowStats, ...]:
        """The finished seconds that are new or changed since frame number `after`, ascending, at most 300."""
        return tuple(self._second_stats(second) for second in self._held.values() if second.stamp > after)

    def ten(self) -> WindowStats | None:
        """The last 10 finished seconds; None before the first line."""
        return self._stats_of(TEN_S)

    def sixty(self) -> WindowStats | None:
        """The last 60 finished seconds; None before the first line."""
        return self._stats_of(SIXTY_S)

    def trends(self) -> Trends:
        """Emotes and words of the last 60 s against the channel's baseline, at most 10 each."""
        if self._trends is None:
            messages = self._rolling[SIXTY_S].messages
            self._trends = self._trending.top(messages, known_emotes=self._emote_names, limit=TOP_TRENDS)
        return self._trends

    def _place(self, line: Line) -> None:
        second = self._find(line[0])
        if second is self._open:
            self._lines.append(line)
        elif second is None:
            self.too_late += 1
        else:
            self._late[second].append(line)

    def _find(self, event: Event) -> Second | None:
        """The second that an event belongs to, the open one moved on if need be; None when it is let go."""
        ts_us = _time_of(event)
        if ts_us is None:
            if self._last is not None:
                return self._open
            ts_us = event.received_us
        start_s = ts_us // SECOND_US
        if self._last is None:
            self._open_second(start_s)
        elif start_s > self._open.start_s:
            self._finish_before(start_s)
        if start_s == self._open.start_s:
            self._last = event
            return self._open
        return self._held.get(start_s) or self._unearth(start_s)

    def _unearth(self, start_s: int) -> Second | None:
        """The second of a line that is late, but older than the first one seen; None when it is too old to be held."""
        if start_s < self._open.start_s - HELD_S:
            return None
        self._count_late()
        first_s = next(iter(self._held), self._open.start_s)
        earlier = {second_s: Second(second_s) for second_s in range(start_s, first_s)}
        self._held = earlier | self._held
        for second in earlier.values():
            self._refresh(second)
        return self._held[start_s]

    def _open_second(self, start_s: int) -> None:
        self._open = Second(start_s)
        self._open_us = start_s * SECOND_US
        self._open_until_us = self._open_us + SECOND_US

    def _count_gathered(self) -> None:
        self._count_lines(self._lines)
        self._lines.clear()

    def _count_lines(self, lines: Sequence[Line]) -> None:
        """Count lines of the open second; names of emotes are learned on the way."""
        self._open.take(lines, copied=self.copied)
        if len(self._emote_names) > MAX_EMOTE_NAMES:
            self._emote_names.clear()
        self._emote_names.update(itertools.chain.from_iterable([scored.emotes for _, scored in lines]))

    def _finish_before(self, start_s: int) -> None:
        """Finish the open second and all silent ones until this one is open."""
        gap_s = start_s - self._open.start_s
        if gap_s <= 0:
            return
        self._count_late()
        self._count_gathered()
        for _ in range(min(gap_s, HELD_S + 1)):
            self._finish_open()
        if start_s > self._open.start_s:  # silence that fills all windows: no need to live through the rest of it
            self._held.clear()
            self._open_second(start_s)

    def _finish_open(self) -> None:
        second, held = self._open, self._held
        second.settle()
        second.terms = most_used(second.terms)
        second.usual = self._pace.usual()
        self._pace.learn(second.messages - second.commands, second.excited)
        second.waves = self.waves
        held[second.start_s] = second
        self._refresh(second)
        for size_s, rolling in self._rolling.items():
            rolling.merge(second, 1)
            leaving = held.get(second.start_s - size_s)
            if leaving is not None:
                rolling.merge(leaving, -1)
                leaving.forget_users()
        self._chatters.enter(second.start_s, second.users)
        self._chatters.forget_before(second.start_s - SIXTY_S + 1)
        self._trending.enter(second.terms)
        leaving = held.get(second.start_s - SIXTY_S)
        if leaving is not None:
            self._trending.leave(leaving.terms, leaving.messages)
            leaving.terms = Counter()
        if len(held) > HELD_S:
            del held[next(iter(held))]
        self._open_second(second.start_s + 1)

    def _count_late(self) -> None:
        """Count the lines whose second is finished, those of one second together."""
        for second, lines in self._late.items():
            late = Second(second.start_s)
            late.take(lines, copied=self.copied)
            late.settle()
            second.merge(late, 1)
            second.users |= late.users
            if self._covers(SIXTY_S, second):
                second.terms.update(late.terms)
                self._trending.enter(late.terms)
                self._chatters.enter_late(second.start_s, late.users)
            self._correct(second, late)
        self._late.clear()

    def _correct(self, second: Second, late: Tally) -> None:
        """Bring what came late for a finished second into all that looks at this second."""
        for size_s, rolling in self._rolling.items():
            if self._covers(size_s, second):
                rolling.merge(late, 1)
        for start_s in range(second.start_s, second.start_s + HYPE_S):
            if start_s in self._held:
                self._refresh(self._held[start_s])

    def _covers(self, size_s: int, second: Second) -> bool:
        return second.start_s >= self._open.start_s - size_s

    def _refresh(self, second: Second) -> None:
        """Rate a second's hype anew and mark it as changed."""
        span = [self._held[s] for s in range(second.start_s - HYPE_S + 1, second.start_s + 1) if s in self._held]
        messages = sum(one.messages - one.commands for one in span)
        excited = sum(one.excited for one in span)
        second.hype = rate_hype(messages, excited, size_s=len(span), usual=second.usual)
        second.stamp = self.stamp
        second.stats = None
        self._rolling_stats.clear()
        self._trends = None

    def _second_stats(self, second: Second) -> WindowStats:
        if second.stats is None:
            second.stats = WindowStats(
                start_s=second.start_s,
                size_s=1,
                chatters=second.chatters,
                hype=round(second.hype, 1),
                waves=second.waves,
                channel=self.channel,
                **_shared_stats(second),
            )
        return second.stats

    def _stats_of(self, size_s: int) -> WindowStats | None:
        """A rolling window as shown."""
        if self._last is None:
            return None
        if size_s not in self._rolling_stats:
            rolling = self._rolling[size_s]
            start_s = self._open.start_s - size_s
            said = rolling.messages - rolling.commands
            # In a channel's first seconds the window is longer than what has been seen.
            seen_s = max(min(size_s, len(self._held)), 1)
            self._rolling_stats[size_s] = WindowStats(
                start_s=start_s,
                size_s=size_s,
                chatters=self._chatters.since(start_s),
                hype=round(rate_hype(said, rolling.excited, size_s=seen_s, usual=self._pace.usual()), 1),
                waves=self.waves,
                channel=self.channel,
                **_shared_stats(rolling),
            )
        return self._rolling_stats[size_s]


def _time_of(event: Event) -> int | None:
    """When an event counts; None when its time cannot be."""
    if event.time_kind is NO_TIME:
        return event.received_us
    ts_us = event.ts_us
    return ts_us if ts_us <= event.received_us + FUTURE_US else None


def _shared_stats(tally: Tally) -> dict[str, Any]:
    """What windows of all lengths say in the same way."""
    interval = valence_interval(tally)
    mean, low, high = interval or (None, None, None)
    messages = max(tally.messages, 1)
    return {
        "messages": tally.messages,
        "valence": mean,
        "valence_low": low,
        "valence_high": high,
        "unsure": tally.unsure / messages,
        "unsupported": tally.unsupported / messages,
        "reactions": {reaction: count for reaction, count in tally.reactions.items() if count},
        **{name: getattr(tally, name) for name in COUNTS},
    }
