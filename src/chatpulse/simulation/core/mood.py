"""What a line of simulated chat expresses."""

from enum import StrEnum


class Mood(StrEnum):
    """The feeling or purpose of a line; the first eight have the values of `domain.scores.Reaction`."""

    HYPE = "hype"
    LAUGHTER = "laughter"
    SHOCK = "shock"
    SADNESS = "sadness"
    ANGER = "anger"
    BOREDOM = "boredom"
    LOVE = "love"
    QUESTION = "question"
    CALM = "calm"
    """Talk about what is on screen, without much feeling."""
    GREETING = "greeting"
    REPLY = "reply"
    """An answer to somebody; makes sense after any question or claim."""
    QUARREL = "quarrel"
    """One side of an argument."""
    RAID = "raid"
    """What people shout who arrive with a raid."""
    THANKS = "thanks"
    """Said after a gift or a sub."""
