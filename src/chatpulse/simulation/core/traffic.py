"""What a simulated server really sent, for tests to compare with."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from chatpulse.simulation.core.faults import FaultKind
from chatpulse.simulation.core.wire import TimedLine


@dataclass(slots=True, kw_only=True)
class Traffic:
    """Counts over the life of one server."""

    said: Counter[str] = field(default_factory=Counter)
    """Lines played, by channel."""
    delivered: Counter[str] = field(default_factory=Counter)
    """Lines written to at least one client, by channel; after a reset some of them may not have arrived."""
    delivered_ids: list[str] = field(default_factory=list)
    """Their `id` tags, in order."""
    sent: list[Counter[str]] = field(default_factory=list)
    """Lines written to each connection, by channel, in the order of connecting."""
    struck: list[FaultKind] = field(default_factory=list)
    """Faults that happened."""
    keep_ids: bool = True
    """Fill `delivered_ids`; costs memory over millions of lines."""

    @property
    def connections(self) -> int:
        """How many were accepted so far."""
        return len(self.sent)

    def note(self, lines: Iterable[TimedLine], reached: Iterable[bool]) -> None:
        """Count lines that were said, and whether anybody was there to hear each."""
        for line, heard in zip(lines, reached, strict=True):
            self.said[line.channel] += 1
            if heard:
                self.delivered[line.channel] += 1
                if self.keep_ids:
                    self.delivered_ids.append(id_of(line.line))


def id_of(line: str) -> str:
    """The `id` tag of a raw line; empty when it has none."""
    tags = line.partition(" ")[0].removeprefix("@").split(";")
    return next((tag.removeprefix("id=") for tag in tags if tag.startswith("id=")), "")
