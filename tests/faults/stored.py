"""What tables hold, and what they should hold."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from chatpulse.domain.chat import Bucket
from chatpulse.simulation.core.truth import Truth

TABLES = {
    Bucket.MESSAGES: "messages",
    Bucket.SUBSCRIPTIONS: "subscriptions",
    Bucket.EVENTS: "events",
    Bucket.MODERATION: "moderation",
    Bucket.ROOM: "room",
    Bucket.QUARANTINED: "quarantine",
}


def stored(answer: Callable[..., Any], data: Path) -> dict[str, tuple[int, int]]:
    """Rows and different ids of each table."""
    query = " union all ".join(
        f"select '{table}' as t, count(*) as n, count(distinct id) as ids from {table}" for table in TABLES.values()
    )
    return {row["t"]: (row["n"], row["ids"]) for row in answer("sql", query, "--data", data)}


def expected(truth: Truth) -> dict[str, tuple[int, int]]:
    """The same, of a recording in which nothing repeats."""
    counts = {
        table: sum(channel.buckets[bucket] for channel in truth.channels.values()) for bucket, table in TABLES.items()
    }
    return {table: (count, count) for table, count in counts.items()}
