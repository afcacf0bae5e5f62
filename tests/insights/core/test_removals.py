from typing import Any

import pytest

from chatpulse.domain.chat import ChatMessage, Moderation, ModerationKind
from chatpulse.insights.core.removals import MOST_REMEMBERED, Removals


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
