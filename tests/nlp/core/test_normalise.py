"""Golden cases of the normaliser, and what holds for every text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatpulse.domain.chat import EmoteSpan
from chatpulse.domain.scores import Flag
from chatpulse.nlp.core import normalise as module
from chatpulse.nlp.core.emotes import ChannelEmotes
from chatpulse.nlp.core.normalise import ATOM_CHARS, Kind, normalise

PIECES = st.sampled_from([
    *("Kappa", "plumHype", "LUL,", "hello", "HELLOOOOO", "@Someone!", "@a@b!", "https://a.example/x", "wwww.x.com"),
    *("!so", "Cheer100", ":)", ":))))", "<3", "\U0001f602\U0001f602x", "\u2764\ufe0f", "\U0001f469\u200d\U0001f4bb"),
    *("\U000e0000", "\u200b", "\uff37\uff4f\uff57", "it\u2019s", "\xa8", "...", "!!!!!", "<user>", "<cmd>", "\ufdfa"),
    *("\uff11\uff12", "e\u0301\u0301", "O_O", "\xaf\\_(\u30c4)_/\xaf"),
])
TEXTS = st.lists(PIECES | st.text(max_size=12), max_size=8).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda glue: glue.join(parts))
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("\x01ACTION waves at Kappa\x01", "waves at Kappa", id="action unwrapped"),
        pytest.param("hello\U000e0000", "hello", id="glued U+E0000"),
        pytest.param("hello \U000e0000", "hello", id="U+E0000 as a word"),
        pytest.param("Kap\u200bpa", "Kappa", id="zero-width inside an emote"),
        pytest.param(
            "\U0001f469\u200d\U0001f4bb ❤️", "\U0001f469\u200d\U0001f4bb ❤️", id="joiner and selector kept in emoji"
        ),
        pytest.param("\uff2e\uff49\uff43\uff45 \uff4f\uff4e\uff45", "Nice one", id="full width folded"),
        pytest.param("it\u2019s fine", "it's fine", id="curly apostrophe"),
        pytest.param("@Some_one, look", "<user> , look", id="mention"),
        pytest.param("see HTTPS://a.example/B?c and clips.example.com/x", "see <url> and <url>", id="links"),
        pytest.param("see http://a/b", "see <url>", id="link without a dot"),
        pytest.param("!uptime now", "<cmd> now", id="command"),
        pytest.param("!8ball now", "<cmd> now", id="command that begins with a digit"),
        pytest.param("!1 now", "! 1 now", id="a number is no command"),
        pytest.param("@1\ufe0f\u20e3", "@ 1\ufe0f\u20e3", id="key cap behind a sign"),
        pytest.param("YESSSSSSS!!!!!!", "YESSS !!!", id="drawn out"),
        pytest.param("1000000", "1000000", id="digits are not drawn out"),
        pytest.param("LULLLLLLL", "LULLL", id="no emote, so drawn out"),
        pytest.param("no\U0001f602\U0001f602", "no \U0001f602", id="glued emoji"),
        pytest.param("hi:)", "hi :)", id="glued face"),
        pytest.param("", "", id="nothing"),
        pytest.param("\u200b \U000e0000", "", id="nothing visible"),
    ],
)
def test_each_step_gives_its_golden_text(text: str, expected: str) -> None:
    assert normalise(text).text == expected


def test_native_emotes_are_cut_by_code_points_behind_an_astral_character() -> None:
    text = "\U0001f600\U0001f600 plumNOOOOOO wow"

    result = normalise(text, [EmoteSpan("77", "plumNOOOOOO", 3, 13)])

    assert result.text == "\U0001f600 plumNOOOOOO wow"
    assert result.emotes == ("plumNOOOOOO",)


def test_positions_inside_an_action_count_from_its_text() -> None:
    result = normalise("\x01ACTION vibes ok\x01", [EmoteSpan("9", "vibes", 0, 4)])

    assert (result.action, result.emotes, result.text) == (True, ("vibes",), "vibes ok")


@pytest.mark.parametrize(
    "span",
    [
        pytest.param((150, 154), id="outside"),
        pytest.param((6, 2), id="backwards"),
        pytest.param((-3, 1), id="negative"),
        pytest.param((60, 99), id="past the end"),
        pytest.param((0, 7), id="holds a space"),
        pytest.param((0, 5), id="ends with a space"),
        pytest.param((5, 10), id="starts with a space"),
        pytest.param((12, 76), id="longer than any name"),
    ],
)
def test_a_bad_emote_range_costs_the_range_only(span: tuple[int, int]) -> None:
    text = "plain words " + "xo" * 40

    result = normalise(text, [EmoteSpan("1", "x", *span)])

    assert (result.text, result.emotes) == (text, ())


def test_of_overlapping_ranges_the_first_counts() -> None:
    result = normalise("abcdef", [EmoteSpan("2", "cd", 2, 3), EmoteSpan("1", "abc", 0, 2)])

    assert (result.emotes, result.text) == (("abc",), "abc def")


def test_a_channel_set_makes_plain_words_emotes_in_their_exact_case() -> None:
    result = normalise("silly Silly", channel_emotes=ChannelEmotes.of({"silly"}))

    assert [(token.text, token.kind) for token in result.tokens] == [("silly", Kind.EMOTE), ("Silly", Kind.WORD)]


@pytest.mark.parametrize(
    ("text", "emotes"), [("sil\u200bly", ("silly",)), ("ok \u200b", ()), ("silly\u200b so\u200b", ("silly",))]
)
def test_invisible_characters_do_not_hide_or_make_a_channel_emote(text: str, emotes: tuple[str, ...]) -> None:
    assert normalise(text, channel_emotes=ChannelEmotes.of({"silly", ""})).emotes == emotes


@pytest.mark.parametrize("emotes", [(), (EmoteSpan("1", "wow", 0, 2),)], ids=["plain", "with an emote"])
@pytest.mark.parametrize("piece", ["lo" * 33, "a\U0001f602b\U0001f525c"], ids=["long", "many tokens"])
def test_large_pieces_are_read_but_not_remembered(piece: str, emotes: tuple[EmoteSpan, ...]) -> None:
    spaced = " ".join(token.text for token in normalise(piece).tokens)

    texts = [normalise(f"wow {piece} short", emotes).text for _ in range(2)]

    assert texts == [f"wow {spaced} short"] * 2
    assert piece not in module._pieces
    assert "short" in module._pieces


def test_subscriber_emotes_are_known_by_their_shape() -> None:
    assert normalise("plumHype macOS iPhone someone").emotes == ("plumHype",)


@pytest.mark.parametrize(("bits", "expected"), [(0, "Cheer100 gg"), (50, "Cheer100 gg"), (100, "<cheer> gg")])
def test_a_cheer_is_one_only_where_bits_were_paid(bits: int, expected: str) -> None:
    assert normalise("Cheer100 gg", bits=bits).text == expected


def test_a_run_of_one_token_becomes_the_token_and_its_count() -> None:
    result = normalise("LUL LUL LUL gg LUL")

    assert [token.text for token in result.tokens] == ["LUL", "gg", "LUL"]
    assert result.counts == (3, 1, 1)
    assert result.emotes == ("LUL",) * 4


def test_case_is_kept_beside_a_lower_case_form() -> None:
    (token,) = normalise("GoOd").tokens

    assert (token.text, token.atom, token.capitals, token.letters) == ("GoOd", "good", 2, 4)


def test_a_face_glued_to_a_word_is_a_face() -> None:
    assert [token.kind for token in normalise("hi:) hi!").tokens] == [Kind.WORD, Kind.SYMBOL, Kind.WORD, Kind.MARK]


def test_letters_of_a_word_are_counted_without_its_digits() -> None:
    (token,) = normalise("GG2ez").tokens

    assert (token.capitals, token.letters) == (2, 4)


def test_terms_are_words_and_emotes_once_each_without_stop_words() -> None:
    result = normalise("The boss AND the Boss are KEKW KEKW 77 x @Someone \U0001f525")

    assert result.terms == ("boss", "KEKW", "\U0001f525")


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param("This Lamp, has more health than you!", id="case and punctuation"),
        pytest.param("this LUL lamp LUL has more health LUL than you", id="interleaved emotes"),
        pytest.param("this lamp has more health than you \U000e0000", id="U+E0000"),
        pytest.param("@Someone this la\u200bmp has more health than you \U0001f602", id="mention, zero-width, emoji"),
    ],
)
def test_near_duplicates_share_one_wave_key(copy: str) -> None:
    assert normalise(copy).wave_key == "this lamp has more health than you"


def test_a_script_without_spaces_has_a_wave_key() -> None:
    assert normalise("今天好好玩" * 5).wave_key == "今天好好玩" * 5
    assert not normalise("今天好好玩").wave_key


@pytest.mark.parametrize("text", ["good game well", "a b c d", "Kappa Kappa LUL KEKW PogChamp"])
def test_short_texts_have_no_wave_key(text: str) -> None:
    assert not normalise(text).wave_key


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        pytest.param("THAT was FUNNY", (Flag.CAPS,), id="caps"),
        pytest.param("OMG", (), id="too short to shout"),
        pytest.param("OMGa", (Flag.CAPS,), id="just enough to shout"),
        pytest.param("\u2122\u2122\u2122 aa", (), id="capitals that nobody typed"),
        pytest.param("OMEGALUL KEKW", (Flag.EMOTE_ONLY,), id="emote names do not shout"),
        pytest.param("KEKW \U0001f602", (Flag.EMOTE_ONLY,), id="emote and emoji"),
        pytest.param("KEKW KEKW KEKW KEKW", (Flag.REPEAT, Flag.EMOTE_ONLY), id="repeat"),
        pytest.param("KEKW KEKW KEKW KEKW KEKW", (Flag.REPEAT, Flag.EMOTE_ONLY), id="more of it"),
        pytest.param("KEKW KEKW KEKW", (Flag.EMOTE_ONLY,), id="three are no repeat"),
        pytest.param("go team go team", (), id="two halves are no repeat"),
        pytest.param("!so someone", (Flag.COMMAND,), id="command"),
        pytest.param("no !so", (), id="a command stands first"),
        pytest.param("▀▄" * 12, (Flag.ART,), id="art"),
        pytest.param("▀▄", (), id="a little art"),
        pytest.param("これはとても楽しい", (Flag.UNSUPPORTED,), id="another script"),
    ],
)
def test_flags_say_what_a_text_looks_like(text: str, flags: tuple[Flag, ...]) -> None:
    assert normalise(text).flags == flags


@given(TEXTS)
@settings(deadline=None, max_examples=400)
def test_the_result_normalises_to_itself(text: str) -> None:
    once = normalise(text)

    assert normalise(once.text, channel_emotes=ChannelEmotes.of(once.emotes)).text == once.text


@given(TEXTS, st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=4), st.integers(0, 500))
@settings(deadline=None, max_examples=400)
def test_any_text_with_any_ranges_is_read(text: str, ranges: list[tuple[int, int]], bits: int) -> None:
    result = normalise(text, [EmoteSpan("1", "x", *span) for span in ranges], bits=bits)

    assert len(result.tokens) == len(result.counts) == len(result.atoms)
    said = zip(result.tokens, result.counts, strict=True)
    assert result.words == sum(count for token, count in said if token.kind is Kind.WORD)
    assert set(result.emotes) == {token.text for token in result.tokens if token.kind is Kind.EMOTE}
    assert all(len(atom) <= ATOM_CHARS + 4 for atom in result.atoms)


@pytest.mark.parametrize("unit", [".,", "\U0001f602", "@a@b!", "lol", "aB1", ".com", "\U000e0000", "1a"])
def test_a_line_of_64_kib_takes_linear_time(unit: str) -> None:
    started = time.process_time()

    normalise("x" + unit * (65_536 // len(unit)) + "x")

    assert time.process_time() - started < 2.0
