"""What an import says at its end: every record of every file in exactly one place.

read = stored + duplicates + skipped + quarantined
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec

from chatpulse.domain.chat import Quarantined, Recorded, TimeKind
from chatpulse.twitch.core.placing import time_kind_of

SEVERAL = 2
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class FileReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file."""

    path: str
    format: str
    time: TimeKind
    """What its times count from."""
    precision_s: float | None
    """How exact they are; null without any."""
    read: int
    """Records: comments, or lines that are not blank."""
    stored: int
    """Rows new in the tables."""
    duplicates: int
    """Stored already, from this or another file or from live chat."""
    skipped: dict[str, int]
    """Understood and left out, by reason."""
    quarantined: int
    """Not understood; kept raw in the table `quarantine`."""
    channel: str
    video_id: str
    first: str | None
    """Time of the earliest record: an instant, or h:mm:ss from the start."""
    last: str | None
    error: str | None = None
    """Why the file, or the rest of it, could not be read."""

    def facts(self) -> dict[str, object]:
        """For people: names and values."""
        return _facts(self)


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """All files together."""

    files: int
    read: int
    stored: int
    duplicates: int
    skipped: dict[str, int]
    quarantined: int
    seconds: float
    records_per_s: float

    def facts(self) -> dict[str, object]:
        """For people: names and values."""
        return _facts(self)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did."""

    files: tuple[FileReport, ...]
    total: Total


@dataclass(slots=True, kw_only=True)
class Counts:
    """The counters of one file."""

    read: int = 0
    stored: int = 0
    duplicates: int = 0
    quarantined: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    first_us: int | None = None
    last_us: int | None = None
    kinds: set[TimeKind] = field(default_factory=set)
    precision_us: int = 0
    channels: set[str] = field(default_factory=set)

    def see(self, event: Recorded) -> None:
        """Note when and where an event was."""
        if len(self.channels) < SEVERAL:
            self.channels.add(event.channel)
        if isinstance(event, Quarantined) or event.time_kind is TimeKind.NONE:
            self.kinds.add(TimeKind.NONE)
            return
        self.kinds.add(event.time_kind)
        self.precision_us = max(self.precision_us, event.precision_us)
        if self.first_us is None or event.ts_us < self.first_us:
            self.first_us = event.ts_us
        if self.last_us is None or event.ts_us > self.last_us:
            self.last_us = event.ts_us

    def report(self, *, path: str, name: str, channel: str, video_id: str, error: str | None = None) -> FileReport:
        """The counters as one value."""
        time = time_kind_of(tuple(self.kinds))
        return FileReport(
            path=path,
            format=name,
            time=time,
            precision_s=self.precision_us / 1e6 if time is not TimeKind.NONE else None,
            read=self.read,
            stored=self.stored,
            duplicates=self.duplicates,
            skipped=dict(sorted(self.skipped.items())),
            quarantined=self.quarantined,
            channel=next(iter(self.channels)) if len(self.channels) == 1 else channel,
            video_id=video_id,
            first=_when(self.first_us, time),
            last=_when(self.last_us, time),
            error=error,
        )


def total_of(files: Sequence[FileReport], *, seconds: float) -> Total:
    """Add up the reports of all files."""
    skipped: Counter[str] = Counter()
    for file in files:
        skipped.update(file.skipped)
    read = sum(file.read for file in files)
    return Total(
        files=len(files),
        read=read,
        stored=sum(file.stored for file in files),
        duplicates=sum(file.duplicates for file in files),
        skipped=dict(sorted(skipped.items())),
        quarantined=sum(file.quarantined for file in files),
        seconds=round(seconds, 3),
        records_per_s=round(read / seconds, 1) if seconds else 0.0,
    )


def _facts(report: FileReport | Total) -> dict[str, object]:
    skipped = ", ".join(f"{count:,} {reason}" for reason, count in report.skipped.items()) or "0"
    facts = msgspec.structs.asdict(report) | {"skipped": skipped}
    return {name.replace("_", " "): value for name, value in facts.items() if value is not None}


def _when(us: int | None, kind: TimeKind) -> str | None:
    if us is None or kind is TimeKind.NONE:
        return None
    if kind is TimeKind.EPOCH:
        return (EPOCH + timedelta(microseconds=us)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    minutes, seconds = divmod(us // 1_000, 60_000)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds / 1_000:06.3f}"
