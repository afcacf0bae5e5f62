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
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import lru_cache
from itertools import chain
from operator import eq
from typing import NamedTuple
from unicodedata import normalize

import msgspec

from chatpulse.domain.chat import EmoteSpan
from chatpulse.domain.scores import Flag
from chatpulse.nlp.core.emotes import EMOJI, NO_EMOTES, SYMBOLS, ChannelEmotes, is_emote
from chatpulse.nlp.core.language import is_foreign, is_other_script
from chatpulse.nlp.core.lexicon.grammar import STOP_WORDS
from chatpulse.nlp.core.remembered import Remembered

NORMALISER_VERSION = "2"

USER, URL, COMMAND, CHEER = "<user>", "<url>", "<cmd>", "<cheer>"

_ACTION = "\x01ACTION "

# Soft hyphen, joiners, marks of direction, fillers, blank Braille, variation selectors, tags (U+E0000 among them).
_INVISIBLE = re.compile(
    f"({EMOJI.pattern})|[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_ART = re.compile("[\u2500-\u259f\u2801-\u28ff]")
_INSIDE = re.compile(rf"@\w+(?!\ufe0f?\u20e3)|{EMOJI.pattern}")
_LINK = re.compile(
    r"(?:https?://\S+|www\.\S+|(?:[\w-]+\.)+(?:com|net|org|tv|gg|io|be|me|ly|co|gl|app|dev|live)(?:/\S*)?)$",
    re.IGNORECASE,
)
_BANG = re.compile(r"!\d*+[^\W\d_]\w*+$")
_CHEER = re.compile(r"[A-Za-z]+([0-9]{1,7})$")
_EDGES = ".,!?;:\"'()[]{}*~|/\\<>=^`_\u2026\u201c\u201d\u2018\u00ab\u00bb"
"""Punctuation around a word."""
_RUN = re.compile(r"([^\W\d_]|[^\w\s])\1{3,}")
_NOT_KEY = re.compile(r"[\W_]+")

REMEMBERED_PIECES = 32_768
"""Pieces whose tokens are remembered, about 10 MB when full of chat..."""
_REMEMBERED_CHARS = 64
_REMEMBERED_TOKENS = 4
"""...and some 40 MB when full of malice: longer pieces, and those of more tokens, are read anew each time."""

REMEMBERED_SETS = 64
REMEMBERED_SET_PIECES = 4_096
"""The same for each of so many channels; most of its tokens are those that are remembered anyway."""

ATOM_CHARS = 64
TERM_CHARS = 40
"""No word is longer: what is, is not counted."""

# A copypasta is long enough that nobody types it by chance.
WAVE_WORDS = 4
WAVE_CHARS = 20
_WAVE_KEY_CHARS = 500

_CAPS_LETTERS = 4
_CAPS_SHARE = 0.7
_SHOUTED_CAPITALS = 3
"""What these two come to at least."""
_REPEAT_TOKENS = 4
_REPEAT_SHARE = 0.4
_ART_CHARS = 15


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    EMOTE = "emote"
    SYMBOL = "symbol"
    """An emoji, or a face made of characters."""
    COMMAND = "command"
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


_Read = Callable[[str], tuple[Token, ...]]
"""What makes tokens of a piece without spaces."""
_WORD, _EMOTE, _SYMBOL, _COMMAND = Kind.WORD, Kind.EMOTE, Kind.SYMBOL, Kind.COMMAND
_PLACEHOLDERS = {name: Token(name, name, Kind.PLACEHOLDER) for name in (USER, URL, CHEER)}
_PLACEHOLDERS[COMMAND] = Token(COMMAND, COMMAND, Kind.COMMAND)


class Normalised(msgspec.Struct, frozen=True, gc=False):
    """A text as the scorers, the counters and the wave detector want it."""

    tokens: tuple[Token, ...]
    atoms: tuple[str, ...]
    """The second form of each token."""
    counts: tuple[int, ...]
    """How often each token of `tokens` stands in a row."""
    emotes: tuple[str, ...]
    """Names of all emotes in order, repeats kept."""
    terms: tuple[str, ...]
    """Words and emotes for counting, each once."""
    wave_key: str
    """Equal for near-duplicates; empty for a text too short to be copied on purpose."""
    flags: tuple[Flag, ...]
    words: int
    """How many words were said, repeats counted."""
    action: bool

    @property
    def text(self) -> str:
        """The normalised text."""
        return " ".join(token.text for token in self.tokens)


def normalise(
    text: str,
    emotes: Sequence[EmoteSpan] = (),
    *,
    channel_emotes: ChannelEmotes = NO_EMOTES,
    bits: int = 0,
) -> Normalised:
    """Read one chat line; any text will do.

    Args:
        text: as it was said, with or without the `/me` wrapping.
        emotes: native emotes; ranges that overlap, lie outside the text, hold a space or are longer than any name are
            left out.
        channel_emotes: the channel's 7TV, BetterTTV and FrankerFaceZ emotes.
        bits: bits cheered with the message; without any, nothing is a cheer.

    Returns:
        The tokens and what follows from them.
    """
    action = text.startswith(_ACTION)
    if action:
        text = text.removeprefix(_ACTION).removesuffix("\x01")
    if emotes or bits or channel_emotes is not NO_EMOTES:
        read = _reader(channel_emotes)
        spoken = _cut(text, emotes, read=_with_cheers(read, channel_emotes.names, bits) if bits else read)
    else:
        spoken = tuple(chain.from_iterable(map(_read, text.split())))
    if not spoken:
        return Normalised((), (), (), (), (), "", (), 0, action)
    texts, atoms, kinds, terms, keys, capitals, letters = zip(*spoken)  # noqa: B905 - all alike; the check costs time
    words = list(filter(None, keys))
    distinct = len(set(texts))
    plain = text.isascii()
    flags = _flags(kinds, words, distinct, plain=plain)
    if sum(capitals) >= _SHOUTED_CAPITALS and _is_shouted(capitals, letters) and not text.islower():
        flags = Flag.CAPS, *flags
    if not plain and len(_ART.findall(text)) > _ART_CHARS:
        flags = *flags, Flag.ART
    tokens, counts = spoken, (1,) * len(spoken)
    if distinct < len(spoken) and any(map(eq, texts, texts[1:])):
        tokens, counts = _fold_repeats(spoken)
        atoms = tuple([token.atom for token in tokens])
    return Normalised(
        tokens,
        atoms,
        counts,
        tuple([token.text for token in spoken if token.kind is _EMOTE]) if _EMOTE in kinds else (),
        tuple(dict.fromkeys(filter(None, terms))),
        _wave_key(words) if len(words) >= WAVE_WORDS or not plain else "",
        flags,
        len(words),
        action,
    )


def _cut(text: str, emotes: Sequence[EmoteSpan], *, read: _Read) -> tuple[Token, ...]:
    """Tokens in order, native emotes cut out first."""
    spoken: list[Token] = []
    at = 0
    for start, end in sorted([(span.start, span.end + 1) for span in emotes]):
        name = text[start : min(end, start + ATOM_CHARS)]
        if at <= start < end <= min(len(text), start + ATOM_CHARS) and name.split(None, 1) == [name]:
            spoken += chain.from_iterable(map(read, text[at:start].split()))
            spoken.append(_emote(name))
            at = end
    spoken += chain.from_iterable(map(read, text[at:].split()))
    return tuple(spoken)


@lru_cache(maxsize=REMEMBERED_SETS)
def _reader(channel_emotes: ChannelEmotes) -> _Read:
    """What reads a piece that may be one of a channel's emotes; it remembers what it has read."""
    if channel_emotes is NO_EMOTES:
        return _read

    def read(piece: str) -> tuple[Token, ...]:
        name = _drop_invisible(piece)
        if name not in channel_emotes.names:
            return _read(piece)
        if name not in channel_emotes.zero_width:
            return (_emote(name),) if name else ()
        return (_decoration(name),)

    return Remembered(read, most=REMEMBERED_SET_PIECES, keeps=_is_small).__getitem__


def _with_cheers(read: _Read, names: frozenset[str], bits: int) -> _Read:
    """What reads a piece of a message that cheers."""

    def read_cheer(piece: str) -> tuple[Token, ...]:
        name = _drop_invisible(piece)
        if name not in names and (cheer := _CHEER.match(name)) and int(cheer[1]) <= bits:
            return (_PLACEHOLDERS[CHEER],)
        return read(piece)

    return read_cheer


def _read_anew(piece: str) -> tuple[Token, ...]:
    """Tokens of a piece without spaces, as it was said."""
    visible = _drop_invisible(piece)
    return _read_piece(visible) if visible else ()


def _is_small(piece: str, tokens: tuple[Token, ...]) -> bool:
    return len(piece) <= _REMEMBERED_CHARS and len(tokens) <= _REMEMBERED_TOKENS


_pieces = Remembered(_read_anew, most=REMEMBERED_PIECES, keeps=_is_small)
_read = _pieces.__getitem__


def _drop_invisible(piece: str) -> str:
    return piece if piece.isascii() else _INVISIBLE.sub(r"\1", piece)


def _read_piece(piece: str) -> tuple[Token, ...]:
    """Tokens of a visible piece; a step that changes the piece reads the result anew."""
    if whole := _read_whole(piece):
        return (whole,)
    if piece.isascii():
        # Most pieces that are new are plain words: steps 5, 6 and 7 cannot touch them.
        if piece.isalpha() and not _RUN.search(piece):
            return (_word(piece),)
    else:
        plain = normalize("NFKC", piece).replace("\u2019", "'")
        if plain != piece:
            plain = _drop_invisible(plain)  # what belonged to an emoji that is none any more
            return tuple([token for part in plain.split() for token in _read_piece(part)])
    shorter = _RUN.sub(r"\1\1\1", piece)
    if shorter != piece:
        return _read_piece(shorter)
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
    if is_emote(piece):
        return _emote(piece)
    if piece in SYMBOLS:
        return _symbol(piece)
    if piece.isalpha():
        return None
    if piece in _PLACEHOLDERS:
        return _PLACEHOLDERS[piece]
    if ("." in piece or "://" in piece) and _LINK.match(piece):
        return _PLACEHOLDERS[URL]
    return _PLACEHOLDERS[COMMAND] if _BANG.match(piece) else None


def _read_segment(segment: str) -> Iterator[Token]:
    """Tokens of a segment without emoji and mentions: punctuation at its edges, and what stands between."""
    if not segment:
        return
    if whole := _read_whole(segment):
        yield whole
        return
    core = segment.strip(_EDGES)
    start = segment.index(core)
    end = start + len(core)
    if start:
        yield _mark(segment[:start])
    if core:
        yield _read_whole(core) or _word(core)
    if segment[end:]:
        yield _mark(segment[end:])


@lru_cache(maxsize=4_096)
def _emote(name: str) -> Token:
    return Token(name, f"<e:{name[:ATOM_CHARS]}>", _EMOTE, name[:ATOM_CHARS])


@lru_cache(maxsize=1_024)
def _decoration(name: str) -> Token:
    """A zero-width emote: it is counted like others, and no model knows its atom."""
    return Token(name, f"<z:{name[:ATOM_CHARS]}>", _EMOTE, name[:ATOM_CHARS])


def _symbol(symbol: str) -> Token:
    return Token(symbol, symbol[:ATOM_CHARS], _SYMBOL, "" if symbol.isascii() else symbol)


def _mark(marks: str) -> Token:
    return _symbol(marks) if marks in SYMBOLS else Token(marks, marks[:ATOM_CHARS], Kind.MARK)


def _word(word: str) -> Token:
    lower = word.lower()
    if lower == word:
        lower = word  # one string in memory, whatever it is used for
    plain = word.isalpha()
    letters = len(word) if plain else sum(map(str.isalpha, word))
    key = lower if plain else _NOT_KEY.sub("", lower)
    if not key:
        return _mark(word)
    capitals = 0 if word is lower else sum(map(str.isupper, word))
    term = lower if 1 < len(lower) <= TERM_CHARS and letters and lower not in STOP_WORDS else ""
    return Token(word, lower[:ATOM_CHARS], _WORD, term, key, capitals, letters)


def _fold_repeats(spoken: Sequence[Token]) -> tuple[tuple[Token, ...], tuple[int, ...]]:
    """Each run of one token as that token and a count."""
    tokens: list[Token] = []
    counts: list[int] = []
    for token in spoken:
        if tokens and token == tokens[-1]:
            counts[-1] += 1
        else:
            tokens.append(token)
            counts.append(1)
    return tuple(tokens), tuple(counts)


def _wave_key(words: Sequence[str]) -> str:
    """Words without emotes and punctuation, so that interleaved copies agree."""
    key = " ".join(words)
    return key[:_WAVE_KEY_CHARS] if len(key) >= WAVE_CHARS else ""


def _flags(kinds: tuple[Kind, ...], words: Sequence[str], distinct: int, *, plain: bool) -> tuple[Flag, ...]:
    """What the tokens say about their text."""
    flags: tuple[Flag, ...] = ()
    if distinct < len(kinds) and len(kinds) >= _REPEAT_TOKENS and distinct < _REPEAT_SHARE * len(kinds):
        flags = (Flag.REPEAT,)
    if kinds[0] is _COMMAND:
        return *flags, Flag.COMMAND
    if words:
        foreign = is_foreign(words) or (not plain and is_other_script(words))
        return (*flags, Flag.UNSUPPORTED) if foreign else flags
    return (*flags, Flag.EMOTE_ONLY) if kinds.count(_EMOTE) + kinds.count(_SYMBOL) == len(kinds) else flags


def _is_shouted(capitals: Sequence[int], letters: Sequence[int]) -> bool:
    """Whether a text of some length is mostly capitals."""
    total = sum(letters)
    return total >= _CAPS_LETTERS and sum(capitals) > _CAPS_SHARE * total
