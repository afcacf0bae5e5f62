"""Turn what happens in a channel into raw IRC lines, shaped as Twitch shapes them.

A line is `[@tags ]:prefix COMMAND #channel[ :text]`, without its line end. Tags are in alphabetical order, as Twitch
sends them. Values in `tags` are escaped already (`escape`); everything that a user or a template wrote has to pass
through it, identities and numbers have nothing to escape. Emote positions count code points, both ends inclusive.

Source: dev.twitch.tv/docs/irc/tags and ircv3.net/specs/extensions/message-tags.
"""

from collections.abc import Mapping
from typing import NamedTuple

ESCAPES = str.maketrans({";": "\\:", " ": "\\s", "\\": "\\\\", "\r": "\\r", "\n": "\\n"})
SERVER = "tmi.twitch.tv"
MESSAGE_LIMIT = 500
"""Most characters in a message; Twitch refuses longer ones."""


class TimedLine(NamedTuple):
    """A raw line and when the server sends it."""

    at_s: float
    """Seconds since the start."""
    channel: str
    line: str
    """Without its line end."""


def escape(value: str) -> str:
    r"""Make a tag value safe: `;`, space, `\`, CR and LF have a two-character form."""
    return value.translate(ESCAPES)


def emote_tag(text: str, ids: Mapping[str, str]) -> str:
    """Say where the native emotes of a text stand.

    Args:
        text: the message, without the `/me` wrapping.
        ids: native emotes by name; a name counts where it stands as a word of its own.

    Returns:
        The `emotes` tag: `id:first-last,first-last/id:first-last`, in code points; empty without emotes.
    """
    spans: dict[str, list[str]] = {}
    start = 0
    for word in text.split(" "):
        emote_id = ids.get(word)
        if emote_id is not None:
            spans.setdefault(emote_id, []).append(f"{start}-{start + len(word) - 1}")
        start += len(word) + 1
    return "/".join([f"{emote_id}:{','.join(ranges)}" for emote_id, ranges in spans.items()])


def action(text: str) -> str:
    """Wrap a text as `/me` does."""
    return f"\x01ACTION {text}\x01"


def privmsg(login: str, channel: str, text: str, *, tags: Mapping[str, str]) -> str:
    """A line that somebody says."""
    return f"{_tagged(tags)} :{login}!{login}@{login}.{SERVER} PRIVMSG #{channel} :{text}"


def usernotice(channel: str, text: str, *, tags: Mapping[str, str]) -> str:
    """A line in which Twitch tells of an event; `text` is what the user adds, often nothing."""
    line = f"{_tagged(tags)} :{SERVER} USERNOTICE #{channel}"
    return f"{line} :{text}" if text else line


def clearchat(channel: str, login: str, *, tags: Mapping[str, str]) -> str:
    """A timeout or ban of one user; without `login` the whole chat is cleared."""
    line = f"{_tagged(tags)} :{SERVER} CLEARCHAT #{channel}"
    return f"{line} :{login}" if login else line


def clearmsg(channel: str, text: str, *, tags: Mapping[str, str]) -> str:
    """One message is deleted; `text` is what it said."""
    return f"{_tagged(tags)} :{SERVER} CLEARMSG #{channel} :{text}"


def roomstate(channel: str, room_id: str, **modes: int) -> str:
    """Tell the modes of a channel: all of them after a JOIN, later only what changed.

    Args:
        channel: its login.
        room_id: its user id.
        modes: `emote_only`, `followers_only` (minutes, -1 is off), `r9k`, `slow` (seconds), `subs_only`.

    Returns:
        A ROOMSTATE line.
    """
    tags = {name.replace("_", "-"): str(value) for name, value in modes.items()}
    return f"{_tagged(tags | {'room-id': room_id})} :{SERVER} ROOMSTATE #{channel}"


def notice(channel: str, text: str, *, notice_id: str) -> str:
    """Twitch tells the people of a channel something, such as a change of mode; it has no time and no identity."""
    return f"@msg-id={notice_id} :{SERVER} NOTICE #{channel} :{text}"


def _tagged(tags: Mapping[str, str]) -> str:
    return "@" + ";".join(map("=".join, sorted(tags.items())))
