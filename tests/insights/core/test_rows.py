from typing import Any

import msgspec
import pytest

from chatpulse.domain.chat import TOPIC_TYPES, ChatMessage, EmoteSpan, Event, Moderation, ModerationKind, Source, Topic
from chatpulse.domain.scores import Flag, Label, Reaction
from chatpulse.domain.tables import TABLE_OF, tag_of
from chatpulse.errors import DamagedError
from chatpulse.insights.core.rows import event_from_row, from_row

MESSAGE: dict[str, Any] = {
    **dict.fromkeys(column.name for column in TABLE_OF[Topic.CHAT_MESSAGES].columns),
    "id": "m1",
    "channel": "aurora",
    "room_id": "1",
    "ts_us": 1_700_000_000_000_000,
    "received_us": 1_700_000_000_100_000,
    "source": "replay",
    "time_kind": "epoch",
    "precision_us": 1_000,
    "inferred": False,
    "user_id": "7",
    "user_login": "olo",
    "text": "auroraHey what a save by the keeper",
    "badges": ["vip/1", "subscriber/12"],
    "months": 12,
    "emotes": [{"id": "e1", "name": "auroraHey", "start": 0, "end": 8}],
    "first": True,
    "terms": ["auroraHey", "save", "keeper"],
    "negative": 0.1,
    "neutral": 0.2,
    "positive": 0.7,
    "valence": 0.6,
    "label": "positive",
    "best": "positive",
    "confidence": 0.8,
    "reactions": ["hype"],
    "flags": ["repeat"],
}


def test_a_row_becomes_the_message_and_its_score() -> None:
    message, scored = from_row(MESSAGE)

    assert message == ChatMessage(
        id="m1",
        channel="aurora",
        room_id="1",
        ts_us=1_700_000_000_000_000,
        received_us=1_700_000_000_100_000,
        source=Source.REPLAY,
        user_id="7",
        user_login="olo",
        text="auroraHey what a save by the keeper",
        badges="vip/1,subscriber/12",
        months=12,
        emotes=(EmoteSpan("e1", "auroraHey", 0, 8),),
        first=True,
    )
    assert (scored.score.valence, scored.score.label, scored.score.confidence) == (0.6, Label.POSITIVE, 0.8)
    assert (scored.score.reactions, scored.score.flags) == ((Reaction.HYPE,), (Flag.REPEAT,))
    assert (scored.terms, scored.emotes) == (("auroraHey", "save", "keeper"), ("auroraHey",))
    assert scored.wave_key


def test_a_message_that_was_not_scored_says_nothing() -> None:
    row = {**MESSAGE, **dict.fromkeys(("negative", "neutral", "positive", "valence", "label", "best", "confidence"))}

    _, scored = from_row(row)

    assert scored.score.label is Label.UNSURE
    assert Flag.UNSUPPORTED in scored.score.flags


@pytest.mark.parametrize(
    "change", [{"ts_us": "soon"}, {"label": "great"}, {"best": None}, {"id": None}, {"reactions": ["joy"]}]
)
def test_a_row_of_something_else_is_refused_by_name(change: dict[str, Any]) -> None:
    with pytest.raises(DamagedError, match="row"):
        from_row({**MESSAGE, **change})


EVENTS = [cls for topic in (Topic.SUBSCRIPTIONS, Topic.EVENTS, Topic.ROOM) for cls in TOPIC_TYPES[topic]]


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.__name__)
def test_every_kind_of_event_comes_back(cls: type[Event]) -> None:
    event = cls(id="e", channel="aurora", ts_us=5, received_us=6)
    topic = next(topic for topic, classes in TOPIC_TYPES.items() if cls in classes)
    row = {**dict.fromkeys(column.name for column in TABLE_OF[topic].columns), **msgspec.to_builtins(event)}

    assert event_from_row({**row, "kind": tag_of(cls), "badges": []}, topic) == event


def test_moderation_comes_back() -> None:
    row = {"id": "a", "ts_us": 5, "received_us": 6, "kind": "ban", "target_login": "olo", "duration_s": 0, "text": None}

    event = event_from_row(row, Topic.MODERATION)

    assert event == Moderation(id="a", ts_us=5, received_us=6, kind=ModerationKind.BAN, target_login="olo")


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(DamagedError, match="kind 'sing'"):
        event_from_row({"id": "e", "ts_us": 5, "received_us": 6, "kind": "sing"}, Topic.EVENTS)
