from typing import Any

import pytest

from chatpulse.domain.chat import ChatMessage, Moderation, ModerationKind
from chatpulse.insights.core.removals import MOST_REMEMBERED, Removals, removed_of


def said(ts_us: int = 5, *, id: str = "m1", user_id: str = "7", login: str = "olo") -> ChatMessage:  # noqa: A002
    return ChatMessage(id=id, ts_us=ts_us, received_us=ts_us, user_id=user_id, user_login=login)


def act(kind: ModerationKind, **target: Any) -> Moderation:
    return Moderation(id="a", ts_us=5, received_us=5, kind=kind, **target)


def after(*acts: Moderation) -> Removals:
    removals = Removals()
    for one in acts:
        removals.add(one)
    return removals


def test_a_deleted_message_is_covered_by_its_id() -> None:
    removals = after(act(ModerationKind.DELETE, message_id="m1"))

    assert removals.covers(said(9))
    assert not removals.covers(said(id="m2"))


@pytest.mark.parametrize("kind", [ModerationKind.TIMEOUT, ModerationKind.BAN])
def test_a_users_messages_up_to_a_timeout_or_ban_are_covered(kind: ModerationKind) -> None:
    removals = after(act(kind, target_id="7", target_login="olo"))

    assert removals.covers(said(5))
    assert not removals.covers(said(6))
    assert not removals.covers(said(5, user_id="8", login="mira"))
    assert removals.covers(said(5, user_id="", login="olo")), "a log that knows logins only"


def test_a_user_without_an_id_is_known_by_login() -> None:
    removals = after(act(ModerationKind.BAN, target_login="olo"))

    assert removals.covers(said(5))
    assert not removals.covers(said(5, login="mira"))


def test_a_login_that_looks_like_an_id_is_not_one() -> None:
    assert not after(act(ModerationKind.BAN, target_login="7")).covers(said(5, user_id="7", login="olo"))


def test_clearing_covers_everything_before() -> None:
    removals = after(act(ModerationKind.CLEAR))

    assert removals.covers(said(5))
    assert not removals.covers(said(6))


def test_the_oldest_removals_are_forgotten() -> None:
    removals = after(*(act(ModerationKind.DELETE, message_id=f"m{n}") for n in range(MOST_REMEMBERED + 1)))

    assert not removals.covers(said(id="m0"))
    assert removals.covers(said(id="m1"))


@pytest.mark.parametrize("kind", list(ModerationKind))
@pytest.mark.parametrize("target", [("7", "olo"), ("", "olo"), ("7", ""), ("", "")], ids=str)
def test_one_removal_takes_what_is_covered_from_then_on(kind: ModerationKind, target: tuple[str, str]) -> None:
    event = act(kind, target_id=target[0], target_login=target[1], message_id="m1")
    users = [("7", "olo"), ("8", "mira"), ("", "olo"), ("", ""), ("7", "renamed")]
    messages = [
        said(at_s, id=one, user_id=user, login=login)
        for at_s in (5, 6)
        for one in ("m1", "m2")
        for user, login in users
    ]

    removed = removed_of(messages, event)

    covered = after(event).covers
    named = [message for message in messages if message.user_id or message.user_login]
    assert [message for message in removed if message in named] == [message for message in named if covered(message)]
