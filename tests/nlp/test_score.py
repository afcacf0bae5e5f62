"""Messages are scored once per text, and again when anything that matters has changed."""

from collections.abc import Sequence

import msgspec

from chatpulse.domain.chat import ChatMessage, EmoteSpan, TimeKind
from chatpulse.domain.scores import Flag, Label, Score
from chatpulse.nlp import ChatScorer, explain
from chatpulse.nlp.backends.linear import LinearScorer
from chatpulse.nlp.core.emotes import ChannelEmotes
from chatpulse.nlp.core.normalise import Normalised


class CountingScorer(LinearScorer):
    """The real scorer, which remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def score(self, texts: Sequence[Normalised], /) -> list[Score]:
        self.asked += [text.text for text in texts]
        return super().score(texts)


def say(text: str, *, channel: str = "plum", emotes: tuple[EmoteSpan, ...] = (), bits: int = 0) -> ChatMessage:
    return ChatMessage(id="m", ts_us=1, received_us=1, channel=channel, text=text, emotes=emotes, bits=bits)


def test_results_come_in_order_and_equal_texts_are_scored_once() -> None:
    counting = CountingScorer()
    scorer = ChatScorer(counting)

    first = scorer.score([say("so good"), say("so bad"), say("so good")])
    second = scorer.score([say("so bad"), say("so good", channel="pear")])

    assert [scored.score.best for scored in first] == [Label.POSITIVE, Label.NEGATIVE, Label.POSITIVE]
    assert second == [first[1], first[0]]
    assert counting.asked == ["so good", "so bad"]


def test_emotes_and_bits_are_part_of_what_is_remembered() -> None:
    counting = CountingScorer()
    scorer = ChatScorer(counting)
    span = EmoteSpan("5", "happy", 0, 4)

    results = scorer.score([say("happy Cheer10"), say("happy Cheer10", bits=10), say("happy Cheer10", emotes=(span,))])

    assert counting.asked == ["happy Cheer10", "happy <cheer>", "happy Cheer10"]
    assert [scored.emotes for scored in results] == [(), (), ("happy",)]


class EmotesByDay:
    """Emotes of one channel, another set from microsecond 100 on."""

    def __init__(self) -> None:
        self.sets = (ChannelEmotes.of({"silly"}), ChannelEmotes.of({"KEKW", "CoverHat"}, zero_width={"CoverHat"}))

    def at(self, channel: str, ts_us: int | None, /) -> ChannelEmotes | None:
        return self.sets[ts_us is None or ts_us >= 100] if channel == "plum" else None


def test_a_message_is_read_with_the_emotes_of_its_channel_and_time() -> None:
    scorer = ChatScorer(LinearScorer(), emotes=EmotesByDay())
    message = say("silly")

    results = scorer.score([
        message,
        msgspec.structs.replace(message, channel="pear"),
        msgspec.structs.replace(message, ts_us=100),
        msgspec.structs.replace(message, time_kind=TimeKind.OFFSET),
        message,
    ])

    assert [scored.emotes for scored in results] == [("silly",), (), (), (), ("silly",)]


def test_a_zero_width_emote_is_counted_and_says_nothing() -> None:
    scorer = ChatScorer(LinearScorer(), emotes=EmotesByDay())
    plain, covered, alone = scorer.score([
        msgspec.structs.replace(say(text), ts_us=200) for text in ("KEKW", "KEKW CoverHat", "CoverHat")
    ])

    assert covered.score == plain.score
    assert covered.emotes == ("KEKW", "CoverHat")
    assert alone.score.label == Label.NEUTRAL
    assert alone.score.flags == (Flag.EMOTE_ONLY,)


def test_the_least_recently_used_text_is_forgotten_first() -> None:
    counting = CountingScorer()
    scorer = ChatScorer(counting, cached_texts=2)

    for text in ("a one", "b two", "a one", "c three", "a one", "b two"):
        scorer.score([say(text)])

    assert counting.asked == ["a one", "b two", "c three", "b two"]


def test_without_a_cache_nothing_is_kept_between_batches() -> None:
    counting = CountingScorer()
    scorer = ChatScorer(counting, cached_texts=0)

    results = [scorer.score([say("so good"), say("so good")]) for _ in range(2)]

    assert results[0] == results[1]
    assert counting.asked == ["so good"] * 2
    assert len(scorer._cache) == 0


def test_overlong_texts_are_scored_but_not_kept() -> None:
    counting = CountingScorer()
    scorer = ChatScorer(counting)

    results = [scorer.score([say("good " * 200), say("good " * 200, bits=5)]) for _ in range(2)]

    assert results[0] == results[1]
    assert len(counting.asked) == 4


def test_a_score_carries_what_counting_and_waves_need() -> None:
    scored = ChatScorer(LinearScorer()).score_text("KEKW this lamp has more health than you")

    assert scored.terms == ("KEKW", "lamp", "health")
    assert scored.emotes == ("KEKW",)
    assert scored.wave_key == "this lamp has more health than you"


def test_the_scorer_is_named_with_its_version() -> None:
    scorer = ChatScorer(LinearScorer())

    assert (scorer.name, scorer.version) == (LinearScorer.name, LinearScorer.version)


def test_an_explanation_starts_with_the_verdict_and_names_the_tokens() -> None:
    lines = explain(ChatScorer(LinearScorer()).score_text("AMAZING play KEKW"))

    assert lines[0].startswith("positive: negative 0.")
    assert [line.split(" ", 1)[1] for line in lines[1:3]] == ["AMAZING", "KEKW"]
    assert lines[3] == "reactions: laughter"
