"""Notice copypasta: one text, said again and again by different people.

Copies are found by their wave key, which is equal for near-duplicates (`core.normalise`), so a message costs one
look-up. A key that comes up becomes a candidate; `copies` copies by `users` people within `window_s` make it a wave,
and it stays one until nobody has repeated it for `window_s`. Candidates stand in the order of their last copy, so the
old ones fall off one end, and there are never more than `most_texts`: memory is bounded whatever chat does.
Times are those of the messages; one that is late counts as if it came with the newest.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field

from chatpulse.domain.live import WaveLine

MOST_USERS = 10_000
"""People counted per wave; beyond that the number stays."""
SPEED_S = 10
_SHOWN_CHARS = 500
_SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveRule:
    """What counts as a wave."""

    copies: int = 3
    users: int = 3
    """One person who repeats himself is spam, not a wave."""
    window_s: float = 10.0
    most_texts: int = 4_096


@dataclass(slots=True)
class _Text:
    """One text that may be going round."""

    first: str
    started_us: int
    last_us: int
    recent: deque[tuple[int, str]]
    """Time and user of the newest copies; until it is a wave, its evidence."""
    users: set[str] = field(default_factory=set)
    count: int = 0
    is_wave: bool = False
    seconds: deque[list[int]] = field(default_factory=deque)
    """Copies per second of the last `SPEED_S`, as `[second, copies]`."""


class WaveDetector:
    """The waves of one channel."""

    def __init__(self, rule: WaveRule | None = None) -> None:
        self._rule = rule or WaveRule()
        self._window_us = int(self._rule.window_s * _SECOND_US)
        self._texts: OrderedDict[str, _Text] = OrderedDict()
        self._now_us = 0

    def see(self, key: str, text: str, *, user: str, ts_us: int) -> WaveLine | None:
        """Take one message; the wave that it starts or carries on, if any.

        Args:
            key: the message's wave key; empty for a text that cannot be a wave.
            text: as it was said, to show the first copy.
            user: who said it.
            ts_us: when, in microseconds.

        Returns:
            The wave as it stands now, or None.
        """
        self._now_us = max(self._now_us, ts_us)
        self._forget()
        if not key:
            return None
        copy = self._texts.get(key)
        if copy is None:
            copy = _Text(text[:_SHOWN_CHARS], self._now_us, self._now_us, deque(maxlen=4 * self._rule.copies))
            self._texts[key] = copy
            if len(self._texts) > self._rule.most_texts:
                self._texts.popitem(last=False)
        else:
            self._texts.move_to_end(key)
        self._add(copy, user)
        return self._line(key, copy) if copy.is_wave else None

    def under_way(self, now_us: int) -> tuple[WaveLine, ...]:
        """Waves that somebody repeated within the window before `now_us`, the largest first."""
        self._now_us = max(self._now_us, now_us)
        self._forget()
        waves = [self._line(key, text) for key, text in self._texts.items() if text.is_wave]
        return tuple(sorted(waves, key=lambda wave: -wave.count))

    def _add(self, copy: _Text, user: str) -> None:
        """Count one more copy, now."""
        now_us = self._now_us
        copy.last_us = now_us
        copy.count += 1
        if len(copy.users) < MOST_USERS:
            copy.users.add(user)
        second = now_us // _SECOND_US
        if copy.seconds and copy.seconds[-1][0] == second:
            copy.seconds[-1][1] += 1
        else:
            copy.seconds.append([second, 1])
        if copy.is_wave:
            return
        copy.recent.append((now_us, user))
        while copy.recent[0][0] < now_us - self._window_us:
            copy.recent.popleft()
        enough = len(copy.recent) >= self._rule.copies
        copy.is_wave = enough and len({said_by for _, said_by in copy.recent}) >= self._rule.users

    def _forget(self) -> None:
        """Drop texts that nobody has repeated within the window."""
        while self._texts:
            key, oldest = next(iter(self._texts.items()))
            if oldest.last_us >= self._now_us - self._window_us:
                return
            del self._texts[key]

    def _line(self, key: str, copy: _Text) -> WaveLine:
        oldest = self._now_us // _SECOND_US - SPEED_S
        while copy.seconds and copy.seconds[0][0] <= oldest:
            copy.seconds.popleft()
        return WaveLine(
            key=key,
            text=copy.first,
            count=copy.count,
            users=len(copy.users),
            per_s=sum(copies for _, copies in copy.seconds) / SPEED_S,
            started_us=copy.started_us,
            last_us=copy.last_us,
        )
