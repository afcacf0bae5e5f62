"""The page over stored tables, while another process adds to them."""

import time
from pathlib import Path

from chatpulse.domain.chat import TimeKind, Topic
from chatpulse.lake import TableWriter
from chatpulse.pipelines.stored import StoredChat
from tests.lake.builders import STORED_US, message, messages, scored


def put(folder: Path, first: int, last: int) -> None:
    """Write the messages with these offsets, as a collector does."""
    writer = TableWriter(str(folder), record_id="record-1", scorer="linear", scorer_version="3")
    said = messages(first, last)
    writer.write(Topic.CHAT_MESSAGES, said, offsets=(first, last), scored=[scored()] * len(said), stored_us=STORED_US)


def test_what_another_process_adds_reaches_who_is_watching(tmp_path: Path) -> None:
    put(tmp_path, 1, 3)
    stored = StoredChat.load(str(tmp_path))
    channel = stored.channels()[0].channel
    seen = stored.frame(channel, after=0).seq

    put(tmp_path, 4, 5)
    time.sleep(0.002)  # frames are numbered by the millisecond
    stored.refresh()
    frame = stored.frame(channel, after=seen)

    assert frame.after == 0
    assert [line.id for line in frame.messages] == [said.id for said in messages(1, 5)]
    assert sum(stats.messages for stats in frame.seconds) == 5


def test_tables_that_stand_still_give_nothing_new(tmp_path: Path) -> None:
    put(tmp_path, 1, 3)
    stored = StoredChat.load(str(tmp_path))
    channel = stored.channels()[0].channel
    seen = stored.frame(channel, after=0).seq

    stored.refresh()
    frame = stored.frame(channel, after=seen)

    assert (frame.after, frame.seq, frame.messages, frame.seconds) == (seen, seen, (), ())


def test_rows_without_an_instant_have_no_place_on_the_page(tmp_path: Path) -> None:
    writer = TableWriter(str(tmp_path), record_id="record-1", scorer="linear", scorer_version="3")
    offset = [message(1, channel="brook", ts_us=5, time_kind=TimeKind.OFFSET), message(2)]
    writer.write(Topic.CHAT_MESSAGES, offset, offsets=(1, 2), scored=[scored()] * 2, stored_us=STORED_US)

    assert [line.channel for line in StoredChat.load(str(tmp_path)).channels()] == ["aurora"]
