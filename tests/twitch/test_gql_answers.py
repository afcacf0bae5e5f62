"""What an answer of Twitch's GQL means, and that none can do harm."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpulse.errors import InputError
from chatpulse.twitch.core.gql import (
    Comment,
    Fault,
    Page,
    Trouble,
    Video,
    VideoList,
    created_at,
    move_comment,
    read_comments,
    read_video,
    read_videos,
)
from chatpulse.twitch.core.gql_queries import Ask, ask_comments, ask_video, ask_videos, parse_login, parse_video_id

NODE = b'{"id":"c1","commenter":null,"contentOffsetSeconds":12,"createdAt":"2026-03-01T18:00:12.5Z","message":{"x": 1}}'


def comments(*edges: str, has_next: str = "true") -> bytes:
    inner = f'{{"edges":[{",".join(edges)}],"pageInfo":{{"hasNextPage":{has_next}}}}}'
    return f'{{"data":{{"video":{{"id":"7","comments":{inner}}}}}}}'.encode()


def edge(node: str, cursor: str = '"k"') -> str:
    return f'{{"cursor":{cursor},"node":{node}}}'


def test_a_page_keeps_comments_as_they_came() -> None:
    page = read_comments(comments(edge(NODE.decode(), '"a"'), edge('{"id":"c2"}', '"b"')), status=200)

    assert page == Page(
        comments=(Comment("c1", 12.0, NODE), Comment("c2", 12.0, b'{"id":"c2"}')), cursor="b", has_next=True
    )


@pytest.mark.parametrize(
    ("node", "key", "offset_s"),
    [
        pytest.param('{"id":"x","contentOffsetSeconds":3.5}', "x", 3.5, id="a fraction"),
        pytest.param('{"id":"x","contentOffsetSeconds":"4"}', "x", 4.0, id="a number as text"),
        pytest.param('{"id":"x","contentOffsetSeconds":null}', "x", 0.0, id="no place"),
        pytest.param('{"id":"x","contentOffsetSeconds":1e300}', "x", 0.0, id="a place beyond any stream"),
        pytest.param('{"id":7}', '{"id":7}', 0.0, id="an id that is no text"),
        pytest.param('["odd"]', '["odd"]', 0.0, id="no object"),
    ],
)
def test_an_odd_comment_is_kept_where_its_neighbours_are(node: str, key: str, offset_s: float) -> None:
    page = read_comments(comments(edge("null"), "null", edge(node)), status=200)

    assert isinstance(page, Page)
    assert page.comments == (Comment(key, offset_s, node.encode()),)


@pytest.mark.parametrize(
    ("body", "status", "trouble"),
    [
        pytest.param(b'{"errors":[{"message":"service error"}],"data":{"video":null}}', 200, "lost", id="errors, 200"),
        pytest.param(b'{"error":"Service Unavailable","status":503,"message":""}', 200, "lost", id="error body, 200"),
        pytest.param(comments(edge(NODE.decode()))[:-9], 200, "lost", id="truncated"),
        pytest.param(b"", 200, "lost", id="empty"),
        pytest.param(b"<html>", 502, "lost", id="a gateway's page"),
        pytest.param(b"[1]", 200, "lost", id="another shape"),
        pytest.param(b'{"data":null}', 200, "lost", id="no data"),
        pytest.param(b"[" * 100_000, 200, "lost", id="nested without end"),
        pytest.param(b"slow down", 429, "busy", id="429"),
        pytest.param(b"", 503, "busy", id="503"),
        pytest.param(b'{"data":{"video":{"id":"7","comments":null}}}', 200, "empty", id="comments null"),
        pytest.param(comments(), 200, "empty", id="no comments, and more to come"),
        pytest.param(b'{"errors":[{"message":"failed integrity check"}]}', 200, "integrity", id="integrity"),
        pytest.param(b'{"errors":[{"message":"PersistedQueryNotFound"}]}', 200, "hash rotated", id="rotated"),
        pytest.param(b'{"errors":[{"message":"PersistedQueryNotFound"}]}', 400, "hash rotated", id="rotated, 400"),
        pytest.param(
            b'{"errors":[{"message":"unauthorized: subs"}],"data":{"video":{}}}', 200, "restricted", id="subs"
        ),
        pytest.param(b'{"data":{"video":null}}', 200, "gone", id="no such video"),
        pytest.param(b'{"error":"Bad Request","message":"no client id"}', 400, "refused", id="a wrong client id"),
    ],
)
def test_every_failure_has_its_name(body: bytes, status: int, trouble: str) -> None:
    answer = read_comments(body, status=status)

    assert isinstance(answer, Fault)
    assert answer.trouble == Trouble(trouble)
    assert answer.said


def test_an_empty_last_page_is_the_end() -> None:
    assert read_comments(comments(has_next="false"), status=200) == Page(comments=(), cursor="", has_next=False)


def test_half_characters_and_broken_bytes_cost_no_comment() -> None:
    sent = r'{"id":"x","t":"\ud83d \\ud83d \ud83d\ude00 \udc00 ' + '\N{CYCLONE}"}'
    body = comments(edge(sent)).replace(b"\xf0\x9f\x8c\x80", b"\xf0\x9f")

    page = read_comments(body, status=200)

    assert isinstance(page, Page)
    assert json.loads(page.comments[0].node)["t"] == "\ufffd \\ud83d \U0001f600 \ufffd \ufffd"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from([
            "data", "video", "user", "videos", "comments", "edges", "node", "cursor", "pageInfo", "hasNextPage", "id",
            "errors", "message", "contentOffsetSeconds", "owner", "lengthSeconds",
        ]),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(body=st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()), status=st.integers(100, 599))
def test_no_answer_raises(body: bytes, status: int) -> None:
    for read in (read_comments, read_video, read_videos):
        assert isinstance(read(body, status=status), Page | Video | VideoList | Fault)
    assert isinstance(created_at(body), str)
    assert isinstance(move_comment(body, 5.0), bytes)


@given(value=JSON)
def test_no_page_that_is_nearly_right_raises(value: Any) -> None:
    body = comments(edge(json.dumps({"id": "x", "contentOffsetSeconds": value})), json.dumps(value))

    assert isinstance(read_comments(body, status=200), Page | Fault)


def test_a_video_says_what_it_is() -> None:
    video = {
        "id": "7", "title": "an evening", "description": None, "createdAt": "2026-03-01T18:00:00Z",
        "lengthSeconds": 3600, "owner": {"id": "1", "login": "Reef"},
    }  # fmt: skip

    found = read_video(json.dumps({"data": {"video": video}}).encode(), status=200)

    assert found == Video(
        id="7", title="an evening", created_at="2026-03-01T18:00:00Z", length_s=3600, channel="reef", channel_id="1"
    )


@pytest.mark.parametrize(("length", "length_s"), [("null", 0), ("-5", 0), ("1e99", 315_360_000), ('"90"', 90)])
def test_a_length_is_never_out_of_reason(length: str, length_s: int) -> None:
    found = read_video(f'{{"data":{{"video":{{"createdAt":"now","lengthSeconds":{length}}}}}}}'.encode(), status=200)

    assert found == Video(id="", created_at="now", length_s=length_s)


@pytest.mark.parametrize(("more", "cursor"), [("true", "2"), ("false", "")])
def test_a_list_of_videos_ends_where_there_is_no_next_page(more: str, cursor: str) -> None:
    edges = '[{"cursor":"1","node":{"id":"9"}},null,{"cursor":"2","node":{"id":"8"}}]'
    body = f'{{"data":{{"user":{{"videos":{{"edges":{edges},"pageInfo":{{"hasNextPage":{more}}}}}}}}}}}'.encode()

    assert read_videos(body, status=200) == VideoList(ids=("9", "8"), cursor=cursor)


def test_a_video_without_a_beginning_is_asked_for_again() -> None:
    assert isinstance(read_video(b'{"data":{"video":{"id":"7","comments":null}}}', status=200), Fault)


def test_an_unknown_channel_has_no_list() -> None:
    answer = read_videos(b'{"data":{"user":null}}', status=200)

    assert answer == Fault(trouble=Trouble.GONE, said="no such channel")


def test_a_page_is_asked_for_by_its_hash_and_then_by_cursor() -> None:
    first = json.loads(ask_comments(Ask(part=0, video_id="7", offset_s=60), query_hash="ab"))
    later = json.loads(ask_comments(Ask(part=0, video_id="7", offset_s=60, cursor="k"), query_hash="ab"))

    assert first == {
        "operationName": "VideoCommentsByOffsetOrCursor",
        "variables": {"videoID": "7", "contentOffsetSeconds": 60},
        "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "ab"}},
    }
    assert later["variables"] == {"videoID": "7", "cursor": "k"}


def test_queries_in_full_name_what_they_use() -> None:
    page = json.loads(ask_comments(Ask(part=0, video_id="7", in_full=True), query_hash="ab"))
    video, videos = json.loads(ask_video("7")), json.loads(ask_videos("reef", first=500, after=""))

    assert "extensions" not in page
    assert all(f"${name}:" in page["query"] for name in ("videoID", "contentOffsetSeconds", "cursor"))
    assert video["variables"] == {"id": "7"}
    assert videos["variables"] == {"login": "reef", "first": 100, "after": None}
    for request in (page, video, videos):
        assert request["query"].count("{") == request["query"].count("}")


@pytest.mark.parametrize(
    "text",
    [
        "1234567890", "v1234567890", " 1234567890 ", "https://www.twitch.tv/videos/1234567890",
        "https://www.twitch.tv/videos/1234567890?t=1h2m3s", "twitch.tv/videos/1234567890/",
        "https://m.twitch.tv/videos/1234567890", "https://www.twitch.tv/reef/video/1234567890",
        "http://www.twitch.tv/reef/v/1234567890", "HTTPS://WWW.TWITCH.TV/videos/1234567890#chat",
    ],
)  # fmt: skip
def test_a_recording_is_known_by_id_or_address(text: str) -> None:
    assert parse_video_id(text) == "1234567890"


@pytest.mark.parametrize(
    "text", ["", "reef", "-5", "1234abc", "https://example.org/videos/1234567890", "twitch.tv/reef", "٣٤٥", "1" * 40]
)
def test_what_is_no_recording_is_named(text: str) -> None:
    with pytest.raises(InputError, match="no recording"):
        parse_video_id(text)


def test_a_channel_is_a_login() -> None:
    assert parse_login("Reef_1") == "reef_1"
    with pytest.raises(InputError, match="no channel name"):
        parse_login("#reef")


@pytest.mark.parametrize(
    ("by_s", "moved"),
    [(30.0, "42"), (-300.0, "0"), (0.5, "12.5")],
)
def test_a_moved_comment_differs_in_its_place_alone(by_s: float, moved: str) -> None:
    assert move_comment(NODE, by_s) == NODE.replace(b":12,", f":{moved},".encode())


def test_a_comment_without_a_place_is_not_moved() -> None:
    assert move_comment(b'{"id":"x"}', 5.0) == b'{"id":"x"}'
