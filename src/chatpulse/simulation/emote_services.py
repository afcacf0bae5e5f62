"""7TV, BetterTTV and FrankerFaceZ on one loopback port, with emotes that somebody made up.

    async with SimulatedEmotes(rooms={"77": ...}) as services:
        SevenTvEmotes(services.seventv_url); BttvEmotes(services.bttv_url); FfzEmotes(services.ffz_url)

Answers have the shapes of the real services, with fields that nobody here reads as well. `push`, `pull` and `rename`
change a 7TV set and tell everybody who has subscribed to it; `switch` gives a room another set.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from chatpulse.simulation.web_service import WebService

HEARTBEAT_MS = 25_000
GLOBAL_SET = "sevglobal"
NO_ROOM = (404, {"status_code": 404, "status": "Not Found", "error": "there is no such user"})


@dataclass(slots=True, kw_only=True)
class RoomEmotes:
    """The emotes of one room: names by service; a `~` behind a 7TV or FFZ name makes it zero-width."""

    seventv: list[str] = field(default_factory=list)
    bttv: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    """BetterTTV emotes that belong to somebody else."""
    ffz: list[str] = field(default_factory=list)
    set_id: str = ""
    """Of 7TV; empty: made of the room's id."""
    added_ms: int = 1_600_000_000_000
    """When 7TV says that its emotes came into the set."""


class SimulatedEmotes(WebService):
    """The three services; who is not in `rooms` is unknown to all of them."""

    def __init__(
        self,
        rooms: Mapping[str, RoomEmotes],
        *,
        everywhere: RoomEmotes | None = None,
        heartbeat_ms: float = HEARTBEAT_MS,
        port: int = 0,
    ) -> None:
        super().__init__(port=port)
        self.rooms = dict(rooms)
        self.everywhere = everywhere or RoomEmotes()
        self.subscribers: dict[ServerConnection, set[tuple[str, str]]] = {}
        """What each WebSocket has subscribed to: kind and id."""
        self._heartbeat_ms = heartbeat_ms

    @property
    def seventv_url(self) -> str:
        """Of 7TV's API."""
        return f"{self.url}/7tv/v3"

    @property
    def events_url(self) -> str:
        """Of 7TV's EventAPI."""
        return f"{self.ws_url}/7tv/events/v3"

    @property
    def bttv_url(self) -> str:
        """Of BetterTTV's API."""
        return f"{self.url}/bttv/3"

    @property
    def ffz_url(self) -> str:
        """Of FrankerFaceZ' API."""
        return f"{self.url}/ffz/v1"

    def answer(self, path: str, query: Mapping[str, str]) -> tuple[int, Any] | None:
        """What a service says."""
        del query
        service, _, rest = path.removeprefix("/").partition("/")
        if service == "7tv" and rest == "events/v3":
            return None
        found = {"7tv": self._ask_seventv, "bttv": self._ask_bttv, "ffz": self._ask_ffz}[service](rest.split("/"))
        return NO_ROOM if found is None else (200, found)

    async def push(self, room_id: str, name: str) -> None:
        """Put an emote into a room's 7TV set."""
        self.rooms[room_id].seventv.append(name)
        await self._tell(room_id, {"pushed": [_change(new=_seventv(name, self.rooms[room_id].added_ms))]})

    async def pull(self, room_id: str, name: str) -> None:
        """Take an emote out of a room's 7TV set."""
        self.rooms[room_id].seventv.remove(name)
        await self._tell(room_id, {"pulled": [_change(old=_seventv(name, self.rooms[room_id].added_ms))]})

    async def rename(self, room_id: str, old: str, new: str) -> None:
        """Give an emote of a room's 7TV set another name."""
        names, added_ms = self.rooms[room_id].seventv, self.rooms[room_id].added_ms
        names[names.index(old)] = new
        changed = _change(old=_seventv(old, added_ms), new=_seventv(new, added_ms))
        await self._tell(room_id, {"updated": [changed]})

    async def switch(self, room_id: str, names: Iterable[str], *, set_id: str) -> None:
        """Let a room use another 7TV set."""
        room = self.rooms[room_id]
        room.seventv, room.set_id = list(names), set_id
        field_ = {"key": "connections", "index": 0, "nested": True, "value": [{"key": "emote_set_id", "value": set_id}]}
        await self._dispatch("user.update", f"sev{room_id}", {"updated": [field_]})

    async def say(self, frame: object) -> None:
        """Send a frame to every WebSocket."""
        for socket in list(self.subscribers):
            await _send(socket, frame)

    def cut(self) -> None:
        """End every WebSocket without a word."""
        for socket in list(self.subscribers):
            socket.transport.abort()

    async def talk(self, socket: ServerConnection) -> None:
        """Greet, and take note of subscriptions."""
        subscribed = self.subscribers[socket] = set()
        hello = {"heartbeat_interval": self._heartbeat_ms, "session_id": "made-up", "subscription_limit": 500}
        try:
            await _send(socket, {"op": 1, "d": hello})
            async for text in socket:
                frame = json.loads(text)
                kind, one = frame["d"]["type"], frame["d"]["condition"]["object_id"]
                match frame["op"]:
                    case 35:
                        subscribed.add((kind, one))
                    case 36:
                        subscribed.discard((kind, one))
                await _send(socket, {"op": 5, "d": {"command": "SUBSCRIBE", "data": frame["d"]}})
        except ConnectionClosed:
            pass
        finally:
            del self.subscribers[socket]

    def _ask_seventv(self, path: list[str]) -> object:
        match path:
            case ["v3", "emote-sets", "global"]:
                return self._set(GLOBAL_SET, self.everywhere)
            case ["v3", "emote-sets", set_id] if room := self._room_of(set_id):
                return self._set(set_id, room)
            case ["v3", "users", "twitch", room_id] if room_id in self.rooms:
                return self._seventv_user(room_id)
        return None

    def _ask_bttv(self, path: list[str]) -> object:
        match path:
            case ["3", "cached", "emotes", "global"]:
                return _bttv(self.everywhere.bttv, "b")
            case ["3", "cached", "users", "twitch", room_id] if room_id in self.rooms:
                room = self.rooms[room_id]
                own, shared = _bttv(room.bttv, "b"), _bttv(room.shared, "s")
                return {"id": f"bt{room_id}", "bots": [], "channelEmotes": own, "sharedEmotes": shared}
        return None

    def _ask_ffz(self, path: list[str]) -> object:
        match path:
            case ["v1", "set", "global"]:
                # The second set belongs to a few users, and is no default one.
                sets = {"3": _ffz(self.everywhere.ffz, 3), "9": _ffz(["OfAFewUsers"], 9)}
                return {"default_sets": [3], "sets": sets, "users": {"9": ["somebody"]}}
            case ["v1", "room", "id", room_id] if room_id in self.rooms:
                number = int(room_id)
                room_json = {"_id": number, "twitch_id": number, "set": number, "is_group": False}
                return {"room": room_json, "sets": {room_id: _ffz(self.rooms[room_id].ffz, number)}}
        return None

    def _set_id(self, room_id: str) -> str:
        return self.rooms[room_id].set_id or f"set{room_id}"

    def _room_of(self, set_id: str) -> RoomEmotes | None:
        return next((room for room_id, room in self.rooms.items() if self._set_id(room_id) == set_id), None)

    def _seventv_user(self, room_id: str) -> dict[str, Any]:
        room, set_id = self.rooms[room_id], self._set_id(room_id)
        user = {"id": f"sev{room_id}", "username": f"room{room_id}", "style": {}}
        # The set is always named and not always included.
        included = self._set(set_id, room) if room.seventv else None
        return {"id": room_id, "platform": "TWITCH", "emote_set_id": set_id, "emote_set": included, "user": user}

    def _set(self, set_id: str, room: RoomEmotes) -> dict[str, Any]:
        emotes = [_seventv(name, room.added_ms) for name in room.seventv]
        return {"id": set_id, "name": "made up", "flags": 0, "capacity": 1_000, "emotes": emotes}

    async def _tell(self, room_id: str, lists: Mapping[str, object]) -> None:
        await self._dispatch("emote_set.update", self._set_id(room_id), lists)

    async def _dispatch(self, kind: str, one: str, lists: Mapping[str, object]) -> None:
        body = {"id": one, "kind": 6, "actor": {"id": "sev0", "username": "somebody"}, **lists}
        for socket, subscribed in list(self.subscribers.items()):
            if (kind, one) in subscribed:
                await _send(socket, {"op": 0, "d": {"type": kind, "body": body}})


async def _send(socket: ServerConnection, frame: object) -> None:
    try:
        await socket.send(json.dumps(frame))
    except ConnectionClosed:
        return


def _seventv(name: str, added_ms: int) -> dict[str, Any]:
    bare, flag = name.removesuffix("~"), int(name.endswith("~"))
    data = {"id": f"7{bare}", "name": bare, "flags": flag << 8, "animated": False, "host": {"url": "//made.up"}}
    return {"id": f"7{bare}", "name": bare, "flags": flag, "timestamp": added_ms, "actor_id": None, "data": data}


def _change(*, old: object = None, new: object = None) -> dict[str, Any]:
    return {"key": "emotes", "index": 0, "type": "object", "old_value": old, "value": new}


def _bttv(names: Iterable[str], prefix: str) -> list[dict[str, Any]]:
    return [{"id": f"{prefix}{name}", "code": name, "imageType": "png", "animated": False} for name in names]


def _ffz(names: Iterable[str], number: int) -> dict[str, Any]:
    emoticons = [
        {"id": place, "name": name.removesuffix("~"), "modifier": name.endswith("~"), "hidden": False, "width": 28}
        for place, name in enumerate(names, start=1)
    ]
    return {"id": number, "_type": 1, "title": "made up", "emoticons": emoticons}
