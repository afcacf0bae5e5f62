"""A recording's chat into files, from a server that has bad days."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatpulse.errors import (
    AlreadyRunningError,
    ChatPulseError,
    ConnectionLostError,
    DamagedError,
    InputError,
    PermanentError,
    StorageFullError,
)
from chatpulse.simulation.core.gql import GqlFault, GqlScript
from chatpulse.simulation.core.recordings import Flaws, SimulatedVod, record_evening
from chatpulse.simulation.gql import SimulatedGql
from chatpulse.twitch.backends.gql import GqlChatArchive
from chatpulse.twitch.vod_chat import ChatFetcher, Fetched, Manners, Progress
from chatpulse.twitch.vod_files import read_info
from chatpulse.twitch.vod_pages import PageFile

QUICK = Manners(backoff_s=1e-3, backoff_most_s=2e-3)
EVENING = record_evening(5, video_id="1001", seconds=120)
Job = Callable[[ChatFetcher], Awaitable[Any]]


def with_server(job: Job, *, vods: list[SimulatedVod] | None = None, manners: Manners = QUICK, **given: Any) -> Any:
    """Do something with a fetcher; `script` goes to the server, the rest to the fetcher."""
    script = given.pop("script", {})

    async def run() -> Any:
        async with SimulatedGql(GqlScript(vods=vods or [EVENING], **{"slow_s": 0.01, **script})) as gql:
            archive = GqlChatArchive(gql.url, client_id="me", query_hash="ab", timeout_s=5.0)
            try:
                return await job(ChatFetcher(archive, manners, **given)), gql.session
            finally:
                await archive.close()

    return asyncio.run(run())


def fetch(out: Path, video_id: str = "1001", **given: Any) -> Fetched:
    fetched: Fetched
    fetched, _ = with_server(lambda fetcher: fetcher.fetch(video_id, out), **given)
    return fetched


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    "script",
    [
        pytest.param({}, id="no fault"),
        pytest.param({"fault_every": 3}, id="every kind of fault, on every third request"),
        pytest.param({"calm": 1}, id="nothing but null for two at once"),
        pytest.param({"hashes": ()}, id="a hash that is forgotten"),
        pytest.param({"refuses_cursors": True, "page_size": 200}, id="cursors that are refused"),
    ],
)
def test_the_file_holds_every_comment_as_it_was_sent(script: dict[str, Any], tmp_path: Path) -> None:
    fetched = fetch(tmp_path / "a.json", script=script)

    assert json.loads((tmp_path / "a.json").read_bytes()) == EVENING.nodes()
    assert fetched.comments == len(EVENING.comments) > 300
    assert any(node["commenter"] is None for node in EVENING.nodes())
    assert names(tmp_path) == ["a.json", "a.vod.json"]


def test_what_came_of_it_is_counted(tmp_path: Path) -> None:
    fetched, session = with_server(
        lambda fetcher: fetcher.fetch("1001", tmp_path / "a.json"),
        script={"fault_every": 4, "faults": [GqlFault.ERRORS]},
    )

    assert fetched.requests == session.requests
    assert fetched.retries == session.struck.total() > 2
    assert fetched.pages == session.pages.total() == fetched.requests - fetched.retries - 1
    assert (fetched.ranges, fetched.resumed, fetched.kept, fetched.error) == (2, False, False, "")
    assert (fetched.channel, fetched.title) == (EVENING.channel, EVENING.title)


def test_the_file_beside_it_says_whose_video_it_is(tmp_path: Path) -> None:
    fetch(tmp_path / "a.json")

    info = json.loads((tmp_path / "a.vod.json").read_bytes())

    assert 0 < info.pop("lag_s") < 1
    assert info == {
        "vod_id": "1001", "title": EVENING.title, "created_at": "2026-09-21T14:13:20Z", "duration": 120,
        "description": "", "channel": EVENING.channel, "channel_id": EVENING.channel_id,
        "comments": len(EVENING.comments), "cut_seconds": 0, "shift_s": 0.0,
    }  # fmt: skip


def test_no_more_requests_than_allowed_are_under_way(tmp_path: Path) -> None:
    _, session = with_server(
        lambda fetcher: fetcher.fetch("1001", tmp_path / "a.json"),
        vods=[replace(EVENING, length_s=600)],
        manners=Manners(parallel=3, backoff_s=1e-3),
        script={"latency_s": 0.01},
    )

    assert session.most_at_once == 3


@pytest.mark.parametrize("length_s", [0, 30])
def test_the_length_that_twitch_says_decides_nothing(length_s: int, tmp_path: Path) -> None:
    vod = record_evening(6, video_id="1001", seconds=120, length_s=length_s)

    fetched = fetch(tmp_path / "a.json", vods=[vod])

    assert json.loads((tmp_path / "a.json").read_bytes()) == vod.nodes()
    assert fetched.ranges == 1


def test_a_video_without_chat_is_an_empty_list(tmp_path: Path) -> None:
    vod = record_evening(6, video_id="1001", seconds=0)

    fetch(tmp_path / "a.json", vods=[vod])

    assert json.loads((tmp_path / "a.json").read_bytes()) == []


@pytest.mark.parametrize(
    ("script", "error", "said"),
    [
        pytest.param({"subscribers_only": ["1001"]}, PermanentError, "subscribers only", id="not for everybody"),
        pytest.param({"hashes": (), "reads_full_queries": False}, ConnectionLostError, "hash rotated", id="rotated"),
        pytest.param(
            {"fault_every": 1, "faults": [GqlFault.ERRORS]}, ConnectionLostError, "service error", id="always down"
        ),
        pytest.param({"calm": 0.5}, ConnectionLostError, "hands out no chat", id="null for ever"),
    ],
)
def test_what_cannot_be_had_is_one_sentence(
    script: dict[str, Any], error: type[ChatPulseError], said: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=said) as caught:
        fetch(tmp_path / "a.json", script=script)

    assert "1001" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "a.json").exists()


def test_a_video_that_is_gone_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="video 77 does not exist"):
        fetch(tmp_path / "a.json", "77")

    assert names(tmp_path) == []


def test_a_run_that_failed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    whole = tmp_path / "whole.json"
    fetch(whole)
    with pytest.raises(ConnectionLostError, match="goes on where it stopped"):
        fetch(tmp_path / "a.json", script={"fault_every": 2, "faults": [GqlFault.SLOW] * 8 + [GqlFault.RESET] * 99},
              manners=Manners(attempts=2, backoff_s=1e-4))  # fmt: skip
    assert names(tmp_path) == ["a.json.part", "whole.json", "whole.vod.json"]

    fetched, session = with_server(lambda fetcher: fetcher.fetch("1001", tmp_path / "a.json"))

    assert (tmp_path / "a.json").read_bytes() == whole.read_bytes()
    assert (tmp_path / "a.vod.json").read_bytes() == (tmp_path / "whole.vod.json").read_bytes()
    assert fetched.resumed
    assert session.pages.total() < fetched.pages
    assert names(tmp_path) == ["a.json", "a.vod.json", "whole.json", "whole.vod.json"]


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    fetch(tmp_path / "a.json")

    kept, session = with_server(lambda fetcher: fetcher.fetch("1001", tmp_path / "a.json"))
    anew = fetch(tmp_path / "a.json", again=True)

    assert (kept.kept, kept.comments, session.requests) == (True, len(EVENING.comments), 1)
    assert (anew.kept, anew.comments) == (False, len(EVENING.comments))


def test_the_recording_of_a_stream_that_goes_on_is_fetched_again(tmp_path: Path) -> None:
    fetch(tmp_path / "a.json", vods=[record_evening(5, video_id="1001", seconds=60)])

    fetched = fetch(tmp_path / "a.json")

    assert (fetched.kept, fetched.comments) == (False, len(EVENING.comments))


@pytest.mark.parametrize("beside", [None, b'{"vod_id":"7"}', b"broken"])
def test_a_file_that_is_something_else_is_left_alone(beside: bytes | None, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("precious")
    if beside is not None:
        (tmp_path / "a.vod.json").write_bytes(beside)

    with pytest.raises(InputError, match="--again"):
        fetch(tmp_path / "a.json")

    assert (tmp_path / "a.json").read_text() == "precious"


def test_a_chat_that_stands_in_the_wrong_place_is_noticed_and_moved(tmp_path: Path) -> None:
    vod = record_evening(5, video_id="1001", seconds=120, flaws=Flaws(moved_s=300))

    found = fetch(tmp_path / "a.json", vods=[vod])
    moved = fetch(tmp_path / "b.json", vods=[vod], shifts={"1001": -300.0, vod.channel: 5.0})
    by_channel = fetch(tmp_path / "c.json", vods=[vod], shifts={vod.channel: 5.0})

    assert found.lag_s is not None
    assert -300 < found.lag_s < -299
    assert (found.looks_moved, moved.looks_moved) == (True, False)
    assert (moved.shift_s, moved.lag_s, by_channel.shift_s) == (-300.0, found.lag_s, 5.0)
    places = [node["contentOffsetSeconds"] for node in json.loads((tmp_path / "b.json").read_bytes())]
    assert places == [comment.offset_s - 300 for comment in vod.comments]
    info = read_info(tmp_path / "b.json")
    assert info is not None
    assert info.shift_s == -300.0


def test_another_correction_makes_another_file(tmp_path: Path) -> None:
    fetch(tmp_path / "a.json")

    again = fetch(tmp_path / "a.json", shifts={"": 10.0})

    assert (again.kept, again.shift_s) == (False, 10.0)


def test_progress_tells_pace_and_time_left(tmp_path: Path) -> None:
    seen: list[Progress] = []

    fetch(tmp_path / "a.json", report=seen.append)

    assert len(seen) > 4
    assert [one.comments for one in seen] == sorted(one.comments for one in seen)
    assert 0 < (seen[0].share or 0) < 1
    assert (seen[-1].share, seen[-1].remaining_s) == (1.0, 0.0)
    assert seen[-1].comments == len(EVENING.comments)
    assert all(one.rate_hz > 0 for one in seen)


def test_a_wait_doubles_with_failures_in_a_row_only(tmp_path: Path) -> None:
    noted = Noted()
    fetch(
        tmp_path / "a.json",
        vods=[replace(EVENING, length_s=0)],
        manners=Manners(backoff_s=1e-3, rng=noted),
        script={"fault_every": 3, "faults": [GqlFault.ERRORS]},
    )

    assert len(noted.ceilings) > 2
    assert set(noted.ceilings) == {1e-3}


class Noted(random.Random):
    """Draws no wait, and keeps from how long a one it was to be drawn."""

    def __init__(self) -> None:
        super().__init__(1)
        self.ceilings: list[float] = []

    def uniform(self, a: float, b: float) -> float:
        self.ceilings.append(b)
        return a


def test_the_newest_recordings_of_a_channel_come_page_by_page() -> None:
    vods = [replace(EVENING, id=str(2000 - number)) for number in range(250)]

    found, session = with_server(lambda fetcher: fetcher.newest(vods[0].channel, 220), vods=vods)
    few, _ = with_server(lambda fetcher: fetcher.newest(vods[0].channel, 5), vods=vods[:2])

    assert found == [str(2000 - number) for number in range(220)]
    assert session.requests == 3
    assert few == ["2000", "1999"]


def test_a_channel_that_is_none_is_named() -> None:
    with pytest.raises(InputError, match="channel nobody does not exist"):
        with_server(lambda fetcher: fetcher.newest("nobody", 5))


def test_one_process_at_a_time_fetches_into_a_file(tmp_path: Path) -> None:
    with (
        PageFile(tmp_path / "a.json.part", "1001", split=list),
        pytest.raises(AlreadyRunningError, match="another process"),
    ):
        fetch(tmp_path / "a.json")


def test_pages_of_another_video_are_not_mixed_in(tmp_path: Path) -> None:
    PageFile(tmp_path / "a.json.part", "7", split=list).__exit__()

    with pytest.raises(InputError, match="unfinished chat of video 7"):
        fetch(tmp_path / "a.json")


def test_a_part_file_that_is_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.json.part").write_bytes(b"no database " * 100)

    with pytest.raises(DamagedError, match=r"a\.json\.part"):
        fetch(tmp_path / "a.json")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageFullError, match="choose another --out"):
        fetch(tmp_path / "gone" / "a.json")


def test_a_result_that_cannot_be_written_keeps_the_pages(tmp_path: Path) -> None:
    (tmp_path / "a.json.tmp").mkdir()

    with pytest.raises(StorageFullError, match="what was fetched is kept"):
        fetch(tmp_path / "a.json")

    assert "a.json.part" in names(tmp_path)


def test_a_run_that_ended_before_it_could_tidy_up_is_tidied_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(PageFile, "remove", ended)
        with pytest.raises(SystemError):
            fetch(tmp_path / "a.json")
    before = (tmp_path / "a.json").read_bytes()

    fetched, session = with_server(lambda fetcher: fetcher.fetch("1001", tmp_path / "a.json"))

    assert ((tmp_path / "a.json").read_bytes(), session.requests) == (before, 1)
    assert fetched.comments == len(EVENING.comments)
    assert names(tmp_path) == ["a.json", "a.vod.json"]


def ended(_: PageFile) -> None:
    raise SystemError
