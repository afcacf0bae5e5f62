"""Listen to Twitch chat for as long as it takes: channels in, batches of events out, whatever happens to connections.

One connection is kept alive. When it ends, the next is opened after a wait with full jitter, for ever; every
connection joins all wanted channels. On RECONNECT the next connection is opened and joined while the old one still
delivers; then the old one is asked for one more PONG, behind which nothing older can arrive, and closed. Lines that
came over both are removed downstream by their ids. What no connection heard is reported as gaps, and so is what the old
one may have kept to itself when that PONG does not come.

The very first attempt is different: when nobody answers or the login is refused, `start` raises, because a person who
has just typed a wrong address wants to know.
"""

import asyncio
import contextlib
import re
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import structlog

from chatpulse.domain.chat import Gap
from chatpulse.errors import ChatPulseError, InputError
from chatpulse.runtime.retry import STABLE_S, Backoff
from chatpulse.twitch.core.gaps import GapBook
from chatpulse.twitch.core.session import JOIN_WINDOW_S, JOINS_PER_WINDOW, IrcSession
from chatpulse.twitch.link import Batch, Link, World
from chatpulse.twitch.ports import ChatServer

TWITCH_URL = "wss://irc-ws.chat.twitch.tv:443"
QUEUE_BATCHES = 64
"""Reads that may wait for a slow consumer before the socket does; at most 64 KiB each, or one WebSocket frame."""
KEPT_GAPS = 1_000
SENT_AWAY = "the server took us out of the channel"
LOGIN = re.compile(r"[a-z0-9_]{1,25}")
"""Source: names of Twitch accounts; very old ones are shorter than the 4 characters that new ones need."""

log = structlog.get_logger()


class Standing(StrEnum):
    """How it stands with a channel."""

    WANTED = "wanted"
    JOINED = "joined"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """How it stands with a channel, and why when it is refused."""

    standing: Standing
    reason: str = ""


def parse_server(text: str) -> str:
    """Turn what a person writes into a URL: `HOST:PORT` is a plain TCP server."""
    return text if "://" in text else f"irc://{text}"


def parse_channels(names: Iterable[str]) -> tuple[str, ...]:
    """Turn what a person writes into logins, each once: any case, with or without `#`.

    Args:
        names: at least one.

    Returns:
        Logins in the order given.

    Raises:
        InputError: none is given, or one cannot be the login of a channel.
    """
    logins: dict[str, None] = {}
    for name in names:
        login = name.strip().removeprefix("#").lower()
        if not LOGIN.fullmatch(login):
            raise InputError(f"channel {name!r} cannot be a Twitch login: write 1 to 25 letters, digits or underscores")
        logins[login] = None
    if not logins:
        raise InputError("no channel given; name at least one, as in: chatpulse live somechannel")
    return tuple(logins)


class Listener:
    """A chat source that stays connected."""

    live = True

    def __init__(self, server: ChatServer, channels: Iterable[str], *, world: World | None = None) -> None:
        """Prepare, without connecting.

        Args:
            server: where to listen; the registry finds the class for a URL.
            channels: at least one, with or without `#`.
            world: stands in for the real time and chance.
        """
        self.channels = parse_channels(channels)
        self.attempts = 0
        """Connections tried so far."""
        self.last_error: ChatPulseError | None = None
        """Why the last connection ended."""
        self.gaps: deque[Gap] = deque(maxlen=KEPT_GAPS)
        """What was not heard, oldest first."""
        self._server = server
        self._world = world or World()
        self._links: dict[Link, asyncio.Task[None]] = {}
        self._states = dict.fromkeys(self.channels, ChannelState(standing=Standing.WANTED))
        self._book = GapBook()
        self._ready: deque[Batch] = deque()
        self._filled, self._room, self._welcomed = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def connected(self) -> bool:
        """True while a server lets us listen, and to one channel at least as far as we know."""
        return self._is_welcome and not self._is_refused_everywhere

    @property
    def live_connections(self) -> int:
        """Open or opening connections: one, and two while one replaces the other."""
        return len(self._links)

    @property
    def states(self) -> Mapping[str, ChannelState]:
        """How it stands with each channel."""
        return dict(self._states)

    @property
    def trouble(self) -> str:
        """Why nothing can be heard at the moment; empty when it can."""
        if self.connected or self._closed:
            return ""
        if self._is_welcome:
            reasons = "; ".join(f"{channel}: {state.reason}" for channel, state in self._states.items())
            return f"{self._server.url} lets us into no channel ({reasons})"
        return f"{self.last_error or self._server.url + ': connecting'} (attempt {self.attempts}, trying on)"

    async def start(self) -> None:
        """Connect and log in; when that cannot be done at the first attempt, say why instead of trying on."""
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep_connected())
            self._keeper.add_done_callback(lambda _: self._filled.set())
        await _either(self._keeper, self._welcomed)
        if self._keeper.done() and not self._closed:
            await self._keeper

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """Hand over what is heard, one list per read of a socket; when nobody takes it, the socket waits.

        Yields:
            Lines in the order of each connection.
        """
        await self.start()
        try:
            while True:
                while self._ready:
                    self._room.set()
                    yield self._ready.popleft()
                if self._keeper is None or self._keeper.done():
                    if self._keeper is not None and not self._closed:
                        await self._keeper
                    break
                self._filled.clear()
                await self._filled.wait()
        finally:
            await self.close()

    async def close(self) -> None:
        """Close all connections properly; what was heard before can still be taken from `batches`."""
        if not self._closed:
            self._report(self._book.end(now_us=self._world.wall_us()))
        self._closed = True
        tasks = [task for task in (self._keeper, *self._links.values()) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # -- keeping one connection alive

    async def _keep_connected(self) -> None:
        backoff = Backoff(rng=self._world.rng)
        replaced: Link | None = None
        while True:
            link = self._dial()
            task = self._links[link]
            if replaced is not None:
                await _either(task, link.settled, within_s=self._handover_s)
            if replaced is not None and not task.done():
                await self._retire(replaced)
                replaced = None
            await _either(task, link.moving)
            lasted_s = self._world.now_s() - link.welcomed_s if link.welcomed_s is not None else 0.0
            first = backoff.failures == 0 or lasted_s >= STABLE_S
            wait_s = backoff.wait_s(lasted_s=lasted_s)
            if not task.done():
                # The server asked for it and still talks to us: no reason to wait, unless it asks again and again.
                replaced, wait_s = link, 0.0 if first else wait_s
            elif not self._welcomed.is_set() or not isinstance(task.exception(), ChatPulseError):
                await task  # a fault of ours must not be tried again and again
            log.warning("twitch.reconnecting", wait_s=round(wait_s, 3), reason=str(self.last_error or "RECONNECT"))
            await self._world.sleep(wait_s)

    @property
    def _is_welcome(self) -> bool:
        return any(link.welcomed_s is not None for link in self._links)

    @property
    def _is_refused_everywhere(self) -> bool:
        return all(state.standing is Standing.REFUSED for state in self._states.values())

    @property
    def _handover_s(self) -> float:
        """How long a replaced connection may talk on: joining many channels takes a window for every few of them."""
        return self._world.handover_within_s + JOIN_WINDOW_S * (len(self.channels) // JOINS_PER_WINDOW)

    def _dial(self) -> Link:
        self.attempts += 1
        world = self._world
        session = IrcSession(
            nick=f"justinfan{world.rng.randrange(10_000, 100_000)}",
            channels=self.channels,
            ping_after_s=world.ping_after_s,
            pong_within_s=world.pong_within_s,
        )
        link = Link(self._server, session, world=world, deliver=self._deliver, progress=self._note)
        task = asyncio.create_task(link.run())
        self._links[link] = task
        task.add_done_callback(lambda _: self._forget(link, task))
        return link

    async def _retire(self, link: Link) -> None:
        task = self._links.get(link)
        if task is None:
            return
        channels, replaced_us = link.session.joined, self._world.wall_us()
        with contextlib.suppress(ChatPulseError):
            await link.retire()
        await asyncio.wait([task], timeout=self._world.fence_within_s)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if not link.fenced:
            self._book.lose(channels, since_us=link.session.heard_us, reason="the replaced connection did not answer")
            self._report(self._book.hear(filter(self._is_heard, channels), now_us=replaced_us))

    # -- what links tell

    def _note(self, link: Link) -> None:
        """Take over what a link has learnt about its channels."""
        session = link.session
        if session.registered:
            self._welcomed.set()
        for channel, state in self._states.items():
            if state.standing is Standing.JOINED and not self._is_heard(channel):
                self._lose(channel, since_us=session.heard_us, reason=session.refused.get(channel, SENT_AWAY))
        for channel in session.joined:
            if self._states[channel].standing is not Standing.JOINED:
                self._states[channel] = ChannelState(standing=Standing.JOINED)
        for channel, reason in session.refused.items():
            if not self._is_heard(channel) and self._states[channel].reason != reason:
                self._states[channel] = ChannelState(standing=Standing.REFUSED, reason=reason)
                log.warning("twitch.channel_refused", channel=channel, reason=reason)
        self._report(self._book.hear(session.joined, now_us=self._world.wall_us()))

    def _forget(self, link: Link, task: asyncio.Task[None]) -> None:
        """Take note that a link has ended."""
        del self._links[link]
        error = None if task.cancelled() else task.exception()
        if isinstance(error, ChatPulseError):
            self.last_error = error
        for channel in link.session.joined:
            if not self._is_heard(channel):
                self._lose(channel, since_us=link.session.heard_us, reason=str(error or "closed"))
        for other in self._links:
            self._note(other)  # what it was refused counts now

    def _lose(self, channel: str, *, since_us: int, reason: str) -> None:
        self._states[channel] = ChannelState(standing=Standing.WANTED)
        self._book.lose([channel], since_us=since_us, reason=reason)

    def _is_heard(self, channel: str) -> bool:
        return any(channel in link.session.joined for link in self._links)

    def _report(self, gaps: Iterable[Gap]) -> None:
        for gap in gaps:
            self.gaps.append(gap)
            log.warning("chat.gap", channel=gap.channel, from_us=gap.from_us, to_us=gap.to_us, reason=gap.reason)

    async def _deliver(self, batch: Batch) -> None:
        self._ready.append(batch)
        self._filled.set()
        while len(self._ready) > QUEUE_BATCHES:
            self._room.clear()
            await self._room.wait()


async def _either(task: asyncio.Task[None], event: asyncio.Event, *, within_s: float | None = None) -> None:
    """Wait for a task to end or an event to come, whichever is first."""
    waiting = asyncio.create_task(event.wait())
    try:
        await asyncio.wait({task, waiting}, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
