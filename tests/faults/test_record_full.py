"""A record that may hold little is trimmed when it is full; when that is not enough, reading waits for the tables."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatpulse.simulation.core.truth import Truth
from tests.faults.disk import Disk, small_disk
from tests.faults.program import Program
from tests.faults.stored import expected, stored

Answer = Callable[..., Any]
Recording = Callable[..., tuple[Path, Truth]]

MAX_MB = 8
"""The least there may be; some 10,000 lines."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


@pytest.mark.slow
def test_a_replay_far_larger_than_the_record_goes_through(answer: Answer, recording: Recording, tmp_path: Path) -> None:
    path, truth = recording(seconds=1_000)

    # Tables that would be written once in ten minutes are written at once when the record needs room.
    small = {"CHATPULSE_RECORD_MAX_MB": str(MAX_MB), "CHATPULSE_FLUSH_S": "600", "CHATPULSE_FLUSH_ROWS": "1000000"}
    summary = answer("replay", path, "--speed", "max", "--no-web", "--data", tmp_path / "chat", **small)

    assert summary["stored"] == summary["lines"] > 20_000
    assert summary["dropped"] == 0
    assert stored(answer, tmp_path / "chat") == expected(truth)
    assert (tmp_path / "chat" / "record.db").stat().st_size <= MAX_MB * 1_000_000


@pytest.mark.slow
def test_reading_waits_while_slow_tables_fill_the_record(
    disk: Disk, answer: Answer, recording: Recording, tmp_path: Path, environment: dict[str, str]
) -> None:
    path, truth = recording(seconds=600)
    data, log = disk.folder / "chat", tmp_path / "record.db"
    arguments = ["replay", path, "--speed", "200", "--json", "--data", data, "--log", f"sqlite:{log}"]
    small = {"CHATPULSE_RECORD_MAX_MB": str(MAX_MB), "CHATPULSE_FLUSH_S": "0.2"}

    with Program(*arguments, env=environment, **small) as run:
        run.until(lambda: run.totals()["stored"] > 0, within_s=20)
        disk.fill(run.pid)
        run.until(lambda: "record.db" in run.get("/healthz").json().get("reason", ""), within_s=20)
        waiting = run.totals()
        run.until(lambda: run.paused() == {"record.paused", "lake.paused"}, within_s=2)
        assert run.totals()["lines"] == waiting["lines"]
        disk.make_room(run.pid)
        run.until(run.healthy, within_s=3)
        summary = run.end()

    assert summary["stored"] == summary["lines"] > waiting["lines"]
    assert summary["dropped"] == 0
    assert stored(answer, data) == expected(truth)
