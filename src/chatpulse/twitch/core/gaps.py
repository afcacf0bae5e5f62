"""Keep the book of what could not be heard: lost connections in, one gap per channel and interruption out.

IRC does not repeat anything, so an interval in which no connection had joined a channel is a hole that only its record
can show. A channel is heard while at least one connection has joined it. Before it was joined for the first time
there is no gap, because nothing is known to be missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chatpulse.domain.chat import Gap


@dataclass(slots=True)
class GapBook:
    """Which channels are not heard, since when and why."""

    _open: dict[str, tuple[int, str]] = field(default_factory=dict)

    def lose(self, channels: Iterable[str], *, since_us: int, reason: str) -> None:
        """Note that channels which were heard are not any more; a gap that is open stays as it is."""
        for channel in channels:
            self._open.setdefault(channel, (since_us, reason))

    def hear(self, channels: Iterable[str], *, now_us: int) -> list[Gap]:
        """Note that channels are heard (again), and hand back the gaps that end with it."""
        gaps: list[Gap] = []
        for channel in channels:
            found = self._open.pop(channel, None)
            if found is not None:
                since_us, reason = found
                gaps.append(Gap(channel=channel, from_us=since_us, to_us=max(now_us, since_us), reason=reason))
        return gaps

    def end(self, *, now_us: int) -> list[Gap]:
        """Hand back the gaps that are open when nobody listens any more."""
        return self.hear(list(self._open), now_us=now_us)
