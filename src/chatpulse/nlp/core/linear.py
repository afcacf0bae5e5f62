"""A linear model over a dictionary of tokens: evidence for and against is summed up, a softmax makes probabilities.

Every token of the lexicon speaks for "positive" or "negative" with its valence, and doubt speaks for neither. Words
before it make it stronger, weaker or turn it round; repeats, capitals and drawn-out letters make it a little stronger.
"Neutral" starts ahead and gains with every word that says nothing, since one pleasant word in a long sentence means
little. All weights are set by hand from the lexicon's scale (1 = mildly, 2 = clearly, 3 = extremely); no labelled
message was used to choose any of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from math import exp

import msgspec

from chatpulse.domain.scores import Flag, Label, Reaction, Score
from chatpulse.nlp.core.lexicon import Entry, Lexicon
from chatpulse.nlp.core.lexicon.grammar import NEGATORS, NO_WORDS, OPEN_QUESTIONS, STRONGER, WEAKER
from chatpulse.nlp.core.normalise import Kind, Normalised, Token

MODEL_VERSION = "1"

SCALE = 1.6
"""Logits per unit of valence: a clear judgement (2) alone is believed to about 85 %."""
NEUTRAL = 1.2
"""Neutral's head start in logits: at SCALE, evidence under .75 stays neutral."""
NEUTRAL_PER_WORD = 0.06
NEUTRAL_WORDS = 10
"""Neutral gains for each word that says nothing, up to this many."""
DOUBT = 0.4
"""Logits that one unit of doubt moves from neutral to both sides..."""
DOUBT_DAMPING = 0.6
"""...and how much it holds back the evidence beside it."""
EVIDENCE_LIMIT = 4.0
ASKED_GOOD, ASKED_BAD = 0.45, 0.7
"""Asking whether something is good does not praise it; asking why it is bad half complains."""

STRONG, WEAK = 1.3, 0.6
TURNED_GOOD, TURNED_BAD = -0.7, -0.4
"""Negation: "not good" is rather bad, "not terrible" barely good."""
NEGATION_REACH = 4
"""Words; punctuation ends it."""
LOUD = 1.15
"""Capitals or drawn-out letters."""
REPEATED = (1.0, 1.25, 1.4, 1.5, 1.6)
"""By count - 1."""

UNSURE_BELOW = 0.45
CONFLICT = 0.6
"""Unsure when the weaker side has this share of the stronger and both would carry a verdict alone."""
MOST_TOKENS = 5

_BITS = {reaction: 1 << place for place, reaction in enumerate(Reaction)}
_REACTIONS = tuple(tuple(r for r in Reaction if mask & _BITS[r]) for mask in range(1 << len(Reaction)))
_WORD = Kind.WORD
_NEGATIVE, _NEUTRAL, _POSITIVE, _UNSURE = Label.NEGATIVE, Label.NEUTRAL, Label.POSITIVE, Label.UNSURE
_SHOUTED_LETTERS = 3
_DRAWN_OUT = re.compile(r"([a-z])\1\1")
_MODIFIERS = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")
_QUESTION = _BITS[Reaction.QUESTION]
_SHOCK = _BITS[Reaction.SHOCK]
_FEWEST_ASKING_WORDS = 3
DOUBT_LIMIT = 2.0


class LinearModel:
    """The lexicon made into a scorer; its memory of tokens is bounded."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._phrases: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
        for (first, *rest), entry in sorted(lexicon.phrases.items(), key=lambda phrase: -len(phrase[0])):
            self._phrases.setdefault(first, []).append((tuple(rest), entry))
        self._sense = lru_cache(maxsize=16_384)(self._find_sense)

    def score(self, text: Normalised) -> Score:
        """Score one text; commands, art and other languages say nothing about pleasure."""
        evidence, shares = self._gather(text.tokens, text.counts)
        flags = text.flags
        if not flags or Flag.COMMAND not in flags and Flag.ART not in flags and Flag.UNSUPPORTED not in flags:
            return _judge(evidence, shares, flags)
        if Flag.COMMAND in flags:
            return _set_aside(Label.NEUTRAL, flags, 0)
        return _set_aside(Label.UNSURE, flags, 0 if Flag.ART in flags else evidence.shown)

    def _gather(self, tokens: Sequence[Token], counts: Sequence[int]) -> tuple["_Evidence", list[tuple[str, float]]]:
        """Read the tokens in order; also each one's signed weight."""
        evidence = _Evidence()
        shares: list[tuple[str, float]] = []
        skip = 0
        for place, token in enumerate(tokens):
            if skip:
                skip -= 1
                continue
            sense = self._sense(token.atom)
            if sense is None:
                evidence.pass_by(token)
                continue
            if sense.phrases and (phrase := _match(sense.phrases, tokens, place + 1)):
                tail, entry = phrase
                skip = len(tail)
                name = " ".join([word.text for word in tokens[place : place + skip + 1]])
                weight = evidence.take(_say(entry, ""), token, 1)
            else:
                name, weight = token.text, evidence.take(sense, token, counts[place])
            if weight:
                shares.append((name, weight))
        if tokens and evidence.words >= _FEWEST_ASKING_WORDS and tokens[0].atom in OPEN_QUESTIONS:
            evidence.reactions |= _QUESTION
        return evidence, shares

    def _find_sense(self, atom: str) -> "_Sense | None":
        """What an atom does, or None when it says nothing."""
        if atom.startswith("<e:"):
            entry = self._lexicon.emote(atom[3:-1])
            return entry and _say(entry, "")
        if not any(map(str.isalnum, atom)) and (entry := self._symbol(atom)) is None:
            return _Sense(role=_Role.STOPS, asks="?" in atom)
        for words, role, factor in _ROLES:
            if atom in words:
                entry = self._lexicon.words.get(atom)
                return _Sense(role=role, factor=factor, valence=entry.valence if entry else 0.0, phrases=self._after(atom))
        entry = self._symbol(atom) or self._lexicon.word(atom)
        if entry is None:
            return _Sense(phrases=phrases) if (phrases := self._after(atom)) else None
        return msgspec.structs.replace(_say(entry, atom), phrases=self._after(atom))

    def _symbol(self, atom: str) -> Entry | None:
        return self._lexicon.symbols.get(atom) or self._lexicon.symbols.get(_MODIFIERS.sub("", atom))

    def _after(self, atom: str) -> tuple[tuple[tuple[str, ...], Entry], ...]:
        return tuple(self._phrases.get(atom, ()))


class _Role(Enum):
    """What a token does to its neighbours."""

    SAYS = auto()
    TURNS = auto()
    TURNS_NEXT = auto()
    BOOSTS = auto()
    STOPS = auto()


_SAYS = _Role.SAYS
_ROLES = (
    (NEGATORS, _Role.TURNS, 1.0),
    (NO_WORDS, _Role.TURNS_NEXT, 1.0),
    (STRONGER, _Role.BOOSTS, STRONG),
    (WEAKER, _Role.BOOSTS, WEAK),
)


class _Sense(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one token says and does."""

    role: _Role = _Role.SAYS
    valence: float = 0.0
    doubt: float = 0.0
    reactions: int = 0
    factor: float = 1.0
    asks: bool = False
    phrases: tuple[tuple[tuple[str, ...], Entry], ...] = ()
    """Phrases that start here: the atoms that must follow, longest first."""


@dataclass(slots=True)
class _Evidence:
    """What has been said so far, and what hangs over the next word."""

    good: float = 0.0
    bad: float = 0.0
    doubt: float = 0.0
    reactions: int = 0
    shown: int = 0
    """Reactions by emotes and emoji, which need no language."""
    words: int = 0
    silent: int = 0
    """Words that say nothing."""
    asks: bool = False
    reach: int = 0
    """Words that a negation still turns."""
    factor: float = 1.0

    def pass_by(self, token: Token) -> None:
        """A token that says nothing."""
        if token.kind is _WORD:
            self.words += 1
            self.silent += 1
            self.reach -= 1
            self.factor = 1.0

    def take(self, sense: _Sense, token: Token, count: int) -> float:
        """Add what a token says; the signed weight that it added."""
        wordy = token.kind is _WORD
        self.words += wordy
        weight = sense.valence
        if sense.role is not _SAYS:
            self._steer(sense, token)
        elif weight or sense.reactions or sense.doubt:
            weight = self._weigh(weight, token, count) if wordy else weight * REPEATED[min(count, len(REPEATED)) - 1]
            if not (wordy and self.reach > 0):
                self.reactions |= sense.reactions
                self.shown |= 0 if wordy else sense.reactions
            self.doubt += sense.doubt
            self.reach -= wordy
            self.factor = 1.0
        else:
            self.silent += wordy
            self.reach -= wordy
        if weight > 0.0:
            self.good += weight
        else:
            self.bad -= weight
        return weight

    def _weigh(self, weight: float, token: Token, count: int) -> float:
        """A word's weight after what stands before it and how it is typed."""
        weight *= self.factor * REPEATED[min(count, len(REPEATED)) - 1]
        if token.letters >= _SHOUTED_LETTERS and token.capitals == token.letters:
            weight *= LOUD
        if self.reach > 0:
            weight *= TURNED_GOOD if weight > 0.0 else TURNED_BAD
        return weight

    def _steer(self, sense: _Sense, token: Token) -> None:
        """Let a token act on what comes next."""
        if sense.role is _Role.STOPS:
            self.asks |= sense.asks
            self.reach = 0
            self.factor = 1.0
        elif sense.role is _Role.BOOSTS:
            self.factor *= sense.factor
        else:
            self.reach = (NEGATION_REACH if sense.role is _Role.TURNS else 1) + (token.kind is not _WORD)


def _say(entry: Entry, atom: str) -> _Sense:
    valence = entry.valence * (LOUD if _DRAWN_OUT.search(atom) else 1.0)
    reactions = sum(_BITS[reaction] for reaction in entry.reactions)
    return _Sense(valence=valence, doubt=entry.doubt, reactions=reactions)


def _match(
    phrases: Sequence[tuple[tuple[str, ...], Entry]], tokens: Sequence[Token], start: int
) -> tuple[tuple[str, ...], Entry] | None:
    """The longest phrase whose other words follow."""
    for tail, entry in phrases:
        following = tokens[start : start + len(tail)]
        if len(following) == len(tail) and all([token.atom == word for token, word in zip(following, tail, strict=True)]):
            return tail, entry
    return None


def _judge(evidence: _Evidence, shares: list[tuple[str, float]], flags: tuple[Flag, ...]) -> Score:
    """Make probabilities of the evidence, and a label where it speaks clearly."""
    good, bad, doubt = evidence.good, evidence.bad, min(evidence.doubt, DOUBT_LIMIT)
    reactions = evidence.reactions
    if evidence.asks:
        if evidence.words:
            reactions |= _QUESTION
        elif not shares:
            reactions |= _SHOCK
    if reactions & _QUESTION:
        good, bad = good * ASKED_GOOD, bad * ASKED_BAD
    trust = 1.0 / (1.0 + DOUBT_DAMPING * doubt)
    good, bad = min(good * trust, EVIDENCE_LIMIT), min(bad * trust, EVIDENCE_LIMIT)
    for_good, for_bad = exp(SCALE * good + DOUBT * doubt), exp(SCALE * bad + DOUBT * doubt)
    for_none = exp(NEUTRAL + NEUTRAL_PER_WORD * min(evidence.silent, NEUTRAL_WORDS) - DOUBT * doubt)
    total = for_good + for_bad + for_none
    weaker, middle, stronger = sorted((for_good, for_bad, for_none))
    best = _POSITIVE if stronger == for_good else _NEGATIVE if stronger == for_bad else _NEUTRAL
    torn = min(good, bad) > CONFLICT * max(good, bad) and SCALE * min(good, bad) > NEUTRAL
    if for_good == for_bad:
        best = _NEUTRAL
    return Score(
        negative=for_bad / total,
        neutral=for_none / total,
        positive=for_good / total,
        valence=(for_good - for_bad) / total,
        label=_UNSURE if torn or stronger < UNSURE_BELOW * total else best,
        best=best,
        confidence=(stronger - middle) / total,
        reactions=_REACTIONS[reactions],
        flags=flags,
        tokens=_strongest(shares) if shares else (),
    )


def _set_aside(label: Label, flags: tuple[Flag, ...], reactions: int) -> Score:
    """The score of a text that is not judged."""
    return Score(
        negative=0.2,
        neutral=0.6,
        positive=0.2,
        valence=0.0,
        label=label,
        best=_NEUTRAL,
        confidence=0.0,
        reactions=_REACTIONS[reactions],
        flags=flags,
    )


def _strongest(shares: list[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Each deciding token's share; without signs they add up to 1 over all tokens."""
    total = sum([abs(weight) for _, weight in shares])
    if len(shares) > 1:
        shares.sort(key=_by_weight)
    return tuple([(name, round(weight / total, 3)) for name, weight in shares[:MOST_TOKENS]])


def _by_weight(share: tuple[str, float]) -> float:
    return -abs(share[1])
