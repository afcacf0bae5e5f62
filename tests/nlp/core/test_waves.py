"""Copypasta is found fast, whatever is put between its words; ordinary chat is not copypasta."""

import itertools
import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpulse.domain.live import WaveLine
from chatpulse.nlp.core.normalise import normalise
from chatpulse.nlp.core.waves import MOST_USERS, Copy, WaveDetector, WaveRule

SECOND = 1_000_000
KEY = "the lamp in the hall has more health than you and all of your seven lanterns"
SHORT = "best show of the year"

SUBJECTS = (
    "the lamp",
    "my neighbour",
    "this wizard",
    "our healer",
    "the old boat",
    "that goat",
    "his chair",
    "the map",
)
WHERE = (
    "yesterday",
    "in the cave",
    "at home",
    "on stream",
    "by the lake",
    "up north",
    "in chat",
    "backstage",
    "today",
    "again",
)
VERBS = ("has dropped", "never finds", "always steals", "just burned", "will repair", "paints over", "sings about")
OBJECTS = ("a purple hat", "the last potion", "seven lanterns", "my favourite door", "one more castle", "the queue")
ENDS = ("before lunch", "for no reason", "in front of everyone", "at the worst moment", "like a true hero")
EMOTES = ("LUL", "KEKW", "PogChamp", "plumHype", "\U0001f602")


def test_the_third_copy_by_a_third_person_makes_a_wave() -> None:
    detector = WaveDetector()

    seen = [detector.see(KEY, f"copy {n}", user=f"u{n}", ts_us=n * SECOND) for n in range(4)]

    assert seen[:2] == [None, None]
    assert seen[3] == WaveLine(key=KEY, text="copy 0", count=4, users=4, per_s=0.4, started_us=0, last_us=3 * SECOND)


def people_needed(key: str, *, others: int = 0) -> int:
    """How many have to say a text at once, while so many other texts are said, until it is a wave."""
    detector = WaveDetector()
    detector.take([(f"text number {n}", "x", "u", 0) for n in range(others)])
    return next(n for n in range(1, 999) if detector.see(key, "x", user=f"u{n}", ts_us=0))


@pytest.mark.parametrize(
    ("key", "others", "needed"),
    [
        pytest.param(KEY, 0, 3, id="long"),
        pytest.param(SHORT, 0, 9, id="short, as everybody says it"),
        pytest.param(KEY, 299, 6, id="long, in a fast chat"),
        pytest.param(SHORT, 299, 18, id="short, in a fast chat"),
        pytest.param("hype hype hype hype hype", 0, 17, id="a word again and again"),
        pytest.param("moth queen raid " * 6, 0, 5, id="a few words, by the same number"),
        pytest.param("\u3042" * 25, 0, 3, id="wide characters say more"),
    ],
)
def test_a_text_needs_more_people_the_shorter_it_is_and_the_faster_chat_is(key: str, others: int, needed: int) -> None:
    assert people_needed(key, others=others) == needed


def test_only_the_texts_of_the_window_make_a_chat_fast() -> None:
    detector = WaveDetector()
    detector.take([(f"text number {n}", "x", "u", 0) for n in range(2_000)])

    detector.take([(KEY, "x", f"u{n}", 11 * SECOND) for n in range(3)])

    assert [wave.count for wave in detector.under_way(11 * SECOND)] == [3]


def test_what_people_said_before_the_window_is_no_evidence() -> None:
    detector = WaveDetector()

    seen = [detector.see(SHORT, "x", user=f"u{n}", ts_us=n * 2 * SECOND) for n in range(40)]

    assert seen == [None] * 40


def test_one_person_who_repeats_himself_makes_none() -> None:
    detector = WaveDetector()

    assert [detector.see(KEY, "x", user="same", ts_us=n * SECOND) for n in range(9)] == [None] * 9


def test_copies_that_come_too_slowly_make_none() -> None:
    detector = WaveDetector()

    assert [detector.see(KEY, "x", user=f"u{n}", ts_us=n * 6 * SECOND) for n in range(9)] == [None] * 9


def test_texts_without_a_key_are_never_waves() -> None:
    detector = WaveDetector()

    assert [detector.see("", "gg", user=f"u{n}", ts_us=0) for n in range(9)] == [None] * 9


def test_a_wave_is_over_when_nobody_repeats_it() -> None:
    detector = WaveDetector()
    for n in range(3):
        detector.see(KEY, "x", user=f"u{n}", ts_us=n)

    assert [wave.count for wave in detector.under_way(10 * SECOND)] == [3]
    assert detector.under_way(10 * SECOND + 3) == ()
    assert detector.see(KEY, "x", user="u9", ts_us=11 * SECOND) is None


def test_waves_under_way_come_largest_first() -> None:
    detector = WaveDetector()
    for n in range(5):
        detector.see(f"small {KEY}", "s", user=f"u{n}", ts_us=n) if n < 3 else None
        detector.see(f"large {KEY}", "l", user=f"u{n}", ts_us=n)

    assert [(wave.text, wave.count) for wave in detector.under_way(9)] == [("l", 5), ("s", 3)]


def test_the_speed_is_that_of_the_last_ten_seconds() -> None:
    detector = WaveDetector()
    for n in range(40):
        detector.see(KEY, "x", user=f"u{n}", ts_us=n * SECOND // 2)

    (wave,) = detector.under_way(20 * SECOND)

    assert (wave.count, wave.per_s) == (40, 1.8)


def test_late_messages_count_as_now() -> None:
    detector = WaveDetector()
    detector.see("other", "x", user="a", ts_us=100 * SECOND)

    seen = [detector.see(KEY, "x", user=f"u{n}", ts_us=90 * SECOND) for n in range(3)]

    assert seen[2] is not None
    assert seen[2].last_us == 100 * SECOND


def test_memory_is_bounded_by_texts_and_by_age() -> None:
    detector = WaveDetector(WaveRule(most_texts=50))
    for n in range(500):
        detector.see(f"text number {n}", "x", user="u", ts_us=n)

    assert len(detector._texts) == 50
    detector.see("", "x", user="u", ts_us=60 * SECOND)
    assert len(detector._texts) == 0


def test_a_batch_says_the_same_as_one_by_one() -> None:
    copies = [(f"{KEY} {n % 3}", f"text {n}", f"u{n % 5}", n * SECOND // 4) for n in range(60)]
    batch, single = WaveDetector(), WaveDetector()

    batch.take(copies)
    for key, text, user, ts_us in copies:
        single.see(key, text, user=user, ts_us=ts_us)

    assert len(batch.under_way(15 * SECOND)) == 3
    assert batch.under_way(15 * SECOND) == single.under_way(15 * SECOND)


@pytest.mark.parametrize("before", [1, 2, 3], ids=["said once", "said twice", "a wave"])
def test_a_text_that_was_over_starts_anew_within_one_batch(before: int) -> None:
    detector = WaveDetector()
    old = [(KEY, "old", f"u{n}", n) for n in range(before)]
    new = [(KEY, f"new {n}", f"u{n}", 11 * SECOND) for n in range(3)]

    detector.take(old + new[:2])
    assert detector.under_way(11 * SECOND) == ()

    detector.take(new[2:])
    (wave,) = detector.under_way(11 * SECOND)
    assert (wave.text, wave.count, wave.started_us) == ("new 0", 3, 11 * SECOND)


def test_a_wave_that_other_texts_push_out_is_over() -> None:
    detector = WaveDetector(WaveRule(most_texts=50))
    detector.take([(KEY, "x", f"u{n}", n) for n in range(3)])

    assert len(detector.under_way(3)) == 1
    detector.take([(f"text number {n}", "x", "u", 3) for n in range(50)])
    assert detector.under_way(3) == ()


def test_among_equal_waves_the_one_that_was_repeated_last_comes_last() -> None:
    detector = WaveDetector()
    for name in ("one", "two", "two", "one"):
        detector.take([(f"{name} {KEY}", name, f"u{n}", 0) for n in range(3)])

    assert [wave.text for wave in detector.under_way(0)] == ["two", "one"]


def test_endless_repetition_by_one_person_takes_no_more_memory() -> None:
    detector = WaveDetector()
    detector.take([(KEY, "x" * 60_000, "same", n * SECOND) for n in range(100)])

    (text,) = detector._texts.values()
    assert not isinstance(text, tuple)
    assert (len(text.first), len(text.seconds), len(text.recent)) == (500, 10, 1)


def test_a_word_that_thousands_repeat_in_a_roaring_chat_is_no_wave_and_takes_no_more_memory() -> None:
    detector = WaveDetector()
    detector.take([(f"text number {n}", "x", "u", 0) for n in range(4_000)])

    detector.take([("g g g g g g g g g g", "x", f"u{n}", n) for n in range(2_000)])

    text = detector._texts["g g g g g g g g g g"]
    assert not isinstance(text, tuple)
    assert (len(text.recent), len(text.users)) == (MOST_USERS, MOST_USERS)
    assert detector.under_way(2_000) == ()


def in_time(said: list[tuple[str, str, int]]) -> list[Copy]:
    """Key, user and the tenths of a second since the line before, as copies."""
    instants = itertools.accumulate((tenths * SECOND // 10 for _, _, tenths in said), initial=1_000 * SECOND)
    return [(key, "x", user, ts_us) for (key, user, _), ts_us in zip(said, instants, strict=False)]


keys = st.sampled_from([KEY, f"{KEY} again", SHORT, SHORT, ""])
users = st.sampled_from([f"u{n}" for n in range(15)])
gaps = st.sampled_from([0, 1, 3, 5, 10, 40, -20, 101])
chats = st.lists(st.tuples(keys, users, gaps), max_size=120).map(in_time)


@given(chats, st.lists(st.integers(1, 30), min_size=120, max_size=120))
def test_waves_are_the_same_however_chat_is_cut_into_batches(chat: list[Copy], sizes: list[int]) -> None:
    whole, cut = WaveDetector(), WaveDetector()

    whole.take(chat)
    for size in sizes:
        cut.take(chat[:size])
        chat = chat[size:]

    assert whole.under_way(0) == cut.under_way(0)


@given(chats)
def test_a_wave_is_said_by_enough_people_and_lasts_as_long_as_it_is_said(chat: list[Copy]) -> None:
    detector = WaveDetector()
    for number, (key, text, user, ts_us) in enumerate(chat, start=1):
        detector.see(key, text, user=user, ts_us=ts_us)
        now_us = max(copy[3] for copy in chat[:number])

        for wave in detector.under_way(now_us):
            said_by = {copy[2] for copy in chat[:number] if copy[0] == wave.key}
            assert 3 <= wave.users <= min(wave.count, len(said_by))
            assert wave.users >= 9 or wave.key != SHORT
            assert wave.started_us <= wave.last_us <= now_us <= wave.last_us + 10 * SECOND
            # Speed counts whole seconds: the tenth before now is out of it.
            is_slow = now_us // SECOND == wave.last_us // SECOND + 10
            assert 0 <= wave.per_s <= wave.count / 10
            assert wave.per_s > 0 or is_slow


def planted_chat(rng: random.Random) -> Iterator[tuple[float, str, str, int]]:
    """Ten minutes of chat at 20 messages a second: `(second, text, user, wave)`, wave -1 for ordinary lines."""
    lines = [
        (rng.uniform(0, 600), " ".join(map(rng.choice, (SUBJECTS, VERBS, OBJECTS, WHERE, ENDS))), -1)
        for _ in range(12_000)
    ]
    for wave in range(40):
        start = 10 + wave * 14
        text = f"{rng.choice(SUBJECTS)} number {wave} {rng.choice(VERBS)} {rng.choice(OBJECTS)} {rng.choice(ENDS)}"
        for n in range(rng.randint(8, 40)):
            words = text.upper().split() if rng.random() < 0.2 else text.split()
            if rng.random() < 0.5:
                words = [part for word in words for part in (word, rng.choice(EMOTES))]
            if rng.random() < 0.5:
                words.append("\U000e0000")
            lines.append((start + n / 2 + rng.uniform(0, 0.4), " ".join(words), wave))
    for second, text, wave in sorted(lines):
        yield second, text, f"user{rng.randrange(3_000)}", wave


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_copypasta_is_found_within_three_seconds(seed: int) -> None:
    detector = WaveDetector()
    begun: dict[int, float] = {}
    found: dict[int, float] = {}
    right = wrong = 0

    for second, text, user, wave in planted_chat(random.Random(seed)):
        begun.setdefault(wave, second)
        if detector.see(normalise(text).wave_key, text, user=user, ts_us=int(second * SECOND)):
            found.setdefault(wave, second)
            right, wrong = right + (wave >= 0), wrong + (wave < 0)

    in_time = [wave for wave in range(40) if found.get(wave, 1e9) - begun[wave] <= 3.0]
    assert len(in_time) / 40 >= 0.95
    assert right / (right + wrong) >= 0.98


def test_a_text_that_only_a_forgotten_user_said_is_forgotten() -> None:
    detector = WaveDetector(WaveRule(users=2, texts_per_user=1_000))
    detector.see(KEY, KEY, user="1", ts_us=0)
    detector.see(SHORT, SHORT, user="2", ts_us=0)

    detector.forget(lambda user: user == "1", rename=str.upper)

    assert detector.see(KEY, KEY, user="3", ts_us=SECOND) is None
    waves = [detector.see(SHORT, SHORT, user=str(n), ts_us=SECOND) for n in range(5, 15)]
    assert waves[-1] is not None
    assert waves[-1].text == SHORT.upper()
