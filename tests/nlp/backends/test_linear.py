"""The default scorer agrees with the guideline on invented messages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatpulse.domain.scores import Flag, Label, Reaction, Score
from chatpulse.nlp.backends.linear import LinearScorer
from chatpulse.nlp.core import linear
from chatpulse.nlp.core.lexicon import LEXICON_VERSION, load_lexicon
from chatpulse.nlp.core.normalise import NORMALISER_VERSION, normalise
from chatpulse.nlp.core.verdict import UNSURE_WITHIN, decide
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
    "wellll played",
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
        pytest.param("good", "mad good", id="intensifier that is a word of its own"),
        pytest.param("very good", "really very good", id="two intensifiers"),
        pytest.param("kinda good", "good", id="diminisher"),
        pytest.param("good", "GOOD", id="capitals"),
        pytest.param("good", "gooood", id="drawn out"),
        pytest.param("nice", "niceeee", id="drawn out, and less in the lexicon"),
        pytest.param("very good", "veryyyy good", id="drawn-out intensifier"),
        pytest.param("so good", "sooo good", id="drawn-out start of a phrase"),
        pytest.param("well played", "WELL PLAYED", id="capitals of a phrase"),
        pytest.param("he is kinda good", "he is good", id="diminisher inside"),
        *(pytest.param("LUL " * n, "LUL " * (n + 1), id=f"{n + 1} times") for n in range(1, 5)),
        pytest.param("good good", "GOOD GOOD", id="capitals of repeats"),
        pytest.param("LUL good one Kappa", "LUL good one", id="irony"),
        pytest.param("good game?", "good game", id="question"),
        pytest.param("people said that this one was good in the end", "that was good", id="many silent words"),
    ],
)
def test_context_strengthens_or_weakens_praise(weaker: str, stronger: str) -> None:
    assert 0 < score(weaker).valence < score(stronger).valence


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("not good", -1),
        ("nottt good", -1),
        ("isn't very good", -1),
        ("never terrible", 1),
        ("not his best, but good", 1),
        ("no fun", -1),
        ("no door and good", 1),
        ("not him, good", 1),
        ("not him but good", 1),
        ("not in a blue good", -1),
        ("not in a blue door good", 1),
        ("not a word about it, good", 1),
        ("not then and there and now good", 1),
    ],
)
def test_negation_turns_what_follows_until_the_clause_ends(text: str, sign: int) -> None:
    assert score(text).valence * sign > 0


@pytest.mark.parametrize("steered", ["{} door good", "{} door kinda good"])
def test_an_intensifier_is_for_the_next_word_only(steered: str) -> None:
    assert score(steered.format("very")).valence == score(steered.format("that")).valence


def test_turned_praise_is_worse_than_turned_complaint_is_good() -> None:
    words = load_lexicon().words
    assert words["horrible"].valence == -words["awesome"].valence

    assert score("it isn't awesome").negative > score("it isn't horrible").positive


def test_asking_whether_it_is_bad_complains_less() -> None:
    assert 0 > score("this is bad?").valence > score("this is bad").valence


def test_under_negation_an_intensifier_adds_nothing() -> None:
    assert score("it isn't really good").valence >= score("it isn't good").valence


def test_shouting_takes_more_than_a_capital_here_and_there() -> None:
    assert score("I love it").valence == score("i love it").valence < score("I LOVE IT").valence
    assert score("WELL played").valence == score("well played").valence
    assert score("W W").valence == score("w w").valence


def test_the_words_of_a_phrase_are_not_silent_ones() -> None:
    valence = load_lexicon().phrases["well", "played"].valence

    assert score("well played").positive == decide((valence, 0.0, 0.0, 0)).positive
    assert score("well played there").positive == decide((valence, 0.0, 0.0, 1)).positive


def test_an_emote_that_nobody_knows_says_nothing() -> None:
    result = score("plumQzxv plumQzxv")

    assert (result.label, result.valence, result.tokens) == (Label.NEUTRAL, 0.0, ())


def test_what_weighs_nothing_decided_nothing() -> None:
    assert score("Kappa").tokens == ()


@pytest.mark.parametrize("text", ["hello", "hi", "hello everyone how are you", "nothing bad"])
def test_a_near_tie_is_unsure_and_still_has_a_best_guess(text: str) -> None:
    result = score(text)

    assert result.label is Label.UNSURE
    assert result.best is not Label.UNSURE
    assert 0.0 < result.confidence < UNSURE_WITHIN


@pytest.mark.parametrize(
    ("text", "label"), [("PogChamp", Label.NEUTRAL), ("LUL", Label.POSITIVE), ("L take", Label.NEGATIVE)]
)
def test_what_is_no_near_tie_keeps_its_label(text: str, label: Label) -> None:
    assert score(text).label is label


@pytest.mark.parametrize(
    ("text", "reactions"),
    [
        ("PogChamp", (Reaction.HYPE,)),
        ("KEKW", (Reaction.LAUGHTER,)),
        ("hahaha", (Reaction.LAUGHTER,)),
        ("so sad", (Reaction.SADNESS,)),
        ("monkaS", (Reaction.SHOCK,)),
        ("Sadge", (Reaction.SADNESS,)),
        ("Madge", (Reaction.ANGER,)),
        ("ResidentSleeper", (Reaction.BOREDOM,)),
        ("<3", (Reaction.LOVE,)),
        ("is he back?", (Reaction.QUESTION,)),
        ("where did the door go", (Reaction.QUESTION,)),
        ("why that door", (Reaction.QUESTION,)),
        ("why is that door so sad", (Reaction.SADNESS, Reaction.QUESTION)),
        ("why that", ()),
        ("what a save", ()),
        ("???", (Reaction.SHOCK,)),
        ("...", ()),
        ("LUL ???", (Reaction.LAUGHTER,)),
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
    assert (result.negative + result.neutral + result.positive, result.confidence) == (1.0, 0.0)


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


@pytest.mark.parametrize(("text", "share"), [("what a play", 1.0), ("awful", -1.0)])
def test_what_decided_alone_has_the_whole_share(text: str, share: float) -> None:
    assert score(text).tokens == ((text, share),)


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
    assert result.label is Label.UNSURE or result.confidence >= UNSURE_WITHIN or Flag.COMMAND in result.flags


def test_the_version_names_lexicon_and_normaliser() -> None:
    assert SCORER.name == "linear"
    assert f"lexicon.{LEXICON_VERSION}" in SCORER.version
    assert f"normaliser.{NORMALISER_VERSION}" in SCORER.version
