"""Wishes for recorded chat that can be none, and where results go."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatpulse.errors import ChatPulseError, InputError
from chatpulse.pipelines.vod_chat import Report, Wish, fetch_chats, look_for_hash
from chatpulse.settings import Settings
from chatpulse.simulation.core.gql import GqlFault, GqlScript
from chatpulse.simulation.core.recordings import record_evening
from tests.gql import ServedGql

EVENING = record_evening(5, video_id="1001", seconds=20)
VODS = [EVENING, replace(EVENING, id="1002")]


@pytest.fixture
def served() -> Iterator[ServedGql]:
    with ServedGql(GqlScript(vods=VODS)) as server:
        yield server


def fetch(served: ServedGql, **wish: Any) -> Report:
    settings = Settings(gql_url=served.url)
    return asyncio.run(fetch_chats(settings, Wish(**wish), report=lambda _: None, done=lambda _: None))


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        pytest.param({}, "--user", id="nothing"),
        pytest.param({"videos": ["1001"], "channel": "reef"}, "--user", id="both"),
        pytest.param({"videos": ["reef"]}, "'reef' is no recording", id="no id"),
        pytest.param({"channel": "#reef"}, "'#reef' is no channel name", id="no login"),
        pytest.param({"channel": "nobody"}, "channel nobody does not exist", id="nobody"),
        pytest.param({"videos": ["1001", "1002"], "out": Path("a.json")}, "give a folder", id="one file for two"),
        pytest.param({"channel": EVENING.channel, "last": 2, "out": Path("a.json")}, "folder", id="one file for all"),
    ],
)
def test_a_wish_that_can_be_none_is_named(wish: dict[str, Any], said: str, served: ServedGql) -> None:
    with pytest.raises(InputError, match=said):
        fetch(served, **wish)


@pytest.mark.parametrize(
    ("wish", "files"),
    [
        pytest.param({"videos": ["1001"], "out": "new/a.json"}, ["new/a.json"], id="a name in a new folder"),
        pytest.param({"videos": ["1001"], "out": "."}, ["1001.json"], id="a folder for one"),
        pytest.param(
            {"videos": ["v1001", "1001", "1002"], "out": "b"}, ["b/1001.json", "b/1002.json"], id="two of three"
        ),
        pytest.param({"channel": EVENING.channel, "out": "c.json"}, ["c.json"], id="a name for the newest"),
    ],
)
def test_results_go_where_they_are_wanted(
    wish: dict[str, Any], files: list[str], served: ServedGql, tmp_path: Path
) -> None:
    report = fetch(served, **{**wish, "out": tmp_path / wish["out"]})

    assert [video.file for video in report.videos] == [str(tmp_path / name) for name in files]
    assert all((tmp_path / name).is_file() for name in files)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        pytest.param({"hashes": []}, "hash rotated", id="rotated"),
        pytest.param({"fault_every": 1, "faults": [GqlFault.ERRORS]}, "not looked for: service error", id="down"),
    ],
)
def test_a_hash_that_is_not_known_is_reported(script: dict[str, Any], said: str, served: ServedGql) -> None:
    with ServedGql(GqlScript(vods=[], **script)) as worse, pytest.raises(ChatPulseError, match=said):
        asyncio.run(look_for_hash(Settings(gql_url=worse.url), timeout_s=5.0))

    assert "knows the query" in asyncio.run(look_for_hash(Settings(gql_url=served.url), timeout_s=5.0))
