"""Give the records of a chat file their place: channel, recording, instant and identity.

A file's times count from 1970, from the start of its recording, or from nothing. Where the start is known, offsets
become instants. Whole seconds (or minutes) are spread: records that a file puts at one second stand in it in file order
at equal distances, the first at its beginning, so that the same file gives the same times whenever it is read, and
`precision_us` says that no more than the second is known.

A record without an id of its own is identified by its content (`core.identity`): recording, channel, time as the file
has it, user, and the record itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from chatpulse.domain.chat import ChatMessage, Moderation, Notice, Recorded, Source, TimeKind
from chatpulse.twitch.core.identity import Identities

SECOND_US = 1_000_000
LAST_US = 253_402_300_799_999_999
"""The end of the year 9999, where calendars stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is known about a file as a whole."""

    channel: str
    video_id: str
    room_id: str = ""
    start_us: int | None = None
    """When offsets count from; None where nobody knows."""
    source: Source = Source.IMPORT
    received_us: int = 0


class Placer:
    """Places the records of one file, in file order; call `rest` after the last."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._identities = Identities()
        self._second: list[Recorded] = []
        """Records of one whole second that may have more."""

    def put(self, events: Iterable[Recorded]) -> Iterator[Recorded]:
        """Take records as a reader gives them; those come out whose second is over."""
        for event in events:
            first = self._second[0] if self._second else None
            if first is not None and not _shares_second(first, event):
                yield from self._spread()
            if event.precision_us >= SECOND_US and event.time_kind is not TimeKind.NONE:
                self._second.append(event)
            else:
                yield self._placed(event, event.ts_us)

    def rest(self) -> Iterator[Recorded]:
        """What has been waiting for more of its second."""
        yield from self._spread()

    def _spread(self) -> Iterator[Recorded]:
        waiting, self._second = self._second, []
        for number, event in enumerate(waiting):
            yield self._placed(event, event.ts_us + event.precision_us * number // len(waiting))

    def _placed(self, event: Recorded, ts_us: int) -> Recorded:
        place = self._place
        channel = event.channel or place.channel
        changes: dict[str, Any] = {
            "ts_us": ts_us,
            "received_us": place.received_us,
            "source": place.source,
            "video_id": event.video_id or place.video_id,
        }
        if not event.id:
            user, raw = _said_by(event)
            changes["id"] = self._identities.of_line(
                f"{place.video_id}\0".encode() + raw, channel=channel, user=user, ts_us=event.ts_us
            )
        if not event.channel:
            changes["channel"] = channel
        if not event.room_id and place.room_id and channel == place.channel:
            changes["room_id"] = place.room_id
        if event.time_kind is TimeKind.OFFSET and place.start_us is not None:
            changes["ts_us"] = min(max(ts_us + place.start_us, 0), LAST_US)
            changes["time_kind"] = TimeKind.EPOCH
        return replace(event, **changes)


def time_kind_of(kinds: Sequence[TimeKind]) -> TimeKind:
    """What the times of a file with records of these kinds are, all in all."""
    for kind in (TimeKind.EPOCH, TimeKind.OFFSET):
        if kind in kinds:
            return kind
    return TimeKind.NONE


def _shares_second(first: Recorded, event: Recorded) -> bool:
    return (first.ts_us, first.time_kind, first.precision_us) == (event.ts_us, event.time_kind, event.precision_us)


def _said_by(event: Recorded) -> tuple[str, bytes]:
    raw = event.raw
    data = raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass")
    if isinstance(event, ChatMessage | Notice):
        return event.user_id or event.user_login or event.user_name, data
    return (event.target_id or event.target_login, data) if isinstance(event, Moderation) else ("", data)
