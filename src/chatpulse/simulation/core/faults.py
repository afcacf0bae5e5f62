"""What can go wrong on the way from Twitch, as values, and the bytes that go wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """One way in which a server or a line misbehaves."""

    CLOSE = "close"
    """Every connection is closed properly, after what was said."""
    RESET = "reset"
    """Every connection is cut (TCP RST); what is under way is lost."""
    SILENCE = "silence"
    """Every connection stays open and nothing more comes, no answer either: half open."""
    RECONNECT = "reconnect"
    """Every client is told to move to a new connection."""
    SPLIT_UTF8 = "split_utf8"
    """From now on each write ends in the middle of a character, where there is one of several bytes."""
    MALFORMED = "malformed"
    """Every client is sent `MALFORMED_LINES`."""
    LONG_LINE = "long_line"
    """Every client is sent a line of 64 KiB."""
    REFUSE_LOGIN = "refuse_login"
    """Nobody is let in for `for_s`."""
    REFUSE_CONNECT = "refuse_connect"
    """Nothing listens for `for_s`."""
    BAD_GATEWAY = "bad_gateway"
    """WebSocket upgrades get HTTP 502 for `for_s`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault and when it strikes: at a time, or behind a line."""

    kind: FaultKind
    at_s: float | None = None
    """Seconds after the server started; 0 is before the first client."""
    after_lines: int | None = None
    """Lines said so far, over all channels; exact."""
    for_s: float = float("inf")
    """How long the kinds that last do."""


MALFORMED_LINES = (
    b"@badges=;id",
    b":nobody",
    b"@emotes=25:04 :a!a@a.tmi.twitch.tv PRIVMSG",
    b"\xff\xfe\x80 PRIVMSG #\xc3\x28 :\xf0\x9f",
    b"@;;==;a=b=c;\\ : PRIVMSG",
    b"\x00\x01\x02",
)
LONG_TEXT_BYTES = 1 << 16


def long_line(channel: str) -> bytes:
    """A message far longer than Twitch allows."""
    return b":long!long@long.tmi.twitch.tv PRIVMSG #" + channel.encode() + b" :" + b"x" * LONG_TEXT_BYTES


def split_characters(data: bytes) -> Iterator[bytes]:
    """Cut bytes behind the first byte of every character that has several."""
    start = 0
    for position, byte in enumerate(data):
        if byte >= 0xC0:  # noqa: PLR2004 - UTF-8: only the first byte of several is that large
            yield data[start : position + 1]
            start = position + 1
    yield data[start:]


def cut_frames(data: bytes, *, size_bytes: int) -> Iterator[bytes]:
    """Cut whole lines into frames of about a size; a longer line gets a frame of its own."""
    start = 0
    while len(data) - start > size_bytes:
        end = data.rfind(b"\n", start, start + size_bytes) + 1 or data.find(b"\n", start) + 1
        if not end:
            break
        yield data[start:end]
        start = end
    if start < len(data):
        yield data[start:]
