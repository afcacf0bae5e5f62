"""The emote services over real sockets: what they say, what goes wrong, and what changes meanwhile."""

import asyncio
import contextlib
import copy
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from chatpulse.errors import ConnectionLostError, InputError
from chatpulse.simulation.emote_services import RoomEmotes, SimulatedEmotes
from chatpulse.simulation.web_service import Mishap, MishapKind
from chatpulse.twitch.backends import emotes as module
from chatpulse.twitch.backends.emotes import BttvEmotes, FfzEmotes, HttpEmotes, Patience, SevenTvChanges, SevenTvEmotes
from chatpulse.twitch.core.emote_sets import OwnerUpdate, SetUpdate

pytestmark = pytest.mark.anyio

ROOM = RoomEmotes(seventv=["lampWave", "rainCover~"], bttv=["lampJam"], shared=["(lamp)"], ffz=["LampW", "ffzSpin~"])
EVERYWHERE = RoomEmotes(seventv=["EVERYlamp"], bttv=[":lamp:"], ffz=["LampEverywhere"])


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def services(**more: Any) -> SimulatedEmotes:
    return SimulatedEmotes({"77": copy.deepcopy(ROOM), "78": RoomEmotes()}, everywhere=EVERYWHERE, **more)


class Waits:
    """Sleeps that take no time and are remembered."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)

    def patience(self, **more: Any) -> Patience:
        return Patience(rng=random.Random(7), sleep=self.sleep, **more)


async def names(service: HttpEmotes, room_id: str) -> list[str]:
    try:
        return [emote.name + "~" * emote.zero_width for emote in (await service.fetch(room_id)).emotes]
    finally:
        await service.close()


async def test_each_service_says_its_emotes() -> None:
    async with services() as world:
        found = {
            room_id: [
                await names(SevenTvEmotes(world.seventv_url), room_id),
                await names(BttvEmotes(world.bttv_url + "/"), room_id),
                await names(FfzEmotes(world.ffz_url), room_id),
            ]
            for room_id in ("77", "", "78", "79")
        }

    assert found == {
        "77": [["lampWave", "rainCover~"], ["lampJam", "(lamp)"], ["LampW", "ffzSpin~"]],
        "": [["EVERYlamp"], [":lamp:"], ["LampEverywhere"]],
        "78": [[], [], []],
        "79": [[], [], []],
    }
    assert "/7tv/v3/emote-sets/set78" in world.asked


@pytest.mark.parametrize("kind", [kind for kind in MishapKind if kind is not MishapKind.SILENCE])
async def test_a_mishap_is_tried_again(kind: MishapKind) -> None:
    waits = Waits()
    async with services() as world:
        world.mishaps.append(Mishap(kind=kind, times=2))

        found = await names(BttvEmotes(world.bttv_url, patience=waits.patience()), "77")

    assert found == ["lampJam", "(lamp)"]
    assert len(world.asked) == 3
    assert 0 <= waits.slept[0] <= 1
    assert 0 <= waits.slept[1] <= 2


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (MishapKind.SERVER_ERROR, "HTTP 500"),
        (MishapKind.TOO_MANY, "HTTP 429"),
        (MishapKind.NO_JSON, "nobody understands"),
        (MishapKind.OTHER_SHAPE, "nobody understands"),
        (MishapKind.CUT, "no answer"),
        (MishapKind.SILENCE, "no answer"),
    ],
)
async def test_a_service_that_stays_broken_is_an_error_that_says_so(kind: MishapKind, said: str) -> None:
    async with services() as world:
        world.mishaps.append(Mishap(kind=kind, times=9, seconds=0.3 if kind is MishapKind.SILENCE else 0))
        service = FfzEmotes(world.ffz_url, patience=Waits().patience(timeout_s=0.1))

        with pytest.raises(ConnectionLostError, match=said) as failed:
            await names(service, "77")

    assert f"{world.ffz_url}/room/id/77" in str(failed.value)
    assert len(world.asked) == 3


async def test_a_service_that_wants_to_be_left_alone_is() -> None:
    waits = Waits()
    async with services() as world:
        world.mishaps.append(Mishap(kind=MishapKind.TOO_MANY, seconds=20))

        await names(BttvEmotes(world.bttv_url, patience=waits.patience()), "")
        world.mishaps.append(Mishap(kind=MishapKind.TOO_MANY, seconds=600))
        with pytest.raises(ConnectionLostError, match="after 1 attempts"):
            await names(BttvEmotes(world.bttv_url, patience=waits.patience()), "")

    assert waits.slept == [20.0]


async def test_nothing_that_listens_is_an_error() -> None:
    async with services() as world:
        url = world.seventv_url

    with pytest.raises(ConnectionLostError, match="last known emotes"):
        await names(SevenTvEmotes(url, patience=Waits().patience()), "77")


async def test_an_endless_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ANSWER_BYTES", 50)
    async with services() as world:
        with pytest.raises(ConnectionLostError, match="MiB"):
            await names(BttvEmotes(world.bttv_url, patience=Waits().patience()), "77")


@pytest.mark.parametrize("url", ["7tv.io", "https://", "https://[::1/x"])
def test_a_url_without_a_server_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="names no server"):
        SevenTvChanges(url)


# -- changes


Update = SetUpdate | OwnerUpdate | None


@contextlib.asynccontextmanager
async def following(
    world: SimulatedEmotes, *, waits: Waits | None = None, first_beat_s: float = 30.0
) -> AsyncIterator[tuple[SevenTvChanges, Callable[[], Awaitable[Update]]]]:
    changes = SevenTvChanges(world.events_url, patience=(waits or Waits()).patience(), first_beat_s=first_beat_s)
    changes.follow({"set77"}, {"sev77"})
    heard: asyncio.Queue[Update] = asyncio.Queue()

    async def listen() -> None:
        async with contextlib.aclosing(changes.updates()) as updates:
            async for update in updates:
                heard.put_nowait(update)

    listener = asyncio.create_task(listen())
    try:
        await subscribed(world, ("emote_set.update", "set77"), ("user.update", "sev77"))
        yield changes, lambda: asyncio.wait_for(heard.get(), 5)
    finally:
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)


async def subscribed(world: SimulatedEmotes, *what: tuple[str, str]) -> None:
    async with asyncio.timeout(5):
        while set(what) not in world.subscribers.values():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_changes_arrive_as_they_happen() -> None:
    async with services() as world, following(world) as (_, heard):
        await world.push("77", "lampNew")
        pushed = await heard()
        await world.rename("77", "lampNew", "lampNewer")
        renamed = await heard()
        await world.pull("77", "lampNewer")
        pulled = await heard()
        await world.switch("77", ["other"], set_id="set9")
        switched = await heard()

    assert isinstance(pushed, SetUpdate)
    assert isinstance(renamed, SetUpdate)
    assert [emote.name for emote in pushed.added] == ["lampNew"]
    assert (renamed.removed, [emote.name for emote in renamed.added]) == (("lampNew",), ["lampNewer"])
    assert pulled == SetUpdate(set_id="set77", removed=("lampNewer",))
    assert switched == OwnerUpdate(owner_id="sev77")


async def test_what_is_followed_can_change() -> None:
    async with services() as world, following(world) as (changes, heard):
        changes.follow({"set78"}, ())
        await subscribed(world, ("emote_set.update", "set78"))

        await world.push("77", "lampNew")
        await world.push("78", "other")

        assert await heard() == SetUpdate(set_id="set78", added=(await heard_emote(world),))


async def heard_emote(world: SimulatedEmotes) -> Any:
    service = SevenTvEmotes(world.seventv_url)
    try:
        return (await service.fetch("78")).emotes[0]
    finally:
        await service.close()


@pytest.mark.parametrize("frame", [None, {"op": 4, "d": None}, {"op": 7, "d": {"code": 4006, "message": "restart"}}])
async def test_a_lost_connection_is_made_again_and_says_that_something_may_be_missing(frame: object) -> None:
    async with services() as world, following(world) as (_, heard):
        first = list(world.subscribers)
        if frame is None:
            world.cut()
        else:
            await world.say(frame)
        missed = await heard()
        while set(first) & set(world.subscribers):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        await subscribed(world, ("emote_set.update", "set77"), ("user.update", "sev77"))
        await world.push("77", "lampNew")

        assert missed is None
        assert isinstance(await heard(), SetUpdate)


async def test_a_server_without_a_sign_of_life_is_left() -> None:
    async with services(heartbeat_ms=30) as world, following(world) as (_, heard):
        assert await heard() is None
    async with services(heartbeat_ms=0) as world, following(world, first_beat_s=0.03) as (_, heard):
        assert await heard() is None


async def test_a_refused_upgrade_is_tried_again_with_growing_waits() -> None:
    waits = Waits()
    async with services() as world:
        world.mishaps.append(Mishap(kind=MishapKind.BAD_GATEWAY, path="/7tv/events", times=4))

        async with following(world, waits=waits):
            pass

    assert len(waits.slept) == 4
    assert max(waits.slept) > 1


async def test_frames_that_make_no_sense_are_passed_over() -> None:
    async with services() as world, following(world) as (_, heard):
        for frame in (5, "x", {"op": 6, "d": {"message": "no"}}, {"op": 0, "d": {}}, {"op": 99}):
            await world.say(frame)
        await world.push("77", "lampNew")

        assert isinstance(await heard(), SetUpdate)
