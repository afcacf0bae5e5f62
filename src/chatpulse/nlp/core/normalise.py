"""Turn a chat line into tokens: emotes, words, emoji and placeholders, in one fixed order of steps.

Each step relies on the one before:

1. unwrap `/me`, since emote positions count from the text inside it;
2. cut native emotes by code points, before anything moves a position;
3. drop invisible characters, which clients append to dodge the duplicate filter, except inside emoji;
4. take other emotes as whole tokens, case-sensitive, from the channel's set or the built-in names;
5. NFKC (and straight apostrophes) on the rest, never on an emote;
6. placeholders for mentions, links, commands and cheers;
7. runs of four or more equal letters or signs become three;
8. a run of one token becomes the token and a count;
9. case stays; a lower-case form stands beside it.

A change that alters any result raises `NORMALISER_VERSION`, which is part of every score's version and cache key.
The text of a result normalises to itself when its emotes are given as the channel's set.
"""

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache
from itertools import groupby
from operator import ne
from typing import NamedTuple
from unicodedata import normalize

import msgspec

from chatpulse.domain.chat import EmoteSpan
from chatpulse.domain.scores import Flag
from chatpulse.nlp.core.emotes import EMOJI, SYMBOLS, is_emote
from chatpulse.nlp.core.language import is_unsupported
from chatpulse.nlp.core.lexicon.grammar import STOP_WORDS

NORMALISER_VERSION = "1"

USER, URL, COMMAND, CHEER = "<user>", "<url>", "<cmd>", "<cheer>"

_ACTION = "\x01ACTION "
_NO_EMOTES: frozenset[str] = frozenset()

# Soft hyphen, joiners, marks of direction, fillers, blank Braille, variation selectors, tags (U+E0000 among them).
_INVISIBLE = re.compile(
    f"({EMOJI.pattern})|[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_ART = re.compile("[\u2500-\u259f\u2801-\u28ff]")
_INSIDE = re.compile(rf"@\w+|{EMOJI.pattern}")
_LINK = re.compile(
    r"(?:https?://\S+|www\.\S+|(?:[\w-]+\.)+(?:com|net|org|tv|gg|io|be|me|ly|co|gl|app|dev|live)(?:/\S*)?)$", re.IGNORECASE
)
_BANG = re.compile(r"![^\W\d_]\w*$")
_CHEER = re.compile(r"[A-Za-z]+([0-9]{1,7})$")
_EDGES = re.compile(r"([.,!?;:\"'()\[\]{}*~…“”‘«»|/\\<>=^`_]*)(.*?)([.,!?;:\"'()\[\]{}*~…“”‘«»|/\\<>=^`_]*)$", re.DOTALL)
_RUN = re.compile(r"([^\W\d_]|[^\w\s])\1{3,}")
_NOT_KEY = re.compile(r"[\W_]+")

# A copypasta is long enough that nobody types it by chance.
WAVE_WORDS = 4
WAVE_CHARS = 20

_CAPS_LETTERS = 4
_CAPS_SHARE = 0.7
_REPEAT_TOKENS = 4
_REPEAT_SHARE = 0.4
_ART_CHARS = 15


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    EMOTE = "emote"
    SYMBOL = "symbol"
    """An emoji, or a face made of characters."""
    PLACEHOLDER = "placeholder"
    MARK = "mark"
    """Punctuation."""


class Token(NamedTuple):
    """One piece of a normalised text."""

    text: str
    atom: str
    """The second form, which models look up: lower case for a word, `<e:Name>` for an emote, else `text`."""
    kind: Kind
    term: str = ""
    """How it is counted; empty for what is not counted."""
    key: str = ""
    """What it adds to the wave key; words only."""
    capitals: int = 0
    letters: int = 0
    """Letters of a word; 0 for everything else, so that emote names do not shout."""


_WORD, _EMOTE = Kind.WORD, Kind.EMOTE
_WORDLESS = frozenset({Kind.EMOTE, Kind.SYMBOL})
_PLACEHOLDERS = {name: Token(name, name, Kind.PLACEHOLDER) for name in (USER, URL, COMMAND, CHEER)}


class Normalised(msgspec.Struct, frozen=True, gc=False):
    """A text as the scorers, the counters and the wave detector want it."""

    tokens: tuple[Token, ...]
    counts: tuple[int, ...]
    """How often each token of `tokens` stands in a row."""
    emotes: tuple[str, ...]
    """Names of all emotes in order, repeats kept."""
    terms: tuple[str, ...]
    """Words and emotes for counting, each once."""
    wave_key: str
    """Equal for near-duplicates; empty for a text too short to be copied on purpose."""
    flags: tuple[Flag, ...]
    action: bool

    @property
    def text(self) -> str:
        """The normalised text."""
        return " ".join(token.text for token in self.tokens)


def normalise(
    text: str,
    emotes: Sequence[EmoteSpan] = (),
    *,
    channel_emotes: frozenset[str] = _NO_EMOTES,
    bits: int = 0,
) -> Normalised:
    """Read one chat line; any text will do.

    Args:
        text: as it was said, with or without the `/me` wrapping.
        emotes: native emotes; ranges that lie outside the text, overlap or hold a space are left out.
        channel_emotes: names of the channel's 7TV, BetterTTV and FrankerFaceZ emotes.
        bits: bits cheered with the message; without any, nothing is a cheer.

    Returns:
        The tokens and what follows from them.
    """
    action = text.startswith(_ACTION)
    if action:
        text = text.removeprefix(_ACTION).removesuffix("\x01")
    if emotes or channel_emotes or bits or not text.isascii():
        spoken = list(_cut(text, emotes, channel_emotes, bits))
    else:
        spoken = [token for piece in text.split() for token in _read(piece)]
    tokens, counts = _fold_repeats(spoken)
    words = [token.atom for token in tokens if token.kind is _WORD]
    return Normalised(
        tokens,
        counts,
        tuple([token.text for token in spoken if token.kind is _EMOTE]),
        tuple(dict.fromkeys([token.term for token in tokens if token.term])),
        _wave_key(tokens) if len(words) >= WAVE_WORDS or not text.isascii() else "",
        tuple(_flags(text, spoken, words)),
        action,
    )


def _cut(
    text: str, emotes: Sequence[EmoteSpan], channel_emotes: frozenset[str], bits: int
) -> Iterator[Token]:
    """Tokens in order, native emotes cut out first."""
    at = 0
    for start, end in sorted((span.start, span.end + 1) for span in emotes):
        name = text[start:end]
        if at <= start < end <= len(text) and not any(map(str.isspace, name)):
            yield from _read_part(text[at:start], channel_emotes, bits)
            yield _emote(name)
            at = end
    yield from _read_part(text[at:], channel_emotes, bits)


def _read_part(part: str, channel_emotes: frozenset[str], bits: int) -> Iterator[Token]:
    """Tokens of a part without native emotes."""
    if not part.isascii():
        part = _INVISIBLE.sub(r"\1", part)
    for piece in part.split():
        if piece in channel_emotes:
            yield _emote(piece)
        elif bits and (cheer := _CHEER.match(piece)) and int(cheer[1]) <= bits:
            yield _PLACEHOLDERS[CHEER]
        else:
            yield from _read(piece)


@lru_cache(maxsize=16_384)
def _read(piece: str) -> tuple[Token, ...]:
    """Tokens of a piece without spaces; a step that changes the piece reads the result anew."""
    if whole := _read_whole(piece):
        return (whole,)
    plain = normalize("NFKC", piece).replace("\u2019", "'")
    if plain != piece:
        return tuple([token for part in plain.split() for token in _read(part)])
    shorter = _RUN.sub(r"\1\1\1", piece)
    if shorter != piece:
        return _read(shorter)
    tokens: list[Token] = []
    at = 0
    for found in _INSIDE.finditer(piece):
        tokens += _read_segment(piece[at : found.start()])
        tokens.append(_PLACEHOLDERS[USER] if found[0][0] == "@" else _symbol(found[0]))
        at = found.end()
    tokens += _read_segment(piece[at:])
    return tuple(tokens)


def _read_whole(piece: str) -> Token | None:
    """The one token that a piece is as it stands: an emote, a face, a placeholder, a link, a command."""
    if is_emote(piece, _NO_EMOTES):
        return _emote(piece)
    if piece in SYMBOLS:
        return _symbol(piece)
    if piece in _PLACEHOLDERS:
        return _PLACEHOLDERS[piece]
    if _LINK.match(piece):
        return _PLACEHOLDERS[URL]
    return _PLACEHOLDERS[COMMAND] if _BANG.match(piece) else None


def _read_segment(segment: str) -> Iterator[Token]:
    """Tokens of a segment without emoji and mentions: punctuation at its edges, and what stands between."""
    if not segment:
        return
    if whole := _read_whole(segment):
        yield whole
        return
    before, core, after = _EDGES.match(segment).groups()  # type: ignore[union-attr]  # every string matches
    if before:
        yield _mark(before)
    if core:
        yield _read_whole(core) or _word(core)
    if after:
        yield _mark(after)


@lru_cache(maxsize=4_096)
def _emote(name: str) -> Token:
    return Token(name, f"<e:{name}>", Kind.EMOTE, name)


def _symbol(symbol: str) -> Token:
    return Token(symbol, symbol, Kind.SYMBOL, "" if symbol.isascii() else symbol)


def _mark(marks: str) -> Token:
    return _symbol(marks) if marks in SYMBOLS else Token(marks, marks, Kind.MARK)


def _word(word: str) -> Token:
    lower = word.lower()
    counted = len(lower) > 1 and lower not in STOP_WORDS and any(map(str.isalpha, lower))
    capitals = sum(map(str.isupper, word))
    letters = sum(map(str.isalpha, word))
    return Token(word, lower, Kind.WORD, lower if counted else "", _NOT_KEY.sub("", lower), capitals, letters)


def _fold_repeats(spoken: Sequence[Token]) -> tuple[tuple[Token, ...], tuple[int, ...]]:
    """Each run of one token as that token and a count."""
    if all(map(ne, spoken, spoken[1:])):
        return tuple(spoken), (1,) * len(spoken)
    runs = [(token, sum(1 for _ in run)) for token, run in groupby(spoken)]
    return tuple([token for token, _ in runs]), tuple([count for _, count in runs])


def _wave_key(tokens: Sequence[Token]) -> str:
    """Lower-case words without emotes and punctuation, so that interleaved copies agree."""
    key = " ".join([word for word, _ in groupby([token.key for token in tokens if token.key])])
    return key if len(key) >= WAVE_CHARS else ""


def _flags(text: str, spoken: Sequence[Token], words: Sequence[str]) -> Iterator[Flag]:
    """What the text looks like."""
    if not text.islower() and _is_shouted(spoken):
        yield Flag.CAPS
    if len(spoken) >= _REPEAT_TOKENS and len({token.text for token in spoken}) < _REPEAT_SHARE * len(spoken):
        yield Flag.REPEAT
    if not spoken:
        return
    if spoken[0].text == COMMAND:
        yield Flag.COMMAND
    if not words and all([token.kind in _WORDLESS for token in spoken]):
        yield Flag.EMOTE_ONLY
    if not text.isascii() and len(_ART.findall(text)) > _ART_CHARS:
        yield Flag.ART
    elif words and is_unsupported(words):
        yield Flag.UNSUPPORTED


def _is_shouted(spoken: Sequence[Token]) -> bool:
    letters = sum([token.letters for token in spoken])
    return letters >= _CAPS_LETTERS and sum([token.capitals for token in spoken]) > _CAPS_SHARE * letters
