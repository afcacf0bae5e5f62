"""Read IRC lines that stand inside JSON, by the parser that live chat goes through."""

import re
from typing import Final

from chatpulse.domain.chat import ProtocolLine
from chatpulse.twitch.core.irc import LineParser
from chatpulse.twitch.formats.raw_irc import PROTOCOL_LINE
from chatpulse.twitch.formats.record import Record, Skipped

_LINE_ENDS: Final = "\r\n"
_received_ms = re.compile(r"@(?:[^ ]*;)?rm-received-ts=([0-9]{13})[; ]").match


def line_record(parser: LineParser, line: str, *, recorded_us: int | None = None) -> Record:
    """Make the record of one line.

    Args:
        parser: that of the file, which numbers equal lines.
        line: as it stands in the file.
        recorded_us: the time beside the line; a history's time of arrival counts in its place.

    Returns:
        The event; for what the protocol says about itself a `Skipped`.
    """
    line = line.strip(_LINE_ENDS)
    if received := _received_ms(line):
        recorded_us = int(received[1]) * 1_000
    event = parser.parse(line.encode("utf-8", "replace"), received_us=0, recorded_us=recorded_us)
    return Skipped(PROTOCOL_LINE, line) if isinstance(event, ProtocolLine) else event
