"""What was asked lately is answered from memory, and the memory has an end."""

from hypothesis import given, settings
from hypothesis import strategies as st

from chatpulse.nlp.core.remembered import Remembered


class Asked:
    """A function that keeps what it was asked."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def __call__(self, key: str) -> str | None:
        self.keys.append(key)
        return None if key == "nothing" else key.upper()


def test_the_same_question_is_asked_once() -> None:
    asked = Asked()
    remembered = Remembered(asked, most=8)

    answers = [remembered[key] for key in ("one", "nothing", "one", "nothing")]

    assert answers == ["ONE", None, "ONE", None]
    assert asked.keys == ["one", "nothing"]


def test_what_is_in_use_outlives_what_is_not() -> None:
    asked = Asked()
    remembered = Remembered(asked, most=8)

    for key in ("old", "used", "nothing", *"abcdefghijkl"):
        assert remembered[key] == (None if key == "nothing" else key.upper())
        assert (remembered["used"], remembered["nothing"]) == ("USED", None)
    assert remembered["old"] == "OLD"

    assert [asked.keys.count(key) for key in ("used", "nothing", "old")] == [1, 1, 2]


def test_what_is_too_large_is_answered_and_not_kept() -> None:
    asked = Asked()
    remembered = Remembered(asked, most=8, keeps=lambda key, value: len(key) < 4 and value is not None)

    answers = [remembered[key] for key in ("one", "three", "one", "three", "nothing")]

    assert answers == ["ONE", "THREE", "ONE", "THREE", None]
    assert asked.keys == ["one", "three", "three", "nothing"]
    assert list(remembered) == ["one"]


@given(st.lists(st.text(max_size=2), max_size=200))
@settings(deadline=None)
def test_answers_are_always_right_and_never_more_than_allowed(keys: list[str]) -> None:
    remembered = Remembered(str.upper, most=10)

    for key in keys:
        assert remembered[key] == key.upper()
        assert len(remembered) + len(remembered._older) <= 10
