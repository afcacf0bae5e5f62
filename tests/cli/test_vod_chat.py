"""`chatpulse vod-chat` as a person and a program meet it."""

import json
import os
import pty
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatpulse.simulation.core.gql import GqlScript
from chatpulse.simulation.core.recordings import record_evening
from tests.conftest import PROGRAM
from tests.gql import ServedGql

Chatpulse = Callable[..., subprocess.CompletedProcess[str]]
Answer = Callable[..., Any]

EVENING = record_evening(5, video_id="1001", seconds=60)
ANOTHER = replace(EVENING, id="1002", title="another evening")
QUICK = {"CHATPULSE_GQL_BACKOFF_S": "0.01", "CHATPULSE_GQL_ATTEMPTS": "3"}


@pytest.fixture
def served() -> Iterator[ServedGql]:
    with ServedGql(GqlScript(vods=[ANOTHER, EVENING], subscribers_only=["1003"])) as server:
        yield server


def test_a_recording_becomes_a_file_and_a_summary(served: ServedGql, answer: Answer, tmp_path: Path) -> None:
    report = answer("vod-chat", "https://www.twitch.tv/videos/1001", "--server", served.url)

    (video,) = report["videos"]
    assert json.loads((tmp_path / "1001.json").read_bytes()) == EVENING.nodes()
    assert json.loads((tmp_path / "1001.vod.json").read_bytes())["channel"] == EVENING.channel
    assert (video["file"], video["info_file"], video["error"]) == ("1001.json", "1001.vod.json", "")
    assert video["comments"] == report["total"]["comments"] == len(EVENING.comments)
    assert {name: report["total"][name] for name in ("videos", "failed", "retries")} == {
        "videos": 1, "failed": 0, "retries": 0,
    }  # fmt: skip
    assert video["requests"] == video["pages"] + 1 == served.session.requests
    assert video["seconds"] > 0


def test_a_person_reads_what_came_of_it(served: ServedGql, chatpulse: Chatpulse) -> None:
    done = chatpulse("vod-chat", "1001", "--server", served.url, "--out", "evening.json", "--shift", "1001=90")

    assert done.returncode == 0, done.stderr
    facts = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert facts["comments"] == f"{len(EVENING.comments):,}"
    assert (facts["file"], facts["shifted"]) == ("evening.json", "+90 s")
    assert done.stderr == ""


def test_a_recording_goes_into_the_tables_with_one_command(served: ServedGql, answer: Answer) -> None:
    ask = ("vod-chat", "1001", "--import", "--server", served.url, "--data", "chat")

    first, again = answer(*ask)["imported"]["total"], answer(*ask)["imported"]["total"]

    assert (first["read"], first["stored"]) == (len(EVENING.comments), len(EVENING.comments))
    assert (again["stored"], again["duplicates"]) == (0, len(EVENING.comments))
    found = answer("sql", "select distinct source, video_id, channel, time_kind from messages", "--data", "chat")
    assert found == [{"source": "vod", "video_id": "1001", "channel": EVENING.channel, "time_kind": "epoch"}]


def test_the_newest_recordings_of_a_channel_go_into_a_folder(served: ServedGql, answer: Answer, tmp_path: Path) -> None:
    report = answer("vod-chat", "--user", EVENING.channel, "--last", "2", "--out", "chats", "--server", served.url)

    assert [video["video_id"] for video in report["videos"]] == ["1002", "1001"]
    assert sorted(path.name for path in (tmp_path / "chats").iterdir()) == [
        "1001.json", "1001.vod.json", "1002.json", "1002.vod.json",
    ]  # fmt: skip


def test_one_that_cannot_be_had_does_not_stop_the_others(served: ServedGql, chatpulse: Chatpulse) -> None:
    done = chatpulse("vod-chat", "77", "1001", "--server", served.url, "--json")

    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert [bool(video["error"]) for video in report["videos"]] == [True, False]
    assert report["total"]["failed"] == 1
    assert done.stderr.splitlines() == [f"chatpulse: {report['videos'][0]['error']}"]
    assert "video 77 does not exist" in done.stderr


def test_a_server_that_does_not_answer_is_not_asked_for_the_rest(chatpulse: Chatpulse) -> None:
    with ServedGql(GqlScript(vods=[])) as gone:
        url = gone.url

    done = chatpulse("vod-chat", "1001", "1002", "--server", url, "--json", **QUICK)

    assert done.returncode == 1
    assert [video["video_id"] for video in json.loads(done.stdout)["videos"]] == ["1001"]
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "--user", id="nothing"),
        pytest.param(["1001", "--shift", "nan"], "--shift", id="a correction that is no number"),
        pytest.param(["1001", "--server", "ftp://h/gql"], "gql_url", id="a server that nobody can ask"),
        pytest.param(["1001", "--parallel", "99"], "gql_parallel", id="more than Twitch takes"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(arguments: list[str], said: str, chatpulse: Chatpulse) -> None:
    done = chatpulse("vod-chat", *arguments)

    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_terminal_shows_how_far_it_is(served: ServedGql, environment: dict[str, str], tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [PROGRAM, "vod-chat", "1001", "--server", served.url],
        env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=theirs,
    )  # fmt: skip
    assert child.wait(30) == 0
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    os.close(theirs)

    assert f"1001  [{'#' * 24}] 100%  {len(EVENING.comments):,} comments  " in shown
    assert "/s  0:00 left" in shown
    assert shown.endswith("\r\x1b[2K")


@pytest.mark.slow
def test_doctor_says_when_the_hash_is_rotated(served: ServedGql, chatpulse: Chatpulse) -> None:
    with ServedGql(GqlScript(vods=[], hashes=["ab" * 32])) as rotated:
        found = [
            {check["name"]: check for check in json.loads(done.stdout)["checks"]}["vod-chat"]
            for server in (served, rotated)
            for done in [chatpulse("doctor", "--json", CHATPULSE_GQL_URL=server.url)]
        ]

    assert [check["status"] for check in found] == ["ok", "warning"]
    assert "hash rotated" in found[1]["found"]
    assert "gql_hash" in found[1]["advice"]
