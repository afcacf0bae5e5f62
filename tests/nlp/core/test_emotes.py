"""Names are emotes where the channel says so; elsewhere only when they are no word."""

import pytest

from chatpulse.nlp.core.emotes import KNOWN_EMOTES, ChannelEmotes, stands_apart
from chatpulse.nlp.core.normalise import Kind, normalise


@pytest.mark.parametrize(
    "name", ["catJAM", "LampW", "KEKW", "EZ", "4Lamp", "lamp2", ":lamp:", "D:", "A_b", "Kappa", "Sadge"]
)
def test_odd_and_well_known_names_stand_apart(name: str) -> None:
    assert stands_apart(name)


@pytest.mark.parametrize(
    "name",
    [
        "ok",
        "yo",
        "silly",
        "hiii",
        "Wait",
        "Nice",
        "W",
        "I",
        "it's",
        "well-known",
        "hello!",
        "10",
        "3.5",
        "...",
        "!?",
        "ñandú",
    ],
)
def test_words_numbers_and_punctuation_do_not(name: str) -> None:
    assert not stands_apart(name)


def test_of_guessed_names_only_those_count_that_stand_apart() -> None:
    emotes = ChannelEmotes.of(["ok"], guessed=["silly", "lampJAM", "coverHAT"], zero_width=["coverHAT", "other"])

    assert emotes.names == {"ok", "lampJAM", "coverHAT"}
    assert emotes.zero_width == {"coverHAT"}


def test_a_zero_width_emote_has_an_atom_of_its_own() -> None:
    emotes = ChannelEmotes.of(["silly", "KEKW"], zero_width=["KEKW"])

    result = normalise("KEKW silly\u034f KEKW", channel_emotes=emotes)

    assert result.atoms == ("<z:KEKW>", "<e:silly>", "<z:KEKW>")
    assert {token.kind for token in result.tokens} == {Kind.EMOTE}
    assert result.emotes == ("KEKW", "silly", "KEKW")


def test_equal_sets_of_two_channels_are_not_mixed_up() -> None:
    with_hat, without = ChannelEmotes.of(["hat"], zero_width=["hat"]), ChannelEmotes.of(["hat"])

    assert normalise("hat", channel_emotes=with_hat).atoms == ("<z:hat>",)
    assert normalise("hat", channel_emotes=without).atoms == ("<e:hat>",)
    assert normalise("hat").atoms == ("hat",)


def test_a_cheer_and_an_emote_of_one_name_are_told_apart_by_the_set() -> None:
    emotes = ChannelEmotes.of(["Lamp10"])

    assert normalise("Lamp10 Cheer10", channel_emotes=emotes, bits=10).atoms == ("<e:Lamp10>", "<cheer>")
    assert normalise("Lamp10 good Cheer10", bits=10).atoms == ("<cheer>", "good", "<cheer>")


def test_built_in_names_that_look_like_words_are_few() -> None:
    plain = [name for name in KNOWN_EMOTES if name.isalpha() and name[1:].islower()]

    assert len(plain) <= 160
