"""Read comments as Twitch's GQL gives them, in both ages, and in the file that twitch-dl writes around them.

The text is that of the fragments (in 2021 it stood beside them as `body`). `createdAt` is not believed: recordings that
were uploaded again have all their comments written within seconds, and in 2025 it was local time labelled as UTC. The
offset is right, in whole seconds. A comment whose account is gone has no commenter and is kept.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

import msgspec
from msgspec.structs import replace

from chatpulse.domain.chat import ChatMessage, Source, TimeKind
from chatpulse.twitch.formats.json_array import Broken, read_records
from chatpulse.twitch.formats.lines import broken
from chatpulse.twitch.formats.record import Head, Record
from chatpulse.twitch.formats.times import SECOND_US
from chatpulse.twitch.formats.values import (
    MS_US,
    NO_RAW,
    UNREADABLE,
    Fragment,
    Id,
    OffsetS,
    count_of,
    has_key,
    instant_us,
    is_json,
    joined,
    offset_us,
    read_badges,
    spans_at,
    spans_of,
    text_of,
)

NAME: Final = "gql"
KEYS: Final = ("comments",)


class _Commenter(msgspec.Struct, gc=False):
    id: Id = None
    login: str | None = None
    display_name: str | None = msgspec.field(name="displayName", default=None)


class _Message(msgspec.Struct, gc=False):
    fragments: list[Fragment] | None = None
    badges: msgspec.Raw = msgspec.field(name="userBadges", default=NO_RAW)
    body: str | None = None
    bits_spent: int | None = msgspec.field(name="bitsSpent", default=None)
    emoticons: msgspec.Raw = NO_RAW


class _Node(msgspec.Struct, gc=False):
    """A comment; what it must have keeps every other object of such a file from passing as one."""

    offset_s: OffsetS = msgspec.field(name="contentOffsetSeconds")
    message: _Message
    id: Id = None
    commenter: _Commenter | None = None
    channel_id: Id = msgspec.field(name="channelId", default=None)
    content_id: Id = msgspec.field(name="contentId", default=None)


class _Video(msgspec.Struct, gc=False):
    """What twitch-dl says about the recording."""

    id: Id = None
    title: str | None = None
    created_at: str | None = msgspec.field(name="createdAt", default=None)
    published_at: str | None = msgspec.field(name="publishedAt", default=None)
    creator: _Commenter | None = None
    owner: _Commenter | None = None


_decoder = msgspec.json.Decoder(_Node, strict=False)
_encode = msgspec.json.Encoder().encode
_video = msgspec.json.Decoder(_Video, strict=False).decode
_NOBODY: Final = _Commenter()


def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
    """Hand over the comments of a file.

    Args:
        pieces: the file in any chunking.
        head: learns what twitch-dl says about the recording; bare comments of 2021 say its id.

    Yields:
        Batches in file order.
    """
    head.precision_us = SECOND_US
    members: dict[str, bytes] = {}
    for items in read_records(pieces, _decoder, keys=KEYS, members=members, texts=False):
        _learn(head, members.pop("video", b"null"))
        events = [broken(item.raw, item.reason) if isinstance(item, Broken) else _event(item[0]) for item in items]
        first = next((event for event in events if isinstance(event, ChatMessage)), None)
        if first is not None:
            head.video_id, head.room_id = head.video_id or first.video_id, head.room_id or first.room_id
        yield events
    _learn(head, members.pop("video", b"null"))


def fits(first: bytes) -> bool:
    """Whether it holds such comments, as a list or under `comments`; or an empty list, a recording without chat."""
    return (is_json(first) and has_key(first, "contentOffsetSeconds")) or b"".join(first.split()) == b"[]"


def _learn(head: Head, raw: bytes) -> None:
    video = _Video()
    with suppress(*UNREADABLE):
        video = _video(raw) if raw != b"null" else video
    owner = video.owner or video.creator or _NOBODY
    head.title = video.title or head.title
    head.video_id = text_of(video.id) or head.video_id
    head.channel = (owner.login or "").lower() or head.channel
    head.room_id = text_of(owner.id) or head.room_id
    start_us = instant_us(video.created_at) or instant_us(video.published_at)
    head.start_us = start_us or head.start_us


def _event(node: _Node) -> Record:
    """The event of a comment; its JSON goes with it only where it has no id, to be known by."""
    message = node.message
    who = node.commenter or _NOBODY
    try:
        ts_us = offset_us(node.offset_s)
        fragments = message.fragments or []
        text = message.body or joined(fragments)
        emotes = spans_of(text, fragments) if fragments else spans_at(text, bytes(message.emoticons))
        badges = read_badges(bytes(message.badges))
    except UNREADABLE as exc:
        return broken(_encode(node), str(exc))
    event = ChatMessage(
        id=text_of(node.id),
        room_id=text_of(node.channel_id),
        video_id=text_of(node.content_id),
        ts_us=ts_us,
        received_us=0,
        time_kind=TimeKind.OFFSET,
        precision_us=MS_US if ts_us % SECOND_US else SECOND_US,
        source=Source.IMPORT,
        user_id=text_of(who.id),
        user_login=who.login or "",
        user_name=who.display_name or who.login or "",
        text=text,
        badges=badges,
        emotes=emotes,
        raw="" if node.id else _encode(node).decode(),
    )
    return replace(event, bits=count_of(message.bits_spent)) if message.bits_spent else event
