"""Turn lists of invented phrases into an endless, varied stream of chat texts.

A template is a phrase with slots: `best {thing} so far`. Around the phrase comes what makes chat look like chat: lone
emotes and emote runs, a closing emote, capitals, stretched last letters. Nearly a third of real messages is one word
and a quarter carries an emote; the shares below are set so that the result looks alike.

People call the same word at the same time, but hardly ever the same sentence: of the texts of four words and more, 0.1
to 2.5 % repeat one of the 10 s before in busy real channels, unless it is copypasta. So a sentence that was said lately
is not said again; another one is, or, when all of a mood are used up, one of its short calls. A burst makes chat
shorter here as it does there.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from chatpulse.simulation.core.dice import Dice
from chatpulse.simulation.core.mood import Mood
from chatpulse.simulation.core.texts import feelings, talk
from chatpulse.simulation.core.texts.emotes import EMOTES

SLOT = re.compile(r"\{(\w+)\}")
EMOTE_ONLY = 0.22
"""Share of texts that are emotes and nothing else."""
RUN_LENGTHS = (1, 1, 1, 1, 1, 2, 3, 3, 4, 5)
"""How many times an emote is repeated, each as likely."""
CLOSING_EMOTE = 0.22
"""Share of phrases that end in an emote."""
CAPITALS: Mapping[Mood, float] = {
    Mood.HYPE: 0.3,
    Mood.SHOCK: 0.22,
    Mood.LAUGHTER: 0.12,
    Mood.ANGER: 0.18,
    Mood.RAID: 0.3,
}
"""Share of phrases that are shouted, by mood."""
STRETCHED = 0.1
"""Share of phrases whose last letter is repeated."""
ENOUGH = 8
"""With fewer phrases in other languages than this, they are chosen less often, so that they do not repeat."""
WORDY = frozenset({Mood.QUESTION, Mood.REPLY, Mood.QUARREL, Mood.THANKS, Mood.CALM})
"""Moods that need words: no lone emotes, no stretching."""
SENTENCE_WORDS = 4
SENTENCE_CHARS = 20
"""A phrase from these lengths on is a sentence; shorter ones are calls, which everybody repeats."""
REMEMBERED_SENTENCES = 400
"""Sentences that are not said again: about ten seconds of the fastest chat, ten minutes of a slow one."""
TRIES = 3
"""Phrases that somebody thinks of before falling back to a call."""
OWN_WEIGHT = 2
"""How often a phrase of the channel is said for each time that a phrase of every channel is."""


@dataclass(frozen=True, slots=True)
class Template:
    """A phrase ready to be filled."""

    pattern: str
    slots: tuple[Sequence[str], ...]

    def fill(self, dice: Dice) -> str:
        """The phrase with a word in each slot."""
        if not self.slots:
            return self.pattern
        return self.pattern % tuple([dice.pick(words) for words in self.slots])


def compile_template(phrase: str, words: Mapping[str, Sequence[str]]) -> Template:
    """Prepare a phrase; a slot that `words` does not know stays as it stands, in braces."""
    parts = SLOT.split(phrase)
    pattern = []
    slots: list[Sequence[str]] = []
    for index, part in enumerate(parts):
        if index % 2 and part in words:
            pattern.append("%s")
            slots.append(words[part])
        else:
            pattern.append(f"{{{part}}}" if index % 2 else part.replace("%", "%%"))
    joined = "".join(pattern)
    return Template(joined if slots else joined.replace("%%", "%"), tuple(slots))


class PhraseBook:
    """What the people of one channel say.

    Args:
        words: what fills the slots; a list that is changed later changes what is said.
        emotes: the channel's own emotes by mood, separated by spaces; they come beside those of every channel.
        phrases: the channel's own phrases by mood, one per line.
        foreign: phrases in other languages by mood.
        foreign_share: how often one of these is chosen where the mood has some, 0 to 1.
    """

    def __init__(
        self,
        *,
        words: Mapping[str, Sequence[str]],
        emotes: Mapping[Mood, str],
        phrases: Mapping[Mood, str],
        foreign: Mapping[Mood, str],
        foreign_share: float,
    ) -> None:
        self._words = words
        self._emotes = {mood: _emotes_of(mood, emotes) for mood in Mood}
        self._every_emote = frozenset(chain.from_iterable(self._emotes.values()))
        self._phrases = {
            mood: self._compile(mood, phrases.get(mood, "")) * OWN_WEIGHT + self._compile(mood, _common_phrases(mood))
            for mood in Mood
        }
        self._foreign = {mood: self._compile(mood, text) for mood, text in foreign.items()}
        self._foreign_share = {
            mood: foreign_share * min(1, len(self._foreign[mood]) / ENOUGH) for mood in self._foreign
        }
        self._calls = {
            mood: [template for template in templates if _is_call(template)] or templates
            for mood, templates in self._phrases.items()
        }
        self._said: OrderedDict[str, None] = OrderedDict()
        """Sentences that were said lately, oldest first, without their emotes."""
        self._cache: dict[tuple[Mood, str], Template] = {}

    def compose(self, mood: Mood, dice: Dice) -> str:
        """One text in this mood, with all that chat does to a phrase."""
        wordy = mood in WORDY
        if not wordy and dice.chance(EMOTE_ONLY):
            return self._emote_run(mood, dice)
        text = self.phrase(mood, dice)
        roll = dice.unit()
        if roll < CAPITALS.get(mood, 0.02) and text.isascii():
            return text if self._has_emote(text) else text.upper()
        if not wordy and roll > 1 - STRETCHED and text.isascii() and text[-1].isalpha() and not self._has_emote(text):
            text += text[-1] * dice.whole(2, 7)
        if dice.chance(CLOSING_EMOTE):
            text = f"{text} {dice.pick(self._emotes[mood])}"
        return text

    def phrase(self, mood: Mood, dice: Dice) -> str:
        """One phrase in this mood with its slots filled, and no sentence that was said lately."""
        for _ in range(TRIES):
            text = self._draw(mood, dice)
            if not _is_sentence(text) or self._is_new(text):
                return text
        return dice.pick(self._calls[mood]).fill(dice)

    def fill(self, phrase: str, mood: Mood, dice: Dice) -> str:
        """Fill the slots of a phrase from outside the book."""
        template = self._cache.get((mood, phrase))
        if template is None:
            template = self._cache[mood, phrase] = compile_template(phrase, self._slots(mood))
        return template.fill(dice)

    def emote(self, mood: Mood, dice: Dice) -> str:
        """One emote of this mood."""
        return dice.pick(self._emotes[mood])

    def _draw(self, mood: Mood, dice: Dice) -> str:
        if dice.chance(self._foreign_share.get(mood, 0.0)):
            return dice.pick(self._foreign[mood]).fill(dice)
        return dice.pick(self._phrases[mood]).fill(dice)

    def _is_new(self, sentence: str) -> bool:
        """Whether nobody said it lately; now somebody does."""
        if self._has_emote(sentence):
            sentence = " ".join([word for word in sentence.split(" ") if word not in self._every_emote])
        if sentence in self._said:
            return False
        self._said[sentence] = None
        if len(self._said) > REMEMBERED_SENTENCES:
            self._said.popitem(last=False)
        return True

    def _emote_run(self, mood: Mood, dice: Dice) -> str:
        emotes = [dice.pick(self._emotes[mood])] * dice.pick(RUN_LENGTHS)
        if dice.chance(0.15):
            emotes.append(dice.pick(self._emotes[mood]))
        return " ".join(emotes)

    def _has_emote(self, text: str) -> bool:
        return not self._every_emote.isdisjoint(text.split(" "))

    def _compile(self, mood: Mood, text: str) -> list[Template]:
        slots = self._slots(mood)
        return [compile_template(phrase, slots) for phrase in text.splitlines()]

    def _slots(self, mood: Mood) -> dict[str, Sequence[str]]:
        return {**self._words, "e": self._emotes[mood]}


def _is_sentence(text: str) -> bool:
    return len(text) >= SENTENCE_CHARS and text.count(" ") >= SENTENCE_WORDS - 1


def _is_call(template: Template) -> bool:
    """Whether a phrase stays short with a long word in each slot."""
    return not _is_sentence(template.pattern.replace("%s", "x" * SENTENCE_CHARS))


def _common_phrases(mood: Mood) -> str:
    return feelings.PHRASES.get(mood) or talk.PHRASES[mood]


def _emotes_of(mood: Mood, own: Mapping[Mood, str]) -> tuple[str, ...]:
    # The channel's own emotes stand twice: people like them best.
    return tuple(own.get(mood, "").split() * 2 + EMOTES[mood].split())
