import asyncio
import contextlib
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, serve

from chatpulse.domain.chat import ChatMessage, Quarantined
from chatpulse.errors import ChatPulseError, ConnectionLostError, InputError, LoginRefusedError
from chatpulse.registry import backend
from chatpulse.simulation.core.faults import MALFORMED_LINES, Fault, FaultKind
from chatpulse.simulation.core.wire import TimedLine
from chatpulse.simulation.server import Script, SimulatedTwitch
from chatpulse.twitch.link import World
from chatpulse.twitch.listen import Listener, Standing, parse_server

ROOMS = {"reef": "77", "bay": "78"}
TRANSPORTS = pytest.mark.parametrize("transport", ["tcp", "websocket"])


async def nap(_: float) -> None:
    await asyncio.sleep(0.001)


QUICK = World(
    sleep=nap,
    tick_s=0.01,
    ping_after_s=0.1,
    pong_within_s=0.1,
    login_within_s=0.5,
    handover_within_s=1.0,
    fence_within_s=1.0,
)


class Listening:
    """A listener and everything it has heard so far."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.messages: list[ChatMessage] = []
        self.quarantined: list[Quarantined] = []

    async def collect(self) -> None:
        async for batch in self.listener.batches():
            self.messages += [line for line in batch if isinstance(line, ChatMessage)]
            self.quarantined += [line for line in batch if isinstance(line, Quarantined)]

    @property
    def ids(self) -> list[str]:
        return [message.id for message in self.messages]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(8):
            while not condition():  # noqa: ASYNC110 - what it waits for has no event
                await asyncio.sleep(0.005)

    async def joined(self, twitch: SimulatedTwitch, *, connections: int) -> None:
        """Wait for everything to be joined again after a fault."""
        await self.until(
            lambda: (
                twitch.traffic.connections >= connections
                and twitch.live_connections == 1
                and self.listener.live_connections == 1
                and all(state.standing is Standing.JOINED for state in self.listener.states.values())
            )
        )


@contextlib.asynccontextmanager
async def listening(
    url: str, channels: Sequence[str] = tuple(ROOMS), *, ca_file: Path | None = None, world: World = QUICK
) -> AsyncIterator[Listening]:
    listener = Listener(backend("twitch", url)(url, ca_file=ca_file), channels, world=world)
    result = Listening(listener)
    await listener.start()
    collecting = asyncio.create_task(result.collect())
    try:
        yield result
    finally:
        await listener.close()
        await collecting


def said(number: int, *, at_s: float = 0.0, text: str = "hi", channel: str = "reef") -> TimedLine:
    tags = f"@id=m{number};room-id={ROOMS[channel]}"
    return TimedLine(at_s, channel, f"{tags} :ana!ana@ana.tmi.twitch.tv PRIVMSG #{channel} :{text}")


def play(count: int = 0, *, faults: Sequence[Fault] = (), speed: float | None = None, gap_s: float = 0.0) -> Script:
    lines = [said(number, at_s=number * gap_s) for number in range(count)]
    return Script(lines=lines, rooms=ROOMS, speed=speed, faults=faults)


def address(twitch: SimulatedTwitch, transport: str) -> str:
    return twitch.url if transport == "tcp" else twitch.ws_url


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for 127.0.0.1, and a server's context with it."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1"
    addition = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*command.split(), *addition], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


@TRANSPORTS
def test_everything_that_is_said_arrives_in_order(transport: str) -> None:
    async def run() -> None:
        async with SimulatedTwitch(play(3_000)) as twitch, listening(address(twitch, transport)) as heard:
            await heard.until(lambda: len(heard.messages) >= 3_000)
            assert heard.ids == twitch.traffic.delivered_ids
            assert heard.listener.connected
        assert not heard.listener.connected
        assert list(heard.listener.gaps) == []

    asyncio.run(run())


@TRANSPORTS
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        pytest.param(FaultKind.CLOSE, "the server closed the connection", id="close"),
        pytest.param(FaultKind.RESET, "the connection broke", id="reset"),
        pytest.param(FaultKind.SILENCE, "a PING was not answered", id="silence"),
    ],
)
def test_a_lost_connection_comes_back_and_the_gap_is_told(kind: FaultKind, reason: str, transport: str) -> None:
    async def run() -> None:
        faults = [Fault(kind=kind, after_lines=50)]
        async with SimulatedTwitch(play(100, faults=faults)) as twitch, listening(address(twitch, transport)) as heard:
            await heard.until(lambda: "m99" in heard.ids)
            await heard.joined(twitch, connections=2)
            assert heard.ids[-50:] == [f"m{number}" for number in range(50, 100)]
            assert twitch.traffic.connections == 2
            gaps = heard.listener.gaps
            assert sorted(gap.channel for gap in gaps) == ["bay", "reef"]
            assert all(0 < gap.from_us <= gap.to_us and gap.reason.endswith(reason) for gap in gaps)

    asyncio.run(run())


def test_a_clean_close_loses_nothing_that_was_sent() -> None:
    async def run() -> None:
        faults = [Fault(kind=FaultKind.CLOSE, after_lines=number) for number in (20, 40, 60, 80)]
        async with SimulatedTwitch(play(100, faults=faults)) as twitch, listening(twitch.url) as heard:
            await heard.until(lambda: len(heard.messages) >= 100)
            assert heard.ids == twitch.traffic.delivered_ids == [f"m{number}" for number in range(100)]
            assert len(heard.listener.gaps) == 8

    asyncio.run(run())


@TRANSPORTS
def test_reconnect_ends_with_one_connection_and_no_line_missed(transport: str) -> None:
    async def run() -> None:
        faults = [Fault(kind=FaultKind.RECONNECT, after_lines=100)]
        script = play(600, faults=faults, speed=1.0, gap_s=0.001)
        async with SimulatedTwitch(script) as twitch, listening(address(twitch, transport)) as heard:
            await heard.until(lambda: twitch.finished.is_set() and "m599" in heard.ids)
            await heard.joined(twitch, connections=2)
            assert sorted(set(heard.ids)) == sorted(twitch.traffic.delivered_ids)
            assert len(twitch.traffic.delivered_ids) == 600
            assert list(heard.listener.gaps) == []
            assert twitch.traffic.connections == 2

    asyncio.run(run())


def test_reconnect_again_and_again_never_piles_up_connections() -> None:
    async def run() -> None:
        faults = [Fault(kind=FaultKind.RECONNECT, after_lines=number) for number in (20, 21, 60, 100)]
        script = play(300, faults=faults, speed=1.0, gap_s=0.002)
        async with SimulatedTwitch(script) as twitch, listening(twitch.url) as heard:
            await heard.until(lambda: twitch.finished.is_set() and "m299" in heard.ids)
            await heard.joined(twitch, connections=3)
            assert set(heard.ids) == {f"m{number}" for number in range(300)}
            assert twitch.traffic.connections <= 5

    asyncio.run(run())


def test_a_server_that_is_down_for_long_is_tried_again_until_it_is_back() -> None:
    waits_s: list[float] = []

    async def note(wait_s: float) -> None:
        waits_s.append(wait_s)
        await asyncio.sleep(0.001)

    async def run() -> None:
        world = World(sleep=note, tick_s=0.01)
        async with SimulatedTwitch(play()) as twitch, listening(twitch.url, world=world) as heard:
            await twitch.strike(Fault(kind=FaultKind.REFUSE_CONNECT, for_s=0.5))
            await twitch.strike(Fault(kind=FaultKind.RESET))
            await heard.until(lambda: len(waits_s) > 40)
            assert "nothing listens there" in heard.listener.trouble
            await heard.joined(twitch, connections=2)
            assert heard.listener.trouble == ""

    asyncio.run(run())

    assert all(0 <= wait_s <= 60 for wait_s in waits_s)
    assert max(waits_s) > 10


@TRANSPORTS
def test_a_refused_login_at_the_start_is_told(transport: str) -> None:
    async def run() -> None:
        faults = [Fault(kind=FaultKind.REFUSE_LOGIN, at_s=0)]
        async with SimulatedTwitch(play(faults=faults)) as twitch:
            url = address(twitch, transport)
            with pytest.raises(LoginRefusedError, match="Login authentication failed"):
                async with listening(url):
                    pass

    asyncio.run(run())


def test_a_refused_login_later_is_tried_again() -> None:
    async def run() -> None:
        async with SimulatedTwitch(play()) as twitch, listening(twitch.url) as heard:
            await twitch.strike(Fault(kind=FaultKind.REFUSE_LOGIN, for_s=0.3))
            await twitch.strike(Fault(kind=FaultKind.CLOSE))
            await heard.until(lambda: isinstance(heard.listener.last_error, LoginRefusedError))
            await heard.joined(twitch, connections=3)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param("irc://nowhere.invalid:6667", "the host name does not resolve; check its spelling", id="no host"),
        pytest.param("wss://nowhere.invalid", "the host name does not resolve; check its spelling", id="no host (wss)"),
        pytest.param("irc://127.0.0.1:{port}", "nothing listens there (connection refused)", id="refused"),
        pytest.param("ws://127.0.0.1:{port}", "nothing listens there (connection refused)", id="refused (ws)"),
    ],
)
def test_a_server_that_cannot_be_reached_at_the_start_is_told(url: str, words: str) -> None:
    url = url.format(port=free_port())

    async def run() -> None:
        async with listening(url):
            pass

    with pytest.raises(ConnectionLostError) as caught:
        asyncio.run(run())

    assert str(caught.value).startswith(f"{url}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        pytest.param("irc", "no answer to the login within 0.2 s", id="silent"),
        pytest.param("ws", "no answer within 0.3 s", id="silent upgrade"),
        pytest.param("ircs", "no answer within 0.3 s", id="silent TLS"),
    ],
)
def test_a_server_that_accepts_and_says_nothing_is_told(scheme: str, words: str) -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(100):
            pass
        writer.close()

    async def run() -> None:
        async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
            url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            world = World(tick_s=0.01, login_within_s=0.2)
            await Listener(backend("twitch", url)(url, connect_timeout_s=0.3), ["reef"], world=world).start()

    with pytest.raises(ConnectionLostError) as caught:
        asyncio.run(run())

    assert words in str(caught.value)


@pytest.mark.parametrize("scheme", ["ircs", "wss"])
def test_a_server_without_tls_is_told_apart(scheme: str) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 some other service, in plain text\r\n")
        await writer.drain()
        writer.close()

    async def run() -> None:
        async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
            url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            await Listener(backend("twitch", url)(url), ["reef"]).start()

    with pytest.raises(ConnectionLostError, match=r"TLS failed .*; check that this port speaks TLS"):
        asyncio.run(run())


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        pytest.param("irc", "ws", "check that a chat server listens there", id="byte stream to a WebSocket"),
        pytest.param("ws", "irc", "no answer within 0.3 s; check host, port, scheme", id="WebSocket to a byte stream"),
        pytest.param("wss", "ws", "check that scheme and port fit together", id="TLS to a plain WebSocket"),
    ],
)
def test_a_wrong_scheme_is_told(wrong: str, right: str, words: str) -> None:
    async def run() -> None:
        async with SimulatedTwitch(play()) as twitch:
            port = twitch.url.rpartition(":")[2] if right == "irc" else twitch.ws_url.rpartition(":")[2]
            url = f"{wrong}://127.0.0.1:{port}"
            await Listener(backend("twitch", url)(url, connect_timeout_s=0.3), ["reef"]).start()

    with pytest.raises(ConnectionLostError) as caught:
        asyncio.run(run())

    assert words in str(caught.value)


def test_a_gateway_that_is_down_is_told_with_its_status() -> None:
    async def run() -> None:
        faults = [Fault(kind=FaultKind.BAD_GATEWAY, at_s=0)]
        async with SimulatedTwitch(play(faults=faults)) as twitch, listening(twitch.ws_url):
            pass

    with pytest.raises(ConnectionLostError, match="it answered HTTP 502 instead of a WebSocket"):
        asyncio.run(run())


@TRANSPORTS
def test_a_certificate_of_an_unknown_authority_is_refused_and_accepted_with_its_file(
    transport: str, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    ca_file, context = certificate

    async def run() -> None:
        async with SimulatedTwitch(play(5), tls=context) as twitch:
            url = address(twitch, transport)
            with pytest.raises(
                ConnectionLostError, match=r"not trusted \(self.signed certificate\); give .* --ca FILE"
            ):
                await Listener(backend("twitch", url)(url), ["reef"], world=QUICK).start()
            async with listening(url, ca_file=ca_file) as heard:
                await heard.until(lambda: len(heard.messages) == 5)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(None, "does not exist; give the PEM file", id="missing"),
        pytest.param(b"not a certificate", "cannot be used", id="no certificate"),
    ],
)
def test_a_bad_ca_file_is_told(tmp_path: Path, content: bytes | None, words: str) -> None:
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_bytes(content)

    with pytest.raises(InputError) as caught:
        backend("twitch", "wss://127.0.0.1")("wss://127.0.0.1", ca_file=ca_file)

    assert words in str(caught.value)


@TRANSPORTS
def test_characters_cut_in_the_middle_of_a_write_arrive_whole(transport: str) -> None:
    texts = [f"né {number} 日本語 😀🎉 Grüße" for number in range(60)]

    async def run() -> list[str]:
        lines = [said(number, text=text) for number, text in enumerate(texts)]
        faults = [Fault(kind=FaultKind.SPLIT_UTF8, at_s=0)]
        script = Script(lines=lines, rooms=ROOMS, speed=None, faults=faults)
        async with SimulatedTwitch(script) as twitch, listening(address(twitch, transport)) as heard:
            await heard.until(lambda: len(heard.messages) >= len(texts))
            assert heard.quarantined == []
            return [message.text for message in heard.messages]

    assert asyncio.run(run()) == texts


@TRANSPORTS
def test_malformed_and_endless_lines_do_not_disturb_the_next(transport: str) -> None:
    async def run() -> None:
        faults = [Fault(kind=kind, after_lines=10) for kind in (FaultKind.MALFORMED, FaultKind.LONG_LINE)]
        async with SimulatedTwitch(play(20, faults=faults)) as twitch, listening(address(twitch, transport)) as heard:
            await heard.until(lambda: "m19" in heard.ids)
            assert [name for name in heard.ids if name.startswith("m")] == [f"m{number}" for number in range(20)]
            assert 0 < len(heard.quarantined) <= len(MALFORMED_LINES) + 1
            assert twitch.traffic.connections == 1

    asyncio.run(run())


@pytest.mark.parametrize(
    ("server", "words"),
    [
        pytest.param("irc://", "names no host; write HOST:PORT, irc://", id="no host"),
        pytest.param("localhost:99999", "Port out of range 0-65535; write HOST:PORT", id="port out of range"),
        pytest.param("wss://localhost:x", "'wss://localhost:x': Port could not be cast", id="port in words"),
        pytest.param(
            "http://localhost", "no twitch backend for 'http'; there are ['irc', 'ircs', 'ws', 'wss']", id="scheme"
        ),
    ],
)
def test_an_address_that_cannot_be_is_told(server: str, words: str) -> None:
    url = parse_server(server)

    with pytest.raises(InputError) as caught:
        backend("twitch", url)(url)

    assert words in str(caught.value)


def test_a_frame_without_a_line_end_is_a_line_all_the_same() -> None:
    async def talk(websocket: ServerConnection) -> None:
        for line in (":tmi.twitch.tv 001 justinfan1 :hi", "", said(1).line, said(2).line):
            await websocket.send(line)
        await websocket.wait_closed()

    async def run() -> list[str]:
        async with serve(talk, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            async with listening(f"ws://127.0.0.1:{port}") as heard:
                await heard.until(lambda: len(heard.messages) == 2)
                return heard.ids

    assert asyncio.run(run()) == ["m1", "m2"]


def test_all_foreign_errors_are_our_own_on_a_cut_connection() -> None:
    async def run() -> ChatPulseError | None:
        async with SimulatedTwitch(play()) as twitch, listening(twitch.ws_url) as heard:
            await twitch.strike(Fault(kind=FaultKind.RESET))
            await heard.until(lambda: heard.listener.last_error is not None)
            return heard.listener.last_error

    error = asyncio.run(run())

    assert isinstance(error, ConnectionLostError)
    assert str(error).endswith(": the connection broke")
