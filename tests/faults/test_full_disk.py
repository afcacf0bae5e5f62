"""The disk fills while chat is collected: nothing is acknowledged that is not kept, and it goes on when there is room."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatpulse.domain.chat import Bucket
from chatpulse.simulation.core.truth import Truth
from tests.faults.disk import Disk, SizeLimit, small_disk
from tests.faults.program import Program

Answer = Callable[..., Any]
Recording = Callable[..., tuple[Path, Truth]]

STORED = {
    Bucket.MESSAGES: "messages",
    Bucket.SUBSCRIPTIONS: "subscriptions",
    Bucket.EVENTS: "events",
    Bucket.MODERATION: "moderation",
    Bucket.ROOM: "room",
    Bucket.QUARANTINED: "quarantine",
}


@pytest.fixture
def disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Disk]:
    if getattr(request, "param", "") == "limit":
        (tmp_path / "disk").mkdir()
        yield SizeLimit(tmp_path / "disk")
        return
    with small_disk(tmp_path / "disk") as disk:
        yield disk


def stored(answer: Answer, data: Path) -> dict[str, tuple[int, int]]:
    """Rows and different ids of each table."""
    query = " union all ".join(
        f"select '{table}' as t, count(*) as n, count(distinct id) as ids from {table}" for table in STORED.values()
    )
    return {row["t"]: (row["n"], row["ids"]) for row in answer("sql", query, "--data", data)}


def expected(truth: Truth) -> dict[str, tuple[int, int]]:
    """The same, of a truth in which nothing repeats."""
    counts = {
        table: sum(channel.buckets[bucket] for channel in truth.channels.values()) for bucket, table in STORED.items()
    }
    return {table: (count, count) for table, count in counts.items()}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("disk", "where"),
    [("mount", "record and tables"), ("mount", "record"), ("mount", "tables"), ("limit", "record and tables")],
    indirect=["disk"],
)
def test_a_replay_waits_for_room_and_loses_nothing(
    where: str, disk: Disk, answer: Answer, recording: Recording, tmp_path: Path, environment: dict[str, str]
) -> None:
    path, truth = recording(seconds=240)
    data = (disk.folder if "tables" in where else tmp_path) / "chat"
    log = (disk.folder if "record" in where else tmp_path) / "record.db"
    arguments = ["replay", path, "--speed", "60", "--json", "--data", data, "--log", f"sqlite:{log}"]

    with Program(*arguments, env=environment, CHATPULSE_FLUSH_S="0.4") as run:
        run.until(lambda: run.totals()["stored"] > 0, within_s=20)
        disk.fill(run.pid)
        # Tables are written every 0.4 s.
        print("red after", run.until(lambda: not run.healthy(), within_s=1.4))
        time.sleep(0.3)
        at_first = run.totals()
        time.sleep(0.7)
        later = run.totals()
        print(at_first, later)
        print(run.get("/healthz").json())
        disk.make_room(run.pid)
        print("green after", run.until(run.healthy, within_s=1.5))
        summary = run.end()
        print(*run.said, sep="\n")

    assert summary["stored"] == summary["lines"]
    assert summary["dropped"] == 0
    assert stored(answer, data) == expected(truth)
