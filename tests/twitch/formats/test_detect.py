"""Detection: each format from its content, and the candidates where content leaves several."""

import pytest

from chatpulse.twitch.formats import READERS
from chatpulse.twitch.formats.detect import detect

SAID = ":mila!mila@mila.tmi.twitch.tv PRIVMSG #harbour :hi"
FILES = {
    "raw-irc": f"@id=m-1 {SAID}\n:tmi.twitch.tv CLEARCHAT #harbour\nPING :x\n",
    "raw-irc timed": f"1936353600456\t{SAID}\n1936353600457\t@id=m-2 {SAID}\n",
    "raw-irc blocks": f"2031-05-12_12:00:00 ;;; START OF RECORDED\n\n2031-05-12_12:00:00 ;;; {SAID}\n{SAID}\n",
    "csv": "t,user,emotes,text\n1,mila,,hi\n",
    "csv unnamed": ",comment\n1,hi\n",
    "chatty": "# Log started: 2031-05-12 21:29:59 +0800\n[21:30:02] <@Mila> hi\n[21:30:03] <ren> x\n",
    "chatty padded": "[01:30:02] <@Mila> hi\n[11:30:03] <ren> x\n",
    "chatty ban": "[11:30:02] <@Mila> hi\n[11:30:03] BAN: ren (600s)\n",
    "irssi": "--- Log opened Sun May 11 23:58:31 2031\n23:58 -!- mila has joined #harbour\n23:58 < mila> hi\n",
    "irc": "[0:00:01] <%Mila Ren> hi\n[10:00:02] *ren waves]\n[27:00:02] <ren> x\n",
    "rustlog-text": "[2031-05-12 12:00:01] #harbour mila: hi\r\n[2031-05-12 12:00:02] #harbour ren has been banned\r\n",
    "twitchdownloader-text": "[2031-05-12 12:00:01 UTC] Mila: hi\n",
    "twitchdownloader-text offset": "[0:00:01] Mila: hi\n[0:00:02] Ren: x\n",
    "time-user-message": "0:00:02.470 mila: \n0:00:03.470 ren: hi\n",
    "epoch-user-message": "1936353600 mila: hi\n1936353601 ren: x\n",
    "user-message": "mila: hi\nren: 0:00:01 x\n",
    "chat-downloader-text": "0:12 | (Moderator) Mila: hi\n1:00:13 | ren: x\n",
    "gql": '[{"id":"c","commenter":{"id":"4","login":"mila","displayName":"Mila"},"contentOffsetSeconds":3,'
    '"createdAt":"2031-05-12T12:00:00Z","message":{"fragments":[{"text":"hi","emote":null}],"userBadges":[]}}]',
    "v5-comments": '[{"_id":"c","content_offset_seconds":3.5,"commenter":{"name":"mila","display_name":"Mila"},'
    '"message":{"body":"hi","fragments":[{"text":"hi"}]}}]',
    "twitchdownloader": '{"FileInfo":{"Version":{"Major":1}},"streamer":{"name":"Harbour","id":7},"video":{"id":"1",'
    '"start":0,"end":9},"comments":[{"_id":"c","content_offset_seconds":3,"commenter":{"name":"mila"},"message":{}}]}',
    "chat-downloader": '[{"message_id":"c","message":"hi","message_type":"text_message","time_in_seconds":3,'
    '"author":{"id":"4","name":"mila"}}]',
    "logs-json": '{"messages":[{"text":"hi","displayName":"Mila","timestamp":"2031-05-12T12:00:00Z","id":"c",'
    '"tags":{},"username":"mila","channel":"harbour","raw":"x","type":1}]}',
    "recent-messages": '{"messages":["' + f"@id=m-1 {SAID}" + '"],"error":null,"error_code":null}',
    "vod-info": '{"vod_id":"1","title":"Boats","created_at":"2031-05-12T12:00:00Z","duration":99}',
    "time-message": "0:00:02 hi there\n0:00:03 what: a day\n0:00:04 gg\n",
}


@pytest.mark.parametrize("case", FILES)
def test_content_names_its_format(case: str) -> None:
    assert detect(FILES[case].encode(), name="chat") == (case.split(maxsplit=1)[0],)


@pytest.mark.parametrize("case", FILES)
def test_a_byte_order_mark_or_a_cut_in_the_middle_of_a_line_changes_nothing(case: str) -> None:
    content = b"\xef\xbb\xbf" + FILES[case].encode() + FILES[case].encode()[:9]

    assert detect(content, name="chat") == (case.split(maxsplit=1)[0],)


def test_some_broken_lines_change_nothing_and_too_many_leave_it_unknown() -> None:
    good = "[0:00:01] <mila> hi\n"

    assert detect((good * 6 + "???\n" * 5).encode(), name="chat") == ("irc",)
    assert detect((good * 5 + "???\n" * 6).encode(), name="chat") == ()


def test_a_clock_that_may_be_either_names_both_and_the_file_name_puts_one_first() -> None:
    content = b"[21:30:02] <Mila> hi\n[21:30:03] <ren> x\n"

    assert detect(content, name="123.IRC") == ("irc", "chatty")
    assert detect(content, name="#harbour.log") == ("chatty", "irc")


def test_users_behind_most_times_and_not_behind_all_are_ambiguous() -> None:
    content = b"0:00:01 mila: hi\n0:00:02 gg\n0:00:03 ren: x\n0:00:04 ren: y\n"

    assert detect(content, name="chat.txt") == ("time-user-message", "time-message")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"hello there\nthis is prose\n",
        b"\x00\x01\x02" * 50,
        b"name,age\nmila,30\n",
        b"port: 80\n  x: y\n- a\n",
    ],
)
def test_what_is_no_chat_is_unknown(content: bytes) -> None:
    assert detect(content, name="chat.txt") == ()


def test_every_format_is_found_under_its_own_name() -> None:
    assert all(name == reader.NAME for name, reader in READERS.items())
