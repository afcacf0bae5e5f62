import itertools
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatpulse.domain.chat import (
    ChatMessage,
    Combo,
    GiftBatch,
    Moderation,
    ModerationKind,
    Quarantined,
    Raid,
    Recorded,
    Resubscription,
    SubGift,
    Subscription,
)
from chatpulse.domain.live import Frame, Health, HealthStatus, Mode
from chatpulse.domain.naming import Forgotten
from chatpulse.domain.scores import Label, Reaction, Score, Scored
from chatpulse.insights import Boards
from chatpulse.insights.core.board import KEPT_MESSAGES, LONGEST_TEXT, MAX_CHANNELS, Board

S = 1_000_000
T0_US = 1_700_000_000 * S
HEALTH = Health(status=HealthStatus.OK, connected=True, lag_s=0.0, lost=0, quarantined=0)
PASTA = "the otter of the lagoon has hidden my best hat in the reeds and asks for seven biscuits"

numbers = itertools.count()


def say(
    at_s: float = 0,
    text: str = "hello",
    *,
    user: str = "7",
    channel: str = "aurora",
    **more: Any,
) -> ChatMessage:
    ts_us = T0_US + round(at_s * S)
    return ChatMessage(
        id=f"m{next(numbers)}",
        channel=channel,
        room_id="1",
        ts_us=ts_us,
        received_us=ts_us + 100_000,
        user_id=user,
        user_login=f"user{user}",
        user_name=f"User{user}",
        text=text,
        **more,
    )


def score(text: str, *, valence: float = 0.0) -> Scored:
    reactions = (Reaction.QUESTION,) if "?" in text else ()
    verdict = Score(
        negative=0.2,
        neutral=0.5,
        positive=0.3,
        valence=valence,
        label=Label.UNSURE,
        best=Label.NEUTRAL,
        confidence=0.4,
        reactions=reactions,
        tokens=((text, 0.1),),
    )
    return Scored(score=verdict, terms=tuple(text.split()), wave_key=text)


def put(boards: Boards, *messages: ChatMessage) -> None:
    boards.add_messages(messages, [score(message.text) for message in messages])


def look(boards: Boards, after: int = 0, *, channel: str = "aurora") -> Frame:
    return boards.frame(channel, after, mode=Mode.DEMO, health=HEALTH, totals={"lines": 3})


def act(kind: ModerationKind, *, at_s: float = 0, target: str = "", message_id: str = "") -> Moderation:
    ts_us = T0_US + round(at_s * S)
    return Moderation(
        id=f"a{next(numbers)}",
        channel="aurora",
        ts_us=ts_us,
        received_us=ts_us,
        kind=kind,
        target_id=target,
        target_login=f"user{target}" if target else "",
        message_id=message_id,
    )


def test_a_frame_shows_a_message_with_its_score_and_reason() -> None:
    boards = Boards()
    message = say(text="who won?")
    put(boards, message)

    frame = look(boards)

    (line,) = frame.messages
    assert (line.id, line.user_name, line.text, line.label) == (message.id, "User7", "who won?", Label.UNSURE)
    assert (line.confidence, line.tokens, line.deleted) == (0.4, (("who won?", 0.1),), False)
    assert frame.questions == (line,)
    assert (frame.channel, frame.mode, frame.health, frame.totals) == ("aurora", Mode.DEMO, HEALTH, {"lines": 3})
    assert frame.at_us == message.ts_us


def test_a_frame_becomes_json_and_back() -> None:
    boards = Boards()
    put(boards, *(say(at_s, "gg wp", bits=5, first=True) for at_s in range(70)))

    frame = look(boards)

    assert msgspec.json.decode(msgspec.json.encode(frame), type=Frame) == frame


def test_the_next_frame_holds_only_what_is_new() -> None:
    boards = Boards()
    put(boards, say(0, "one"), say(2, "two"))
    before = look(boards)
    put(boards, say(3, "three"))

    after = look(boards, before.seq)

    assert [line.text for line in after.messages] == ["three"]
    assert [stats.start_s - T0_US // S for stats in after.seconds] == [2]
    assert after.seq > before.seq
    assert look(boards, after.seq).messages == ()


def test_nothing_new_is_the_same_frame_number() -> None:
    boards = Boards()
    put(boards, say())

    assert look(boards).seq == look(boards).seq


def test_a_number_of_another_process_gets_everything() -> None:
    boards = Boards()
    put(boards, say(text="one"))

    frame = look(boards, 9_999)

    assert frame.after == 0
    assert [line.text for line in frame.messages] == ["one"]


def test_a_smaller_number_of_an_earlier_process_gets_everything_too() -> None:
    boards = Boards(first_frame=1_000)
    put(boards, say(text="one"))
    seen = look(boards)
    put(boards, say(text="two"))

    frames = [look(boards, 999), look(boards, seen.seq)]

    assert [frame.after for frame in frames] == [0, seen.seq]
    assert [[line.text for line in frame.messages] for frame in frames] == [["one", "two"], ["two"]]


def test_an_event_is_new_once() -> None:
    boards = Boards()
    boards.add_events([act(ModerationKind.CLEAR)])
    before = look(boards)

    assert len(before.feed) == 1
    assert look(boards, before.seq).feed == ()


deeds = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(0, 20), st.sampled_from(["gg", "why?", "row row"])),
        st.tuples(st.just("raid"), st.integers(0, 20), st.just("")),
        st.tuples(st.just("look"), st.just(0), st.just("")),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(deeds)
def test_all_that_changed_adds_up_to_everything(deeds: list[tuple[str, int, str]]) -> None:
    boards = Boards()
    frames = [look(boards)]
    for deed, at_s, text in deeds:
        if deed == "say":
            put(boards, say(at_s, text))
        elif deed == "raid":
            ts_us = T0_US + at_s * S
            boards.add_events([Raid(id=f"r{next(numbers)}", channel="aurora", ts_us=ts_us, received_us=ts_us)])
        else:
            frames.append(look(boards, frames[-1].seq))
    frames.append(look(boards, frames[-1].seq))
    whole = look(boards)

    assert tuple(line for frame in frames for line in frame.messages) == whole.messages
    assert tuple(item for frame in frames for item in frame.feed) == whole.feed
    seconds = {stats.start_s: stats for frame in frames for stats in frame.seconds}
    assert tuple(seconds[start_s] for start_s in sorted(seconds)) == whole.seconds


def test_everything_shown_is_capped() -> None:
    boards = Boards()
    put(boards, *(say(n, f"why {n}?", bits=1, user=str(n)) for n in range(1_000)))
    put(boards, *(say(999, f"word{n % 20}") for n in range(200)), say(1_000, "why 1000?"))

    frame = look(boards)

    assert len(frame.seconds) == 300
    assert len(frame.messages) == 50
    assert frame.messages[-1].text == "why 1000?"
    assert len(frame.feed) == 50
    assert [line.text for line in frame.questions] == [f"why {n}?" for n in range(1_000, 992, -1)]
    assert len(frame.words) == 10


def test_an_endless_text_is_cut() -> None:
    boards = Boards()
    put(boards, say(text="x" * 60_000))

    assert len(look(boards).messages[0].text) == LONGEST_TEXT + 1


def test_a_flood_of_bans_does_not_hide_a_raid() -> None:
    boards = Boards()
    boards.add_events([Raid(id="r", channel="aurora", ts_us=T0_US, received_us=T0_US, user_login="olo", viewers=9)])
    boards.add_events([act(ModerationKind.BAN, target=str(n)) for n in range(500)])

    kinds = [item.kind for item in look(boards).feed]

    assert kinds[0] == "raid"
    assert kinds.count("ban") == 25


def gift_train() -> list[Recorded]:
    at: dict[str, Any] = {"channel": "aurora", "user_id": "7", "user_login": "user7", "batch_id": "x"}
    batch = GiftBatch(id="b", ts_us=T0_US, received_us=T0_US, gift_count=3, **at)
    return [batch, *(SubGift(id=f"g{n}", ts_us=T0_US + n, received_us=T0_US, **at) for n in range(3))]


def test_a_gift_batch_is_counted_and_shown_once() -> None:
    boards = Boards()
    put(boards, say(0))
    boards.add_events(gift_train())
    put(boards, say(1))

    frame = look(boards)

    assert [stats.gifts for stats in frame.seconds] == [3]
    assert [item.kind for item in frame.feed] == ["gift_batch"]


def test_what_supporters_do_is_in_the_windows() -> None:
    boards = Boards()
    at: dict[str, Any] = {"channel": "aurora", "ts_us": T0_US, "received_us": T0_US}
    put(boards, say(0, bits=100, user="8"))
    boards.add_events([
        Subscription(id="1", **at),
        Resubscription(id="2", was_gifted=True, **at),
        Raid(id="3", **at),
        Combo(id="4", user_id="8", bits=100, **at),
        act(ModerationKind.TIMEOUT, target="9"),
    ])
    boards.finish()

    frame = look(boards)

    (stats,) = frame.seconds
    assert (stats.subs, stats.raids, stats.bits, stats.timeouts) == (1, 1, 100, 1)
    assert [item.kind for item in frame.feed] == ["cheer", "new", "renew", "raid", "timeout"]


def test_what_happened_in_another_channel_is_neither_counted_nor_shown() -> None:
    boards = Boards()
    at: dict[str, Any] = {
        "channel": "aurora",
        "room_id": "1",
        "source_room_id": "2",
        "ts_us": T0_US,
        "received_us": T0_US,
    }
    put(boards, say(bits=5, first=True, source_room_id="2"))
    boards.add_events([Subscription(id="1", **at), Raid(id="2", **at)])
    boards.finish()

    frame = look(boards)

    (stats,) = frame.seconds
    assert (stats.messages, stats.subs, stats.raids, stats.bits, stats.first_chatters) == (1, 0, 0, 0, 0)
    assert frame.feed == ()


def test_a_first_message_is_news() -> None:
    boards = Boards()
    put(boards, say(first=True), say())

    assert [(item.kind, item.user_name) for item in look(boards).feed] == [("first", "User7")]


def test_quarantined_lines_are_left_aside() -> None:
    boards = Boards()
    boards.add_events([Quarantined(id="q", channel="aurora", ts_us=1, received_us=1, reason="no command", raw=b"?")])

    assert look(boards).feed == ()


@pytest.mark.parametrize("kind", [ModerationKind.TIMEOUT, ModerationKind.BAN])
def test_a_timeout_or_ban_removes_all_that_the_user_said(kind: ModerationKind) -> None:
    boards = Boards()
    rude, other, ruder = say(0, user="6"), say(0, user="7"), say(1, "what?", user="6")
    put(boards, rude, other, ruder)
    before = look(boards)
    boards.add_events([act(kind, at_s=2, target="6")])

    after = look(boards, before.seq)

    assert set(after.deleted) == {rude.id, ruder.id}
    assert after.questions == ()
    assert [line.deleted for line in look(boards).messages] == [True, False, True]
    assert look(boards, after.seq).deleted == ()


def test_a_deletion_removes_one_message_and_a_clear_all() -> None:
    boards = Boards()
    one, two = say(0), say(0)
    put(boards, one, two)
    boards.add_events([act(ModerationKind.DELETE, message_id=one.id)])
    before = look(boards)
    boards.add_events([act(ModerationKind.CLEAR, at_s=1)])

    assert before.deleted == (one.id,)
    assert look(boards, before.seq).deleted == (two.id,)


def test_a_removal_that_comes_before_its_message_counts() -> None:
    boards = Boards()
    message = say()
    boards.add_events([act(ModerationKind.DELETE, message_id=message.id)])
    put(boards, message)

    assert [line.deleted for line in look(boards).messages] == [True]


def test_removals_reach_messages_that_a_page_may_still_show() -> None:
    boards = Boards()
    messages = [say(n / 100) for n in range(KEPT_MESSAGES + 1)]
    put(boards, *messages)
    boards.add_events([act(ModerationKind.CLEAR, at_s=99)])

    assert set(look(boards).deleted) == {message.id for message in messages[1:]}


@pytest.mark.parametrize("size", [1, 150, 1_000])
def test_few_more_messages_are_kept_than_can_be_shown(size: int) -> None:
    board = Board("aurora")
    for _ in range(1_200 // size):
        board.add([(message, score(message.text)) for message in [say() for _ in range(size)]])

    kept = sum(len(lines) for _, lines in board._batches)

    assert KEPT_MESSAGES <= kept < 2 * KEPT_MESSAGES


def test_channels_are_listed_busiest_first() -> None:
    boards = Boards(["cinder"])
    put(
        boards,
        *(say(n / 10, channel="aurora") for n in range(12)),
        *(say(n / 50, channel="bramble") for n in range(60)),
    )

    lines = boards.channels()

    assert [(line.channel, line.messages_per_s) for line in lines] == [
        ("bramble", 5.0),
        ("aurora", 1.0),
        ("cinder", 0.0),
    ]
    assert look(boards).channels == lines
    assert lines[0].hype > 0


def test_channels_do_not_mix() -> None:
    boards = Boards()
    put(boards, say(text="here"), say(text="there", channel="bramble"))

    assert [line.text for line in look(boards, channel="bramble").messages] == ["there"]


@pytest.mark.parametrize("channel", ["", "nobody"])
def test_a_channel_without_chat_is_an_empty_frame(channel: str) -> None:
    boards = Boards()
    put(boards, say())

    frame = look(boards, channel=channel)

    assert (frame.channel, frame.seq, frame.messages, frame.ten) == (channel, 0, (), None)
    assert [line.channel for line in frame.channels] == ["aurora"]


def test_channels_are_bounded() -> None:
    boards = Boards()
    put(boards, *(say(channel=f"c{n}") for n in range(MAX_CHANNELS + 5)), say(channel=""))

    assert len(boards.channels()) == MAX_CHANNELS


def test_time_runs_on_in_silence() -> None:
    boards = Boards()
    put(boards, say(0))
    before = look(boards)
    boards.advance(T0_US + 5 * S)

    assert [stats.messages for stats in look(boards, before.seq).seconds] == [1, 0, 0]


def test_a_copypasta_is_shown_and_counted_while_it_goes_round() -> None:
    boards = Boards()
    copies = [say(n / 10, PASTA, user=str(n)) for n in range(12)]
    put(boards, *copies[:10])
    put(boards, *copies[10:])

    frame = look(boards)

    assert [(wave.text, wave.count, wave.users) for wave in frame.waves] == [(PASTA, 12, 12)]
    assert [stats.waves for stats in frame.seconds] == [1]


def test_at_most_five_waves_are_shown() -> None:
    boards = Boards()
    put(boards, *(say(n / 50, f"{PASTA}, verse {n % 9}", user=str(n)) for n in range(45)))

    assert len(look(boards).waves) == 5


def test_a_wave_that_is_over_stays_for_a_minute_and_counts_no_more() -> None:
    boards = Boards()
    put(boards, *(say(n / 10, PASTA, user=str(n)) for n in range(9)))

    boards.advance(T0_US + 30 * S)
    frame = look(boards)
    assert [(wave.text, wave.count, wave.per_s) for wave in frame.waves] == [(PASTA, 9, 0.0)]
    assert frame.sixty is not None
    assert frame.sixty.waves == 0
    boards.advance(T0_US + 70 * S)
    assert look(boards).waves == ()


def test_a_wave_that_comes_back_is_shown_once() -> None:
    boards = Boards()
    put(boards, *(say(n / 10, PASTA, user=str(n)) for n in range(9)))
    boards.advance(T0_US + 20 * S)
    put(boards, *(say(20 + n / 10, PASTA, user=str(n)) for n in range(9)))

    assert [(wave.text, wave.count) for wave in look(boards).waves] == [(PASTA, 9)]


def test_the_words_of_a_copypasta_are_no_trend() -> None:
    boards = Boards()
    own = [say(n / 10, f"what a jump number{n}", user=f"o{n}") for n in range(30)]
    copies = [say(3 + n / 100, PASTA, user=str(n)) for n in range(300)]
    put(boards, *own, *copies[:150])
    put(boards, *copies[150:], say(8, "bye"))

    counts = {trend.term: trend.count for trend in look(boards).words}

    assert counts["jump"] == 30
    assert max(counts.get(word, 0) for word in PASTA.lower().split()) <= 150


def test_who_is_forgotten_leaves_the_page_with_the_next_frame() -> None:
    board = Board("aurora")
    said = [say(0, "is this on?", user="7"), say(1, "what? @user7 said so"), say(2, "no", user="8", first=True)]
    said[1] = msgspec.structs.replace(said[1], user_id="9", user_login="user9", user_name="User9")
    board.add([(message, score(message.text)) for message in said])
    board.add_event(raid_by("User7"))
    before = board.frame(0, mode=Mode.LIVE, health=HEALTH, totals={})

    board.forget(Forgotten(ids={"7"}, names={"User7"}))

    after = board.frame(before.seq, mode=Mode.LIVE, health=HEALTH, totals={})
    assert [(len(one.messages), len(one.questions)) for one in (before, after)] == [(3, 2), (2, 1)]
    assert (after.after, after.seq > before.seq) == (0, True)
    assert "user7" in msgspec.json.encode(before).decode().lower()
    assert "user7" not in msgspec.json.encode(after).decode().lower()
    assert {item.user_name for item in after.feed} == {"User8"}


def raid_by(name: str) -> Raid:
    return Raid(
        id="r",
        channel="aurora",
        ts_us=T0_US + S,
        received_us=T0_US + S,
        user_login=name.lower(),
        user_name=name,
        viewers=3,
    )


def test_a_wave_goes_on_without_the_one_who_is_forgotten() -> None:
    board = Board("aurora")
    text = f"@user1 {PASTA}"
    board.add([(said := say(n / 10, text, user=str(n)), wave(said)) for n in range(1, 9)])

    board.forget(Forgotten(ids={"1"}, names={"user1"}))

    (shown,) = board.frame(0, mode=Mode.LIVE, health=HEALTH, totals={}).waves
    assert (shown.users, shown.text) == (7, f"@_forgotten_ {PASTA}")


def wave(message: ChatMessage) -> Scored:
    return msgspec.structs.replace(score(message.text), wave_key=PASTA)
