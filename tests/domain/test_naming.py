from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpulse.domain.chat import ChatMessage, EmoteSpan, Moderation, ModerationKind, SubGift
from chatpulse.domain.naming import Edit, Forgotten, author_of, moved, rename_fields, rename_sentence, rename_talk

GONE = Forgotten(ids={"42"}, names={"Quill_Otter7", "mango", "月見うどん食堂"})
TEXTS = st.text(st.sampled_from("@ mango_Quill7月見うどん食堂otter#.,"), max_size=60)


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        ("@Quill_Otter7, hi", "@_forgotten_, hi"),
        ("(@quill_otter7)", "(@_forgotten_)"),
        ("hi quill_otter7!", "hi _forgotten_!"),
        ("@mango is here", "@_forgotten_ is here"),
        ("I like mango", "I like mango"),
        ("@quill_otter77 @xquill_otter7 quill_otter7s", "@quill_otter77 @xquill_otter7 quill_otter7s"),
        ("@月見うどん食堂さん", "@_forgotten_"),
        ("#quill_otter7", "#quill_otter7"),
        ("", ""),
    ],
)
def test_a_name_is_found_where_it_is_meant_as_one(text: str, renamed: str) -> None:
    assert rename_talk(text, GONE)[0] == renamed


def test_every_word_of_a_sentence_of_twitch_may_be_a_name() -> None:
    assert rename_sentence("mango gave a sub to @ana", GONE, {"ana": "user_1"}) == "_forgotten_ gave a sub to @user_1"


@given(TEXTS)
def test_renaming_ends(text: str) -> None:
    renamed, _ = rename_talk(text, GONE)

    assert rename_talk(renamed, GONE) == (renamed, [])


@given(TEXTS, st.integers(0, 60), st.integers(0, 5))
def test_a_span_outside_of_what_changes_keeps_its_text(text: str, start: int, length: int) -> None:
    renamed, edits = rename_talk(text, GONE)
    end = min(start + length, len(text) - 1)
    if start > end:
        return

    span = moved(start, end, edits)

    if span is None:
        assert any(edit.start <= end and start < edit.end for edit in edits)
    else:
        assert renamed[span[0] : span[1] + 1] == text[start : end + 1]


def test_an_emote_that_is_called_like_somebody_is_no_name() -> None:
    text = "quill_otter7 and quill_otter7"

    assert rename_talk(text, GONE, emotes=[(0, 12)])[0] == "quill_otter7 and _forgotten_"


def test_emotes_move_with_the_text() -> None:
    said = ChatMessage(
        id="1", ts_us=1, received_us=1, text="Kappa @mango Kappa",
        emotes=(EmoteSpan("25", "Kappa", 0, 4), EmoteSpan("25", "Kappa", 13, 17)),
    )  # fmt: skip

    changes = rename_fields({name: getattr(said, name) for name in said.__struct_fields__}, GONE)

    assert changes["text"] == "Kappa @_forgotten_ Kappa"
    assert [(span.start, span.end) for span in changes["emotes"]] == [(0, 4), (19, 23)]


def test_a_row_changes_as_its_event_does() -> None:
    row = {
        "text": "@mango Kappa", "emotes": [{"id": "25", "name": "Kappa", "start": 7, "end": 11}],
        "terms": ["kappa", "mango", "quill_otter7"], "user_id": "9", "user_login": None, "badges": ["a/1"],
    }  # fmt: skip

    assert rename_fields(row, GONE) == {
        "text": "@_forgotten_ Kappa",
        "emotes": [{"id": "25", "name": "Kappa", "start": 13, "end": 17}],
        "terms": ["kappa", "mango"],
    }


def test_who_is_given_to_goes_by_id_or_name_and_out_of_the_sentence() -> None:
    gift: dict[str, Any] = {
        "user_login": "ana", "recipient_id": "42", "recipient_login": "other_name", "recipient_name": "Other",
        "system_text": "ana gifted a sub to Other!",
    }  # fmt: skip

    assert rename_fields(gift, GONE) == {
        "recipient_id": "", "recipient_login": "", "recipient_name": "",
        "system_text": "ana gifted a sub to _forgotten_!",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("person", "is_one"),
    [
        (("42", "renamed", ""), True),
        (("", "MANGO", ""), True),
        (("", "", "月見うどん食堂"), True),
        (("7", "mango", "Mango"), False),
        (("", "", ""), False),
        (("7", "ana", ""), False),
    ],
)
def test_a_name_is_nobodys_where_another_id_stands_beside_it(person: tuple[str, str, str], is_one: bool) -> None:  # noqa: FBT001
    assert GONE.has(*person) is is_one


def test_a_login_that_was_asked_for_counts_beside_any_id() -> None:
    asked = Forgotten(ids=(), names={"mango"}, logins={"Mango"})

    assert asked.has("7", "mango", "")


def test_whose_an_event_is() -> None:
    common: dict[str, Any] = {"id": "1", "ts_us": 1, "received_us": 1}
    ban = Moderation(kind=ModerationKind.BAN, target_id="5", target_login="bob", **common)
    gift = SubGift(user_id="6", user_login="cyd", user_name="Cyd", recipient_login="dan", **common)

    assert [author_of(event) for event in (ban, gift)] == [("5", "bob", ""), ("6", "cyd", "Cyd")]


def test_a_line_that_nobody_understands_is_searched_word_by_word() -> None:
    assert [GONE.in_line(raw) for raw in (b":mango!x \xff", b"mangoes \xff", b"")] == [True, False, False]


def test_a_span_behind_two_edits_moves_by_both() -> None:
    edits = [Edit(0, 3, 5), Edit(10, 12, -1)]

    assert [moved(4, 6, edits), moved(12, 13, edits), moved(11, 14, edits)] == [(9, 11), (16, 17), None]
