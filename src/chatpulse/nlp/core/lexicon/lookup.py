"""Gather the tables into one lexicon, and find what a token that is not spelled out there most likely is.

A spelling falls back step by step: as written, folded to lower case, long runs of letters shortened, an ending such as
`-ing` removed; a subscriber emote falls back to its ending. Each step away from the spelling costs some weight or none,
never invents a judgement: what is not found says nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from chatpulse.nlp.core.lexicon.channel_emotes import CHANNEL_EMOTES, ENDINGS
from chatpulse.nlp.core.lexicon.other_emotes import OTHER_EMOTES
from chatpulse.nlp.core.lexicon.phrases import PHRASES
from chatpulse.nlp.core.lexicon.slang import GAMING, SLANG
from chatpulse.nlp.core.lexicon.symbols import SYMBOLS
from chatpulse.nlp.core.lexicon.table import Entry, read_table
from chatpulse.nlp.core.lexicon.twitch_emotes import TWITCH_EMOTES
from chatpulse.nlp.core.lexicon.words import BAD_WORDS, GOOD_WORDS

LEXICON_VERSION = "1"

# Twitch appends these to a native emote that a viewer has modified (black and white, flipped, ...).
_MODIFIED = re.compile(r"_(?:BW|HF|SG|SQ|TK)$")
_SUBSCRIBER = re.compile(r"[a-z]+[0-9]*([A-Z].*|[0-9]+)$")
_MODIFIERS = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")
_RUN = re.compile(r"(.)\1{2,}")
_LAUGH = re.compile(
    r"(?:a?(?:ha){2,}h?|(?:he){2,}h?|(?:ja){2,}j?|(?:ah){2,}a?|l+(?:o+l+){1,}|lma+o+|lmfa+o+|ro+fl+|ke+k+)$"
)
_ENDINGS = (
    ("s", ""),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("er", ""),
    ("ies", "y"),
    ("y", ""),
    ("in", "ing"),
)
_INFLECTED = tuple({ending for ending, _ in _ENDINGS})
_LAUGH_ENDS = frozenset("ahejlofk")
_SHORTEST_STEM = 4
_SHORTEST_COINED = 4
_COINED_CAPITALS = 2
_GUESSED = 0.7
"""How far an ending is trusted against an emote that has its own line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Every judgement, by kind of token."""

    emotes: Mapping[str, Entry]
    """By exact name."""
    endings: Mapping[str, Entry]
    """By the lower-case ending of a subscriber emote."""
    words: Mapping[str, Entry]
    """By lower-case spelling."""
    symbols: Mapping[str, Entry]
    """Emoji without variation selectors, and faces."""
    phrases: Mapping[tuple[str, ...], Entry]
    folded: Mapping[str, Entry]
    """Emotes by their lower-case name, for people who type them without looking."""

    def __len__(self) -> int:
        """How many entries there are, all kinds together."""
        return sum(len(part) for part in (self.emotes, self.endings, self.words, self.symbols)) + len(self.phrases)

    def emote(self, name: str) -> Entry | None:
        """What an emote says, by its name or by the ending of its name."""
        name = _MODIFIED.sub("", name)
        if entry := self.emotes.get(name) or self.symbols.get(name):
            return entry
        if found := _SUBSCRIBER.match(name):
            ending = found[1].lower()
            for spelling in (ending, ending.rstrip("0123456789")):
                if entry := self.endings.get(spelling) or self.folded.get(spelling):
                    return entry
            if entry := self.word(ending):
                return entry.scaled(_GUESSED)
            return None
        return self.folded.get(name.lower()) or self.word(name.lower())

    def symbol(self, symbol: str) -> Entry | None:
        """What an emoji, in whatever skin, or a face says."""
        if symbol.isascii():
            return self.symbols.get(symbol)
        return self.symbols.get(symbol) or self.symbols.get(_MODIFIERS.sub("", symbol))

    def word(self, lower: str) -> Entry | None:
        """What a lower-case word says, folding runs, laughing and endings."""
        for spelling in _spellings(lower):
            if entry := self.words.get(spelling) or self.folded.get(spelling):
                return entry
        return self.words["lol"] if lower[-1:] in _LAUGH_ENDS and _LAUGH.match(lower) else None


@cache
def load_lexicon() -> Lexicon:
    """The one lexicon there is."""
    emotes = read_table(TWITCH_EMOTES, OTHER_EMOTES, CHANNEL_EMOTES)
    return Lexicon(
        emotes=emotes,
        endings=read_table(ENDINGS),
        words=read_table(GOOD_WORDS, BAD_WORDS, SLANG, GAMING),
        symbols=read_table(SYMBOLS),
        phrases={tuple(words.split()): entry for words, entry in read_table(PHRASES, separator=",").items()},
        folded={name.lower(): entry for name, entry in emotes.items() if _is_coined(name)},
    )


def _is_coined(name: str) -> bool:
    """Whether a name is no ordinary word once it is folded: it has more capitals than a first or last letter."""
    return (
        len(name) >= _SHORTEST_COINED
        and name.isascii()
        and name.isalnum()
        and sum(map(str.isupper, name)) >= _COINED_CAPITALS
    )


def _spellings(lower: str) -> Iterator[str]:
    """Ways to read a word, the likeliest first."""
    yield lower
    if _RUN.search(lower):
        yield _RUN.sub(r"\1\1", lower)
        yield _RUN.sub(r"\1", lower)
    if not lower.endswith(_INFLECTED):
        return
    for ending, instead in _ENDINGS:
        if lower.endswith(ending) and len(stem := lower.removesuffix(ending) + instead) >= _SHORTEST_STEM:
            yield stem
            if ending in {"ed", "ing"} and stem[-1] == stem[-2]:
                yield stem[:-1]
