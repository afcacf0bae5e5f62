"""`chatpulse emotes` says what is known of channels' emotes, and asks for more when told to."""

import asyncio
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chatpulse.simulation.emote_services import RoomEmotes, SimulatedEmotes
from chatpulse.simulation.web_service import Mishap, MishapKind

Chatpulse = Callable[..., subprocess.CompletedProcess[str]]
Answer = Callable[..., Any]


@contextmanager
def served() -> Iterator[SimulatedEmotes]:
    """The services in a thread of their own."""
    rooms = {"77": RoomEmotes(seventv=["lampWave", "rainCover~"], bttv=["lampJam"]), "78": RoomEmotes(ffz=["PearW"])}
    world = SimulatedEmotes(rooms, everywhere=RoomEmotes(bttv=[":lamp:", "SoSnowy"]))
    loop, ready = asyncio.new_event_loop(), threading.Event()
    ended: asyncio.Future[None] = loop.create_future()

    async def serve() -> None:
        async with world:
            ready.set()
            await ended

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    ready.wait(5)
    try:
        yield world
    finally:
        loop.call_soon_threadsafe(ended.set_result, None)
        thread.join(5)
        loop.close()


def addresses(world: SimulatedEmotes) -> dict[str, str]:
    return {
        "CHATPULSE_EMOTES_7TV": world.seventv_url,
        "CHATPULSE_EMOTES_BTTV": world.bttv_url,
        "CHATPULSE_EMOTES_FFZ": world.ffz_url,
    }


def counts(sets: list[dict[str, Any]]) -> dict[str, tuple[int, int, int]]:
    return {line["provider"]: (line["emotes"], line["zero_width"], line["changes"]) for line in sets}


@pytest.mark.slow
def test_sets_are_fetched_kept_and_shown_with_their_age(answer: Answer, tmp_path: Path) -> None:
    data = ("--data", tmp_path / "chat")
    with served() as world:
        answer("emotes", "plum", "--room-id", "77", "--refresh", *data, **addresses(world))
        world.rooms["77"].bttv.append("lampNew")
        answer("emotes", "#Plum", "--refresh", *data, **addresses(world))

    report = answer("emotes", "plum", "pear", *data)

    plum, pear = report["channels"]
    assert (plum["channel"], plum["room_id"]) == ("plum", "77")
    assert counts(plum["sets"]) == {"7tv": (2, 1, 1), "bttv": (2, 0, 2), "ffz": (0, 0, 0)}
    assert counts(report["everywhere"]) == {"7tv": (0, 0, 0), "bttv": (2, 1, 1), "ffz": (0, 0, 0)}
    assert all(0 <= line["age_s"] < 60 for line in (*plum["sets"], *report["everywhere"]))
    assert plum["sets"][0]["since"] == "2020-09-13T12:26:40+00:00"
    assert pear == {"channel": "pear", "room_id": "", "sets": []}


@pytest.mark.slow
def test_a_service_that_does_not_answer_is_named_and_is_exit_code_1(chatpulse: Chatpulse, tmp_path: Path) -> None:
    with served() as world:
        world.mishaps.append(Mishap(kind=MishapKind.NO_JSON, path="/bttv/3/cached/users", times=9))

        done = chatpulse("emotes", "plum", "--room-id", "77", "--refresh", "--data", tmp_path, **addresses(world))

    assert done.returncode == 1
    assert f"{world.bttv_url}/cached/users/twitch/77: an answer that nobody understands" in done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["plum", "7tv", "2", "1", "1", "2020-09-13", "0", "min"] in rows
    assert ["plum", "bttv", "0", "0", "0", "never", "fetched"] in rows


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["plum", "--refresh"], "--room-id", id="a room that nobody knows"),
        pytest.param(["plum", "pear", "--room-id", "77"], "one channel", id="one room for two channels"),
        pytest.param(["plum", "--room-id", "x7"], "number", id="a room that is no number"),
        pytest.param(["not a name"], "not a name", id="a channel that can be none"),
    ],
)
def test_wrong_use_says_what_to_do(arguments: list[str], said: str, chatpulse: Chatpulse, tmp_path: Path) -> None:
    done = chatpulse("emotes", *arguments, "--data", tmp_path / "chat")

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr


def test_where_nothing_is_known_the_next_step_is_said(chatpulse: Chatpulse, tmp_path: Path) -> None:
    done = chatpulse("emotes", "plum", "--data", tmp_path / "chat")

    assert done.returncode == 0
    assert "chatpulse emotes plum --refresh" in done.stderr
    assert not (tmp_path / "chat").exists()


@pytest.mark.slow
def test_a_room_is_found_in_the_tables(
    answer: Answer, recording: Callable[..., tuple[Path, Any]], tmp_path: Path
) -> None:
    path, truth = recording(seconds=10)
    channel = next(iter(truth.channels))
    data = ("--data", tmp_path / "chat")
    answer("replay", path, "--speed", "max", "--no-web", *data)
    rows = answer("sql", f"select distinct room_id from messages where channel = '{channel}'", *data)

    with served() as world:
        world.rooms[rows[0]["room_id"]] = RoomEmotes(bttv=["lampJam"])
        report = answer("emotes", channel, "--refresh", *data, **addresses(world))

    assert counts(report["channels"][0]["sets"])["bttv"] == (1, 0, 1)
