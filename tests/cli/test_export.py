import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatpulse.domain.chat import Topic
from chatpulse.lake import TableWriter
from tests.lake.builders import STORED_US, messages, raid

Chatpulse = Callable[..., Any]
Answer = Callable[..., Any]


@pytest.fixture
def data(tmp_path: Path) -> str:
    """Tables with ten messages and a raid of aurora."""
    url = str(tmp_path / "chat")
    writer = TableWriter(url, record_id="r")
    writer.write(Topic.CHAT_MESSAGES, messages(0, 9), offsets=(0, 9), stored_us=STORED_US)
    writer.write(Topic.EVENTS, [raid(1)], offsets=(0, 0), stored_us=STORED_US)
    return url


def test_export_writes_a_span_of_a_channel_and_says_so(data: str, answer: Answer, tmp_path: Path) -> None:
    span = ("--since", "2026-09-21T14:13:22Z", "--until", "2026-09-21T14:13:25+00:00")

    report = answer("export", "chat", "--channel", "#Aurora", *span, "--to", "out.json", "--data", data)

    found = json.loads((tmp_path / "out.json").read_bytes())
    assert [comment["_id"] for comment in found["comments"]] == ["m000002", "m000003", "m000004"]
    assert {name: report[name] for name in ("path", "format", "channel", "rows", "first", "left_out")} == {
        "path": str(tmp_path / "out.json"),
        "format": "twitchdownloader",
        "channel": "aurora",
        "rows": 3,
        "first": "2026-09-21T14:13:22.000Z",
        "left_out": {},
    }


def test_export_of_events_tells_people_what_it_wrote(data: str, chatpulse: Chatpulse, tmp_path: Path) -> None:
    done = chatpulse("export", "events", "--channel", "aurora", "--to", "raids.csv", "--data", data)

    assert (done.returncode, done.stderr) == (0, "")
    assert "1 of aurora from events" in done.stdout
    assert str(tmp_path / "raids.csv") in done.stdout
    assert len((tmp_path / "raids.csv").read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["chat", "--to", "x.csv"], "--channel", id="no channel"),
        pytest.param(["chat", "--channel", "nobody", "--to", "x.csv"], "there are aurora", id="an unknown channel"),
        pytest.param(["chat", "--channel", "aurora", "--to", "x.csv", "--since", "noon"], "noon", id="no time"),
    ],
)
def test_wrong_use_of_export_is_one_line(
    arguments: list[str], said: str, data: str, chatpulse: Chatpulse, tmp_path: Path
) -> None:
    done = chatpulse("export", *arguments, "--data", data)

    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert said in line
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("command", ["export chat", "export moderation"])
def test_help_of_export_shows_an_example(command: str, chatpulse: Chatpulse) -> None:
    done = chatpulse(*command.split(), "--help")

    assert done.returncode == 0
    assert f"Example: chatpulse {command} --channel" in done.stdout
    assert [flag for flag in ("--since", "--to", "--data", "--json") if f" {flag} " not in done.stdout] == []
