"""Read the text logs of rustlog and justlog: `[YYYY-MM-DD HH:MM:SS] #channel user: text`, in UTC.

Without `user:` stands what the server said: a timeout or ban becomes a `Moderation`, another sentence the notice that
it announces. Both are marked `inferred`, because their fields are read out of a sentence.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from chatpulse.domain.chat import ChatMessage, Moderation, ModerationKind, TimeKind, UnknownNotice
from chatpulse.twitch.core.inferred import infer
from chatpulse.twitch.core.tags import to_int
from chatpulse.twitch.formats.lines import EMPTY_TEXT, broken, common_fields, fits_most, read_records, said
from chatpulse.twitch.formats.record import Head, Record, Skipped
from chatpulse.twitch.formats.times import DATE, SECOND_US, Stamp, clock_us, day_us

NAME: Final = "rustlog-text"

_LINE = re.compile(rf"\[{DATE} ([0-2][0-9]):([0-5][0-9]):([0-5][0-9])\] #([^ ]+) ?(.*)", re.DOTALL).fullmatch
_SAID = re.compile(r"([^ :]+):(?: (.*))?", re.DOTALL).fullmatch
_REMOVED = re.compile(r"([^ ]+) has been (?:timed out for ([0-9]+) seconds|(?:permanently )?banned)\.?").fullmatch
_CLEARED = re.compile(r"(?:the )?chat has been cleared.*", re.IGNORECASE).fullmatch


def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
    """Hand over a log.

    Args:
        pieces: the file in any chunking.
        head: learns that times are whole seconds.

    Yields:
        Batches in file order; each event names its channel.
    """
    head.precision_us = SECOND_US
    yield from read_records(pieces, _record)


def fits(first: bytes) -> bool:
    """Whether the beginning of a file looks like this."""
    return fits_most(first, _LINE)


def _record(line: str) -> Record:
    found = _LINE(line)
    midnight_us = day_us(found[1]) if found else None
    if not found or midnight_us is None:
        return broken(line, "no `[YYYY-MM-DD HH:MM:SS] #channel` in front")
    _, *clock, channel, rest = found.groups()
    stamp = Stamp(TimeKind.EPOCH, midnight_us + clock_us(*clock), SECOND_US)
    channel = channel.lower()
    if message := _SAID(rest):
        return said(line, stamp, user=message[1], text=message[2] or "", more={"channel": channel})
    if not rest:
        return Skipped(EMPTY_TEXT, line)
    return _server_said(line, stamp, channel=channel, sentence=rest)


def _server_said(line: str, stamp: Stamp, *, channel: str, sentence: str) -> Record:
    fields = common_fields(stamp) | {"channel": channel, "raw": line}
    if removed := _REMOVED(sentence):
        user, duration = removed.groups()
        kind = ModerationKind.TIMEOUT if duration else ModerationKind.BAN
        return Moderation(
            kind=kind, target_login=user.lower(), duration_s=to_int(duration or ""), inferred=True, **fields
        )
    if _CLEARED(sentence):
        return Moderation(kind=ModerationKind.CLEAR, inferred=True, **fields)
    user = sentence.partition(" ")[0]
    notice = infer(ChatMessage(user_login=user.lower(), user_name=user, text=sentence, **fields))
    if isinstance(notice, ChatMessage):
        return UnknownNotice(system_text=sentence, inferred=True, **fields)
    return notice
