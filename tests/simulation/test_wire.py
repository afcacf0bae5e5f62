"""The lines of the simulation have Twitch's shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpulse.simulation.core import wire
from chatpulse.twitch.core.tags import parse_tags

IDS = {"Kappa": "25", "<3": "9"}


def test_a_message_is_tags_in_order_then_prefix_then_text() -> None:
    line = wire.privmsg("ada", "quill", "hi all", tags={"id": "x1", "color": "#FF0000", "bits": "5"})

    assert line == "@bits=5;color=#FF0000;id=x1 :ada!ada@ada.tmi.twitch.tv PRIVMSG #quill :hi all"


def test_a_notice_without_own_words_ends_behind_the_channel() -> None:
    tags = {"msg-id": "raid"}

    assert wire.usernotice("quill", "", tags=tags) == "@msg-id=raid :tmi.twitch.tv USERNOTICE #quill"
    assert wire.usernotice("quill", "hi", tags=tags) == "@msg-id=raid :tmi.twitch.tv USERNOTICE #quill :hi"


def test_clearchat_names_its_target_or_clears_everything() -> None:
    tags = {"room-id": "7"}

    assert wire.clearchat("quill", "ada", tags=tags) == "@room-id=7 :tmi.twitch.tv CLEARCHAT #quill :ada"
    assert wire.clearchat("quill", "", tags=tags) == "@room-id=7 :tmi.twitch.tv CLEARCHAT #quill"


def test_clearmsg_repeats_the_deleted_text() -> None:
    line = wire.clearmsg("quill", "bad words", tags={"target-msg-id": "x1"})

    assert line == "@target-msg-id=x1 :tmi.twitch.tv CLEARMSG #quill :bad words"


def test_roomstate_carries_the_modes_that_it_is_given() -> None:
    line = wire.roomstate("quill", "7", followers_only=-1, slow=10)

    assert line == "@followers-only=-1;room-id=7;slow=10 :tmi.twitch.tv ROOMSTATE #quill"


def test_a_notice_of_the_channel_has_a_name_and_a_sentence() -> None:
    line = wire.notice("quill", "Slow mode is on.", notice_id="slow_on")

    assert line == "@msg-id=slow_on :tmi.twitch.tv NOTICE #quill :Slow mode is on."


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        pytest.param("Kappa", "25:0-4", id="alone"),
        pytest.param("hi Kappa Kappa", "25:3-7,9-13", id="twice"),
        pytest.param("<3 Kappa", "9:0-1/25:3-7", id="two kinds"),
        pytest.param("🔥🔥 Kappa", "25:3-7", id="behind astral characters"),
        pytest.param("Kappas xKappa kappa", "", id="no word of its own"),
        pytest.param("a  Kappa", "25:3-7", id="behind two spaces"),
    ],
)
def test_emote_positions_count_code_points(text: str, tag: str) -> None:
    assert wire.emote_tag(text, IDS) == tag


def test_an_action_is_wrapped_as_the_me_command_wraps_it() -> None:
    assert wire.action("waves") == "\x01ACTION waves\x01"


@given(st.text(alphabet=st.sampled_from("a=;: \\\r\ns"), max_size=12))
def test_an_escaped_value_reads_back_as_it_was(value: str) -> None:
    escaped = wire.escape(value)

    assert parse_tags(f"first={escaped};last=1") == {"first": value, "last": "1"}
    assert not set(escaped) & set("; \r\n")
