"""Lines: the same however the bytes come, bounded, and the good part before damage."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatpulse.domain.chat import Quarantined
from chatpulse.errors import DamagedError
from chatpulse.twitch.core.irc import MAX_LINE_BYTES
from chatpulse.twitch.formats import READERS
from chatpulse.twitch.formats.detect import detect
from chatpulse.twitch.formats.lines import BATCH_RECORDS, read_lines
from chatpulse.twitch.formats.plain import USER_ONLY
from chatpulse.twitch.formats.record import Head
from tests.twitch.formats.reading import messages, read_all, read_pieces

TEXT_FORMATS = (
    "chat-downloader-text", "chatty", "csv", "epoch-user-message", "irc", "irssi", "raw-irc", "rustlog-text",
    "time-message", "time-user-message", "twitchdownloader-text", "user-message",
)  # fmt: skip
LINE_FORMATS = tuple(name for name in TEXT_FORMATS if name != "csv")
LINES = [
    "# Log started: 2031-05-06 23:59:58 -0330", "[23:59:59] <@%mila> late", "[00:00:01] <ren>* early",
    "[00:00:02] BAN: ren (600s)", "[00:00:03] [Notification] mila subscribed for 4 months in a row! [yay]",
    "--- Log opened Sun May 04 10:00:31 2031", "--- Day changed Mon May 05 2031", "10:01 < mila> hi", "10:02 -!- x #y",
    "10:03  * mila waves", "[1:02:03] <~Mila Ren> hi", "[26:00:00] *mila waves]", "[0:00:01] Mila: hi",
    "[2031-05-06 01:02:03.250 UTC] Mila: hi", "[2031-05-06 01:02:03] #harbour mila: hi",
    "[2031-05-06 01:02:04] #harbour mila has been timed out for 5 seconds", "0:00:02.470 mila: hi", "mila: hi",
    "mila: ",
    "1900000000123 mila: hi", "0:12 | (Moderator) Mila: hi", "0:00:03 just text", "t,user,emotes,text",
    '3,mila,Kappa,"hi, ""you"""', '4,mila,,"open', "5,mila,,a\rb", "6,mila", "7,mila,,x,y",
    "@id=m-1;tmi-sent-ts=1900000000123 :mila!m@m PRIVMSG #harbour :hi", ":mila!m@m PRIVMSG #harbour :hi",
    "2031-05-06_10:11:12 ;;; :mila!m@m PRIVMSG #harbour :hi", "1900000000123\t:t.tv CLEARCHAT #harbour :ren",
    ":t.tv 001 mila :Welcome", "PING :x", "", "   ", "\ufeff", "99999-99-99 99:99:99", "[99:99:99] <x> y",
]  # fmt: skip

line = st.one_of(
    st.sampled_from(LINES).map(str.encode),
    st.binary(max_size=30),
    st.tuples(st.sampled_from(LINES), st.integers(0, 40), st.binary(max_size=3)).map(
        lambda parts: parts[0].encode()[: parts[1]] + parts[2] + parts[0].encode()[parts[1] :]
    ),
)
files = st.lists(line, max_size=25).map(b"\n".join)


def cut(content: bytes, sizes: list[int]) -> Iterator[bytes]:
    at = 0
    for size in sizes:
        yield content[at : at + size]
        at += size
    yield content[at:]


@pytest.mark.parametrize("name", TEXT_FORMATS)
@settings(max_examples=40, deadline=None)
@given(content=files, sizes=st.lists(st.integers(0, 9), max_size=40))
def test_whatever_a_file_holds_its_records_do_not_depend_on_the_chunking(
    name: str, content: bytes, sizes: list[int]
) -> None:
    reader, one, many = READERS[name], Head(), Head()

    whole = read_all(reader, content, one)

    assert read_pieces(reader, cut(content, sizes), many) == whole
    assert one == many


@pytest.mark.parametrize("name", LINE_FORMATS)
@settings(max_examples=40, deadline=None)
@given(content=files)
def test_every_line_that_is_not_blank_becomes_one_record(name: str, content: bytes) -> None:
    lines = [line for line in content.split(b"\n") if line.strip()]

    assert len(read_all(READERS[name], content)) == len(lines)


@settings(max_examples=100, deadline=None)
@given(st.one_of(files, st.binary(max_size=200)))
def test_detecting_never_raises_and_names_only_formats_that_can_be_read(content: bytes) -> None:
    assert set(detect(content, name="x.log")) <= set(READERS)


def test_batches_hold_a_thousand_records_however_the_file_comes() -> None:
    content = b"mila: hi\r\n" * (2 * BATCH_RECORDS + 1)

    sizes = [len(batch) for batch in USER_ONLY.read([content[:7], content[7:]], Head())]

    assert sizes == [BATCH_RECORDS, BATCH_RECORDS, 1]


def test_a_damaged_end_is_reported_after_the_lines_before_it() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"mila: one\nren: two\nmila: thr"
        raise DamagedError("the gzip stream is cut off")

    lines = read_lines(pieces())

    assert next(lines) == [b"mila: one", b"ren: two"]
    with pytest.raises(DamagedError, match="cut off"):
        next(lines)


def test_a_last_line_without_an_end_counts() -> None:
    assert [message.text for message in messages(read_all(USER_ONLY, "mila: one\n\n \nren: two"))] == ["one", "two"]


def test_a_line_that_is_no_text_or_too_long_is_quarantined_and_the_next_is_read() -> None:
    content = b"mila: caf\xe9\nmila: " + b"x" * MAX_LINE_BYTES + b"\nren: fine"

    latin, long, fine = read_all(USER_ONLY, content)

    assert isinstance(latin, Quarantined)
    assert (latin.reason, latin.raw) == ("byte 0xe9 at 9 is not UTF-8", b"mila: caf\xe9")
    assert isinstance(long, Quarantined)
    assert long.reason == f"longer than {MAX_LINE_BYTES} bytes"
    assert messages([fine])[0].text == "fine"
