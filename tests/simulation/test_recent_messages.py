"""The simulated recent-messages service says what the real one would, over a real socket."""

from typing import Any

import httpx
import pytest

from chatpulse.domain.chat import ChatMessage, Source
from chatpulse.simulation.core.recent import Heard
from chatpulse.simulation.recent_messages import SimulatedRecentMessages
from chatpulse.simulation.web_service import Mishap, MishapKind
from chatpulse.twitch import LineParser

NOW_MS = 1_700_000_000_000
DAY_MS = 86_400_000


def say(number: int, text: str, *, user: int = 5) -> Heard:
    tags = f"@id=m{number};room-id=77;user-id={user};tmi-sent-ts={NOW_MS - 9_000 + number}"
    return Heard(NOW_MS - 9_000 + number, f"{tags} :ann!ann@ann.tmi.twitch.tv PRIVMSG #reef :{text}")


TIMEOUT = Heard(
    NOW_MS - 50, "@ban-duration=60;room-id=77;target-user-id=6;tmi-sent-ts=1 :tmi.twitch.tv CLEARCHAT #reef :bob"
)
DELETION = Heard(NOW_MS - 40, "@login=ann;target-msg-id=m1;tmi-sent-ts=1 :tmi.twitch.tv CLEARMSG #reef :hi all")
HEARD = [say(1, "hi all"), say(2, "LampW"), say(3, ":)"), say(4, "mean words", user=6), TIMEOUT, DELETION]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def ask(
    heard: list[Heard], query: str = "", *, channel: str = "reef", left: bool = False
) -> tuple[int, dict[str, Any]]:
    async with SimulatedRecentMessages({"reef": heard}, excluded={"shy"}, now_ms=lambda: NOW_MS) as service:
        if left:
            service.left.add("reef")
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"{service.recent_url}/{channel}{query}")
    return answer.status_code, answer.json()


async def texts(query: str) -> list[str]:
    _, found = await ask(HEARD, query)
    lines = found["messages"]
    return [line.split(" #reef ", 1)[1] for line in lines]


@pytest.mark.anyio
async def test_lines_are_written_anew() -> None:
    status, found = await ask(HEARD)

    assert (status, found["error"], found["error_code"]) == (200, None, None)
    lines = found["messages"]
    assert lines[1] == (
        f"@id=m2;room-id=77;user-id=5;tmi-sent-ts={NOW_MS - 8_998};historical=1;rm-received-ts={NOW_MS - 8_998} "
        ":ann!ann@ann.tmi.twitch.tv PRIVMSG #reef LampW"
    )
    assert ["rm-deleted=1" in line for line in lines] == [True, False, False, True, False, False]
    assert lines[2].endswith("PRIVMSG #reef ::)")


@pytest.mark.anyio
async def test_our_parser_reads_them() -> None:
    _, found = await ask(HEARD)
    lines = found["messages"]

    read = [LineParser(Source.IMPORT).parse(line.encode(), received_us=1) for line in lines]

    assert [event.text for event in read if isinstance(event, ChatMessage)] == ["hi all", "LampW", ":)", "mean words"]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("?limit=2", ["bob", ":hi all"], id="the newest"),
        pytest.param("?limit=0", [], id="none"),
        pytest.param(f"?after={NOW_MS - 8_998}&before={NOW_MS - 8_996}", ["::)"], id="between two times"),
        pytest.param("?hide_moderation_messages=true&limit=2", ["::)", ":mean words"], id="without moderation"),
        pytest.param("?hide_moderated_messages=1", ["LampW", "::)", "bob", ":hi all"], id="without what was removed"),
        pytest.param("?clearchat_to_notice=true&limit=2", [":bob has been timed out for 60s.", ":hi all"], id="notice"),
    ],
)
async def test_parameters_narrow_what_is_said(query: str, said: list[str]) -> None:
    assert await texts(query) == said


@pytest.mark.anyio
async def test_only_the_last_500_lines_of_a_day_are_kept() -> None:
    old = Heard(NOW_MS - DAY_MS - 1, say(0, "yesterday").line)

    _, many = await ask([old, *[say(number, "x") for number in range(600)]])
    _, few = await ask([old, say(1, "x")])

    assert [len(found["messages"]) for found in (many, few)] == [500, 1]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("channel", "left", "status", "code"),
    [
        ("bay", False, 200, "channel_not_joined"),
        ("reef", True, 200, "channel_not_joined"),
        ("shy", False, 403, "channel_ignored"),
        ("Reef!", False, 400, "invalid_channel_login"),
        ("reef", False, 200, None),
    ],
)
async def test_what_is_missing_is_said(channel: str, left: bool, status: int, code: str | None) -> None:  # noqa: FBT001
    found = await ask(HEARD, channel=channel, left=left)

    assert (found[0], found[1]["error_code"]) == (status, code)


@pytest.mark.anyio
async def test_mishaps_strike_as_often_as_they_should() -> None:
    async with (
        SimulatedRecentMessages({"reef": HEARD}, now_ms=lambda: NOW_MS) as service,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        service.mishaps += [Mishap(kind=MishapKind.SERVER_ERROR), Mishap(kind=MishapKind.TOO_MANY, seconds=7)]
        answers = [await client.get(f"{service.recent_url}/reef") for _ in range(3)]

    assert [one.status_code for one in answers] == [500, 429, 200]
    assert answers[1].headers["retry-after"] == "7"
