"""Read the answers of Twitch's GQL about recordings and their chat, without a connection.

An answer is never trusted: it may be an error under HTTP 200, half a document, or null where the chat should be. Each
such case becomes a `Fault` that says what may help; nothing here raises on what a server sends. Comments stay as the
bytes that came, apart from what paging needs to know of them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeVar

import msgspec

MAX_OFFSET_S = 10 * 365 * 86_400
"""No stream is that long: an offset beyond it is a slip, and the comment counts where its neighbours stand."""
_ESCAPE = re.compile(r"\\u[dD][89abAB][\dA-Fa-f]{2}\\u[dD][c-fC-F][\dA-Fa-f]{2}|\\u[dD][89a-fA-F][\dA-Fa-f]{2}|\\.")
_LONE_BYTES = 6
"""Length of an escape that is half a character."""


class Trouble(StrEnum):
    """What is wrong with an answer; each kind is handled in its own way."""

    LOST = "lost"
    """No answer, half an answer, an error of the service: ask again."""
    BUSY = "busy"
    """Too many requests: everybody waits."""
    EMPTY = "empty"
    """Null in place of the chat, which comes from too many requests at once: ask again, with fewer."""
    INTEGRITY = "integrity"
    """The way of asking wants a proof that only browsers have: ask another way."""
    ROTATED = "hash rotated"
    """The hash of the query is not known any more."""
    GONE = "gone"
    """There is no such video, or channel."""
    RESTRICTED = "restricted"
    """Not for us: subscribers only, or private."""
    REFUSED = "refused"
    """Nothing that we ask for is answered, such as with a wrong client id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why there is no page."""

    trouble: Trouble
    said: str
    """What the server said, or what was wrong with it, in one line."""
    retry_after_s: float = 0.0
    """How long the server wants us to wait."""


class Comment(NamedTuple):
    """One comment of a page."""

    key: str
    """Its id; where it has none, all of it."""
    offset_s: float
    """Where it stands in the video."""
    node: bytes
    """As it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer with chat in it."""

    comments: tuple[Comment, ...]
    cursor: str
    """Where the next page begins; empty when the server did not say."""
    has_next: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """What Twitch says about a recording."""

    id: str
    title: str = ""
    description: str = ""
    created_at: str = ""
    length_s: int = 0
    """0 where Twitch does not know it."""
    channel: str = ""
    channel_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoList:
    """One answer with videos of a channel, newest first."""

    ids: tuple[str, ...]
    cursor: str
    """Empty at the end."""


def read_comments(body: bytes, *, status: int) -> Page | Fault:
    """What an answer to `ask_comments` says."""
    answer = _read(body, _Answer, status=status)
    if isinstance(answer, Fault):
        return answer
    video = answer.data.video if answer.data else None
    if video is None:
        return _missing("no such video", answer.data is not None)
    if video.comments is None:
        return Fault(trouble=Trouble.EMPTY, said="null in place of the comments")
    edges = [edge for edge in video.comments.edges or () if edge is not None]
    if not edges and video.comments.page_info.has_next:
        return Fault(trouble=Trouble.EMPTY, said="a page without comments that is not the last")
    return Page(
        comments=_comments(edges),
        cursor=(edges[-1].cursor or "") if edges else "",
        has_next=video.comments.page_info.has_next,
    )


def read_video(body: bytes, *, status: int) -> Video | Fault:
    """What an answer to `ask_video` says."""
    answer = _read(body, _Answer, status=status)
    if isinstance(answer, Fault):
        return answer
    video = answer.data.video if answer.data else None
    if video is None:
        return _missing("no such video", answer.data is not None)
    if not video.created_at:
        return Fault(trouble=Trouble.LOST, said="a video without a beginning")
    owner = video.owner or _Owner()
    return Video(
        id=video.id or "",
        title=video.title or "",
        description=video.description or "",
        created_at=video.created_at,
        length_s=int(min(max(0.0, video.length_s or 0.0), MAX_OFFSET_S)),
        channel=(owner.login or "").lower(),
        channel_id=owner.id or "",
    )


def read_videos(body: bytes, *, status: int) -> VideoList | Fault:
    """What an answer to `ask_videos` says."""
    answer = _read(body, _Answer, status=status)
    if isinstance(answer, Fault):
        return answer
    user = answer.data.user if answer.data else None
    if user is None:
        return _missing("no such channel", answer.data is not None)
    if user.videos is None:
        return Fault(trouble=Trouble.LOST, said="null in place of the list of videos")
    edges = [edge for edge in user.videos.edges or () if edge is not None and edge.node is not None]
    return VideoList(
        ids=tuple(edge.node.id for edge in edges if edge.node is not None and edge.node.id),
        cursor=(edges[-1].cursor or "") if edges and user.videos.page_info.has_next else "",
    )


def created_at(node: bytes) -> str:
    """The time that a comment says it was written at; empty when it says none."""
    try:
        return _decode(node, _Created).created_at or ""
    except msgspec.MsgspecError:
        return ""


def move_comment(node: bytes, by_s: float) -> bytes:
    """The comment at another place in the video, never before its start; all else stays as it came."""
    try:
        fields = _decode(node, dict[str, msgspec.Raw])
        offset_s = max(0.0, msgspec.json.decode(fields["contentOffsetSeconds"], type=float, strict=False) + by_s)
    except (msgspec.MsgspecError, KeyError):
        return node
    if offset_s > MAX_OFFSET_S:
        return node
    whole = int(offset_s) if offset_s.is_integer() else offset_s
    return msgspec.json.encode({**fields, "contentOffsetSeconds": whole})


class _Error(msgspec.Struct):
    message: str | None = None


class _PageInfo(msgspec.Struct):
    has_next: bool = msgspec.field(name="hasNextPage", default=False)


class _Edge(msgspec.Struct):
    cursor: str | None = None
    node: msgspec.Raw = msgspec.Raw(b"null")


class _Comments(msgspec.Struct):
    edges: list[_Edge | None] | None = None
    page_info: _PageInfo = msgspec.field(name="pageInfo", default_factory=_PageInfo)


class _Owner(msgspec.Struct):
    id: str | None = None
    login: str | None = None


class _Video(msgspec.Struct):
    id: str | None = None
    title: str | None = None
    description: str | None = None
    created_at: str | None = msgspec.field(name="createdAt", default=None)
    length_s: float | None = msgspec.field(name="lengthSeconds", default=None)
    owner: _Owner | None = None
    comments: _Comments | None = None


class _VideoEdge(msgspec.Struct):
    cursor: str | None = None
    node: _Owner | None = None


class _Videos(msgspec.Struct):
    edges: list[_VideoEdge | None] | None = None
    page_info: _PageInfo = msgspec.field(name="pageInfo", default_factory=_PageInfo)


class _User(msgspec.Struct):
    videos: _Videos | None = None


class _Data(msgspec.Struct):
    video: _Video | None = None
    user: _User | None = None


class _Answer(msgspec.Struct):
    data: _Data | None = None
    errors: list[_Error] | None = None
    error: str | None = None
    message: str | None = None


class _Node(msgspec.Struct):
    id: str = ""
    offset_s: float | None = msgspec.field(name="contentOffsetSeconds", default=None)


class _Created(msgspec.Struct):
    created_at: str | None = msgspec.field(name="createdAt", default=None)


T = TypeVar("T")


def _read(body: bytes, kind: type[_Answer], *, status: int) -> _Answer | Fault:
    """The document, unless it, or the way it came, says that something is wrong."""
    try:
        answer = _decode(body, kind)
    except msgspec.MsgspecError as exc:
        return _by_status(status, "") or Fault(trouble=Trouble.LOST, said=f"no whole answer ({exc})")
    said = "; ".join(error.message or "an error without a message" for error in answer.errors or ())
    said = said or answer.message or answer.error or ""
    # Errors come before data: where both are, the data is not all of it.
    return (_by_words(said) if said else None) or _by_status(status, said) or _by_error(said) or answer


def _by_words(said: str) -> Fault | None:
    """What Twitch means by the words that it has for it."""
    words = said.lower()
    if "persistedquerynotfound" in words.replace(" ", ""):
        return Fault(trouble=Trouble.ROTATED, said=said)
    if "integrity" in words:
        return Fault(trouble=Trouble.INTEGRITY, said=said)
    if any(word in words for word in ("unauthorized", "not authorized", "forbidden", "restricted", "subscriber")):
        return Fault(trouble=Trouble.RESTRICTED, said=said)
    return None


def _by_status(status: int, said: str) -> Fault | None:
    """What the HTTP status means; None for success."""
    found = f"HTTP {status}{': ' if said else ''}{said}"
    if status == 200:  # noqa: PLR2004  (every reader knows the numbers of HTTP better than names for them)
        return None
    if status in {429, 503}:
        return Fault(trouble=Trouble.BUSY, said=found)
    if status >= 500 or status in {408, 425}:  # noqa: PLR2004
        return Fault(trouble=Trouble.LOST, said=found)
    return Fault(trouble=Trouble.REFUSED, said=found)


def _by_error(said: str) -> Fault | None:
    return Fault(trouble=Trouble.LOST, said=said) if said else None


def _missing(what: str, answered: bool) -> Fault:  # noqa: FBT001
    """Null where the thing should be: it does not exist, unless there was no data at all."""
    if answered:
        return Fault(trouble=Trouble.GONE, said=what)
    return Fault(trouble=Trouble.LOST, said="an answer without data")


def _comments(edges: list[_Edge]) -> tuple[Comment, ...]:
    """The comments of a page in its order; one whose place cannot be read stands where the one before it does."""
    found: list[Comment] = []
    at_s = 0.0
    for edge in edges:
        node = bytes(edge.node)
        if node == b"null":
            continue
        try:
            read = _decode(node, _Node)
        except msgspec.MsgspecError:
            read = _Node()
        if read.offset_s is not None and abs(read.offset_s) <= MAX_OFFSET_S:
            at_s = read.offset_s
        found.append(Comment(read.id or node.decode(errors="replace"), at_s, node))
    return tuple(found)


def _decode(data: bytes, kind: type[T]) -> T:
    """Read JSON whose text may hold broken bytes and half characters, which become U+FFFD."""
    text = data.decode(errors="replace")
    try:
        try:
            return msgspec.json.decode(text, type=kind, strict=False)
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:
            return msgspec.json.decode(_ESCAPE.sub(_whole_character, text), type=kind, strict=False)
    except RecursionError:
        raise msgspec.DecodeError("nested too deeply") from None


def _whole_character(escape: re.Match[str]) -> str:
    return "\\ufffd" if len(escape[0]) == _LONE_BYTES else escape[0]
