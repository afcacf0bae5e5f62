"""What the stage offers to the rest (a chat source) and what it asks of the world: servers and services."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection
from typing import Protocol

from chatpulse.domain.chat import ProtocolLine, Recorded
from chatpulse.twitch.core.emote_sets import EmoteSet, OwnerUpdate, Provider, SetUpdate
from chatpulse.twitch.core.gql import Fault, Page, Video, VideoList
from chatpulse.twitch.core.gql_queries import Ask


class ChatSource(Protocol):
    """Chat as it comes, from wherever it comes."""

    @property
    def live(self) -> bool:
        """True when the source does not wait: what is not read in time is gone."""

    @property
    def connected(self) -> bool:
        """True while lines can arrive."""

    @property
    def trouble(self) -> str:
        """Why lines cannot arrive at the moment; empty when they can or when the source is at its end."""

    @property
    def channels(self) -> tuple[str, ...]:
        """Logins of the channels asked for, or met so far in a recording."""

    def batches(self) -> AsyncIterator[list[Recorded | ProtocolLine]]:
        """Hand over lines in order, as they arrive; a slow reader slows the source."""

    async def close(self) -> None:
        """End `batches` soon, whatever it waits for."""


class ChatConnection(Protocol):
    """One open connection that carries IRC bytes."""

    async def receive(self) -> bytes:
        """Wait for bytes in any chunking; empty when the other side closed cleanly.

        Raises:
            ConnectionLostError: the connection broke.
        """

    async def send(self, data: bytes, /) -> None:
        """Write bytes that end with a line end.

        Raises:
            ConnectionLostError: the connection broke.
        """

    async def close(self) -> None:
        """Say goodbye where the protocol has a word for it, then let go; never raises."""


class ChatServer(Protocol):
    """An address where a chat connection can be opened."""

    @property
    def url(self) -> str:
        """The address, for messages to people."""

    async def connect(self) -> ChatConnection:
        """Open one connection.

        Raises:
            ConnectionLostError: the server cannot be reached, or its certificate is not trusted.
        """


class ChatArchive(Protocol):
    """A place that keeps recordings and their chat; what goes wrong is an answer too."""

    async def comments(self, ask: Ask, /) -> Page | Fault:
        """One page of a recording's chat."""

    async def video(self, video_id: str, /) -> Video | Fault:
        """What describes a recording."""

    async def videos(self, login: str, /, *, first: int, after: str = "") -> VideoList | Fault:
        """A channel's newest recordings, behind a cursor when there is one."""

    async def close(self) -> None:
        """Let go of the connections."""


class EmoteService(Protocol):
    """A service that knows emotes beside Twitch's own."""

    @property
    def provider(self) -> Provider:
        """Which one it is."""

    async def fetch(self, room_id: str, /) -> EmoteSet:
        """The emotes of a room now, or of every room for an empty id; none for a room that the service does not know.

        Raises:
            ConnectionLostError: it cannot be reached, fails, or says what nobody understands.
        """

    async def close(self) -> None:
        """Let go of connections."""


class EmoteChanges(Protocol):
    """A service that says at once when a set changes."""

    def follow(self, sets: Collection[str], owners: Collection[str]) -> None:
        """Hear about these sets and owners from now on, and about no others."""

    def updates(self) -> AsyncGenerator[SetUpdate | OwnerUpdate | None]:
        """What changes, for ever; None when something may have been missed, as after a lost connection."""
