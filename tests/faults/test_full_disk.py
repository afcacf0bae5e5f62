"""The disk fills while chat is collected: nothing counts that is not kept, and it goes on when there is room."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatpulse.domain.live import Health, Mode
from chatpulse.errors import StorageFullError
from chatpulse.eventlog import SeenIndex
from chatpulse.lake import Tables
from chatpulse.lake.store import Store
from chatpulse.pipelines import wiring
from chatpulse.pipelines.parts import Plan
from chatpulse.pipelines.tally import Summary
from chatpulse.settings import load
from chatpulse.simulation.core.faults import Fault, FaultKind
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
    [("mount", "record"), ("mount", "tables"), ("limit", "record and tables")],
    indirect=["disk"],
)
def test_a_replay_waits_for_room_and_loses_nothing(
    where: str, disk: Disk, answer: Answer, recording: Recording, tmp_path: Path, environment: dict[str, str]
) -> None:
    path, truth = recording(seconds=120)
    data = (disk.folder if "tables" in where else tmp_path) / "chat"
    log = (disk.folder if "record" in where else tmp_path) / "record.db"
    arguments = ["replay", path, "--speed", "60", "--json", "--data", data, "--log", f"sqlite:{log}"]

    with Program(*arguments, env=environment, CHATPULSE_FLUSH_S=str(FLUSH_S)) as run:
        run.until(lambda: run.totals()["stored"] > 0, within_s=20)
        disk.fill(run.pid)
        run.until(lambda: not run.healthy(), within_s=FLUSH_S + 1)
        assert run.get("/healthz").status_code == 503
        assert "make room" in run.get("/healthz").json()["reason"]
        # Tables whose place cannot be noted in a full record stand still as well.
        run.until(lambda: len(run.paused()) >= len(where.split(" and ")), within_s=FLUSH_S + 1)
        at_first = run.totals()
        time.sleep(0.5)
        later = run.totals()
        assert later["stored"] == at_first["stored"] or "tables" not in where
        assert (later["lines"] == at_first["lines"]) == ("record" in where)
        disk.make_room(run.pid)
        run.until(run.healthy, within_s=1.5)
        summary = run.end()

    assert summary["stored"] == summary["lines"]
    assert summary["dropped"] == 0
    assert stored(answer, data) == expected(truth)


@pytest.mark.slow
def test_a_replay_stopped_while_tables_are_full_leaves_at_once_and_is_finished_later(
    disk: Disk, answer: Answer, recording: Recording, tmp_path: Path, environment: dict[str, str]
) -> None:
    path, truth = recording(seconds=100)
    data = disk.folder / "chat"
    arguments = ["replay", path, "--json", "--data", data, "--log", f"sqlite:{tmp_path / 'record.db'}"]

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
    with simulated(per_s=300) as twitch:
        arguments = ["live", *ROOMS, "--server", twitch.address, "--json", "--data", data]
        with Program(*arguments, env=environment, CHATPULSE_FLUSH_S=str(FLUSH_S)) as run:
            run.until(lambda: run.totals()["stored"] > 0, within_s=20)
            disk.fill(run.pid)
            run.until(lambda: not run.healthy(), within_s=1)
            before = run.totals()["lines"]
            # What is on its way is lost, and so is what is said before the next connection.
            twitch.strike(Fault(kind=FaultKind.RESET))
            run.until(lambda: twitch.settled(connections=2), within_s=10)
            assert run.totals()["lines"] == before
            disk.make_room(run.pid)
            run.until(run.healthy, within_s=1.5)
            twitch.hush(run)
            summary = run.leave()
        lost = missing(answer, data, twitch.said())

    assert summary["dropped"] == 0
    assert summary["messages"] + len(lost) == len(twitch.said())
    assert "there was no room to keep it" in {gap["reason"] for gap in run.logged("chat.gap")}
    assert in_gaps(lost, run.logged("chat.gap"))


@pytest.mark.slow
def test_live_chat_stopped_on_a_full_disk_is_kept_or_a_gap(
    disk: Disk, answer: Answer, tmp_path: Path, environment: dict[str, str]
) -> None:
    data = disk.folder / "chat"
    (tmp_path / "nothing.irc").write_text("PING :tmi.twitch.tv\n")
    with simulated(per_s=300) as twitch:
        arguments = ["live", *ROOMS, "--server", twitch.address, "--json", "--data", data]
        with Program(*arguments, env=environment, CHATPULSE_FLUSH_S=str(FLUSH_S)) as run:
            run.until(lambda: run.totals()["stored"] > 0, within_s=20)
            disk.fill(run.pid)
            run.until(lambda: not run.healthy(), within_s=1)
            twitch.hush(run)
            summary = run.leave()
            disk.make_room(run.pid)
        answer("replay", tmp_path / "nothing.irc", "--no-web", "--data", data)
        lost = missing(answer, data, twitch.said())

    assert "left while not everything could be kept" in run.said[-1]
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


def test_rows_behind_those_that_were_given_up_are_left_to_the_next_run(
    recording: Recording, answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, truth = recording(seconds=30)
    settings = load({"data": str(tmp_path / "chat"), "flush_rows": 100})
    refusals: list[str] = []

    async def replay_and_stop() -> Summary:
        async with wiring.pipeline(settings, Replay([path], speed=None), Plan.of(settings, Mode.REPLAY)) as pipeline:

            def refuse_once_more(store: Store, size_bytes: int) -> None:
                if not pipeline.stopped or "last" not in refusals:
                    refusals.append("last" if pipeline.stopped else "first")
                    raise StorageFullError(f"{store.url}: no room for {size_bytes}")

            monkeypatch.setattr("chatpulse.lake.write.check_room", refuse_once_more)
            running = asyncio.create_task(pipeline.run())
            async with asyncio.timeout(5):
                while not refusals or pipeline.totals()["lines"] < 300:  # noqa: ASYNC110 - it has no event
                    await asyncio.sleep(0.01)
            await pipeline.stop()
            return await running

    first = asyncio.run(replay_and_stop())
    second = answer("replay", path, "--speed", "max", "--no-web", "--data", settings.data)

    assert (first.stored, first.dropped) == (0, 0)
    assert second["stored"] == sum(channel.buckets.total() for channel in truth.channels.values())
    assert stored(answer, tmp_path / "chat") == expected(truth)
