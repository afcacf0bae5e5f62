"""The lexicon is whole, readable, and written in the form in which the normaliser hands out tokens."""

import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from chatpulse.domain.scores import Reaction
from chatpulse.errors import InputError
from chatpulse.nlp.core.lexicon import grammar, load_lexicon
from chatpulse.nlp.core.lexicon.table import DOUBT_LIMIT, VALENCE_LIMIT, Entry, read_table
from chatpulse.nlp.core.normalise import Kind, normalise

LEXICON = load_lexicon()
PARTS: dict[str, Mapping[Any, Entry]] = {
    "emotes": LEXICON.emotes,
    "endings": LEXICON.endings,
    "words": LEXICON.words,
    "symbols": LEXICON.symbols,
    "phrases": LEXICON.phrases,
}


def test_there_are_at_least_1200_entries_in_every_field() -> None:
    assert len(LEXICON) >= 1_200
    assert min(len(part) for part in PARTS.values()) >= 200


@pytest.mark.parametrize("part", PARTS)
def test_every_judgement_is_in_range_with_known_reactions(part: str) -> None:
    for name, entry in PARTS[part].items():
        assert abs(entry.valence) <= VALENCE_LIMIT, name
        assert 0.0 <= entry.doubt <= DOUBT_LIMIT, name
        assert all(isinstance(reaction, Reaction) for reaction in entry.reactions), name


def test_words_and_phrases_stand_as_the_normaliser_hands_them_out() -> None:
    texts = [*LEXICON.words, *(" ".join(phrase) for phrase in LEXICON.phrases)]

    assert [text for text in texts if " ".join(normalise(text).atoms) != text] == []


def test_symbols_and_emotes_are_read_as_one_token_of_their_kind() -> None:
    odd = [
        name
        for name in LEXICON.symbols
        if [t.kind for t in normalise(name).tokens] not in ([Kind.SYMBOL], [Kind.EMOTE])
    ]
    odd += [name for name in LEXICON.emotes if [t.kind for t in normalise(name).tokens] != [Kind.EMOTE]]

    assert odd == []


def test_words_that_steer_others_have_one_role() -> None:
    roles = [grammar.NEGATORS, grammar.NO_WORDS, grammar.BREAKS, grammar.STRONGER, grammar.WEAKER]

    assert sum(map(len, roles)) == len(frozenset().union(*roles))


def test_irony_is_doubt_and_hype_is_weak() -> None:
    assert LEXICON.emotes["Kappa"].valence == 0.0
    assert LEXICON.emotes["Kappa"].doubt > 0.0
    assert all(abs(entry.valence) <= 1.3 for entry in LEXICON.emotes.values() if entry.reactions == (Reaction.HYPE,))


@pytest.mark.parametrize(
    ("name", "like"),
    [
        pytest.param("plumCry", "PoroSad", id="ending"),
        pytest.param("plum2Hype", "PogChamp", id="ending behind a digit"),
        pytest.param("plumKEKW2", "KEKW", id="emote as ending, with a number"),
        pytest.param("Kappa_HF", "Kappa", id="modified emote"),
    ],
)
def test_an_unknown_emote_falls_back_to_its_ending(name: str, like: str) -> None:
    found, other = LEXICON.emote(name), LEXICON.emotes[like]

    assert found is not None
    assert (found.reactions, found.valence > 0, found.doubt > 0) == (
        other.reactions,
        other.valence > 0,
        other.doubt > 0,
    )


def test_an_ending_is_looked_for_among_endings_then_emotes_then_words() -> None:
    assert LEXICON.emote("plumCry") == LEXICON.endings["cry"]
    assert LEXICON.emote("plumOMEGALUL") == LEXICON.emotes["OMEGALUL"]
    assert LEXICON.emote("plumAwesome") == LEXICON.words["awesome"].scaled(0.7)


def test_an_emoji_is_known_in_every_skin_and_a_face_as_an_emote_too() -> None:
    assert LEXICON.symbol("\U0001f44d\U0001f3fd") == LEXICON.symbols["\U0001f44d"]
    assert LEXICON.emote(":)") == LEXICON.symbols[":)"]


def test_a_judgement_can_be_held_less_strongly() -> None:
    assert Entry(2.0, 0.5, (Reaction.LOVE,)).scaled(0.5) == Entry(1.0, 0.25, (Reaction.LOVE,))


@pytest.mark.parametrize(
    ("spelling", "word"),
    [
        ("goooood", "good"),
        ("niiiice", "nice"),
        ("loooool", "lol"),
        ("hahahahahah", "lol"),
        ("loves", "love"),
        ("despising", "despise"),
        ("sobbed", "sob"),
    ],
)
def test_a_word_is_found_under_its_other_spellings(spelling: str, word: str) -> None:
    assert LEXICON.word(spelling) == LEXICON.words[word]


def test_an_emote_is_known_however_it_is_typed_unless_that_is_a_word() -> None:
    assert LEXICON.word("omegalul") == LEXICON.emote("omegaLUL") == LEXICON.emotes["OMEGALUL"]
    assert all(name.isalnum() and len(name) >= 4 for name in LEXICON.folded)


@pytest.mark.parametrize("word", ["boots", "made", "table", "hobby", "string"])
def test_ordinary_words_are_not_mistaken_for_others(word: str) -> None:
    assert LEXICON.word(word) is None


def test_a_table_reads_as_it_looks() -> None:
    table = "# remark\n+1.5 love hype: one two\n    three\n-0.5 ~0.3: four\n"

    entries = read_table(table)

    assert entries["three"] == entries["one"] == Entry(1.5, 0.0, (Reaction.LOVE, Reaction.HYPE))
    assert entries["four"] == Entry(-0.5, 0.3)


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        pytest.param("+1.0: one two\n-1.0: one\n", "twice", id="duplicate"),
        pytest.param("+1.0 joy: one\n", "joy", id="unknown reaction"),
        pytest.param("+4.0: one\n", "within 3", id="valence out of range"),
        pytest.param("+1.0 ~2.5: one\n", "doubt from 0 to 2", id="doubt out of range"),
        pytest.param("good: one\n", "good", id="no number"),
        pytest.param("+1.0 one\n", "needs", id="no colon"),
    ],
)
def test_a_faulty_line_is_named(table: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        read_table(table)


def test_importing_and_loading_costs_little() -> None:
    code = (
        "import time; t = time.process_time(); from chatpulse.nlp.backends.linear import LinearScorer; LinearScorer(); "
    )

    spent = subprocess.run(  # our own interpreter, our own code
        [sys.executable, "-c", code + "print(time.process_time() - t)"], capture_output=True, text=True, check=True
    )

    assert float(spent.stdout) < 0.5  # the goal is .15 s on an idle machine
