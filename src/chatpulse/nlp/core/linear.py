"""A linear model over a dictionary of tokens: evidence for and against is summed up, a softmax makes probabilities.

Every token of the lexicon speaks for "positive" or "negative" with its valence, and doubt speaks for neither. Words
before it make it stronger, weaker or turn it round; repeats, capitals and drawn-out letters make it a little stronger.
"Neutral" starts ahead and gains with every word that says nothing, since one pleasant word in a long sentence means
little. All weights are set by hand from the lexicon's scale (1 = mildly, 2 = clearly, 3 = extremely); no labelled
message was used to choose any of them.
"""

import re
from collections.abc import Sequence
from enum import Enum, auto
from functools import lru_cache

import msgspec

from chatpulse.domain.scores import Flag, Label, Reaction, Score
from chatpulse.nlp.core.lexicon import Entry, Lexicon
from chatpulse.nlp.core.lexicon.grammar import BREAKS, NEGATORS, NO_WORDS, OPEN_QUESTIONS, STRONGER, WEAKER
from chatpulse.nlp.core.normalise import Normalised, Token
from chatpulse.nlp.core.remembered import Remembered
from chatpulse.nlp.core.verdict import NEUTRAL_WORDS, decide

MODEL_VERSION = "2"

ASKING_WORDS = 3
"""A text that starts with a question word and has so many words asks, with or without a question mark."""
REMEMBERED_ATOMS = 32_768
ASKED_GOOD, ASKED_BAD = 0.45, 0.7
"""Asking whether something is good does not praise it; asking why it is bad half complains."""

STRONG, WEAK = 1.3, 0.6
TURNED_GOOD, TURNED_BAD = -0.7, -0.4
"""Negation: "not good" is rather bad, "not terrible" barely good."""
NEGATION_REACH = 4
"""Words; punctuation ends it."""
LOUD = 1.15
"""Capitals or drawn-out letters; "soooo good" is at least "so good"."""
REPEATED = (1.0, 1.25, 1.4, 1.5, 1.6)
"""By count - 1."""

MOST_TOKENS = 5

_BITS = {reaction: 1 << place for place, reaction in enumerate(Reaction)}
_REACTIONS = tuple(tuple(r for r in Reaction if mask & _BITS[r]) for mask in range(1 << len(Reaction)))
_SHOUTED_LETTERS = 3
_DRAWN_OUT = re.compile(r"([a-z])\1\1+")
_QUESTION = _BITS[Reaction.QUESTION]
_SHOCK = _BITS[Reaction.SHOCK]
_ASIDE = frozenset({Flag.COMMAND, Flag.ART, Flag.UNSUPPORTED})


class LinearModel:
    """The lexicon made into a scorer; its memory of tokens is bounded."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._phrases: dict[str, _Phrases] = {}
        for (first, second, *rest), entry in sorted(lexicon.phrases.items(), key=lambda phrase: -len(phrase[0])):
            self._phrases.setdefault(first, {}).setdefault(second, []).append((tuple(rest), _say(entry, wordy=True)))
        self._sense = Remembered(self._find_sense, most=REMEMBERED_ATOMS).__getitem__

    def score(self, text: Normalised) -> Score:
        """Score one text; commands, art and other languages say nothing about pleasure."""
        flags = text.flags
        senses = tuple(map(self._sense, text.atoms))
        evidence = _gather(text, senses) if any(senses) else _Evidence(text.words)
        if text.words and (
            evidence.asks or (text.words >= ASKING_WORDS and _asks_openly(text.atoms[0], evidence.shares))
        ):
            evidence.reactions |= _QUESTION
        if not flags or _ASIDE.isdisjoint(flags):
            if evidence.shares or evidence.doubt:
                return _judge(evidence, flags)
            return _judge_silence(min(evidence.silent, NEUTRAL_WORDS), evidence.reactions, flags)
        if Flag.COMMAND in flags:
            return _set_aside(Label.NEUTRAL, flags, 0)
        return _set_aside(Label.UNSURE, flags, 0 if Flag.ART in flags else evidence.shown)

    def _find_sense(self, atom: str) -> "_Sense | None":
        """What an atom does, or None when it says nothing."""
        if atom.startswith("<e:"):
            emote = self._lexicon.emote(atom[3:-1])
            return _say(emote) if emote else None
        if entry := self._lexicon.symbol(atom):
            return _say(entry)
        if not atom.isalnum() and not any(map(str.isalnum, atom)):
            return _Sense(role=_Role.STOPS, asks="?" in atom)
        spelling, loudness = atom, 1.0
        entry = None if atom in _STEERS else self._lexicon.word(atom)
        if _DRAWN_OUT.search(atom):
            loudness = LOUD
            entry = self._at_least_plain(atom, entry)
            spelling = next(filter(self._is_known, _shorten(atom)), atom)
        phrases = self._phrases.get(atom) or self._phrases.get(spelling)
        if entry is not None:
            return _say(entry, wordy=True, loudness=loudness, phrases=phrases)
        if spelling in _STEERS:
            role, factor = _STEERS[spelling]
            factor *= loudness if factor > 1.0 else 1.0
            return _Sense(role=role, factor=factor, phrases=phrases, loudness=loudness)
        return _Sense(phrases=phrases, loudness=loudness) if phrases else None

    def _is_known(self, spelling: str) -> bool:
        return spelling in _STEERS or spelling in self._phrases

    def _at_least_plain(self, atom: str, entry: Entry | None) -> Entry | None:
        """The entry of a drawn-out word; the plain word's where the lexicon says less of this spelling."""
        plain = self._lexicon.word(_shorten(atom)[-1])
        if entry and plain and plain.valence * entry.valence > 0.0 and abs(plain.valence) > abs(entry.valence):
            return plain
        return entry


class _Role(Enum):
    """What a token does to its neighbours."""

    SAYS = auto()
    TURNS = auto()
    TURNS_NEXT = auto()
    BOOSTS = auto()
    STOPS = auto()


_SAYS, _TURNS, _BOOSTS, _STOPS = _Role.SAYS, _Role.TURNS, _Role.BOOSTS, _Role.STOPS
_STEERS = {
    **dict.fromkeys(BREAKS, (_Role.STOPS, 1.0)),
    **dict.fromkeys(NEGATORS, (_Role.TURNS, 1.0)),
    **dict.fromkeys(NO_WORDS, (_Role.TURNS_NEXT, 1.0)),
    **dict.fromkeys(STRONGER, (_Role.BOOSTS, STRONG)),
    **dict.fromkeys(WEAKER, (_Role.BOOSTS, WEAK)),
}


class _Sense(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one token says and does."""

    role: _Role = _SAYS
    valence: float = 0.0
    doubt: float = 0.0
    reactions: int = 0
    factor: float = 1.0
    """How far it boosts the next word."""
    loudness: float = 1.0
    wordy: bool = False
    """A word or phrase, which other words can act on."""
    says: bool = False
    """Whether it says anything by itself."""
    asks: bool = False
    phrases: "_Phrases | None" = None
    """Phrases that start here."""


_Tails = list[tuple[tuple[str, ...], _Sense]]
"""Phrases with the same two atoms in front: the atoms that must follow then, longest first, and what they all say."""
_Phrases = dict[str, _Tails]
"""By second atom."""


class _Evidence(msgspec.Struct, gc=False):
    """What has been said so far, and what hangs over the next word."""

    silent: int
    """Words that say nothing."""
    good: float = 0.0
    bad: float = 0.0
    doubt: float = 0.0
    reactions: int = 0
    shown: int = 0
    """Reactions by emotes and emoji, which need no language."""
    asks: bool = False
    shares: list[tuple[str, float]] = []
    """Each token's signed weight."""
    turned_until: int = 0
    """Words before this place are turned round."""
    boost: float = 1.0
    boosted: int = -1
    """The place that the boost is for."""

    def take(self, name: str, sense: _Sense, place: int, *, loudness: float = 1.0) -> None:
        """Add what a token or phrase says."""
        weight = sense.valence * loudness
        self.doubt += sense.doubt
        if sense.wordy:
            # "Not very good" is no worse than "not good".
            if place < self.turned_until:
                weight *= TURNED_GOOD if weight > 0.0 else TURNED_BAD
            else:
                weight *= self.boost if place == self.boosted else 1.0
                self.reactions |= sense.reactions
        else:
            self.reactions |= sense.reactions
            self.shown |= sense.reactions
        if weight:
            self.shares.append((name, weight))
            if weight > 0.0:
                self.good += weight
            else:
                self.bad -= weight

    def steer(self, sense: _Sense, place: int) -> None:
        """Let a token act on what comes next."""
        if sense.role is _STOPS:
            self.asks |= sense.asks
            self.turned_until = 0
        elif sense.role is _BOOSTS:
            self.boost = sense.factor * (self.boost if place == self.boosted else 1.0)
            self.boosted = place + 1
        else:
            self.turned_until = place + 1 + (NEGATION_REACH if sense.role is _TURNS else 1)


def _gather(text: Normalised, senses: Sequence[_Sense | None]) -> _Evidence:
    """Read the tokens that say or do something, in order."""
    tokens, atoms = text.tokens, text.atoms
    following = *atoms[1:], ""
    evidence = _Evidence(text.words)
    after = 0
    for place, sense in enumerate(senses):
        if sense is None or place < after:
            continue
        if (
            sense.phrases is not None
            and (tails := sense.phrases.get(following[place]))
            and (phrase := _match(tails, atoms, place))
        ):
            said, after = phrase
            spoken = tokens[place:after]
            loudness = sense.loudness * (LOUD if _is_shouted(spoken) else 1.0)
            evidence.take(" ".join([token.text for token in spoken]), said, place, loudness=loudness)
            evidence.silent -= after - place
        elif sense.role is not _SAYS:
            evidence.steer(sense, place)
        elif sense.says:
            token, count = tokens[place], text.counts[place]
            loud = count > 1 or token.capitals >= _SHOUTED_LETTERS
            evidence.take(token.text, sense, place, loudness=_loudness(token, count) if loud else 1.0)
            evidence.silent -= count if sense.wordy else 0
    if evidence.asks and not text.words and not evidence.shares:
        evidence.reactions |= _SHOCK
    return evidence


def _say(entry: Entry, *, wordy: bool = False, loudness: float = 1.0, phrases: _Phrases | None = None) -> _Sense:
    return _Sense(
        valence=entry.valence * loudness,
        loudness=loudness,
        doubt=entry.doubt,
        reactions=sum(_BITS[reaction] for reaction in entry.reactions),
        wordy=wordy,
        says=bool(entry.valence or entry.doubt or entry.reactions),
        phrases=phrases,
    )


def _asks_openly(first: str, shares: Sequence[tuple[str, float]]) -> bool:
    """Whether a text asks by its first word, unless that begins a phrase ("what a play") that said something."""
    return first in OPEN_QUESTIONS and not (shares and shares[0][0].lower().startswith(first + " "))


def _match(tails: _Tails, atoms: tuple[str, ...], place: int) -> tuple[_Sense, int] | None:
    """The longest phrase that starts here with its first two atoms, and the place after it."""
    for tail, sense in tails:
        end = place + 2 + len(tail)
        if atoms[place + 2 : end] == tail:
            return sense, end
    return None


def _shorten(atom: str) -> tuple[str, str]:
    """The spellings that a drawn-out word may come from: runs become two letters, or one."""
    return _DRAWN_OUT.sub(r"\1\1", atom), _DRAWN_OUT.sub(r"\1", atom)


def _is_shouted(tokens: Sequence[Token]) -> bool:
    return tokens[0].capitals > 0 and all(token.capitals == token.letters for token in tokens)


def _loudness(token: Token, count: int) -> float:
    """How repeating and capitals strengthen a token."""
    if token.letters >= _SHOUTED_LETTERS and token.capitals == token.letters:
        return LOUD * REPEATED[min(count, len(REPEATED)) - 1]
    return REPEATED[min(count, len(REPEATED)) - 1]


def _judge(evidence: _Evidence, flags: tuple[Flag, ...]) -> Score:
    """The score that the evidence comes to."""
    good, bad = evidence.good, evidence.bad
    if evidence.reactions & _QUESTION:
        good, bad = good * ASKED_GOOD, bad * ASKED_BAD
    verdict = decide((good, bad, evidence.doubt, min(evidence.silent, NEUTRAL_WORDS)))
    return Score(
        negative=verdict.negative,
        neutral=verdict.neutral,
        positive=verdict.positive,
        valence=verdict.positive - verdict.negative,
        label=verdict.label,
        best=verdict.best,
        confidence=verdict.confidence,
        reactions=_REACTIONS[evidence.reactions],
        flags=flags,
        tokens=_strongest(evidence.shares),
    )


@lru_cache(maxsize=4_096)
def _judge_silence(silent: int, reactions: int, flags: tuple[Flag, ...]) -> Score:
    """The score of a text in which nothing speaks for either side."""
    return _judge(_Evidence(silent, reactions=reactions), flags)


def _set_aside(label: Label, flags: tuple[Flag, ...], reactions: int) -> Score:
    """The score of a text that is not judged."""
    return Score(
        negative=0.2,
        neutral=0.6,
        positive=0.2,
        valence=0.0,
        label=label,
        best=Label.NEUTRAL,
        confidence=0.0,
        reactions=_REACTIONS[reactions],
        flags=flags,
    )


def _strongest(shares: list[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Each deciding token's signed share, strongest first; without signs they add up to 1 over all tokens."""
    if not shares:
        return ()
    if len(shares) == 1:
        name, weight = shares[0]
        return ((name, 1.0 if weight > 0.0 else -1.0),)
    sums: dict[str, float] = {}
    for name, weight in shares:
        sums[name] = sums.get(name, 0.0) + weight
    names = tuple(sums)
    rank = _rank if len(names) <= MOST_TOKENS else _rank_anew
    return tuple([(names[place], share) for place, share in rank(tuple(sums.values()))])


def _rank_anew(weights: tuple[float, ...]) -> tuple[tuple[int, float], ...]:
    """Places and shares of the strongest weights."""
    total = sum(map(abs, weights)) or 1.0
    ranked = sorted(enumerate(weights), key=_by_weight)[:MOST_TOKENS]
    return tuple([(place, round(weight / total, 3)) for place, weight in ranked])


# A word weighs the same each time, so the same few weights come again and again; long lists would fill the memory.
_rank = lru_cache(maxsize=8_192)(_rank_anew)


def _by_weight(share: tuple[int, float]) -> float:
    return -abs(share[1])
