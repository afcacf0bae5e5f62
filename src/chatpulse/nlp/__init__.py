"""Chat messages in; sentiment, reactions, flags, terms and copypasta waves out."""

from chatpulse.nlp.ports import Scorer
from chatpulse.nlp.score import ChatScorer, explain

__all__ = ["ChatScorer", "Scorer", "explain"]
