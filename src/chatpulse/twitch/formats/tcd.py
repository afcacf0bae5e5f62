"""Read `[h:mm:ss] <name> text`, which tcd writes as its formats `irc` and `default`, into messages with offsets.

`irc` puts one character for the highest badge before the name and writes an action as `[h:mm:ss] *name text]`, with a
bracket that nothing opened. A name is all up to `>`: it may hold spaces and be in any script. Hours grow past 24.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from chatpulse.twitch.formats.lines import MOST, broken, read_records, said, sample_lines
from chatpulse.twitch.formats.record import Head, Record
from chatpulse.twitch.formats.times import OFFSET, SECOND_US, offset_stamp

NAME: Final = "irc"
BADGES: Final = {
    "~": "broadcaster/1",
    "&": "staff/1",
    "!": "admin/1",
    "*": "global_mod/1",
    "@": "moderator/1",
    "%": "subscriber/0",
    "+": "premium/1",
    "$": "bits/1",
}
"""What a prefix says. It keeps no version: these are the lowest; `+` also stands for turbo."""

_SAID = re.compile(rf"\[{OFFSET}\] <([~&!*@%+$]?)([^>]{{1,100}})>(?: (.*))?", re.DOTALL).fullmatch
_ACTION = re.compile(rf"\[{OFFSET}\] \*([^ ]+) (.*)", re.DOTALL).fullmatch
_OF_CHATTY = re.compile(
    r"# Log |\[0[0-9]:|\[[0-9]{2}:[0-9]{2}:[0-9]{2}\] (?:BAN: |MOD: |UNMOD: |\[Notification\]|Joining #|You have |~)"
).match


def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
    """Hand over the messages of a file.

    Args:
        pieces: the file in any chunking.
        head: learns that times are whole seconds.

    Yields:
        Batches in file order.
    """
    head.precision_us = SECOND_US
    yield from read_records(pieces, _record)


def fits(first: bytes) -> bool:
    """Whether the beginning of a file looks like this; a clock that writes `08:` is Chatty's."""
    lines = sample_lines(first)
    ours = sum(bool(_SAID(line) or _ACTION(line)) for line in lines)
    return bool(ours) and ours >= MOST * len(lines) and not any(map(_OF_CHATTY, lines))


def _record(line: str) -> Record:
    if found := _SAID(line):
        hours, minutes, seconds, fraction, prefix, user, text = found.groups()
        stamp = offset_stamp(hours, minutes, seconds, fraction=fraction)
        return said(line, stamp, user=user, text=text or "", more={"badges": BADGES.get(prefix, "")})
    if found := _ACTION(line):
        hours, minutes, seconds, fraction, user, text = found.groups()
        stamp = offset_stamp(hours, minutes, seconds, fraction=fraction)
        return said(line, stamp, user=user, text=text.removesuffix("]"), more={"action": True})
    return broken(line, "no `[h:mm:ss] <name> text`")
