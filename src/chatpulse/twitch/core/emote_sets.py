"""Turn what 7TV, BetterTTV and FrankerFaceZ say into emotes, without a socket.

Their emotes are plain words in chat, so who reads a message has to know which words are emotes in its channel. Each
service answers with JSON of its own shape; each reader here takes such an answer and hands back one `EmoteSet`, or None
when the answer is not of that shape. One emote in it that makes no sense is left out, the rest is kept.

A zero-width emote is drawn over the emote before it. 7TV says so with a flag (of the emote in the set, or of the emote
itself), FrankerFaceZ with `modifier`, BetterTTV not at all: there it is a fixed list.

7TV also tells what changes while it changes, over its EventAPI: frames with an operation, `dispatch` frames with the
lists `pushed`, `pulled` and `updated` (an updated emote has a new name or new flags).

Source: the addresses and shapes that Chatterino reads (src/providers/{seventv,bttv,ffz}), and the README of 7TV's
EventAPI for its operations.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum
from typing import TypeVar

import msgspec

NAME_CHARS = 100
"""Longer than any name that a service allows."""
MOST_EMOTES = 20_000
"""Ten times the largest set there is; a service that says more is not believed."""
BTTV_ZERO_WIDTH = frozenset({"SoSnowy", "IceCold", "SantaHat", "TopHat", "ReinDeer", "CandyCane", "cvMask", "cvHazmat"})
"""Source: the list in Chatterino's BttvEmotes.cpp."""
LATEST_MS = 1e14
"""The year 5138: a later time is none."""
_IN_SET_ZERO_WIDTH = 1 << 0
_ITSELF_ZERO_WIDTH = 1 << 8

T = TypeVar("T")


class Provider(StrEnum):
    """Whose emote it is."""

    SEVENTV = "7tv"
    BTTV = "bttv"
    FFZ = "ffz"


class Emote(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A word that is a picture in a channel."""

    name: str
    """As it is typed, case-sensitive, without spaces."""
    id: str
    provider: Provider
    zero_width: bool = False
    """Drawn over its neighbour, so that it says nothing by itself."""
    added_us: int = 0
    """When it came into the set, where the service says so."""


class EmoteSet(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a service said about one channel, or about all of them."""

    emotes: tuple[Emote, ...] = ()
    set_id: str = ""
    """7TV: the set, whose changes can be followed."""
    owner_id: str = ""
    """7TV: the user, who may choose another set."""


class SetUpdate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What changed in one set: removals come first."""

    set_id: str
    removed: tuple[str, ...] = ()
    """Names that are no longer in it."""
    added: tuple[Emote, ...] = ()


class OwnerUpdate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something about a user changed, and it may be the set in use."""

    owner_id: str


class Op(IntEnum):
    """Operations of the EventAPI that a listener meets."""

    DISPATCH = 0
    HELLO = 1
    HEARTBEAT = 2
    RECONNECT = 4
    ACK = 5
    ERROR = 6
    END = 7
    SUBSCRIBE = 35
    UNSUBSCRIBE = 36


class Frame(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One frame of the EventAPI."""

    op: int
    heartbeat_s: float = 0.0
    """With HELLO: how often the server gives a sign of life."""
    update: SetUpdate | OwnerUpdate | None = None
    """With DISPATCH: what changed, when it is something that matters here."""
    said: str = ""
    """With ERROR and END: the reason."""


# -- 7TV


class _SevenTvData(msgspec.Struct, gc=False):
    flags: int = 0


class _SevenTvEmote(msgspec.Struct, gc=False):
    id: str
    name: str
    flags: int = 0
    timestamp: float = 0
    data: _SevenTvData | None = None


class _SevenTvSet(msgspec.Struct):
    id: str = ""
    emotes: list[msgspec.Raw] | None = None


class _SevenTvOwner(msgspec.Struct):
    id: str = ""


class _SevenTvUser(msgspec.Struct):
    emote_set: _SevenTvSet | None = None
    emote_set_id: str | None = None
    user: _SevenTvOwner | None = None


def read_seventv_user(answer: bytes) -> EmoteSet | None:
    """Read `users/twitch/{id}`; a user whose set is named and not included has no emotes and a `set_id`."""
    user = _read(answer, _SevenTvUser)
    if user is None or not (user.user or user.emote_set or user.emote_set_id):
        return None
    found = user.emote_set or _SevenTvSet()
    return EmoteSet(
        emotes=_seventv_emotes(found.emotes or ()),
        set_id=found.id or user.emote_set_id or "",
        owner_id=user.user.id if user.user else "",
    )


def read_seventv_set(answer: bytes) -> EmoteSet | None:
    """Read `emote-sets/{id}`, `emote-sets/global` among them."""
    found = _read(answer, _SevenTvSet)
    if found is None or not found.id:
        return None
    return EmoteSet(emotes=_seventv_emotes(found.emotes or ()), set_id=found.id)


def _seventv_emotes(raws: Iterable[msgspec.Raw]) -> tuple[Emote, ...]:
    return _unique(_seventv_emote(emote) for emote in _each(raws, _SevenTvEmote))


def _seventv_emote(emote: _SevenTvEmote) -> Emote:
    itself = emote.data.flags if emote.data else 0
    return Emote(
        name=emote.name,
        id=emote.id,
        provider=Provider.SEVENTV,
        zero_width=bool(emote.flags & _IN_SET_ZERO_WIDTH or itself & _ITSELF_ZERO_WIDTH),
        added_us=_in_us(emote.timestamp),
    )


def _in_us(timestamp_ms: float) -> int:
    """Microseconds of a time in milliseconds; 0 for what is no time of ours."""
    return int(timestamp_ms) * 1_000 if 0 < timestamp_ms < LATEST_MS else 0


# -- BetterTTV


class _BttvEmote(msgspec.Struct, gc=False):
    id: str
    code: str


class _BttvUser(msgspec.Struct, rename="camel"):
    channel_emotes: list[msgspec.Raw]
    shared_emotes: list[msgspec.Raw]


def read_bttv_global(answer: bytes) -> EmoteSet | None:
    """Read `cached/emotes/global`."""
    raws = _read(answer, list[msgspec.Raw])
    return None if raws is None else EmoteSet(emotes=_bttv_emotes(raws))


def read_bttv_user(answer: bytes) -> EmoteSet | None:
    """Read `cached/users/twitch/{id}`; of two emotes with one name the channel's own counts."""
    user = _read(answer, _BttvUser)
    return None if user is None else EmoteSet(emotes=_bttv_emotes([*user.channel_emotes, *user.shared_emotes]))


def _bttv_emotes(raws: Iterable[msgspec.Raw]) -> tuple[Emote, ...]:
    return _unique(
        Emote(name=emote.code, id=emote.id, provider=Provider.BTTV, zero_width=emote.code in BTTV_ZERO_WIDTH)
        for emote in _each(raws, _BttvEmote)
    )


# -- FrankerFaceZ


class _FfzEmote(msgspec.Struct, gc=False):
    id: int | str
    name: str
    modifier: bool = False


class _FfzSet(msgspec.Struct):
    emoticons: list[msgspec.Raw]


class _FfzGlobal(msgspec.Struct):
    default_sets: list[int]
    sets: dict[str, msgspec.Raw]


class _FfzRoomSet(msgspec.Struct):
    set: int


class _FfzRoom(msgspec.Struct):
    room: _FfzRoomSet
    sets: dict[str, msgspec.Raw]


def read_ffz_global(answer: bytes) -> EmoteSet | None:
    """Read `set/global`; sets in it that are no default ones belong to single users."""
    found = _read(answer, _FfzGlobal)
    return None if found is None else EmoteSet(emotes=_ffz_emotes(found.sets, map(str, found.default_sets)))


def read_ffz_room(answer: bytes) -> EmoteSet | None:
    """Read `room/id/{id}`."""
    found = _read(answer, _FfzRoom)
    return None if found is None else EmoteSet(emotes=_ffz_emotes(found.sets, (str(found.room.set),)))


def _ffz_emotes(sets: Mapping[str, msgspec.Raw], wanted: Iterable[str]) -> tuple[Emote, ...]:
    chosen = _each((sets[name] for name in wanted if name in sets), _FfzSet)
    return _unique(
        Emote(name=emote.name, id=str(emote.id), provider=Provider.FFZ, zero_width=emote.modifier)
        for each in chosen
        for emote in _each(each.emoticons, _FfzEmote)
    )


# -- the EventAPI of 7TV


class _Envelope(msgspec.Struct):
    op: int
    d: msgspec.Raw = msgspec.Raw(b"null")


class _Hello(msgspec.Struct):
    heartbeat_interval: float
    """Milliseconds."""


class _Dispatch(msgspec.Struct):
    type: str
    body: msgspec.Raw


class _Complaint(msgspec.Struct):
    message: str = ""


class _Field(msgspec.Struct):
    key: str = ""
    value: _SevenTvEmote | None = None
    old_value: _SevenTvEmote | None = None


class _Changed(msgspec.Struct):
    id: str
    pushed: list[msgspec.Raw] | None = None
    pulled: list[msgspec.Raw] | None = None
    updated: list[msgspec.Raw] | None = None


SET_CHANGED, OWNER_CHANGED = "emote_set.update", "user.update"
"""What can be subscribed to, by the id of a set and of a user."""


def subscription(op: Op, kind: str, object_id: str) -> bytes:
    """The frame that begins or ends hearing about one thing."""
    return msgspec.json.encode({"op": int(op), "d": {"type": kind, "condition": {"object_id": object_id}}})


def read_frame(data: bytes | str) -> Frame | None:
    """Read one frame of the EventAPI; None for what is no frame."""
    envelope = _read(data, _Envelope)
    if envelope is None:
        return None
    match envelope.op:
        case Op.HELLO:
            hello = _read(envelope.d, _Hello)
            return Frame(op=envelope.op, heartbeat_s=hello.heartbeat_interval / 1_000 if hello else 0.0)
        case Op.DISPATCH:
            return Frame(op=envelope.op, update=_read_dispatch(envelope.d))
        case Op.ERROR | Op.END:
            complaint = _read(envelope.d, _Complaint)
            return Frame(op=envelope.op, said=complaint.message if complaint else "")
        case _:
            return Frame(op=envelope.op)


def _read_dispatch(raw: msgspec.Raw) -> SetUpdate | OwnerUpdate | None:
    dispatch = _read(raw, _Dispatch)
    changed = _read(dispatch.body, _Changed) if dispatch else None
    if dispatch is None or changed is None:
        return None
    if dispatch.type == OWNER_CHANGED:
        return OwnerUpdate(owner_id=changed.id)
    if dispatch.type != SET_CHANGED:
        return None
    pushed, pulled, updated = (
        [field for field in _each(raws or (), _Field) if field.key == "emotes"]
        for raws in (changed.pushed, changed.pulled, changed.updated)
    )
    return SetUpdate(
        set_id=changed.id,
        removed=tuple([field.old_value.name for field in (*pulled, *updated) if field.old_value]),
        added=_unique(_seventv_emote(field.value) for field in (*pushed, *updated) if field.value),
    )


# -- for all of them


def _read(data: bytes | str | msgspec.Raw, kind: type[T]) -> T | None:
    """Decode JSON, with numbers as strings where a service writes them so; None when it has another shape."""
    try:
        return msgspec.json.decode(data, type=kind, strict=False)
    except (msgspec.DecodeError, RecursionError, ValueError, OverflowError):
        return None


def _each(raws: Iterable[msgspec.Raw], kind: type[T]) -> list[T]:
    """Those of the values that have the shape."""
    return [value for raw in raws if (value := _read(raw, kind)) is not None]


def _unique(emotes: Iterable[Emote]) -> tuple[Emote, ...]:
    """Emotes whose name can stand in chat, the first of each name."""
    found: dict[str, Emote] = {}
    for emote in emotes:
        if len(found) == MOST_EMOTES:
            break
        if 0 < len(emote.name) <= NAME_CHARS and emote.name.isprintable() and " " not in emote.name:
            found.setdefault(emote.name, emote)
    return tuple(found.values())
