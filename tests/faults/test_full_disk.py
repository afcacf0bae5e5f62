"""The disk fills while chat is collected: nothing counts that is not kept, and it goes on when there is room."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatpulse.domain.live import Health, Mode
from chatpulse.eventlog import SeenIndex
from chatpulse.lake import Tables
from chatpulse.pipelines import wiring
from chatpulse.pipelines.parts import Plan
from chatpulse.pipelines.tally import Summary
from chatpulse.settings import load
from chatpulse.simulation.core.truth import Truth
from chatpulse.twitch import Replay
from tests.faults.disk import Disk, SizeLimit, small_disk
from tests.faults.program import Program
from tests.faults.stored import expected, stored
from tests.faults.twitch import ROOMS, in_gaps, missing, simulated

Answer = Callable[..., Any]
Recording = Callable[..., tuple[Path, Truth]]

FLUSH_S = 0.4


@pytest.fixture
def disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Disk]:
    if getattr(request, "param", "") == "limit":
        (tmp_path / "disk").mkdir()
        yield SizeLimit(tmp_path / "disk")
        return
    with small_disk(tmp_path / "disk") as disk:
        yield disk


@pytest.mark.slow
@pytest.mark.parametrize(
    ("disk", "where"),
    [("mount", "record and tables"), ("mount", "record"), ("mount", "tables"), ("limit", "record and tables")],
    indirect=["disk"],
)
def test_a_replay_waits_for_room_and_loses_nothing(
    where: str, disk: Disk, answer: Answer, recording: Recording, tmp_path: Path, environment: dict[str, str]
) -> None:
    path, truth = recording(seconds=150)
    data = (disk.folder if "tables" in where else tmp_path) / "chat"
    log = (disk.folder if "record" in where else tmp_path) / "record.db"
    arguments = ["replay", path, "--speed", "60", "--json", "--data", data, "--log", f"sqlite:{log}"]

    with Program(*arguments, env=environment, CHATPULSE_FLUSH_S=str(FLUSH_S)) as run:
        run.until(lambda: run.totals()["stored"] > 0, within_s=20)
        disk.fill(run.pid)
        run.until(lambda: not run.healthy(), within_s=FLUSH_S + 1)
        assert run.get("/healthz").status_code == 503
        assert "make room" in run.get("/healthz").json()["reason"]
        run.until(lambda: len(run.paused()) == len(where.split(" and ")), within_s=FLUSH_S + 1)
        at_first = run.totals()
        time.sleep(0.5)
        assert run.totals()["stored"] == at_first["stored"]
        assert (run.totals()["lines"] == at_first["lines"]) == ("record" in where)
        disk.make_room(run.pid)
        run.until(run.healthy, within_s=1.5)
        summary = run.end()

    assert summary["stored"] == summary["lines"]
    assert summary["dropped"] == 0
    assert stored(answer, data) == expected(truth)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["record and tables", "tables"])
def test_a_replay_stopped_on_a_full_disk_leaves_at_once_and_is_finished_later(
    where: str, disk: Disk, answer: Answer, recording: Recording, tmp_path: Path, environment: dict[str, str]
) -> None:
    path, truth = recording(seconds=100)
    data = disk.folder / "chat"
    log = (disk.folder if "record" in where else tmp_path) / "record.db"
    arguments = ["replay", path, "--json", "--data", data, "--log", f"sqlite:{log}"]

    with Program(*arguments, "--speed", "40", env=environment, CHATPULSE_FLUSH_S=str(FLUSH_S)) as run:
        run.until(lambda: run.totals()["stored"] > 0, within_s=20)
        disk.fill(run.pid)
        run.until(lambda: not run.healthy(), within_s=FLUSH_S + 1)
        first = run.leave()
        assert "left while not everything could be kept" in run.said[-1]
        disk.make_room(run.pid)
    second = answer(*arguments, "--speed", "max", "--no-web")

    assert first["dropped"] == second["dropped"] == 0
    assert first["stored"] + second["stored"] == second["lines"]
    assert stored(answer, data) == expected(truth)


@pytest.mark.slow
def test_live_chat_that_finds_no_room_is_a_gap_in_the_log(
    disk: Disk, answer: Answer, environment: dict[str, str]
) -> None:
    data = disk.folder / "chat"
    with simulated(per_s=1_000, padding=3_000) as twitch:
        arguments = ["live", *ROOMS, "--server", twitch.address, "--json", "--data", data]
        with Program(*arguments, env=environment, CHATPULSE_FLUSH_S=str(FLUSH_S)) as run:
            run.until(lambda: run.totals()["stored"] > 0, within_s=20)
            disk.fill(run.pid)
            run.until(lambda: not run.healthy(), within_s=1)
            # Until the server has given up on a listener that does not listen, and all of its lines are gone.
            run.until(lambda: twitch.twitch.live_connections == 0, within_s=20)
            disk.make_room(run.pid)
            run.until(run.healthy, within_s=4)
            twitch.hush(run)
            summary = run.leave()
        lost = missing(answer, data, twitch.said())

    assert summary["dropped"] == 0
    assert lost
    assert in_gaps(lost, run.logged("chat.gap"))


def test_reading_waits_while_the_index_of_seen_ids_cannot_be_written(
    recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, truth = recording(seconds=30)
    settings = load({"data": str(tmp_path / "chat")})
    monkeypatch.setitem(SeenIndex.open.__func__.__kwdefaults__, "capacity", 200)  # type: ignore[attr-defined]

    async def replay() -> tuple[Health, Summary]:
        async with wiring.pipeline(settings, Replay([path], speed=None), Plan.of(settings, Mode.REPLAY)) as pipeline:
            in_the_way = tmp_path / "chat" / "state" / "seen" / "manifest.draft"
            in_the_way.mkdir()
            running = asyncio.create_task(pipeline.run())
            async with asyncio.timeout(5):
                while not (health := pipeline.health()).reason:  # noqa: ASYNC110 - it has no event
                    await asyncio.sleep(0.01)
            in_the_way.rmdir()
            return health, await running

    health, summary = asyncio.run(replay())

    assert "the index of seen ids" in health.reason
    assert summary.stored == sum(channel.buckets.total() for channel in truth.channels.values())
    assert Tables(settings.data).row_counts()["messages"][1] == summary.messages
