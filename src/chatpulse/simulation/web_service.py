"""A small web service on loopback that misbehaves by script: real HTTP and WebSockets, invented answers.

A subclass says what is at a path. A `Mishap` strikes the next so many requests whose path begins as it says, before
any others do; what was asked is kept in `asked`, so that a test can compare.
"""

import asyncio
import http
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

# A client that breaks off is a fault under test here, and nothing to print.
quiet = logging.getLogger("chatpulse.simulation.web_service")
quiet.disabled = True


class MishapKind(StrEnum):
    """One way in which a service misbehaves."""

    SERVER_ERROR = "server_error"
    """HTTP 500."""
    BAD_GATEWAY = "bad_gateway"
    """HTTP 502 with a page for people."""
    TOO_MANY = "too_many"
    """HTTP 429; `seconds` says how long to stay away."""
    SILENCE = "silence"
    """The request is taken and not answered for `seconds`."""
    CUT = "cut"
    """The connection ends without an answer."""
    NO_JSON = "no_json"
    """HTTP 200 with half an answer."""
    OTHER_SHAPE = "other_shape"
    """HTTP 200 with JSON of another kind."""


@dataclass(slots=True, kw_only=True)
class Mishap:
    """Something that happens to the next requests."""

    kind: MishapKind
    path: str = "/"
    """How their path begins."""
    times: int = 1
    """How many of them."""
    seconds: float = 0.0


class WebService:
    """The server; an async context manager that listens while it is open."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._host = host
        self._server: Server | None = None
        self.port = port
        """0 takes a free one."""
        self.mishaps: list[Mishap] = []
        self.asked: list[str] = []
        """Path and query of every request, in order."""

    @property
    def url(self) -> str:
        """Where HTTP begins."""
        return f"http://{self._host}:{self.port}"

    @property
    def ws_url(self) -> str:
        """Where WebSockets begin."""
        return f"ws://{self._host}:{self.port}"

    def answer(self, path: str, query: Mapping[str, str]) -> tuple[int, Any] | None:
        """HTTP status and JSON for a path; None where a WebSocket is spoken."""
        raise NotImplementedError

    async def talk(self, socket: ServerConnection) -> None:
        """Speak with a WebSocket until it ends."""

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await serve(
            self.talk,
            self._host,
            self.port,
            process_request=self._respond,
            compression=None,
            ping_interval=None,
            close_timeout=1,
            logger=quiet,
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening and cut everybody off."""
        if self._server is not None:
            for socket in list(self._server.connections):
                socket.transport.abort()
            self._server.close()
            await self._server.wait_closed()

    async def _respond(self, socket: ServerConnection, request: Request) -> Response | None:
        self.asked.append(request.path)
        parts = urlsplit(request.path)
        mishap = next((one for one in self.mishaps if one.times and parts.path.startswith(one.path)), None)
        if mishap is not None:
            mishap.times -= 1
            return await self._fail(mishap, socket)
        found = self.answer(parts.path, dict(parse_qsl(parts.query)))
        return None if found is None else _response(found[0], json.dumps(found[1]))

    async def _fail(self, mishap: Mishap, socket: ServerConnection) -> Response:
        match mishap.kind:
            case MishapKind.SERVER_ERROR:
                return _response(500, '{"error": "something broke"}')
            case MishapKind.BAD_GATEWAY:
                return _response(502, "<html>no service behind this gateway</html>")
            case MishapKind.TOO_MANY:
                return _response(429, '{"error": "slow down"}', retry_after_s=mishap.seconds)
            case MishapKind.NO_JSON:
                return _response(200, '{"emotes": [{"id": "1", "na')
            case MishapKind.OTHER_SHAPE:
                return _response(200, '{"message": "moved to another version"}')
            case MishapKind.SILENCE:
                await asyncio.sleep(mishap.seconds)
        socket.transport.abort()
        return _response(500, "")


def _response(status: int, body: str, *, retry_after_s: float = 0.0) -> Response:
    data = body.encode()
    headers = Headers({
        "Content-Type": "application/json",
        "Content-Length": str(len(data)),
        "Connection": "close",
    })
    if retry_after_s:
        headers["Retry-After"] = f"{retry_after_s:.0f}"
    return Response(status, http.HTTPStatus(status).phrase, headers, data)
