"""Files of TwitchDownloader of all ages."""

import json
from typing import Any

from chatpulse.domain.chat import EmoteSpan
from chatpulse.twitch.formats import twitchdownloader
from chatpulse.twitch.formats.record import Head
from tests.twitch.formats.reading import messages, read_all

S = 1_000_000


def comment(offset_s: float, **changes: Any) -> dict[str, Any]:
    return {
        "_id": f"c{offset_s}",
        "created_at": f"2024-05-06T0{int(offset_s) % 10}:00:00.1Z",
        "channel_id": "9",
        "content_type": "video",
        "content_id": "77",
        "content_offset_seconds": offset_s,
        "commenter": {"display_name": "夜", "_id": "31", "name": "yoru", "bio": None, "logo": "https://example.net/x"},
        "message": {
            "body": "ahoy boatHi",
            "bits_spent": 0,
            "fragments": [{"text": "ahoy ", "emoticon": None}, {"text": "boatHi", "emoticon": {"emoticon_id": "25"}}],
            "user_badges": [{"_id": "vip", "version": "1"}],
            "user_color": None,
            "emoticons": [{"_id": "25", "begin": 5, "end": 12}],
        },
    } | changes


def document(**changes: Any) -> str:
    whole = {
        "FileInfo": {"Version": {"Major": 1, "Minor": 4, "Patch": 0}, "CreatedAt": "2024-05-07T00:00:00Z"},
        "streamer": {"name": "Harbour", "login": "harbour", "id": 9},
        "clipper": None,
        "video": {
            "title": "A boat", "id": "77", "created_at": "2024-05-06T12:00:00.5Z", "start": 0.0, "end": 60.0,
            "chapters": [{"id": "1", "startMilliseconds": 0}],
        },
        "comments": [comment(offset) for offset in (1.0, 2.0, 2.0, 3.0)],
        "embeddedData": {"thirdParty": [], "firstParty": [{"id": "25", "data": "x" * 3_000_000}]},
    } | changes  # fmt: skip
    return json.dumps(whole)


def test_the_head_says_whose_recording_it_is_and_when_it_began() -> None:
    head = Head()

    events = messages(read_all(twitchdownloader, document(), head))

    assert len(events) == 4
    assert head == Head(
        channel="harbour", room_id="9", video_id="77", title="A boat", start_us=1_714_996_800_500_000, precision_us=S
    )
    assert (events[0].user_name, events[0].user_login) == ("夜", "yoru")
    assert events[0].emotes == (EmoteSpan("25", "boatHi", 5, 10),)


def test_the_comments_do_not_speak_where_the_file_knows_the_start() -> None:
    head = Head()
    labelled_utc = [comment(offset, created_at=f"2024-05-06T19:00:0{offset:.0f}Z") for offset in (1.0, 2.0, 3.0)]

    read_all(twitchdownloader, document(comments=labelled_utc), head)

    assert head.start_us == 1_714_996_800_500_000


def test_an_old_file_has_its_video_behind_and_its_channel_by_display_name() -> None:
    head = Head()
    old = {
        "streamer": {"name": "Harbour", "id": "9"},
        "comments": [comment(float(n), created_at=f"2021-03-04T05:00:{n:02}.5Z") for n in range(4)],
        "video": {"start": 0.0, "end": 60.0},
        "emotes": None,
    }

    events = read_all(twitchdownloader, json.dumps(old), head)

    assert len(messages(events)) == 4
    assert (head.channel, head.room_id, head.video_id) == ("harbour", "9", "77")
    assert head.start_us == 1_614_834_000 * S


def test_a_display_name_in_another_script_is_no_login() -> None:
    head = Head()

    read_all(twitchdownloader, document(streamer={"name": "港", "id": 9}, video={"user_name": "Harbour"}), head)

    assert head.channel == "harbour"


def test_a_year_one_is_no_start_and_nonsense_beside_the_comments_costs_nothing() -> None:
    head = Head()

    video = {"created_at": "0001-01-01T00:00:00", "id": 77, "title": None}

    events = read_all(twitchdownloader, document(streamer=7, video=video), head)

    assert len(messages(events)) == 4
    assert (head.channel, head.video_id, head.start_us, head.title) == ("", "77", None, "")


def test_numbers_as_text_trailing_commas_and_remarks_are_read() -> None:
    loose = """// by hand
    {"streamer": {"name": "harbour", "id": "9",}, "comments": [
        {"_id": "a", "content_offset_seconds": "1.5", /* one */ "message": {"body": "hi", "bits_spent": "5",},},
        {"_id": "b", "content_offset_seconds": 2, "message": {"body": "// no remark ,}"}}, // two
    ], "video": {"title": "A boat",},}"""

    head = Head()
    events = messages(read_all(twitchdownloader, loose, head))

    assert [(event.ts_us, event.text, event.bits) for event in events] == [
        (1_500_000, "hi", 5),
        (2 * S, "// no remark ,}", 0),
    ]
    assert (head.channel, head.title) == ("harbour", "A boat")


def test_only_files_of_this_program_fit() -> None:
    assert twitchdownloader.fits(document().encode())
    assert twitchdownloader.fits(b'\n{"streamer": {"name": "x"}, "comments": []}')
    assert not twitchdownloader.fits(b'[{"streamer": 1, "comments": 2}]')
    assert not twitchdownloader.fits(b'{"video": {}, "comments": []}')
