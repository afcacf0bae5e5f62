"""Messages: the same values whichever way was taken, emotes in their place, months from the badge."""

import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatpulse.domain.chat import ChatMessage, EmoteSpan, Source
from chatpulse.twitch.core.irc import LineParser
from chatpulse.twitch.core.messages import find_emotes, find_said, read_months
from chatpulse.twitch.core.tags import CHAT_TAGS

SAID = " :ada!ada@ada.tmi.twitch.tv PRIVMSG #harbour :what a \\ day"
ALWAYS = ["badge-info", "badges", "color", "display-name", "emotes", "id", "mod", "room-id", "subscriber"]
ALWAYS += ["tmi-sent-ts", "turbo", "user-id", "user-type"]
REPLY = ["display-name", "msg-body", "msg-id", "user-id", "user-login"]
SOMETIMES = [
    ["bits"], ["client-nonce"], ["custom-reward-id"], ["emote-only"], ["first-msg"], ["flags"], ["msg-id"], ["vip"],
    ["returning-chatter"], ["source-badge-info", "source-badges", "source-id", "source-room-id"], ["new-tag"],
    [f"reply-parent-{name}" for name in REPLY],
    [*(f"reply-parent-{name}" for name in REPLY), "reply-thread-parent-msg-id"],
]  # fmt: skip
FLAGS = {"mod", "subscriber", "turbo", "first-msg", "emote-only", "returning-chatter", "vip"}
VALUES = st.sampled_from(["", "0", "1", "25:0-3", "x", "subscriber/3", "a=b", "1600000000123", r"so\swhat", '"', "é"])
TAGS = st.lists(st.sampled_from(SOMETIMES)).flatmap(
    lambda groups: st.fixed_dictionaries({
        name: st.sampled_from("01") if name in FLAGS else VALUES
        for name in ALWAYS + [name for group in groups for name in group]
    })
)


def read(tags: dict[str, str], names: list[str]) -> ChatMessage:
    line = "@" + ";".join(f"{name}={tags[name]}" for name in names) + SAID
    event = LineParser(Source.REPLAY).parse(line.encode(), received_us=5)
    assert isinstance(event, ChatMessage)
    return replace(event, raw="", id=event.id if tags["id"] else "")


@given(TAGS)
def test_a_message_says_the_same_in_whatever_order_its_tags_come(tags: dict[str, str]) -> None:
    assert read(tags, sorted(tags)) == read(tags, sorted(tags, reverse=True))


def test_tags_in_live_order_keep_every_value_in_its_place() -> None:
    names = sorted({*ALWAYS, *(name for group in SOMETIMES for name in group)} - {"new-tag"})
    tags = {name: "1" if name in FLAGS else f"<{name}>" for name in names}

    line = "@" + ";".join(f"{name}={value}" for name, value in tags.items()) + SAID

    assert find_said(line) == (*(tags[name] for name in CHAT_TAGS), "ada", "#harbour", "what a \\ day")


def test_escapes_in_live_order_are_undone_in_tags_and_left_in_the_text() -> None:
    tags = dict.fromkeys(sorted(ALWAYS), "0") | {"display-name": r"Ada\sL"}

    said = find_said("@" + ";".join(f"{name}={value}" for name, value in tags.items()) + SAID)

    assert said is not None
    assert (said[CHAT_TAGS.index("display-name")], said[-1]) == ("Ada L", "what a \\ day")


def test_tags_end_at_the_first_space_whatever_follows() -> None:
    tags = dict.fromkeys(ALWAYS, "0") | {"color": "red green"}

    assert find_said("@" + ";".join(f"{name}={value}" for name, value in tags.items()) + SAID) is None


@pytest.mark.parametrize(
    "line", ["", "@", "PING :x", "@a=b PING", ":ada!a@b PRIVMSG #harbour :x", "@a=b :x PRIVMSG #c :x"]
)
def test_other_lines_are_left_to_the_grammar(line: str) -> None:
    assert find_said(line) is None


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        pytest.param("25:0-4", [("25", "Kappa")], id="one"),
        pytest.param("25:0-4,8-12/1:6-6", [("25", "Kappa"), ("1", "🦊"), ("25", "Kappa")], id="in-order-of-position"),
        pytest.param("1:6-6/25:0-4,8-12", [("25", "Kappa"), ("1", "🦊"), ("25", "Kappa")], id="in-order-again"),
        pytest.param("25:04/1:6-6", [("1", "🦊")], id="no-range"),
        pytest.param("25:0-4-8,a-b,-1-2,4-0,/1:6-6", [("1", "🦊")], id="no-numbers"),
        pytest.param("25:0-13,13-13/1:6-6", [("1", "🦊")], id="outside-the-text"),
        pytest.param("25:0-4/2:3-6/1:4-8/3:6-6", [("25", "Kappa"), ("3", "🦊")], id="begins-inside-another"),
        pytest.param(":0-4/25/" + "9" * 5000 + ":6-6", [("9" * 5000, "🦊")], id="no-id"),
        pytest.param("25:0-" + "9" * 5000, [], id="number-beyond-all-bounds"),
    ],
)
def test_a_bad_emote_range_costs_that_emote_only(tag: str, found: list[tuple[str, str]]) -> None:
    spans = find_emotes(tag, "Kappa 🦊 Kappa")

    assert [(span.id, span.name) for span in spans] == found


def test_thousands_of_ranges_over_each_other_take_no_more_memory_than_one() -> None:
    tag, text = "25:" + ",".join(["0-59998"] * 7_000), "x" * 60_000
    tracemalloc.start()

    spans = find_emotes(tag, text)

    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert spans == (EmoteSpan("25", text[1:], 0, 59_998),)
    assert peak_bytes < 5_000_000


@given(st.text(alphabet="0123456789-,:/x", max_size=30), st.text(max_size=8))
def test_emotes_stand_in_the_text_one_behind_the_other(tag: str, text: str) -> None:
    spans = find_emotes(tag, text)

    assert all(span.name == text[span.start : span.end + 1] != "" for span in spans)
    assert all(before.end < behind.start for before, behind in pairwise(spans))


@pytest.mark.parametrize(
    ("info", "months"),
    [
        ("subscriber/27", 27), ("founder/3", 3), ("predictions/yes sir,subscriber/5", 5), ("moderator/1", 0),
        ("subscriber", 0), ("subscriber/x", 0), ("", 0),
    ],
)  # fmt: skip
def test_months_come_from_badge_info(info: str, months: int) -> None:
    assert read_months(info) == months
