"""`kill -9` at any instant: what was acknowledged is stored, and nothing is stored twice."""

import json
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatpulse.simulation.core.truth import Truth
from tests.conftest import PROGRAM
from tests.faults.program import Program

Answer = Callable[..., Any]
Recording = Callable[..., tuple[Path, Truth]]

TABLES = ("messages", "subscriptions", "events", "moderation", "room", "quarantine")


def killed_after(seconds: float, arguments: list[str], environment: dict[str, str]) -> bool:
    """Start the program, kill it after a while; whether it was still at work."""
    child = subprocess.Popen(
        [PROGRAM, *arguments], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
        child.wait()
        return True
    return False


def rows(answer: Answer, data: Path) -> list[list[int]]:
    found = answer(
        "sql",
        " union all by name ".join(
            f"select '{table}' as t, count(*) as n, count(distinct id) as ids from {table}" for table in TABLES
        ),
        "--data",
        data,
    )
    return sorted([row["t"], row["n"], row["ids"]] for row in found)


def check_kills(
    kills: int, seconds: float, *, answer: Answer, recording: Recording, where: Path, env: dict[str, str]
) -> int:
    path, _ = recording(seconds=seconds)
    began_s = time.monotonic()
    whole = answer("replay", path, "--speed", "max", "--no-web", "--data", where / "whole")
    took_s = time.monotonic() - began_s
    expected = rows(answer, where / "whole")
    dice, at_work = random.Random(1), 0
    for number in range(kills):
        data = where / f"killed-{number}"
        arguments = ["replay", str(path), "--speed", "max", "--no-web", "--data", str(data)]
        # Spread over the whole run, start-up and the last flush included.
        at_work += killed_after(took_s * (number + dice.random()) / kills, arguments, env)

        again = answer(*arguments)

        assert again["lines"] == whole["lines"]
        assert rows(answer, data) == expected
        assert all(n == ids for _, n, ids in expected)
    return at_work


@pytest.mark.slow
def test_a_killed_replay_stores_every_line_once(
    answer: Answer, recording: Recording, tmp_path: Path, environment: dict[str, str]
) -> None:
    at_work = check_kills(5, 120, answer=answer, recording=recording, where=tmp_path, env=environment)

    assert at_work >= 3


@pytest.mark.soak
def test_a_replay_killed_fifty_times_stores_every_line_once(
    answer: Answer, recording: Recording, tmp_path: Path, environment: dict[str, str]
) -> None:
    at_work = check_kills(50, 900, answer=answer, recording=recording, where=tmp_path, env=environment)

    assert at_work >= 40


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run_flushes_and_leaves_within_five_seconds(
    number: signal.Signals, answer: Answer, tmp_path: Path, environment: dict[str, str]
) -> None:
    with Program("demo", "--json", "--data", tmp_path / "chat", env=environment) as run:
        run.until(lambda: run.totals()["messages"] > 20, within_s=20)
        summary = run.leave(number)

    assert summary["messages"] > 20
    assert summary["dropped"] == 0
    assert answer("sql", "select count(*) as n from messages", "--data", tmp_path / "chat") == [
        {"n": summary["messages"]}
    ]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("after_s", [0.8, 1.2, 1.8])
def test_a_run_stopped_while_it_opens_leaves_nothing_behind(
    number: signal.Signals, after_s: float, tmp_path: Path, environment: dict[str, str]
) -> None:
    child = subprocess.Popen(
        [PROGRAM, "demo", "--no-web", "--json"],
        env={**environment, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stderr is not None
    child.stderr.readline()  # it has said where its tables are: from here on it can be stopped
    time.sleep(after_s - 0.8)
    child.send_signal(number)
    said, _ = child.communicate(timeout=20)

    assert child.returncode == 0
    assert json.loads(said)["dropped"] == 0
    assert list(tmp_path.glob("chatpulse-demo-*")) == []
