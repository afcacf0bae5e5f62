"""Read what stands beside a chat file about its recording: `*.vod.json`, one object, no chat.

The id is a number or text, with or without the `v` in front that old interfaces had; the time has a zone or is UTC, and
up to seven digits of a second. Titles and descriptions are as their writer had them.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from chatpulse.twitch.formats.json_array import MAX_MEMBER_BYTES
from chatpulse.twitch.formats.mend import mend_value
from chatpulse.twitch.formats.record import Head, Record
from chatpulse.twitch.formats.values import UNREADABLE, Id, has_key, instant_us, is_object, text_of

NAME: Final = "vod-info"


class _Info(msgspec.Struct, gc=False):
    vod_id: Id = None
    title: str | None = None
    created_at: str | None = None
    recorded_at: str | None = None
    user_login: str | None = None
    channel: str | None = None
    user_id: Id = None
    channel_id: Id = None


_lists_chat = re.compile(rb'"(?:comments|messages)"\s*:\s*\[').search
_info = msgspec.json.Decoder(_Info, strict=False).decode


def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
    """Fill in the head; there are no records.

    Args:
        pieces: the file in any chunking.
        head: learns video, title, start and, where the file says it, the channel.

    Yields:
        Nothing.
    """
    data = b""
    for piece in pieces:
        data += piece[: MAX_MEMBER_BYTES - len(data)]
    info = _decoded(data.strip())
    head.video_id = text_of(info.vod_id).removeprefix("v") or head.video_id
    head.title = info.title or head.title
    head.channel = (info.user_login or info.channel or "").lower() or head.channel
    head.room_id = text_of(info.channel_id or info.user_id) or head.room_id
    head.start_us = instant_us(info.created_at) or instant_us(info.recorded_at) or head.start_us
    yield from ()


def fits(first: bytes) -> bool:
    """Whether it is an object about a recording, without chat."""
    return is_object(first) and has_key(first, "vod_id") and not _lists_chat(first)


def _decoded(data: bytes) -> _Info:
    try:
        return _info(data)
    except UNREADABLE:
        mended = mend_value(data, 0, len(data))
    try:
        return _info(mended[1]) if mended else _Info()
    except UNREADABLE:
        return _Info()
