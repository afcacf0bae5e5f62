"""Open IRC connections over TCP, TLS and WebSocket.

`irc://` and `ircs://` carry lines in a byte stream, `ws://` and `wss://` in text frames of one or more lines. Both are
handed on as bytes in any chunking. Reading is bounded: what nobody takes stays in the socket, and the server notices.
Foreign exceptions end here: each becomes one sentence with the address, what was found and the next step.
"""

import asyncio
import contextlib
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as connect_websocket
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK, InvalidStatus, WebSocketException

from chatpulse.errors import ConnectionLostError, InputError

DEFAULT_PORTS = {"irc": 6667, "ircs": 6697, "ws": 80, "wss": 443}
CONNECT_TIMEOUT_S = 20.0
"""Source: twitch-irc-rs, whose users reach Twitch from everywhere."""
CLOSE_TIMEOUT_S = 2.0
"""A goodbye that takes longer than this would hold up the end of the program."""
READ_BYTES = 1 << 16
MAX_FRAME_BYTES = 1 << 20
"""Far above any frame Twitch sends; a larger one ends the connection instead of filling the memory."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class TcpChatServer:
    """An IRC server on a byte stream: plain (`irc://`) or TLS (`ircs://`)."""

    def __init__(self, url: str, *, ca_file: Path | None = None, connect_timeout_s: float = CONNECT_TIMEOUT_S) -> None:
        self.url = url
        self._host, self._port = _host_and_port(url)
        self._tls = _tls_context(ca_file) if urlsplit(url).scheme == "ircs" else None
        self._timeout_s = connect_timeout_s

    async def connect(self) -> "TcpChatConnection":
        """Open one connection, or say in one sentence why that cannot be."""
        try:
            async with asyncio.timeout(self._timeout_s):
                reader, writer = await asyncio.open_connection(self._host, self._port, ssl=self._tls, limit=READ_BYTES)
        except OSError as exc:
            raise ConnectionLostError(_explain(self.url, exc, connecting_s=self._timeout_s)) from exc
        return TcpChatConnection(self.url, reader, writer)


class TcpChatConnection:
    """One open byte stream."""

    def __init__(self, url: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._url = url
        self._reader = reader
        self._writer = writer

    async def receive(self) -> bytes:
        """Wait for bytes; empty when the other side closed."""
        try:
            return await self._reader.read(READ_BYTES)
        except OSError as exc:
            raise ConnectionLostError(_explain(self._url, exc)) from exc

    async def send(self, data: bytes, /) -> None:
        """Write bytes, waiting while the other side is slow to take them."""
        try:
            self._writer.write(data)
            await self._writer.drain()
        except OSError as exc:
            raise ConnectionLostError(_explain(self._url, exc)) from exc

    async def close(self) -> None:
        """Let go; a side that does not answer is cut off."""
        self._writer.close()
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self._writer.wait_closed()
        except OSError:
            self._writer.transport.abort()


class WebSocketChatServer:
    """An IRC server behind a WebSocket: plain (`ws://`) or TLS (`wss://`)."""

    def __init__(self, url: str, *, ca_file: Path | None = None, connect_timeout_s: float = CONNECT_TIMEOUT_S) -> None:
        self.url = url
        self._host, _ = _host_and_port(url)
        self._tls = _tls_context(ca_file) if urlsplit(url).scheme == "wss" else None
        self._timeout_s = connect_timeout_s

    async def connect(self) -> "WebSocketChatConnection":
        """Open one connection, or say in one sentence why that cannot be."""
        try:
            # IRC has pings of its own. Compression costs more CPU than chat costs network.
            socket_ = await connect_websocket(
                self.url,
                ssl=self._tls,
                proxy=None if self._host in LOOPBACK else True,
                open_timeout=self._timeout_s,
                close_timeout=CLOSE_TIMEOUT_S,
                ping_interval=None,
                compression=None,
                max_size=MAX_FRAME_BYTES,
            )
        except (OSError, WebSocketException) as exc:
            raise ConnectionLostError(_explain(self.url, exc, connecting_s=self._timeout_s)) from exc
        except ImportError as exc:
            found = "a SOCKS proxy is set in the environment, and the library for it is missing"
            raise InputError(f"{self.url}: {found}; unset ALL_PROXY or pip install python-socks") from exc
        return WebSocketChatConnection(self.url, socket_)


class WebSocketChatConnection:
    """One open WebSocket."""

    def __init__(self, url: str, socket_: ClientConnection) -> None:
        self._url = url
        self._socket = socket_

    async def receive(self) -> bytes:
        """Wait for one frame; empty when the other side closed."""
        try:
            data = await self._socket.recv(decode=False)
        except ConnectionClosedOK:
            return b""
        except ConnectionClosed as exc:
            raise ConnectionLostError(_explain(self._url, exc)) from exc
        # A frame ends its last line even where the sender forgot to; an empty frame must not look like the end.
        return data if data.endswith(b"\n") else data + b"\r\n"

    async def send(self, data: bytes, /) -> None:
        """Write one text frame, waiting while the other side is slow to take it."""
        try:
            await self._socket.send(data, text=True)
        except ConnectionClosed as exc:
            raise ConnectionLostError(_explain(self._url, exc)) from exc

    async def close(self) -> None:
        """Say goodbye and let go; a side that does not answer is cut off."""
        with contextlib.suppress(OSError, WebSocketException):
            await self._socket.close()


def _host_and_port(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        (host or "").encode("idna")  # what the resolver will do, and fail at
    except ValueError as exc:
        raise InputError(f"server {url!r}: {exc}; write HOST:PORT, irc://, ircs://, ws:// or wss://") from None
    if not host or not url.isprintable():
        raise InputError(f"server {url!r} names no host; write HOST:PORT, irc://, ircs://, ws:// or wss://")
    return host, port if port is not None else DEFAULT_PORTS[parts.scheme]


def _tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """The system's authorities, and those in `ca_file` as well."""
    context = ssl.create_default_context()
    try:
        if ca_file is not None:
            context.load_verify_locations(ca_file)
    except FileNotFoundError:
        raise InputError(f"CA file {str(ca_file)!r} does not exist; give the PEM file of the authority") from None
    except OSError as exc:
        raise InputError(f"CA file {str(ca_file)!r} cannot be used ({exc}); it must hold PEM certificates") from None
    return context


def _explain(url: str, exc: Exception, *, connecting_s: float | None = None) -> str:
    """One sentence about a failed connection; `connecting_s` is None once it had been made."""
    if isinstance(exc, ssl.SSLError):
        return f"{url}: {_explain_tls(exc)}"
    if connecting_s is None:
        return f"{url}: the connection broke"
    match exc:
        case socket.gaierror():
            found = "the host name does not resolve; check its spelling and the network"
        case ConnectionRefusedError():
            found = "nothing listens there (connection refused); check host and port"
        case ConnectionError():
            found = "the connection was cut at once; check that scheme and port fit together"
        case TimeoutError():
            found = f"no answer within {connecting_s:g} s; check host, port, scheme and firewall"
        case InvalidStatus():
            found = f"it answered HTTP {exc.response.status_code} instead of a WebSocket; check the address"
        case _:
            found = f"{exc}; check host and port"
    return f"{url}: {found}"


def _explain_tls(exc: ssl.SSLError) -> str:
    if isinstance(exc, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({exc.verify_message}); give the authority's file with --ca FILE"
    return f"TLS failed ({exc.reason or exc}); check that this port speaks TLS"
