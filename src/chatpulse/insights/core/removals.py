"""Remember what moderators removed, so that it is marked wherever it is shown.

Messages and moderation reach us by separate topics, so a removal may come before the message that it removes. It is
therefore a rule about messages rather than a mark on them: one message by its id, all that a user said up to the
moment of a timeout or ban, or everything up to the moment the chat was cleared.
"""

from collections.abc import Iterable

from chatpulse.domain.chat import ChatMessage, Moderation, ModerationKind

MOST_REMEMBERED = 2_000
"""Ids and users; the oldest are forgotten, their messages have long scrolled away."""


class Removals:
    """The removals of one channel."""

    __slots__ = ("_cleared_us", "_ids", "_users")

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._users: dict[str, int] = {}
        self._cleared_us = -1

    def add(self, event: Moderation) -> None:
        """Learn what a moderator did."""
        match event.kind:
            case ModerationKind.CLEAR:
                self._cleared_us = max(self._cleared_us, event.ts_us)
            case ModerationKind.DELETE:
                _remember(self._ids, event.message_id, event.ts_us)
            case ModerationKind.TIMEOUT | ModerationKind.BAN:
                _remember(self._users, _user_key(event.target_id, event.target_login), event.ts_us)
                if event.target_id and event.target_login:  # old logs know logins only
                    _remember(self._users, _user_key("", event.target_login), event.ts_us)

    def covers(self, message: ChatMessage) -> bool:
        """Whether a message was removed."""
        if message.ts_us <= self._cleared_us or message.id in self._ids:
            return True
        key = _user_key(message.user_id, message.user_login)
        until_us = self._users.get(key)
        if until_us is None and message.user_id:
            until_us = self._users.get(_user_key("", message.user_login))
        return until_us is not None and message.ts_us <= until_us


def removed_of(messages: Iterable[ChatMessage], event: Moderation) -> list[ChatMessage]:
    """Those of the messages that this event alone removes."""
    match event.kind:
        case ModerationKind.DELETE:
            return [message for message in messages if message.id == event.message_id]
        case ModerationKind.CLEAR:
            return [message for message in messages if message.ts_us <= event.ts_us]
    user_id, login = event.target_id or None, event.target_login or None
    own = [message for message in messages if message.user_id == user_id or message.user_login == login]
    return [message for message in own if message.ts_us <= event.ts_us]


def _user_key(user_id: str, login: str) -> str:
    return f"id {user_id}" if user_id else f"login {login}"


def _remember(memory: dict[str, int], key: str, at_us: int) -> None:
    memory.pop(key, None)
    memory[key] = at_us
    if len(memory) > MOST_REMEMBERED:
        del memory[next(iter(memory))]
