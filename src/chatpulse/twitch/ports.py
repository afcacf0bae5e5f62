"""What the stage offers to the rest (a chat source) and what it asks of the world (a server that can be dialled)."""

from collections.abc import AsyncIterator
from typing import Protocol

from chatpulse.domain.chat import ProtocolLine, Recorded


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
