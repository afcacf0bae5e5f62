import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpulse.domain.chat import Quarantined, Recorded, RoomNotice, Source
from chatpulse.domain.naming import Forgotten, Person
from chatpulse.twitch.core.irc import LineParser
from chatpulse.twitch.core.naming import names_in, rename_event, rename_line, rename_tags

GONE = Forgotten(ids={"42"}, names={"quill_otter7", "Quill"})
HEAD = "@badge-info=;badges=;color=;display-name=Juno;emotes="
TAIL = "room-id=7;tmi-sent-ts=1790000000000;user-id=9;user-type="
SAID = ":juno!juno@juno.tmi.twitch.tv PRIVMSG #reef :"
LINES = {
    "message": f"{HEAD}25:14-18;first-msg=0;id=a;{TAIL} {SAID}@Quill_Otter7 Kappa",
    "action": f"{HEAD}25:14-18;id=b;{TAIL} {SAID}\x01ACTION @quill_otter7 Kappa\x01",
    "reply": (
        f"{HEAD};id=c;reply-parent-display-name=Quill;reply-parent-msg-body=say\\s@quill_otter7\\\\;reply-parent-msg-id=x;"
        f"reply-parent-user-id=42;reply-parent-user-login=quill_otter7;{TAIL} "
        ":juno!juno@juno.tmi.twitch.tv PRIVMSG #reef :yes"
    ),
    "gift": (
        f"{HEAD};id=d;login=juno;msg-id=subgift;msg-param-recipient-display-name=Quill;msg-param-recipient-id=42;"
        f"msg-param-recipient-user-name=quill_otter7;msg-param-sub-plan=1000;system-msg=Juno\\sgave\\sQuill\\sa\\ssub;{TAIL}"
        " :tmi.twitch.tv USERNOTICE #reef"
    ),
    "unknown": f"{HEAD};id=e;login=juno;msg-id=newkind;msg-param-who=Quill;{TAIL} :tmi.twitch.tv USERNOTICE #reef :hi",
    "own": f"{HEAD};id=f;{TAIL} :juno!juno@juno.tmi.twitch.tv PRIVMSG #reef :nothing here",
    "timeout": (
        "@ban-duration=9;room-id=7;target-user-id=5;tmi-sent-ts=1790000000000 :tmi.twitch.tv CLEARCHAT #reef :bob"
    ),
}


class Reversed:
    """Everybody's name backwards."""

    def person(self, user_id: str, login: str, name: str) -> Person:
        return (user_id[::-1] and f"i{user_id}", self.mention(login or name) if login else "", self.mention(name))

    def mention(self, word: str) -> str:
        return f"u{word.lower()[::-1]}" if word else ""

    def word(self, word: str) -> str:
        return word


def parsed(line: str) -> Recorded:
    event = LineParser(Source.LIVE).parse(line.encode(), received_us=1)
    assert not hasattr(event, "command")
    return event


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_renamed_line_reads_as_the_renamed_event(line: str) -> None:
    for naming in (GONE, Reversed()):
        renamed = rename_event(parsed(line), naming)

        again = parsed(getattr(renamed, "raw", ""))

        assert msgspec.structs.replace(again, id=renamed.id) == renamed


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_no_name_is_left_in_a_line(line: str) -> None:
    renamed = rename_event(parsed(line), GONE)

    assert b"quill" not in msgspec.json.encode(renamed).lower()
    assert b'"42"' not in msgspec.json.encode(renamed)


def test_what_nobody_changes_is_the_same_event() -> None:
    event = parsed(LINES["own"])

    assert rename_event(event, GONE) is event


def test_the_sender_changes_in_prefix_and_tags() -> None:
    renamed = rename_line(LINES["own"], Reversed())

    assert " :uonuj!uonuj@uonuj.tmi.twitch.tv PRIVMSG #reef :nothing here" in renamed
    assert ";user-id=i9;" in renamed
    assert "display-name=uonuj;" in renamed


def test_what_is_no_irc_is_renamed_word_by_word() -> None:
    assert rename_line('{"name":"Quill"}', GONE) == '{"name":"_forgotten_"}'


def test_a_room_notice_is_a_sentence_of_twitch() -> None:
    notice = RoomNotice(id="1", ts_us=1, received_us=1, notice_id="timeout_success", text="Quill has been timed out.")

    assert rename_event(notice, GONE).text == "_forgotten_ has been timed out."


def test_bytes_that_are_no_text_keep_all_but_the_name() -> None:
    event = Quarantined(id="1", ts_us=1, received_us=1, reason="not UTF-8", raw=b":quill_otter7!x :caf\xe9")

    assert rename_event(event, GONE).raw == b":_forgotten_!x :caf\xe9"
    assert names_in(event.raw) == ["quill_otter7", "caf\ufffd"]


def test_tags_of_an_unknown_notice_lose_the_name() -> None:
    assert rename_tags({"login": "ana", "msg-param-who": "Quill", "room-id": "42"}, GONE) == {
        "login": "ana",
        "msg-param-who": "_forgotten_",
        "room-id": "42",
    }


@given(st.text(max_size=200))
def test_no_line_raises(line: str) -> None:
    rename_line(line, GONE)
    rename_line(f"@emotes={line} :a!a@a PRIVMSG #x :@quill {line}", Reversed())
