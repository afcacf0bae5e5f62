"""Tell the format of a chat file from its first bytes.

Each reader says whether a beginning looks like its own: JSON by its keys, CSV by its first row, text by the shape of
most of its first 200 lines. What several readers take is ambiguous, and all their names come out: a log without a
header whose clock shows `[15:00:00]` may be Chatty's or the chat of a recording of sixteen hours.
"""

from typing import Final

from chatpulse.twitch.formats.lines import BOM
from chatpulse.twitch.formats.readers import READERS

DETECT_BYTES: Final = 262_144
"""A reader looks at no more than this."""

_USUAL: Final = {"irc": "irc", "csv": "csv", "log": "chatty", "txt": "time-user-message"}
"""What the end of a file's name speaks for; content decides whether it can be."""


def detect(first: bytes, *, name: str) -> tuple[str, ...]:
    """Name the formats that a file may have.

    Args:
        first: its beginning, UTF-8, unzipped.
        name: its file name; where content leaves several formats, the one that the name speaks for comes first.

    Returns:
        Names of formats, best first: one is sure, several are ambiguous, none is unknown.
    """
    first = first[:DETECT_BYTES].removeprefix(BOM)
    names = [reader.NAME for reader in READERS.values() if reader.fits(first)]
    usual = _USUAL.get(name.lower().rpartition(".")[2])
    return tuple(sorted(names, key=lambda candidate: candidate != usual))
