"""Comments of Twitch's GQL in both ages, and twitch-dl's file around them."""

import json
from typing import Any

from chatpulse.domain.chat import EmoteSpan, Source, TimeKind
from chatpulse.twitch.formats import gql
from chatpulse.twitch.formats.record import Head
from tests.twitch.formats.reading import messages, read_all

S = 1_000_000


def node(**changes: Any) -> dict[str, Any]:
    return {
        "id": "c1",
        "commenter": {"id": "31", "login": "mila", "displayName": "Mila", "__typename": "User"},
        "contentOffsetSeconds": 7,
        "createdAt": "2025-01-01T00:00:00.12Z",
        "message": {
            "fragments": [
                {"emote": None, "text": "🦊 "},
                {"emote": {"id": "emotesv2_ab;99;104", "emoteID": "emotesv2_ab", "from": 99}, "text": "boatHi"},
            ],
            "userBadges": [
                {"id": "Ozs=", "setID": "", "version": ""},
                {"id": "x", "setID": "moderator", "version": "1"},
                {"id": "y", "setID": "subscriber", "version": "12"},
            ],
            "userColor": "#1E90FF",
        },
    } | changes


def test_a_node_is_a_message_whose_offset_alone_is_believed() -> None:
    head = Head()

    [event] = messages(read_all(gql, json.dumps([node()]), head))

    assert (event.id, event.user_id, event.user_login, event.user_name) == ("c1", "31", "mila", "Mila")
    assert (event.ts_us, event.time_kind, event.precision_us) == (7 * S, TimeKind.OFFSET, S)
    assert (event.text, event.badges) == ("🦊 boatHi", "moderator/1,subscriber/12")
    assert event.emotes == (EmoteSpan("emotesv2_ab", "boatHi", 2, 7),)
    assert (event.source, event.raw) == (Source.IMPORT, "")
    assert (head.start_us, head.precision_us) == (None, S)


def test_an_emote_is_known_by_its_place_where_its_id_is_missing() -> None:
    said = {"fragments": [{"text": "boatHi", "emote": {"id": "305;0;5"}}]}

    [event] = messages(read_all(gql, json.dumps([node(message=said)])))

    assert event.emotes == (EmoteSpan("305", "boatHi", 0, 5),)


def test_the_form_of_2021_has_a_body_and_says_its_recording() -> None:
    head = Head()
    said = {
        "body": "ahoy boatHi",
        "bitsSpent": 100,
        "fragments": [{"text": "ahoy ", "emote": {}}, {"text": "boatHi", "emote": {"emoticon_id": "25"}}],
        "userBadges": [{"_id": "premium", "version": "1"}],
        "userColor": {},
        "emoticons": [{"_id": "25", "begin": 5, "end": 12}],
    }

    [event] = messages(read_all(gql, json.dumps([node(message=said, channelId="9", contentId=77)]), head))

    assert (event.text, event.bits, event.badges, event.room_id) == ("ahoy boatHi", 100, "premium/1", "9")
    assert event.emotes == (EmoteSpan("25", "boatHi", 5, 10),)
    assert (head.video_id, head.room_id) == ("77", "9")


def test_places_count_where_there_are_no_fragments() -> None:
    said = {"body": "ahoy boatHi", "emoticons": [{"_id": "25", "begin": 5, "end": 12}]}

    [event] = messages(read_all(gql, json.dumps([node(message=said)])))

    assert event.emotes == (EmoteSpan("25", "boatHi", 5, 10),)


def test_a_comment_whose_account_is_gone_is_kept() -> None:
    [event] = messages(read_all(gql, json.dumps([node(commenter=None)])))

    assert (event.id, event.user_id, event.user_login, event.user_name) == ("c1", "", "", "")


def test_a_comment_without_id_goes_with_its_json_and_a_fraction_is_exact() -> None:
    [event] = messages(read_all(gql, json.dumps([node(id=None, contentOffsetSeconds=7.25)])))

    assert (event.id, event.precision_us) == ("", 1_000)
    assert json.loads(event.raw)["contentOffsetSeconds"] == 7.25


def test_twitch_dl_says_whose_recording_it_is() -> None:
    head = Head()
    wrapped = {
        "video": {
            "id": "77", "title": "A boat", "publishedAt": "2025-01-01T00:00:05Z",
            "creator": {"login": "Harbour", "displayName": "Harbour", "id": "9"},
        },
        "video_comments": {"id": "77", "owner": {"broadcastBadges": [{"id": "z", "setID": "bits"}]}, "badges": []},
        "comments": [node(), node(id="c2")],
    }  # fmt: skip

    events = messages(read_all(gql, json.dumps(wrapped), head))

    assert [event.id for event in events] == ["c1", "c2"]
    assert head == Head(
        channel="harbour", room_id="9", video_id="77", title="A boat", start_us=1_735_689_605 * S, precision_us=S
    )


def test_what_is_no_comment_is_quarantined_alone() -> None:
    odd = [node(contentOffsetSeconds=None), node(message=None), None, node(message={"fragments": "x"}), node()]

    kinds = [type(record).__name__ for record in read_all(gql, json.dumps(odd))]

    assert kinds == ["Quarantined"] * 4 + ["ChatMessage"]


def test_a_list_of_nodes_fits_and_so_does_a_recording_without_chat() -> None:
    assert gql.fits(json.dumps([node()], indent=2).encode())
    assert gql.fits(b"[\n]\n")
    assert not gql.fits(b'"contentOffsetSeconds": 7')
    assert not gql.fits(b'[{"content_offset_seconds": 7}]')
