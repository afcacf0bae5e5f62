"""Lines: bytes in any chunking, typed events out, one bucket each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatpulse.domain.chat import (
    ChatMessage,
    EmoteSpan,
    Event,
    Moderation,
    ModerationKind,
    ProtocolLine,
    Quarantined,
    Raid,
    Recorded,
    RoomNotice,
    RoomState,
    Source,
    TimeKind,
)
from chatpulse.twitch.core import irc, messages
from chatpulse.twitch.core.irc import MAX_LINE_BYTES, LineFramer, LineParser

ADA = ":ada!ada@ada.tmi.twitch.tv"
SERVER = ":tmi.twitch.tv"
NOON_US = 1_700_000_000_000_000
SENT = "tmi-sent-ts=1600000000123"
SENT_US = 1_600_000_000_123_000


def parse(
    line: str | bytes, *, source: Source = Source.LIVE, recorded_us: int | None = None
) -> Recorded | ProtocolLine:
    raw = line.encode() if isinstance(line, str) else line
    return LineParser(source).parse(raw, received_us=NOON_US, recorded_us=recorded_us)


def message(line: str, **more: object) -> ChatMessage:
    event = parse(line, **more)  # type: ignore[arg-type]  # passed on as they are
    assert isinstance(event, ChatMessage)
    return event


def test_a_message_has_all_its_columns() -> None:
    line = (
        "@badge-info=subscriber/27;badges=subscriber/24,premium/1;bits=100;color=#FF0000;custom-reward-id=r-5;"
        r"display-name=Ada\sL;emotes=25:0-4;first-msg=1;flags=;id=m-1;reply-parent-msg-id=m-0;room-id=7;"
        f"source-id=s-1;source-room-id=8;{SENT};user-id=44;user-type= {ADA} PRIVMSG #Harbour :Kappa cheer100"
    )

    assert parse(line, source=Source.REPLAY) == ChatMessage(
        id="m-1", channel="harbour", room_id="7", ts_us=SENT_US, received_us=NOON_US, source=Source.REPLAY,
        user_id="44", user_login="ada", user_name="Ada L", text="Kappa cheer100", badges="subscriber/24,premium/1",
        months=27, bits=100, emotes=(EmoteSpan("25", "Kappa", 0, 4),), reply_to="m-0", source_room_id="8",
        source_id="s-1", first=True, reward_id="r-5", raw=line,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tag", "field", "value"),
    [
        ("bits=100", "bits", 100),
        ("first-msg=1", "first", True),
        ("custom-reward-id=r-5", "reward_id", "r-5"),
        ("source-id=s-1", "source_id", "s-1"),
        ("source-room-id=8", "source_room_id", "8"),
    ],
)
def test_what_few_messages_have_is_read_where_it_stands_alone(tag: str, field: str, value: object) -> None:
    plain, event = message(f"@id=1 {ADA} PRIVMSG #harbour :hi"), message(f"@id=1;{tag} {ADA} PRIVMSG #harbour :hi")

    assert event == replace(plain, raw=event.raw, **{field: value})


@pytest.mark.parametrize(
    ("prefix", "login"),
    [("ada", "ada"), ("ada!x@y.tv", "ada"), ("a.da!x@y.tv", "a.da"), ("tmi.twitch.tv", ""), ("", "")],
)
def test_a_server_is_no_user(prefix: str, login: str) -> None:
    assert message(f":{prefix} PRIVMSG #harbour :hi").user_login == login


def test_long_names_cannot_fill_the_memory() -> None:
    limits = [remembered.cache_info().maxsize or 0 for remembered in (irc._channel, messages.read_months)]

    assert 0 < sum(limits) * MAX_LINE_BYTES < 100_000_000


def test_a_message_without_tags_is_a_message() -> None:
    event = message(f"{ADA} PRIVMSG #harbour :hello there")

    assert (event.channel, event.user_login, event.user_name, event.text) == ("harbour", "ada", "ada", "hello there")
    assert event.id


@pytest.mark.parametrize(
    ("tail", "text"),
    [
        pytest.param("#harbour :two words", "two words", id="colon"),
        pytest.param(" #harbour :two words", "two words", id="several-spaces-before-the-channel"),
        pytest.param("#harbour word", "word", id="one-word-without-colon"),
        pytest.param("#harbour two words", "two words", id="no-word-is-lost-without-colon"),
        pytest.param("#harbour ::) : :", ":) : :", id="only-the-first-colon-goes"),
        pytest.param("#harbour : spaced  ", " spaced  ", id="spaces-of-the-text-stay"),
        pytest.param("#harbour   :gap", "gap", id="several-spaces-before-the-text"),
        pytest.param("#harbour :", "", id="empty-text"),
        pytest.param("#harbour", "", id="no-text"),
        pytest.param("harbour :hello", "hello", id="channel-without-its-sign"),
        pytest.param("#harbour :a\x00b\rc", "a\x00b\rc", id="control-characters-stay"),
    ],
)
@pytest.mark.parametrize("head", [f"@id=1 {ADA} ", f"@id=1  {ADA}  ", f"{ADA} ", "@id=1 ", ""])
def test_the_text_is_what_stands_behind_the_channel(head: str, tail: str, text: str) -> None:
    event = message(f"{head}PRIVMSG {tail}")

    assert (event.channel, event.text) == ("harbour", text)


@pytest.mark.parametrize("wrapped", ["\x01ACTION waves 25\x01", "\x01ACTION waves 25"])
def test_action_is_unwrapped_and_emotes_count_from_behind_the_wrapping(wrapped: str) -> None:
    event = message(f"@emotes=9:0-4 {ADA} PRIVMSG #harbour :{wrapped}")

    assert (event.action, event.text) == (True, "waves 25")
    assert event.emotes == (EmoteSpan("9", "waves", 0, 4),)


@pytest.mark.parametrize(
    "sent",
    ["", "tmi-sent-ts=", "tmi-sent-ts=soon", "tmi-sent-ts=-5", "tmi-sent-ts=160000000012x"]
    + [f"tmi-sent-ts={number}" for number in (10**30, 999_999_999_999, 4_102_444_800_000)],
)
@pytest.mark.parametrize("rest", ["PRIVMSG #harbour :hi", "CLEARCHAT #harbour :ada", "PRIVMSG"])
@pytest.mark.parametrize(
    ("source", "recorded_us", "ts_us", "kind", "precision_us"),
    [
        pytest.param(Source.LIVE, None, NOON_US, TimeKind.EPOCH, 1_000_000, id="arrival"),
        pytest.param(Source.LIVE, 77, 77, TimeKind.EPOCH, 1_000, id="recorded"),
        pytest.param(Source.REPLAY, SENT_US, SENT_US, TimeKind.EPOCH, 1_000, id="recorded-lately"),
        pytest.param(Source.REPLAY, None, 0, TimeKind.NONE, 1_000, id="none"),
        pytest.param(Source.REPLAY, -5, 0, TimeKind.NONE, 1_000, id="recorded-before-1970"),
        pytest.param(Source.REPLAY, 10**30, 0, TimeKind.NONE, 1_000, id="recorded-beyond-all-bounds"),
    ],
)
def test_a_time_that_cannot_be_costs_the_time_only(  # noqa: PLR0913
    sent: str, rest: str, source: Source, recorded_us: int | None, ts_us: int, kind: TimeKind, precision_us: int
) -> None:
    event = parse(f"@{sent} {ADA} {rest}", source=source, recorded_us=recorded_us)

    assert isinstance(event, Event)
    assert (event.ts_us, event.time_kind, event.precision_us) == (ts_us, kind, precision_us)


def test_the_servers_time_goes_before_the_recorded_one() -> None:
    lines = [f"@{SENT} {ADA} {rest}" for rest in ("PRIVMSG #harbour :hi", "CLEARCHAT #harbour :ada")]
    events = [parse(line, recorded_us=77) for line in lines]

    assert [event.ts_us for event in events if isinstance(event, Event)] == [SENT_US, SENT_US]


@pytest.mark.parametrize(
    ("tags", "text", "kind", "duration_s"),
    [
        pytest.param("target-user-id=9;ban-duration=600", " :bo", ModerationKind.TIMEOUT, 600, id="timeout"),
        pytest.param(
            "target-user-id=9;ban-duration=x", " bo", ModerationKind.TIMEOUT, 0, id="timeout-of-unknown-length"
        ),
        pytest.param("target-user-id=9", " :bo", ModerationKind.BAN, 0, id="ban"),
    ],
)
def test_clearchat_says_who_and_for_how_long(tags: str, text: str, kind: ModerationKind, duration_s: int) -> None:
    line = f"@{tags};room-id=7;{SENT} {SERVER} CLEARCHAT #harbour{text}"
    event = parse(line)

    assert isinstance(event, Moderation)
    assert event == Moderation(
        id=event.id, channel="harbour", room_id="7", ts_us=SENT_US, received_us=NOON_US, kind=kind, target_id="9",
        target_login="bo", duration_s=duration_s, raw=line,
    )  # fmt: skip


@pytest.mark.parametrize(("tags", "text"), [("target-user-id=9", ""), ("x", " :bo")], ids=["id", "login"])
def test_clearchat_needs_one_name_of_whom_it_hits(tags: str, text: str) -> None:
    event = parse(f"@{tags};ban-duration=5 {SERVER} CLEARCHAT #harbour{text}")

    assert isinstance(event, Moderation)
    assert (event.kind, event.duration_s) == (ModerationKind.TIMEOUT, 5)


@pytest.mark.parametrize(
    "rest", ["CLEARCHAT harbour :bo", "ROOMSTATE harbour", "USERNOTICE harbour", "CLEARMSG harbour"]
)
def test_a_channel_without_its_sign_is_one(rest: str) -> None:
    event = parse(f"{SERVER} {rest}")

    assert not isinstance(event, ProtocolLine | Quarantined)
    assert event.channel == "harbour"


def test_clearchat_without_a_target_clears_the_whole_chat() -> None:
    event = parse(f"@room-id=7 {SERVER} CLEARCHAT #harbour")

    assert isinstance(event, Moderation)
    assert (event.kind, event.target_login) == (ModerationKind.CLEAR, "")


def test_a_clearing_has_no_length() -> None:
    event = parse(f"@ban-duration=600;room-id=7 {SERVER} CLEARCHAT #harbour")

    assert isinstance(event, Moderation)
    assert (event.kind, event.duration_s) == (ModerationKind.CLEAR, 0)


def test_clearmsg_says_which_message_of_whom_was_deleted() -> None:
    line = f"@login=bo;room-id=;target-msg-id=m-9;{SENT} {SERVER} CLEARMSG #harbour :rude words"
    event = parse(line)

    assert isinstance(event, Moderation)
    assert event == Moderation(
        id=event.id, channel="harbour", ts_us=SENT_US, received_us=NOON_US, kind=ModerationKind.DELETE,
        target_login="bo", message_id="m-9", text="rude words", raw=line,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tags", "modes"),
    [
        pytest.param("emote-only=1;followers-only=-1;r9k=0;slow=30;subs-only=1", (True, -1, False, 30, True), id="all"),
        pytest.param("slow=0", (None, None, None, 0, None), id="only-what-changed"),
        pytest.param("emote-only=2;followers-only=x;r9k=;slow=--5", (None, None, None, None, None), id="unreadable"),
    ],
)
def test_roomstate_says_only_what_the_line_says(tags: str, modes: tuple[bool | int | None, ...]) -> None:
    event = parse(f"@{tags};room-id=7 {SERVER} ROOMSTATE #harbour")

    assert isinstance(event, RoomState)
    assert (event.emote_only, event.followers_only_min, event.unique_only, event.slow_s, event.subs_only) == modes
    assert (event.channel, event.room_id) == ("harbour", "7")


def test_notice_of_a_channel_is_a_room_notice() -> None:
    line = f"@msg-id=slow_on;{SENT} {SERVER} NOTICE #harbour :Slow mode is on."
    event = parse(line)

    assert isinstance(event, RoomNotice)
    assert event == RoomNotice(
        id=event.id, channel="harbour", ts_us=SENT_US, received_us=NOON_US, notice_id="slow_on",
        text="Slow mode is on.", raw=line,
    )  # fmt: skip


def test_usernotice_becomes_its_event_with_the_users_words() -> None:
    line = rf"@id=n-1;login=bo;msg-id=raid;msg-param-viewerCount=12;room-id=7;system-msg=12\sraiders;{SENT} {SERVER} "

    event = parse(line + "USERNOTICE #harbour :ahoy")

    assert event == Raid(
        id="n-1", channel="harbour", room_id="7", ts_us=SENT_US, received_us=NOON_US, user_login="bo", user_name="bo",
        system_text="12 raiders", text="ahoy", viewers=12, raw=line + "USERNOTICE #harbour :ahoy",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "command", "channel", "nick", "params"),
    [
        ("PING :tmi.twitch.tv", "PING", "", "", ("tmi.twitch.tv",)),
        (f"{SERVER} PING a :b c", "PING", "", "", ("a", "b c")),
        (f"{SERVER} PONG tmi.twitch.tv :x", "PONG", "", "", ("tmi.twitch.tv", "x")),
        (f"{ADA} JOIN #Harbour", "JOIN", "harbour", "ada", ("#Harbour",)),
        (f"{ADA} PART :#harbour", "PART", "harbour", "ada", ("#harbour",)),
        (f"{SERVER} 001 ada :Welcome", "001", "", "", ("ada", "Welcome")),
        (f"{SERVER} 366 ada #harbour :End", "366", "harbour", "", ("ada", "#harbour", "End")),
        (f"{SERVER} CAP * ACK :x y", "CAP", "", "", ("*", "ACK", "x y")),
        (f"{SERVER} NOTICE * :no", "NOTICE", "", "", ("*", "no")),
        (f"{SERVER} NOTICE", "NOTICE", "", "", ()),
        (f"{ADA} WHISPER bo :hi", "WHISPER", "", "ada", ("bo", "hi")),
        (f"{SERVER} HOSTTARGET #harbour :- 0", "HOSTTARGET", "harbour", "", ("#harbour", "- 0")),
        (f"{SERVER} USERSTATE #harbour", "USERSTATE", "harbour", "", ("#harbour",)),
        (f"{SERVER} GLOBALUSERSTATE", "GLOBALUSERSTATE", "", "", ()),
        (f"{SERVER} RECONNECT", "RECONNECT", "", "", ()),
        ("whatever", "WHATEVER", "", "", ()),
    ],
)
@pytest.mark.parametrize("tags", ["", "color=red;mod=0"])
def test_everything_else_the_protocol_says_is_a_protocol_line(
    tags: str, line: str, command: str, channel: str, nick: str, params: tuple[str, ...]
) -> None:
    event = parse(f"@{tags} {line}" if tags else line)

    assert event == ProtocolLine(command=command, channel=channel, nick=nick, params=params, tags=tags)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"", "no command"),
        (b"   ", "no command"),
        (b"\x00\x01\x02", "no command"),
        (b"@id=x;room-id=7", "no command"),
        (b"@id=x :tmi.twitch.tv", "no command"),
        (b"<html>", "no command"),
        (b"1700000000000 @id=1 :ada!a@b PRIVMSG #harbour :hi", "no command"),
        (b"PRIVMSG2 #harbour :hi", "no command"),
        ("\u041f\u0420 #harbour :hi".encode(), "no command"),
        (b"12 #harbour :hi", "no command"),
        (b":ada!a@b PRIVMSG", "PRIVMSG without a channel"),
        (b":ada!a@b PRIVMSG # :hi", "PRIVMSG without a channel"),
        (b":ada!a@b PRIVMSG :hi", "PRIVMSG without a channel"),
        (b"@msg-id=raid USERNOTICE", "USERNOTICE without a channel"),
        (b":tmi.twitch.tv CLEARCHAT", "CLEARCHAT without a channel"),
        (b"CLEARMSG", "CLEARMSG without a channel"),
        (b"@slow=5 ROOMSTATE", "ROOMSTATE without a channel"),
        (b":ada!a@b PRIVMSG #harbour :caf\xe9", "byte 0xe9 at 30 is not UTF-8"),
        (b":ada!a@b PRIVMSG #harbour :" + b"x" * MAX_LINE_BYTES, "longer than 131072 bytes"),
        (b"@id=1 :ada!a@b PRIVMSG #harbour :" + b"x" * MAX_LINE_BYTES, "longer than 131072 bytes"),
    ],
    ids=lambda value: value[:30].decode("latin-1") if isinstance(value, bytes) else value,
)
def test_what_cannot_be_understood_is_kept_with_its_bytes_and_a_reason(line: bytes, reason: str) -> None:
    event = parse(line)

    assert isinstance(event, Quarantined)
    assert (event.reason, event.raw) == (reason, line)


def test_a_quarantined_line_keeps_what_its_tags_say() -> None:
    event = parse(f"@id=q-1;room-id=7;{SENT} {SERVER} ROOMSTATE")

    assert event == Quarantined(
        id="q-1", room_id="7", ts_us=SENT_US, received_us=NOON_US, reason="ROOMSTATE without a channel",
        raw=f"@id=q-1;room-id=7;{SENT} {SERVER} ROOMSTATE".encode(),
    )  # fmt: skip


@given(st.binary(max_size=60) | st.text(alphabet="@:#; =\\PRIVMSG\x01\x00é", max_size=60).map(str.encode))
def test_no_line_raises(line: bytes) -> None:
    assert isinstance(parse(line), Event | ProtocolLine)


LINES = st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"").rstrip(b"\r")))


@given(LINES, st.sampled_from([b"\n", b"\r\n"]), st.lists(st.integers(1, 7), min_size=1))
def test_lines_come_out_whole_however_they_were_chopped_up(lines: list[bytes], end: bytes, sizes: list[int]) -> None:
    data = b"".join(line + end for line in lines)
    framer, found, at = LineFramer(), [], 0
    while at < len(data):
        size = sizes[at % len(sizes)]
        found += framer.feed(data[at : at + size])
        at += size

    assert found == [line for line in lines if line]


def test_a_begun_line_waits_for_its_end() -> None:
    framer = LineFramer()

    assert framer.feed(b"PING :a\r\nPING") == [b"PING :a"]
    assert framer.feed(b" :b") == []
    assert framer.feed(b"\r\n\r\n") == [b"PING :b"]


@pytest.mark.parametrize("filler", [b"x", b"\r"])
def test_a_line_without_end_takes_bounded_memory_and_is_quarantined(filler: bytes) -> None:
    framer = LineFramer()

    for _ in range(40):
        assert framer.feed(filler * 10_000) == []
        assert len(framer._rest) <= MAX_LINE_BYTES + 2
    lines = framer.feed(b"tail\r\nPING :next\r\n")

    assert len(framer._rest) == 0
    assert MAX_LINE_BYTES < len(lines[0]) <= MAX_LINE_BYTES + 2
    assert isinstance(parse(lines[0]), Quarantined)
    assert lines[1:] == [b"PING :next"]


@pytest.mark.parametrize("head", [b"PRIVMSG #harbour :", b"@id=1 :ada!a@b PRIVMSG #harbour :"])
def test_the_longest_line_that_is_allowed_passes_whole(head: bytes) -> None:
    line = head + b"x" * (MAX_LINE_BYTES - len(head))

    assert LineFramer().feed(line + b"\r\n") == [line]
    assert isinstance(parse(line), ChatMessage)
