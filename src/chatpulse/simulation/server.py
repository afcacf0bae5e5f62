"""A server that speaks IRC as Twitch does, over TCP and WebSocket, and plays a script into it.

The play starts when every room that can be joined has been joined. With a speed, line n is said at `at_s / speed`, to
whoever is there; a client that does not take what it is sent is cut off once `MAX_PENDING_BYTES` wait for it, as
Twitch does. Without a speed the play goes as fast as every client reads, and stands still while a room is empty: that
is the mode of benchmarks. Faults strike at their time or exactly behind their line, or at once through `strike`.
What was said and what was sent to whom is counted in `traffic`, so that a test can compare.

    async with SimulatedTwitch(Script(lines=crowd.lines(), rooms={"rooms_login": "1001"})) as twitch:
        listener = Listener(backend("twitch", twitch.url)(twitch.url), ["rooms_login"])
"""

import asyncio
import http
import itertools
import logging
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from chatpulse.simulation.client import Client, TcpWire, WebSocketWire, Wire
from chatpulse.simulation.core.faults import MALFORMED_LINES, Fault, FaultKind, long_line
from chatpulse.simulation.core.irc_server import PING, RECONNECT, ServerSession
from chatpulse.simulation.core.traffic import Traffic
from chatpulse.simulation.core.wire import TimedLine

MAX_PENDING_BYTES = 4 << 20
"""Waiting for one client; about ten thousand messages."""
FULL_SPEED_LINES = 200
"""Lines between two looks at whether everybody keeps up."""
TICK_S = 0.005
"""Shortest sleep between two batches: lines that are due within it leave together."""
PING_EVERY_S = 300.0
"""Source: twitch.tv sends PING about every five minutes."""

# A client that breaks off a handshake is a fault under test here, and nothing to print.
quiet = logging.getLogger("chatpulse.simulation.websocket")
quiet.disabled = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What the server plays."""

    lines: Iterable[TimedLine]
    """In time order."""
    rooms: Mapping[str, str]
    """Room id by login: the channels that exist."""
    speed: float | None = 1.0
    """Seconds of the script per second; None: as fast as clients read."""
    suspended: Collection[str] = ()
    """Logins in `rooms` that nobody can join."""
    faults: Sequence[Fault] = ()
    ping_every_s: float = PING_EVERY_S
    keep_ids: bool = True
    """Fill `Traffic.delivered_ids`; turn off for millions of lines."""


class SimulatedTwitch:
    """The server; an async context manager that listens while it is open."""

    def __init__(self, script: Script, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self._script = script
        self._tls = tls
        self._host = host
        self._clients: dict[Client, Counter[str]] = {}
        self._lasting: dict[FaultKind, float] = {}
        self._listeners: tuple[asyncio.Server, Server] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._talks: set[asyncio.Task[None]] = set()
        self._audience = asyncio.Event()
        self._line_faults = sorted(
            (fault for fault in script.faults if fault.after_lines is not None),
            key=lambda fault: fault.after_lines or 0,
        )
        self.irc_port = 0
        self.ws_port = 0
        self.traffic = Traffic(keep_ids=script.keep_ids)
        self.finished = asyncio.Event()
        """Set when the whole script was said."""

    @property
    def channels(self) -> tuple[str, ...]:
        """Logins that can be joined."""
        return tuple(room for room in self._script.rooms if room not in self._script.suspended)

    @property
    def url(self) -> str:
        """Address for byte streams."""
        return f"{'ircs' if self._tls else 'irc'}://{self._host}:{self.irc_port}"

    @property
    def ws_url(self) -> str:
        """Address for WebSockets."""
        return f"{'wss' if self._tls else 'ws'}://{self._host}:{self.ws_port}"

    @property
    def live_connections(self) -> int:
        """Clients that are connected and not silenced."""
        return sum(not client.deaf for client in self._clients)

    @property
    def pongs(self) -> int:
        """Answers to the server's PING by the clients of now."""
        return sum(client.session.pongs for client in self._clients)

    async def __aenter__(self) -> Self:
        """Listen on free ports, or on those set before."""
        await self._listen()
        for fault in self._script.faults:
            if fault.at_s == 0:
                await self.strike(fault)
            elif fault.at_s is not None:
                self._spawn(self._strike_later(fault, fault.at_s))
        self._spawn(self._play())
        self._spawn(self._ping())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cut everybody off and stop listening."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for client in self._clients:
            client.reset()
        await self._stop_listening(keep_connections=False)
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def strike(self, fault: Fault) -> None:
        """Let a fault happen now; those that last end after `for_s`."""
        self.traffic.struck.append(fault.kind)
        clients = list(self._clients)
        match fault.kind:
            case FaultKind.CLOSE:
                _each(clients, Client.close)
            case FaultKind.RESET:
                _each(clients, Client.reset)
            case FaultKind.SILENCE:
                _each(clients, Client.mute)
            case FaultKind.RECONNECT:
                _each(clients, lambda client: client.write(RECONNECT))
            case FaultKind.MALFORMED:
                _each(clients, lambda client: client.write(b"\r\n".join(MALFORMED_LINES) + b"\r\n"))
            case FaultKind.LONG_LINE:
                room = next(iter(self._script.rooms))
                _each(clients, lambda client: client.write(long_line(room) + b"\r\n"))
            case _:
                await self._begin(fault)
        self._look_around()

    async def _begin(self, fault: Fault) -> None:
        self._lasting[fault.kind] = asyncio.get_running_loop().time() + fault.for_s
        if fault.kind is FaultKind.SPLIT_UTF8:
            for client in self._clients:
                client.split = True
        if fault.kind is FaultKind.REFUSE_CONNECT:
            await self._stop_listening(keep_connections=True)
            if fault.for_s < float("inf"):
                self._spawn(self._listen_later(fault.for_s))

    async def _strike_later(self, fault: Fault, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await self.strike(fault)

    def _lasts(self, kind: FaultKind) -> bool:
        return self._lasting.get(kind, 0.0) > asyncio.get_running_loop().time()

    # -- connections

    async def _listen(self) -> None:
        tcp = await asyncio.start_server(self._accept_tcp, self._host, self.irc_port, ssl=self._tls)
        websocket = await serve(
            self._accept_websocket,
            self._host,
            self.ws_port,
            ssl=self._tls,
            process_request=self._answer_upgrade,
            compression=None,
            ping_interval=None,
            close_timeout=1,
            logger=quiet,
        )
        self.irc_port = tcp.sockets[0].getsockname()[1]
        self.ws_port = next(iter(websocket.sockets)).getsockname()[1]
        self._listeners = (tcp, websocket)

    async def _listen_later(self, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await self._listen()

    async def _stop_listening(self, *, keep_connections: bool) -> None:
        if self._listeners is None:
            return
        tcp, websocket = self._listeners
        self._listeners = None
        tcp.close()
        websocket.close(close_connections=not keep_connections)
        if not keep_connections:
            await websocket.wait_closed()

    def _answer_upgrade(self, connection: ServerConnection, _: Request) -> Response | None:
        if self._lasts(FaultKind.BAD_GATEWAY):
            return connection.respond(http.HTTPStatus.BAD_GATEWAY, "no chat behind this gateway\n")
        return None

    async def _accept_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._serve(TcpWire(reader, writer))
        writer.close()

    async def _accept_websocket(self, websocket: ServerConnection) -> None:
        await self._serve(WebSocketWire(websocket))

    async def _serve(self, wire: Wire) -> None:
        script = self._script
        session = ServerSession(
            rooms=script.rooms,
            suspended=script.suspended,
            refuses_login=self._lasts(FaultKind.REFUSE_LOGIN),
        )
        client = Client(wire, session, heard=self._look_around)
        client.split = self._lasts(FaultKind.SPLIT_UTF8)
        self._clients[client] = Counter()
        self.traffic.sent.append(self._clients[client])
        talk = asyncio.ensure_future(client.converse())
        self._talks.add(talk)
        try:
            await talk
        finally:
            self._talks.discard(talk)
            del self._clients[client]
            self._look_around()

    def _look_around(self) -> None:
        """Note whether somebody listens in every room that can be joined."""
        heard = {room for client in self._clients if not client.deaf for room in client.session.joined}
        if heard.issuperset(self.channels):
            self._audience.set()
        else:
            self._audience.clear()

    # -- the play

    async def _play(self) -> None:
        await self._audience.wait()
        speed = self._script.speed
        async for lines in self._batches() if speed is None else self._timed_batches(speed):
            await self._say(lines)
        self.finished.set()

    async def _batches(self) -> AsyncIterator[list[TimedLine]]:
        lines = iter(self._script.lines)
        while batch := list(itertools.islice(lines, FULL_SPEED_LINES)):
            yield batch
            for client in list(self._clients):
                await client.flushed()
            await self._audience.wait()

    async def _timed_batches(self, speed: float) -> AsyncIterator[list[TimedLine]]:
        now_s = asyncio.get_running_loop().time
        start_s = now_s()
        due: list[TimedLine] = []
        for line in self._script.lines:
            wait_s = start_s + line.at_s / speed - now_s()
            if wait_s > 0 or len(due) == FULL_SPEED_LINES:
                if due:
                    yield due
                    due = []
                await asyncio.sleep(max(wait_s, TICK_S) if wait_s > 0 else 0)
            due.append(line)
        yield due

    async def _say(self, lines: list[TimedLine]) -> None:
        """Send lines to whoever is there, with the faults that belong between them."""
        while lines:
            count = len(lines)
            fault = self._line_faults[0] if self._line_faults else None
            if fault is not None:
                count = min(count, (fault.after_lines or 0) - self.traffic.said.total())
            self._send(lines[:count])
            lines = lines[count:]
            if fault is not None and self.traffic.said.total() == fault.after_lines:
                self._line_faults.pop(0)
                await self.strike(fault)
                if self._script.speed is None:
                    await self._audience.wait()

    def _send(self, lines: Sequence[TimedLine]) -> None:
        reached = [False] * len(lines)
        for client, sent in self._clients.items():
            if client.deaf:
                continue
            data = bytearray()
            for number, line in enumerate(lines):
                text = client.session.relay(line.channel, line.line)
                if text is not None:
                    data += text.encode() + b"\r\n"
                    sent[line.channel] += 1
                    reached[number] = True
            self._write(client, bytes(data))
        self.traffic.note(lines, reached)

    def _write(self, client: Client, data: bytes) -> None:
        client.write(data)
        if self._script.speed is not None and client.pending_bytes > MAX_PENDING_BYTES:
            client.reset()

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(self._script.ping_every_s)
            _each(list(self._clients), lambda client: client.write(PING))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _each(clients: Iterable[Client], act: Callable[[Client], None]) -> None:
    for client in clients:
        act(client)
