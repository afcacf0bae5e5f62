"""Tell emotes from words where no tag does: names that all of Twitch knows, faces, and the shape of subscriber emotes.

Codes of extensions are plain words on the wire. A channel's own set decides; without one, only names that are no
ordinary word count (`ok`, `yo` and `silly` are emotes somewhere), so the built-in list holds those alone.
"""

import re

from chatpulse.nlp.core.lexicon import load_lexicon

KNOWN_EMOTES = frozenset(load_lexicon().emotes)
SYMBOLS = frozenset(load_lexicon().symbols)

# A subscriber emote is the channel's prefix in lower case, then a name that starts with a capital: `someoneHype`.
_SUBSCRIBER = re.compile(r"[a-z][a-z0-9]{2,14}[A-Z][A-Za-z0-9]{0,24}$")
_CAMEL_WORDS = frozenset({
    "macOS",
    "javaScript",
    "typeScript",
    "youTube",
    "tikTok",
    "playStation",
    "fortNite",
    "mineCraft",
})

# Pictographs with their modifiers, flags, key caps; joined ones stay one.
_PICTOGRAPH = (
    "(?:[\U0001f1e6-\U0001f1ff]{2}|[0-9#*]\ufe0f?\u20e3"
    "|[\u203c\u2049\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934-\u2935\u2b05-\u2b55"
    "\u3030\u303d\U0001f000-\U0001f0ff\U0001f170-\U0001f1e5\U0001f200-\U0001faff]"
    "[\ufe0f\U0001f3fb-\U0001f3ff]*[\U000e0020-\U000e007f]*)"
)
EMOJI = re.compile(f"{_PICTOGRAPH}(?:\u200d{_PICTOGRAPH})*")


def is_emote(token: str, channel_emotes: frozenset[str]) -> bool:
    """Whether a whole token, as written, is an emote."""
    return token in channel_emotes or token in KNOWN_EMOTES or is_subscriber_emote(token)


def is_subscriber_emote(token: str) -> bool:
    """Whether a token has the shape of a subscriber emote."""
    return bool(_SUBSCRIBER.match(token)) and token not in _CAMEL_WORDS
