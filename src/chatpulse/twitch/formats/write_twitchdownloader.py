"""Write messages as the JSON of TwitchDownloader in its version 1.4.0, which its renderer opens.

The file is one object with a comment per line: first what is known of the recording, then `comments`, then no embedded
images, which the renderer fetches itself. A comment says when it was said in seconds after the start, and repeats that
as `created_at` where the start is known. A text is cut into fragments, one for each emote and for what lies between.

Its readers take numbers and dates only where they expect some: what is not known is left out or has .NET's default,
the year 1. `is_action` is none of the fields of 1.4.0, which does not keep `/me`; earlier versions had it, and readers
pass over what they do not know.

Source: TwitchObjects/ChatRoot.cs, ChatRootInfo.cs and Chat/ChatJson.cs of lay295/TwitchDownloader.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from chatpulse.twitch.formats.writing import About, Row

NAME: Final = "twitchdownloader"
COLUMNS: Final = (
    "id", "room_id", "ts_us", "video_id", "user_id", "user_login", "user_name", "text", "badges", "bits", "emotes",
    "action",
)  # fmt: skip
FRAMED: Final = True
JOIN: Final = b",\n"
END: Final = b'\n],"embeddedData":null}\n'

VERSION: Final = {"Major": 1, "Minor": 4, "Patch": 0}
NO_DATE: Final = "0001-01-01T00:00:00"
MAX_INT: Final = 2**31 - 1
"""The largest number that a channel's id can be there."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def begin(about: About) -> bytes:
    """All that stands before the first comment, as one line."""
    room = int(about.room_id) if about.room_id.isascii() and about.room_id.isdecimal() else 0
    length_s = -(-about.offset_us(about.end_us) // 1_000_000)
    head = {
        "FileInfo": {"Version": VERSION, "CreatedAt": _date(about.created_us), "UpdatedAt": NO_DATE},
        "streamer": {"name": about.channel, "login": about.channel, "id": room if room <= MAX_INT else 0},
        "clipper": None,
        "video": {
            "title": "",
            "description": None,
            "id": about.video_id,
            "created_at": NO_DATE if about.start_us is None else _date(about.start_us),
            "start": 0.0,
            "end": float(length_s),
            "length": float(length_s),
            "viewCount": 0,
            "game": None,
            "chapters": [],
        },
    }
    return _encode(head)[:-1] + b',"comments":[\n'


def record(row: Row, about: About) -> bytes:
    """A message as a comment."""
    comment = {
        "_id": row["id"],
        "created_at": NO_DATE if about.start_us is None else _date(row["ts_us"]),
        "channel_id": row["room_id"] or "",
        "content_type": "video",
        "content_id": row["video_id"] or "",
        "content_offset_seconds": about.offset_us(row["ts_us"]) / 1_000_000,
        "commenter": _commenter(row),
        "message": _message(row)
        | {"bits_spent": row["bits"] or 0, "user_badges": _badges(row["badges"]), "user_color": None},
    }
    return _encode(comment)


def records(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Each line that opens an object is a comment."""
    for line in lines:
        if line.startswith(b"{"):
            yield line.removesuffix(b"\n").removesuffix(b",")


def row(record: bytes, begin: bytes) -> Row:
    """Who said what in a comment."""
    del begin
    comment = _decode(record)
    commenter, message = comment["commenter"], comment["message"]
    return {
        "id": comment["_id"],
        "user_id": commenter["_id"] or None,
        "user_login": commenter["name"] or None,
        "user_name": commenter["display_name"] or None,
        "text": message["body"],
        "action": message["is_action"],
        "emotes": _emotes(message["fragments"]),
    }


def edited(record: bytes, row: Row, begin: bytes) -> bytes:
    """The comment with another user or text."""
    del begin
    comment = _decode(record)
    comment["commenter"] = _commenter(row)
    comment["message"] |= _message(row)
    return _encode(comment)


def _commenter(row: Row) -> dict[str, str | None]:
    return {
        "display_name": row["user_name"] or row["user_login"] or "",
        "_id": row["user_id"] or "",
        "name": row["user_login"] or "",
        "bio": None,
        "created_at": NO_DATE,
        "updated_at": NO_DATE,
        "logo": None,
    }


def _message(row: Row) -> dict[str, Any]:
    """What depends on the text."""
    text, emotes = row["text"], row["emotes"] or ()
    return {
        "body": text,
        "is_action": row["action"],
        "fragments": _fragments(text, emotes) if emotes else [{"text": text, "emoticon": None}],
        # The end lies one behind the last character and one more, as that program counts.
        "emoticons": [{"_id": span["id"], "begin": span["start"], "end": span["end"] + 2} for span in emotes],
    }


def _fragments(text: str, emotes: Sequence[Row]) -> list[dict[str, Any]]:
    fragments: list[dict[str, Any]] = []
    at = 0
    for span in emotes:
        start, end = span["start"], span["end"] + 1
        if not at <= start < end <= len(text):
            continue
        if start > at:
            fragments.append({"text": text[at:start], "emoticon": None})
        fragments.append({"text": text[start:end], "emoticon": {"emoticon_id": span["id"]}})
        at = end
    if at < len(text):
        fragments.append({"text": text[at:], "emoticon": None})
    return fragments


def _emotes(fragments: Iterable[Row]) -> list[dict[str, Any]]:
    """The emotes of fragments, as tables have them."""
    spans: list[dict[str, Any]] = []
    at = 0
    for fragment in fragments:
        text, emote = fragment["text"], fragment["emoticon"]
        if emote:
            spans.append({"id": emote["emoticon_id"], "name": text, "start": at, "end": at + len(text) - 1})
        at += len(text)
    return spans


def _badges(badges: Iterable[str] | None) -> list[dict[str, str]]:
    return [{"_id": name, "version": version} for name, _, version in (badge.partition("/") for badge in badges or ())]


def _date(at_us: int) -> str:
    try:
        return (_EPOCH + timedelta(microseconds=at_us)).isoformat(timespec="microseconds").replace("+00:00", "Z")
    except OverflowError:  # a time that no calendar has
        return NO_DATE
