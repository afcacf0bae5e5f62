"""Turn the scheme of a URL into the backend that serves it, imported at that moment.

The table below is all there is: one row per port and scheme. A backend that needs an optional library names the extra
that installs it, so that its absence becomes the command to type instead of a traceback.
"""

import importlib
import re
from dataclasses import dataclass
from typing import Any

from chatpulse.errors import MissingExtraError, UnknownSchemeError


@dataclass(frozen=True, slots=True)
class Backend:
    """Where a backend lives, and what has to be installed for it."""

    path: str
    """`module:Class`."""
    extra: str | None = None
    """Name of the extra that brings its library; None when the base install does."""


BACKENDS: dict[tuple[str, str], Backend] = {
    ("twitch", "irc"): Backend("chatpulse.twitch.backends.irc:TcpChatServer"),
    ("twitch", "ircs"): Backend("chatpulse.twitch.backends.irc:TcpChatServer"),
    ("twitch", "ws"): Backend("chatpulse.twitch.backends.irc:WebSocketChatServer"),
    ("twitch", "wss"): Backend("chatpulse.twitch.backends.irc:WebSocketChatServer"),
    ("gql", "https"): Backend("chatpulse.twitch.backends.gql:GqlChatArchive"),
    ("gql", "http"): Backend("chatpulse.twitch.backends.gql:GqlChatArchive"),
    ("emotes", "seventv"): Backend("chatpulse.twitch.backends.emotes:SevenTvEmotes"),
    ("emotes", "bttv"): Backend("chatpulse.twitch.backends.emotes:BttvEmotes"),
    ("emotes", "ffz"): Backend("chatpulse.twitch.backends.emotes:FfzEmotes"),
    ("emote-changes", "seventv"): Backend("chatpulse.twitch.backends.emotes:SevenTvChanges"),
    ("eventlog", "sqlite"): Backend("chatpulse.eventlog.backends.sqlite:SqliteEventLog"),
    ("scorer", "linear"): Backend("chatpulse.nlp.backends.linear:LinearScorer"),
}

# Two letters at least, so that a drive letter in front of a path is no scheme.
SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):", re.IGNORECASE)


def backend(port: str, url: str) -> type[Any]:
    """Import the class that serves a URL, or say what has to be installed for it.

    Args:
        port: what is asked for: `twitch`, `gql`, `emotes`, `emote-changes`, `eventlog`, `lake` or `scorer`.
        url: its scheme picks the backend; a path without a scheme is a `file`.

    Returns:
        The class, to be called with what the port's backends take.

    Raises:
        UnknownSchemeError: no row for this port and scheme.
    """
    scheme = scheme_of(url)
    row = BACKENDS.get((port, scheme))
    if row is None:
        known = sorted(name for stage, name in BACKENDS if stage == port)
        raise UnknownSchemeError(f"{url!r}: no {port} backend for {scheme!r}; there are {known}")
    return _load(url, row)


def scheme_of(url: str) -> str:
    """The scheme of a URL in lower case; `file` for a plain path."""
    match = SCHEME.match(url)
    return match[1].lower() if match else "file"


def _load(url: str, row: Backend) -> type[Any]:
    module, _, name = row.path.partition(":")
    try:
        found: type[Any] = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as exc:
        if row.extra is None or (exc.name or "").startswith("chatpulse"):
            raise
        command = f"pip install 'chatpulse[{row.extra}]'"
        raise MissingExtraError(f"{url!r} needs the {row.extra!r} extra: {command}") from None
    return found
