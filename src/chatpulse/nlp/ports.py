"""What the stage asks of a model of sentiment."""

from collections.abc import Sequence
from typing import Protocol

from chatpulse.domain.scores import Score
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
