"""Emotes are kept on disk with their history, and kept up to date while channels are live."""

import asyncio
import contextlib
import random
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from chatpulse.errors import DamagedError, FutureVersionError, StorageFullError
from chatpulse.simulation.emote_services import RoomEmotes, SimulatedEmotes
from chatpulse.simulation.web_service import Mishap, MishapKind
from chatpulse.twitch.backends.emotes import BttvEmotes, FfzEmotes, Patience, SevenTvChanges, SevenTvEmotes
from chatpulse.twitch.core.emote_history import GLOBAL, Timeline
from chatpulse.twitch.core.emote_sets import Emote, EmoteSet, Provider
from chatpulse.twitch.emote_store import EmoteStore, Kept
from chatpulse.twitch.emotes import EmoteKeeper

HOUR_US = 3_600_000_000


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def answered(*names: str) -> EmoteSet:
    return EmoteSet(emotes=tuple([Emote(name=name, id=f"b{name}", provider=Provider.BTTV) for name in names]))


# -- the store


def test_a_history_is_the_same_after_it_was_stored(tmp_path: Path) -> None:
    store, kept = EmoteStore(tmp_path / "state"), Kept(set_id="s1", owner_id="u1")
    for at_us, found in ((100, answered("a", "b")), (200, answered("b")), (300, answered("b", "c"))):
        store.write("77", Provider.BTTV, kept=kept, changes=kept.history.take(found, at_us=at_us))

    again = EmoteStore(tmp_path / "state").read("77")[Provider.BTTV]

    assert again.history.changes == kept.history.changes
    assert (again.history.first_us, again.history.checked_us) == (100, 300)
    assert (again.set_id, again.owner_id) == ("s1", "u1")
    assert store.read("78") == {}


def test_what_two_processes_found_becomes_one_history(tmp_path: Path) -> None:
    one, other = EmoteStore(tmp_path), EmoteStore(tmp_path)
    mine, theirs = Kept(), Kept()
    one.write("77", Provider.BTTV, kept=mine, changes=mine.history.take(answered("a"), at_us=100))
    other.write("77", Provider.BTTV, kept=theirs, changes=theirs.history.take(answered("a"), at_us=150))
    other.write("77", Provider.BTTV, kept=theirs, changes=theirs.history.take(answered("b"), at_us=300))
    one.write("77", Provider.BTTV, kept=mine, changes=mine.history.take(answered("a", "x"), at_us=200))

    history = one.read("77")[Provider.BTTV].history

    assert [sorted(history.at(ts)) for ts in (100, 200, 300)] == [["a"], ["a", "x"], ["b", "x"]]
    assert (history.first_us, history.checked_us) == (100, 300)


def test_a_store_that_is_not_there_knows_nothing_and_is_not_made(tmp_path: Path) -> None:
    store = EmoteStore(tmp_path / "state")

    assert (store.read("77"), store.room_of("plum"), store.timeline("77").latest().sure) == ({}, "", frozenset())
    assert list(tmp_path.iterdir()) == []


def test_a_channel_s_room_is_remembered_until_it_is_another(tmp_path: Path) -> None:
    store = EmoteStore(tmp_path)
    for room_id in ("77", "78"):
        store.name("plum", room_id)

    assert (store.room_of("plum"), store.room_of("pear")) == ("78", "")


def test_a_file_that_is_none_of_ours_is_said_to_be(tmp_path: Path) -> None:
    store = EmoteStore(tmp_path)
    store.path.write_bytes(b"no database at all, and long enough to be one" * 99)
    with pytest.raises(DamagedError, match=r"emotes\.db"):
        store.read("77")

    store.path.unlink()
    with contextlib.closing(sqlite3.connect(store.path)) as db:
        db.execute("CREATE TABLE theirs (x)")
    with pytest.raises(DamagedError, match="no store of emotes"):
        store.name("plum", "77")

    store.path.unlink()
    store.name("plum", "77")
    with contextlib.closing(sqlite3.connect(store.path)) as db:
        db.execute("PRAGMA user_version = 2")
    with pytest.raises(FutureVersionError, match="update"):
        store.room_of("plum")


def test_a_folder_that_cannot_be_made_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StorageFullError, match="--state"):
        EmoteStore(tmp_path / "file").name("plum", "77")


# -- the keeper


class Sets:
    """What the keeper handed over last, by channel."""

    def __init__(self) -> None:
        self.timelines: dict[str, Timeline] = {}

    def changed(self, channel: str, timeline: Timeline) -> None:
        self.timelines[channel] = timeline

    def names(self, channel: str) -> list[str]:
        return sorted(self.timelines[channel].latest().sure) if channel in self.timelines else []

    async def until(self, channel: str, *names: str) -> None:
        await until(lambda: self.names(channel) == sorted(names))


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110  (a condition with a deadline)
            await asyncio.sleep(0.005)


def follows(services: SimulatedEmotes, *ids: str) -> bool:
    return any({one for _, one in subscribed} == set(ids) for subscribed in services.subscribers.values())


def world(**more: Any) -> SimulatedEmotes:
    rooms = {
        "77": RoomEmotes(seventv=["lampWave"], bttv=["lampJam"], ffz=["LampW"]),
        "78": RoomEmotes(bttv=["pearJam"]),
    }
    return SimulatedEmotes(rooms, everywhere=RoomEmotes(bttv=[":lamp:"]), **more)


@contextlib.asynccontextmanager
async def keeping(
    services: SimulatedEmotes,
    store: EmoteStore,
    *,
    every_s: float = 3_600.0,
    wall_us: int | None = None,
    runs: bool = True,
) -> AsyncIterator[tuple[EmoteKeeper, Sets]]:
    async def at_once(_: float) -> None:
        await asyncio.sleep(0)

    patience, sets = Patience(rng=random.Random(7), sleep=at_once, timeout_s=2.0), Sets()
    clock = {} if wall_us is None else {"wall_us": lambda: wall_us}
    keeper = EmoteKeeper(
        [
            SevenTvEmotes(services.seventv_url, patience=patience),
            BttvEmotes(services.bttv_url, patience=patience),
            FfzEmotes(services.ffz_url, patience=patience),
        ],
        store,
        changes=SevenTvChanges(services.events_url, patience=patience),
        changed=sets.changed,
        every_s=every_s,
        **clock,
    )
    running = asyncio.create_task(keeper.run() if runs else asyncio.sleep(0))
    try:
        yield keeper, sets
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await keeper.close()


@pytest.mark.anyio
async def test_a_channel_that_is_met_gets_its_emotes_and_the_global_ones(tmp_path: Path) -> None:
    async with world() as services, keeping(services, EmoteStore(tmp_path)) as (keeper, sets):
        await asyncio.sleep(0.05)
        assert services.asked == []
        keeper.meet("plum", "77")
        await sets.until("plum", "lampWave", "lampJam", "LampW", ":lamp:")
        keeper.meet("pear", "78")
        await sets.until("pear", "pearJam", ":lamp:")

    assert len(services.asked) == len(set(services.asked))
    assert EmoteStore(tmp_path).room_of("pear") == "78"
    assert EmoteStore(tmp_path).timeline("77").latest().sure == {"lampWave", "lampJam", "LampW", ":lamp:"}


@pytest.mark.anyio
async def test_seventv_changes_count_at_once_and_are_stored(tmp_path: Path) -> None:
    async with world() as services, keeping(services, EmoteStore(tmp_path)) as (keeper, sets):
        keeper.meet("plum", "77")
        await until(lambda: follows(services, "set77", "sev77", "sevglobal"))
        await services.push("77", "lampNew")
        await sets.until("plum", "lampWave", "lampJam", "LampW", ":lamp:", "lampNew")
        asked = len(services.asked)
        await services.pull("77", "lampWave")
        await sets.until("plum", "lampJam", "LampW", ":lamp:", "lampNew")

    assert len(services.asked) == asked
    changes = EmoteStore(tmp_path).read("77")[Provider.SEVENTV].history.changes
    assert [(change.removed, [one.name for one in change.added]) for change in changes] == [
        ((), ["lampWave"]),
        ((), ["lampNew"]),
        (("lampWave",), []),
    ]


@pytest.mark.anyio
async def test_another_set_and_a_lost_connection_make_it_ask_again(tmp_path: Path) -> None:
    async with world() as services, keeping(services, EmoteStore(tmp_path)) as (keeper, sets):
        keeper.meet("plum", "77")
        await until(lambda: follows(services, "set77", "sev77", "sevglobal"))
        await services.switch("77", ["otherSet"], set_id="set99")
        await sets.until("plum", "otherSet", "lampJam", "LampW", ":lamp:")
        await until(lambda: follows(services, "set99", "sev77", "sevglobal"))

        services.rooms["77"].seventv = ["whileAway"]
        services.cut()
        await sets.until("plum", "whileAway", "lampJam", "LampW", ":lamp:")


@pytest.mark.anyio
async def test_sets_are_asked_for_again_every_so_often(tmp_path: Path) -> None:
    async with world() as services, keeping(services, EmoteStore(tmp_path), every_s=0.05) as (keeper, sets):
        keeper.meet("pear", "78")
        await sets.until("pear", "pearJam", ":lamp:")

        services.rooms["78"].bttv = ["pearWalk"]
        await sets.until("pear", "pearWalk", ":lamp:")


@pytest.mark.anyio
async def test_a_service_that_fails_leaves_the_last_set_and_says_its_age(tmp_path: Path) -> None:
    async with world() as services, keeping(services, EmoteStore(tmp_path), wall_us=5 * HOUR_US) as (keeper, sets):
        keeper.meet("plum", "77")
        await sets.until("plum", "lampWave", "lampJam", "LampW", ":lamp:")
        assert keeper.trouble == ""

    async with world() as services, keeping(services, EmoteStore(tmp_path), wall_us=8 * HOUR_US) as (keeper, sets):
        services.mishaps.append(Mishap(kind=MishapKind.SERVER_ERROR, path="/bttv", times=99))
        keeper.meet("plum", "77")
        await until(lambda: keeper.trouble)

        assert keeper.trouble == "no emotes from bttv at the moment: sets of up to 3.0 h ago are in use"
        await sets.until("plum", "lampWave", "lampJam", "LampW", ":lamp:")


@pytest.mark.anyio
async def test_a_service_that_is_back_is_trouble_no_more(tmp_path: Path) -> None:
    async with world() as services, keeping(services, EmoteStore(tmp_path), every_s=0.05) as (keeper, sets):
        services.mishaps.append(Mishap(kind=MishapKind.CUT, path="/ffz", times=6))
        keeper.meet("plum", "77")
        await until(
            lambda: keeper.trouble == "no emotes from ffz at the moment: none known" or not services.mishaps[0].times
        )

        await sets.until("plum", "lampWave", "lampJam", "LampW", ":lamp:")
        await until(lambda: not keeper.trouble)


@pytest.mark.anyio
async def test_a_disk_that_is_full_does_not_keep_emotes_from_being_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    async with world() as services, keeping(services, EmoteStore(tmp_path / "file")) as (keeper, sets):
        keeper.meet("plum", "77")

        await sets.until("plum", "lampWave", "lampJam", "LampW", ":lamp:")


@pytest.mark.anyio
async def test_refresh_asks_at_once_and_says_who_did_not_answer(tmp_path: Path) -> None:
    async with world() as services, keeping(services, EmoteStore(tmp_path), runs=False) as (keeper, sets):
        services.mishaps.append(Mishap(kind=MishapKind.NO_JSON, path="/ffz/v1/room/id/77", times=3))

        failed = await keeper.refresh({"plum": "77", "pear": "78"})

    assert failed.keys() == {"77"}
    assert "nobody understands" in failed["77"][Provider.FFZ]
    assert sets.names("plum") == [":lamp:", "lampJam", "lampWave"]
    assert EmoteStore(tmp_path).read(GLOBAL).keys() == set(Provider)
