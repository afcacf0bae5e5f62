"""Write the requests to Twitch's GQL for recordings and their chat.

A page of chat is asked for by a persisted query: its hash stands for the text of the query, and works only as long as
Twitch keeps it. Where Twitch has forgotten it, the same query goes out written in full. What describes a video is
always asked for in full: there is no hash to lose.
"""

import re
from dataclasses import dataclass

import msgspec

from chatpulse.errors import InputError

OPERATION = "VideoCommentsByOffsetOrCursor"
LIST_FIRST = 100
"""Most videos that Twitch lists in one answer."""


_VIDEO = "id title description createdAt lengthSeconds owner { id login }"
_VIDEO_QUERY = f"query($id: ID!) {{ video(id: $id) {{ {_VIDEO} }} }}"
_LIST_QUERY = (
    "query($login: String!, $first: Int!, $after: Cursor) { user(login: $login) {"
    " videos(first: $first, after: $after, type: ARCHIVE, sort: TIME) {"
    " edges { cursor node { id } } pageInfo { hasNextPage } } } }"
)
_COMMENTS_QUERY = (
    f"query {OPERATION}($videoID: ID!, $contentOffsetSeconds: Int, $cursor: Cursor) {{ video(id: $videoID) {{"
    " id comments(contentOffsetSeconds: $contentOffsetSeconds, after: $cursor) { edges { cursor node {"
    " id commenter { id login displayName } contentOffsetSeconds createdAt"
    " message { fragments { emote { id emoteID from } text } userBadges { id setID version } userColor } } }"
    " pageInfo { hasNextPage hasPreviousPage } } } }"
)
_VIDEO_ID = re.compile(
    r"v?(\d{1,18})|(?:https?://)?(?:[a-z]+\.)?twitch\.tv/(?:[\w]+/)?(?:videos?|v)/v?(\d{1,18})(?:[/?#].*)?",
    re.ASCII | re.IGNORECASE,
)
_LOGIN = re.compile(r"\w{1,25}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A page that is wanted."""

    part: int
    """The time range that it is for."""
    video_id: str
    offset_s: int = 0
    cursor: str = ""
    """Counts before the offset."""
    in_full: bool = False
    """Write the query out instead of naming its hash."""


def parse_video_id(text: str) -> str:
    """Find out which recording is meant.

    Returns:
        The id in `123`, `v123` or a twitch.tv address of a recording.

    Raises:
        InputError: it is none of these.
    """
    found = _VIDEO_ID.fullmatch(text.strip())
    if found is None:
        raise InputError(f"{text!r} is no recording: give an id such as 1234567890, or https://www.twitch.tv/videos/ID")
    return found[1] or found[2]


def parse_login(text: str) -> str:
    """Find out which channel is meant.

    Returns:
        Its login, in lower case.

    Raises:
        InputError: it can be none.
    """
    if not _LOGIN.fullmatch(text):
        raise InputError(f"{text!r} is no channel name: letters, digits and _, at most 25, without # or address")
    return text.lower()


def ask_comments(ask: Ask, *, query_hash: str) -> bytes:
    """The request for a page of chat."""
    where: dict[str, object] = {"cursor": ask.cursor} if ask.cursor else {"contentOffsetSeconds": ask.offset_s}
    request: dict[str, object] = {"operationName": OPERATION, "variables": {"videoID": ask.video_id, **where}}
    if ask.in_full:
        return msgspec.json.encode(request | {"query": _COMMENTS_QUERY})
    persisted = {"persistedQuery": {"version": 1, "sha256Hash": query_hash}}
    return msgspec.json.encode(request | {"extensions": persisted})


def ask_video(video_id: str) -> bytes:
    """The request for what describes a video."""
    return msgspec.json.encode({"query": _VIDEO_QUERY, "variables": {"id": video_id}})


def ask_videos(login: str, *, first: int, after: str) -> bytes:
    """The request for a channel's newest recordings, behind a cursor when there is one."""
    variables = {"login": login, "first": min(first, LIST_FIRST), "after": after or None}
    return msgspec.json.encode({"query": _LIST_QUERY, "variables": variables})
