"""The connection is lost while chat is collected: what arrived is stored once, what did not is a gap in the log."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatpulse.domain.live import HealthStatus, Mode
from chatpulse.pipelines import wiring
from chatpulse.pipelines.live import LivePipeline
from chatpulse.pipelines.parts import Plan
from chatpulse.registry import backend
from chatpulse.settings import load
from chatpulse.simulation.core.faults import Fault, FaultKind
from chatpulse.twitch import Listener
from chatpulse.twitch.link import World
from tests.faults.program import Program
from tests.faults.twitch import ROOMS, Simulated, in_gaps, missing, simulated

Answer = Callable[..., Any]


@pytest.mark.slow
def test_lost_connections_lose_nothing_that_is_not_in_the_log(
    answer: Answer, tmp_path: Path, environment: dict[str, str]
) -> None:
    with simulated(per_s=300) as twitch:
        arguments = ["live", *ROOMS, "--server", twitch.address, "--json", "--data", tmp_path / "chat"]
        with Program(*arguments, env=environment) as run:
            for number, kind in enumerate((FaultKind.CLOSE, FaultKind.RESET, FaultKind.RECONNECT), start=1):
                heard = run.totals()["messages"]
                run.until(lambda heard=heard: run.totals()["messages"] > heard + 100, within_s=20)  # type: ignore[misc]
                twitch.strike(Fault(kind=kind))
                run.until(lambda number=number: twitch.settled(connections=number + 1), within_s=15)  # type: ignore[misc]
            twitch.hush(run)
            summary = run.leave()
        lost = missing(answer, tmp_path / "chat", twitch.said())
        gaps = run.logged("chat.gap")

    assert summary["dropped"] == 0
    assert summary["messages"] + len(lost) == len(twitch.said())
    assert in_gaps(lost, gaps)
    # A RECONNECT is no gap: the old connection talks on until the new one does.
    reasons = [gap["reason"].rpartition(": ")[2] for gap in gaps]
    assert sorted(reasons) == sorted(2 * ["the server closed the connection", "the connection broke"])
    assert len(lost) < len(twitch.said()) / 2


@pytest.mark.slow
def test_a_silent_server_turns_health_red_and_is_a_gap(answer: Answer, tmp_path: Path) -> None:
    settings = load({"data": str(tmp_path / "chat")})

    async def collect(twitch: Simulated) -> tuple[Any, list[Any]]:
        url = twitch.twitch.url
        # 35 s as 0.4 s.
        world = World(tick_s=0.02, ping_after_s=0.2, pong_within_s=0.2)
        listener = Listener(backend("twitch", url)(url), ROOMS, world=world)
        async with wiring.pipeline(settings, listener, Plan.of(settings, Mode.LIVE)) as pipeline:
            running = asyncio.create_task(pipeline.run())
            await until(lambda: pipeline.totals()["messages"] > 50)
            await asyncio.to_thread(twitch.strike, Fault(kind=FaultKind.SILENCE))
            await until(lambda: pipeline.health().status is HealthStatus.FAILING)
            assert "a PING was not answered" in pipeline.health().reason
            await until(lambda: twitch.settled(connections=2) and pipeline.health().status is HealthStatus.OK)
            heard = pipeline.totals()["messages"]
            await until(lambda: pipeline.totals()["messages"] > heard + 50)
            await finish(pipeline, twitch)
            return await running, list(listener.gaps)

    with simulated(per_s=300) as twitch:
        summary, gaps = asyncio.run(collect(twitch))
        lost = missing(answer, tmp_path / "chat", twitch.said())

    assert summary.dropped == 0
    assert lost
    assert in_gaps(lost, [{"channel": gap.channel, "from_us": gap.from_us, "to_us": gap.to_us} for gap in gaps])


async def finish(pipeline: LivePipeline, twitch: Simulated) -> None:
    """Let the server fall silent, and stop once its last word is in."""
    twitch.be_quiet()
    await until(twitch.twitch.finished.is_set)
    said = twitch.twitch.traffic.said.total()
    last = f"m{said - 1}"
    await until(lambda: last in twitch.twitch.traffic.delivered_ids)
    await asyncio.sleep(0.3)
    await pipeline.stop()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not condition():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.01)
