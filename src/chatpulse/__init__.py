"""chatpulse turns Twitch chat into things people act on.

The names below are the library's public door; each is loaded on first use, so `import chatpulse` stays light:

    import chatpulse

    chatpulse.score_text("that was insane POGGERS").score.valence
    chatpulse.query("my-chat", "select channel, count(*) from messages group by all").rows()
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatpulse.domain.chat import ChatMessage, Event, Topic
    from chatpulse.domain.scores import Score, Scored
    from chatpulse.errors import ChatPulseError
    from chatpulse.lake import query
    from chatpulse.pipelines.wiring import score_text
    from chatpulse.twitch import LineParser, Listener, Replay

_HOMES = {
    "ChatMessage": "chatpulse.domain.chat",
    "ChatPulseError": "chatpulse.errors",
    "Event": "chatpulse.domain.chat",
    "LineParser": "chatpulse.twitch",
    "Listener": "chatpulse.twitch",
    "Replay": "chatpulse.twitch",
    "Score": "chatpulse.domain.scores",
    "Scored": "chatpulse.domain.scores",
    "Topic": "chatpulse.domain.chat",
    "query": "chatpulse.lake",
    "score_text": "chatpulse.pipelines.wiring",
}

__all__ = [
    "ChatMessage",
    "ChatPulseError",
    "Event",
    "LineParser",
    "Listener",
    "Replay",
    "Score",
    "Scored",
    "Topic",
    "query",
    "score_text",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'chatpulse' has no attribute {name!r}; there are {', '.join(__all__)}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
