"""Read the chat files of TwitchDownloader: version 1.x, and those from before it wrote versions.

The file is one object: `streamer`, `video` and others around the long array `comments`, whose elements are those of
Twitch's API version 5 (see `comments`). The oldest files have no more of the video than where the chat begins and
ends, and say the channel by its display name. Where the file does not know when the recording started, its comments
may; where it does, they are not asked, because in newer files their times have been wrong by hours.

Embedded images stand behind the comments and are passed over.

Source: TwitchObjects/ChatRoot.cs, ChatRootInfo.cs and Chat/ChatJson.cs of lay295/TwitchDownloader.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final, TypeVar

import msgspec

from chatpulse.twitch.formats.comments import DECODER, KEYS, Comments, is_twitchdownloader
from chatpulse.twitch.formats.json_array import read_records
from chatpulse.twitch.formats.record import Head, Record
from chatpulse.twitch.formats.values import UNREADABLE, Id, has_key, instant_us, text_of

NAME: Final = "twitchdownloader"

T = TypeVar("T")


class _Streamer(msgspec.Struct, gc=False):
    name: str | None = None
    login: str | None = None
    id: Id = None


class _Video(msgspec.Struct, gc=False):
    id: Id = None
    title: str | None = None
    created_at: str | None = None
    user_name: str | None = None
    user_id: Id = None


_streamer = msgspec.json.Decoder(_Streamer, strict=False)
_video = msgspec.json.Decoder(_Video, strict=False)
_is_login = re.compile(r"\w{1,25}", re.ASCII).fullmatch


def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
    """Hand over the comments of a file.

    Args:
        pieces: the file in any chunking.
        head: learns channel, video, title and start; in old files some of it stands behind the comments.

    Yields:
        Batches in file order.
    """
    members: dict[str, bytes] = {}
    comments = Comments(head)
    for items in read_records(pieces, DECODER, keys=KEYS, members=members, texts=False):
        _learn(head, members)
        events = comments.events(items)
        del items  # nothing of one batch is kept beside the next
        yield events
    _learn(head, members)


def fits(first: bytes) -> bool:
    """Whether it is an object with the members that only TwitchDownloader writes."""
    return is_twitchdownloader(first) and has_key(first, "comments")


def _learn(head: Head, members: dict[str, bytes]) -> None:
    """Fill in what the members say, once."""
    video = _member(_video, members.pop("video", b"null")) or _Video()
    streamer = _member(_streamer, members.pop("streamer", b"null")) or _Streamer()
    head.title = video.title or head.title
    head.video_id = text_of(video.id) or head.video_id
    head.room_id = text_of(streamer.id or video.user_id) or head.room_id
    start_us = instant_us(video.created_at)
    head.start_us = head.start_us if start_us is None else start_us
    for name in (streamer.login, streamer.name, video.user_name):
        # A display name in another script is no login.
        if not head.channel and name and _is_login(name):
            head.channel = name.lower()


def _member(decoder: msgspec.json.Decoder[T], raw: bytes) -> T | None:
    with suppress(*UNREADABLE):
        return decoder.decode(raw) if raw != b"null" else None
    return None
