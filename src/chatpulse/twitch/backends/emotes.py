"""Ask 7TV, BetterTTV and FrankerFaceZ for emotes over HTTP, and hear 7TV's changes over a WebSocket.

One request is tried up to three times, with waits that grow and have full jitter; a service that says how long to wait
(`Retry-After`) is believed up to `LONGEST_WAIT_S`. "Not found" is an answer: the service does not know that room, and
then the room has no emotes there. Everything else that is no proper answer becomes one `ConnectionLostError`.

The WebSocket is kept for ever. The server says how often it gives a sign of life; three of them missing, and the
connection counts as lost. Whatever happened meanwhile is unknown, so a new connection begins with `None`: look again.
"""

import asyncio
import contextlib
import functools
import random
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import quote, urlsplit

import httpx
import structlog
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as connect_websocket
from websockets.exceptions import WebSocketException

from chatpulse.errors import ConnectionLostError, InputError
from chatpulse.runtime.retry import Backoff
from chatpulse.twitch.core.emote_sets import (
    OWNER_CHANGED,
    SET_CHANGED,
    EmoteSet,
    Frame,
    Op,
    OwnerUpdate,
    Provider,
    SetUpdate,
    read_bttv_global,
    read_bttv_user,
    read_ffz_global,
    read_ffz_room,
    read_frame,
    read_seventv_set,
    read_seventv_user,
    subscription,
)

ATTEMPTS = 3
TIMEOUT_S = 10.0
"""For one attempt: these services answer within a second, or hardly ever."""
LONGEST_WAIT_S = 30.0
"""A service that wants us to stay away for longer is left alone until the next round."""
MAX_ANSWER_BYTES = 16 << 20
"""A set of 1,000 emotes of 7TV is about 2 MB."""
MAX_FRAME_BYTES = 4 << 20
MISSED_BEATS = 3
FIRST_BEAT_S = 45.0
"""How long a server may be silent before it has said how often it speaks; 7TV beats every 25 to 45 s."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
NOT_FOUND, TOO_MANY, SERVER_ERROR = 404, 429, 500

log = structlog.get_logger()
Read = Callable[[bytes], EmoteSet | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How a service is asked again."""

    timeout_s: float = TIMEOUT_S
    base_s: float = 1.0
    """Ceiling of the first wait; it doubles with each attempt."""
    cap_s: float = 60.0
    rng: random.Random = field(default_factory=random.SystemRandom)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def backoff(self) -> Backoff:
        """Waits that begin anew."""
        return Backoff(rng=self.rng, base_s=self.base_s, cap_s=self.cap_s)


class HttpEmotes:
    """What the three services share; a subclass knows its addresses and shapes."""

    provider: ClassVar[Provider]
    global_path: ClassVar[str]
    read_global: ClassVar[Read]
    room_path: ClassVar[str]
    read_room: ClassVar[Read]

    def __init__(self, url: str, *, patience: Patience | None = None) -> None:
        """Prepare; nothing is sent yet.

        Args:
            url: where the service's API begins.
            patience: how it is asked again.
        """
        self.url = url.rstrip("/")
        self._patience = patience or Patience()
        host = _host(url, "https://")
        # No proxy stands between this machine and itself.
        self._http = httpx.AsyncClient(
            timeout=self._patience.timeout_s,
            follow_redirects=True,
            trust_env=host not in LOOPBACK,
            verify=_tls_context(),
            headers={"User-Agent": "chatpulse", "Accept": "application/json"},
        )

    async def fetch(self, room_id: str, /) -> EmoteSet:
        """The emotes of a room now, or of every room for an empty id."""
        cls = type(self)
        if not room_id:
            return await self._ask(self.global_path, cls.read_global) or EmoteSet()
        return await self._ask(self.room_path.format(quote(room_id, safe="")), cls.read_room) or EmoteSet()

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.aclose()

    async def _ask(self, path: str, read: Read) -> EmoteSet | None:
        """An answer, None for "not found", or an error after the last attempt."""
        url, waits = f"{self.url}/{path}", self._patience.backoff()
        for attempt in range(1, ATTEMPTS + 1):
            wait_s = waits.wait_s()
            try:
                status, body, asked_s = await self._get(url)
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as exc:
                found = f"no answer ({exc or type(exc).__name__})"
            else:
                if status == NOT_FOUND:
                    return None
                answer = read(body) if status == httpx.codes.OK else None
                if answer is not None:
                    return answer
                found = "an answer that nobody understands" if status == httpx.codes.OK else f"HTTP {status}"
                wait_s = max(wait_s, asked_s)
                if httpx.codes.BAD_REQUEST <= status < SERVER_ERROR and status != TOO_MANY:
                    break
            if attempt == ATTEMPTS or wait_s > LONGEST_WAIT_S:
                break
            await self._patience.sleep(wait_s)
        raise ConnectionLostError(f"{url}: {found} after {attempt} attempts; the last known emotes stay in use")

    async def _get(self, url: str) -> tuple[int, bytes, float]:
        """Status, body, and how long the service wants to be left alone."""
        body = bytearray()
        # httpx limits the wait for each piece; who sends a byte now and then would hold us for ever.
        async with asyncio.timeout(2 * self._patience.timeout_s), self._http.stream("GET", url) as answer:
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > MAX_ANSWER_BYTES:
                    raise httpx.DecodingError(f"more than {MAX_ANSWER_BYTES >> 20} MiB")
            asked = answer.headers.get("retry-after", "")
            return answer.status_code, bytes(body), float(asked) if asked.isdecimal() else 0.0


class SevenTvEmotes(HttpEmotes):
    """7TV, version 3 of its API."""

    provider = Provider.SEVENTV
    global_path, read_global = "emote-sets/global", read_seventv_set
    room_path, read_room = "users/twitch/{}", read_seventv_user

    async def fetch(self, room_id: str, /) -> EmoteSet:
        """The emotes now; a set that is only named is asked for as well."""
        found = await super().fetch(room_id)
        if not room_id or found.emotes or not found.set_id:
            return found
        named = await self._ask(f"emote-sets/{quote(found.set_id, safe='')}", read_seventv_set)
        emotes = named.emotes if named else ()
        return EmoteSet(emotes=emotes, set_id=found.set_id, owner_id=found.owner_id)


class BttvEmotes(HttpEmotes):
    """BetterTTV."""

    provider = Provider.BTTV
    global_path, read_global = "cached/emotes/global", read_bttv_global
    room_path, read_room = "cached/users/twitch/{}", read_bttv_user


class FfzEmotes(HttpEmotes):
    """FrankerFaceZ."""

    provider = Provider.FFZ
    global_path, read_global = "set/global", read_ffz_global
    room_path, read_room = "room/id/{}", read_ffz_room


class SevenTvChanges:
    """7TV's EventAPI."""

    def __init__(self, url: str, *, patience: Patience | None = None, first_beat_s: float = FIRST_BEAT_S) -> None:
        self.url = url
        self._host = _host(url, "wss://")
        self._patience = patience or Patience()
        self._beat_s = first_beat_s
        self._wanted: frozenset[tuple[str, str]] = frozenset()
        self._asked: set[tuple[str, str]] = set()
        self._rewanted = asyncio.Event()

    def follow(self, sets: Collection[str], owners: Collection[str]) -> None:
        """Hear about these sets and owners from now on, and about no others."""
        wanted = frozenset([(SET_CHANGED, one) for one in sets] + [(OWNER_CHANGED, one) for one in owners])
        if wanted != self._wanted:
            self._wanted = wanted
            self._rewanted.set()

    async def updates(self) -> AsyncGenerator[SetUpdate | OwnerUpdate | None]:
        """What changes, for ever; None behind each new connection."""
        waits, now_s = self._patience.backoff(), asyncio.get_running_loop().time
        is_first = True
        while True:
            await self._until_wanted()
            opened_s = now_s()
            try:
                async with self._connect() as socket:
                    if not is_first:
                        yield None
                    is_first = False
                    async with contextlib.aclosing(self._listen(socket)) as frames:
                        async for update in frames:
                            yield update
            except (OSError, WebSocketException, ConnectionLostError, TimeoutError) as exc:
                log.info("emotes.changes_lost", url=self.url, reason=str(exc) or type(exc).__name__)
            await self._patience.sleep(waits.wait_s(lasted_s=now_s() - opened_s))

    async def _until_wanted(self) -> None:
        """No connection is made while there is nothing to follow."""
        while not self._wanted:
            self._rewanted.clear()
            await self._rewanted.wait()

    def _connect(self) -> connect_websocket:
        return connect_websocket(
            self.url,
            proxy=None if self._host in LOOPBACK else True,
            open_timeout=self._patience.timeout_s,
            close_timeout=2,
            ping_interval=None,  # it has beats of its own
            max_size=MAX_FRAME_BYTES,
        )

    async def _listen(self, socket: ClientConnection) -> AsyncGenerator[SetUpdate | OwnerUpdate]:
        """Subscribe and hand over updates until the server wants us to go, or says nothing for too long."""
        self._asked.clear()
        beat_s = self._beat_s
        speaking = asyncio.create_task(self._speak(socket))
        try:
            while True:
                async with asyncio.timeout(MISSED_BEATS * beat_s):
                    frame = read_frame(await socket.recv())
                if frame is None:
                    continue
                if frame.op == Op.HELLO and frame.heartbeat_s > 0:
                    beat_s = frame.heartbeat_s
                if frame.update is not None:
                    yield frame.update
                self._check(frame)
                if speaking.done():
                    speaking.result()
        finally:
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)

    def _check(self, frame: Frame) -> None:
        match frame.op:
            case Op.RECONNECT | Op.END:
                raise ConnectionLostError(f"{self.url}: the server ends the connection ({frame.said or 'no reason'})")
            case Op.ERROR:
                log.warning("emotes.changes_refused", url=self.url, reason=frame.said)

    async def _speak(self, socket: ClientConnection) -> None:
        """Keep what the server knows about our wishes up to date."""
        while True:
            self._rewanted.clear()
            wanted = set(self._wanted)
            for kind, one in sorted(self._asked - wanted):
                await socket.send(subscription(Op.UNSUBSCRIBE, kind, one), text=True)
            for kind, one in sorted(wanted - self._asked):
                await socket.send(subscription(Op.SUBSCRIBE, kind, one), text=True)
            self._asked = wanted
            await self._rewanted.wait()


@functools.cache
def _tls_context() -> ssl.SSLContext:
    """The system's authorities; reading them takes 20 ms, and one context serves all."""
    return httpx.create_ssl_context()


def _host(url: str, example: str) -> str:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if not host:
        raise InputError(f"{url!r} names no server: give {example}HOST/PATH")
    return host
