"""Read what chat-downloader writes, JSON or JSON lines, in every layout that it had, and what Ganymede writes alike.

Every field is optional, so fields are read for what they can mean:

- A record with a place in the recording (`time_in_seconds`, else `time_text`) counts from its start; its `timestamp`
  may be when it was written, or when the account was made, so it says when the recording started only if all records
  agree. A record without a place has happened at `timestamp`.
- `timestamp` is in microseconds; early files have milliseconds. Its size tells.
- `message_id` is the id of the message. A bare `id` is that of the author where author fields stand flat beside it.
- Types other than messages become the notice or moderation that they name; early files cut `privmsg` to `privm`. What
  the connection said about itself is skipped.

Source: docs/items.rst and sites/twitch.py of xenova/chat-downloader; live chat files of Zibbp/ganymede.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from msgspec.structs import replace

from chatpulse.domain.chat import ChatMessage, Source, TimeKind
from chatpulse.twitch.core.messages import find_emotes
from chatpulse.twitch.formats.chat_downloader_types import MESSAGE_TYPES, other_record
from chatpulse.twitch.formats.json_array import Broken, Item, read_records
from chatpulse.twitch.formats.lines import broken
from chatpulse.twitch.formats.record import Head, Record
from chatpulse.twitch.formats.times import SECOND_US, Stamp, read_time
from chatpulse.twitch.formats.values import (
    MS_US,
    NO_RAW,
    NOTHING,
    UNREADABLE,
    Id,
    count_of,
    has_key,
    is_json,
    offset_us,
    precision_us,
    read_badges,
    start_us,
    text_of,
)

NAME: Final = "chat-downloader"


class _Author(msgspec.Struct, gc=False):
    id: Id = None
    name: str | None = None
    display_name: str | None = None
    badges: msgspec.Raw = NO_RAW


class _Reply(msgspec.Struct, gc=False):
    message_id: Id = None
    parent_msg_id: Id = None


class Said(msgspec.Struct, gc=False):
    """A record of any layout."""

    message: str | None = None
    message_type: str | None = None
    action_type: str | None = None
    message_id: Id = None
    id: Id = None
    timestamp: float | str | None = None
    time_in_seconds: float | None = None
    time_text: str | None = None
    author: _Author | None = None
    author_id: Id = None
    author_name: str | None = None
    author_display_name: str | None = None
    author_badges: msgspec.Raw = NO_RAW
    badge_info: msgspec.Raw = NO_RAW
    emotes: msgspec.Raw = NO_RAW
    channel_id: Id = None
    bits: float | str | None = None
    bits_spent: float | str | None = None
    in_reply_to: _Reply | None = None
    reply: _Reply | None = None
    is_first_message: bool | None = None
    is_action: bool | None = None
    custom_reward_id: str | None = None

    def __post_init__(self) -> None:
        """Refuse the other objects of such a file."""
        if self.message is None and self.message_type is None:
            raise ValueError("neither a message nor its type")


class _Emote(msgspec.Struct, gc=False):
    id: Id = None
    locations: str | list[str] | None = None


class _Months(msgspec.Struct, gc=False):
    badge: str | None = None
    name: str | None = None
    months: int | None = None


_decoder = msgspec.json.Decoder(Said, strict=False)
_emotes = msgspec.json.Decoder(list[_Emote | None], strict=False).decode
_months = msgspec.json.Decoder(list[_Months | None], strict=False).decode
_NOBODY: Final = _Author()


def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
    """Hand over the records of a file.

    Args:
        pieces: the file in any chunking.
        head: learns how exact places are, and when the recording started where the records agree.

    Yields:
        Batches in file order.
    """
    looked = False
    for items in read_records(pieces, _decoder):
        if not looked:
            looked = True
            _look(items, head)
        yield [
            broken(item.raw, item.reason)
            if isinstance(item, Broken)
            else _record(item[0], item[1], precision_us=head.precision_us)
            for item in items
        ]


def fits(first: bytes) -> bool:
    """Whether its records have a message with a type or a time; comments of Twitch's own interfaces are others."""
    if not (is_json(first) and has_key(first, "message")):
        return False
    if has_key(first, "content_offset_seconds") or has_key(first, "contentOffsetSeconds"):
        return False
    return any(has_key(first, name) for name in ("message_type", "time_in_seconds", "time_text", "timestamp"))


def _look(items: Iterable[Item[Said]], head: Head) -> None:
    """Learn from the first records of a file."""
    placed = [
        (_instant(item[0].timestamp), item[0].time_in_seconds)
        for item in items
        if not isinstance(item, Broken) and item[0].time_in_seconds is not None
    ]
    if placed:
        head.precision_us = precision_us([offset_s for _, offset_s in placed])
        stamps = ((instant.us if instant else None, offset_s) for instant, offset_s in placed)
        head.start_us = start_us(stamps, precision_us=head.precision_us)


def _record(said: Said, raw: str, *, precision_us: int) -> Record:
    try:
        stamp = _time(said, precision_us)
        message = _message(said, stamp, raw)
    except UNREADABLE as exc:
        return broken(raw, str(exc))
    if (said.message_type or "") in MESSAGE_TYPES:
        return message
    return other_record(message, raw, kind=said.message_type or "", action=said.action_type or "")


def _message(said: Said, stamp: Stamp, raw: str) -> ChatMessage:
    author = said.author or _NOBODY
    flat = said.author is None and (said.author_name is not None or said.author_display_name is not None)
    name = author.name or said.author_name or ""
    text = said.message or ""
    badges, months = _badges(said)
    reply = said.in_reply_to or said.reply
    bits = count_of(said.bits) or count_of(said.bits_spent)
    message = ChatMessage(
        id=text_of(said.message_id) or ("" if flat else text_of(said.id)),
        room_id=text_of(said.channel_id),
        ts_us=stamp.us,
        received_us=0,
        time_kind=stamp.kind,
        precision_us=stamp.precision_us,
        source=Source.IMPORT,
        user_id=text_of(author.id) or text_of(said.author_id) or (text_of(said.id) if flat else ""),
        user_login=name.lower(),
        user_name=author.display_name or said.author_display_name or name,
        text=text,
        badges=badges,
        emotes=find_emotes(_emote_tag(bytes(said.emotes)), text),
        reply_to=text_of(reply.message_id or reply.parent_msg_id) if reply else "",
        raw=raw,
    )
    if months or bits or said.is_first_message or said.is_action or said.custom_reward_id:
        return replace(
            message,
            months=months,
            bits=bits,
            first=bool(said.is_first_message),
            action=bool(said.is_action),
            reward_id=said.custom_reward_id or "",
        )
    return message


def _time(said: Said, exact_us: int) -> Stamp:
    if said.time_in_seconds is not None:
        us = offset_us(said.time_in_seconds)
        return Stamp(TimeKind.OFFSET, us, MS_US if us % SECOND_US else exact_us)
    placed = read_time(said.time_text) if said.time_text else None
    if placed and placed.kind is TimeKind.OFFSET:
        return placed
    return _instant(said.timestamp) or Stamp(TimeKind.NONE, 0, MS_US)


def _instant(timestamp: float | str | None) -> Stamp | None:
    """When something was, in whatever unit; milliseconds are as exact as Twitch is."""
    if isinstance(timestamp, str):
        stamp = read_time(timestamp)
    else:
        stamp = read_time(f"{timestamp:.0f}") if timestamp is not None and timestamp > 0 else None
    if stamp is None or stamp.kind is not TimeKind.EPOCH:
        return None
    return stamp._replace(precision_us=max(stamp.precision_us, MS_US))


def _badges(said: Said) -> tuple[str, int]:
    """Badges, and the months of the one that counts them."""
    author = said.author or _NOBODY
    for raw in (bytes(author.badges), bytes(said.author_badges), bytes(said.badge_info)):
        if raw not in NOTHING:
            months = 0
            if b"months" in raw:
                named = [badge for badge in _months(raw) if badge and (badge.badge or badge.name) == "subscriber"]
                months = count_of(named[0].months) if named else 0
            return read_badges(raw), months
    return "", 0


def _emote_tag(raw: bytes) -> str:
    """Emotes as IRC writes them."""
    if raw in NOTHING:
        return ""
    found = [(text_of(emote.id), emote.locations) for emote in _emotes(raw) if emote]
    return "/".join(
        f"{emote_id}:{places if isinstance(places, str) else ','.join(places)}" for emote_id, places in found if places
    )
