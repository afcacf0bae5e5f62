"""Read recorded chat off disk: files in, numbered lines with their recorded time out.

A recording is plain text or gzip (told apart by its first two bytes), one raw IRC line per line, with or without
`epoch_ms TAB` in front; a byte order mark, CR LF and empty lines are fine. What can be read of a damaged gzip is handed
over before the damage is reported. Memory is bounded whatever the file holds: gzip is inflated piece by piece, and a
line that does not end is cut after about `MAX_LINE_BYTES`, the rest of it becoming a line of its own.
"""

import heapq
import itertools
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from chatpulse.errors import ChatPulseError, DamagedError, InputError

GZIP_MAGIC = b"\x1f\x8b"
GZIP_WINDOW = 31
"""zlib's word for `gzip header and checksum, largest window`."""
READ_BYTES = 1 << 18
INFLATE_BYTES = 1 << 16
"""Most text that one step unzips; what the last step before a broken byte had found is lost with it."""
MAX_LINE_BYTES = 1 << 20
"""Far above Twitch's own, which stay under 9 KiB (8,191 bytes of tags and 512 more)."""
BINARY_SHARE = 0.05
"""Of control bytes in the first piece: random bytes hold 11 %, chat next to none."""
CONTROL_BYTES = bytes(set(range(32)) - set(b"\x01\t\n\r") | {127})
"""Bytes that text does without; \\x01 stands around `/me`."""
LAST_MS = 253_402_300_799_999
"""End of the year 9999, where calendars stop; a larger number in front of a line is no time."""
MS_DIGITS = 15

# Behind `;` or at the start only: what a reply quotes may hold the same words. Years 2001 to 2096, like the parser.
_SENT = re.compile(rb"@(?:[^ ]*;)?tmi-sent-ts=([1-3][0-9]{12})(?![^; ])").match


class RecordedLine(NamedTuple):
    """One line of a recording."""

    number: int
    """Counted from 1, empty lines included, as an editor shows it."""
    recorded_us: int | None
    """What the recording says about when; None for a bare line."""
    line: bytes
    file: int
    """Which of several files it comes from, counted from 0."""


def check_recording(path: Path) -> None:
    """Fail at once where a file cannot be read as a recording.

    Raises:
        InputError: it is missing, a folder, not readable, empty or binary.
        DamagedError: it begins as gzip does, and nothing of it can be unzipped.
    """
    if path.is_dir():
        raise InputError(f"recording {str(path)!r} is a folder; name the files in it")
    if path.is_file() or not path.exists():  # a pipe can be read only once
        try:
            next(_pieces(path))
        except (zlib.error, EOFError) as exc:
            raise DamagedError(_describe_damage(path, exc, line=0)) from None


def read_lines(path: Path, *, file: int = 0) -> Iterator[RecordedLine]:
    """Hand over a recording's lines that are not empty, in order.

    Args:
        path: plain text or gzip.
        file: what to write into `RecordedLine.file`.

    Yields:
        One value per line.

    Raises:
        DamagedError: the gzip stream is cut off or broken; all lines before have been handed over.
        InputError: the file cannot be opened, is binary or holds no line.
    """
    number = 0
    found = False
    try:
        for lines in _lines(path):
            for raw in lines:
                number += 1
                line = raw[:-1] if raw.endswith(b"\r") else raw
                if not line:
                    continue
                found = True
                head, tab, rest = line.partition(b"\t")
                if tab and head.isdigit() and len(head) <= MS_DIGITS and (ms := int(head)) <= LAST_MS:
                    yield RecordedLine(number, ms * 1_000, rest, file)
                else:
                    yield RecordedLine(number, None, line, file)
    except (zlib.error, EOFError) as exc:
        raise DamagedError(_describe_damage(path, exc, line=number)) from None
    if not found:
        raise InputError(f"recording {str(path)!r} is empty; it should hold one raw IRC line per line")


def merge_lines(paths: Sequence[Path]) -> Iterator[RecordedLine]:
    """Merge several recordings by time, holding one line of each.

    A bare line has the time of its `tmi-sent-ts` tag, else that of the line before. Each file keeps its own order.

    Yields:
        The lines of all files; those of a damaged file up to its damage, which is raised after everything else.
    """
    if len(paths) == 1:
        yield from read_lines(paths[0])
        return
    errors: list[ChatPulseError] = []
    timed = (_with_time(read_lines(path, file=number), errors) for number, path in enumerate(paths))
    for _, line in heapq.merge(*timed, key=lambda pair: pair[0]):
        yield line
    if errors:
        raise errors[0]


def time_of(line: RecordedLine) -> int | None:
    """When a line was said, as far as the recording tells: its own time, else its `tmi-sent-ts` tag."""
    if line.recorded_us is not None:
        return line.recorded_us
    found = _SENT(line.line)
    return int(found[1]) * 1_000 if found else None


def _with_time(lines: Iterator[RecordedLine], errors: list[ChatPulseError]) -> Iterator[tuple[int, RecordedLine]]:
    """Lines with what they merge by; one without a time follows its predecessor at once, because 0 is the smallest."""
    try:
        for line in lines:
            yield time_of(line) or 0, line
    except ChatPulseError as exc:
        errors.append(exc)


def _lines(path: Path) -> Iterator[list[bytes]]:
    rest = b""
    for piece in _pieces(path):
        lines = (rest + piece).split(b"\n")
        rest = lines.pop()
        if len(rest) > MAX_LINE_BYTES:
            lines.append(rest)
            rest = b""
        yield lines
    yield [rest]


def _pieces(path: Path) -> Iterator[bytes]:
    """The file's text in pieces, unzipped where need be, checked for being text, without byte order mark."""
    with _open(path) as file:
        head = file.read(READ_BYTES)
        raw = itertools.chain([head], iter(lambda: file.read(READ_BYTES), b""))
        pieces = _inflate(raw) if head.startswith(GZIP_MAGIC) else raw
        first = next(pieces, b"")
        if not first:
            raise InputError(f"recording {str(path)!r} is empty; it should hold one raw IRC line per line")
        if len(first) - len(first.translate(None, CONTROL_BYTES)) > len(first) * BINARY_SHARE:
            raise InputError(f"recording {str(path)!r} is binary; it should be text or gzip, one raw IRC line per line")
        yield first.removeprefix(b"\xef\xbb\xbf")
        yield from pieces


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise InputError(f"recording {str(path)!r} does not exist; check the path") from None
    except OSError as exc:
        raise InputError(f"recording {str(path)!r} cannot be opened: {exc.strerror}; check its rights") from None


def _inflate(raw: Iterator[bytes]) -> Iterator[bytes]:
    """Unzip members one after the other; everything that can be unzipped comes out before the error."""
    member = zlib.decompressobj(GZIP_WINDOW)
    for data in raw:
        while data:
            if member.eof:
                # Some writers fill up with zeros behind the last member.
                data = data.lstrip(b"\0")  # noqa: PLW2901
                if not data:
                    break
                member = zlib.decompressobj(GZIP_WINDOW)
            piece = member.decompress(data, INFLATE_BYTES)
            data = member.unused_data or member.unconsumed_tail  # noqa: PLW2901
            if piece:
                yield piece
    if not member.eof:
        raise EOFError("the gzip stream is cut off")


def _describe_damage(path: Path, exc: Exception, *, line: int) -> str:
    taken = f"the {line:,} lines before were taken" if line else "nothing of it can be read"
    return f"recording {str(path)!r} is damaged after line {line} ({exc}); {taken}; get the file again"
