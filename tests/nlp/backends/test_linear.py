"""The default scorer agrees with the guideline on invented messages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatpulse.domain.scores import Flag, Label, Reaction, Score
from chatpulse.nlp.backends.linear import LinearScorer
from chatpulse.nlp.core import linear
from chatpulse.nlp.core.lexicon import LEXICON_VERSION
from chatpulse.nlp.core.normalise import NORMALISER_VERSION, normalise
from chatpulse.nlp.ports import Scorer

SCORER: Scorer = LinearScorer()


def score(text: str) -> Score:
    return SCORER.score([normalise(text)])[0]


POSITIVE = (
    "that was amazing",
    "gg wp",
    "LUL LUL",
    "i love this channel <3",
    "thanks for the help @someone",
    "W streamer",
    "lets gooooo PogChamp",
    "not bad at all",
    "plumLove plumLove",
    "SeemsGood",
    "you guys are the best",
    "hahaha nice one",
    "this boss theme slaps so hard",
    "FeelsGoodMan Clap",
    "ain't nobody better than her, goat",
    "dont worry",
    "🎉🎉",
    "hi chat HeyGuys",
    "no problem",
    "so cute AYAYA",
    "omg this is so good",
    "well played",
)
NEGATIVE = (
    "this is so boring ResidentSleeper",
    "worst patch ever",
    "not funny",
    "NotLikeThis",
    "i hate this map",
    "so cringe",
    "he is throwing again",
    "feels bad man",
    "rip",
    "nobody cares",
    "NOOOOOO",
    "DansGame",
    "what a waste of time",
    "stop playing this garbage game",
    "that jump scare monkaS",
    "plumCry plumCry",
    "don't like it",
    "WutFace",
    "sucks to be him",
    "can't even win one round, trash team",
    "L take",
    ":(",
)
NEUTRAL = (
    "he starts at nine",
    "which song is this",
    "what time is it there?",
    "Kappa",
    "PogChamp",
    "is this game good?",
    "first",
    "new video tomorrow",
    "@someone check the link https://a.example",
    "you need three keys for the blue door",
    "1",
    "...",
    "!uptime",
    "when does the next round begin",
    "forsenE",
    "monkaHmm",
    "i think he went left",
    "same as last week",
    "",
)


@pytest.mark.parametrize(
    ("text", "best"),
    [
        *((text, Label.POSITIVE) for text in POSITIVE),
        *((text, Label.NEGATIVE) for text in NEGATIVE),
        *((text, Label.NEUTRAL) for text in NEUTRAL),
    ],
)
def test_the_best_guess_follows_the_guideline(text: str, best: Label) -> None:
    assert score(text).best is best


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        pytest.param("good", "very good", id="intensifier"),
        pytest.param("kinda good", "good", id="diminisher"),
        pytest.param("good", "GOOD", id="capitals"),
        pytest.param("good", "gooood", id="drawn out"),
        pytest.param("LUL", "LUL LUL LUL", id="repeats"),
        pytest.param("LUL good one Kappa", "LUL good one", id="irony"),
        pytest.param("good game?", "good game", id="question"),
        pytest.param("people said that this one was good in the end", "that was good", id="many silent words"),
    ],
)
def test_context_strengthens_or_weakens_praise(weaker: str, stronger: str) -> None:
    assert 0 < score(weaker).valence < score(stronger).valence


@pytest.mark.parametrize(
    ("text", "sign"),
    [("not good", -1), ("isn't very good", -1), ("never terrible", 1), ("not his best, but good", 1), ("no fun", -1)],
)
def test_negation_turns_what_follows_until_the_clause_ends(text: str, sign: int) -> None:
    assert score(text).valence * sign > 0


@pytest.mark.parametrize(
    ("text", "reactions"),
    [
        ("PogChamp", (Reaction.HYPE,)),
        ("KEKW", (Reaction.LAUGHTER,)),
        ("monkaS", (Reaction.SHOCK,)),
        ("Sadge", (Reaction.SADNESS,)),
        ("Madge", (Reaction.ANGER,)),
        ("ResidentSleeper", (Reaction.BOREDOM,)),
        ("<3", (Reaction.LOVE,)),
        ("is he back?", (Reaction.QUESTION,)),
        ("where did the door go", (Reaction.QUESTION,)),
        ("what a save", ()),
        ("???", (Reaction.SHOCK,)),
        ("not crying", ()),
        ("LUL monkaS", (Reaction.LAUGHTER, Reaction.SHOCK)),
        ("he opens the door", ()),
    ],
)
def test_reactions_are_named(text: str, reactions: tuple[Reaction, ...]) -> None:
    assert tuple(r for r in score(text).reactions if r is not Reaction.HYPE or text == "PogChamp") == reactions


def test_contradictory_and_ironic_messages_are_unsure() -> None:
    assert [score(text).label for text in ("love and hate", "Kappa", "great job, terrible aim")] == [Label.UNSURE] * 3


def test_commands_are_neutral_whatever_they_say() -> None:
    result = score("!love this awful amazing game PogChamp")

    assert (result.label, result.valence, result.reactions, result.tokens) == (Label.NEUTRAL, 0.0, (), ())


def test_other_languages_are_unsure_and_keep_what_their_emotes_show() -> None:
    result = score("das ist nicht so gut wie ich dachte love BibleThump")

    assert (result.label, result.best, result.valence) == (Label.UNSURE, Label.NEUTRAL, 0.0)
    assert result.reactions == (Reaction.SADNESS,)
    assert Flag.UNSUPPORTED in result.flags


def test_art_is_unsure_and_shows_nothing() -> None:
    result = score("▀▄" * 12 + " LUL")

    assert (result.label, result.reactions) == (Label.UNSURE, ())


def test_the_deciding_tokens_come_strongest_first_with_signed_shares() -> None:
    result = score("great play but boring LUL")

    assert [token for token, _ in result.tokens] == ["great", "boring", "LUL"]
    assert [share > 0 for _, share in result.tokens] == [True, False, True]
    assert sum(abs(share) for _, share in result.tokens) == pytest.approx(1.0, abs=0.01)


def test_a_token_that_comes_again_is_named_once_with_all_its_weight() -> None:
    once, often = dict(score("good bad").tokens), score("good bad good bad good").tokens

    assert [token for token, _ in often] == ["good", "bad"]
    assert dict(often)["good"] > once["good"]
    assert dict(often)["bad"] < 0 < dict(often)["good"]


def test_of_many_tokens_the_five_strongest_are_named_and_their_weights_not_remembered() -> None:
    remembered = linear._rank.cache_info().currsize

    tokens = score("great boring awesome terrible love hate cute ugly good bad").tokens

    assert len(tokens) == 5
    assert [abs(share) for _, share in tokens] == sorted((abs(share) for _, share in tokens), reverse=True)
    assert linear._rank.cache_info().currsize == remembered


def test_a_phrase_is_one_token() -> None:
    assert score("what a play").tokens == (("what a play", 1.0),)


@given(st.lists(st.sampled_from([*POSITIVE, *NEGATIVE, *NEUTRAL, "not", "so", "?"]) | st.text(max_size=20), max_size=5))
@settings(deadline=None, max_examples=300)
def test_probabilities_are_whole_and_agree_with_the_rest(parts: list[str]) -> None:
    result = score(" ".join(parts))

    chances = {Label.NEGATIVE: result.negative, Label.NEUTRAL: result.neutral, Label.POSITIVE: result.positive}
    assert sum(chances.values()) == pytest.approx(1.0)
    assert result.valence == pytest.approx(result.positive - result.negative)
    assert chances[result.best] == max(chances.values())
    assert result.label in {result.best, Label.UNSURE}
    assert 0.0 <= result.confidence <= 1.0


def test_the_version_names_lexicon_and_normaliser() -> None:
    assert SCORER.name == "linear"
    assert f"lexicon.{LEXICON_VERSION}" in SCORER.version
    assert f"normaliser.{NORMALISER_VERSION}" in SCORER.version
