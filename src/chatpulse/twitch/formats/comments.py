"""Read the comments of Twitch's API version 5: lists of them (tcd, yt-dlp) and rechat files.

A comment stands at an offset in its recording, with milliseconds until 2022 and in whole seconds since. It also says
when it was written; where all comments of a file agree, that says when the recording started, and where they do not (a
recording that was uploaded again has all its comments written within seconds), it says nothing. In a rechat file the
first element is the recording itself.

`events_of` serves TwitchDownloader, too, which writes the same comments.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from chatpulse.domain.chat import ChatMessage, Notice, UnknownNotice
from chatpulse.twitch.core.inferred import infer
from chatpulse.twitch.core.notices import build_notice
from chatpulse.twitch.formats.json_array import Broken, Item, read_records
from chatpulse.twitch.formats.lines import broken
from chatpulse.twitch.formats.record import Head, Record, Skipped
from chatpulse.twitch.formats.times import SECOND_US
from chatpulse.twitch.formats.values import (
    IMPORT,
    MS_US,
    NO_RAW,
    NOTHING,
    OFFSET,
    UNREADABLE,
    Id,
    OffsetS,
    OlderFragment,
    count_of,
    has_key,
    instant_us,
    is_object,
    joined,
    offset_us,
    precision_us,
    read_badges,
    spans_at,
    spans_of,
    start_us,
    text_of,
)

NAME: Final = "v5-comments"
KEYS: Final = ("comments",)
VIDEO_OBJECT: Final = "video object"


class Commenter(msgspec.Struct, gc=False):
    """Who wrote a comment."""

    id: Id = msgspec.field(name="_id", default=None)
    name: str | None = None
    display_name: str | None = None


class Message(msgspec.Struct, gc=False):
    """What a comment says; parts that few comments need are decoded when one does."""

    body: str | None = None
    bits_spent: int | None = None
    is_action: bool | None = None
    fragments: list[OlderFragment] | None = None
    emoticons: msgspec.Raw = NO_RAW
    user_badges: msgspec.Raw = NO_RAW
    user_notice_params: msgspec.Raw = NO_RAW


class Comment(msgspec.Struct, gc=False):
    """A comment; what it must have keeps every other object of such a file from passing as one."""

    offset_s: OffsetS = msgspec.field(name="content_offset_seconds")
    message: Message
    id: Id = msgspec.field(name="_id", default=None)
    created_at: str | None = None
    channel_id: Id = None
    content_id: Id = None
    commenter: Commenter | None = None


class _Channel(msgspec.Struct, gc=False):
    name: str | None = None


class _Video(msgspec.Struct, gc=False):
    id: Id = msgspec.field(name="_id")
    length: float
    title: str | None = None
    recorded_at: str | None = None
    channel: _Channel | None = None


DECODER: Final = msgspec.json.Decoder(Comment, strict=False)
_video = msgspec.json.Decoder(_Video, strict=False).decode
_encode = msgspec.json.Encoder().encode
_params = msgspec.json.Decoder(dict[str, str | float | bool | None], strict=False).decode
_KIND: Final = frozenset({"msgid", "kind"})
_PARAMS: Final = {
    f"msgparam{name.replace('-', '').lower()}": f"msg-param-{name}"
    for name in (
        "cumulative-months", "months", "streak-months", "should-share-streak", "sub-plan", "sub-plan-name",
        "multimonth-duration", "was-gifted", "gifter-id", "gifter-login", "gifter-name", "recipient-id",
        "recipient-user-name", "recipient-display-name", "gift-months", "origin-id", "community-gift-id",
        "sender-count", "mass-gift-count", "sender-login", "sender-name", "promo-name", "promo-gift-total",
        "sub-benefit-end-month", "prior-gifter-anonymous", "prior-gifter-id", "prior-gifter-user-name",
        "prior-gifter-display-name", "viewerCount", "displayName", "login", "threshold", "ritual-name", "domain",
        "trigger-type", "trigger-amount", "selected-count", "total-reward-count", "category", "value", "copoReward",
        "color", "charity-name", "donation-amount", "donation-currency", "exponent", "bits-spent", "gift-id",
    )
}  # fmt: skip
"""Tools write the names of tags without hyphens, with underscores, or as they are."""
_not_letters = re.compile(r"[^a-z0-9]")


def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
    """Hand over the comments of a file.

    Args:
        pieces: the file in any chunking.
        head: learns what the recording's object says, and the start where the comments agree on it.

    Yields:
        Batches in file order.
    """
    comments = Comments(head)
    yield from map(comments.events, read_records(pieces, DECODER, keys=KEYS, texts=False))


def fits(first: bytes) -> bool:
    """Whether it holds such comments, and nothing that only TwitchDownloader writes."""
    return has_key(first, "content_offset_seconds") and not is_twitchdownloader(first)


def is_twitchdownloader(first: bytes) -> bool:
    """Whether TwitchDownloader wrote this."""
    return is_object(first) and (has_key(first, "streamer") or has_key(first, "FileInfo"))


class Comments:
    """Makes the events of one file's comments."""

    def __init__(self, head: Head, *, estimate: bool = True) -> None:
        self._head = head
        self._estimate = estimate
        """Whether the comments may say when the recording started."""
        self._precision_us: int | None = None

    def events(self, items: Sequence[Item[Comment]]) -> list[Record]:
        """Make the records of a batch, the first time after a look at how exact its offsets are."""
        exact_us = self._precision_us
        if exact_us is None:
            exact_us = self._look(items)
        return [
            self._other(item) if isinstance(item, Broken) else event_of(item[0], precision_us=exact_us)
            for item in items
        ]

    def _look(self, items: Sequence[Item[Comment]]) -> int:
        comments = [item[0] for item in items if not isinstance(item, Broken)]
        exact_us = precision_us([comment.offset_s for comment in comments])
        if comments:
            self._precision_us = self._head.precision_us = exact_us
            head, first = self._head, comments[0]
            head.video_id = head.video_id or text_of(first.content_id)
            head.room_id = head.room_id or text_of(first.channel_id)
            if self._estimate and head.start_us is None:
                stamps = ((instant_us(comment.created_at), comment.offset_s) for comment in comments)
                head.start_us = start_us(stamps, precision_us=exact_us)
        return exact_us

    def _other(self, item: Broken) -> Record:
        try:
            video = _video(item.raw)
        except UNREADABLE:
            return broken(item.raw, item.reason)
        head = self._head
        head.video_id = text_of(video.id).removeprefix("v")
        head.title = video.title or ""
        head.channel = ((video.channel.name if video.channel else "") or "").lower()
        if head.start_us is None:
            # Of a highlight it is the time of what it was cut from: the comments know better.
            head.start_us = instant_us(video.recorded_at)
        return Skipped(VIDEO_OBJECT, item.raw.decode("utf-8", "replace"))


def event_of(comment: Comment, *, precision_us: int) -> Record:
    """Make the event of one comment; its JSON goes with it only where it has no id, to be known by."""
    message = comment.message
    who = comment.commenter or _NOBODY
    fragments = message.fragments
    text = message.body or ""
    try:
        ts_us = offset_us(comment.offset_s)
        if fragments:
            text = text or joined(fragments)
            emotes = spans_of(text, fragments)
        else:
            emotes = spans_at(text, bytes(message.emoticons))
        badges = read_badges(bytes(message.user_badges))
    except UNREADABLE as exc:
        return broken(_encode(comment), str(exc))
    if precision_us >= SECOND_US and ts_us % SECOND_US:
        precision_us = MS_US
    # Nearly always text: asking here first takes half the time of calling.
    comment_id, room_id, video_id, user_id = comment.id, comment.channel_id, comment.content_id, who.id
    event = ChatMessage(
        id=comment_id if isinstance(comment_id, str) else text_of(comment_id),
        room_id=room_id if isinstance(room_id, str) else text_of(room_id),
        video_id=video_id if isinstance(video_id, str) else text_of(video_id),
        ts_us=ts_us,
        received_us=0,
        time_kind=OFFSET,
        precision_us=precision_us,
        source=IMPORT,
        user_id=user_id if isinstance(user_id, str) else text_of(user_id),
        user_login=who.name or "",
        user_name=who.display_name or who.name or "",
        text=text,
        badges=badges,
        emotes=emotes,
        raw="" if comment_id else _encode(comment).decode(),
    )
    if message.bits_spent or message.is_action:
        event = replace(event, bits=count_of(message.bits_spent), action=bool(message.is_action))
    params = message.user_notice_params
    return event if params is NO_RAW or bytes(params) in NOTHING else notice_of(event, bytes(params))


def notice_of(message: ChatMessage, params: bytes) -> Record:
    """Make the notice that the parameters beside a comment announce; the message itself where there is none."""
    try:
        given = {_not_letters.sub("", name.lower()): value for name, value in _params(params).items()}
    except UNREADABLE:
        return message
    kind = given.get("msgid")
    if not isinstance(kind, str) or not kind:
        return message
    tags = {_PARAMS[name]: _tag(value) for name, value in given.items() if name in _PARAMS and value is not None}
    return declared(message, tags | {"msg-id": kind})


def declared(message: ChatMessage, tags: dict[str, str]) -> Record:
    """Make the notice of a kind that a file says beside the comment; the message where the kind is unknown."""
    said = infer(message)
    system_text = tags.get("system-msg", "")
    text = message.text
    if not system_text:
        system_text, text = (said.system_text, said.text) if isinstance(said, Notice) else (text, "")
    about = {
        "msg-id": tags["msg-id"],
        "user-id": message.user_id,
        "login": message.user_login,
        "display-name": message.user_name,
        "badges": message.badges,
        "system-msg": system_text,
    }
    common: dict[str, Any] = {name: getattr(message, name) for name in _COMMON}
    notice = build_notice(tags | about, common | {"text": text})
    return message if isinstance(notice, UnknownNotice) else notice


_NOBODY: Final = Commenter()
_COMMON: Final = (
    "id", "channel", "room_id", "ts_us", "received_us", "time_kind", "precision_us", "source", "video_id", "raw",
)  # fmt: skip


def _tag(value: str | float | bool | None) -> str:  # noqa: FBT001
    """A parameter as it stands in a tag."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return f"{value:.0f}" if isinstance(value, float) else str(value)
