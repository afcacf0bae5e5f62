import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from chatpulse.simulation import server
from chatpulse.simulation.core.faults import (
    LONG_TEXT_BYTES,
    MALFORMED_LINES,
    Fault,
    FaultKind,
    cut_frames,
    split_characters,
)
from chatpulse.simulation.core.irc_server import ServerSession
from chatpulse.simulation.core.wire import TimedLine
from chatpulse.simulation.server import Script, SimulatedTwitch

ROOMS = {"reef": "77", "bay": "78"}
LOGIN = b"CAP REQ :twitch.tv/tags twitch.tv/commands\r\nNICK justinfan7\r\n"
JOIN = LOGIN + b"JOIN #reef,#bay\r\n"


class TcpClient:
    """A client that does nothing by itself."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def say(self, data: bytes) -> None:
        self._writer.write(data)

    async def line(self) -> bytes:
        async with asyncio.timeout(5):
            return (await self._reader.readline()).removesuffix(b"\r\n")

    async def until(self, end: bytes) -> list[bytes]:
        """Lines up to one that holds `end`, or to the end of the connection."""
        heard = [await self.line()]
        while heard[-1] and end not in heard[-1]:
            heard.append(await self.line())
        return heard


@contextlib.asynccontextmanager
async def dial(twitch: SimulatedTwitch, say: bytes = JOIN) -> AsyncIterator[TcpClient]:
    reader, writer = await asyncio.open_connection("127.0.0.1", twitch.irc_port, limit=1 << 18)
    client = TcpClient(reader, writer)
    client.say(say)
    try:
        yield client
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def said(number: int, *, channel: str = "reef", at_s: float = 0.0, text: str = "hi") -> TimedLine:
    tags = f"@id=m{number};room-id={ROOMS[channel]}"
    return TimedLine(at_s, channel, f"{tags} :ana!ana@ana.tmi.twitch.tv PRIVMSG #{channel} :{text}")


def script(lines: Sequence[TimedLine] = (), *, faults: Sequence[Fault] = (), speed: float | None = None) -> Script:
    return Script(lines=lines, rooms=ROOMS | {"gone": "79"}, suspended={"gone"}, faults=faults, speed=speed)


def answers(data: bytes) -> list[str]:
    session = ServerSession(rooms=ROOMS, suspended={"gone"})
    session.receive(data)
    return session.outgoing.decode().splitlines()


def test_a_login_is_answered_in_twitchs_order() -> None:
    heard = answers(LOGIN)

    assert heard[0] == ":tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands"
    assert [line.split()[1:3] for line in heard[1:]] == [
        [number, "justinfan7"] for number in ("001", "002", "003", "004", "375", "372", "376")
    ]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(b"NICK somebody\r\n", "Improperly formatted auth", id="no password"),
        pytest.param(b"PASS oauth:bad\r\nNICK somebody\r\n", "Login authentication failed", id="bad token"),
        pytest.param(b"NICK justinfanny\r\n", "Improperly formatted auth", id="not quite anonymous"),
    ],
)
def test_who_is_not_anonymous_is_turned_away(data: bytes, text: str) -> None:
    session = ServerSession(rooms=ROOMS)

    session.receive(data + JOIN)

    assert session.outgoing.decode().splitlines() == [f":tmi.twitch.tv NOTICE * :{text}"]
    assert session.wants_close


def test_a_join_is_confirmed_with_names_and_the_rooms_id() -> None:
    me = ":justinfan7!justinfan7@justinfan7.tmi.twitch.tv"

    heard = answers(LOGIN + b"JOIN #Reef\r\n")[8:]

    assert heard == [
        f"{me} JOIN #reef",
        ":justinfan7.tmi.twitch.tv 353 justinfan7 = #reef :justinfan7",
        ":justinfan7.tmi.twitch.tv 366 justinfan7 #reef :End of /NAMES list",
        "@emote-only=0;followers-only=-1;r9k=0;room-id=77;slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE #reef",
    ]


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        pytest.param(b"JOIN #gone\r\n", "@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #gone :", id="suspended"),
        pytest.param(b"JOIN #nope\r\n", "@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #nope :", id="unknown"),
        pytest.param(b"PING :abc\r\n", ":tmi.twitch.tv PONG tmi.twitch.tv :abc", id="ping"),
        pytest.param(b"PART #reef\r\n", ":justinfan7!justinfan7@justinfan7.tmi.twitch.tv PART #reef", id="part"),
        pytest.param(b"CAP REQ :a/b\r\n", ":tmi.twitch.tv CAP * NAK :a/b", id="capability that is not there"),
        pytest.param(b"WHAT\r\n", ":tmi.twitch.tv 421 justinfan7 WHAT :", id="command that is not there"),
    ],
)
def test_other_words_are_answered_as_twitch_does(data: bytes, answer: str) -> None:
    [heard] = answers(LOGIN + data)[8:]

    assert heard.startswith(answer)


def test_capabilities_decide_what_reaches_a_client() -> None:
    notice = "@msg-id=raid :tmi.twitch.tv USERNOTICE #reef"
    message = said(1).line
    plain = ServerSession(rooms=ROOMS)
    full = ServerSession(rooms=ROOMS)

    plain.receive(b"NICK justinfan1\r\nJOIN #reef\r\n")
    full.receive(JOIN)

    assert [plain.relay("reef", line) for line in (message, notice)] == [message.partition(" ")[2], None]
    assert [full.relay("reef", line) for line in (message, notice)] == [message, notice]
    assert plain.relay("bay", message) is None


def test_only_joined_channels_are_delivered_and_counted() -> None:
    async def run() -> None:
        lines = [said(1), said(2, channel="bay"), said(3)]
        async with SimulatedTwitch(script(lines)) as twitch, dial(twitch, LOGIN + b"JOIN #reef\r\n") as one:
            await one.until(b"ROOMSTATE")
            async with dial(twitch, LOGIN + b"JOIN #bay\r\n") as two:
                await twitch.finished.wait()
                assert await one.until(b"m3") == [lines[0].line.encode(), lines[2].line.encode()]
                assert (await two.until(b"m2"))[-1] == lines[1].line.encode()
        assert [dict(sent) for sent in twitch.traffic.sent] == [{"reef": 2}, {"bay": 1}]
        assert twitch.traffic.delivered_ids == ["m1", "m2", "m3"]

    asyncio.run(run())


def test_the_play_waits_until_every_room_has_somebody() -> None:
    async def run() -> None:
        async with SimulatedTwitch(script([said(1)])) as twitch, dial(twitch, LOGIN + b"JOIN #reef\r\n") as client:
            await client.until(b"ROOMSTATE")
            await asyncio.sleep(0.02)
            assert twitch.traffic.said.total() == 0
            client.say(b"JOIN #bay\r\n")
            assert (await client.until(b"m1"))[-1] == said(1).line.encode()

    asyncio.run(run())


def test_with_a_speed_the_spacing_is_kept() -> None:
    async def run() -> float:
        lines = [said(1), said(2, at_s=3.0), said(3, at_s=3.0)]
        async with SimulatedTwitch(script(lines, speed=30.0)) as twitch, dial(twitch) as client:
            await client.until(b"m1")
            start_s = asyncio.get_running_loop().time()
            await client.until(b"m3")
            return asyncio.get_running_loop().time() - start_s

    assert 0.08 < asyncio.run(run()) < 1.0


def test_without_a_speed_a_client_that_does_not_read_holds_the_play() -> None:
    async def run() -> None:
        lines = [said(number, text="x" * 400) for number in range(20_000)]
        async with SimulatedTwitch(script(lines)) as twitch, dial(twitch) as client:
            while True:
                said_before = twitch.traffic.said.total()
                await asyncio.sleep(0.05)
                if 0 < said_before == twitch.traffic.said.total():
                    break
            assert said_before < len(lines)
            await client.until(b"m19999")
            assert twitch.traffic.sent == [{"reef": len(lines)}]

    asyncio.run(run())


def test_with_a_speed_a_client_that_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MAX_PENDING_BYTES", 1 << 16)

    async def run() -> None:
        lines = [said(number, text="x" * 400) for number in range(50_000)]
        async with SimulatedTwitch(script(lines, speed=1e6)) as twitch, dial(twitch):
            await asyncio.wait_for(twitch.finished.wait(), 8)
            assert twitch.live_connections == 0
            assert 0 < twitch.traffic.delivered.total() < len(lines) == twitch.traffic.said.total()

    asyncio.run(run())


def test_a_websocket_carries_the_same_lines_several_to_a_frame() -> None:
    async def run() -> list[bytes]:
        lines = [said(number) for number in range(40)]
        async with SimulatedTwitch(script(lines)) as twitch, connect(twitch.ws_url, proxy=None) as websocket:
            await websocket.send(JOIN, text=True)
            frames: list[bytes] = []
            while not frames or b"m39" not in frames[-1]:
                frames.append(await asyncio.wait_for(websocket.recv(decode=False), 5))
        heard = b"".join(frames).split(b"\r\n")
        assert [line for line in heard if b"PRIVMSG" in line] == [line.line.encode() for line in lines]
        return frames

    frames = asyncio.run(run())

    assert len(frames) < 20
    assert all(frame.endswith(b"\r\n") for frame in frames)


def test_a_fault_strikes_exactly_behind_its_line() -> None:
    async def run() -> None:
        faults = [Fault(kind=FaultKind.RECONNECT, after_lines=2), Fault(kind=FaultKind.CLOSE, after_lines=3)]
        lines = [said(number) for number in range(1, 6)]
        async with SimulatedTwitch(script(lines, faults=faults, speed=1.0)) as twitch, dial(twitch) as client:
            await client.until(b"ROOMSTATE #bay")
            heard = await client.until(b"nothing")
        expected = [lines[0].line.encode(), lines[1].line.encode(), b":tmi.twitch.tv RECONNECT", lines[2].line.encode()]
        assert heard == [*expected, b""]
        assert twitch.traffic.sent == [{"reef": 3}]

    asyncio.run(run())


def test_bad_lines_come_between_good_ones() -> None:
    async def run() -> None:
        faults = [Fault(kind=FaultKind.MALFORMED, after_lines=1), Fault(kind=FaultKind.LONG_LINE, after_lines=1)]
        async with SimulatedTwitch(script([said(1), said(2)], faults=faults)) as twitch, dial(twitch) as client:
            await client.until(b"m1")
            heard = await client.until(b"m2")
        assert tuple(heard[:-2]) == MALFORMED_LINES
        assert len(heard[-2]) > LONG_TEXT_BYTES
        assert heard[-1] == said(2).line.encode()

    asyncio.run(run())


def test_a_silenced_connection_stays_open_and_says_nothing() -> None:
    async def run() -> None:
        async with SimulatedTwitch(script()) as twitch, dial(twitch) as client:
            await client.until(b"ROOMSTATE #bay")
            await twitch.strike(Fault(kind=FaultKind.SILENCE))
            client.say(b"PING :x\r\n")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.line(), 0.1)
            assert twitch.live_connections == 0

    asyncio.run(run())


def test_a_reset_cuts_the_connection() -> None:
    async def run() -> None:
        async with SimulatedTwitch(script()) as twitch, dial(twitch) as client:
            await client.until(b"ROOMSTATE #bay")
            await twitch.strike(Fault(kind=FaultKind.RESET))
            with pytest.raises(ConnectionResetError):
                await client.until(b"nothing")

    asyncio.run(run())


def test_the_server_asks_whether_clients_are_there() -> None:
    async def run() -> None:
        plan = Script(lines=(), rooms=ROOMS, ping_every_s=0.01)
        async with SimulatedTwitch(plan) as twitch, dial(twitch) as client:
            assert (await client.until(b"PING"))[-1] == b"PING :tmi.twitch.tv"
            client.say(b"PONG :tmi.twitch.tv\r\n")
            await client.until(b"PING")
            await client.until(b"PING")
            assert twitch.pongs == 1

    asyncio.run(run())


def test_refusals_last_as_long_as_they_are_told_to() -> None:
    async def run() -> None:
        async with SimulatedTwitch(script(faults=[Fault(kind=FaultKind.BAD_GATEWAY, at_s=0)])) as twitch:
            with pytest.raises(InvalidStatus, match="502"):
                await connect(twitch.ws_url, proxy=None)
            await twitch.strike(Fault(kind=FaultKind.REFUSE_LOGIN, for_s=0.05))
            async with dial(twitch) as client:
                assert b"Login authentication failed" in (await client.until(b"NOTICE"))[-1]
            await twitch.strike(Fault(kind=FaultKind.REFUSE_CONNECT, for_s=0.1))
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", twitch.irc_port)
            await asyncio.sleep(0.2)
            async with dial(twitch) as client:
                await client.until(b"ROOMSTATE #bay")

    asyncio.run(run())


def test_closing_the_server_says_goodbye_on_a_websocket() -> None:
    async def run() -> None:
        async with SimulatedTwitch(script()) as twitch, connect(twitch.ws_url, proxy=None) as websocket:
            await websocket.send(JOIN, text=True)
            await websocket.recv()
            await twitch.strike(Fault(kind=FaultKind.CLOSE))
            await asyncio.wait_for(websocket.wait_closed(), 5)
            assert websocket.close_code == 1000

    asyncio.run(run())


@given(st.text(max_size=20))
def test_split_characters_lose_nothing_and_end_inside_a_character(text: str) -> None:
    data = text.encode("utf-8", "replace")

    pieces = list(split_characters(data))

    assert b"".join(pieces) == data
    assert all(piece[-1] >= 0xC0 for piece in pieces[:-1])
    assert len(pieces) == 1 + sum(character > "\x7f" for character in data.decode())


@given(st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"") + b"\n")), st.integers(1, 50))
def test_frames_hold_whole_lines(lines: list[bytes], size_bytes: int) -> None:
    frames = list(cut_frames(b"".join(lines), size_bytes=size_bytes))

    assert b"".join(frames) == b"".join(lines)
    assert all(frame.endswith(b"\n") for frame in frames)
    assert all(len(frame) <= size_bytes or frame.count(b"\n") == 1 for frame in frames)
