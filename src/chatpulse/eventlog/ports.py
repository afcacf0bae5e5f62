"""What the stage asks of the world: one ordered record per topic."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from chatpulse.domain.chat import Topic
from chatpulse.eventlog.core.encoding import Entry


class EventLog(Protocol):
    """An ordered record of chat events that survives a restart.

    Offsets count from 1 in each topic, without gaps, and are never given twice, trimmed entries included. A body holds
    no line end.
    """

    async def append(self, bodies: Mapping[Topic, Sequence[bytes]], /) -> dict[Topic, int]:
        """Write encoded events in order, all topics in one commit; durable when this returns each topic's new end."""

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


class ReplayableLog(EventLog, Protocol):
    """A record that can also be read without a group, from any place."""

    @property
    def record_id(self) -> str:
        """Names this record among all others: offsets of two records have nothing to do with each other."""

    async def ends(self) -> dict[Topic, int]:
        """Last offset of each topic; 0 where nothing was ever written."""

    async def entries(self, topic: Topic, /, *, after: int, limit: int) -> list[Entry]:
        """Hand back the oldest entries behind an offset, ascending."""
