import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpulse.domain.chat import EmoteSpan, Event, Quarantined, RoomNotice, RoomState, SubGift, Topic, UnknownNotice
from chatpulse.domain.tables import TABLE_OF, TABLES
from chatpulse.lake.arrow import to_arrow
from chatpulse.lake.core.rows import INT_MAX, INT_MIN, Extras, columns_of
from tests.lake.builders import START_US, message, raid, scored

EXTRAS = Extras()


def rows(topic: Topic, *events: Event, extras: Extras = EXTRAS) -> list[dict[str, object]]:
    table = TABLE_OF[topic]
    arrow = to_arrow(table, columns_of(table, events, extras), rows=len(events))
    arrow.validate(full=True)
    found: list[dict[str, object]] = arrow.to_pylist()
    return found


def test_a_message_keeps_every_field() -> None:
    said = message(
        5, badges="vip/1,subscriber/12", months=12, emotes=(EmoteSpan("e9", "Wave", 0, 3),), first=True, bits=100
    )

    (row,) = rows(Topic.CHAT_MESSAGES, said)

    assert (row["id"], row["channel"], row["room_id"], row["user_id"]) == ("m000005", "aurora", "77", "u5")
    assert (row["ts_us"], row["received_us"]) == (said.ts_us, said.received_us)
    assert (row["source"], row["time_kind"], row["precision_us"], row["inferred"]) == ("live", "epoch", 1_000, False)
    assert (row["text"], row["badges"]) == ("what a save number 5", ["vip/1", "subscriber/12"])
    assert (row["months"], row["bits"], row["first"], row["action"]) == (12, 100, True, False)
    assert row["emotes"] == [{"id": "e9", "name": "Wave", "start": 0, "end": 3}]


def test_what_the_wire_left_empty_is_null_but_for_the_text_itself() -> None:
    (row,) = rows(Topic.CHAT_MESSAGES, message(1, text="", user_name="", reply_to="", badges=""))

    assert (row["user_name"], row["reply_to"], row["reward_id"]) == (None, None, None)
    assert (row["text"], row["badges"], row["emotes"], row["months"]) == ("", [], [], 0)


def test_a_time_is_a_number_an_instant_and_a_day() -> None:
    (row,) = rows(Topic.CHAT_MESSAGES, message(0, ts_us=START_US + 123_456))

    assert row["ts_us"] == START_US + 123_456
    assert f"{row['ts']:%Y-%m-%dT%H:%M:%S.%f%z}" == "2026-09-21T14:13:20.123456+0000"
    assert str(row["date"]) == "2026-09-21"


@pytest.mark.parametrize(
    ("ts_us", "year"), [(INT_MAX, 9999), (INT_MIN, 1), (10**30, 9999), (0, 1970), (-1, 1969)], ids=str
)
def test_an_impossible_time_is_held_within_the_calendar(ts_us: int, year: int) -> None:
    (row,) = rows(Topic.CHAT_MESSAGES, message(0, ts_us=ts_us))

    assert row["ts_us"] == min(max(ts_us, INT_MIN), INT_MAX)
    assert (getattr(row["ts"], "year"), getattr(row["date"], "year")) == (year, year)  # noqa: B009 - the type is object


def test_scores_stand_beside_their_messages() -> None:
    other = scored(valence=-0.5, reactions=(), flags=())
    extras = Extras(scored=[scored(), other], scorer="linear", scorer_version="3")

    first, second = rows(Topic.CHAT_MESSAGES, message(1), message(2), extras=extras)

    assert (first["negative"], first["neutral"], first["positive"], first["valence"]) == (0.125, 0.25, 0.625, 0.5)
    assert (first["label"], first["best"], first["confidence"]) == ("positive", "positive", 0.75)
    assert (first["reactions"], first["flags"]) == (["hype", "love"], ["caps"])
    assert (first["terms"], first["scorer"], first["scorer_version"]) == (["save", "PogChamp"], "linear", "3")
    assert (second["valence"], second["reactions"], second["flags"]) == (-0.5, [], [])


def test_an_unscored_message_has_no_score() -> None:
    (row,) = rows(Topic.CHAT_MESSAGES, message(1))

    assert [row[name] for name in ("negative", "label", "reactions", "terms", "scorer", "deleted_us")] == [None] * 6


def test_each_kind_of_event_fills_its_own_columns() -> None:
    unknown = UnknownNotice(
        id="k1", channel="aurora", ts_us=1, received_us=1, name="firework", tags={"a": "1", "b": ""}
    )

    first, second = rows(Topic.EVENTS, raid(1), unknown)

    assert (first["kind"], first["viewers"], first["tags"]) == ("raid", 9, None)
    assert (second["kind"], second["viewers"], second["name"]) == ("unknown", None, "firework")
    assert second["tags"] == [("a", "1"), ("b", "")]


def test_a_mode_that_a_line_does_not_mention_is_null() -> None:
    state = RoomState(id="s1", channel="aurora", ts_us=1, received_us=1, slow_s=30, subs_only=False)
    notice = RoomNotice(id="n1", channel="aurora", ts_us=1, received_us=1, notice_id="slow_on", text="slow")

    first, second = rows(Topic.ROOM, state, notice)

    assert [first[name] for name in ("kind", "slow_s", "subs_only", "emote_only", "text")] == [
        "state",
        30,
        False,
        None,
        None,
    ]
    assert [second[name] for name in ("kind", "slow_s", "subs_only", "text")] == ["notice", None, None, "slow"]


def test_quarantine_keeps_the_bytes() -> None:
    (row,) = rows(Topic.QUARANTINE, Quarantined(id="q1", ts_us=0, received_us=1, reason="not UTF-8", raw=b"\xff\x00"))

    assert (row["channel"], row["reason"], row["raw"]) == (None, "not UTF-8", b"\xff\x00")


words = st.text(st.characters() | st.just("\ud800"), max_size=8)
numbers = st.integers(-(10**25), 10**25)


@given(words, numbers, numbers, st.lists(st.builds(EmoteSpan, words, words, numbers, numbers), max_size=3))
def test_no_message_is_too_strange_to_store(text: str, ts_us: int, months: int, emotes: list[EmoteSpan]) -> None:
    odd = message(1, id=text, text=text, badges=text, ts_us=ts_us, months=months, emotes=tuple(emotes))

    first, second = rows(Topic.CHAT_MESSAGES, odd, message(2))

    assert len(first["emotes"]) == len(emotes)  # type: ignore[arg-type]  # the value is object
    assert second["text"] == "what a save number 2"


@given(words, numbers, st.dictionaries(words, words, max_size=3))
def test_no_notice_is_too_strange_to_store(text: str, months: int, tags: dict[str, str]) -> None:
    gift = SubGift(id=text, ts_us=months, received_us=months, months=months, plan=text)
    unknown = UnknownNotice(id=text, ts_us=months, received_us=months, name=text, tags=tags)

    assert len(rows(Topic.SUBSCRIPTIONS, gift)) == 1
    assert len(rows(Topic.EVENTS, unknown, raid(1))) == 2


def test_columns_come_in_the_order_of_the_definition() -> None:
    columns = columns_of(TABLES["messages"], [message(1)], EXTRAS)

    assert list(columns) == [column.name for column in TABLES["messages"].columns]
    assert isinstance(columns["ts_us"], np.ndarray)
