"""Comments of version 5 and rechat files: the recording first, exact starts, notices beside the text."""

import json
from typing import Any

import pytest

from chatpulse.domain.chat import EmoteSpan, Resubscription, Source, TimeKind, WatchStreak
from chatpulse.twitch.formats import comments
from chatpulse.twitch.formats.record import Head, Skipped
from tests.twitch.formats.reading import messages, read_all

S = 1_000_000
START_US = 1_577_880_000 * S  # 2020-01-01 12:00 UTC
VIDEO = {
    "_id": "v77", "title": "A boat", "recorded_at": "2020-01-01T11:59:00Z", "length": 650, "broadcast_type": "archive",
    "channel": {"name": "Harbour", "display_name": "Harbour"},
}  # fmt: skip


def comment(offset_s: float = 1.5, text: str = "hello there", **changes: Any) -> dict[str, Any]:
    said = {"body": text, "fragments": [{"text": text}], "is_action": False, "user_color": "#1E90FF"}
    said |= changes.pop("message", {})
    stamp = f"2020-01-01T12:{int(offset_s) // 60:02}:{offset_s % 60:06.3f}Z"
    return {
        "_id": f"c{offset_s}", "created_at": stamp, "channel_id": "9", "content_type": "video", "content_id": "77",
        "content_offset_seconds": offset_s, "source": "chat", "state": "published",
        "commenter": {"_id": "31", "name": "mila", "display_name": "Mila"}, "message": said,
    } | changes  # fmt: skip


def test_a_comment_is_a_message_at_its_offset() -> None:
    badges = [{"_id": "subscriber", "version": "12"}, {"_id": "bits", "version": 100}]

    [event] = messages(read_all(comments, json.dumps([comment(message={"user_badges": badges, "bits_spent": "200"})])))

    assert (event.id, event.room_id, event.video_id) == ("c1.5", "9", "77")
    assert (event.ts_us, event.time_kind, event.precision_us) == (1_500_000, TimeKind.OFFSET, 1_000)
    assert (event.user_id, event.user_login, event.user_name) == ("31", "mila", "Mila")
    assert (event.text, event.badges, event.bits, event.action) == ("hello there", "subscriber/12,bits/100", 200, False)
    assert (event.source, event.received_us, event.raw) == (Source.IMPORT, 0, "")


def test_the_recording_in_front_fills_the_head_and_is_skipped() -> None:
    head = Head()

    first, *rest = read_all(comments, json.dumps([VIDEO, comment(), comment(2.25), comment(3.0)]), head)

    assert isinstance(first, Skipped)
    assert (first.reason, json.loads(first.raw)) == ("video object", VIDEO)
    assert len(messages(rest)) == 3
    assert head == Head(
        channel="harbour", room_id="9", video_id="77", title="A boat", start_us=START_US, precision_us=1_000
    )


def test_comments_that_do_not_agree_leave_the_start_to_the_recording() -> None:
    head = Head()
    uploaded_again = [comment(offset, created_at="2020-06-01T00:00:00Z") for offset in (1.5, 60.0, 900.0)]

    read_all(comments, json.dumps([VIDEO, *uploaded_again]), head)

    assert head.start_us == START_US - 60 * S


def test_two_comments_say_nothing_about_the_start() -> None:
    head = Head()

    read_all(comments, json.dumps([comment(1.5), comment(2.5)]), head)

    assert head.start_us is None


def test_whole_seconds_put_the_start_in_the_middle_of_what_they_leave_open() -> None:
    head = Head()

    events = read_all(comments, json.dumps([comment(float(n)) for n in range(1, 6)]), head)

    assert (head.start_us, head.precision_us) == (START_US - S // 2, S)
    assert {event.precision_us for event in messages(events)} == {S}


def test_emotes_stand_where_their_fragments_do() -> None:
    fragments = [
        {"text": "🦊 so "},
        {"text": "boatHi", "emoticon": {"emoticon_id": 25, "emoticon_set_id": ""}},
        {"text": " "},
        {"text": "boatHi", "emoticon": {"emoticon_id": "25"}},
    ]
    said = {"fragments": fragments, "emoticons": [{"_id": "25", "begin": 1, "end": 2}]}

    [event] = messages(read_all(comments, json.dumps([comment(text="🦊 so boatHi boatHi", message=said)])))

    assert event.emotes == (EmoteSpan("25", "boatHi", 5, 10), EmoteSpan("25", "boatHi", 12, 17))


def test_a_body_that_is_not_its_fragments_keeps_the_emotes_that_are_found_in_it() -> None:
    fragments = [
        {"text": "@verylongname "},
        {"text": "boatHi", "emoticon": {"emoticon_id": "25"}},
        {"text": "gone", "emoticon": {"emoticon_id": "26"}},
        {"text": " "},
        {"text": "boatLul", "emoticon": {"emoticon_id": "27"}},
    ]

    said = comment(text="@you boatHi boatLul", message={"fragments": fragments})
    [event] = messages(read_all(comments, json.dumps([said])))

    assert event.emotes == (EmoteSpan("25", "boatHi", 5, 10), EmoteSpan("27", "boatLul", 12, 18))


@pytest.mark.parametrize(("end", "known"), [(10, 1), (11, 1), (12, 1), (13, 0), (9, 0)])
def test_without_fragments_a_place_counts_where_it_makes_a_word(end: int, known: int) -> None:
    places = [{"_id": "25", "begin": 5, "end": end}, {"_id": "26", "begin": 99, "end": 100}]
    said = comment(text="look boatHi there", message={"fragments": None, "emoticons": places})

    [event] = messages(read_all(comments, json.dumps([said])))

    assert event.emotes == (EmoteSpan("25", "boatHi", 5, 10),) * known


def test_a_comment_without_commenter_body_or_id_is_kept() -> None:
    said = comment(message={"body": None, "fragments": [{"text": "still "}, {"text": "here"}]}, commenter=None)
    del said["_id"]

    [event] = messages(read_all(comments, json.dumps([said])))

    assert (event.id, event.user_id, event.user_login, event.text) == ("", "", "", "still here")
    assert json.loads(event.raw)["content_offset_seconds"] == 1.5


def test_an_action_is_one() -> None:
    [event] = messages(read_all(comments, json.dumps([comment(message={"is_action": True})])))

    assert event.action


@pytest.mark.parametrize(
    "params",
    [
        pytest.param({"msg_id": "resub", "msg_param_months": "7", "msg_param_sub_plan": "Prime"}, id="underscores"),
        pytest.param({"msgid": "resub", "msgparammonths": 7, "msgparamsubplan": "Prime"}, id="letters only"),
        pytest.param({"msg-id": "resub", "msg-param-months": "7", "msg-param-sub-plan": "Prime"}, id="hyphens"),
    ],
)
def test_parameters_beside_a_comment_make_the_notice(params: dict[str, Any]) -> None:
    text = "Mila subscribed with Prime. They've subscribed for 7 months! ahoy"

    [event] = read_all(comments, json.dumps([comment(text=text, message={"user_notice_params": params})]))

    assert isinstance(event, Resubscription)
    assert (event.months, event.plan, event.text, event.user_name) == (7, "Prime", "ahoy", "Mila")
    assert event.system_text.strip() == "Mila subscribed with Prime. They've subscribed for 7 months!"
    assert (event.id, event.time_kind, event.video_id, event.inferred) == ("c1.5", TimeKind.OFFSET, "77", False)


@pytest.mark.parametrize(
    "params",
    [{"msgid": None, "msgparammonths": None}, {"msg_id": "highlighted-message"}, {"msg-id": 7}, [1], {}, None],
    ids=str,
)  # fmt: skip
def test_other_parameters_leave_a_message(params: Any) -> None:
    assert messages(read_all(comments, json.dumps([comment(message={"user_notice_params": params})])))


def test_a_flag_among_the_parameters_is_read_as_in_a_tag() -> None:
    params = {"msg_id": "viewermilestone", "msg_param_category": "watch-streak", "msg_param_value": 3.0, "x": True}

    [event] = read_all(comments, json.dumps([comment(message={"user_notice_params": params})]))

    assert isinstance(event, WatchStreak)
    assert (event.category, event.amount) == ("watch-streak", 3)


def test_a_comment_out_of_all_bounds_is_quarantined_alone() -> None:
    bad = [comment(1e300), comment(message={"fragments": 7}), comment(content_offset_seconds="nan"), {"_id": "v1"}]

    first, *broken, last = read_all(comments, json.dumps([comment(), *bad, comment()]))

    assert [type(record).__name__ for record in (first, *broken, last)] == [
        "ChatMessage", "Quarantined", "Quarantined", "Quarantined", "Quarantined", "ChatMessage",
    ]  # fmt: skip
    assert [json.loads(record.raw).get("_id") for record in broken] == ["c1e+300", "c1.5", "c1.5", "v1"]


def test_a_list_of_comments_is_known_by_its_keys() -> None:
    listed = json.dumps([comment()]).encode()

    assert comments.fits(listed)
    assert comments.fits(b'{"_next": "x", "comments": ' + listed + b"}")
    assert not comments.fits(b'{"streamer": {}, "comments": ' + listed + b"}")
    assert not comments.fits(json.dumps([{"text": '"content_offset_seconds": 1'}]).encode())
