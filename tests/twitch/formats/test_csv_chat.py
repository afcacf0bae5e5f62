"""CSV: columns by their names, quotes over line breaks, and what broken writers leave."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatpulse.domain.chat import ChatMessage, EmoteSpan, Quarantined
from chatpulse.twitch.formats import csv_chat
from chatpulse.twitch.formats.csv_chat import MAX_OPEN_LINES, split_row
from chatpulse.twitch.formats.record import Head, Skipped
from tests.twitch.formats.reading import messages, read_all, shape

NOON_S = 1_936_353_600


def texts(content: str | bytes) -> list[str]:
    """The texts of messages; of what is quarantined the reason."""
    records = read_all(csv_chat, content)
    return [record.text if isinstance(record, ChatMessage) else record.reason for record in records]  # type: ignore[union-attr]  # a reader of CSV gives no other kind


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("t,user,emotes,text", "62,mila,Kappa,hi", ("offset", 62.0, "mila", "hi")),
        ("user,text", "mila,hi", ("none", 0.0, "mila", "hi")),
        (",comment", "17,hi", ("none", 0.0, "", "hi")),
        ("genre,channel,sender,date,message", "irl,Harbour,mila,1936353600123,hi",
         ("epoch", NOON_S + 0.123, "mila", "hi")),
        ("_id,created_at,content_offset_seconds,commenter.display_name,commenter.name,message.body",
         "m-1,2031-05-12T12:00:09Z,9.5,Mila,mila_,hi", ("offset", 9.5, "Mila", "hi")),
        ("action_type,author.id,author.name,message,time_in_seconds,time_text,timestamp",
         "text_message,4,mila,hi,62,1:02,1936353600000000", ("offset", 62.0, "mila", "hi")),
        ("timestamp,username,message", "2031-05-12T12:00:00+00:00,mila,hi", ("epoch", NOON_S, "mila", "hi")),
        ("\ufeffUser , Text", "mila,hi", ("none", 0.0, "mila", "hi")),
        ('"time","nick","body"', '"0:01:02","mila","hi"', ("offset", 62.0, "mila", "hi")),
    ],
)  # fmt: skip
def test_columns_are_found_by_their_names(header: str, row: str, expected: tuple[object, ...]) -> None:
    content = f"{header}\r\n{row}\r\n"

    records = read_all(csv_chat, content)

    assert [shape(record) for record in records] == [expected]
    assert messages(records)[0].raw == row
    assert csv_chat.fits(content.encode())


def test_ids_channel_numbers_and_flags_are_kept() -> None:
    content = (
        "id,channel,room_id,ts_us,time_kind,precision_us,user_id,user_login,user_name,text,badges,months,bits,emotes,"
        "reply_to,first,action,raw\n"
        'm-1,#Harbour,7,-1500000,offset,1000,4,mila,夜の猫,"Kappa, hi",mod/1,3,100,25:0-4,m-0,true,1,{}'
    )

    [message] = messages(read_all(csv_chat, content))

    assert shape(message) == ("offset", -1.5, "夜の猫", "Kappa, hi")
    assert (message.id, message.channel, message.room_id, message.user_id) == ("m-1", "harbour", "7", "4")
    assert (message.user_login, message.badges, message.months, message.bits) == ("mila", "mod/1", 3, 100)
    assert (message.reply_to, message.first, message.action, message.precision_us) == ("m-0", True, True, 1_000)
    assert message.raw == "{}"
    assert message.emotes == (EmoteSpan("25", "Kappa", 0, 4),)


def test_names_in_an_emote_column_are_no_emotes_of_the_text() -> None:
    [message] = messages(read_all(csv_chat, "t,user,emotes,text\n1,mila,The :) 25:x,Harbour is now live! The end"))

    assert (message.text, message.emotes) == ("Harbour is now live! The end", ())


def test_the_id_of_an_author_is_not_taken_for_the_id_of_a_message() -> None:
    flat = "author_name,id,message,time_in_seconds\nmila,4,one,1\nmila,4,two,2"
    whole = "author_name,id,message,message_id\nmila,4,one,m-1"

    assert [message.id for message in messages(read_all(csv_chat, flat))] == ["", ""]
    assert [message.id for message in messages(read_all(csv_chat, whole))] == ["m-1"]


def test_a_row_without_a_time_has_none_and_one_with_a_false_time_is_quarantined() -> None:
    head = Head()

    without, false, right = read_all(csv_chat, "t,user,text\n,mila,a\nsoon,mila,b\n3,mila,c", head)

    assert [shape(without)[:2], shape(right)[:2]] == [("none", 0.0), ("offset", 3.0)]
    assert shape(false) == ("Quarantined", "no time that is known")
    assert head.precision_us == 1_000_000


def test_quotes_hold_commas_quotes_and_line_breaks() -> None:
    assert texts('user,text\nmila,"a, ""b"""\nmila,"c\r\nd\n\ne"\nmila,5" nails\nmila,"f" g') == [
        'a, "b"', "c d e", '5" nails', "f g",
    ]  # fmt: skip


def test_a_carriage_return_inside_a_field_is_a_space() -> None:
    assert texts('user,text\nmila,a\rb\nren,"c\rd"\r\nren,e') == ["a b", "c d", "e"]


def test_a_cut_row_costs_itself_alone() -> None:
    cut = 'user,text,t\nmila\nmila,"open,3\nren,"b, c",4\nmila,d,5\nren,"open,6'

    assert texts(cut) == [
        "1 columns, and the first row has 3",
        "a quote is not closed",
        "b, c",
        "d",
        "a quote is not closed",
    ]


def test_a_quote_that_never_closes_costs_its_line_alone() -> None:
    content = 'user,text\nmila,"open\n' + "ren,fine\n" * (2 * MAX_OPEN_LINES)

    assert texts(content) == ["a quote is not closed"] + ["fine"] * (2 * MAX_OPEN_LINES)


def test_commas_that_a_writer_did_not_quote_belong_to_a_text_at_the_end_only() -> None:
    assert texts("user,text\nmila,a,b, c") == ["a,b, c"]
    assert texts("text,user\na,b, c,mila") == ["4 columns, and the first row has 2"]


def test_empty_texts_and_repeated_headers_are_skipped() -> None:
    assert read_all(csv_chat, "user,text\nmila,\nuser,text\nren, ") == [
        Skipped("empty text", "mila,"),
        Skipped("row of names", "user,text"),
        Skipped("empty text", "ren, "),
    ]


def test_bytes_that_are_no_text_do_not_take_an_open_row_with_them() -> None:
    assert texts(b'user,text\nmila,"open\nren,caf\xe9\nren,b') == [
        "a quote is not closed", "byte 0xe9 at 7 is not UTF-8", "b",
    ]  # fmt: skip


def test_a_table_without_a_text_is_all_quarantined_and_not_taken_for_chat() -> None:
    content = "name,age\nmila,30"

    [record] = read_all(csv_chat, content)

    assert isinstance(record, Quarantined)
    assert record.reason == "no column of name, age is the text"
    assert not csv_chat.fits(content.encode())
    assert not csv_chat.fits(b"text\nhello")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.sampled_from('ab, "\r'), max_size=8), min_size=2, max_size=5))
def test_what_is_quoted_is_read_back(fields: list[str]) -> None:
    row = ",".join('"' + field.replace('"', '""') + '"' for field in fields)

    assert split_row(row, strict=True) == fields
    assert split_row(row) == fields


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from('ab,"\n'), max_size=40))
def test_any_row_is_fields_or_open(row: str) -> None:
    fields = split_row(row)

    assert fields is None or ",".join(fields).count("a") == row.count("a")
