"""What a written file holds comes back out of it through the reader of its format."""

import json
from dataclasses import replace as changed
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chatpulse.domain.chat import (
    TOPIC_TYPES,
    ChatMessage,
    Event,
    Moderation,
    ModerationKind,
    Quarantined,
    Source,
    TimeKind,
    Topic,
)
from chatpulse.domain.tables import TABLES
from chatpulse.twitch.formats import chatpulse_ndjson, csv_chat, tcd, twitchdownloader
from chatpulse.twitch.formats.detect import detect
from chatpulse.twitch.formats.record import Head
from chatpulse.twitch.formats.write import WRITERS
from chatpulse.twitch.formats.writing import About, Row, Tally, rewrite
from tests.lake.builders import START_US, message
from tests.twitch.formats.reading import messages, read_all
from tests.twitch.formats.writing import PAGE, WORDS, held, kept, rows_of, said, written

TWO = [message(0), message(1, user_login="mira", user_name="Mira", user_id="u-mira", text="hi @viewer0 Kappa")]


@settings(deadline=None, max_examples=40)
@given(st.lists(said(), max_size=3))
def test_json_lines_give_back_every_column_of_an_event(said: list[ChatMessage]) -> None:
    content = written("ndjson", rows_of(said))

    assert [replace(one, raw="") for one in messages(read_all(chatpulse_ndjson, content))] == [
        kept(one, held("ndjson")) for one in said
    ]


@settings(deadline=None, max_examples=40)
@given(st.lists(said(text=WORDS), max_size=3))
def test_csv_gives_back_every_column_of_an_event(said: list[ChatMessage]) -> None:
    content = written("csv", rows_of(said))

    assert [replace(one, raw="") for one in messages(read_all(csv_chat, content))] == [
        kept(one, held("csv")) for one in said
    ]


@settings(deadline=None, max_examples=40)
@given(st.lists(said(), max_size=3), st.booleans())
def test_twitchdownloader_gives_back_who_said_what_when(said: list[ChatMessage], dated: bool) -> None:  # noqa: FBT001
    fields = held("twitchdownloader")
    head, start_us = Head(), START_US if dated else None
    said = said if dated else [replace(one, ts_us=one.ts_us - START_US) for one in said]

    read = messages(read_all(twitchdownloader, written("twitchdownloader", rows_of(said), start_us=start_us), head))

    assert [kept(one, fields) for one in read] == [kept(one, fields) for one in said]
    assert [one.ts_us + (head.start_us or 0) for one in read] == [one.ts_us for one in said]
    assert {one.time_kind for one in read} <= {TimeKind.OFFSET}
    assert (head.channel, head.room_id, head.start_us) == ("aurora", "77", start_us)


@settings(deadline=None, max_examples=40)
@given(st.lists(said(text=WORDS), max_size=3))
def test_irc_gives_back_name_text_and_second(said: list[ChatMessage]) -> None:
    read = messages(read_all(tcd, written("irc", rows_of(said))))

    assert [kept(one, held("irc")) for one in read] == [kept(one, held("irc")) for one in said]
    assert [one.ts_us for one in read] == [(one.ts_us - START_US) // 10**6 * 10**6 for one in said]


@pytest.mark.parametrize(
    ("badges", "read"),
    [
        pytest.param("subscriber/12,premium/1", "subscriber/0", id="a subscriber"),
        pytest.param("vip/1,moderator/1,subscriber/3", "moderator/1", id="the highest of several"),
        pytest.param("founder/0", "subscriber/0", id="a founder subscribes"),
        pytest.param("turbo/1", "premium/1", id="turbo has the sign of prime"),
        pytest.param("vip/1", "", id="a badge without a sign"),
        pytest.param("", "", id="no badge"),
    ],
)
def test_irc_keeps_the_highest_badge(badges: str, read: str) -> None:
    (found,) = messages(read_all(tcd, written("irc", rows_of([message(1, user_name="Mira", badges=badges)]))))

    assert (found.user_name, found.badges) == ("Mira", read)


def test_irc_keeps_a_line_a_message_whatever_it_says() -> None:
    odd = [
        message(0, text="two\r\nlines", user_name="a>b"),
        message(1, text="waves", user_name="two words", action=True),
        message(2, user_login="", user_name=""),
        message(-9),
    ]

    assert written("irc", rows_of(odd)).decode().splitlines() == [
        "[0:00:00] <ab> two lines",
        "[0:00:01] <two words> waves",
        "[0:00:02] <?> what a save number 2",
        "[0:00:00] <viewer1> what a save number -9",
    ]


def test_hours_grow_past_a_day() -> None:
    assert written("irc", rows_of([message(90_061)])).startswith(b"[25:01:01] <viewer1>")


def test_twitchdownloader_has_what_its_renderer_looks_at() -> None:
    emotes = message(2, text="\U0001f600 Kappa gg", emotes=message(0).emotes, badges="vip/1,subscriber/12")
    emotes = msgspec.convert(msgspec.to_builtins(emotes) | {"emotes": [["25", "Kappa", 2, 6]]}, ChatMessage)

    about = {"end_us": START_US + 2_500_000, "created_us": START_US, "video_id": "v1"}
    file = json.loads(written("twitchdownloader", rows_of([emotes]), **about))

    assert file["FileInfo"]["Version"] == {"Major": 1, "Minor": 4, "Patch": 0}
    assert file["streamer"] == {"name": "aurora", "login": "aurora", "id": 77}
    assert {name: file["video"][name] for name in ("id", "created_at", "start", "end", "length", "chapters")} == {
        "id": "v1",
        "created_at": "2026-09-21T14:13:20.000000Z",
        "start": 0.0,
        "end": 3.0,
        "length": 3.0,
        "chapters": [],
    }
    (comment,) = file["comments"]
    assert (comment["content_offset_seconds"], comment["created_at"]) == (2.0, "2026-09-21T14:13:22.000000Z")
    assert comment["message"]["fragments"] == [
        {"text": "\U0001f600 ", "emoticon": None},
        {"text": "Kappa", "emoticon": {"emoticon_id": "25"}},
        {"text": " gg", "emoticon": None},
    ]
    assert comment["message"]["emoticons"] == [{"_id": "25", "begin": 2, "end": 8}]
    assert comment["message"]["user_badges"] == [{"_id": "vip", "version": "1"}, {"_id": "subscriber", "version": "12"}]
    assert file["embeddedData"] is None


@pytest.mark.parametrize("room_id", ["", "not a number", "99999999999", "\u00b2"])
def test_a_room_that_its_reader_could_not_hold_is_zero(room_id: str) -> None:
    assert json.loads(written("twitchdownloader", [], room_id=room_id))["streamer"]["id"] == 0


def test_emotes_that_lie_about_their_place_leave_the_text_whole() -> None:
    (row,) = rows_of([message(0, text="abc")])
    spans = [{"id": "1", "name": "ab", "start": 0, "end": 1}, {"id": "2", "name": "b", "start": 1, "end": 1}]
    spans += [{"id": "3", "name": "?", "start": 2, "end": 9}]

    (comment,) = json.loads(written("twitchdownloader", [row | {"emotes": spans}]))["comments"]

    assert [fragment["text"] for fragment in comment["message"]["fragments"]] == ["ab", "c"]


def test_csv_leaves_a_formula_as_it_was_said_and_tells_null_from_nothing_else() -> None:
    (row,) = rows_of([message(0, text='=SUM(A1) "quoted", and\nmore', reply_to="")])

    content = written("csv", [row | {"terms": ["a", "b"], "negative": 0.5, "first": True}]).decode()

    names, line = content.split("\r\n", 1)
    values = dict(zip(names.split(","), csv_chat.split_row(line.removesuffix("\r\n")) or [], strict=True))
    assert values["text"] == '=SUM(A1) "quoted", and\nmore'
    assert (values["reply_to"], values["terms"], values["negative"], values["first"]) == ("", "a b", "0.5", "true")


def test_the_documents_say_of_every_column_what_each_format_holds() -> None:
    columns = {column.name for column in TABLES["messages"].columns}

    assert {cells.split("`")[1] for cells in PAGE.read_text().splitlines() if cells.startswith("| `")} >= columns
    assert {name: len(held(name)) for name in WRITERS} == {"twitchdownloader": 11, "ndjson": 23, "csv": 21, "irc": 3}


def _filled(cls: type[Event]) -> Event:
    """An event with something in every field."""
    values: dict[type, Any] = {str: "x", int: 7, bool: True, dict: {"a": "b"}}
    fields = {field.name: field for field in msgspec.structs.fields(cls)}
    given = {name: values[type(field.default)] for name, field in fields.items() if type(field.default) in values}
    return msgspec.convert(given | {"id": "e1", "ts_us": 5, "received_us": 0, "raw": ""}, cls)


@pytest.mark.parametrize(
    ("topic", "cls"),
    [
        pytest.param(topic, cls, id=cls.__name__)
        for topic in (Topic.SUBSCRIPTIONS, Topic.EVENTS, Topic.ROOM)
        for cls in TOPIC_TYPES[topic]
    ],
)
def test_json_lines_give_back_events_of_every_kind(topic: Topic, cls: type[Event]) -> None:
    event = replace(_filled(cls), source=Source.IMPORT)

    (found,) = read_all(chatpulse_ndjson, written("ndjson", rows_of([event], topic)))

    assert isinstance(found, cls)
    assert replace(found, raw="") == event


def test_json_lines_give_back_moderation() -> None:
    ban = Moderation(id="x", ts_us=5, received_us=0, kind=ModerationKind.BAN, target_login="mira", source=Source.IMPORT)

    (found,) = read_all(chatpulse_ndjson, written("ndjson", rows_of([ban], Topic.MODERATION)))

    assert isinstance(found, Moderation)
    assert replace(found, raw="") == ban


@pytest.mark.parametrize(
    "line",
    ['{"id":"a"}', '{"id":"a","ts_us":1,"received_us":0,"kind":"dance"}', '{"id":"a","kind":[],"ts_us":1}', "[1]",
     '{"id":"a","ts_us":1,"text":"x","emotes":[{"id":"1"}]}', '{"id":"a","ts_us":1,"emotes":7}', '{"id":"a","ts_us"'],
)  # fmt: skip
def test_a_line_that_is_no_row_is_kept_apart(line: str) -> None:
    good = written("ndjson", rows_of([message(0)])).decode()

    found = read_all(chatpulse_ndjson, f"{good}{line}\n{good}")

    assert [type(record) for record in found] == [ChatMessage, Quarantined, ChatMessage]


@pytest.mark.parametrize("name", list(WRITERS))
def test_a_written_file_is_recognised(name: str) -> None:
    readers = {"ndjson": chatpulse_ndjson, "csv": csv_chat, "irc": tcd, "twitchdownloader": twitchdownloader}

    found = [reader.NAME for reader in readers.values() if reader.fits(written(name, rows_of(TWO)))]

    assert found == [readers[name].NAME]
    assert detect(written(name, rows_of(TWO)), name="export") == (readers[name].NAME,)


def rewritten(name: str, content: bytes, change: Any) -> tuple[bytes, Tally]:
    tally = Tally()
    return b"".join(rewrite(WRITERS[name], content.splitlines(keepends=True), change=change, tally=tally)), tally


def without_mira(row: Row) -> Row | None:
    return None if row["user_login"] == "mira" else row


@pytest.mark.parametrize("name", list(WRITERS))
@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["dropped last", "dropped first"])
def test_a_dropped_row_leaves_a_file_as_if_it_had_never_been_there(name: str, order: tuple[int, int]) -> None:
    rows = rows_of([TWO[place] for place in order])

    content, tally = rewritten(name, written(name, rows), without_mira)

    assert content == written(name, rows_of(TWO[:1]))
    assert tally == Tally(kept=1, dropped=1)


@pytest.mark.parametrize("name", list(WRITERS))
def test_a_file_without_the_person_keeps_every_byte(name: str) -> None:
    odd = [message(0, text='line "one"\r\nline, two'), message(1, action=True, text="waves")]

    content, tally = rewritten(name, written(name, rows_of(odd)), without_mira)

    assert content == written(name, rows_of(odd))
    assert tally == Tally(kept=2)


@pytest.mark.parametrize("name", list(WRITERS))
def test_a_changed_text_is_what_the_file_says_then(name: str) -> None:
    spoken = message(1, user_login="mira", user_name="Mira", text="hi @viewer0 Kappa", badges="vip/1,moderator/1")
    spoken = msgspec.convert(msgspec.to_builtins(spoken) | {"emotes": [["25", "Kappa", 12, 16]]}, ChatMessage)
    after = msgspec.convert(
        msgspec.to_builtins(spoken) | {"text": "hi @x Kappa", "emotes": [["25", "Kappa", 6, 10]]}, ChatMessage
    )

    def forget(row: Row) -> Row:
        emotes = [span | {"start": 6, "end": 10} for span in row.get("emotes", [])]
        return {**row, "text": row["text"].replace("@viewer0", "@x"), "emotes": emotes}

    content, tally = rewritten(name, written(name, rows_of([spoken])), forget)

    assert content.splitlines() == written(name, rows_of([after])).splitlines()
    assert tally == Tally(kept=1, changed=1)


def test_a_row_from_before_its_columns_is_written() -> None:
    (row,) = rows_of([message(0)])
    bare = dict.fromkeys(row) | {"id": "a", "text": "hi", "ts_us": 0, "action": False}

    for name, writer in WRITERS.items():
        assert b"hi" in writer.record(bare, changed(About(), columns=tuple(row))), name
