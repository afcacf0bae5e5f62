"""Count what recordings hold, by parsing alone: nothing is stored, nothing is scored."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from chatpulse.domain.chat import BUCKET_OF, TOPIC_OF, Bucket, ProtocolLine, Quarantined, Recorded, Source, TimeKind
from chatpulse.twitch.core.irc import LineParser
from chatpulse.twitch.recording import check_recording, read_lines

FIRST_LINES = 5
"""Line numbers kept per reason of quarantine: enough to look at, whatever the file."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Reason(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How often one reason kept a line from becoming an event."""

    count: int
    first_lines: tuple[int, ...] = ()
    """Numbers of the first lines, counted from 1, empty lines included; not in a total."""


class Findings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one file holds, or all of them; the eight buckets add up to `lines`."""

    path: str = ""
    """Empty in a total."""
    lines: int
    messages: int
    subscriptions: int
    events: int
    moderation: int
    room: int
    protocol: int
    quarantined: int
    duplicates: int
    channels: tuple[str, ...]
    first_ts: str | None
    """ISO 8601, UTC; None when no line has a time."""
    last_ts: str | None
    quarantine_reasons: dict[str, Reason]

    def facts(self) -> dict[str, object]:
        """The findings for a person, value by name."""
        facts = {name: value for name, value in msgspec.structs.asdict(self).items() if value not in ("", None)}
        facts["channels"] = ", ".join(self.channels)
        reasons = [f"{reason} ({found.count})" for reason, found in self.quarantine_reasons.items()]
        facts["quarantine_reasons"] = "; ".join(reasons) or "none"
        return facts


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """Each file, and all of them together."""

    files: tuple[Findings, ...]
    total: Findings


@dataclass(slots=True)
class Counts:
    """Findings in the making."""

    buckets: dict[Bucket, int] = field(default_factory=lambda: dict.fromkeys(Bucket, 0))
    channels: set[str] = field(default_factory=set)
    times_us: list[int] = field(default_factory=list)
    """First and last time; empty when no line had one."""
    reasons: dict[str, int] = field(default_factory=dict)
    first_lines: dict[str, list[int]] = field(default_factory=dict)

    def add(self, event: Recorded | ProtocolLine, *, bucket: Bucket, number: int) -> None:
        """Take note of one line."""
        self.buckets[bucket] += 1
        if event.channel:
            self.channels.add(event.channel)
        if isinstance(event, ProtocolLine):
            return
        if event.time_kind is TimeKind.EPOCH:
            self.widen((event.ts_us,))
        if isinstance(event, Quarantined) and bucket is Bucket.QUARANTINED:
            self.reasons[event.reason] = self.reasons.get(event.reason, 0) + 1
            first_lines = self.first_lines.setdefault(event.reason, [])
            if len(first_lines) < FIRST_LINES:
                first_lines.append(number)

    def merge(self, other: "Counts") -> None:
        """Add what another file held; line numbers stay with their file."""
        for bucket, count in other.buckets.items():
            self.buckets[bucket] += count
        self.channels |= other.channels
        self.widen(other.times_us)
        for reason, count in other.reasons.items():
            self.reasons[reason] = self.reasons.get(reason, 0) + count

    def widen(self, times_us: Iterable[int]) -> None:
        """Make the span reach over more times."""
        times_us = (*self.times_us, *times_us)
        self.times_us = [min(times_us), max(times_us)] if times_us else []

    def finish(self, path: str = "") -> Findings:
        """The findings."""
        first_ts, last_ts = (_iso(us) for us in self.times_us) if self.times_us else (None, None)
        return Findings(
            path=path,
            lines=sum(self.buckets.values()),
            **{bucket.value: count for bucket, count in self.buckets.items()},
            channels=tuple(sorted(self.channels)),
            first_ts=first_ts,
            last_ts=last_ts,
            quarantine_reasons={
                reason: Reason(count=count, first_lines=tuple(self.first_lines.get(reason, ())))
                for reason, count in sorted(self.reasons.items())
            },
        )


def inspect_files(paths: Sequence[Path]) -> Inspection:
    """Say what recordings hold.

    A line whose identity was met before, in its own file or in one named before it, is a duplicate, as it would be in a
    replay of all of them; so the files add up to the total.

    Args:
        paths: recordings, plain text or gzip, with or without recorded times.

    Returns:
        The findings per file, in the order given, and in total.
    """
    for path in paths:
        check_recording(path)
    seen: set[str] = set()
    total = Counts()
    files: list[Findings] = []
    for path in paths:
        counts = _count(path, seen)
        total.merge(counts)
        files.append(counts.finish(str(path)))
    return Inspection(files=tuple(files), total=total.finish())


def _count(path: Path, seen: set[str]) -> Counts:
    counts = Counts()
    for event, number in _parse(path):
        if isinstance(event, ProtocolLine):
            bucket = Bucket.PROTOCOL
        elif event.id in seen:
            bucket = Bucket.DUPLICATES
        else:
            seen.add(event.id)
            bucket = BUCKET_OF[TOPIC_OF[type(event)]]
        counts.add(event, bucket=bucket, number=number)
    return counts


def _parse(path: Path) -> Iterator[tuple[Recorded | ProtocolLine, int]]:
    parse = LineParser(Source.REPLAY).parse
    for line in read_lines(path):
        yield parse(line.line, received_us=0, recorded_us=line.recorded_us), line.number


def _iso(us: int) -> str:
    return (EPOCH + timedelta(microseconds=us)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
