"""Chat messages in, scores out: normalise, look in the cache, ask the scorer for the rest.

A third of live chat repeats a recent text, so the last texts are remembered by what could change their score: the text,
its emotes, its bits and the channel's emote set of its time.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

from chatpulse.domain.chat import ChatMessage, EmoteSpan, TimeKind
from chatpulse.domain.scores import Scored
from chatpulse.nlp.core.emotes import NO_EMOTES, ChannelEmotes
from chatpulse.nlp.core.normalise import Normalised, normalise
from chatpulse.nlp.ports import EmoteSets, Scorer

CACHED_TEXTS = 10_000
"""About 40 % of one channel's messages of a year were found among the last 10,000 texts; 100,000 find 46 %."""

_CACHED_CHARS = 500
"""Twitch's own limit; a longer text is not worth its room."""
_EPOCH = TimeKind.EPOCH
# All that a score depends on; most texts have nothing else to it.
_Key = str | tuple[str, tuple[EmoteSpan, ...], int, ChannelEmotes]


class ChatScorer:
    """Scores messages with one scorer; one instance serves one thread at a time."""

    def __init__(self, scorer: Scorer, *, emotes: EmoteSets | None = None, cached_texts: int = CACHED_TEXTS) -> None:
        self.name = scorer.name
        self.version = scorer.version
        self._scorer = scorer
        self._emotes = emotes
        self._size = cached_texts
        self._cache: OrderedDict[_Key, Scored] = OrderedDict()

    def score(self, messages: Sequence[ChatMessage]) -> list[Scored]:
        """One result for each message, in order; equal texts are scored once."""
        keys = self._keys(messages)
        results: dict[_Key, Scored] = {}
        fresh: list[_Key] = []
        texts: list[Normalised] = []
        for key in dict.fromkeys(keys):
            if (scored := self._cache.get(key)) is None:
                fresh.append(key)
                texts.append(normalise(key) if isinstance(key, str) else _read_whole(key))
            else:
                results[key] = scored
                self._cache.move_to_end(key)
        for key, text, score in zip(fresh, texts, self._scorer.score(texts), strict=True):
            results[key] = Scored(score=score, terms=text.terms, emotes=text.emotes, wave_key=text.wave_key)
        self._remember(fresh, results)
        return [results[key] for key in keys]

    def score_text(self, text: str) -> Scored:
        """Score a text that no message carries."""
        return self.score([ChatMessage(id="", ts_us=0, received_us=0, text=text)])[0]

    def _remember(self, keys: Iterable[_Key], results: Mapping[_Key, Scored]) -> None:
        if not self._size:
            return
        for key in keys:
            if len(key if isinstance(key, str) else key[0]) <= _CACHED_CHARS:
                self._cache[key] = results[key]
        while len(self._cache) > self._size:
            self._cache.popitem(last=False)

    def _keys(self, messages: Sequence[ChatMessage]) -> list[_Key]:
        """What could change the score of each message."""
        if self._emotes is None:
            return [(m.text, m.emotes, m.bits, NO_EMOTES) if m.emotes or m.bits else m.text for m in messages]
        keys: list[_Key] = []
        at = self._emotes.at
        for m in messages:
            known = at(m.channel, m.ts_us if m.time_kind is _EPOCH else None)
            if m.emotes or m.bits or known is not None:
                keys.append((m.text, m.emotes, m.bits, known or NO_EMOTES))
            else:
                keys.append(m.text)
        return keys


def _read_whole(key: tuple[str, tuple[EmoteSpan, ...], int, ChannelEmotes]) -> Normalised:
    text, emotes, bits, known = key
    return normalise(text, emotes, channel_emotes=known, bits=bits)


def explain(scored: Scored) -> list[str]:
    """Why a message got its score, as lines for people: the verdict, then what decided, strongest first."""
    score = scored.score
    verdict = (
        f"{score.label}: negative {score.negative:.2f}, neutral {score.neutral:.2f}, positive {score.positive:.2f}"
    )
    notes = [
        f"{what}: {', '.join(names)}"
        for what, names in (("reactions", score.reactions), ("flags", score.flags))
        if names
    ]
    return [verdict, *(f"{share:+.2f} {token}" for token, share in score.tokens), *notes]
