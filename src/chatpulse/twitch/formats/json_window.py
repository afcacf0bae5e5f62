"""Move through a JSON document of which only a part is in memory.

The window begins where reading stands and grows on demand, at least twofold, so that trying again after each growth
costs no more than twice. Where a value ends is asked of a decoder that is told to read to the end of the data: it
complains about trailing characters and says where they begin.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec

from chatpulse.errors import ChatPulseError

SPACE: Final = b" \t\r\n"
TRUNCATED: Final = "Input data was truncated"
"""What the decoder says where a value goes on behind the data."""
TOO_DEEP: Final = "nested too deeply"

_TRAILING: Final = "JSON is malformed: trailing characters (byte "
_SEAM_BYTES: Final = 64
"""Room for the last brackets of a record."""
_SEEK_KEPT_BYTES: Final = 256
"""Room for a key and the bracket behind it, where a search goes on in the next piece."""

_gap = re.compile(rb"(?:[\s,]++|//[^\n]*+\n|/\*(?:[^*]|\*(?!/))*+\*/)*+")
_last_brackets = re.compile(rb"(?:\s*\}){1,16}\Z")
_first_key = re.compile(rb'\{\s*+"[^"\\]{1,40}"')
_skip = msgspec.json.Decoder(msgspec.Raw).decode


class Seam(NamedTuple):
    """The bytes between two records, from the last brackets of the one to the first key of the other."""

    text: bytes
    cut: int
    """How many of them belong to the first."""


class Window:
    """The part of a document that is in memory, and how far it is read."""

    def __init__(self, pieces: Iterable[bytes], *, chunk_bytes: int, most_bytes: int) -> None:
        self.data = b""
        self.at = 0
        self.passed = 0
        """Bytes before `data`."""
        self.ended = False
        self.damage: ChatPulseError | None = None
        """What ended it, when that was not its end."""
        self._pieces = iter(pieces)
        self._chunk_bytes = chunk_bytes
        self._most_bytes = most_bytes
        """No value or comment is waited for that is longer."""

    def __len__(self) -> int:
        """How many bytes lie ahead."""
        return len(self.data) - self.at

    def grow(self) -> bool:
        """Read on; False at the end of the document."""
        if self.ended:
            return False
        parts = [self.data[self.at :]]
        wanted = max(self._chunk_bytes, len(self))
        while wanted > 0:
            try:
                piece = next(self._pieces, None)
            except ChatPulseError as exc:
                piece, self.damage = None, exc
            if piece is None:
                self.ended = True
                break
            parts.append(piece)
            wanted -= len(piece)
        self.passed += self.at
        self.data, self.at = b"".join(parts), 0
        return True

    def ensure(self, size_bytes: int) -> None:
        """Have so much ahead, unless the document ends before."""
        while len(self) < size_bytes and self.grow():
            pass

    def mark(self) -> bytes:
        """Go to the next byte that is not space, comma or comment, and say it; empty at the end."""
        while True:
            gap = _gap.match(self.data, self.at)
            self.at = gap.end() if gap else self.at
            found = self.data[self.at : self.at + 1]
            # A slash begins a comment whose end is not here yet; an endless one is not waited for.
            if (found and found != b"/") or len(self) > self._most_bytes or not self.grow():
                return found

    def take(self, end: int) -> bytes:
        """Hand out what stands before a place, and go there."""
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def value_end(self) -> tuple[int, str]:
        """Where the value that begins here ends, reading on as long as it does; -1 and why when it is no JSON."""
        while True:
            end, reason = end_of_value(self.data, self.at, len(self.data))
            unsure = end == len(self.data) or (reason == TRUNCATED and len(self) <= self._most_bytes)
            if not (unsure and self.grow()):
                return end, reason

    def seam(self, end: int) -> Seam | None:
        """What stands between the record here and the one before it, which ended at that byte of the document."""
        at = end - self.passed
        if at <= 0:
            return None
        before = _last_brackets.search(self.data, max(0, at - _SEAM_BYTES), at)
        after = _first_key.match(self.data, self.at)
        if before is None or after is None:
            return None
        return Seam(self.data[before.start() : after.end()], at - before.start())

    def seek(self, pattern: re.Pattern[bytes]) -> bool:
        """Go behind the next place that fits; where there is none, to the end."""
        while not (found := pattern.search(self.data, self.at)):
            self.at = max(self.at, len(self.data) - _SEEK_KEPT_BYTES)
            if not self.grow():
                self.at = len(self.data)
                return False
        self.at = found.end()
        return True


def end_of_value(data: bytes, at: int, stop: int) -> tuple[int, str]:
    """Where the value that begins at a byte ends, spaces behind it included; -1 and why when it is no JSON."""
    try:
        _skip(memoryview(data)[at:stop])
    except msgspec.DecodeError as exc:
        reason = str(exc)
        return (at + int(reason[len(_TRAILING) : -1]) - 1, "") if reason.startswith(_TRAILING) else (-1, reason)
    except RecursionError:
        return -1, TOO_DEEP
    return stop, ""
