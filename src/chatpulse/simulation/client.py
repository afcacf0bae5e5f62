"""One client of the simulated server: its connection, and the bytes that wait for it."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Protocol

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from chatpulse.simulation.core.faults import cut_frames, split_characters
from chatpulse.simulation.core.irc_server import ServerSession

FRAME_BYTES = 1 << 14
"""Several lines share a WebSocket frame up to about this size."""
READ_BYTES = 1 << 16
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER with no time to linger: closing sends RST instead of FIN."""


class Wire(Protocol):
    """A connection that has been accepted."""

    async def receive(self) -> bytes:
        """Wait for bytes; empty when the connection is over, however it ended."""

    async def send(self, data: bytes, /, *, split: bool) -> None:
        """Write lines, in the middle of characters when `split`; a connection that is over takes them silently."""

    async def close(self) -> None:
        """Close properly."""

    def reset(self) -> None:
        """Cut the connection."""


class TcpWire:
    """A byte stream, plain or TLS."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def receive(self) -> bytes:
        """Wait for bytes; empty when the connection is over."""
        try:
            return await self._reader.read(READ_BYTES)
        except OSError:
            return b""

    async def send(self, data: bytes, /, *, split: bool) -> None:
        """Write lines; split ones piece by piece, so that each piece is a segment of its own."""
        with contextlib.suppress(OSError):
            for piece in split_characters(data) if split else (data,):
                self._writer.write(piece)
                await self._writer.drain()
                if split:
                    await asyncio.sleep(0)

    async def close(self) -> None:
        """Close properly."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    def reset(self) -> None:
        """Cut the connection."""
        _reset(self._writer.transport)


class WebSocketWire:
    """A WebSocket."""

    def __init__(self, websocket: ServerConnection) -> None:
        self._websocket = websocket

    async def receive(self) -> bytes:
        """Wait for a frame; empty when the connection is over."""
        try:
            # A frame ends a line, whether its sender says so or not.
            return await self._websocket.recv(decode=False) + b"\r\n"
        except ConnectionClosed:
            return b""

    async def send(self, data: bytes, /, *, split: bool) -> None:
        """Write text frames of whole lines; split ones as fragments."""
        with contextlib.suppress(ConnectionClosed):
            for frame in cut_frames(data, size_bytes=FRAME_BYTES):
                await self._websocket.send(split_characters(frame) if split else frame, text=True)

    async def close(self) -> None:
        """Close properly."""
        await self._websocket.close()

    def reset(self) -> None:
        """Cut the connection."""
        _reset(self._websocket.transport)


class Client:
    """A session with its wire; writing never blocks the one who writes."""

    def __init__(self, wire: Wire, session: ServerSession, *, heard: Callable[[], None]) -> None:
        """Take over a connection.

        Args:
            wire: the connection.
            session: what is said on it.
            heard: called whenever the client has said something.
        """
        self.session = session
        self._heard = heard
        self.muted = False
        """Half open: nothing is answered or sent any more."""
        self.split = False
        """Writes end in the middle of characters."""
        self._wire = wire
        self._pending = bytearray()
        self._closing = False
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def deaf(self) -> bool:
        """True when what is said does not reach the client any more."""
        return self.muted or self._closing

    @property
    def pending_bytes(self) -> int:
        """How much waits to be written."""
        return len(self._pending)

    async def converse(self) -> None:
        """Read and answer until the connection is over."""
        writing = asyncio.create_task(self._write())
        try:
            while data := await self._wire.receive():
                if self.muted:
                    continue
                self.session.receive(data)
                self.write(bytes(self.session.outgoing))
                self.session.outgoing.clear()
                self._heard()
                if self.session.wants_close:
                    self.close()
        finally:
            self._idle.set()
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    def write(self, data: bytes) -> None:
        """Put whole lines at the end of what waits."""
        if data and not self.deaf:
            self._pending += data
            self._idle.clear()
            self._wake.set()

    def close(self) -> None:
        """Close properly once everything that waits is written."""
        self._closing = True
        self._wake.set()

    def reset(self) -> None:
        """Cut the connection now."""
        self._closing = True
        self._wire.reset()

    def mute(self) -> None:
        """Fall silent without closing."""
        self.muted = True
        self._pending.clear()
        self._idle.set()

    async def flushed(self) -> None:
        """Wait until the client's socket has taken everything, or is gone."""
        await self._idle.wait()

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            data = bytes(self._pending)
            self._pending.clear()
            await self._wire.send(data, split=self.split)
            if self._pending:
                continue
            self._idle.set()
            if self._closing:
                await self._wire.close()


def _reset(transport: asyncio.BaseTransport) -> None:
    sock = transport.get_extra_info("socket")
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()
