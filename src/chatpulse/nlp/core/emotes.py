"""Tell emotes from words where no tag does: names that all of Twitch knows, faces, and the shape of subscriber emotes.

Codes of extensions are plain words on the wire. A channel's own set decides; without one, only names that are no
ordinary word count (`ok`, `yo` and `silly` are emotes somewhere), so the built-in list holds those alone, and of names
from elsewhere those count that nobody would write as a word (`stands_apart`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

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

# An inner capital, which two in a row have as well, a digit or a sign.
_APART = re.compile(r".[^\W\d_]*[A-Z]|[\W\d_]", re.DOTALL)
_ORDINARY = re.compile(r"[A-Z]?[a-z]+(?:['-][a-z]+)*[.,!?]*|[0-9.,:%]+|[^\w\s]+")
"""Words, numbers and punctuation have digits and signs too."""


@dataclass(frozen=True, slots=True, eq=False)
class ChannelEmotes:
    """The third-party emotes of a channel at one time; one value per set, so that scores are remembered by it."""

    names: frozenset[str]
    zero_width: frozenset[str] = frozenset()
    """Those that are drawn over their neighbour."""

    @classmethod
    def of(cls, sure: Iterable[str], *, guessed: Iterable[str] = (), zero_width: Iterable[str] = ()) -> Self:
        """The emotes that count: all that were in the channel's set, and of those that may have been the odd ones."""
        names = frozenset(sure).union(filter(stands_apart, guessed))
        return cls(names, names.intersection(zero_width))


NO_EMOTES = ChannelEmotes(frozenset())
"""Nothing is known of the channel."""


def is_emote(token: str) -> bool:
    """Whether a whole token, as written, is an emote in every channel."""
    return token in KNOWN_EMOTES or is_subscriber_emote(token)


def is_subscriber_emote(token: str) -> bool:
    """Whether a token has the shape of a subscriber emote."""
    return bool(_SUBSCRIBER.match(token)) and token not in _CAMEL_WORDS


def stands_apart(name: str) -> bool:
    """Whether a name is so unlike a word that it is taken for an emote without the channel's set."""
    return name in KNOWN_EMOTES or (bool(_APART.search(name)) and not _ORDINARY.fullmatch(name))
