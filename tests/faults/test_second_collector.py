"""One process collects into a record; others may look at what it has stored."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatpulse.simulation.core.truth import Truth
from tests.faults.program import Program

Answer = Callable[..., Any]
Chatpulse = Callable[..., subprocess.CompletedProcess[str]]
Recording = Callable[..., tuple[Path, Truth]]


@pytest.fixture
def collector(recording: Recording, tmp_path: Path, environment: dict[str, str]) -> Iterator[Program]:
    """A collector that has stored something and goes on for long."""
    path, _ = recording(seconds=300)
    arguments = ["replay", path, "--speed", "4", "--json", "--data", tmp_path / "chat"]
    with Program(*arguments, env=environment, CHATPULSE_FLUSH_S="0.2") as run:
        run.until(lambda: run.totals()["stored"] > 100, within_s=20)
        yield run


@pytest.mark.slow
def test_a_second_collector_is_refused_and_told_who_collects(
    collector: Program, chatpulse: Chatpulse, recording: Recording, tmp_path: Path
) -> None:
    path, _ = recording(seconds=2, name="other.irc.gz")
    same_record = ["--data", tmp_path / "elsewhere", "--log", f"sqlite:{tmp_path / 'chat' / 'record.db'}"]
    same_tables = ["--data", tmp_path / "chat", "--log", f"sqlite:{tmp_path / 'other.db'}"]
    nothing_else_shared = [*same_tables, "--state", tmp_path / "other"]
    by_another_name = ["--data", (tmp_path / "chat").as_uri(), *nothing_else_shared[2:]]

    for where in (same_record, same_tables, nothing_else_shared, by_another_name):
        done = chatpulse("replay", path, "--speed", "max", "--no-web", *where)

        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.splitlines()[-1].startswith("chatpulse: ")
        assert f"belongs to running process {collector.pid} " in done.stderr
    assert not (tmp_path / "other.db").exists()
    assert collector.healthy()


@pytest.mark.slow
def test_others_look_at_what_a_collector_has_stored(
    collector: Program, answer: Answer, recording: Recording, tmp_path: Path, environment: dict[str, str]
) -> None:
    path, truth = recording(seconds=2, name="other.irc.gz")
    data = tmp_path / "chat"

    (first,) = answer("sql", "select count(*) as n from messages", "--data", data)
    report = answer("lake", "compact", "--data", data)
    found = answer("inspect", path)
    with Program("serve", "--data", data, env=environment) as viewer:
        viewer.until(viewer.healthy, within_s=20)
        seen = viewer.totals()["messages"]
    (last,) = answer("sql", "select count(*) as n from messages", "--data", data)

    assert 0 < first["n"] <= seen <= last["n"]
    assert "messages" in [table["table"] for table in report["tables"]]
    assert found["total"]["lines"] == sum(channel.buckets.total() for channel in truth.channels.values())
    assert collector.healthy()
    summary = collector.leave()
    assert summary["dropped"] == 0
    (end,) = answer("sql", "select count(*) as n, count(distinct id) as ids from messages", "--data", data)
    assert end["n"] == end["ids"] == summary["messages"]
