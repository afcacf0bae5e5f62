"""Keep one connection and its session talking, from login to the end.

The session decides, the link moves bytes: what arrives goes in, what the session wants to say goes out, and once per
`tick_s` at the latest the session hears what time it is. Events are handed over before the next bytes are read, so
whoever is slow to take them slows the socket; time that passes meanwhile is not held against the server, because what
it has sent is read before the session looks at the clock again.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from chatpulse.domain.chat import ProtocolLine, Recorded
from chatpulse.errors import ConnectionLostError, LoginRefusedError
from chatpulse.twitch.core.session import PING_AFTER_S, PONG_WITHIN_S, Close, IrcSession
from chatpulse.twitch.ports import ChatConnection, ChatServer

FENCE = "chatpulse-fence"
"""Payload of the PING behind whose answer nothing older can arrive."""
Batch = list[Recorded | ProtocolLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Where a listener gets time and chance from, and how patient it is."""

    now_s: Callable[[], float] = time.monotonic
    wall_us: Callable[[], int] = lambda: time.time_ns() // 1_000
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    rng: random.Random = field(default_factory=random.SystemRandom)
    tick_s: float = 0.5
    """How late a session may notice a time-out."""
    ping_after_s: float = PING_AFTER_S
    pong_within_s: float = PONG_WITHIN_S
    login_within_s: float = 20.0
    """From the open connection to the welcome."""
    handover_within_s: float = 20.0
    """After RECONNECT, until the new connection has joined a handful of channels or was refused there."""
    fence_within_s: float = 5.0
    """For a replaced connection to deliver what is still under way."""


class Link:
    """One connection; `run` lives as long as it does."""

    def __init__(
        self,
        server: ChatServer,
        session: IrcSession,
        *,
        world: World,
        deliver: Callable[[Batch], Awaitable[None]],
        progress: Callable[["Link"], None],
    ) -> None:
        """Prepare a connection.

        Args:
            server: where to connect.
            session: what to say there.
            world: time, chance and patience.
            deliver: takes what was heard, and as long as it likes.
            progress: called when the login or a channel has changed, before what was heard is delivered.
        """
        self.session = session
        self.welcomed_s: float | None = None
        """When the server let us in."""
        self._server = server
        self._world = world
        self._deliver = deliver
        self._progress = progress
        self._connection: ChatConnection | None = None
        self._known: tuple[bool, frozenset[str], Mapping[str, str]] = (False, frozenset(), {})
        self._retiring = False
        self.fenced = False
        """Whether all that was said to us before `retire` has arrived."""
        self.settled = asyncio.Event()
        """Set once every channel is joined or refused."""
        self.moving = asyncio.Event()
        """Set once the server asks us to move to another connection."""

    async def run(self) -> None:
        """Connect, log in, join and listen until the fence is reached; an error says why it ended before."""
        connection = await self._server.connect()
        try:
            await self._converse(connection)
        finally:
            await connection.close()

    async def retire(self) -> None:
        """Ask for one more answer and end `run` behind it: all that was sent before has then arrived."""
        self._retiring = True
        if self._connection is not None:
            await self._send(self._connection, f"PING :{FENCE}\r\n".encode())

    async def _converse(self, connection: ChatConnection) -> None:
        self._connection = connection
        opened_s = self._world.now_s()
        await self._speak(connection)
        while not self.fenced:
            data = await self._hear(connection)
            if data is None:
                self.session.due(self._world.now_s())
            elif data:
                await self._take(data)
            else:
                self._explain_close()
            await self._speak(connection)
            self._check(opened_s)

    async def _hear(self, connection: ChatConnection) -> bytes | None:
        """The next bytes, none at the end; None when a tick passed without any."""
        try:
            async with asyncio.timeout(self._world.tick_s):
                return await connection.receive()
        except TimeoutError:
            return None

    async def _take(self, data: bytes) -> None:
        session = self.session
        lines = session.receive(data, now=self._world.now_s(), received_us=self._world.wall_us())
        if self.welcomed_s is None and session.registered:
            self.welcomed_s = self._world.now_s()
        known = (session.registered, session.joined, session.refused)
        if known != self._known:
            self._known = known
            self._progress(self)
        if self._retiring:
            self.fenced = any(isinstance(x, ProtocolLine) and x.command == "PONG" and FENCE in x.params for x in lines)
        if lines:
            await self._deliver(lines)

    async def _speak(self, connection: ChatConnection) -> None:
        if self.session.outgoing:
            data = bytes(self.session.outgoing)
            self.session.outgoing.clear()
            await self._send(connection, data)

    async def _send(self, connection: ChatConnection, data: bytes) -> None:
        # Without a limit, a server that sends and never reads would hold the reader up for ever.
        patience_s = self._world.pong_within_s
        try:
            async with asyncio.timeout(patience_s):
                await connection.send(data)
        except TimeoutError:
            raise ConnectionLostError(f"{self._server.url}: it took nothing from us for {patience_s:g} s") from None

    def _explain_close(self) -> NoReturn:
        found = "the server closed the connection"
        if self.welcomed_s is None:
            found += " before it let us in; check that a chat server listens there"
        raise ConnectionLostError(f"{self._server.url}: {found}")

    def _check(self, opened_s: float) -> None:
        session, url, patience_s = self.session, self._server.url, self._world.login_within_s
        match session.wants_close:
            case Close.RECONNECT:
                self.moving.set()
            case Close.LOGIN:
                raise LoginRefusedError(f"{url} refuses the login of {session.nick}: {session.reason}; try again later")
            case Close.SILENT:
                raise ConnectionLostError(f"{url}: {session.reason}")
        if self.welcomed_s is None and self._world.now_s() - opened_s > patience_s:
            raise ConnectionLostError(f"{url}: no answer to the login within {patience_s:g} s; check host and port")
        if len(session.joined) + len(session.refused) == len(session.channels):
            self.settled.set()
