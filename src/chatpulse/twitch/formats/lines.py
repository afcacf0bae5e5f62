"""Turn bytes in pieces of any size into lines, and lines into records, in memory that no file can grow.

A line ends at LF, with or without CR, and blank lines are none. One that is not UTF-8 or longer than any line of chat
becomes a `Quarantined`. When the bytes end in damage, the whole lines before it come out first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from chatpulse.domain.chat import ChatMessage, Quarantined, Source, TimeKind
from chatpulse.errors import ChatPulseError
from chatpulse.twitch.core.irc import MAX_LINE_BYTES, LineFramer
from chatpulse.twitch.formats.record import Record, Skipped
from chatpulse.twitch.formats.times import Stamp

BATCH_RECORDS: Final = 1_000
BOM: Final = b"\xef\xbb\xbf"
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
EMPTY_TEXT: Final = "empty text"
"""Deleted messages stay in some files without their words."""
STATUS_LINE: Final = "status line"
"""What the program that wrote the log says about itself and the room."""
SAMPLE_LINES: Final = 200
"""Enough to know a format by, and read in a millisecond."""
MOST: Final = 0.5
"""Share of the lines that must fit: the rest may be broken or of another kind."""


def read_lines(pieces: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Cut bytes into lines; what `pieces` raises is raised after the lines before it.

    Args:
        pieces: the file, in any chunking.

    Yields:
        `BATCH_RECORDS` lines that are not blank, without their ends; fewer at the end.
    """
    waiting: list[bytes] = []
    damage: list[ChatPulseError] = []
    for lines in _cut(pieces, damage):
        waiting += [line for line in lines if not line.isspace()]
        full = len(waiting) - len(waiting) % BATCH_RECORDS
        for start in range(0, full, BATCH_RECORDS):
            yield waiting[start : start + BATCH_RECORDS]
        del waiting[:full]
    if waiting:
        yield waiting
    if damage:
        raise damage[0]


def read_records(pieces: Iterable[bytes], make: Callable[[str], Record]) -> Iterator[list[Record]]:
    """Make a record of each line.

    Args:
        pieces: the file, in any chunking.
        make: what turns a line into its record.

    Yields:
        As many records as lines.
    """
    for lines in read_lines(pieces):
        yield [make(text) if isinstance(text, str) else text for text in map(decode_line, lines)]


def decode_line(line: bytes) -> str | Quarantined:
    """Make text of a line, or say why it is none."""
    if len(line) > MAX_LINE_BYTES:
        return broken(line, f"longer than {MAX_LINE_BYTES} bytes")
    try:
        return line.decode()
    except UnicodeDecodeError as exc:
        return broken(line, f"byte {line[exc.start]:#04x} at {exc.start} is not UTF-8")


def said(raw: str, stamp: Stamp, *, user: str, text: str, login: str = "", more: Mapping[str, Any] = NOTHING) -> Record:
    """Make the message of a line.

    Args:
        raw: the record as it stands in the file.
        stamp: when.
        user: the display name.
        text: what was said; white space alone says nothing.
        login: the login. Where a file does not have it, the display name in lower case stands in: as a rule the same,
            and for a name in another script still one key for one user.
        more: further fields of `ChatMessage`.

    Returns:
        The message, or `Skipped` where nothing was said.
    """
    if not text or text.isspace():
        return Skipped(EMPTY_TEXT, raw)
    fields = {**common_fields(stamp), **more}
    return ChatMessage(user_login=(login or user).lower(), user_name=user, text=text, raw=raw, **fields)


def common_fields(stamp: Stamp) -> dict[str, Any]:
    """The fields that every event of a file has."""
    return {
        "id": "",
        "ts_us": stamp.us,
        "received_us": 0,
        "time_kind": stamp.kind,
        "precision_us": stamp.precision_us,
        "source": Source.IMPORT,
    }


def broken(raw: str | bytes, reason: str) -> Quarantined:
    """Keep what cannot be understood."""
    raw = raw.encode() if isinstance(raw, str) else raw
    return Quarantined(
        id="", ts_us=0, received_us=0, time_kind=TimeKind.NONE, source=Source.IMPORT, reason=reason, raw=raw
    )


def sample_lines(first: bytes) -> list[str]:
    """The first lines of a file's first piece; one that the end of the piece cuts is left out."""
    lines = first.removeprefix(BOM).split(b"\n", SAMPLE_LINES)
    if len(lines) > 1:
        lines.pop()
    texts = [line.decode(errors="replace").removesuffix("\r") for line in lines]
    return [text for text in texts if text and not text.isspace()]


def fits_most(first: bytes, match: Callable[[str], object], *, share: float = MOST) -> bool:
    """Whether at least this share of a file's first lines is of a kind."""
    lines = sample_lines(first)
    return bool(lines) and sum(bool(match(line)) for line in lines) >= share * len(lines)


def _cut(pieces: Iterable[bytes], damage: list[ChatPulseError]) -> Iterator[list[bytes]]:
    """The lines that each piece completes. A line that damage cuts off is no good part: it is left out."""
    framer = LineFramer()
    try:
        for piece in pieces:
            yield framer.feed(piece)
    except ChatPulseError as exc:
        damage.append(exc)
    else:
        yield framer.feed(b"\n")
