"""What the stage asks of a model of sentiment, and of who knows the emotes of a channel."""

from collections.abc import Sequence
from typing import Protocol

from chatpulse.domain.scores import Score
from chatpulse.nlp.core.emotes import ChannelEmotes
from chatpulse.nlp.core.normalise import Normalised


class Scorer(Protocol):
    """Something that judges normalised texts, always the same way for one version."""

    @property
    def name(self) -> str:
        """Short name, stored with every score."""

    @property
    def version(self) -> str:
        """Changes whenever any score could: weights, lexicon and normaliser are in it."""

    def score(self, texts: Sequence[Normalised], /) -> list[Score]:
        """One score for each text, in order."""


class EmoteSets(Protocol):
    """Knows which words are third-party emotes, in which channel and when."""

    def at(self, channel: str, ts_us: int | None, /) -> ChannelEmotes | None:
        """The channel's emotes at a time, or now for None; the same value as long as they are the same.

        None where nothing is known: then only the names count that stand apart from words.
        """
