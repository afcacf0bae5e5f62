"""Chat messages in; sentiment, reactions, flags, terms and copypasta waves out."""

from chatpulse.nlp.core.emotes import ChannelEmotes
from chatpulse.nlp.ports import EmoteSets, Scorer
from chatpulse.nlp.score import ChatScorer, explain

__all__ = ["ChannelEmotes", "ChatScorer", "EmoteSets", "Scorer", "explain"]
