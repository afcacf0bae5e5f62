"""Turn a simulated evening into the recording that Twitch would keep of it: what describes it, and its comments.

A comment is a line of chat seen from later: whole seconds since the start, no bits, no message id of an event, no
reply. Notices are left as sentences of whoever caused them, and some people have deleted their accounts since.
The shape is that of Twitch's GQL nodes.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from chatpulse.domain.chat import ChatMessage, EmoteSpan, Notice, Source
from chatpulse.simulation.core.channels import DEFAULT_PLANS
from chatpulse.simulation.core.crowd import Crowd
from chatpulse.simulation.core.dice import Dice
from chatpulse.twitch.core.irc import LineParser

START_US = 1_790_000_000_000_000
NO_BADGE = {"id": "Ozs=", "setID": "", "version": ""}
"""What Twitch says about somebody without badges."""
DIGITS = 8
"""Twitch writes fractions of seconds with 0 to 7 digits."""


class VodComment(NamedTuple):
    """One comment of a recording."""

    offset_s: int
    node: bytes
    """JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedVod:
    """A recording and the truth about its chat."""

    id: str
    channel: str
    channel_id: str
    title: str
    created_at: str
    length_s: int
    """What Twitch says; 0 where it does not know."""
    comments: tuple[VodComment, ...] = field(repr=False)
    """By place in the video."""

    def nodes(self) -> list[Any]:
        """All comments as a program reads them."""
        return [msgspec.json.decode(comment.node) for comment in self.comments]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaws:
    """What is odd about a recording."""

    gone: float = 0.02
    """Share of comments whose author is deleted."""
    moved_s: int = 0
    """All comments stand this much too late in the video."""
    clock_off_s: float = 0.0
    """Times are written by a clock that is this much ahead, such as local time that is called UTC."""


NO_FLAWS = Flaws()


def record_evening(
    seed: int, *, video_id: str, seconds: float, length_s: int | None = None, channel: int = 0, flaws: Flaws = NO_FLAWS
) -> SimulatedVod:
    """Let one of the default channels chat, and keep what was said.

    Args:
        seed: decides everything.
        video_id: the id that the recording gets.
        seconds: how long people chat.
        length_s: what Twitch says about the length; as long as people chat when not given.
        channel: which of the channels.
        flaws: what is odd about it.

    Returns:
        The recording.
    """
    plan = DEFAULT_PLANS[channel]
    crowd = Crowd(seed, plans=[plan], start_us=START_US, duration_s=seconds)
    return SimulatedVod(
        id=video_id,
        channel=plan.name,
        channel_id=plan.room_id,
        title=f"an evening of {plan.name} \N{EM DASH} part {seed}",
        created_at=_stamp(0.0, digits=0),
        length_s=round(seconds) if length_s is None else length_s,
        comments=tuple(_comments(crowd, Dice(seed, int(video_id)), flaws)),
    )


def _comments(crowd: Crowd, dice: Dice, flaws: Flaws) -> Iterator[VodComment]:
    parser = LineParser(Source.LIVE)
    for line in crowd.lines():
        event = parser.parse(line.line.encode(), received_us=START_US)
        if isinstance(event, ChatMessage):
            fragments = list(_fragments(event.text, event.emotes))
        elif isinstance(event, Notice):
            fragments = [{"emote": None, "text": " ".join(filter(None, (event.system_text, event.text)))}]
        else:
            continue
        offset_s = max(0, int(line.at_s) + flaws.moved_s)
        author = {"id": event.user_id, "login": event.user_login, "displayName": event.user_name}
        node = {
            "id": event.id,
            "commenter": None if dice.chance(flaws.gone) else author,
            "contentOffsetSeconds": offset_s,
            "createdAt": _stamp(line.at_s + flaws.clock_off_s, digits=dice.below(DIGITS)),
            "message": {
                "fragments": fragments,
                "userBadges": _badges(event.badges),
                "userColor": _color(line.line),
            },
        }
        yield VodComment(offset_s, msgspec.json.encode(node))


def _fragments(text: str, emotes: tuple[EmoteSpan, ...]) -> Iterator[dict[str, Any]]:
    at = 0
    for emote in emotes:
        if emote.start > at:
            yield {"emote": None, "text": text[at : emote.start]}
        place = {"id": f"{emote.id};{emote.start};{emote.end}", "emoteID": emote.id, "from": emote.start}
        yield {"emote": place, "text": text[emote.start : emote.end + 1]}
        at = emote.end + 1
    if at < len(text):
        yield {"emote": None, "text": text[at:]}


def _badges(badges: str) -> list[dict[str, str]]:
    pairs = [badge.partition("/") for badge in badges.split(",") if badge]
    return [
        {"id": base64.b64encode(f"{name};{version};".encode()).decode(), "setID": name, "version": version}
        for name, _, version in pairs
    ] or [NO_BADGE]


def _color(line: str) -> str | None:
    tags = line.partition(" ")[0].split(";")
    return next((tag.removeprefix("color=") for tag in tags if tag.startswith("color=")), "") or None


def _stamp(at_s: float, *, digits: int) -> str:
    instant = datetime.fromtimestamp(START_US / 1e6, UTC) + timedelta(seconds=at_s)
    fraction = f".{instant.microsecond * 10:07d}"[: digits + 1] if digits else ""
    return f"{instant:%Y-%m-%dT%H:%M:%S}{fraction}Z"
