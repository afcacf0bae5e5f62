"""The default scorer: the lexicon's linear model, which needs nothing but the base install."""

from collections.abc import Sequence

from chatpulse.domain.scores import Score
from chatpulse.nlp.core.lexicon import LEXICON_VERSION, load_lexicon
from chatpulse.nlp.core.linear import MODEL_VERSION, LinearModel
from chatpulse.nlp.core.normalise import NORMALISER_VERSION, Normalised


class LinearScorer:
    """Scores by summing up what the lexicon says; one instance serves one thread at a time."""

    name = "linear"
    version = f"{MODEL_VERSION}+lexicon.{LEXICON_VERSION}+normaliser.{NORMALISER_VERSION}"

    def __init__(self) -> None:
        self._model = LinearModel(load_lexicon())

    def score(self, texts: Sequence[Normalised], /) -> list[Score]:
        """One score for each text, in order."""
        return [self._model.score(text) for text in texts]
