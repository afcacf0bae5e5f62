"""What a scorer says about a message."""

from enum import StrEnum

import msgspec


class Label(StrEnum):
    """The one-word verdict."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    UNSURE = "unsure"


class Reaction(StrEnum):
    """What a message does beside being pleased or displeased; several may hold at once."""

    HYPE = "hype"
    LAUGHTER = "laughter"
    SHOCK = "shock"
    SADNESS = "sadness"
    ANGER = "anger"
    BOREDOM = "boredom"
    LOVE = "love"
    QUESTION = "question"


class Flag(StrEnum):
    """What a message looks like, whatever it means."""

    CAPS = "caps"
    REPEAT = "repeat"
    COMMAND = "command"
    EMOTE_ONLY = "emote_only"
    ART = "art"
    """Drawn with box, block or Braille characters; not scored."""
    UNSUPPORTED = "unsupported"
    """In a language that the scorer does not know; not scored."""


class Score(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One message's score.

    `negative + neutral + positive` is 1. `valence` is `positive - negative`, from -1 to 1.
    """

    negative: float
    neutral: float
    positive: float
    valence: float
    label: Label
    best: Label
    """The largest of the three probabilities, also when the label is unsure."""
    confidence: float
    """0 to 1: the lead of the largest probability over the second; 0 for what is not judged."""
    reactions: tuple[Reaction, ...] = ()
    flags: tuple[Flag, ...] = ()
    tokens: tuple[tuple[str, float], ...] = ()
    """The tokens that decided, each with its share of the valence, strongest first."""


class Scored(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A message's score with what the normaliser made of its text."""

    score: Score
    terms: tuple[str, ...] = ()
    """Words and emotes for counting, lower-cased words without stop words, emotes as written; each once."""
    emotes: tuple[str, ...] = ()
    """Names of all emotes in the text, native ones and others, in order, repeats kept."""
    wave_key: str = ""
    """Equal for near-duplicates: what the wave detector compares."""
