"""Answer as the recent-messages service does: the last lines of a channel, written anew.

Lines come without the colon in front of a last parameter that needs none (one word), with `historical=1`, the time at
which the service heard them (`rm-received-ts`), and `rm-deleted=1` where a moderator removed them since. At most 500
lines of the last 24 hours are kept. A channel that nobody had asked for is joined by the first call, which can say
nothing yet; one that was left for a while has holes. Both are said by an `error_code` beside the lines.

Source: robotty/recent-messages2, its README and API.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from chatpulse.twitch.core.tags import parse_tags

MOST_LINES = 500
KEPT_MS = 24 * 3_600_000
NOT_JOINED = ("channel_not_joined", "The bot is currently not joined to this channel")
IGNORED = ("channel_ignored", "The channel login is excluded from this service")
INVALID = ("invalid_channel_login", "Invalid channel login")
MODERATION = ("CLEARCHAT", "CLEARMSG")


class Heard(NamedTuple):
    """A line and when the service heard it."""

    at_ms: int
    line: str


def answer(heard: Iterable[Heard], query: Mapping[str, str], *, now_ms: int) -> list[str]:
    """The lines that a call gets, oldest first.

    Args:
        heard: raw lines in order, as Twitch sends them.
        query: `limit`, `before` and `after` (epoch milliseconds), `hide_moderation_messages`,
            `hide_moderated_messages`, `clearchat_to_notice` (`true` or `1`).
        now_ms: lines older than a day before this are gone.

    Returns:
        Lines as the service writes them.
    """
    after_ms, before_ms = _number(query, "after", 0), _number(query, "before", now_ms + 1)
    kept = [one for one in heard if max(after_ms + 1, now_ms - KEPT_MS) <= one.at_ms < before_ms]
    removed = _removed(kept)
    lines: list[str] = []
    for place, one in enumerate(kept):
        command = _command(one.line)
        if command in MODERATION and _is_set(query, "hide_moderation_messages"):
            continue
        if place in removed and _is_set(query, "hide_moderated_messages"):
            continue
        to_notice = command == "CLEARCHAT" and _is_set(query, "clearchat_to_notice")
        lines.append(_rewrite(_as_notice(one.line) if to_notice else one.line, one.at_ms, deleted=place in removed))
    limit = min(_number(query, "limit", MOST_LINES), MOST_LINES)
    return lines[-limit:] if limit else []


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, "")
    return int(text) if text.isdecimal() else default


def _is_set(query: Mapping[str, str], name: str) -> bool:
    return query.get(name, "").lower() in {"true", "1"}


def _split(line: str) -> tuple[str, str, str | None]:
    """Tags without `@`, prefix and command with its parameters, and the text behind the colon if there is one."""
    tags, rest = line.split(" ", 1) if line.startswith("@") else ("@", line)
    head, colon, text = rest.partition(" :")
    return tags[1:], head, text if colon else None


def _command(line: str) -> str:
    _, head, _ = _split(line)
    words = head.split(" ")
    return words[1] if words[0].startswith(":") and len(words) > 1 else words[0]


def _removed(kept: list[Heard]) -> set[int]:
    """Places of the messages that a later line removes."""
    removed: set[int] = set()
    for place, one in enumerate(kept):
        command = _command(one.line)
        if command not in MODERATION:
            continue
        tags = parse_tags(_split(one.line)[0])
        name, wanted = (
            ("id", tags.get("target-msg-id")) if command == "CLEARMSG" else ("user-id", tags.get("target-user-id"))
        )
        for earlier in range(place):
            if _command(kept[earlier].line) == "PRIVMSG":
                said = parse_tags(_split(kept[earlier].line)[0])
                # A CLEARCHAT without a target empties the room.
                if wanted is None or said.get(name) == wanted:
                    removed.add(earlier)
    return removed


def _as_notice(line: str) -> str:
    tags, head, text = _split(line)
    channel = head.split(" ")[2]
    seconds = parse_tags(tags).get("ban-duration", "")
    said = f"{text} has been timed out for {seconds}s." if seconds else f"{text} has been permanently banned."
    said = said if text else "The chat has been cleared by a moderator."
    return f"@msg-id=rm-clearchat;{tags} :tmi.twitch.tv NOTICE {channel} :{said}"


def _rewrite(line: str, at_ms: int, *, deleted: bool) -> str:
    tags, head, text = _split(line)
    more = f"historical=1;rm-received-ts={at_ms}" + ";rm-deleted=1" * deleted
    if text is not None:
        head += f" :{text}" if not text or " " in text or text.startswith(":") else f" {text}"
    return f"@{f'{tags};' if tags else ''}{more} {head}"
