"""What Twitch chat means by its words, emotes, emoji and faces: the scorer's only knowledge.

The tables beside this module were written blind: by a language model, not by annotators, from general knowledge of
Twitch chat, without sight of any labelled message, of any count made from labels or of another lexicon. Known
beforehand were published class shares of one labelled set and remarks on it that name no token: how people label a lone
emote of hype, laughter, fear or irony. Counts over unlabelled chat told which tokens are worth a line. The judgements
are opinions, not measurements; the rules behind them: docs/reference/guideline.md.
"""

from chatpulse.nlp.core.lexicon.lookup import LEXICON_VERSION, Lexicon, load_lexicon
from chatpulse.nlp.core.lexicon.table import Entry

__all__ = ["LEXICON_VERSION", "Entry", "Lexicon", "load_lexicon"]
