"""What the stage asks of the world: one ordered record per topic."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from chatpulse.domain.chat import Topic
from chatpulse.eventlog.core.encoding import Entry


class EventLog(Protocol):
    """An ordered record of chat events that survives a restart."""

    async def append(self, bodies: Mapping[Topic, Sequence[bytes]], /) -> None:
        """Write encoded events in order, all topics in one commit; when this returns they are durable."""

    async def read(self, topic: Topic, group: str, /, *, limit: int) -> list[Entry]:
        """Hand back the oldest entries, ascending, that this group of readers has not been given since it started.

        A group starts behind its last commit; reading registers it.
        """

    async def commit(self, group: str, upto: Mapping[Topic, int], /) -> None:
        """Remember how far a group has come: the last offset of each topic that it has dealt with."""

    async def trim(self, *, max_bytes: int, max_age_s: float) -> int:
        """Drop what is too old or too much, never what a registered group has not committed; how many entries went."""

    async def close(self) -> None:
        """Flush and let go of the resource."""
