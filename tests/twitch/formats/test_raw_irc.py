"""Raw IRC: tagged, timed in front, or in blocks that share a stamp; the parser is the one of live chat."""

import pytest

from chatpulse.domain.chat import Moderation, Quarantined, Source
from chatpulse.twitch.core.irc import LineParser
from chatpulse.twitch.formats import raw_irc
from chatpulse.twitch.formats.record import Head, Skipped
from tests.twitch.formats.reading import messages, read_all, shape

SAID = ":mila!mila@mila.tmi.twitch.tv PRIVMSG #harbour :"
TAGGED = "@badge-info=;display-name=Mila;id=m-1;room-id=7;tmi-sent-ts=1936353600123;user-id=4 " + SAID
BLOCKS = f"""\
2031-05-12_12:00:00 ;;; START OF RECORDED CHAT MESSAGES FROM CHANNEL: HARBOUR

2031-05-12_12:00:00 ;;; :tmi.twitch.tv 001 mila :Welcome
:tmi.twitch.tv 376 mila :>

2031-05-12_12:00:01 ;;; {SAID}one
{SAID}two

2031-05-12_12:00:02 ;;; @tmi-sent-ts=1936353600123 {SAID}three
"""


def test_a_tagged_line_is_what_live_chat_would_make_of_it() -> None:
    [message] = messages(read_all(raw_irc, TAGGED + "hi"))

    assert message == LineParser(Source.IMPORT).parse((TAGGED + "hi").encode(), received_us=0)
    assert (message.id, message.channel, message.ts_us) == ("m-1", "harbour", 1_936_353_600_123_000)


def test_the_time_before_a_tab_counts_where_the_tags_have_none_and_stays_out_of_raw() -> None:
    content = f"1936353600456\t{SAID}hi\n1936353600456\t{TAGGED}hi"

    bare, tagged = messages(read_all(raw_irc, content))

    assert (bare.ts_us, bare.precision_us, bare.raw) == (1_936_353_600_456_000, 1_000, SAID + "hi")
    assert tagged.ts_us == 1_936_353_600_123_000


def test_lines_of_a_block_share_its_time_and_blank_lines_are_nothing() -> None:
    head = Head()

    records = read_all(raw_irc, BLOCKS, head)

    assert [shape(record)[1:] for record in records if not isinstance(record, Skipped)] == [
        (1_936_353_601.0, "mila", "one"),
        (1_936_353_601.0, "mila", "two"),
        (1_936_353_600.123, "mila", "three"),
    ]
    assert [record.reason for record in records if isinstance(record, Skipped)] == [
        "status line", "protocol line", "protocol line",
    ]  # fmt: skip
    assert [message.precision_us for message in messages(records)] == [1_000_000, 1_000_000, 1_000]
    assert head.precision_us == 1_000_000


def test_equal_lines_have_identities_of_their_own_and_the_same_ones_on_the_next_reading() -> None:
    content = f"1936353600456\t{SAID}hi\n" * 2

    first, second = messages(read_all(raw_irc, content))

    assert first.id != second.id
    assert messages(read_all(raw_irc, content)) == [first, second]


def test_what_has_no_time_has_none() -> None:
    [message] = messages(read_all(raw_irc, SAID + "hi"))

    assert shape(message)[:2] == ("none", 0.0)


@pytest.mark.parametrize(
    "line", ["hello there my friend", "1936353600456\tnonsense here", "1936353600456\t", "[0:00:01] <a> b"]
)
def test_what_is_no_irc_is_quarantined(line: str) -> None:
    assert [type(record) for record in read_all(raw_irc, line)] == [Quarantined]


def test_moderation_is_kept_and_the_protocol_is_skipped() -> None:
    content = ":tmi.twitch.tv CLEARCHAT #harbour :ren\nPING :tmi.twitch.tv\n:mila!m@m JOIN #harbour"

    ban, ping, join = read_all(raw_irc, content)

    assert isinstance(ban, Moderation)
    assert [ping, join] == [
        Skipped("protocol line", "PING :tmi.twitch.tv"),
        Skipped("protocol line", ":mila!m@m JOIN #harbour"),
    ]
