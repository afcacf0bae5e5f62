"""Open a chat file as UTF-8 text in pieces: plain, gzip or zip, with or without byte order mark, also UTF-16 and -32.

Memory is bounded whatever the file holds: it is inflated and transcoded piece by piece. Everything that can be unzipped
comes out before the damage of a broken file is raised, so the good part is kept.
"""

import codecs
import itertools
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from chatpulse.errors import DamagedError, InputError

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
GZIP_WINDOW = 31
"""zlib's word for `gzip header and checksum, largest window`."""
READ_BYTES = 1 << 16
INFLATE_BYTES = 1 << 16
"""Most text that one step unzips; what the last step before a broken byte had found is lost with it."""
BINARY_SHARE = 0.05
"""Of control bytes in the first piece: random bytes hold 11 %, chat next to none."""
CONTROL_BYTES = bytes(set(range(32)) - set(b"\x01\t\n\r") | {127})
"""Bytes that text does without; \\x01 stands around `/me`."""
NESTED = 3
"""Archives in archives that are opened: gzip in zip is common, more than this is a trap."""
# The longer marks first: that of UTF-32 begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

DAMAGE = (zlib.error, EOFError, zipfile.BadZipFile)
"""What `read_pieces` raises where a file is cut off or broken, behind everything before it."""


def read_pieces(path: Path, *, what: str, should: str) -> Iterator[bytes]:
    """The text of a file in pieces.

    Args:
        path: the file.
        what: how errors name it: `recording`, `chat file`.
        should: what errors say it should be: "it should hold one raw IRC line per line".

    Yields:
        UTF-8 without byte order mark, at least one piece. Where the file is damaged, one of `DAMAGE` is raised behind
        everything before it.

    Raises:
        InputError: it is missing, not readable, empty or binary, or a zip of several files.
    """
    with ExitStack() as stack:
        source = stack.enter_context(_open(path, what))
        pieces: Iterator[bytes] = iter(lambda: source.read(READ_BYTES), b"")
        for _ in range(NESTED):
            head, pieces = _peek(pieces)
            if head.startswith(GZIP_MAGIC):
                pieces = _inflate(pieces)
            elif head.startswith(ZIP_MAGIC):
                pieces = stack.enter_context(_Member(path, what))
            else:
                break
        head, pieces = _peek(pieces)
        mark, encoding = next(((mark, name) for mark, name in _MARKS if head.startswith(mark)), (b"", "utf-8"))
        if encoding != "utf-8":
            pieces = _transcode(pieces, encoding)
            head, pieces = _peek(pieces)
        elif mark:
            pieces = itertools.chain([next(pieces)[len(mark) :]], pieces)
        if not head[len(mark) if encoding == "utf-8" else 0 :]:
            raise InputError(f"{what} {str(path)!r} is empty; {should}")
        if len(head) - len(head.translate(None, CONTROL_BYTES)) > len(head) * BINARY_SHARE:
            raise InputError(f"{what} {str(path)!r} is binary; {should}")
        yield from pieces


def describe_damage(path: Path, exc: BaseException, *, what: str, after: str) -> DamagedError:
    """The error that tells how far a damaged file was read; `after` as in "line 12 (12 lines were taken)"."""
    return DamagedError(f"{what} {str(path)!r} is damaged after {after} ({exc}); get the file again")


class _Member:
    """The one file in a zip archive, in pieces."""

    def __init__(self, path: Path, what: str) -> None:
        self._archive = zipfile.ZipFile(path)
        names = [info for info in self._archive.infolist() if not info.is_dir()]
        if len(names) != 1:
            self._archive.close()
            raise InputError(f"{what} {str(path)!r} is a zip of {len(names)} files; unpack it and name the files")
        try:
            self._file = self._archive.open(names[0])
        except (RuntimeError, NotImplementedError):
            self._archive.close()
            raise InputError(f"{what} {str(path)!r} is a locked zip; unpack it first") from None

    def __enter__(self) -> Iterator[bytes]:
        return iter(lambda: self._file.read(READ_BYTES), b"")

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._archive.close()


def _peek(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first piece that holds anything, and all of them."""
    first = next((piece for piece in pieces if piece), b"")
    return first, itertools.chain([first], pieces)


def _open(path: Path, what: str) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise InputError(f"{what} {str(path)!r} does not exist; check the path") from None
    except IsADirectoryError:
        raise InputError(f"{what} {str(path)!r} is a folder; name the files in it") from None
    except OSError as exc:
        raise InputError(f"{what} {str(path)!r} cannot be opened: {exc.strerror}; check its rights") from None


def _inflate(raw: Iterable[bytes]) -> Iterator[bytes]:
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


def _transcode(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Text of another encoding as UTF-8; what is none becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")
