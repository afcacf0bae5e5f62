"""Read what a recent-messages service answers: `messages`, an array of raw IRC lines, and an error or none.

The lines are those of the live connection with `historical=1` and the time of arrival added, their tags in any order.
An error beside them (`channel_not_joined`, say) becomes a skipped record that names it.

Source: recent-messages.robotty.de/api.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

import msgspec

from chatpulse.domain.chat import Source
from chatpulse.twitch.core.irc import LineParser
from chatpulse.twitch.formats.irc_lines import line_record
from chatpulse.twitch.formats.json_array import Broken, read_records
from chatpulse.twitch.formats.lines import broken
from chatpulse.twitch.formats.record import Head, Record, Skipped
from chatpulse.twitch.formats.values import UNREADABLE, has_key, is_object

NAME: Final = "recent-messages"
KEYS: Final = ("messages",)

_decoder = msgspec.json.Decoder(str)
_lists_lines = re.compile(rb'"messages"\s*:\s*\[\s*"[@:]').search


def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
    """Hand over the events of an answer.

    Args:
        pieces: the answer in any chunking.
        head: stays as it is; the lines name their channel.

    Yields:
        Batches in the order of the answer.
    """
    del head
    parser = LineParser(Source.IMPORT)
    members: dict[str, bytes] = {}
    for items in read_records(pieces, _decoder, keys=KEYS, members=members):
        yield [
            broken(item.raw, item.reason) if isinstance(item, Broken) else line_record(parser, item[0])
            for item in items
        ]
    if error := _text(members.get("error_code")) or _text(members.get("error")):
        yield [Skipped(f"the service says: {error}", error)]


def fits(first: bytes) -> bool:
    """Whether it is an object with a list of lines, or the error of such a service."""
    if not (is_object(first) and has_key(first, "messages")):
        return False
    return _lists_lines(first) is not None or has_key(first, "error_code")


def _text(raw: bytes | None) -> str:
    with suppress(*UNREADABLE):
        return _decoder.decode(raw or b"")
    return ""
