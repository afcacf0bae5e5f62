"""What every reader of chat files hands out, and what a file says about itself."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import msgspec

from chatpulse.domain.chat import Recorded


class Skipped(msgspec.Struct, frozen=True, gc=False):
    """A record that is understood and holds no chat."""

    reason: str
    """A few words that are the same for all records of the kind: `status line`, `empty text`."""
    raw: str = ""


Record = Recorded | Skipped


@dataclass(slots=True, kw_only=True)
class Head:
    """What a file says about itself; a reader fills in what it finds, before its first batch where it can."""

    channel: str = ""
    """Login, lower case."""
    room_id: str = ""
    video_id: str = ""
    title: str = ""
    start_us: int | None = None
    """When the recording starts, which offsets count from."""
    zone_offset_s: int | None = None
    """Seconds east of UTC of the clock that wrote the file; None where it does not say."""
    precision_us: int = 1_000
    """How exact its times are."""


Reader = Callable[[Iterable[bytes], Head], Iterator[list[Record]]]
"""UTF-8 in pieces of any size in, batches of records in file order out."""
