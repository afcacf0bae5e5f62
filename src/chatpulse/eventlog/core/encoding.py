"""Turn events into the bodies of the record and back.

A body is one line of JSON with a version in front: `{"v":1,...}`. It holds the typed fields and the raw line, so that
a better parser can be run over history. Unknown fields are ignored, so an older program reads what a newer one of the
same version wrote. JSON escapes line ends, so bodies can be stored and shown one per line.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Union, cast

import msgspec

from chatpulse.domain.chat import TOPIC_OF, TOPIC_TYPES, Recorded, Topic
from chatpulse.errors import DamagedError, FutureVersionError

GONE = b'{"v":1}'
"""What stands in the place of an event that was forgotten, so that offsets stay without gaps."""
VERSION = 1
"""Raised when a field changes its meaning; a new field alone does not need it."""


class Entry(NamedTuple):
    """One body with its place in a topic of the record."""

    offset: int
    """Counts from 1 in each topic, without gaps, and is never given twice."""
    body: bytes


def encode(event: Recorded) -> bytes:
    """Write one event as the body of a record entry."""
    return _PREFIX + _encode(event)[1:]


def encode_many(topics: Mapping[Topic, Iterable[Recorded]]) -> dict[Topic, list[bytes]]:
    """Write the events of each topic as bodies."""
    return {topic: [_PREFIX + _encode(event)[1:] for event in events] for topic, events in topics.items()}


def by_topic(events: Iterable[Recorded]) -> dict[Topic, list[Recorded]]:
    """Sort events into their topics, in the order given."""
    topics: dict[Topic, list[Recorded]] = {}
    for event in events:
        topic = TOPIC_OF[type(event)]
        if topic not in topics:
            topics[topic] = []
        topics[topic].append(event)
    return topics


def decode(topic: Topic, body: bytes) -> Recorded:
    """Read an event back, or raise `DamagedError` (for `GONE` too), or `FutureVersionError` for a newer body."""
    return cast("Recorded", _read(_DECODERS[topic], topic, body))


def decode_id(topic: Topic, body: bytes) -> str:
    """Read only the identity of an event, at a fraction of the cost; raises what `decode` does."""
    return cast("_Identified", _read(_ID_DECODER, topic, body)).id


class _Identified(msgspec.Struct, gc=False):
    id: str


class _Versioned(msgspec.Struct, gc=False):
    v: int


def _read(decoder: msgspec.json.Decoder[Any], topic: Topic, body: bytes) -> object:
    try:
        found = VERSION if body.startswith(_PREFIX) else _VERSION_DECODER.decode(body).v
        if found <= VERSION:
            return decoder.decode(body)
    except _BROKEN as exc:
        raise DamagedError(
            f"a body of topic {topic.value!r} cannot be read ({exc}): restore the record from a copy"
        ) from exc
    raise FutureVersionError(
        f"a body of topic {topic.value!r} has version {found}, this chatpulse reads up to {VERSION}: update chatpulse"
    )


# What msgspec raises on bytes that are no JSON of the type; the last on nesting beyond the interpreter's stack.
_BROKEN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_PREFIX = b'{"v":%d,' % VERSION
_encode = msgspec.json.Encoder().encode
_VERSION_DECODER = msgspec.json.Decoder(_Versioned)
_ID_DECODER = msgspec.json.Decoder(_Identified)
_DECODERS: dict[Topic, msgspec.json.Decoder[Any]] = {
    topic: msgspec.json.Decoder(Union[classes])  # noqa: UP007  (`|` cannot join a tuple)
    for topic, classes in TOPIC_TYPES.items()
}
