"""Answers and faults over a real connection."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from chatpulse.errors import InputError
from chatpulse.simulation.core.gql import GqlFault, GqlScript
from chatpulse.simulation.core.recordings import SimulatedVod, VodComment
from chatpulse.simulation.gql import SimulatedGql
from chatpulse.twitch.backends.gql import MAX_WAIT_S, GqlChatArchive, _retry_after_s
from chatpulse.twitch.core.gql import Fault, Page, Trouble, Video, VideoList
from chatpulse.twitch.core.gql_queries import Ask

VOD = SimulatedVod(
    id="7",
    channel="reef",
    channel_id="1",
    title="an evening",
    created_at="2026-03-01T18:00:00Z",
    length_s=60,
    comments=tuple(VodComment(at_s, b'{"id":"c%d","contentOffsetSeconds":%d}' % (at_s, at_s)) for at_s in range(60)),
)
Asked = Callable[[GqlChatArchive], Awaitable[Any]]


@asynccontextmanager
async def connected(*, timeout_s: float = 5.0, **script: Any) -> AsyncIterator[tuple[GqlChatArchive, SimulatedGql]]:
    async with SimulatedGql(GqlScript(vods=[VOD], **script)) as gql:
        archive = GqlChatArchive(gql.url, client_id="me", query_hash="ab", timeout_s=timeout_s)
        try:
            yield archive, gql
        finally:
            await archive.close()


def ask(what: Asked, **script: Any) -> Any:
    async def run() -> Any:
        async with connected(**script) as (archive, _):
            return await what(archive)

    return asyncio.run(run())


def page_of(**place: Any) -> Asked:
    return lambda archive: archive.comments(Ask(part=0, video_id="7", **place))


def test_pages_follow_each_other_by_cursor() -> None:
    async def run() -> list[str]:
        keys, cursor, more = list[str](), "", True
        async with connected(page_size=25) as (archive, _):
            while more:
                page = await archive.comments(Ask(part=0, video_id="7", cursor=cursor))
                assert isinstance(page, Page)
                keys += [comment.key for comment in page.comments]
                cursor, more = page.cursor, page.has_next
        return keys

    assert asyncio.run(run()) == [f"c{at_s}" for at_s in range(60)]


def test_a_page_can_begin_anywhere() -> None:
    page = ask(page_of(offset_s=40), page_size=5, lead_in=2)

    assert [comment.offset_s for comment in page.comments] == [38, 39, 40, 41, 42]


def test_a_video_and_the_videos_of_a_channel_are_described() -> None:
    video = ask(lambda archive: archive.video("7"))
    listed = ask(lambda archive: archive.videos("reef", first=5))

    assert video == Video(
        id="7", title="an evening", created_at="2026-03-01T18:00:00Z", length_s=60, channel="reef", channel_id="1"
    )
    assert listed == VideoList(ids=("7",), cursor="")


@pytest.mark.parametrize(
    ("kind", "trouble"),
    [
        (GqlFault.ERRORS, Trouble.LOST),
        (GqlFault.ERROR_BODY, Trouble.LOST),
        (GqlFault.TRUNCATED, Trouble.LOST),
        (GqlFault.CUT, Trouble.LOST),
        (GqlFault.RESET, Trouble.LOST),
        (GqlFault.NULL_COMMENTS, Trouble.EMPTY),
        (GqlFault.TOO_MANY, Trouble.BUSY),
        (GqlFault.UNAVAILABLE, Trouble.BUSY),
    ],
)
def test_every_fault_is_a_value(kind: GqlFault, trouble: Trouble) -> None:
    answer = ask(page_of(), fault_every=1, faults=[kind], retry_after="7")

    assert isinstance(answer, Fault)
    assert answer.trouble is trouble
    assert answer.retry_after_s == (7.0 if kind is GqlFault.TOO_MANY else 0.0)


def test_an_answer_that_does_not_come_is_not_waited_for() -> None:
    answer = ask(page_of(), fault_every=1, faults=[GqlFault.SLOW], slow_s=5.0, timeout_s=0.05)

    assert isinstance(answer, Fault)
    assert "within 0.05 s" in answer.said


@pytest.mark.parametrize(
    ("script", "place", "trouble"),
    [
        pytest.param({"refuses_cursors": True}, {"cursor": "OQ=="}, Trouble.INTEGRITY, id="a cursor"),
        pytest.param({"hashes": ["cd"]}, {}, Trouble.ROTATED, id="a hash that is forgotten"),
        pytest.param({"subscribers_only": ["7"]}, {}, Trouble.RESTRICTED, id="not for everybody"),
        pytest.param({"calm": 0}, {}, None, id="nothing"),
    ],
)
def test_what_is_refused_is_told_apart(script: dict[str, Any], place: dict[str, Any], trouble: Trouble | None) -> None:
    answer = ask(page_of(**place), **script)

    assert (answer.trouble if isinstance(answer, Fault) else None) == trouble


def test_a_query_in_full_needs_no_hash() -> None:
    assert isinstance(ask(page_of(in_full=True), hashes=()), Page)


def test_nobody_there_is_a_value_too() -> None:
    async def run() -> Any:
        async with connected() as (archive, gql):
            await gql.__aexit__()
            return await archive.video("7")

    answer = asyncio.run(run())

    assert isinstance(answer, Fault)
    assert answer.trouble is Trouble.LOST
    assert "127.0.0.1" in answer.said


def test_a_client_id_is_sent() -> None:
    async def run() -> Any:
        async with SimulatedGql(GqlScript(vods=[VOD])) as gql:
            nameless = GqlChatArchive(gql.url, client_id="", query_hash="ab")
            answer = await nameless.video("7")
            await nameless.close()
            return answer

    assert asyncio.run(run()).trouble is Trouble.REFUSED
    assert isinstance(ask(lambda archive: archive.video("7")), Video)


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        pytest.param({"retry-after": "30"}, 30.0, id="seconds"),
        pytest.param({"retry-after": "999999"}, MAX_WAIT_S, id="days"),
        pytest.param({"retry-after": "-5"}, 0.0, id="a negative number"),
        pytest.param({"retry-after": "soon"}, 0.0, id="a word"),
        pytest.param({}, 0.0, id="nothing"),
        pytest.param(
            {"retry-after": "Sun, 01 Mar 2026 18:00:40 GMT", "date": "Sun, 01 Mar 2026 18:00:00 GMT"},
            40.0,
            id="an instant, by the server's clock",
        ),
        pytest.param({"retry-after": "Sun, 01 Mar 2026 18:00:40 GMT"}, 0.0, id="an instant by no clock"),
    ],
)
def test_the_server_says_how_long_to_wait(headers: dict[str, str], wait_s: float) -> None:
    assert _retry_after_s(headers) == wait_s


def test_an_address_without_a_host_is_refused() -> None:
    with pytest.raises(InputError, match="names no server"):
        GqlChatArchive("https:///gql", client_id="me", query_hash="ab")
