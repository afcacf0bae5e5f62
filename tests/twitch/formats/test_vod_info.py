"""What stands beside a chat file about its recording."""

import json
from typing import Any

import pytest

from chatpulse.twitch.formats import vod_info
from chatpulse.twitch.formats.record import Head
from tests.twitch.formats.reading import read_all, read_pieces

S = 1_000_000
START_US = 1_714_996_800 * S  # 2024-05-06 12:00 UTC


@pytest.mark.parametrize(
    ("created_at", "start_us"),
    [
        ("2024-05-06T12:00:00Z", START_US),
        ("2024-05-06 12:00:00", START_US),
        ("2024-05-06T12:00:00.5Z", START_US + S // 2),
        ("2024-05-06T12:00:00.1234567Z", START_US + 123_456),
        ("2024-05-06T14:00:00+02:00", START_US),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_the_start_is_read_with_and_without_zone_and_fraction(created_at: str | None, start_us: int | None) -> None:
    head = Head()

    assert read_all(vod_info, json.dumps({"vod_id": 77, "created_at": created_at, "duration": 2500}), head) == []

    assert (head.video_id, head.start_us) == ("77", start_us)


@pytest.mark.parametrize("vod_id", [77, "77", "v77"])
def test_an_id_may_be_a_number_or_text(vod_id: Any) -> None:
    head = Head()

    info = {"vod_id": vod_id, "title": "A &amp; B", "channel": "Harbour", "channel_id": 9}

    read_all(vod_info, json.dumps(info), head)

    assert head == Head(video_id="77", title="A &amp; B", channel="harbour", room_id="9")


def test_pieces_and_loose_writing_are_no_matter() -> None:
    head = Head()

    read_pieces(vod_info, [b'{"vod_id": 7', b'7, // mine\n "user_login": "harbour",}'], head)

    assert (head.video_id, head.channel) == ("77", "harbour")


@pytest.mark.parametrize("content", ["", "{", "[1]", "7", '{"vod_id": {}}', '{"vod_id": [' * 5_000])
def test_nonsense_leaves_the_head_as_it_is(content: str) -> None:
    head = Head(channel="harbour", title="A boat")

    assert read_all(vod_info, content, head) == []

    assert head == Head(channel="harbour", title="A boat")


def test_only_an_object_without_chat_fits() -> None:
    assert vod_info.fits(b' {"title": "x", "vod_id": 7, "comments": 3}')
    assert not vod_info.fits(b'{"vod_id": 7, "comments": [{}]}')
    assert not vod_info.fits(b'[{"vod_id": 7}]')
    assert not vod_info.fits(b'{"id": 7}')
