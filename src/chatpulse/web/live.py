"""Send each viewer what changed in its channel, twice a second, over a WebSocket.

Nothing is queued. A viewer that takes its time gets fewer and larger frames, because the next one is asked for when
the last one has left; a viewer that takes none for `SEND_S` is dropped. All viewers wake on the same beat, so those
that look at one channel share one frame, which is made and encoded once.
"""

import asyncio
import contextlib
from collections.abc import Awaitable
from dataclasses import dataclass, field

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from chatpulse.pipelines.view import LiveState

FRAME_S = 0.5
"""A page is repainted twice a second: fast enough to feel live, slow enough to read."""
SEND_S = 5.0
"""A viewer that takes nothing for so long is dropped; it comes back by itself."""
POLICY_VIOLATION = 1008
"""WebSocket close code for a message that we do not understand (RFC 6455, 7.4.1)."""


class Switch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a viewer may say: show me another channel."""

    channel: str


@dataclass(slots=True)
class Viewer:
    """What one WebSocket has seen."""

    channel: str
    seen: int = 0
    switched: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the next frame should not wait for the beat."""


class Broadcast:
    """Frames on a beat, each made once for all who need it."""

    def __init__(self, state: LiveState) -> None:
        self._state = state
        self._beat = -1
        self._frames: dict[tuple[str, int], asyncio.Future[tuple[int, str]]] = {}
        self.viewers = 0

    async def serve(self, socket: WebSocket, channel: str) -> None:
        """Talk with one viewer until one side has enough."""
        await socket.accept()
        self.viewers += 1
        viewer = Viewer(channel)
        listening = asyncio.create_task(self._listen(socket, viewer))
        sending = asyncio.create_task(self._send(socket, viewer))
        try:
            await asyncio.wait({listening, sending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.viewers -= 1
            listening.cancel()
            sending.cancel()
            complaint, _ = await asyncio.gather(listening, sending, return_exceptions=True)
        if isinstance(complaint, str) and complaint:
            await socket.close(POLICY_VIOLATION, complaint)
        for task in (listening, sending):
            if not task.cancelled():
                task.result()

    def knows(self, channel: str) -> bool:
        """Whether there is such a channel."""
        return any(line.channel == channel for line in self._state.channels())

    def first(self) -> str:
        """The channel for a viewer who named none; empty while there is none."""
        return next((line.channel for line in self._state.channels()), "")

    async def _listen(self, socket: WebSocket, viewer: Viewer) -> str:
        """Follow the viewer's wishes; what it did wrong, or nothing when it left."""
        while True:
            try:
                message = await socket.receive_text()
                channel = msgspec.json.decode(message, type=Switch).channel
            except WebSocketDisconnect:
                return ""
            except (KeyError, msgspec.MsgspecError):
                return 'say {"channel": "name"} or nothing'
            if not await asyncio.to_thread(self.knows, channel):
                return "there is no such channel"
            viewer.channel, viewer.seen = channel, 0
            viewer.switched.set()

    async def _send(self, socket: WebSocket, viewer: Viewer) -> None:
        """Give the viewer frames until it is gone or takes none."""
        while True:
            if not viewer.channel:
                viewer.channel, viewer.seen = await asyncio.to_thread(self.first), 0
            channel = viewer.channel
            seq, text = await self._frame(channel, viewer.seen)
            try:
                await asyncio.wait_for(socket.send_text(text), SEND_S)
            except (TimeoutError, WebSocketDisconnect):
                return
            # A viewer that switched meanwhile gets the new channel from its beginning.
            if channel == viewer.channel:
                viewer.seen = seq
            await self._next_beat(viewer)

    async def _next_beat(self, viewer: Viewer) -> None:
        now = asyncio.get_running_loop().time()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(viewer.switched.wait(), FRAME_S - now % FRAME_S)
        viewer.switched.clear()

    def _frame(self, channel: str, after: int) -> Awaitable[tuple[int, str]]:
        beat = int(asyncio.get_running_loop().time() / FRAME_S)
        if beat != self._beat:
            self._beat = beat
            self._frames = {}
        key = (channel, after)
        if key not in self._frames:
            # In a thread: the state may be locked for a moment by who scores, and this loop also reads chat.
            self._frames[key] = asyncio.ensure_future(asyncio.to_thread(self._make_frame, channel, after))
        return asyncio.shield(self._frames[key])

    def _make_frame(self, channel: str, after: int) -> tuple[int, str]:
        frame = self._state.frame(channel, after=after)
        return frame.seq, msgspec.json.encode(frame).decode()
