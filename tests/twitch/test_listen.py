import asyncio
import time
from collections.abc import Callable

import pytest

from chatpulse.domain.chat import ChatMessage
from chatpulse.errors import ConnectionLostError, InputError, LoginRefusedError
from chatpulse.twitch.link import World
from chatpulse.twitch.listen import (
    QUEUE_BATCHES,
    SENT_AWAY,
    ChannelState,
    Listener,
    Standing,
    parse_channels,
    parse_server,
)

WELCOME = b":tmi.twitch.tv 001 justinfan1 :hi\r\n:tmi.twitch.tv 376 justinfan1 :>\r\n"


class Clock:
    """Time that passes by waiting only: a second for each tick without data."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.slept_s: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        await asyncio.sleep(0)

    def world(self) -> World:
        return World(now_s=lambda: self.now_s, wall_us=lambda: int(self.now_s * 1e6) + 1, sleep=self.sleep, tick_s=0.01)


class Connection:
    """A connection whose other end is the test."""

    def __init__(self, clock: Clock) -> None:
        self.arriving: asyncio.Queue[bytes] = asyncio.Queue()
        self.said = b""
        self.reads = 0
        self.closed = False
        self.taking = asyncio.Event()
        self.taking.set()
        self._clock = clock

    async def receive(self) -> bytes:
        try:
            data = await self.arriving.get()
        except asyncio.CancelledError:
            self._clock.now_s += 1.0
            raise
        self.reads += 1
        return data

    async def send(self, data: bytes, /) -> None:
        await self.taking.wait()
        self.said += data

    async def close(self) -> None:
        self.closed = True

    def say(self, *lines: str) -> None:
        self.arriving.put_nowait("".join(f"{line}\r\n" for line in lines).encode())


class Server:
    """Hands out connections that welcome at once, and errors where told to."""

    url = "fake://chat"

    def __init__(self, clock: Clock | None = None, *, greeting: bytes = WELCOME) -> None:
        self.clock = clock or Clock()
        self.connections: list[Connection] = []
        self.failures: list[Exception] = []
        self.greeting = greeting

    async def connect(self) -> Connection:
        if self.failures:
            raise self.failures.pop(0)
        connection = Connection(self.clock)
        if self.greeting:
            connection.arriving.put_nowait(self.greeting)
        self.connections.append(connection)
        return connection


def joined(channel: str) -> str:
    return f"@room-id=7 :tmi.twitch.tv ROOMSTATE #{channel}"


def said(text: str, channel: str = "reef") -> str:
    return f"@id={text} :ana!ana@ana.tmi.twitch.tv PRIVMSG #{channel} :{text}"


def listener_of(server: Server, *channels: str) -> Listener:
    return Listener(server, channels or ("reef",), world=server.clock.world())


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.001)


async def collect(listener: Listener, heard: list[str]) -> None:
    async for batch in listener.batches():
        heard += [line.text for line in batch if isinstance(line, ChatMessage)]


def test_channels_are_taken_however_they_are_written() -> None:
    assert parse_channels(["#Reef", " bay_2 ", "reef"]) == ("reef", "bay_2")


@pytest.mark.parametrize("name", ["", "#", "a b", "reef!", "x" * 26, "naïve", "a,b", "##a", "a\r\nQUIT"])
def test_a_name_that_no_channel_can_have_is_refused_by_name(name: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_channels(["good", name])

    assert str(caught.value).startswith(f"channel {name!r} cannot be a Twitch login: write 1 to 25 letters")


def test_no_channel_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="no channel given; name at least one"):
        parse_channels([])


@pytest.mark.parametrize(
    ("text", "url"),
    [("chat.example:6667", "irc://chat.example:6667"), ("wss://chat.example", "wss://chat.example")],
)
def test_host_and_port_mean_plain_tcp(text: str, url: str) -> None:
    assert parse_server(text) == url


def test_it_logs_in_without_an_account_and_joins_every_channel() -> None:
    async def run() -> bytes:
        server = Server()
        listener = listener_of(server, "reef", "#Bay")
        await listener.start()
        await until(lambda: b"JOIN" in server.connections[0].said)
        await listener.close()
        return server.connections[0].said

    said_lines = asyncio.run(run()).decode().splitlines()

    assert said_lines[0] == "CAP REQ :twitch.tv/tags twitch.tv/commands"
    assert any(line.startswith("NICK justinfan") and line[14:].isdigit() for line in said_lines)
    assert said_lines[-1] == "JOIN #reef,#bay"


def test_it_says_of_each_channel_how_it_stands() -> None:
    async def run() -> None:
        server = Server()
        listener = listener_of(server, "reef", "gone", "quiet")
        await listener.start()
        refusal = "@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #gone :suspended"
        server.connections[0].say(joined("reef"), refusal)
        await until(lambda: listener.states["reef"].standing is Standing.JOINED)
        assert listener.states["gone"].standing is Standing.REFUSED
        assert "suspended" in listener.states["gone"].reason
        assert listener.states["quiet"] == ChannelState(standing=Standing.WANTED)
        await listener.close()

    asyncio.run(run())


def test_a_server_that_lets_us_into_no_channel_is_trouble() -> None:
    async def run() -> None:
        server = Server()
        listener = listener_of(server, "gone", "ghost")
        await listener.start()
        [connection] = server.connections
        refusal = "@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #{} :suspended"
        connection.say(refusal.format("gone"))
        await until(lambda: listener.states["gone"].standing is Standing.REFUSED)
        assert (listener.connected, listener.trouble) == (True, "")
        connection.say(refusal.format("ghost"))
        await until(lambda: not listener.connected)
        reason = "suspended (msg_channel_suspended)"
        assert listener.trouble == f"fake://chat lets us into no channel (gone: {reason}; ghost: {reason})"
        connection.say(joined("ghost"))
        await until(lambda: listener.connected)
        assert listener.trouble == ""
        await listener.close()

    asyncio.run(run())


def test_a_silent_connection_is_given_up_within_35_seconds() -> None:
    async def run() -> None:
        server = Server()
        listener = listener_of(server)
        await listener.start()
        server.connections[0].say(joined("reef"))
        await until(lambda: listener.states["reef"].standing is Standing.JOINED)
        silent_since_s = server.clock.now_s
        await until(lambda: len(server.connections) == 2)
        assert server.clock.now_s - silent_since_s <= 35
        assert b"\r\nPING " in server.connections[0].said
        assert server.connections[0].closed
        assert not server.connections[1].closed
        await listener.close()

    asyncio.run(run())


def test_time_that_the_consumer_takes_is_not_held_against_the_server() -> None:
    async def run() -> None:
        server = Server()
        listener = listener_of(server)
        await listener.start()
        batches = listener.batches()
        [connection] = server.connections
        for number in range(QUEUE_BATCHES * 2):
            connection.say(said(str(number)))
        await anext(batches)
        await asyncio.sleep(0.02)
        server.clock.now_s += 3_600
        for _ in range(QUEUE_BATCHES * 2):
            await anext(batches)
        await asyncio.sleep(0.02)
        assert (listener.attempts, connection.closed) == (1, False)
        await listener.close()

    asyncio.run(run())


def test_a_slow_consumer_stops_the_reading_and_loses_nothing() -> None:
    async def run() -> None:
        server = Server()
        listener = listener_of(server)
        await listener.start()
        [connection] = server.connections
        texts = [str(number) for number in range(QUEUE_BATCHES * 3)]
        for text in texts:
            connection.say(said(text))
        await asyncio.sleep(0.05)
        assert connection.reads <= QUEUE_BATCHES + 2
        heard: list[str] = []
        collecting = asyncio.create_task(collect(listener, heard))
        await until(lambda: len(heard) == len(texts))
        await listener.close()
        await collecting
        assert heard == texts

    asyncio.run(run())


def test_what_was_heard_before_closing_can_still_be_taken() -> None:
    async def run() -> list[str]:
        server = Server()
        listener = listener_of(server)
        await listener.start()
        server.connections[0].say(said("last"))
        await until(lambda: server.connections[0].reads == 2)
        await listener.close()
        assert server.connections[0].closed
        heard: list[str] = []
        await collect(listener, heard)
        return heard

    assert asyncio.run(run()) == ["last"]


def test_a_consumer_that_leaves_closes_the_connection() -> None:
    async def run() -> None:
        server = Server()
        listener = listener_of(server)
        batches = listener.batches()
        await anext(batches)
        await batches.aclose()
        assert server.connections[0].closed

    asyncio.run(run())


def test_the_first_attempt_tells_why_it_failed() -> None:
    async def run() -> None:
        server = Server()
        server.failures = [ConnectionLostError("fake://chat: nobody there")]
        await listener_of(server).start()

    with pytest.raises(ConnectionLostError, match="nobody there"):
        asyncio.run(run())


def test_a_first_login_that_is_refused_is_told_in_the_servers_words() -> None:
    async def run() -> None:
        server = Server(greeting=b":tmi.twitch.tv NOTICE * :Improperly formatted auth\r\n")
        listener = listener_of(server)
        try:
            await collect(listener, [])
        finally:
            assert listener.attempts == 1
            assert server.connections[0].closed

    with pytest.raises(LoginRefusedError, match=r"fake://chat refuses .*: Improperly formatted auth; try again later"):
        asyncio.run(run())


def test_later_failures_are_tried_again_and_the_gap_begins_with_the_last_word() -> None:
    async def run() -> None:
        server = Server()
        listener = listener_of(server)
        await listener.start()
        server.clock.now_s = 100.0
        server.connections[0].say(joined("reef"), said("hello"))
        await until(lambda: listener.states["reef"].standing is Standing.JOINED)
        server.clock.now_s = 107.0
        server.failures = [ConnectionLostError("fake://chat: down")] * 20
        server.connections[0].arriving.put_nowait(b"")
        await until(lambda: len(server.connections) == 2)
        assert (listener.attempts, len(server.clock.slept_s)) == (22, 21)
        assert all(0 <= wait_s <= 60 for wait_s in server.clock.slept_s)
        server.connections[1].say(joined("reef"))
        await until(lambda: bool(listener.gaps))
        [gap] = listener.gaps
        assert (gap.channel, gap.from_us) == ("reef", 100_000_001)
        assert gap.to_us >= 107_000_001
        assert gap.reason == "fake://chat: the server closed the connection"
        await listener.close()

    asyncio.run(run())


def test_while_it_is_not_connected_it_says_why() -> None:
    async def run() -> None:
        server = Server()
        listener = listener_of(server)
        assert listener.trouble == "fake://chat: connecting (attempt 0, trying on)"
        await listener.start()
        assert (listener.trouble, listener.connected) == ("", True)
        server.failures = [ConnectionLostError("fake://chat: down")] * 10_000
        server.connections[0].arriving.put_nowait(b"")
        await until(lambda: "fake://chat: down" in listener.trouble)
        assert not listener.connected
        await listener.close()
        assert listener.trouble == ""

    asyncio.run(run())


def test_on_reconnect_the_old_connection_is_heard_to_its_last_line() -> None:
    async def run() -> list[str]:
        server = Server()
        listener = listener_of(server)
        heard: list[str] = []
        collecting = asyncio.create_task(collect(listener, heard))
        await until(lambda: bool(server.connections))
        [old] = server.connections
        old.say(joined("reef"), ":tmi.twitch.tv RECONNECT", said("one"))
        await until(lambda: len(server.connections) == 2)
        old.say(said("two"))
        await until(lambda: "two" in heard)
        assert b"fence" not in old.said
        server.connections[1].say(joined("reef"), said("three"))
        await until(lambda: b"PING :chatpulse-fence" in old.said)
        old.say(":tmi.twitch.tv PONG tmi.twitch.tv :another", said("late"))
        await until(lambda: "late" in heard)
        old.say(said("last"), ":tmi.twitch.tv PONG tmi.twitch.tv :chatpulse-fence")
        await until(lambda: old.closed)
        assert listener.live_connections == 1
        assert list(listener.gaps) == []
        await listener.close()
        await collecting
        return heard

    heard = asyncio.run(run())

    assert heard == ["one", "two", "three", "late", "last"]


def test_a_server_that_asks_for_a_new_connection_again_and_again_is_slowed_down() -> None:
    async def run() -> list[float]:
        server = Server(greeting=WELCOME + (joined("reef") + "\r\n:tmi.twitch.tv RECONNECT\r\n").encode())
        world = World(sleep=server.clock.sleep, tick_s=0.01, fence_within_s=0.001)
        listener = Listener(server, ["reef"], world=world)
        await listener.start()
        await until(lambda: len(server.clock.slept_s) >= 9)
        assert listener.live_connections <= 2
        await listener.close()
        return server.clock.slept_s

    first_s, *later_s = asyncio.run(run())

    assert first_s == 0
    assert max(later_s) > 2


def test_an_old_connection_that_does_not_answer_is_closed_all_the_same() -> None:
    async def run() -> None:
        server = Server()
        world = World(sleep=server.clock.sleep, tick_s=0.01, fence_within_s=0.05)
        listener = Listener(server, ["reef"], world=world)
        await listener.start()
        server.connections[0].say(joined("reef"), ":tmi.twitch.tv RECONNECT")
        await until(lambda: len(server.connections) == 2)
        server.connections[1].say(joined("reef"))
        await until(lambda: server.connections[0].closed and listener.live_connections == 1)
        assert listener.connected
        assert [gap.reason for gap in listener.gaps] == ["the replaced connection did not answer"]
        await listener.close()

    asyncio.run(run())


def stamped(text: str, at_s: float) -> str:
    return f"@id={text};tmi-sent-ts={round(at_s * 1e3)} :ana!ana@ana.tmi.twitch.tv PRIVMSG #reef :{text}"


def test_after_a_pause_the_gap_begins_with_the_last_word_and_not_with_its_reading() -> None:
    async def run() -> None:
        server = Server()
        listener = listener_of(server)
        await listener.start()
        server.clock.now_s = start_s = 1_700_000_000.0
        [connection] = server.connections
        connection.say(joined("reef"))
        await until(lambda: listener.states["reef"].standing is Standing.JOINED)
        connection.say(stamped("last", start_s + 5))
        connection.arriving.put_nowait(b"")
        server.clock.now_s = start_s + 900
        await until(lambda: len(server.connections) == 2)
        server.connections[1].say(joined("reef"))
        await until(lambda: bool(listener.gaps))
        assert [gap.from_us for gap in listener.gaps] == [round((start_s + 5) * 1e6)]
        await listener.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("line", "standing", "reason"),
    [
        pytest.param(":{nick}!x@x PART #reef", Standing.WANTED, SENT_AWAY, id="sent away"),
        pytest.param("@msg-id=tos_ban :t NOTICE #reef :gone", Standing.REFUSED, "gone (tos_ban)", id="suspended"),
    ],
)
def test_a_channel_that_is_lost_while_the_connection_lasts_is_a_gap(line: str, standing: Standing, reason: str) -> None:
    async def run() -> None:
        server = Server()
        listener = listener_of(server)
        await listener.start()
        [connection] = server.connections
        nick = connection.said.partition(b"NICK ")[2].partition(b"\r")[0].decode()
        connection.say(joined("reef"))
        await until(lambda: listener.states["reef"].standing is Standing.JOINED)
        connection.say(line.format(nick=nick))
        await until(lambda: listener.states["reef"].standing is standing)
        connection.say(joined("reef"))
        await until(lambda: listener.states["reef"].standing is Standing.JOINED)
        assert [(gap.channel, gap.reason) for gap in listener.gaps] == [("reef", reason)]
        assert listener.attempts == 1
        await listener.close()

    asyncio.run(run())


def test_a_server_that_takes_nothing_is_given_up() -> None:
    async def run() -> None:
        server = Server()
        world = World(sleep=server.clock.sleep, tick_s=0.01, pong_within_s=0.05)
        listener = Listener(server, ["reef"], world=world)
        await listener.start()
        [connection] = server.connections
        connection.taking.clear()
        connection.say("PING :tmi.twitch.tv")
        await until(lambda: len(server.connections) == 2)
        assert str(listener.last_error) == "fake://chat: it took nothing from us for 0.05 s"
        await listener.close()

    asyncio.run(run())


def test_a_fault_of_ours_ends_the_listening_instead_of_being_tried_for_ever() -> None:
    async def run() -> None:
        server = Server()
        listener = listener_of(server)
        await listener.start()
        server.failures = [ZeroDivisionError("ours")]
        server.connections[0].arriving.put_nowait(b"")
        await collect(listener, [])

    with pytest.raises(ZeroDivisionError, match="ours"):
        asyncio.run(asyncio.wait_for(run(), 5))


def test_with_many_channels_a_replaced_connection_talks_on_until_all_can_be_joined() -> None:
    async def run() -> None:
        server = Server()
        world = World(sleep=server.clock.sleep, tick_s=0.01, handover_within_s=0.02, fence_within_s=0.01)
        channels = [f"room{number}" for number in range(40)]
        listener = Listener(server, channels, world=world)
        await listener.start()
        [old] = server.connections
        old.say(*map(joined, channels), ":tmi.twitch.tv RECONNECT")
        await until(lambda: len(server.connections) == 2)
        server.connections[1].say(*map(joined, channels[:18]))
        await asyncio.sleep(0.2)
        assert not old.closed
        server.connections[1].say(*map(joined, channels[18:]))
        await until(lambda: old.closed)
        await listener.close()

    asyncio.run(run())


def test_the_login_is_said_before_anything_is_heard() -> None:
    async def run() -> None:
        server = Server(greeting=b"")
        listener = Listener(server, ["reef"], world=World(sleep=server.clock.sleep, tick_s=60.0))
        starting = asyncio.create_task(listener.start())
        await until(lambda: bool(server.connections) and b"NICK" in server.connections[0].said)
        await listener.close()
        await starting

    asyncio.run(run())


def test_a_server_that_talks_and_never_lets_us_in_is_given_up() -> None:
    async def run() -> None:
        server = Server(greeting=b"PING :tmi.twitch.tv\r\n")
        await listener_of(server).start()

    with pytest.raises(ConnectionLostError, match="no answer to the login within 20 s"):
        asyncio.run(run())


def test_a_welcome_may_come_in_pieces() -> None:
    async def run() -> None:
        server = Server(greeting=b":tmi.twitch.tv CAP * ACK :twitch.tv/tags\r\n")
        listener = listener_of(server)
        starting = asyncio.create_task(listener.start())
        await until(lambda: bool(server.connections) and server.connections[0].reads == 1)
        assert not listener.connected
        server.connections[0].arriving.put_nowait(WELCOME)
        await starting
        assert (listener.connected, listener.attempts) == (True, 1)
        await listener.close()

    asyncio.run(run())


def test_a_connection_that_lasted_wipes_out_the_failures_before_it() -> None:
    async def run() -> list[float]:
        server = Server()
        listener = listener_of(server)
        await listener.start()
        server.failures = [ConnectionLostError("fake://chat: down")] * 12
        server.connections[0].arriving.put_nowait(b"")
        for number in range(1, 13):
            await until(lambda number=number: len(server.connections) == number + 1)  # type: ignore[misc]
            server.connections[-1].say(joined("reef"))
            server.clock.now_s += 61.0
            server.connections[-1].say(said("still here"), joined("reef"))
            await until(lambda: server.connections[-1].reads == 3)
            server.connections[-1].arriving.put_nowait(b"")
        await until(lambda: len(server.clock.slept_s) >= 25)
        await listener.close()
        return server.clock.slept_s

    slept_s = asyncio.run(run())

    assert max(slept_s[:13]) > 1.0
    assert max(slept_s[13:]) <= 1.0


def test_the_clock_on_the_wall_counts_microseconds() -> None:
    assert abs(World().wall_us() / 1e6 - time.time()) < 1.0


def test_a_gap_that_is_open_at_the_end_is_told() -> None:
    async def run() -> None:
        server = Server()
        listener = listener_of(server)
        assert listener.live
        await listener.start()
        server.clock.now_s = 100.0
        server.connections[0].say(joined("reef"), said("hello"))
        await until(lambda: listener.states["reef"].standing is Standing.JOINED)
        server.failures = [ConnectionLostError("fake://chat: down")] * 10_000
        server.connections[0].arriving.put_nowait(b"")
        await until(lambda: listener.states["reef"].standing is Standing.WANTED)
        server.clock.now_s = 130.0
        await listener.close()
        assert [(gap.from_us, gap.to_us) for gap in listener.gaps] == [(100_000_001, 130_000_001)]

    asyncio.run(run())


async def handed_over(server: Server, listener: Listener) -> Connection:
    """A connection that has joined and was asked to make room for another."""
    await listener.start()
    [old] = server.connections
    old.say(joined("reef"))
    await until(lambda: listener.states["reef"].standing is Standing.JOINED)
    old.say(":tmi.twitch.tv RECONNECT")
    return old


def test_the_old_connection_stays_while_no_new_one_can_be_made() -> None:
    async def run() -> None:
        server = Server()
        listener = listener_of(server)
        server.failures = []
        starting = asyncio.create_task(handed_over(server, listener))
        await until(lambda: listener.states["reef"].standing is Standing.JOINED)
        server.failures = [ConnectionLostError("fake://chat: down")] * 5
        old = await starting
        await until(lambda: len(server.connections) == 2)
        assert (listener.attempts, old.closed) == (7, False)
        server.connections[1].say(joined("reef"))
        await until(lambda: b"fence" in old.said)
        await listener.close()

    asyncio.run(run())


def test_an_old_connection_that_ends_by_itself_leaves_a_gap_until_the_new_one_has_joined() -> None:
    async def run() -> None:
        server = Server()
        listener = listener_of(server)
        old = await handed_over(server, listener)
        await until(lambda: len(server.connections) == 2)
        old.arriving.put_nowait(b"")
        await until(lambda: old.closed)
        server.connections[1].say(joined("reef"), said("new"))
        await until(lambda: listener.states["reef"].standing is Standing.JOINED)
        await asyncio.sleep(0.02)
        assert (listener.live_connections, len(listener.gaps)) == (1, 1)
        server.connections[1].arriving.put_nowait(b"")
        await until(lambda: len(server.connections) == 3)
        await listener.close()

    asyncio.run(run())


def test_a_new_connection_that_may_not_join_takes_over_in_the_end() -> None:
    async def run() -> None:
        server = Server()
        world = World(sleep=server.clock.sleep, tick_s=0.01, handover_within_s=0.05, fence_within_s=0.05)
        listener = Listener(server, ["reef", "bay"], world=world)
        old = await handed_over(server, listener)
        await until(lambda: len(server.connections) == 2)
        server.connections[1].say("@msg-id=msg_banned :tmi.twitch.tv NOTICE #reef :no")
        await until(lambda: server.connections[1].reads == 2)
        assert listener.states["reef"].standing is Standing.JOINED
        await until(lambda: old.closed)
        await until(lambda: listener.states["reef"].standing is Standing.REFUSED)
        await listener.close()

    asyncio.run(run())
