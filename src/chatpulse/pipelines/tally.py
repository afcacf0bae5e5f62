"""What a run counts, and the summary that it ends with."""

import resource
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from chatpulse.domain.chat import Bucket

LATENCY_STEP_MS = 1
LATENCY_STEPS = 60_000
"""Latencies are counted in steps of 1 ms up to a minute; what is slower counts as a minute."""


class LatencyMs(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Milliseconds from a line's arrival until it was durable and scored."""

    p50: float
    p99: float


class Summary(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The figures of one run; the eight buckets add up to `lines`."""

    channels: list[str]
    lines: int
    messages: int
    subscriptions: int
    events: int
    moderation: int
    room: int
    protocol: int
    quarantined: int
    duplicates: int
    stored: int
    """Rows new in the tables, rows that an earlier crashed run left in the record included."""
    scored: int
    opted_out: int
    """Lines of people who do not want to be stored; they count in their bucket and in nothing else."""
    dropped: int
    """Lines that were acknowledged and never reached the scorer; 0 or a bug."""
    seconds: float
    messages_per_s: float
    latency_ms: LatencyMs | None
    peak_rss_mb: float


@dataclass(slots=True)
class Latency:
    """A histogram of latencies with steps of 1 ms."""

    counts: np.ndarray = field(default_factory=lambda: np.zeros(LATENCY_STEPS + 1, dtype=np.int64))

    def add(self, spans_us: Iterable[int]) -> None:
        """Count spans given in microseconds."""
        steps = np.fromiter(spans_us, dtype=np.int64) // (1_000 * LATENCY_STEP_MS)
        self.counts += np.bincount(np.clip(steps, 0, LATENCY_STEPS), minlength=LATENCY_STEPS + 1)

    def percentile_ms(self, share: float) -> float:
        """The latency that this share (0 to 1) of all messages does not exceed, rounded up to a step."""
        total = int(self.counts.sum())
        if not total:
            return 0.0
        step = int(np.searchsorted(np.cumsum(self.counts), share * total))
        return float((min(step, LATENCY_STEPS) + 1) * LATENCY_STEP_MS)


@dataclass(slots=True)
class Tally:
    """The counters of one run; ingest and digest write to different fields of it."""

    lines: dict[Bucket, int] = field(default_factory=lambda: dict.fromkeys(Bucket, 0))
    channels: set[str] = field(default_factory=set)
    stored: int = 0
    scored: int = 0
    dropped: int = 0
    opted_out: int = 0
    """Lines kept out of the record."""
    forgotten: int = 0
    """Lines whose author opted out when they were in the record already; not in `opted_out`."""
    latency: Latency = field(default_factory=Latency)
    started_s: float | None = None
    """Monotonic time of the first line."""
    durable_s: float | None = None
    """Monotonic time at which the last row was durable in the tables."""

    def totals(self) -> dict[str, int]:
        """Lines per bucket and what became of them, for the page and the metrics."""
        counts = {str(bucket): count for bucket, count in self.lines.items()}
        return {"lines": sum(counts.values()), **counts, "stored": self.stored, "scored": self.scored}

    def summary(self, *, with_latency: bool) -> Summary:
        """The figures so far as one value."""
        counts = {str(bucket): count for bucket, count in self.lines.items()}
        started, ended = self.started_s, self.durable_s
        seconds = max(ended - started, 0.0) if started is not None and ended is not None else 0.0
        percentiles = LatencyMs(p50=self.latency.percentile_ms(0.50), p99=self.latency.percentile_ms(0.99))
        return Summary(
            channels=sorted(self.channels),
            lines=sum(counts.values()),
            **counts,
            stored=self.stored,
            scored=self.scored,
            opted_out=self.opted_out + self.forgotten,
            dropped=self.dropped,
            seconds=round(seconds, 3),
            messages_per_s=round(counts[Bucket.MESSAGES] / seconds, 1) if seconds else 0.0,
            latency_ms=percentiles if with_latency and self.scored else None,
            peak_rss_mb=round(peak_rss_mb(), 1),
        )


def peak_rss_mb() -> float:
    """The most memory that this process has held, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not getrusage: there Linux counts what the parent held when it started this process.
        found = next((line for line in status.read_text().splitlines() if line.startswith("VmHWM:")), None)
        if found is not None:
            return int(found.split()[1]) * 1024 / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
