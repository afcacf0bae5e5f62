"""Chat is read with the emotes of its channel and time, live, replayed and imported, whatever the services do."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from chatpulse.domain.live import Mode
from chatpulse.lake import query
from chatpulse.pipelines import wiring
from chatpulse.pipelines.emotes import EmotesByTime, known_emotes, services_for
from chatpulse.pipelines.parts import Plan
from chatpulse.settings import Settings, load
from chatpulse.simulation.core.wire import TimedLine
from chatpulse.simulation.emote_services import RoomEmotes, SimulatedEmotes
from chatpulse.simulation.server import Script, SimulatedTwitch
from chatpulse.simulation.web_service import Mishap, MishapKind
from chatpulse.twitch import Replay
from chatpulse.twitch.core.emote_history import GLOBAL
from chatpulse.twitch.core.emote_sets import Emote, EmoteSet, Provider
from chatpulse.twitch.emote_store import EmoteStore, Kept

SECOND_US = 1_000_000
START_US = 1_790_000_000 * SECOND_US
ALL = (Provider.SEVENTV, Provider.BTTV, Provider.FFZ)


def store_with(folder: Path, *, room_id: str = "77", channel: str = "reef", **sets: int) -> EmoteStore:
    """A store in which each name is the whole BetterTTV set from its second on."""
    store, kept = EmoteStore(folder), Kept()
    for name, second in sets.items():
        emote = Emote(name=name, id=name, provider=Provider.BTTV, zero_width=name.startswith("cover"))
        changes = kept.history.take(EmoteSet(emotes=(emote,)), at_us=START_US + second * SECOND_US)
        store.write(room_id, Provider.BTTV, kept=kept, changes=changes)
    if channel:
        store.name(channel, room_id)
    return store


def said(number: int, second: float, text: str) -> str:
    ts_ms = (START_US + int(second * SECOND_US)) // 1_000
    tags = f"@id=m{number};room-id=77;user-id=5;display-name=Ann;tmi-sent-ts={ts_ms}"
    return f"{tags} :ann!ann@ann.tmi.twitch.tv PRIVMSG #reef :{text}"


def emote_texts(data: Path) -> dict[str, bool]:
    """Whether each stored text was read as emotes only."""
    rows = query(str(data), "SELECT id, list_contains(flags, 'emote_only') FROM messages ORDER BY id").rows()
    return {name: bool(is_emote) for name, is_emote in rows}


# -- what the scorer asks


def test_each_time_has_its_set_and_each_set_is_one_value(tmp_path: Path) -> None:
    sets = EmotesByTime(store_with(tmp_path, lamp=0, coverHat=60))

    found = {second: sets.at("reef", START_US + second * SECOND_US) for second in (0, 59, 60, 10**6)}

    assert {second: set(emotes.names) for second, emotes in found.items() if emotes is not None} == {
        0: {"lamp"}, 59: {"lamp"}, 60: {"coverHat"}, 10**6: {"coverHat"},
    }  # fmt: skip
    assert found[60] is not None
    assert found[60].zero_width == {"coverHat"}
    assert found[59] is found[0] is sets.at("reef", START_US)
    assert found[60] is found[10**6] is sets.at("reef", None)


def test_before_anything_is_known_only_names_count_that_are_no_words(tmp_path: Path) -> None:
    store = store_with(tmp_path, lamp=0)
    store_with(tmp_path, room_id="78", channel="bay", lampJAM=0)
    store_with(tmp_path, room_id=GLOBAL, channel="", everyLAMP=0)
    sets = EmotesByTime(store)

    names = {
        (channel, second): getattr(sets.at(channel, START_US + second * SECOND_US), "names", None)
        for channel, second in (("reef", -1), ("reef", 1), ("bay", -1), ("elsewhere", 1))
    }

    assert names == {
        ("reef", -1): {"everyLAMP"},
        ("reef", 1): {"everyLAMP", "lamp"},
        ("bay", -1): {"everyLAMP", "lampJAM"},
        ("elsewhere", 1): {"everyLAMP"},
    }


def test_where_nothing_is_known_there_is_no_set(tmp_path: Path) -> None:
    assert EmotesByTime(EmoteStore(tmp_path)).at("reef", START_US) is None


def test_a_damaged_store_is_said_once_and_costs_no_score(tmp_path: Path) -> None:
    store = EmoteStore(tmp_path)
    store.path.write_bytes(b"broken" * 999)

    with capture_logs() as logs:
        sets = EmotesByTime(store)
        found = [sets.at("reef", START_US) for _ in range(3)]

    assert found == [None] * 3
    assert [line["event"] for line in logs] == ["emotes.not_read"]


@pytest.mark.parametrize(("age_h", "level"), [(2, "info"), (30, "warning")])
def test_the_age_of_a_cached_set_is_said(age_h: int, level: str, tmp_path: Path) -> None:
    sets = EmotesByTime(store_with(tmp_path, lamp=0), wall_us=lambda: START_US + age_h * 3_600 * SECOND_US)

    with capture_logs() as logs:
        sets.at("reef", START_US)
        sets.at("reef", None)

    assert logs == [{"event": "emotes.from_cache", "channel": "reef", "set_age_h": float(age_h), "log_level": level}]


def test_many_channels_do_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatpulse.pipelines.emotes.MOST_CHANNELS", 10)
    sets = EmotesByTime(store_with(tmp_path, lamp=0))

    for number in range(35):
        sets.at(f"channel{number}", START_US)

    assert len(sets._channels) <= 10
    assert sets.at("reef", None) is not None


# -- who is asked


@pytest.mark.parametrize(
    ("server", "values", "asked"),
    [
        pytest.param("wss://irc-ws.chat.twitch.tv:443", {}, ALL, id="Twitch"),
        pytest.param("irc.chat.twitch.tv:6667", {}, ALL, id="Twitch by host and port"),
        pytest.param("wss://irc-ws.chat.twitch.tv:443", {"emotes": "off"}, (), id="switched off"),
        pytest.param("irc://127.0.0.1:6667", {}, (), id="a simulated server"),
        pytest.param("irc://nottwitch.tv:6667", {}, (), id="a name that only ends alike"),
        pytest.param("irc://127.0.0.1:6667", {"emotes_ffz": "http://h/v1"}, (Provider.FFZ,), id="a service of its own"),
        pytest.param("", {"emotes_ffz": "http://h/v1"}, (), id="a recording"),
        pytest.param("irc://[::1:6667", {}, (), id="no address"),
    ],
)
def test_only_channels_of_twitch_are_asked_for(
    server: str, values: dict[str, str], asked: tuple[Provider, ...], tmp_path: Path
) -> None:
    settings = load({"data": str(tmp_path), **values})

    assert services_for(settings, server) == asked
    assert Plan.of(settings, Mode.LIVE, server=server).emote_services == asked


def test_the_scorer_asks_nobody_where_nothing_can_be_known(tmp_path: Path) -> None:
    settings = load({"data": str(tmp_path)})

    assert known_emotes(settings) is None
    assert known_emotes(settings, fetches=True) is not None
    store_with(settings.state_folder(), lamp=0)
    assert known_emotes(settings) is not None
    assert known_emotes(load({"data": str(tmp_path), "emotes": "off"}), fetches=True) is None


# -- through the pipelines


@pytest.mark.slow
def test_a_replay_reads_each_message_with_the_set_of_its_time(tmp_path: Path) -> None:
    settings = load({"data": str(tmp_path / "chat")})
    store_with(settings.state_folder(), lamp=0, other=60)
    recording = tmp_path / "evening.irc"
    recording.write_text("".join(f"{said(n, n * 40, 'lamp')}\n" for n in range(4)))

    async def run() -> None:
        async with wiring.pipeline(settings, Replay([recording], speed=None), Plan.of(settings, Mode.REPLAY)) as line:
            await line.run()

    asyncio.run(run())

    assert emote_texts(tmp_path / "chat") == {"m0": True, "m1": True, "m2": False, "m3": False}


def live_settings(world: SimulatedEmotes, data: Path) -> Settings:
    return load({
        "data": str(data),
        "emotes_7tv": world.seventv_url,
        "emotes_7tv_events": world.events_url,
        "emotes_bttv": world.bttv_url,
        "emotes_ffz": world.ffz_url,
        "flush_s": 0.2,
    })


def talk(texts: int, *, per_s: float) -> Iterator[TimedLine]:
    for number in range(texts):
        ts_ms = int(time.time() * 1_000)
        tags = f"@id=m{number:03d};room-id=77;user-id=5;tmi-sent-ts={ts_ms}"
        yield TimedLine(number / per_s, "reef", f"{tags} :ann!ann@ann.tmi.twitch.tv PRIVMSG #reef :lamp")


async def collect(world: SimulatedEmotes, data: Path, *, texts: int = 40, per_s: float = 20) -> Any:
    """Listen to somebody who says `lamp` and nothing else; the last health."""
    settings = live_settings(world, data)
    async with SimulatedTwitch(Script(lines=talk(texts, per_s=per_s), rooms={"reef": "77"})) as twitch:
        source = wiring.listener(twitch.url, ["reef"])
        async with wiring.pipeline(settings, source, Plan.of(settings, Mode.LIVE, server=twitch.url)) as line:
            await source.start()
            running = asyncio.create_task(line.run())
            await asyncio.wait_for(twitch.finished.wait(), 20)
            await until_heard(line, texts)
            health = line.health()
            await line.stop()
            await running
    return health


async def until_heard(line: Any, texts: int) -> None:
    async with asyncio.timeout(10):
        while line.totals()["scored"] < texts:  # noqa: ASYNC110  (a condition with a deadline)
            await asyncio.sleep(0.02)


@pytest.mark.slow
def test_live_chat_is_read_with_what_the_services_say(tmp_path: Path) -> None:
    async def run() -> Any:
        async with SimulatedEmotes({"77": RoomEmotes(seventv=["lamp"])}) as world:
            return await collect(world, tmp_path / "chat")

    health = asyncio.run(run())

    found = list(emote_texts(tmp_path / "chat").values())
    assert len(found) == 40
    assert found[-1]
    assert found == sorted(found)
    assert (health.status, health.note) == ("ok", "")


@pytest.mark.slow
def test_services_that_are_down_cost_no_message_and_the_last_set_counts(tmp_path: Path) -> None:
    store_with(load({"data": str(tmp_path / "chat")}).state_folder(), lamp=0)

    async def run() -> Any:
        async with SimulatedEmotes({}) as world:
            world.mishaps.append(Mishap(kind=MishapKind.SILENCE, path="/7tv", times=99, seconds=0.2))
            world.mishaps.append(Mishap(kind=MishapKind.CUT, times=99))
            # Each service gives up after its third attempt, with waits of up to 1 and 2 s between them.
            return await collect(world, tmp_path / "chat", texts=90)

    health = asyncio.run(run())

    assert list(emote_texts(tmp_path / "chat").values()) == [True] * 90
    assert health.status == "ok"
    assert health.note.startswith("no emotes from 7tv, bttv, ffz at the moment: sets of up to ")
