"""A recording's chat is whole after faults on every third request and `kill -9` at any instant."""

import json
import random
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from chatpulse.simulation.core.gql import GqlFault, GqlScript
from chatpulse.simulation.core.recordings import record_evening
from tests.conftest import PROGRAM
from tests.gql import ServedGql

KILLS = 5
RANGES = 4
QUICK = {"CHATPULSE_GQL_BACKOFF_S": "0.02", "CHATPULSE_GQL_BACKOFF_MOST_S": "0.1"}


def start(served: ServedGql, out: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [PROGRAM, "vod-chat", "1001", "--server", served.url, "--parallel", str(RANGES), "--out", out, "--json"],
        env={**environment, **QUICK},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def kill_after(pages: int, moment_s: float, child: subprocess.Popen[bytes], served: ServedGql) -> None:
    """Kill it some moment after it was handed some pages."""
    wanted = served.session.pages.total() + pages
    deadline_s = time.monotonic() + 30
    while served.session.pages.total() < wanted and time.monotonic() < deadline_s:
        time.sleep(1e-3)
    time.sleep(moment_s)
    assert child.poll() is None, "it was still at work"
    child.send_signal(signal.SIGKILL)
    child.communicate()


@pytest.mark.slow
def test_a_killed_fetch_goes_on_and_ends_with_the_same_bytes(tmp_path: Path, environment: dict[str, str]) -> None:
    vod = record_evening(9, video_id="1001", seconds=900)
    dice = random.Random(20)
    with ServedGql(GqlScript(vods=[vod])) as calm:
        undisturbed = start(calm, tmp_path / "whole.json", environment)
        undisturbed.communicate(timeout=60)

    with ServedGql(GqlScript(vods=[vod], fault_every=3, slow_s=0.05, latency_s=0.02)) as served:
        for _ in range(KILLS):
            child = start(served, tmp_path / "killed.json", environment)
            kill_after(dice.randint(1, 20), dice.random() * 0.05, child, served)
            assert not (tmp_path / "killed.json").exists()
        last = start(served, tmp_path / "killed.json", environment)
        said, trouble = last.communicate(timeout=100)
        session = served.session

    assert last.returncode == 0, trouble
    report = json.loads(said)["videos"][0]
    assert (report["resumed"], report["comments"], report["ranges"]) == (True, len(vod.comments), RANGES)
    assert json.loads((tmp_path / "killed.json").read_bytes()) == vod.nodes()
    for ending in ("json", "vod.json"):
        assert (tmp_path / f"killed.{ending}").read_bytes() == (tmp_path / f"whole.{ending}").read_bytes()
    assert session.struck.keys() == set(GqlFault)
    assert session.struck.total() == session.requests // 3
    asked_again = session.pages.total() - len(session.pages)
    assert asked_again <= KILLS * RANGES
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "killed.json", "killed.vod.json", "whole.json", "whole.vod.json",
    ]  # fmt: skip
