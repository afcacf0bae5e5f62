"""Read the JSON of rustlog and justlog: `messages` of an answer, JSON lines, and the short form without raw lines.

Where an entry has its raw IRC line, the line says everything. The short form has the tags and the text: they are put
together to a line again, which goes the same way. In it no entry names its channel.

Source: gempir/justlog, boring-nick/rustlog; the numbers of `type` are those of gempir/go-twitch-irc.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from chatpulse.domain.chat import Quarantined, Source
from chatpulse.twitch.core.irc import LineParser
from chatpulse.twitch.formats.irc_lines import line_record
from chatpulse.twitch.formats.json_array import Broken, read_records
from chatpulse.twitch.formats.lines import broken
from chatpulse.twitch.formats.record import Head, Record, Skipped
from chatpulse.twitch.formats.values import Id, has_key, instant_us, is_json, text_of

NAME: Final = "logs-json"
KEYS: Final = ("messages",)

_COMMANDS: Final = {"1": "PRIVMSG", "2": "CLEARCHAT", "4": "USERNOTICE", "6": "NOTICE", "13": "CLEARMSG"}
_NAMELESS: Final = "-"
"""Stands for the channel where an entry does not name it: a line needs one."""


class _Entry(msgspec.Struct, gc=False):
    raw: str | None = None
    text: str | None = None
    username: str | None = None
    display_name: str | None = msgspec.field(name="displayName", default=None)
    channel: str | None = None
    timestamp: str | None = None
    id: Id = None
    type: Id = None
    tags: dict[str, str | int | bool | None] | None = None

    def __post_init__(self) -> None:
        if self.raw is None and (self.text is None or self.timestamp is None):
            raise ValueError("neither a raw line nor a text with its time")


_decoder = msgspec.json.Decoder(_Entry, strict=False)
_ESCAPES: Final = str.maketrans({"\\": r"\\", ";": r"\:", " ": r"\s", "\r": r"\r", "\n": r"\n"})
_BREAKS: Final = str.maketrans({"\r": " ", "\n": " ", "\0": " "})


def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
    """Hand over the events of a log.

    Args:
        pieces: the file in any chunking.
        head: stays as it is; entries name their channel, or nothing does.

    Yields:
        Batches in file order.
    """
    del head
    parser = LineParser(Source.IMPORT)
    for items in read_records(pieces, _decoder, keys=KEYS):
        yield [
            broken(item.raw, item.reason) if isinstance(item, Broken) else _record(parser, item[0], item[1])
            for item in items
        ]


def fits(first: bytes) -> bool:
    """Whether its entries have a time and either a raw line or the fields of the short form."""
    return (
        is_json(first)
        and has_key(first, "timestamp", "text")
        and (has_key(first, "raw") or has_key(first, "displayName", "tags"))
    )


def _record(parser: LineParser, entry: _Entry, raw: str) -> Record:
    recorded_us = instant_us(entry.timestamp)
    event: Record | None = line_record(parser, entry.raw, recorded_us=recorded_us) if entry.raw else None
    if event is None or (isinstance(event, Quarantined) and entry.text is not None):
        event = line_record(parser, _line(entry), recorded_us=recorded_us)
        if isinstance(event, Quarantined):
            return broken(raw, event.reason)
        if not isinstance(event, Skipped):
            event = replace(event, raw=raw, channel=event.channel.removeprefix(_NAMELESS))
    return event


def _line(entry: _Entry) -> str:
    """The line that an entry was made of."""
    tags = {name: _value(value) for name, value in (entry.tags or {}).items()}
    tags.setdefault("id", text_of(entry.id))
    tags.setdefault("display-name", entry.display_name or "")
    user = (entry.username or tags.get("login") or entry.display_name or "").lower().replace(" ", "")
    command = _command(entry, tags)
    text = user if command == "CLEARCHAT" else (entry.text or "").translate(_BREAKS)
    written = ";".join(f"{name}={_escaped(value)}" for name, value in tags.items() if value)
    prefix = f"{user}!{user}@{user}.tmi.twitch.tv" if user and command == "PRIVMSG" else "tmi.twitch.tv"
    channel = (entry.channel or _NAMELESS).removeprefix("#")
    return f"@{written} :{prefix} {command} #{channel} :{text}"


def _command(entry: _Entry, tags: Mapping[str, str]) -> str:
    """What kind of line it was; the short form shows it by its tags only."""
    known = _COMMANDS.get(text_of(entry.type))
    if known:
        return known
    if "target-msg-id" in tags:
        return "CLEARMSG"
    if "target-user-id" in tags or "ban-duration" in tags:
        return "CLEARCHAT"
    return "USERNOTICE" if "system-msg" in tags else "PRIVMSG"


def _value(value: str | int | bool | None) -> str:  # noqa: FBT001
    if isinstance(value, bool):
        return "1" if value else "0"
    return text_of(value)


def _escaped(value: str) -> str:
    """A value as it stands in a line; some logs have it that way already."""
    return value if "\\" in value and " " not in value else value.translate(_ESCAPES)
