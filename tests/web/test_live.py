import base64
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import msgspec
import pytest
from structlog.testing import capture_logs
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from chatpulse.domain.live import Frame
from tests.web.fake_state import FakeState
from tests.web.running import Running, running


class CountingState(FakeState):
    """Remembers which frames were made."""

    def __init__(self) -> None:
        super().__init__(seconds=60)
        self.made: list[tuple[str, int]] = []

    def frame(self, channel: str, *, after: int) -> Frame:
        self.made.append((channel, after))
        return super().frame(channel, after=after)


@pytest.fixture(autouse=True)
def quick_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatpulse.web.live.FRAME_S", 0.05)


@pytest.fixture
def state() -> CountingState:
    return CountingState()


@pytest.fixture
def served(state: CountingState) -> Iterator[Running]:
    with running(state) as server:
        yield server


def watch(served: Running, query: str = "") -> ClientConnection:
    return connect(f"ws://{served.address}/ws{query}")


def next_frame(viewer: ClientConnection) -> Frame:
    return msgspec.json.decode(viewer.recv(timeout=5), type=Frame)


def wait_until(condition: Callable[[], bool], *, within_s: float = 5) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_first_frame_holds_everything_and_the_next_what_changed(served: Running, state: FakeState) -> None:
    with watch(served, "?channel=nightshift") as viewer:
        first = next_frame(viewer)
        line = state.boards["nightshift"].say(state.now_s, "one more")
        second = next(frame for frame in iter(lambda: next_frame(viewer), None) if frame.messages)
        third = next_frame(viewer)

    assert (first.channel, first.after, len(first.seconds), len(first.messages)) == ("nightshift", 0, 60, 50)
    assert (second.seconds, second.messages) == ((), (line,))
    assert (third.after, third.messages) == (second.seq, ())


def test_frames_come_on_the_beat(served: Running) -> None:
    with watch(served) as viewer:
        next_frame(viewer)
        began = time.monotonic()
        for _ in range(10):
            next_frame(viewer)

    assert 0.4 < time.monotonic() - began < 1.5


def test_viewers_of_one_channel_share_their_frames(served: Running, state: CountingState) -> None:
    with watch(served) as one, watch(served) as other:
        next_frame(one), next_frame(other)
        both: list[list[Frame]] = [[], []]
        readers = [
            threading.Thread(target=lambda v=viewer, seen=seen: seen.extend(next_frame(v) for _ in range(20)))
            for viewer, seen in zip((one, other), both, strict=True)
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()

    # 42 frames were received; the two viewers may begin on different beats.
    assert len(state.made) < 32


def test_a_viewer_switches_channels_at_once(served: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatpulse.web.live.FRAME_S", 3600.0)
    with watch(served, "?channel=nightshift") as viewer:
        next_frame(viewer)
        viewer.send('{"channel": "tinyarcade"}')
        frame = next_frame(viewer)

    assert (frame.channel, frame.after, len(frame.seconds)) == ("tinyarcade", 0, 60)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{",
        "[]",
        '{"channel": 1}',
        '{"channel": "nobody"}',
        '{"channel": "nightshift", "x": 1}',
        b"\xff",
        "x" * 2000,
    ],
)
def test_what_makes_no_sense_ends_the_talk(served: Running, message: str | bytes) -> None:
    with watch(served) as viewer, pytest.raises(ConnectionClosed) as ended:  # noqa: PT012 - frames come before the end
        next_frame(viewer)
        viewer.send(message)
        for _ in range(50):
            next_frame(viewer)

    assert ended.value.rcvd is not None
    assert ended.value.rcvd.code == (1009 if len(message) == 2000 else 1008)


def test_an_unknown_channel_is_not_found(served: Running) -> None:
    with pytest.raises(InvalidStatus, match="404"):
        watch(served, "?channel=nobody")


def test_a_viewer_waits_for_the_first_channel() -> None:
    state = FakeState((), seconds=0)
    with running(state) as served, watch(served) as viewer:
        nothing = next_frame(viewer)
        state.boards |= FakeState(("latecomer",), seconds=5).boards
        frames = iter(lambda: next_frame(viewer), None)
        something = next(frame for frame in frames if frame.channel)

    assert (nothing.channel, nothing.seconds) == ("", ())
    assert (something.channel, something.after, len(something.seconds)) == ("latecomer", 0, 5)


def test_viewers_are_counted(served: Running) -> None:
    with watch(served) as viewer:
        next_frame(viewer)
        during = httpx.get(f"{served.url}/metrics").text
    wait_until(lambda: "chatpulse_viewers 0.0" in httpx.get(f"{served.url}/metrics").text)

    assert "chatpulse_viewers 1.0" in during


def test_a_viewer_that_takes_nothing_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    class WholeFrames(FakeState):
        def frame(self, channel: str, *, after: int) -> Frame:
            return super().frame(channel, after=0 * after)

    monkeypatch.setattr("chatpulse.web.live.FRAME_S", 0.002)
    monkeypatch.setattr("chatpulse.web.live.SEND_S", 0.2)
    with running(WholeFrames()) as served, socket.socket() as stuck:
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.connect(("127.0.0.1", served.server.port))
        key = base64.b64encode(b"0123456789abcdef").decode()
        stuck.sendall(
            f"GET /ws HTTP/1.1\r\nHost: {served.address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        metrics = f"{served.url}/metrics"
        wait_until(lambda: "chatpulse_viewers 1.0" in httpx.get(metrics).text)

        wait_until(lambda: "chatpulse_viewers 0.0" in httpx.get(metrics).text, within_s=20)


def test_a_state_that_fails_ends_the_talk_and_not_the_server(served: Running, state: CountingState) -> None:
    with capture_logs(), watch(served) as viewer, pytest.raises(ConnectionClosed):  # noqa: PT012 - frames come first
        next_frame(viewer)
        state.boards["otterlagoon"].window = None  # type: ignore[assignment,method-assign] # makes frames fail
        for _ in range(50):
            next_frame(viewer)
    del state.boards["otterlagoon"].window

    assert httpx.get(served.url).status_code == 200


def test_a_state_that_is_locked_for_a_moment_holds_up_nobody_else(served: Running, state: CountingState) -> None:
    with ThreadPoolExecutor() as pool:
        with state.boards["nightshift"].lock:
            waiting = pool.submit(watch, served, "?channel=nightshift")
            time.sleep(0.1)
            answer = httpx.get(f"{served.url}/static/app.css", timeout=2)
        with waiting.result(timeout=5) as viewer:
            frame = next_frame(viewer)

    assert (answer.status_code, frame.channel) == (200, "nightshift")
