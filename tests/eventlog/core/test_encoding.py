"""Events as bodies of the record."""

import json
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatpulse.domain.chat import (
    ChatMessage,
    EmoteSpan,
    Moderation,
    ModerationKind,
    Quarantined,
    Raid,
    Recorded,
    RoomNotice,
    RoomState,
    SubGift,
    Subscription,
    TimeKind,
    Topic,
    UnknownNotice,
)
from chatpulse.errors import DamagedError, FutureVersionError
from chatpulse.eventlog.core.encoding import by_topic, decode, decode_id, encode, encode_many

MESSAGE = ChatMessage(
    id="m1",
    channel="ninefold",
    ts_us=5,
    received_us=6,
    text='so "loud" \n Pog 😀 \x00',
    emotes=(EmoteSpan(id="88", name="Pog", start=12, end=14),),
    time_kind=TimeKind.OFFSET,
    raw=":ada!a@b PRIVMSG #ninefold :so loud",
)
EVENTS: list[tuple[Topic, Recorded]] = [
    (Topic.CHAT_MESSAGES, MESSAGE),
    (Topic.SUBSCRIPTIONS, Subscription(id="s1", ts_us=1, received_us=2, plan="Prime", months=3)),
    (Topic.SUBSCRIPTIONS, SubGift(id="s2", ts_us=1, received_us=2, recipient_login="bo")),
    (Topic.EVENTS, Raid(id="e1", ts_us=1, received_us=2, viewers=40)),
    (Topic.EVENTS, UnknownNotice(id="e2", ts_us=1, received_us=2, name="parade", tags={"msg-param-x": "1"})),
    (Topic.MODERATION, Moderation(id="d1", ts_us=1, received_us=2, kind=ModerationKind.TIMEOUT, duration_s=60)),
    (Topic.ROOM, RoomState(id="r1", ts_us=1, received_us=2, slow_s=0)),
    (Topic.ROOM, RoomNotice(id="r2", ts_us=1, received_us=2, text="This room is slow.")),
    (Topic.QUARANTINE, Quarantined(id="q1", ts_us=1, received_us=2, reason="not UTF-8", raw=b"\xff\n\x00")),
]


@pytest.mark.parametrize(("topic", "event"), [pytest.param(t, e, id=type(e).__name__) for t, e in EVENTS])
def test_every_event_comes_back_as_it_went(topic: Topic, event: Recorded) -> None:
    body = encode(event)

    assert decode(topic, body) == event
    assert type(decode(topic, body)) is type(event)
    assert decode_id(topic, body) == event.id


def test_a_body_is_one_line_of_json_with_its_version_in_front() -> None:
    body = encode(MESSAGE)

    assert body.startswith(b'{"v":1,')
    assert b"\n" not in body
    assert json.loads(body)["text"] == MESSAGE.text


def test_many_events_are_grouped_by_topic_in_order() -> None:
    bodies = encode_many(by_topic(event for _, event in EVENTS))

    assert list(bodies) == [
        Topic.CHAT_MESSAGES,
        Topic.SUBSCRIPTIONS,
        Topic.EVENTS,
        Topic.MODERATION,
        Topic.ROOM,
        Topic.QUARANTINE,
    ]
    assert [(t, decode(t, body)) for t, several in bodies.items() for body in several] == EVENTS


def test_a_field_of_a_later_program_is_ignored() -> None:
    body = encode(MESSAGE).replace(b'{"v":1,', b'{"v":1,"mood":[{"x":1}],')

    assert decode(Topic.CHAT_MESSAGES, body) == MESSAGE


def test_the_version_is_found_wherever_it_stands() -> None:
    body = msgspec.json.encode(json.loads(encode(MESSAGE).replace(b'"v":1,', b"")) | {"v": 1})

    assert decode(Topic.CHAT_MESSAGES, body) == MESSAGE


@pytest.mark.parametrize("read", [decode, decode_id])
def test_a_body_of_a_newer_version_is_told_apart_from_damage(read: Callable[[Topic, bytes], object]) -> None:
    body = encode(MESSAGE).replace(b'"v":1', b'"v":2')

    with pytest.raises(FutureVersionError, match=r"version 2.*reads up to 1.*update"):
        read(Topic.CHAT_MESSAGES, body)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(encode(MESSAGE)[:-9], id="cut"),
        pytest.param(b'{"v":1,"id":"x"}', id="no time"),
        pytest.param(b'{"id":"x","ts_us":1,"received_us":2}', id="no version"),
        pytest.param(b'{"v":1,"id":"\xff","ts_us":1,"received_us":2}', id="not UTF-8"),
        pytest.param(b'{"v":1,"id":"x","ts_us":1,"received_us":2,"new":' + b"[" * 200_000, id="too deep"),
    ],
)
def test_a_broken_body_is_damage_in_a_topic(body: bytes) -> None:
    with pytest.raises(DamagedError, match="chat_messages"):
        decode(Topic.CHAT_MESSAGES, body)


@settings(deadline=None)
@given(st.sampled_from(list(Topic)), st.binary(max_size=60), st.booleans())
def test_no_bytes_raise_anything_else(topic: Topic, noise: bytes, prefixed: bool) -> None:  # noqa: FBT001
    body = b'{"v":1,' + noise if prefixed else noise

    for read in (decode, decode_id):
        try:
            read(topic, body)
        except (DamagedError, FutureVersionError):
            continue
