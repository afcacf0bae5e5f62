"""The conversation with the server: log in, join, stay alive, know when to leave."""

from itertools import pairwise

import pytest

from chatpulse.domain.chat import ChatMessage, ProtocolLine, RoomNotice
from chatpulse.twitch.core.session import (
    JOIN_ATTEMPTS,
    JOIN_WITHIN_S,
    JOINS_PER_WINDOW,
    REFUSED_RETRY_S,
    Close,
    IrcSession,
)

NICK = "justinfan77"
WELCOME = f":tmi.twitch.tv 001 {NICK} :Welcome\r\n:tmi.twitch.tv 376 {NICK} :>\r\n"
ROOM = "@room-id=7;slow=0 :tmi.twitch.tv ROOMSTATE #{}\r\n"
ECHO = f":{NICK}!{NICK}@{NICK}.tmi.twitch.tv JOIN #{{}}\r\n"
FAREWELL = f":{NICK}!{NICK}@{NICK}.tmi.twitch.tv PART #{{}}\r\n"


def said(session: IrcSession) -> list[str]:
    lines = session.outgoing.decode().splitlines()
    session.outgoing.clear()
    return lines


def hear(session: IrcSession, text: str, *, now: float = 0.0) -> list[object]:
    return list(session.receive(text.encode(), now=now, received_us=5))


def start(*channels: str) -> IrcSession:
    session = IrcSession(nick=NICK, channels=channels)
    hear(session, WELCOME)
    return session


def test_the_login_is_anonymous_and_asks_for_tags_and_commands() -> None:
    session = IrcSession(nick=NICK, channels=["harbour"])

    assert said(session) == ["CAP REQ :twitch.tv/tags twitch.tv/commands", "PASS SCHMOOPIIE", f"NICK {NICK}"]
    assert session.outgoing == b""


@pytest.mark.parametrize("welcome", ["001", "376"])
def test_channels_are_joined_once_the_server_has_let_us_in(welcome: str) -> None:
    session = IrcSession(nick=NICK, channels=["harbour", "pier", "harbour"])
    hear(session, ":tmi.twitch.tv CAP * ACK :twitch.tv/tags\r\n:tmi.twitch.tv 002 x :y\r\n")
    assert not session.registered
    said(session)

    hear(session, f":tmi.twitch.tv {welcome} {NICK} :>\r\n")

    assert session.registered
    assert said(session) == ["JOIN #harbour,#pier"]


@pytest.mark.parametrize("answer", [ROOM, ECHO, ECHO.upper().replace("#{}", "#{}")], ids=["roomstate", "echo", "case"])
def test_a_channel_is_joined_when_the_server_says_so(answer: str) -> None:
    session = start("harbour", "pier")
    assert session.joined == frozenset()

    hear(session, answer.format("harbour"))

    assert session.joined == {"harbour"}


@pytest.mark.parametrize(
    "line", [":ada!ada@x JOIN #harbour\r\n", ROOM.format("elsewhere"), "@id=1 :a!a@a PRIVMSG #harbour :x\r\n"]
)
def test_what_others_do_is_no_answer_to_our_join(line: str) -> None:
    session = start("harbour")

    hear(session, line)

    assert session.joined == frozenset()


def test_joins_stay_within_the_limit_of_the_server() -> None:
    session = start(*(f"room{number:02}" for number in range(50)))
    session.outgoing = session.outgoing[session.outgoing.index(b"JOIN") :]
    asked: list[tuple[float, int]] = []
    for tenth in range(300):
        session.due(tenth / 10)
        for line in said(session):
            names = line.removeprefix("JOIN #").split(",#")
            asked.append((tenth / 10, len(names)))
            hear(session, "".join(ROOM.format(name) for name in names), now=tenth / 10)

    assert [count for _, count in asked] == [18, 18, 14]
    assert all(later - sooner > 10 for (sooner, _), (later, _) in pairwise(asked))


def test_an_unanswered_join_is_asked_again_and_then_given_up() -> None:
    session = start("harbour", "ghost")
    hear(session, ROOM.format("harbour"))
    said(session)
    asked = []
    for second in range(1, int(JOIN_ATTEMPTS * JOIN_WITHIN_S) + 1):
        hear(session, "PING\r\n", now=float(second))
        asked += [(second, line) for line in said(session) if line.startswith("JOIN")]

    assert asked == [(10, "JOIN #ghost"), (20, "JOIN #ghost")]
    assert session.refused == {"ghost": "no answer to 3 JOINs; the channel may not exist"}
    assert session.joined == {"harbour"}


@pytest.mark.parametrize("late_s", [5.0, 10.0, 35.0])
def test_an_answer_however_late_is_the_last_word(late_s: float) -> None:
    session = start("harbour")
    for second in range(int(late_s) + 1):
        session.due(float(second))

    hear(session, ROOM.format("harbour"), now=late_s)
    said(session)
    hear(session, "PING\r\n", now=late_s + 60)

    assert session.joined == {"harbour"}
    assert session.refused == {}
    assert said(session) == ["PONG"]


def test_a_join_queued_again_is_dropped_when_the_answer_comes() -> None:
    channels = [f"room{number:02}" for number in range(36)]
    session = start(*channels)
    said(session)
    session.due(10.0)

    hear(session, "".join(ROOM.format(channel) for channel in channels), now=10.5)
    session.due(11.0)

    assert said(session) == []
    assert len(session.joined) == 36


@pytest.mark.parametrize(
    "notice_id",
    ["msg_channel_suspended", "msg_banned", "tos_ban", "msg_concurrent_channel_limit_reached", "msg_room_not_found"],
)
def test_a_refused_channel_says_why_and_is_not_asked_for_again(notice_id: str) -> None:
    session = start("harbour", "pier")
    said(session)

    events = hear(
        session, f"@msg-id={notice_id} :tmi.twitch.tv NOTICE #harbour :It is closed.\r\n" + ROOM.format("pier")
    )
    session.due(11.0)

    assert isinstance(events[0], RoomNotice)
    assert session.refused == {"harbour": f"It is closed. ({notice_id})"}
    assert said(session) == []


@pytest.mark.parametrize("line", ["@msg-id=slow_on {} #harbour :Slow.", "@msg-id=msg_banned {} #elsewhere :Banned."])
def test_other_notices_of_a_channel_refuse_nothing(line: str) -> None:
    session = start("harbour")

    hear(session, line.format(":tmi.twitch.tv NOTICE") + "\r\n")

    assert session.refused == {}


def test_a_refusal_without_words_has_its_name() -> None:
    session = start("harbour")

    hear(session, "@msg-id=msg_banned :tmi.twitch.tv NOTICE #harbour\r\n")

    assert session.refused == {"harbour": "the server says no (msg_banned)"}


def test_a_refused_channel_is_asked_for_now_and_then_all_the_same() -> None:
    session = start("harbour", "pier")
    hear(session, "@msg-id=msg_banned :t NOTICE #harbour :Banned.\r\n" + ROOM.format("pier"), now=5.0)
    said(session)
    asked = []
    for second in range(6, int(REFUSED_RETRY_S * 2) + 10):
        hear(session, "", now=float(second))
        asked += [(second, line) for line in said(session)]
        assert session.joined | set(session.refused) == {"harbour", "pier"}

    assert asked == [(REFUSED_RETRY_S + later_s, "JOIN #harbour") for later_s in (5, 15)]
    hear(session, ROOM.format("harbour"), now=2_000.0)
    assert session.joined == {"harbour", "pier"}
    assert session.refused == {}


def test_a_channel_waits_in_line_once_however_long_the_line_is() -> None:
    channels = [f"room{number:02}" for number in range(JOINS_PER_WINDOW * 2)]
    session = start(*channels)
    said(session)
    asked = []
    for tenth in range(1_200):
        session.due(tenth / 10)
        asked += [line for line in said(session) if line.startswith("JOIN")]

    names = [name for line in asked for name in line.removeprefix("JOIN #").split(",#")]
    # The first JOIN of the first half was said before.
    assert [names.count(channel) for channel in channels] == [2] * 18 + [3] * 18
    assert set(session.refused) == set(channels)


def test_a_channel_that_is_not_ours_is_not_joined_when_it_lets_us_go() -> None:
    session = start("harbour")
    hear(session, ECHO.format("harbour"))
    said(session)

    hear(session, FAREWELL.format("elsewhere"))

    assert said(session) == []
    assert session.joined == {"harbour"}


def test_a_channel_that_let_us_go_has_all_its_attempts_again() -> None:
    session = start("harbour")
    session.due(10.0)
    session.due(20.0)
    hear(session, ECHO.format("harbour"), now=21.0)
    said(session)

    hear(session, FAREWELL.format("harbour"), now=40.0)
    for second in range(41, 75):
        hear(session, "", now=float(second))

    assert [line for line in said(session) if line.startswith("JOIN")] == ["JOIN #harbour"] * JOIN_ATTEMPTS
    assert set(session.refused) == {"harbour"}


def test_a_channel_that_lets_us_go_is_joined_again_and_again() -> None:
    session = start("harbour")
    for second in range(0, 100, 20):
        hear(session, ECHO.format("harbour"), now=float(second))
        said(session)
        hear(session, FAREWELL.format("harbour"), now=float(second + 12))

        assert (said(session), session.joined) == (["JOIN #harbour"], frozenset())


@pytest.mark.parametrize(
    ("ping", "pong"),
    [("PING :tmi.twitch.tv", "PONG :tmi.twitch.tv"), (":s.tv PING a :b c", "PONG :b c"), ("PING", "PONG")],
)
def test_a_ping_is_answered_at_once_with_its_payload(ping: str, pong: str) -> None:
    session = start()
    said(session)

    hear(session, ping + "\r\n")

    assert said(session) == [pong]


def test_a_silent_server_is_asked_and_a_half_open_connection_noticed_within_35_s() -> None:
    session = start("harbour")
    hear(session, ROOM.format("harbour"), now=100.0)
    said(session)
    session.due(119.9)
    assert said(session) == []

    session.due(120.0)
    assert said(session) == ["PING :chatpulse"]
    session.due(129.9)
    assert str(session.wants_close) == ""
    session.due(130.0)

    assert session.wants_close is Close.SILENT
    assert session.reason == "silent for 30 s, a PING was not answered"
    assert said(session) == []


def test_a_connection_that_never_says_anything_is_noticed_too() -> None:
    session = IrcSession(nick=NICK, channels=["harbour"], ping_after_s=3.0, pong_within_s=2.0)

    for second in (50.0, 53.0, 55.0):
        session.due(second)

    assert session.wants_close is Close.SILENT


@pytest.mark.parametrize("sign", [":tmi.twitch.tv PONG tmi.twitch.tv :chatpulse\r\n", "half a li"])
def test_anything_that_arrives_is_a_sign_of_life(sign: str) -> None:
    session = start()
    session.due(20.0)
    hear(session, sign, now=29.0)
    said(session)

    session.due(48.9)
    assert said(session) == []
    session.due(49.0)

    assert said(session) == ["PING :chatpulse"]
    assert session.wants_close is Close.NO


START_US = 1_700_000_000_000_000
STAMPED = "@id=m;tmi-sent-ts={} :ada!ada@ada PRIVMSG #harbour :hi\r\n"


@pytest.mark.parametrize(
    ("data", "heard_us"),
    [
        pytest.param(STAMPED.format(1_700_000_050_000), START_US + 50_000_000, id="what was said before a pause"),
        pytest.param(
            STAMPED.format(1_700_000_050_000) + STAMPED.format(1_700_000_040_000),
            START_US + 50_000_000,
            id="out of order",
        ),
        pytest.param(STAMPED.format(1_800_000_000_000), START_US + 600_000_000, id="not what will be said"),
        pytest.param(STAMPED.format(1_700_000_001_000), START_US + 10_000_000, id="never less than before"),
        pytest.param("@id=m :a!a@a PRIVMSG #harbour :hi\r\n", START_US + 600_000_000, id="arrival, without a stamp"),
        pytest.param("PING :tmi.twitch.tv\r\n", START_US + 10_000_000, id="a PING may be old"),
        pytest.param("@slow=5 :t ROOMSTATE #harbour\r\n", START_US + 10_000_000, id="a mode may be old"),
        pytest.param(":t PONG t :chatpulse\r\n", START_US + 30_000_000, id="an answer is as old as the question"),
        pytest.param(ROOM.format("pier"), START_US + 30_000_000, id="so is the answer to a JOIN"),
    ],
)
def test_what_was_said_before_that_moment_has_been_heard(data: str, heard_us: int) -> None:
    session = IrcSession(nick=NICK, channels=["harbour", "pier"])
    first = WELCOME + ROOM.format("harbour")
    session.receive(first.encode(), now=10.0, received_us=START_US + 10_000_000)
    assert session.heard_us == START_US + 10_000_000
    session.due(20.0)
    session.due(30.0)

    session.receive(data.encode(), now=600.0, received_us=START_US + 600_000_000)

    assert session.heard_us == heard_us


def test_reconnect_asks_for_a_new_connection_while_lines_keep_coming() -> None:
    session = start("harbour")

    hear(session, ":tmi.twitch.tv RECONNECT\r\n")
    events = hear(session, "@id=m-1 :ada!ada@ada PRIVMSG #harbour :still here\r\n")

    assert (session.wants_close, session.reason) == (Close.RECONNECT, "the server asked for a new connection")
    assert [event.id for event in events if isinstance(event, ChatMessage)] == ["m-1"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (":tmi.twitch.tv NOTICE * :Improperly formatted auth", "Improperly formatted auth"),
        (":tmi.twitch.tv NOTICE", "no reason given"),
        (":tmi.twitch.tv CAP * NAK :twitch.tv/tags", "the server does not know twitch.tv/tags twitch.tv/commands"),
    ],
)
def test_a_refused_login_says_why(line: str, reason: str) -> None:
    session = IrcSession(nick=NICK, channels=["harbour"])

    hear(session, line + "\r\n")

    assert (session.wants_close, session.reason) == (Close.LOGIN, reason)
    assert not session.registered


def test_a_notice_to_us_after_the_login_is_no_refusal() -> None:
    session = start()

    hear(session, ":tmi.twitch.tv NOTICE * :Hello\r\n")

    assert session.wants_close is Close.NO


def test_every_line_comes_out_in_order_with_its_time_of_arrival() -> None:
    session = IrcSession(nick=NICK, channels=[])
    data = "PING :a\r\n@id=m-1 :ada!ada@ada PRIVMSG #harbour :héllo\r\n".encode()

    events = [event for byte in data for event in session.receive(bytes([byte]), now=0.0, received_us=9)]

    assert events[0] == ProtocolLine(command="PING", params=("a",))
    assert isinstance(events[1], ChatMessage)
    assert (events[1].text, events[1].received_us) == ("héllo", 9)
