"""Simulated recordings have the shape of real ones, and the server counts what it does."""

import json
import re
from typing import Any

import pytest

from chatpulse.domain.chat import ChatMessage, Source
from chatpulse.simulation.core.channels import DEFAULT_PLANS
from chatpulse.simulation.core.crowd import Crowd
from chatpulse.simulation.core.gql import GqlFault, GqlScript, GqlSession
from chatpulse.simulation.core.recordings import START_US, Flaws, record_evening
from chatpulse.twitch.core.gql_queries import Ask, ask_comments, ask_video
from chatpulse.twitch.core.irc import LineParser

EVENING = record_evening(4, video_id="1001", seconds=120)
PAGE = ask_comments(Ask(part=0, video_id="1001"), query_hash="ab")


def text_of(node: Any) -> str:
    return "".join(fragment["text"] for fragment in node["message"]["fragments"])


def test_a_recording_holds_what_was_said() -> None:
    parser = LineParser(Source.LIVE)
    lines = list(Crowd(4, plans=[DEFAULT_PLANS[0]], start_us=START_US, duration_s=120).lines())
    events = [parser.parse(line.line.encode(), received_us=0) for line in lines]
    said = {event.id: event for event in events if isinstance(event, ChatMessage)}

    nodes = {node["id"]: node for node in EVENING.nodes()}

    assert nodes.keys() >= said.keys()
    assert all(text_of(nodes[key]) == event.text for key, event in said.items())
    assert len(nodes) > len(said), "notices are there as sentences"


def test_emotes_are_fragments_that_say_where_they_stand() -> None:
    emotes = [
        (fragment["emote"], fragment["text"], text_of(node))
        for node in EVENING.nodes()
        for fragment in node["message"]["fragments"]
        if fragment["emote"]
    ]

    assert emotes
    for emote, name, text in emotes:
        _, first, last = emote["id"].split(";")
        assert text[int(first) : int(last) + 1] == name
        assert emote["from"] == int(first)


def test_a_recording_has_the_oddities_of_real_ones() -> None:
    nodes = EVENING.nodes()

    fractions = {len(re.sub(r".*:\d\d\.?|Z", "", node["createdAt"])) for node in nodes}
    assert fractions == set(range(8))
    assert 0 < sum(node["commenter"] is None for node in nodes) < len(nodes) / 10
    assert any(node["message"]["userColor"] is None for node in nodes)
    assert any(badge["setID"] == "" for node in nodes for badge in node["message"]["userBadges"])
    assert [node["contentOffsetSeconds"] for node in nodes] == sorted(node["contentOffsetSeconds"] for node in nodes)


def test_flaws_move_places_and_clocks_alone() -> None:
    odd = record_evening(4, video_id="1001", seconds=120, flaws=Flaws(moved_s=300, clock_off_s=3600))

    first, moved = EVENING.nodes()[0], odd.nodes()[0]

    assert moved["contentOffsetSeconds"] == first["contentOffsetSeconds"] + 300
    assert moved["createdAt"] == first["createdAt"].replace("T14:", "T15:")
    assert moved["message"] == first["message"]


def test_equal_seeds_give_equal_recordings() -> None:
    assert record_evening(4, video_id="1001", seconds=120) == EVENING
    assert record_evening(5, video_id="1001", seconds=120) != EVENING


def test_faults_take_turns_and_are_counted() -> None:
    session = GqlSession(script=GqlScript(vods=[EVENING], fault_every=3))

    answers = [session.answer(PAGE, at_once=1) for _ in range(30)]

    assert session.struck.total() == 10
    assert session.struck[GqlFault.ERRORS] == 2
    assert set(session.struck) == set(GqlFault)
    # A slow answer is a page too; one that is cut or truncated is none.
    assert session.pages.total() == 20 + session.struck[GqlFault.SLOW]
    assert [answer.status for answer in answers].count(429) == 1


@pytest.mark.parametrize("asked", [b"", b"[]", b"{}", b'{"variables":5}', b"\xff", b'{"variables":[1]}'])
def test_what_is_no_request_is_refused(asked: bytes) -> None:
    session = GqlSession(script=GqlScript(vods=[EVENING]))

    assert session.answer(asked, at_once=1).status == 400
    assert session.answer(PAGE, at_once=1, known_client=False).status == 400


def test_a_video_is_described() -> None:
    session = GqlSession(script=GqlScript(vods=[EVENING]))

    video = json.loads(session.answer(ask_video("1001"), at_once=1).body)["data"]["video"]
    nothing = json.loads(session.answer(ask_video("5"), at_once=1).body)["data"]["video"]

    assert (video["lengthSeconds"], video["owner"]["login"]) == (120, EVENING.channel)
    assert nothing is None
