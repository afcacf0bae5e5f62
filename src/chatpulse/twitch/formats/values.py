"""What the JSON formats of comments write alike: ids, times, badges, fragments of text with their emotes.

A place of an emote in a file is not believed: tools count its end in three ways, and where names in a text were
replaced, places are stale. The fragments of a text are exact: an emote is where its fragment stands in the final text.
Places count only in files without fragments; of the three ends the one counts that makes a word of the text.
"""

import re
import statistics
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Annotated, Final

import msgspec

from chatpulse.domain.chat import EmoteSpan, Source, TimeKind
from chatpulse.twitch.formats.times import SECOND_US, read_time

MS_US: Final = 1_000
LARGEST_S: Final = 10**9
"""No recording is thirty years long."""
AGREE_US: Final = 2 * SECOND_US
"""How far times of writing may lie apart, once offsets are taken off, to say when a recording started..."""
AGREE_SHARE: Final = 0.9
"""...for so many of the comments..."""
AGREE_LEAST: Final = 3
"""...and at least this many."""

OFFSET: Final = TimeKind.OFFSET
IMPORT: Final = Source.IMPORT
"""By these names they are looked up in a fifth of the time."""
NO_RAW: Final = msgspec.Raw(b"null")
NOTHING: Final = frozenset({b"", b"null", b"[]", b"{}"})
UNREADABLE: Final = (msgspec.DecodeError, ValueError, RecursionError)
"""What reading a part of a record can raise: its shape, its numbers or bytes, its depth."""

Id = str | int | None
"""What some writers have as text and others as a number."""


OffsetS = Annotated[float, msgspec.Meta(ge=-LARGEST_S, le=LARGEST_S)]
"""A place in a recording, seconds after its start."""


class Emote(msgspec.Struct, gc=False):
    """Which emote a fragment is, in the spellings of all ages."""

    modern_id: Id = msgspec.field(name="emoteID", default=None)
    older_id: Id = msgspec.field(name="emoticon_id", default=None)
    placed_id: Id = msgspec.field(name="id", default=None)
    """`id;first;last`."""

    def name(self) -> str:
        """Its id; empty for an object that is no emote."""
        return text_of(self.older_id or self.modern_id) or text_of(self.placed_id).partition(";")[0]


class Fragment(msgspec.Struct, gc=False):
    """A piece of a text: words, or one emote."""

    text: str | None = None
    emote: Emote | None = None


class OlderFragment(msgspec.Struct, gc=False):
    """The same in version 5 of Twitch's API."""

    text: str | None = None
    emote: Emote | None = msgspec.field(name="emoticon", default=None)


class Placed(msgspec.Struct, gc=False):
    """An emote by its place in the text."""

    id: Id = msgspec.field(name="_id", default=None)
    begin: int = -1
    end: int = -1


class _Badge(msgspec.Struct, gc=False):
    set_id: Id = msgspec.field(name="setID", default=None)
    older_id: Id = msgspec.field(name="_id", default=None)
    badge: Id = None
    name: Id = None
    version: Id = None


_before = re.compile(rb"(?:\s|//[^\n]*\n|/\*(?:[^*]|\*(?!/))*\*/)*+")
_placed = msgspec.json.Decoder(list[Placed | None], strict=False).decode
_badges = msgspec.json.Decoder(list[_Badge | None], strict=False).decode


def is_object(first: bytes) -> bool:
    """Whether a document is an object, as far as its beginning says."""
    return _opens(first, b"{")


def is_json(first: bytes) -> bool:
    """Whether a document is an object or an array, as far as its beginning says."""
    return _opens(first, b"{") or _opens(first, b"[")


def has_key(first: bytes, *names: str) -> bool:
    """Whether a beginning of JSON has all these keys somewhere; inside a text, their quotes would be escaped."""
    return all(re.search(rf'"{name}"\s*:'.encode(), first) for name in names)


def text_of(value: Id) -> str:
    """An id as text."""
    return value if isinstance(value, str) else "" if value is None else str(value)


def count_of(value: str | float | None) -> int:
    """A count, whatever it is written as; 0 where it is none."""
    try:
        return max(0, int(value or 0))
    except (ValueError, OverflowError):
        return 0


def instant_us(text: str | None) -> int | None:
    """Read a date with a time, which is UTC where it names no zone; None where it is none, or before 1970."""
    stamp = read_time(text) if text else None
    return stamp.us if stamp and stamp.kind is TimeKind.EPOCH and stamp.us > 0 else None


def offset_us(seconds: float) -> int:
    """Read a place in a recording.

    Returns:
        Microseconds after its start.

    Raises:
        ValueError: it is none.
    """
    if not abs(seconds) < LARGEST_S:
        raise ValueError(f"{seconds} s is no place in a recording")
    return round(seconds * SECOND_US)


def precision_us(offsets_s: Sequence[float]) -> int:
    """How exact the offsets of a file are, seen from its first ones: whole seconds where all are whole."""
    return SECOND_US if offsets_s and all(offset.is_integer() for offset in offsets_s) else MS_US


def start_us(stamps: Iterable[tuple[int | None, float]], *, precision_us: int) -> int | None:
    """Find out when a recording started from when comments were written and where they stand.

    Args:
        stamps: both for each comment: microseconds since 1970, and seconds after the start.
        precision_us: how exact the offsets are.

    Returns:
        Microseconds since 1970; None where the comments do not agree, as in recordings that were uploaded again.
    """
    starts = sorted(at_us - offset_us(offset_s) for at_us, offset_s in stamps if at_us and abs(offset_s) < LARGEST_S)
    if len(starts) < AGREE_LEAST:
        return None
    start = int(statistics.median(starts))
    if sum(abs(other - start) <= AGREE_US for other in starts) < AGREE_SHARE * len(starts):
        return None
    # Whole seconds are rounded down: the middle comment was written half a second after its offset.
    return start - precision_us // 2 if precision_us >= SECOND_US else start


@lru_cache(maxsize=4_096)
def read_badges(raw: bytes) -> str:
    """Read a list of badges as `name/version,...`; few occur, over and over. Badges without a name are left out."""
    if raw in NOTHING:
        return ""
    named = [(text_of(b.set_id or b.older_id or b.badge or b.name), text_of(b.version)) for b in _badges(raw) if b]
    return ",".join(f"{name}/{version}" if version else name for name, version in named if name)


def joined(fragments: Iterable[Fragment | OlderFragment]) -> str:
    """The text that fragments make up."""
    return "".join([fragment.text for fragment in fragments if fragment.text])


def spans_of(text: str, fragments: Iterable[Fragment | OlderFragment]) -> tuple[EmoteSpan, ...]:
    """Place the emotes of fragments in the text that they make up, or nearly so."""
    spans: list[EmoteSpan] = []
    at = free = 0
    for fragment in fragments:
        said = fragment.text or ""
        emote = fragment.emote
        if emote is not None and said and (emote_id := emote.name()):
            if not text.startswith(said, at):
                found = text.find(said, free)
                if found < 0:
                    continue
                at = found
            free = at + len(said)
            spans.append(EmoteSpan(emote_id, said, at, free - 1))
        at += len(said)
    return tuple(spans)


def spans_at(text: str, raw: bytes) -> tuple[EmoteSpan, ...]:
    """Place emotes by their places, where a file has nothing better."""
    spans: list[EmoteSpan] = []
    free = 0
    for emote in sorted((emote for emote in _placed(raw) if emote), key=_begin) if raw not in NOTHING else ():
        start = emote.begin
        # Inclusive in version 5 of Twitch's API, one or two too far in what came after.
        ends = (end for end in (emote.end, emote.end - 1, emote.end - 2) if _is_word(text, start, end))
        end = next(ends, -1)
        if start >= free and end >= 0:
            spans.append(EmoteSpan(text_of(emote.id), text[start : end + 1], start, end))
            free = end + 1
    return tuple(spans)


def _opens(first: bytes, bracket: bytes) -> bool:
    found = _before.match(first)
    return first.startswith(bracket, found.end() if found else 0)


def _begin(emote: Placed) -> int:
    return emote.begin


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether this is a word of its own; an emote always is."""
    if not (0 <= start <= end < len(text)) or (start and not text[start - 1].isspace()):
        return False
    return (end + 1 == len(text) or text[end + 1].isspace()) and not any(map(str.isspace, text[start : end + 1]))
