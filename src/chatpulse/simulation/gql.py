"""A server that answers GQL requests about recordings over HTTP, as Twitch does or as badly as its script says.

async with SimulatedGql(GqlScript(vods=[record_evening(1, video_id="1001", seconds=600)])) as gql:
    archive = backend("gql", gql.url)(gql.url, client_id="me", query_hash="any")
"""

import asyncio
import contextlib
import http
from typing import Self

from chatpulse.simulation.core.gql import Ending, GqlAnswer, GqlScript, GqlSession

MAX_BODY_BYTES = 1 << 20


class SimulatedGql:
    """The server; an async context manager that listens while it is open."""

    def __init__(self, script: GqlScript, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._host = host
        self._port = port
        self._at_once = 0
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Future[None]] = set()
        self.session = GqlSession(script=script)
        """What was asked and handed out."""

    @property
    def url(self) -> str:
        """Where requests go."""
        return f"http://{self._host}:{self._port}/gql"

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, self._host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cut everybody off and stop listening."""
        if self._server is not None:
            self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A task of our own: the server's would report that it was cancelled.
        talk = asyncio.ensure_future(self._serve(reader, writer))
        self._talks.add(talk)
        await asyncio.wait([talk])
        self._talks.discard(talk)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after the other."""
        try:
            with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                while await self._answer(reader, writer):
                    pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether another may follow."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        headers = {name: value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        body = await reader.readexactly(min(int(headers.get("content-length", "0")), MAX_BODY_BYTES))
        self._at_once += 1
        try:
            answer = self.session.answer(body, at_once=self._at_once, known_client=bool(headers.get("client-id")))
            await asyncio.sleep(answer.delay_s)
        finally:
            self._at_once -= 1
        if answer.ending is Ending.RESET:
            writer.transport.abort()
            return False
        writer.write(_written(answer))
        await writer.drain()
        return answer.ending is Ending.WHOLE


def _written(answer: GqlAnswer) -> bytes:
    """The bytes of an answer; one that is cut promises more than it holds."""
    promised = len(answer.body) + (answer.ending is Ending.CUT)
    lines = [
        f"HTTP/1.1 {answer.status} {http.HTTPStatus(answer.status).phrase}",
        "Content-Type: application/json",
        f"Content-Length: {promised}",
        *(f"{name}: {value}" for name, value in answer.headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + answer.body
