"""Start and stop the web server inside a loop that does other things as well.

The socket is bound here, before the server starts, so that a taken port is one clear sentence and port 0 is known.
Signals stay with the caller.
"""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator
from typing import Final

import uvicorn
from prometheus_client import CollectorRegistry

from chatpulse.errors import ChatPulseError, InputError
from chatpulse.pipelines.view import LiveState
from chatpulse.web.app import create_app
from chatpulse.web.guard import check_binding, served_hosts

STOP_S: Final = 2
"""How long open connections may take to finish; half of what a whole run may take to end."""
MAX_MESSAGE_BYTES: Final = 1024
"""A viewer says no more than a channel's name."""
STUCK_MS: Final = 20_000
"""After so long without taking a byte, the system drops a connection that we are done with."""


class WebServer:
    """A running server."""

    def __init__(self, server: uvicorn.Server, listener: socket.socket, host: str) -> None:
        self._server = server
        self._task = asyncio.create_task(server.serve([listener]))
        self.port: int = listener.getsockname()[1]
        name = "127.0.0.1" if host in {"", "0.0.0.0"} else "::1" if host == "::" else host  # noqa: S104 - compared
        self.url = f"http://[{name}]:{self.port}/" if ":" in name else f"http://{name}:{self.port}/"
        """Where a browser on this machine finds the page."""

    async def stop(self) -> None:
        """Close every connection and let go of the port, within 5 s."""
        self._server.should_exit = True
        await self._task

    async def started(self) -> None:
        """Return once connections are accepted."""
        while not self._server.started:
            if self._task.done():
                await self._task
                raise ChatPulseError("the web server ended before it began")
            await asyncio.sleep(0.005)


async def start(
    state: LiveState,
    *,
    host: str = "127.0.0.1",
    port: int = 8470,
    token: str | None = None,
    registry: CollectorRegistry | None = None,
) -> WebServer:
    """Serve a state to browsers and programs until `stop`.

    Args:
        state: what the page shows.
        host: address to listen on; anything but loopback needs a token.
        port: port to listen on; 0 takes a free one.
        token: the secret that viewers need; None or empty for none.
        registry: where further metrics are.

    Returns:
        The server, which accepts connections from now on.
    """
    check_binding(host, token)
    listener = _bind(host, port)
    hosts = served_hosts(host, listener.getsockname()[1])
    app = create_app(state, allowed_hosts=hosts, token=token, registry=registry)
    config = uvicorn.Config(
        app,
        lifespan="off",
        # Addresses may hold a token, so none is logged; failed requests are logged by the guard, without it.
        access_log=False,
        log_config=None,
        log_level="critical",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_S,
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE_BYTES,
        # Frames are small and the viewer is near: compressing would cost more than sending.
        ws_per_message_deflate=False,
    )
    server = WebServer(_Server(config), listener, host)
    await server.started()
    return server


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the caller."""
        yield


def _bind(host: str, port: int) -> socket.socket:
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError):
        raise InputError(f"host {host!r} is no address of this machine: use 127.0.0.1, or 0.0.0.0 for all") from None
    listener = socket.socket(family, kind, proto)
    # A port whose last connections are still winding down is free for us.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STUCK_MS)
    try:
        listener.bind(address)
        listener.listen()
    except OSError as exc:
        listener.close()
        raise InputError(_explain(exc, host, port)) from None
    listener.setblocking(False)  # noqa: FBT003 - the standard library takes no keyword here
    return listener


def _explain(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"port {port} on {host} is in use: stop the program that has it, or choose another with --port"
        case errno.EACCES:
            return f"port {port} needs more rights than this user has: choose one above 1023 with --port"
        case errno.EADDRNOTAVAIL:
            return f"host {host!r} is no address of this machine: use 127.0.0.1, or 0.0.0.0 for all"
        case _:
            return f"cannot listen on {host}:{port}: {error.strerror}"
