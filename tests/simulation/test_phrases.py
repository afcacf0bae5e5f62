"""Phrases become varied chat in the mood that was asked for."""

from collections import Counter

import pytest

from chatpulse.simulation.core.channels import DEFAULT_PLANS, ChannelPlan
from chatpulse.simulation.core.dice import Dice
from chatpulse.simulation.core.mood import Mood
from chatpulse.simulation.core.phrases import PhraseBook, compile_template
from chatpulse.simulation.core.room import Room
from chatpulse.simulation.core.texts import special


def book_of(*, foreign_share: float = 0.0) -> PhraseBook:
    return PhraseBook(
        words={"hero": ["quill"], "name": ["Ada"], "num": ["7"], "thing": ["door"]},
        emotes={Mood.HYPE: "quillGo"},
        phrases={Mood.HYPE: "the {thing} opened"},
        foreign={Mood.HYPE: "\n".join(["allez"] * 8)},
        foreign_share=foreign_share,
    )


def test_a_template_fills_known_slots_and_keeps_everything_else() -> None:
    template = compile_template("{num} % of {what} by {name}", {"num": ["7"], "name": ["Ada"]})

    assert template.fill(Dice(1)) == "7 % of {what} by Ada"
    assert compile_template("100 %", {}).fill(Dice(1)) == "100 %"


@pytest.mark.parametrize("plan", DEFAULT_PLANS, ids=lambda plan: plan.name)
def test_no_phrase_of_a_channel_leaves_a_slot_open(plan: ChannelPlan) -> None:
    room = Room(plan, Dice(1), start_us=0)

    texts = [room.book.phrase(mood, room.dice) for mood in Mood for _ in range(600)]
    texts += [room.fill(answer, Mood.CALM) for _, answer in plan.commands]
    texts += [room.fill(text, Mood.LOVE) for text in (*special.RESUBS, *special.CHEERS, *special.WELCOMES)]
    texts += [room.fill(text, Mood.CALM) for text in (*special.ACTIONS, *special.REDEMPTIONS, *special.HIGHLIGHTS)]

    assert [text for text in texts if "{" in text or not text] == []


def test_ordinary_talk_hardly_repeats_itself() -> None:
    distinct = set()
    for plan in DEFAULT_PLANS:
        room = Room(plan, Dice(1), start_us=0)
        distinct |= {room.book.phrase(mood, room.dice) for mood in Mood for _ in range(200)}

    assert len(distinct) > 1500


def test_a_sentence_does_not_come_back_soon_and_a_call_does() -> None:
    plan = DEFAULT_PLANS[2]
    room = Room(plan, Dice(1), start_us=0)

    texts = [room.book.phrase(Mood.HYPE, room.dice) for _ in range(1_000)]

    sentences = [text for text in texts if len(text) >= 30]
    assert len(set(sentences)) == len(sentences) > 20
    assert texts.count("LET'S GO") > 5


def test_a_sentence_with_another_emote_is_the_same_sentence() -> None:
    book = PhraseBook(
        words={}, emotes={}, phrases={Mood.REPLY: "the goat is on the roof {e}"}, foreign={}, foreign_share=0.0
    )
    dice = Dice(1)

    said = [text for text in (book.phrase(Mood.REPLY, dice) for _ in range(200)) if text.startswith("the goat")]

    assert len(said) == 1


def test_a_mood_shows_in_its_words_and_emotes() -> None:
    book, dice = book_of(), Dice(1)

    tokens = Counter(token for _ in range(500) for token in book.compose(Mood.HYPE, dice).split())
    sad = Counter(token for _ in range(500) for token in book.compose(Mood.SADNESS, dice).split())

    assert tokens["quillGo"] > 50
    assert tokens["opened"] > 5
    assert tokens["Sadge"] == 0
    assert sad["Sadge"] > 20
    assert sad["quillGo"] == 0


def test_questions_keep_their_words() -> None:
    book, dice = book_of(), Dice(1)

    assert all("?" in book.compose(Mood.QUESTION, dice) for _ in range(300))


def test_chat_shouts_stretches_and_runs_emotes() -> None:
    book, dice = book_of(), Dice(1)

    texts = [book.compose(Mood.LAUGHTER, dice) for _ in range(5000)]

    assert "I'M ACTUALLY WHEEZING" in texts
    assert any("wheezinggg" in text for text in texts)
    assert any(text == "KEKW KEKW KEKW" for text in texts)
    assert not any("PEPELAUGH" in text for text in texts)


def test_foreign_phrases_come_in_the_share_that_was_asked_for() -> None:
    dice = Dice(1)

    none = [book_of().phrase(Mood.HYPE, dice) for _ in range(300)]
    half = [book_of(foreign_share=0.5).phrase(Mood.HYPE, dice) for _ in range(300)]

    assert none.count("allez") == 0
    assert 120 < half.count("allez") < 180
