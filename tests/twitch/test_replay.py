import asyncio
import gzip
import os
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from chatpulse.domain.chat import ChatMessage, ProtocolLine, Recorded, Source, TimeKind
from chatpulse.errors import ChatPulseError, DamagedError, InputError
from chatpulse.twitch.recording import MAX_LINE_BYTES, read_lines
from chatpulse.twitch.replay import BATCH_LINES, Clock, Replay

Line = Recorded | ProtocolLine


class FakeClock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now_s = 100.0

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds
        await asyncio.sleep(0)

    def clock(self) -> Clock:
        return Clock(now_s=lambda: self.now_s, wall_us=lambda: 5, sleep=self.sleep)


def bare(text: str, *, channel: str = "reef", sent_ms: int | None = None) -> str:
    tags = f"@id={text}" + (f";tmi-sent-ts={sent_ms}" if sent_ms is not None else "")
    return f"{tags} :ana!ana@ana.tmi.twitch.tv PRIVMSG #{channel} :{text}"


def write(path: Path, lines: Sequence[str], *, end: str = "\n") -> Path:
    path.write_bytes("".join(line + end for line in lines).encode())
    return path


async def collect(replay: Replay) -> list[Line]:
    return [line async for batch in replay.batches() for line in batch]


def texts(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines if isinstance(line, ChatMessage)]


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CR LF"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("zipped", [False, True], ids=["text", "gzip"])
def test_recordings_of_every_shape_give_the_same_lines(tmp_path: Path, *, end: str, mark: bytes, zipped: bool) -> None:
    body = mark + end.join(["1000\t" + bare("a"), "", bare("b", sent_ms=1_700_000_000_002), bare("c")]).encode()
    path = tmp_path / "recording"
    path.write_bytes(gzip.compress(body[:40]) + gzip.compress(body[40:]) + b"\0\0" if zipped else body)

    lines = asyncio.run(collect(Replay([path], speed=None)))

    assert texts(lines) == ["a", "b", "c"]
    times = [(line.ts_us, line.time_kind) for line in lines if isinstance(line, ChatMessage)]
    assert times == [(1_000_000, TimeKind.EPOCH), (1_700_000_000_002_000, TimeKind.EPOCH), (0, TimeKind.NONE)]
    assert {line.source for line in lines if isinstance(line, ChatMessage)} == {Source.REPLAY}


def test_every_line_that_is_not_empty_is_counted_and_every_channel_met(tmp_path: Path) -> None:
    path = write(tmp_path / "a", [bare("a"), "", bare("b", channel="bay"), "PING :x", "\ufffd"])
    replay = Replay([path], speed=None)

    lines = asyncio.run(collect(replay))

    assert replay.lines == len(lines) == 4
    assert replay.channels == ("reef", "bay")


def test_several_files_merge_by_their_times(tmp_path: Path) -> None:
    at = 1_700_000_000_000
    early, late = f"{at + 1}\t{bare('a1')}", f"{at + 2}\t{bare('late')}"
    first = write(tmp_path / "a", [early, f"{at + 4}\t{bare('a4')}", bare("a4+"), late])
    second = write(tmp_path / "b", [bare("b3", sent_ms=at + 3), f"{at + 5}\t{bare('b5')}"])

    lines = asyncio.run(collect(Replay([first, second], speed=None)))

    assert texts(lines) == ["a1", "b3", "a4", "a4+", "late", "b5"]


def test_the_same_file_has_the_same_identities_whatever_is_played_beside_it(tmp_path: Path) -> None:
    line = "5000\t:ana!ana@ana.tmi.twitch.tv PRIVMSG #reef :again"
    path = write(tmp_path / "a", [line, line])
    copy = write(tmp_path / "b", [line, line])

    alone = asyncio.run(collect(Replay([path], speed=None)))
    together = asyncio.run(collect(Replay([path, copy], speed=None)))

    ids = [event.id for event in alone if isinstance(event, ChatMessage)]
    assert len(set(ids)) == 2
    assert sorted(event.id for event in together if isinstance(event, ChatMessage)) == sorted(ids * 2)


@pytest.mark.parametrize(("speed", "waits_s"), [(1.0, [0.0, 2.0, 2.0, 5.0]), (10.0, [0.0, 0.2, 0.2, 0.5])])
def test_recorded_spacing_is_kept_at_every_speed(tmp_path: Path, *, speed: float, waits_s: list[float]) -> None:
    path = write(tmp_path / "a", [f"{1_700_000_000_000 + ms}\t{bare(str(ms))}" for ms in (0, 2_000, 1_000, 5_000)])
    fake = FakeClock()

    async def play() -> list[float]:
        replay = Replay([path], speed=speed, clock=fake.clock())
        return [fake.now_s - 100 async for batch in replay.batches() for _ in batch]

    assert asyncio.run(play()) == pytest.approx(waits_s)


@pytest.mark.parametrize(
    "tags",
    [
        pytest.param(
            "reply-parent-msg-body=tmi-sent-ts=3900000000000;tmi-sent-ts=1700000000001", id="quoted in a reply"
        ),
        pytest.param("x-tmi-sent-ts=3900000000000;tmi-sent-ts=1700000000001;z", id="another tag"),
        pytest.param("tmi-sent-ts=99999999999999", id="a time that cannot be"),
        pytest.param("tmi-sent-ts=1700000000001x", id="no time"),
        pytest.param("a", id="none"),
    ],
)
def test_what_a_line_says_of_its_time_cannot_stop_a_replay(tmp_path: Path, tags: str) -> None:
    odd = f"@{tags} :ana!ana@ana.tmi.twitch.tv PRIVMSG #reef :tmi-sent-ts=3900000000000"
    path = write(tmp_path / "a", [bare("a", sent_ms=1_700_000_000_000), odd, bare("b", sent_ms=1_700_000_000_002)])
    fake = FakeClock()

    lines = asyncio.run(asyncio.wait_for(collect(Replay([path], speed=1.0, clock=fake.clock())), 5))

    assert len(lines) == 3
    assert fake.now_s - 100 == pytest.approx(0.002)


def test_spacing_is_kept_from_one_block_of_lines_to_the_next(tmp_path: Path) -> None:
    count = BATCH_LINES * 2 + 1
    path = write(tmp_path / "a", [f"{1_700_000_000_000 + n * 10}\t{bare(str(n))}" for n in range(count)])
    fake = FakeClock()

    lines = asyncio.run(collect(Replay([path], speed=1.0, clock=fake.clock())))

    assert len(lines) == count
    assert fake.now_s - 100 == pytest.approx((count - 1) * 0.01)


def test_a_replay_is_connected_while_it_plays_and_waits_for_its_reader(tmp_path: Path) -> None:
    replay = Replay([write(tmp_path / "a", [bare("a")])], speed=None)

    async def play() -> list[bool]:
        return [replay.connected async for _ in replay.batches()]

    assert not replay.connected
    assert asyncio.run(play()) == [True]
    assert (replay.connected, replay.live, replay.trouble) == (False, False, "")


def test_lines_of_a_replay_are_received_now(tmp_path: Path) -> None:
    [line] = asyncio.run(collect(Replay([write(tmp_path / "a", [bare("a")])], speed=None)))

    assert isinstance(line, ChatMessage)
    assert abs(line.received_us / 1e6 - time.time()) < 60


def test_a_replay_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="replay needs at least one recording"):
        Replay([], speed=None)


def test_a_reader_that_fell_behind_gets_what_is_due_in_one_batch(tmp_path: Path) -> None:
    path = write(tmp_path / "a", [f"{second * 1000}\t{bare(str(second))}" for second in range(1, 7)])
    fake = FakeClock()

    async def play() -> list[list[str]]:
        batches = []
        async for batch in Replay([path], speed=1.0, clock=fake.clock()).batches():
            batches.append(texts(batch))
            fake.now_s += 3.0 if len(batches) == 1 else 0.0
        return batches

    assert asyncio.run(play()) == [["1"], ["2", "3", "4"], ["5"], ["6"]]


def test_at_full_speed_nothing_is_waited_for_and_batches_are_bounded(tmp_path: Path) -> None:
    path = write(tmp_path / "a", [f"{n * 86_400_000}\t{bare(str(n))}" for n in range(BATCH_LINES * 2 + 1)])
    fake = FakeClock()

    async def play() -> list[int]:
        return [len(batch) async for batch in Replay([path], speed=None, clock=fake.clock()).batches()]

    assert asyncio.run(play()) == [BATCH_LINES, BATCH_LINES, 1]
    assert fake.now_s == 100.0


def test_closing_ends_a_replay_that_waits(tmp_path: Path) -> None:
    path = write(tmp_path / "a", ["1000\t" + bare("a"), "900000\t" + bare("b")])

    async def play() -> tuple[list[str], bool]:
        replay = Replay([path], speed=1.0)
        heard: list[str] = []
        async for batch in replay.batches():
            heard += texts(batch)
            asyncio.get_running_loop().call_later(0.01, lambda: asyncio.ensure_future(replay.close()))
        return heard, replay.connected

    assert asyncio.run(asyncio.wait_for(play(), 5)) == (["a"], False)


def test_of_a_truncated_gzip_everything_readable_comes_before_the_error(tmp_path: Path) -> None:
    body = "".join(
        f"{n * 1000}\t{bare(sha256(bytes([n % 256, n // 256])).hexdigest())}\n" for n in range(2_000)
    ).encode()
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(body)[:-4_000])
    heard: list[str] = []

    async def play() -> None:
        async for batch in Replay([path], speed=None).batches():
            heard.extend(texts(batch))

    with pytest.raises(DamagedError) as caught:
        asyncio.run(play())

    assert 1_500 < len(heard) < 2_000
    assert f"damaged after line {len(heard)} (the gzip stream is cut off)" in str(caught.value)
    assert f"the {len(heard):,} lines before were taken; get the file again" in str(caught.value)


def test_a_damaged_file_does_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    good = write(tmp_path / "good", [f"{n}\t{bare(f'good{n}')}" for n in range(1, 50)])
    bad = tmp_path / "bad.gz"
    bad.write_bytes(gzip.compress(("1\t" + bare("bad") + "\n").encode() * 9)[:-9])
    heard: list[str] = []

    async def play() -> None:
        async for batch in Replay([bad, good], speed=None).batches():
            heard.extend(texts(batch))

    with pytest.raises(DamagedError, match=r"bad\.gz' is damaged"):
        asyncio.run(play())
    assert sum(text.startswith("good") for text in heard) == 49


@pytest.mark.parametrize(
    ("name", "content", "error", "words"),
    [
        pytest.param("gone", None, InputError, "does not exist; check the path", id="missing"),
        pytest.param("", None, InputError, "is a folder; name the files in it", id="folder"),
        pytest.param("a", b"", InputError, "is empty; it should hold", id="empty"),
        pytest.param("a", gzip.compress(b""), InputError, "is empty; it should hold", id="empty gzip"),
        pytest.param("a", os.urandom(5_000), InputError, "is binary; it should be text or gzip", id="binary"),
        pytest.param("a", gzip.compress(bytes(99)), InputError, "is binary", id="binary gzip"),
        pytest.param("a", b"\x1f\x8bnot really", DamagedError, "nothing of it can be read; get", id="no gzip"),
    ],
)
def test_what_is_no_recording_is_told_in_one_line_before_anything_is_read(
    tmp_path: Path, *, name: str, content: bytes | None, error: type[ChatPulseError], words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(error) as caught:
        Replay([path], speed=None)

    assert words in str(caught.value)
    assert repr(str(path)) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_path_that_leads_through_a_file_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a", ["x"]) / "b"

    with pytest.raises(InputError, match="cannot be opened: Not a directory; check its rights"):
        Replay([path], speed=None)


def test_a_line_that_does_not_end_is_cut_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * (MAX_LINE_BYTES * 5))

    sizes = [len(line.line) for line in read_lines(path)]

    assert sum(sizes) == MAX_LINE_BYTES * 5
    assert max(sizes) < MAX_LINE_BYTES * 2


def test_a_recording_of_empty_lines_holds_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a", ["", "", ""])

    with pytest.raises(InputError, match="is empty"):
        asyncio.run(collect(Replay([path], speed=None)))


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf")])
def test_a_speed_that_cannot_be_is_refused(tmp_path: Path, speed: float) -> None:
    with pytest.raises(InputError, match="speed must be above 0, or max, got"):
        Replay([write(tmp_path / "a", ["x"])], speed=speed)


@pytest.mark.parametrize("head", ["9" * 16, "9" * 15, "253402300800000", "12a", ""])
def test_what_is_no_time_in_front_of_a_line_stays_part_of_it(tmp_path: Path, head: str) -> None:
    path = write(tmp_path / "a", [f"{head}\t{bare('a')}", "253402300799999\t" + bare("b")])

    lines = asyncio.run(collect(Replay([path], speed=None)))

    assert texts(lines) == ["b"]
    assert len(lines) == 2
