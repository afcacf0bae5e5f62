"""Answers of the emote services become emotes, whatever is in them; a set's history answers for any time."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpulse.twitch.core import emote_sets
from chatpulse.twitch.core.emote_history import Change, EmoteHistory, Timeline
from chatpulse.twitch.core.emote_sets import (
    Emote,
    EmoteSet,
    Frame,
    Op,
    OwnerUpdate,
    Provider,
    SetUpdate,
    read_bttv_global,
    read_bttv_user,
    read_ffz_global,
    read_ffz_room,
    read_frame,
    read_seventv_set,
    read_seventv_user,
    subscription,
)

READERS = [read_seventv_user, read_seventv_set, read_bttv_global, read_bttv_user, read_ffz_global, read_ffz_room]


def encode(value: object) -> bytes:
    return json.dumps(value).encode()


def seventv(name: str, *, flags: int = 0, itself: int = 0, timestamp: Any = 0) -> dict[str, Any]:
    return {
        "id": f"7{name}", "name": name, "flags": flags, "timestamp": timestamp, "actor_id": None,
        "data": {"id": f"7{name}", "name": "other", "flags": itself, "animated": True, "tags": []},
    }  # fmt: skip


def emote(name: str, **more: Any) -> Emote:
    return Emote(name=name, id=f"7{name}", provider=Provider.SEVENTV, **more)


def test_seventv_user_holds_set_owner_flags_and_times() -> None:
    emotes = [
        seventv("lampWave", timestamp=1_700_000_000_500),
        seventv("rainCover", flags=1),
        seventv("hat", itself=256),
    ]

    found = read_seventv_user(encode({"id": "77", "emote_set": {"id": "s1", "emotes": emotes}, "user": {"id": "u1"}}))

    assert found == EmoteSet(
        emotes=(
            emote("lampWave", added_us=1_700_000_000_500_000),
            emote("rainCover", zero_width=True),
            emote("hat", zero_width=True),
        ),
        set_id="s1",
        owner_id="u1",
    )


@pytest.mark.parametrize(
    ("answer", "set_id"),
    [
        pytest.param({"user": {"id": "u1"}, "emote_set": None, "emote_set_id": "s2"}, "s2", id="named only"),
        pytest.param({"user": {"id": "u1"}, "emote_set": {"id": "s2"}}, "s2", id="without a list"),
        pytest.param({"user": {"id": "u1"}, "emote_set": None}, "", id="no set at all"),
    ],
)
def test_seventv_user_without_emotes_names_the_set(answer: dict[str, Any], set_id: str) -> None:
    assert read_seventv_user(encode(answer)) == EmoteSet(set_id=set_id, owner_id="u1")


def test_bttv_joins_own_and_shared_emotes_and_knows_its_zero_width_ones() -> None:
    own = [{"id": "1", "code": "lampJam", "animated": True}, {"id": "2", "code": "SoSnowy"}]
    shared = [{"id": "3", "code": "lampJam"}, {"id": "4", "code": "(lamp)"}]

    found = read_bttv_user(encode({"channelEmotes": own, "sharedEmotes": shared}))

    assert found is not None
    assert [(one.name, one.id, one.zero_width) for one in found.emotes] == [
        ("lampJam", "1", False),
        ("SoSnowy", "2", True),
        ("(lamp)", "4", False),
    ]
    assert read_bttv_global(encode(own[:1])) == EmoteSet(emotes=found.emotes[:1])


def test_ffz_takes_the_room_s_set_and_only_default_sets_of_the_global_ones() -> None:
    sets = {
        "3": {"emoticons": [{"id": 5, "name": "LampW"}, {"id": "6", "name": "ffzSpin", "modifier": True}]},
        "9": {"emoticons": [{"id": 7, "name": "OfOthers"}]},
    }
    expected = EmoteSet(
        emotes=(
            Emote(name="LampW", id="5", provider=Provider.FFZ),
            Emote(name="ffzSpin", id="6", provider=Provider.FFZ, zero_width=True),
        )
    )

    assert read_ffz_global(encode({"default_sets": [3, 4], "sets": sets})) == expected
    assert read_ffz_room(encode({"room": {"set": 3, "id": "plum"}, "sets": sets})) == expected


def test_an_emote_that_makes_no_sense_is_left_out_and_the_rest_kept() -> None:
    bad: list[Any] = [
        None, 5, {}, {"id": "x"}, {"code": "noId"}, {"id": 1, "code": 2}, {"id": "x", "code": "two words"},
        {"id": "x", "code": ""}, {"id": "x", "code": "n" * 101}, {"id": "x", "code": "bell\x07"},
    ]  # fmt: skip

    found = read_bttv_global(encode([*bad, {"id": "1", "code": "lampJam"}, {"id": "2", "code": "n" * 100}]))

    assert found is not None
    assert [one.name for one in found.emotes] == ["lampJam", "n" * 100]


def test_a_service_that_lists_emotes_without_end_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emote_sets, "MOST_EMOTES", 3)

    found = read_bttv_global(encode([{"id": str(n), "code": f"lamp{n}"} for n in range(9)]))

    assert found is not None
    assert [one.name for one in found.emotes] == ["lamp0", "lamp1", "lamp2"]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "answer", [b"", b"{", b"null", b'"x"', b'{"message": "moved"}', b"[" * 5_000, b"\xff", b'{"emote_set": 5}']
)
def test_an_answer_of_another_shape_is_none(read: Any, answer: bytes) -> None:
    assert read(answer) is None


@given(
    st.binary() | st.recursive(st.none() | st.integers() | st.text() | st.floats(), st.lists).map(repr).map(str.encode)
)
def test_no_answer_raises(answer: bytes) -> None:
    assert [read(answer) for read in READERS if read(answer) not in {None, EmoteSet()}] == []
    read_frame(answer)


def change(old: object = None, new: object = None, key: str = "emotes") -> dict[str, Any]:
    return {"key": key, "index": 3, "type": "object", "old_value": old, "value": new}


def test_a_dispatch_says_what_came_left_and_was_renamed() -> None:
    body = {
        "id": "s1",
        "kind": 6,
        "pushed": [change(new=seventv("fresh")), change(new="?"), change(new=seventv("x"), key="name")],
        "pulled": [change(old=seventv("stale"))],
        "updated": [change(old=seventv("before"), new=seventv("behind", flags=1))],
    }

    frame = read_frame(encode({"op": 0, "t": 1, "s": 9, "d": {"type": "emote_set.update", "body": body}}))

    assert frame == Frame(
        op=Op.DISPATCH,
        update=SetUpdate(
            set_id="s1", removed=("stale", "before"), added=(emote("fresh"), emote("behind", zero_width=True))
        ),
    )


@pytest.mark.parametrize(
    ("frame", "read"),
    [
        pytest.param({"op": 1, "d": {"heartbeat_interval": 25_000}}, Frame(op=1, heartbeat_s=25.0), id="hello"),
        pytest.param({"op": 1, "d": {}}, Frame(op=1), id="a hello without a beat"),
        pytest.param({"op": 2, "d": {"count": 4}}, Frame(op=2), id="heartbeat"),
        pytest.param({"op": 4}, Frame(op=4), id="reconnect"),
        pytest.param({"op": 7, "d": {"code": 4006, "message": "restart"}}, Frame(op=7, said="restart"), id="end"),
        pytest.param({"op": 6, "d": None}, Frame(op=6), id="an error without a reason"),
        pytest.param({"op": 0, "d": {"type": "cosmetic.create", "body": {"id": "1"}}}, Frame(op=0), id="another kind"),
        pytest.param({"op": 0, "d": {"type": "emote_set.update", "body": 5}}, Frame(op=0), id="no body"),
        pytest.param(
            {"op": 0, "d": {"type": "user.update", "body": {"id": "u1"}}},
            Frame(op=0, update=OwnerUpdate(owner_id="u1")),
            id="an owner",
        ),
        pytest.param({"d": 1}, None, id="no operation"),
    ],
)
def test_frames_are_read(frame: dict[str, Any], read: Frame | None) -> None:
    assert read_frame(json.dumps(frame)) == read


def test_a_subscription_names_one_thing() -> None:
    frame = json.loads(subscription(Op.SUBSCRIBE, "emote_set.update", "s1"))

    assert frame == {"op": 35, "d": {"type": "emote_set.update", "condition": {"object_id": "s1"}}}


# -- histories


def answered(*names: str, **more: Any) -> EmoteSet:
    return EmoteSet(emotes=tuple([emote(name, **more) for name in names]))


def test_a_history_knows_the_set_of_any_time() -> None:
    history = EmoteHistory()
    history.take(answered("a", "b"), at_us=100)
    history.take(answered("a", "b"), at_us=200)
    history.take(answered("b", "c"), at_us=300)
    history.apply(SetUpdate(set_id="s", removed=("b",), added=(emote("d"),)), at_us=400)

    assert [sorted(history.at(ts)) for ts in (99, 100, 299, 300, 399, 400)] == [
        [], ["a", "b"], ["a", "b"], ["b", "c"], ["b", "c"], ["c", "d"],
    ]  # fmt: skip
    assert history.changes[1:] == (
        Change(at_us=300, removed=("a",), added=(emote("c"),)),
        Change(at_us=400, removed=("b",), added=(emote("d"),)),
    )
    assert (history.first_us, history.checked_us) == (100, 300)


def test_what_is_known_already_is_no_change() -> None:
    history = EmoteHistory()
    history.take(answered("a"), at_us=100)

    assert history.take(answered("a", added_us=50), at_us=200) == []
    assert history.apply(SetUpdate(set_id="s", removed=("z",), added=(emote("a"),)), at_us=300) == []
    assert EmoteHistory().apply(SetUpdate(set_id="s", added=(emote("a"),)), at_us=300) == []


def test_another_emote_of_the_same_name_is_a_change() -> None:
    history = EmoteHistory()
    history.take(answered("a"), at_us=100)

    history.apply(SetUpdate(set_id="s", removed=("a",), added=(emote("a", zero_width=True),)), at_us=200)

    assert [history.at(ts)["a"].zero_width for ts in (100, 200)] == [False, True]


def test_a_first_answer_reaches_back_to_when_each_emote_came() -> None:
    history = EmoteHistory()
    found = EmoteSet(
        emotes=(emote("old", added_us=10), emote("new", added_us=60), emote("some"), emote("odd", added_us=999))
    )

    history.take(found, at_us=100)

    assert [sorted(history.at(ts)) for ts in (9, 10, 60, 100)] == [
        [],
        ["old"],
        ["new", "old"],
        ["new", "odd", "old", "some"],
    ]
    assert sorted(history.guess(50)) == ["new", "odd", "old", "some"]
    assert history.guess(100) == {}


def test_a_clock_that_was_set_back_leaves_changes_in_order() -> None:
    history = EmoteHistory()
    history.take(answered("a"), at_us=500)

    history.take(answered("b"), at_us=400)

    assert [change.at_us for change in history.changes] == [500, 500]
    assert sorted(history.at(500)) == ["b"]


@given(st.lists(st.frozensets(st.sampled_from("abcdef"), max_size=6), min_size=1, max_size=12))
def test_every_answer_is_found_again_at_its_time(answers: list[frozenset[str]]) -> None:
    history = EmoteHistory()
    for number, names in enumerate(answers, start=1):
        history.take(answered(*sorted(names)), at_us=number * 10)

    again = EmoteHistory(history.changes, first_us=history.first_us)

    assert [again.at(number * 10 + 9).keys() for number in range(1, len(answers) + 1)] == [set(one) for one in answers]


def known(history: EmoteHistory, everywhere: EmoteHistory, ts_us: int) -> tuple[list[str], list[str]]:
    found = Timeline([history], shared=[everywhere]).at(ts_us)
    return sorted(found.sure), sorted(found.guessed)


def test_a_channel_s_sets_join_its_own_and_the_global_ones() -> None:
    own, everywhere = EmoteHistory(), EmoteHistory()
    everywhere.take(answered("all"), at_us=100)
    own.take(answered("mine", "cover", zero_width=True), at_us=200)
    own.take(answered("yours"), at_us=300)

    timeline = Timeline([own], shared=[everywhere])

    assert known(own, everywhere, 50) == ([], ["all", "cover", "mine"])
    assert known(own, everywhere, 150) == ([], ["all", "cover", "mine"])
    assert known(own, everywhere, 200) == (["all", "cover", "mine"], [])
    assert known(own, everywhere, 300) == (["all", "yours"], [])
    assert timeline.at(250).zero_width == {"cover", "mine"}
    assert timeline.latest() is timeline.at(10**9)


def test_without_a_set_of_the_channel_global_emotes_are_guesses() -> None:
    everywhere = EmoteHistory()
    everywhere.take(answered("all"), at_us=100)

    assert known(EmoteHistory(), everywhere, 200) == ([], ["all"])
    assert Timeline([]).at(5).sure == Timeline([]).latest().guessed == frozenset()


def test_a_set_is_one_object_between_two_changes_and_says_so() -> None:
    own = EmoteHistory()
    for ts_us in range(100, 1_000, 100):
        own.take(answered(f"e{ts_us}"), at_us=ts_us)
    timeline = Timeline([own])

    found = timeline.at(250)

    assert found is timeline.at(299) is timeline.at(200)
    assert (found.since_us, found.until_us) == (200, 300)
    assert [timeline.at(ts).sure for ts in range(150, 900, 100)] == [{f"e{ts - 50}"} for ts in range(150, 900, 100)]


def test_a_timeline_does_not_see_later_changes() -> None:
    own = EmoteHistory()
    own.take(answered("a"), at_us=100)
    timeline = Timeline([own])

    own.take(answered("b"), at_us=200)

    assert timeline.latest().sure == {"a"}
