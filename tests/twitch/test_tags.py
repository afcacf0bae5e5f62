"""Tags: one scan undoes escapes, and the fast way reads what a plain split reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpulse.twitch.core.tags import CHAT_TAGS, parse_chat_tags, parse_tags, to_int, unescape

PIECES = st.sampled_from([
    "id", "display-name", "tmi-sent-ts", "bits", "first-msg", "flags", "=", "=", ";", ";", "1", "1600000000000", "-5",
    "1e3", "true", '"', "\\", "\\\\", "\\s", "\\:", "\\u0041", "\x00", "\t", "{", "}", ":", ",", "é", "🦊", "user",
])  # fmt: skip
RAW_TAGS = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=40)


def split_plainly(raw: str) -> dict[str, str]:
    """The rules of the specification, as slowly as they are written there."""
    pairs = [tag.partition("=") for tag in raw.split(";") if tag]
    return {name: scan(value) for name, _, value in pairs}


def scan(value: str) -> str:
    out, at = "", 0
    while at < len(value):
        if value[at] == "\\":
            at += 1
            letter = value[at : at + 1]
            out += {":": ";", "s": " ", "r": "\r", "n": "\n"}.get(letter, letter)
        else:
            out += value[at]
        at += 1
    return out


@pytest.mark.parametrize(
    ("escaped", "plain"),
    [
        pytest.param(r"a\sb\:c", "a b;c", id="space-and-semicolon"),
        pytest.param(r"\r\n", "\r\n", id="line-end"),
        pytest.param(r"one\\stwo", r"one\stwo", id="escaped-backslash-before-s"),
        pytest.param(r"\\\s", "\\ ", id="escaped-backslash-then-space"),
        pytest.param(r"\b\é", "bé", id="backslash-before-any-other-letter-goes"),
        pytest.param("end\\", "end", id="lone-backslash-at-the-end-goes"),
    ],
)
def test_escapes_are_undone_once_from_left_to_right(escaped: str, plain: str) -> None:
    assert unescape(escaped) == plain


@given(st.text(alphabet="\\s:rnx;é", max_size=20))
def test_unescaping_equals_a_scan_letter_by_letter(value: str) -> None:
    assert unescape(value) == scan(value)


@pytest.mark.parametrize(
    ("raw", "tags"),
    [
        pytest.param("a=1;b=2", {"a": "1", "b": "2"}, id="plain"),
        pytest.param("a;b=", {"a": "", "b": ""}, id="without-a-value"),
        pytest.param("a=x=y=z", {"a": "x=y=z"}, id="cut-at-the-first-equals"),
        pytest.param("a;b=c=d", {"a": "", "b": "c=d"}, id="faults-that-cancel-each-other-out"),
        pytest.param('a="1","b":"2"', {"a": '"1","b":"2"'}, id="looks-like-json"),
        pytest.param('a=x","b":"y', {"a": 'x","b":"y'}, id="would-be-json"),
        pytest.param(r"a=\u0041\n", {"a": "u0041\n"}, id="escapes-of-json-are-not-ours"),
        pytest.param("a=1;a=2;", {"a": "2"}, id="the-last-of-two-equal-names-counts"),
        pytest.param("", {}, id="nothing"),
    ],
)
def test_all_tags_are_read(raw: str, tags: dict[str, str]) -> None:
    assert parse_tags(raw) == tags


@given(RAW_TAGS)
def test_the_fast_way_reads_what_a_plain_split_reads(raw: str) -> None:
    assert parse_tags(raw) == split_plainly(raw)


@given(RAW_TAGS)
def test_tags_of_a_message_are_those_that_a_plain_split_reads(raw: str) -> None:
    plain = split_plainly(raw)

    assert parse_chat_tags(raw) == tuple(plain.get(name, "") for name in CHAT_TAGS)


def test_a_value_cannot_pass_for_a_tag_of_its_own() -> None:
    values = dict(zip(CHAT_TAGS, parse_chat_tags('display-name=x","id":"evil'), strict=True))

    assert (values["display-name"], values["id"]) == ('x","id":"evil', "")


@pytest.mark.parametrize(
    ("value", "number"),
    [("12", 12), ("007", 7), ("", 5), ("-3", 5), ("1.5", 5), ("²", 5), ("9" * 18, 10**18 - 1), ("9" * 19, 5)],
)
def test_only_digits_that_fit_are_a_number(value: str, number: int) -> None:
    assert to_int(value, 5) == number
