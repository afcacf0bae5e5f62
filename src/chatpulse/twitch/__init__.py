"""Everything that knows Twitch: live chat and recordings in, typed events out."""

from chatpulse.twitch.core.irc import LineParser
from chatpulse.twitch.inspect import Inspection, inspect_files
from chatpulse.twitch.link import World
from chatpulse.twitch.listen import TWITCH_URL, Listener, Standing, parse_server
from chatpulse.twitch.ports import ChatSource
from chatpulse.twitch.replay import Replay

__all__ = [
    "TWITCH_URL",
    "ChatSource",
    "Inspection",
    "LineParser",
    "Listener",
    "Replay",
    "Standing",
    "World",
    "inspect_files",
    "parse_server",
]
