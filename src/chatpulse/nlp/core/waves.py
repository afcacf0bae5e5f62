"""Notice copypasta: one text, said again and again by different people.

Copies are found by their wave key, which is equal for near-duplicates (`core.normalise`), so a message costs one
look-up. A key that comes up becomes a candidate; enough people within `window_s` make it a wave, and it stays one until
nobody has repeated it for `window_s`.

How many are enough depends on what chance would do. People who type for themselves agree on a text the more often,
the shorter it is and the more texts there are: three who say the same long sentence have copied it, three who say
"best show of the year" have not, and in a roaring chat even a dozen may not. So a wave needs

    (users + texts in the window // texts_per_user) * (long_chars / size of the text, at least 1)

different people; one who repeats himself is spam, not a wave. The size is the geometric mean of the length of the text
and that of its different words: a word said twenty times says little more than the word, though who says it exactly
as often as others has hardly counted. Characters that are drawn wide (Chinese, Japanese, Korean) say as much as two
letters. The constants come from 1.2 million messages of real chat in 12 channels: three people or more agreed 262 times
within 10 s on a text that has a key. Nearly always they had copied it; where they had not, it had fewer than 30 letters
and six people at most had said it.

Candidates stand in the order of their last copy, so the old ones fall off one end, and there are never more than
`most_texts`: memory is bounded whatever chat does. How many there are is also the pace of the channel, for free.
Times are those of the messages; one that is late counts as if it came with the newest.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from math import sqrt
from unicodedata import east_asian_width

import msgspec

from chatpulse.domain.live import WaveLine

MOST_USERS = 500
"""People counted per wave; beyond that the number stays."""
SPEED_S = 10
ENDED_S = 60
"""Who looks away for a moment still sees what it was."""
MOST_ENDED = 5
_SHOWN_CHARS = 500
_SECOND_US = 1_000_000

Copy = tuple[str, str, str, int]
"""The wave key and the text of a message, who said it, and when in microseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveRule:
    """What counts as a wave."""

    users: int = 3
    """People who have to say a long text in a quiet chat."""
    texts_per_user: int = 100
    """One more of them for so many texts that are said meanwhile."""
    long_chars: int = 50
    """Size from which a text is long."""
    window_s: float = 10.0
    most_texts: int = 4_096


_Once = tuple[int, str, str]
"""A text that was said once: when, by whom, and how. Nearly all texts stay at that, so this is small."""


@dataclass(slots=True)
class _Text:
    """One text that may be going round."""

    first: str
    started_us: int
    last_us: int
    recent: dict[str, int]
    """Who said it within the window and when last, in that order; until it is a wave, its evidence."""
    users: set[str]
    seconds: list[list[int]]
    """Copies per second, as `[second, copies]`; at most `SPEED_S`, among them those of the last `SPEED_S`."""
    count: int = 1
    shortness: float = 0.0
    """How many times more people it needs than a long text, at least 1; 0 until somebody asks."""


class WaveDetector:
    """The waves of one channel."""

    def __init__(self, rule: WaveRule | None = None) -> None:
        self._rule = rule or WaveRule()
        self._window_us = int(self._rule.window_s * _SECOND_US)
        self._texts: OrderedDict[str, _Once | _Text] = OrderedDict()
        self._waves: OrderedDict[str, _Text] = OrderedDict()
        """Those of the texts that are waves, in the same order."""
        self._ended: deque[WaveLine] = deque(maxlen=MOST_ENDED)
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
        self.take([(key, text, user, ts_us)])
        wave = self._waves.get(key)
        return self._line(key, wave) if wave is not None else None

    def take(self, copies: Iterable[Copy]) -> None:
        """Take messages in order; those with an empty key cannot be waves."""
        texts, most_texts = self._texts, self._rule.most_texts
        now_us = self._now_us
        for key, text, user, ts_us in copies:
            now_us = max(now_us, ts_us)
            if not key:
                continue
            known = texts.get(key)
            if known is None:
                texts[key] = (now_us, user, text[:_SHOWN_CHARS])
                if len(texts) > most_texts:
                    oldest, _ = texts.popitem(last=False)
                    self._end(oldest)
            else:
                self._now_us = now_us
                self._repeat(key, known, user=user, text=text)
        self._now_us = now_us
        self._forget()

    def keys(self) -> Collection[str]:
        """The keys of the waves under way; the same object all along, it follows."""
        return self._waves.keys()

    def under_way(self, now_us: int) -> tuple[WaveLine, ...]:
        """Waves that somebody repeated within the window before `now_us`, the largest first."""
        self._now_us = max(self._now_us, now_us)
        self._forget()
        waves = [self._line(key, wave) for key, wave in self._waves.items()]
        return tuple(sorted(waves, key=lambda wave: -wave.count))

    def just_over(self) -> tuple[WaveLine, ...]:
        """The last waves that ended, at most `MOST_ENDED` and nobody's for longer than `ENDED_S`, newest first."""
        since_us = self._now_us - ENDED_S * _SECOND_US
        return tuple(wave for wave in reversed(self._ended) if wave.last_us >= since_us and wave.key not in self._waves)

    def forget(self, is_one: Callable[[str], bool], *, rename: Callable[[str], str]) -> None:
        """Forget what some users said, and their names in what others copy.

        Args:
            is_one: whether a user, as `take` was given him, is one of them.
            rename: puts something else in the place of their names.
        """
        for key, text in list(self._texts.items()):
            if isinstance(text, tuple):
                at_us, user, said = text
                if is_one(user):
                    del self._texts[key]
                else:
                    self._texts[key] = (at_us, user, rename(said))
                continue
            text.first = rename(text.first)
            text.users = {user for user in text.users if not is_one(user)}
            text.recent = {user: at_us for user, at_us in text.recent.items() if not is_one(user)}
        renamed = [msgspec.structs.replace(wave, text=rename(wave.text)) for wave in self._ended]
        self._ended = deque(renamed, maxlen=MOST_ENDED)

    def _repeat(self, key: str, known: _Once | _Text, *, user: str, text: str) -> None:
        """Take a copy, now, of a text that was said before."""
        self._texts.move_to_end(key)
        if _last_us(known) < self._now_us - self._window_us:  # over, though not forgotten yet
            self._end(key)
            self._texts[key] = (self._now_us, user, text[:_SHOWN_CHARS])
            return
        if isinstance(known, tuple):
            known = self._texts[key] = _second_copy(known)
        self._add(known, user)
        if key in self._waves:
            self._waves.move_to_end(key)
        elif self._is_wave(key, known, user):
            self._waves[key] = known
            known.recent.clear()

    def _add(self, copy: _Text, user: str) -> None:
        """Count one more copy, now."""
        copy.last_us = self._now_us
        copy.count += 1
        if len(copy.users) < MOST_USERS:
            copy.users.add(user)
        second = self._now_us // _SECOND_US
        newest = copy.seconds[-1]
        if newest[0] == second:
            newest[1] += 1
            return
        if len(copy.seconds) == SPEED_S:  # one of them at least is too old
            copy.seconds = [one for one in copy.seconds if one[0] > second - SPEED_S]
        copy.seconds.append([second, 1])

    def _is_wave(self, key: str, copy: _Text, user: str) -> bool:
        """Whether enough people have said it lately, this user now."""
        recent, since_us = copy.recent, self._now_us - self._window_us
        recent.pop(user, None)
        recent[user] = self._now_us
        if len(recent) < self._rule.users:
            return False
        while recent[oldest := next(iter(recent))] < since_us or len(recent) > MOST_USERS:
            del recent[oldest]
        if len(recent) < self._rule.users:
            return False
        self._forget()  # what is left was said within the window
        enough = self._rule.users + len(self._texts) // self._rule.texts_per_user
        copy.shortness = copy.shortness or max(1.0, self._rule.long_chars / _size(key))
        return len(recent) >= enough * copy.shortness

    def _forget(self) -> None:
        """Drop texts that nobody has repeated within the window."""
        since_us = self._now_us - self._window_us
        while self._texts and _last_us(self._texts[next(iter(self._texts))]) < since_us:
            oldest, _ = self._texts.popitem(last=False)
            self._end(oldest)

    def _end(self, key: str) -> None:
        """Set a wave aside that is over, if this text was one."""
        wave = self._waves.pop(key, None)
        if wave is not None:
            wave.seconds = []
            self._ended.append(self._line(key, wave))

    def _line(self, key: str, wave: _Text) -> WaveLine:
        oldest = self._now_us // _SECOND_US - SPEED_S
        return WaveLine(
            key=key,
            text=wave.first,
            count=wave.count,
            users=len(wave.users),
            per_s=sum(copies for second, copies in wave.seconds if second > oldest) / SPEED_S,
            started_us=wave.started_us,
            last_us=wave.last_us,
        )


def _last_us(text: _Once | _Text) -> int:
    return text[0] if isinstance(text, tuple) else text.last_us


def _second_copy(once: _Once) -> _Text:
    """A text that is about to be said again."""
    at_us, user, text = once
    return _Text(text, at_us, at_us, recent={user: at_us}, users={user}, seconds=[[at_us // _SECOND_US, 1]])


def _size(key: str) -> float:
    """How much a text says, in letters, at least 1."""
    words = key.split()
    return sqrt(sum(map(_letters, words)) * sum(map(_letters, set(words)))) or 1.0


def _letters(word: str) -> int:
    return len(word) if word.isascii() else sum(1 + (east_asian_width(char) in "WF") for char in word)
