"""Invented chat in the shape of the record."""

from typing import Any

from chatpulse.domain.chat import ChatMessage, Moderation, ModerationKind, Raid
from chatpulse.domain.scores import Flag, Label, Reaction, Score, Scored

START_US = 1_790_000_000_000_000
"""2026-09-21, 14:13:20 UTC."""
SECOND_US = 1_000_000
STORED_US = START_US + 3_600 * SECOND_US


def message(number: int, **fields: Any) -> ChatMessage:
    """The message with this number: one a second, by one of ten users of `aurora`."""
    at_us = START_US + number * SECOND_US
    given: dict[str, Any] = {
        "id": f"m{number:06}",
        "channel": "aurora",
        "room_id": "77",
        "ts_us": at_us,
        "received_us": at_us + 40_000,
        "user_id": f"u{number % 10}",
        "user_login": f"viewer{number % 10}",
        "text": f"what a save number {number}",
    }
    return ChatMessage(**(given | fields))


def messages(first: int, last: int, **fields: Any) -> list[ChatMessage]:
    """The messages numbered first to last, both included."""
    return [message(number, **fields) for number in range(first, last + 1)]


def raid(number: int, **fields: Any) -> Raid:
    """The raid with this number."""
    at_us = START_US + number * SECOND_US
    given: dict[str, Any] = {
        "id": f"r{number}",
        "channel": "aurora",
        "ts_us": at_us,
        "received_us": at_us,
        "viewers": 9,
    }
    return Raid(**(given | fields))


def moderation(number: int, kind: ModerationKind, *, after_s: float, **fields: Any) -> Moderation:
    """What a moderator did some seconds after the start."""
    at_us = START_US + round(after_s * SECOND_US)
    given: dict[str, Any] = {
        "id": f"x{number}",
        "channel": "aurora",
        "ts_us": at_us,
        "received_us": at_us,
        "kind": kind,
    }
    return Moderation(**(given | fields))


def scored(**fields: Any) -> Scored:
    """A score that says positive."""
    given: dict[str, Any] = {
        "negative": 0.125,
        "neutral": 0.25,
        "positive": 0.625,
        "valence": 0.5,
        "label": Label.POSITIVE,
        "best": Label.POSITIVE,
        "confidence": 0.75,
        "reactions": (Reaction.HYPE, Reaction.LOVE),
        "flags": (Flag.CAPS,),
    }
    return Scored(score=Score(**(given | fields)), terms=("save", "PogChamp"))
