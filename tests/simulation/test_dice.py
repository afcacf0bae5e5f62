"""Chance comes from a seed, in blocks, and keeps its bounds."""

from uuid import UUID

from chatpulse.simulation.core.dice import BLOCK, Dice


def test_equal_seeds_give_equal_draws_beyond_a_block() -> None:
    one, two, other = Dice(1, 2), Dice(1, 2), Dice(2, 1)

    first = [one.unit() for _ in range(BLOCK + 10)]

    assert first == [two.unit() for _ in range(BLOCK + 10)]
    assert first != [other.unit() for _ in range(BLOCK + 10)]
    assert len(set(first)) == BLOCK + 10


def test_whole_numbers_reach_both_ends_and_no_further() -> None:
    dice = Dice(1)

    assert {dice.whole(2, 4) for _ in range(200)} == {2, 3, 4}
    assert {dice.below(3) for _ in range(200)} == {0, 1, 2}
    assert {dice.pick("ab") for _ in range(200)} == {"a", "b"}


def test_chance_is_true_in_its_share_of_calls() -> None:
    dice = Dice(1)

    assert 2700 < sum(dice.chance(0.3) for _ in range(10_000)) < 3300


def test_a_sample_holds_different_choices_and_never_more_than_there_are() -> None:
    dice = Dice(1)

    assert len(set(dice.sample(range(50), 20))) == 20
    assert sorted(dice.sample("abc", 9)) == ["a", "b", "c"]


def test_instants_of_a_second_ascend_and_are_as_many_as_the_rate_says() -> None:
    dice = Dice(1)

    seconds = [dice.instants(20.0) for _ in range(200)]

    assert all(instants == sorted(instants) for instants in seconds)
    assert all(0 <= instant < 1 for instants in seconds for instant in instants)
    assert 19 < sum(map(len, seconds)) / 200 < 21


def test_identities_are_random_uuids() -> None:
    dice = Dice(1)

    ids = [dice.uuid() for _ in range(2000)]

    assert len(set(ids)) == 2000
    assert {UUID(value).version for value in ids} == {4}
    assert {UUID(value).variant for value in ids} == {UUID(ids[0]).variant}
    assert str(UUID(ids[0])) == ids[0]
