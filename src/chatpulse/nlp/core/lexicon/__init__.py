"""What Twitch chat means by its words, emotes, emoji and faces: the scorer's only knowledge.

The tables beside this module were written by the authors from general knowledge of Twitch chat, without sight of any
labelled message and without copying another lexicon; counts over unlabelled chat told which tokens are worth a line.
The judgements are opinions, not measurements. The rules behind them: docs/reference/guideline.md.
"""

from chatpulse.nlp.core.lexicon.lookup import LEXICON_VERSION, Lexicon, load_lexicon
from chatpulse.nlp.core.lexicon.table import Entry

__all__ = ["LEXICON_VERSION", "Entry", "Lexicon", "load_lexicon"]
