"""Which page comes next, whatever the answers are; the server is a value too."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpulse.simulation.core.gql import Ending, GqlScript, GqlSession
from chatpulse.simulation.core.recordings import SimulatedVod, VodComment
from chatpulse.twitch.core.gql import Comment, Fault, Page, Trouble, read_comments
from chatpulse.twitch.core.gql_queries import Ask, ask_comments
from chatpulse.twitch.core.vod_chat import (
    CALM_ANSWERS,
    ChatPager,
    Part,
    looks_moved,
    median_lag_s,
    pick_shift,
    split_video,
)

HASH = "ab" * 32
Kept = dict[int, list[Comment]]


def a_vod(offsets: Sequence[int], *, length_s: int) -> SimulatedVod:
    comments = tuple(
        VodComment(offset_s, b'{"id":"c%d","contentOffsetSeconds":%d}' % (number, offset_s))
        for number, offset_s in enumerate(sorted(offsets))
    )
    return SimulatedVod(
        id="7", channel="reef", channel_id="1", title="", created_at="", length_s=length_s, comments=comments
    )


def a_pager(parts: Sequence[Part], *, kept: Kept | None = None, **options: Any) -> ChatPager:
    seen = {number: [comment.key for comment in comments] for number, comments in (kept or {}).items()}
    return ChatPager(video_id="7", parts=parts, **{"parallel": 4, "attempts": 50, "seen": seen, **options})


def converse(pager: ChatPager, session: GqlSession, kept: Kept, *, steps: int = 10_000) -> float:
    """Let both talk until nothing is left, or for some answers; how long it took by a clock of its own."""
    now_s, asking = 0.0, list[Ask]()
    while not pager.finished and steps > 0:
        asking += pager.due(now_s=now_s)
        assert len(asking) <= pager.parallel
        if not asking:
            now_s += pager.wait_s(now_s=now_s) or 1.0
            continue
        steps -= 1
        ask, at_once = asking[0], len(asking)
        answer = session.answer(ask_comments(ask, query_hash=HASH), at_once=at_once)
        page: Page | Fault = Fault(trouble=Trouble.LOST, said="cut")
        if answer.ending is Ending.WHOLE:
            page = read_comments(answer.body, status=answer.status)
        asking.pop(0)
        if isinstance(page, Fault):
            pager.fail(ask, page, now_s=now_s, wait_s=0.5)
        else:
            kept.setdefault(ask.part, []).extend(pager.receive(ask, page))
    return now_s


def in_order(kept: Kept) -> list[VodComment]:
    return [VodComment(int(comment.offset_s), comment.node) for number in sorted(kept) for comment in kept[number]]


@given(
    offsets=st.lists(st.integers(0, 900), max_size=120),
    length_s=st.sampled_from([0, 59, 300, 601, 900]),
    count=st.integers(1, 6),
    page_size=st.integers(5, 30),
    fault_every=st.integers(2, 6) | st.just(0),
)
def test_every_comment_comes_once_and_in_order(
    offsets: list[int], length_s: int, count: int, page_size: int, fault_every: int
) -> None:
    vod = a_vod(offsets, length_s=length_s)
    session = GqlSession(script=GqlScript(vods=[vod], page_size=page_size, fault_every=fault_every))
    kept: Kept = {}
    pager = a_pager(split_video(length_s, count))

    converse(pager, session, kept)

    assert in_order(kept) == list(vod.comments)
    assert pager.failure is None
    assert pager.comments == len(vod.comments)


@given(offsets=st.lists(st.integers(0, 900), max_size=120), stops=st.lists(st.integers(0, 9), max_size=5))
def test_a_talk_that_is_broken_off_goes_on_behind_its_last_pages(offsets: list[int], stops: list[int]) -> None:
    vod = a_vod(offsets, length_s=900)
    session = GqlSession(script=GqlScript(vods=[vod], page_size=8, fault_every=3))
    parts, kept = split_video(900, 4), Kept()

    for steps in (*stops, 10_000):
        parts = [replace(part) for part in parts]
        going = {part.number: kept.get(part.number, []) for part in parts if not part.done}
        converse(a_pager(parts, kept=going), session, kept, steps=steps)

    assert in_order(kept) == list(vod.comments)
    # A page counts as kept once it was received: nothing that was kept is asked for again.
    assert max(session.pages.values()) == 1


@given(offsets=st.lists(st.integers(0, 900), max_size=120), count=st.integers(1, 4))
def test_paging_by_place_gives_the_same_where_no_second_is_too_busy(offsets: list[int], count: int) -> None:
    vod = a_vod(list(set(offsets)), length_s=900)
    session = GqlSession(script=GqlScript(vods=[vod], page_size=8, refuses_cursors=True))
    kept: Kept = {}
    pager = a_pager(split_video(900, count))

    converse(pager, session, kept)

    assert in_order(kept) == list(vod.comments)
    assert pager.cut_seconds == 0


def test_a_second_that_is_too_busy_for_paging_by_place_is_counted() -> None:
    vod = a_vod([*range(20), *[20] * 30, 21, 22], length_s=60)
    session = GqlSession(script=GqlScript(vods=[vod], page_size=8, lead_in=0, refuses_cursors=True))
    kept: Kept = {}
    pager = a_pager(split_video(60, 1))

    converse(pager, session, kept)

    assert [comment.offset_s for comment in in_order(kept)] == [*range(20), *[20] * 8, 21, 22]
    assert pager.cut_seconds == 1


def test_a_forgotten_hash_is_answered_with_the_query_in_full() -> None:
    session = GqlSession(script=GqlScript(vods=[a_vod(range(40), length_s=0)], page_size=8, hashes=()))
    kept: Kept = {}
    pager = a_pager(split_video(0, 1))

    took_s = converse(pager, session, kept)

    assert (len(in_order(kept)), pager.retries, pager.in_full, took_s) == (40, 1, True, 0.0)


def test_too_many_at_once_means_fewer_and_later_more_again() -> None:
    pager = a_pager(split_video(400, 4))
    asks = pager.due(now_s=0.0)

    pager.fail(asks[0], Fault(trouble=Trouble.EMPTY, said=""), now_s=0.0, wait_s=3.0)
    pager.fail(asks[1], Fault(trouble=Trouble.EMPTY, said=""), now_s=0.0, wait_s=3.0)

    assert pager.allowed == 1
    for _ in range(CALM_ANSWERS):
        pager.receive(asks[2], a_page(asks[2].offset_s))
    assert pager.allowed == 2
    for _ in range(5 * CALM_ANSWERS):
        pager.receive(asks[2], a_page(asks[2].offset_s))
    assert pager.allowed == 4


def test_a_busy_server_is_left_alone_by_everybody() -> None:
    pager = a_pager(split_video(400, 4))
    first, *others = pager.due(now_s=0.0)
    for ask in others:
        pager.receive(ask, a_page(ask.offset_s))

    pager.fail(first, Fault(trouble=Trouble.BUSY, said="", retry_after_s=30.0), now_s=10.0, wait_s=2.0)

    assert pager.wait_s(now_s=10.0) == 30.0
    assert pager.due(now_s=39.9) == []
    assert len(pager.due(now_s=40.0)) == 2


def test_one_range_that_waits_does_not_hold_up_the_others() -> None:
    pager = a_pager(split_video(120, 2), parallel=1)
    (ask,) = pager.due(now_s=0.0)

    pager.fail(ask, Fault(trouble=Trouble.LOST, said=""), now_s=0.0, wait_s=5.0)

    assert [ask.part for ask in pager.due(now_s=0.0)] == [1]


@pytest.mark.parametrize("trouble", [Trouble.GONE, Trouble.RESTRICTED, Trouble.REFUSED])
def test_what_no_patience_helps_against_ends_it_at_once(trouble: Trouble) -> None:
    pager = a_pager(split_video(400, 4))
    first, *others = pager.due(now_s=0.0)

    pager.fail(first, Fault(trouble=trouble, said="no"), now_s=0.0, wait_s=1.0)

    assert (pager.failure, pager.finished) == (Fault(trouble=trouble, said="no"), False)
    for ask in others:
        assert len(pager.receive(ask, a_page(ask.offset_s))) == 1, "what is under way is still kept"
    assert pager.finished
    assert pager.due(now_s=99.0) == []


def test_a_page_that_fails_too_often_in_a_row_ends_it() -> None:
    pager = a_pager(split_video(0, 1), attempts=3)
    now_s = 0.0
    for _ in range(2):
        (ask,) = pager.due(now_s=now_s)
        pager.fail(ask, Fault(trouble=Trouble.LOST, said=""), now_s=now_s, wait_s=1.0)
        now_s += 1.0
    (ask,) = pager.due(now_s=now_s)
    pager.receive(ask, a_page(5))  # wipes out the failures before it

    for _ in range(3):
        assert pager.failure is None
        (ask,) = pager.due(now_s=now_s)
        pager.fail(ask, Fault(trouble=Trouble.LOST, said=""), now_s=now_s, wait_s=1.0)
        now_s += 1.0

    assert pager.failure is not None


def test_a_server_that_gives_the_same_page_for_ever_is_walked_past() -> None:
    pager = a_pager(split_video(0, 1))
    asked = []
    for _ in range(5):
        (ask,) = pager.due(now_s=0.0)
        asked.append((ask.cursor, ask.offset_s))
        pager.receive(ask, a_page(9))

    assert asked == [("", 0), ("next", 9), ("", 10), ("", 11), ("", 12)]


def test_a_range_ends_where_the_next_begins() -> None:
    pager = a_pager(split_video(120, 2))
    ask, _ = pager.due(now_s=0.0)

    fresh = pager.receive(ask, a_page(-3, 58, 59, 60))

    assert [comment.offset_s for comment in fresh] == [-3, 58, 59]
    assert [part.done for part in pager.parts] == [True, False]


@pytest.mark.parametrize(
    ("length_s", "count", "starts"),
    [(0, 4, [0]), (59, 4, [0]), (120, 4, [0, 60]), (1000, 3, [0, 333, 666]), (7200, 4, [0, 1800, 3600, 5400])],
)
def test_a_video_is_cut_into_ranges_that_are_worth_it(length_s: int, count: int, starts: list[int]) -> None:
    parts = split_video(length_s, count)

    assert [part.start_s for part in parts] == starts
    assert [part.end_s for part in parts] == [*starts[1:], None]


def test_how_much_is_covered_never_exceeds_the_length() -> None:
    pager = a_pager(split_video(120, 2))
    begun_s = pager.covered_s(120)
    for ask in pager.due(now_s=0.0):
        pager.receive(ask, a_page(ask.offset_s + 15))
    half_s = pager.covered_s(120)
    for ask in pager.due(now_s=0.0):
        pager.receive(ask, a_page(500, has_next=False))

    assert (begun_s, half_s, pager.covered_s(120)) == (0, 30, 120)


@pytest.mark.parametrize(
    ("written", "lag_s"),
    [
        pytest.param([("2026-03-01T18:00:11.5Z", 10.0), ("2026-03-01T18:00:21Z", 20.0)], 1.25, id="a good clock"),
        pytest.param([("2026-03-01T18:00:10.1234567Z", 310.0)], -299.877, id="chat that stands five minutes late"),
        pytest.param([("2026-03-01T20:00:10", 10.0), ("", 11.0)], 7200.0, id="a zone that is not said"),
        pytest.param([("yesterday", 1.0)], None, id="no times"),
        pytest.param(
            [("2026-03-01T18:00:10Z", 10.0), ("2026-03-01T18:20:00Z", 20.0), ("2026-03-01T17:50:00Z", 30.0)],
            None,
            id="times that contradict each other",
        ),
    ],
)
def test_the_lag_is_the_middle_of_what_comments_say(written: list[tuple[str, float]], lag_s: float | None) -> None:
    assert median_lag_s("2026-03-01T18:00:00Z", written) == lag_s


@pytest.mark.parametrize(
    ("lag_s", "moved"),
    [(None, False), (1.2, False), (-59.0, False), (-300.0, True), (7201.0, False), (-19_800.5, False), (7300.0, True)],
)
def test_whole_hours_are_no_sign_of_a_moved_chat(lag_s: float | None, *, moved: bool) -> None:
    assert looks_moved(lag_s) == moved


def test_the_nearest_correction_counts() -> None:
    shifts = {"7": 1.0, "reef": 2.0, "": 3.0}

    found = [
        pick_shift(shifts, video_id=video, channel=name) for video, name in [("7", "reef"), ("8", "reef"), ("8", "")]
    ]

    assert found == [1.0, 2.0, 3.0]
    assert pick_shift({}, video_id="7", channel="reef") == 0.0


def a_page(*offsets: int, has_next: bool = True) -> Page:
    comments = tuple(Comment(f"at {offset_s}", offset_s, b"{}") for offset_s in offsets)
    return Page(comments=comments, cursor="next", has_next=has_next)
