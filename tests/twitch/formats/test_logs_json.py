"""JSON of rustlog and justlog, long and short, and the answers of a recent-messages service."""

import json
from typing import Any

import pytest

from chatpulse.domain.chat import ChatMessage, EmoteSpan, Moderation, Resubscription, Source, TimeKind
from chatpulse.twitch.formats import logs_json, recent_messages
from chatpulse.twitch.formats.record import Head, Skipped
from tests.twitch.formats.reading import messages, read_all

S = 1_000_000
AT_US = 1_700_000_000_123_000
SAID = (
    "@badge-info=subscriber/14;badges=subscriber/12;display-name=Mila;emotes=25:5-10;id=m1;room-id=9;"
    f"tmi-sent-ts={AT_US // 1_000};user-id=31 :mila!mila@mila.tmi.twitch.tv PRIVMSG #harbour :ahoy boatHi"
)
ENTRY = {
    "text": "ahoy boatHi", "username": "mila", "displayName": "Mila", "channel": "harbour",
    "timestamp": "2023-11-14T22:13:20.5Z", "id": "m1", "raw": SAID, "type": 1,
    "tags": {"id": "m1", "badges": "subscriber/12"},
}  # fmt: skip
SHORT = {
    "text": "ahoy boatHi",
    "displayName": "Mila",
    "timestamp": "2023-11-14T22:13:20.5Z",
    "id": "m1",
    "tags": {
        "badges": "subscriber/12", "emotes": "25:5-10", "user-id": "31", "room-id": 9, "first-msg": True,
        "tmi-sent-ts": f"{AT_US // 1_000}", "login": "mila",
    },
}  # fmt: skip


def as_answer(*entries: dict[str, Any]) -> str:
    return json.dumps({"messages": entries})


def test_the_raw_line_says_everything() -> None:
    [event] = messages(read_all(logs_json, as_answer(ENTRY)))

    assert (event.id, event.channel, event.room_id, event.ts_us) == ("m1", "harbour", "9", AT_US)
    assert (event.user_login, event.months, event.source) == ("mila", 14, Source.IMPORT)
    assert event.emotes == (EmoteSpan("25", "boatHi", 5, 10),)
    assert event.raw == SAID


def test_json_lines_are_read_and_the_time_beside_an_old_line_counts() -> None:
    old = ENTRY | {"raw": ":mila!mila@mila.tmi.twitch.tv PRIVMSG #harbour ahoy\r\n"}

    first, second = messages(read_all(logs_json, f"{json.dumps(old)}\n{json.dumps(ENTRY)}\n"))

    assert (first.text, first.ts_us, first.time_kind) == ("ahoy", 1_700_000_000_500_000, TimeKind.EPOCH)
    assert (len(first.id), second.ts_us) == (32, AT_US)


def test_the_short_form_says_the_same_but_for_the_channel() -> None:
    [event] = messages(read_all(logs_json, as_answer(SHORT)))

    assert (event.id, event.channel, event.room_id, event.ts_us) == ("m1", "", "9", AT_US)
    assert (event.user_id, event.user_login, event.user_name, event.badges) == ("31", "mila", "Mila", "subscriber/12")
    assert (event.text, event.first, json.loads(event.raw)) == ("ahoy boatHi", True, SHORT)
    assert event.emotes == (EmoteSpan("25", "boatHi", 5, 10),)


def test_the_tags_of_the_short_form_tell_what_it_was() -> None:
    tags = {"msg-id": "resub", "login": "mila", "system-msg": "Mila; did it", "msg-param-cumulative-months": "7"}
    resub = SHORT | {"text": "ahoy", "tags": tags}
    ban = SHORT | {"text": "bo is out", "username": "bo", "tags": {"target-user-id": "5", "ban-duration": "60"}}
    deleted = SHORT | {"text": "rude", "tags": {"target-msg-id": "m0", "login": "bo"}}

    first, second, third = read_all(logs_json, as_answer(resub, ban, deleted))

    assert isinstance(first, Resubscription)
    assert (first.months, first.system_text, first.text) == (7, "Mila; did it", "ahoy")
    assert isinstance(second, Moderation)
    assert (second.target_login, second.target_id, second.duration_s) == ("bo", "5", 60)
    assert isinstance(third, Moderation)
    assert (third.message_id, third.text) == ("m0", "rude")


def test_the_number_of_the_type_tells_what_it_was() -> None:
    [event] = read_all(logs_json, as_answer(SHORT | {"type": 2, "username": "bo", "tags": {}, "channel": "#harbour"}))

    assert isinstance(event, Moderation)
    assert (event.channel, event.target_login, event.ts_us) == ("harbour", "bo", 1_700_000_000_500_000)


def test_values_that_are_escaped_already_are_left_so() -> None:
    tags = {"msg-id": "resub", "system-msg": r"Mila\sdid\:it", "login": "mila"}

    [event] = read_all(logs_json, as_answer(SHORT | {"tags": tags}))

    assert isinstance(event, Resubscription)
    assert event.system_text == "Mila did;it"


def test_a_broken_raw_line_leaves_the_rest_of_its_entry() -> None:
    [event] = messages(read_all(logs_json, as_answer(ENTRY | {"raw": "@x"})))

    assert (event.text, event.channel, event.id) == ("ahoy boatHi", "harbour", "m1")


def test_a_line_break_in_a_text_makes_no_second_line() -> None:
    [event] = messages(read_all(logs_json, as_answer(SHORT | {"text": "a\r\nb"})))

    assert event.text == "a  b"


def test_entries_without_words_are_quarantined_and_protocol_is_skipped() -> None:
    join = ENTRY | {"raw": ":mila!mila@mila.tmi.twitch.tv JOIN #harbour"}

    first, second, third = read_all(logs_json, as_answer({"id": "x"}, join, ENTRY))

    assert type(first).__name__ == "Quarantined"
    assert isinstance(second, Skipped)
    assert isinstance(third, ChatMessage)


def test_a_service_answers_with_raw_lines() -> None:
    lines = [
        SAID.replace("@", "@rm-received-ts=1700000000999;historical=1;"),
        "@historical=1;rm-received-ts=1700000000999 :tmi.twitch.tv CLEARCHAT #harbour bo",
        ":tmi.twitch.tv 366 justinfan1 #harbour :End of /NAMES list",
    ]
    answer = {"messages": [*lines, 7], "error": None, "error_code": None}

    said, clear, numeric, number = read_all(recent_messages, json.dumps(answer))

    assert isinstance(said, ChatMessage)
    assert (said.id, said.ts_us, said.raw) == ("m1", AT_US, lines[0])
    assert isinstance(clear, Moderation)
    assert (clear.ts_us, clear.target_login) == (1_700_000_000_999_000, "bo")
    assert isinstance(numeric, Skipped)
    assert type(number).__name__ == "Quarantined"


@pytest.mark.parametrize(
    ("errors", "reason"),
    [
        ({"error": "The bot is not in there.", "error_code": "channel_not_joined"}, "channel_not_joined"),
        ({"error": "The bot is not in there."}, "The bot is not in there."),
    ],
)
def test_an_error_of_the_service_is_one_skipped_record(errors: dict[str, str], reason: str) -> None:
    answer: dict[str, Any] = {"messages": []} | errors

    assert read_all(recent_messages, json.dumps(answer)) == [Skipped(f"the service says: {reason}", reason)]


def test_the_two_are_told_apart() -> None:
    answer = b'{"messages": ["@historical=1 :x"], "error": null}'

    assert recent_messages.fits(answer)
    assert recent_messages.fits(b'{"messages": [], "error": "x", "error_code": "y"}')
    assert not recent_messages.fits(as_answer(ENTRY).encode())
    assert not recent_messages.fits(b'["messages"]')
    assert logs_json.fits(as_answer(ENTRY).encode())
    assert logs_json.fits(json.dumps(SHORT).encode())
    assert not logs_json.fits(answer)
    assert not logs_json.fits(b'{"text": "x", "timestamp": 1}')


def test_heads_stay_as_they_are() -> None:
    head = Head()

    read_all(logs_json, as_answer(ENTRY), head)
    read_all(recent_messages, json.dumps({"messages": [SAID]}), head)

    assert head == Head()
