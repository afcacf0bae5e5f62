"""Hold one anonymous Twitch chat connection's conversation: bytes in, events and bytes out; no socket, clock or chance.

    -> CAP REQ, PASS, NICK      <- 001 ... 376            let in; or NOTICE *, CAP * NAK: refused
    -> JOIN #a,#b               <- JOIN of our nick, ROOMSTATE: joined; NOTICE msg_banned and the like: refused;
                                   nothing: asked again, after three times refused; asked now and then all the same
    -> PONG                     <- PING
    -> PING, when all is still  <- anything: alive; nothing: `wants_close`
                                <- RECONNECT: `wants_close`, and lines keep coming until the caller does so

The caller gives what arrives to `receive`, calls `due` at least once a second, and writes what `outgoing` holds.

What has been read says little about when it was said: after a pause of the reader it may be minutes old. So `heard_us`
goes by the server's own times, and by its answers: what answers us was said after all that was said before we asked.

Source: dev.twitch.tv/docs/irc
"""

from collections import deque
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from chatpulse.domain.chat import ProtocolLine, Recorded, RoomNotice, RoomState, Source
from chatpulse.twitch.core.irc import LineFramer, LineParser

CAPABILITIES: Final = "twitch.tv/tags twitch.tv/commands"
"""Not `membership`: its JOINs and PARTs of other people would be most of the traffic."""
PASSWORD: Final = "SCHMOOPIIE"  # noqa: S105
"""Anything does for an anonymous login; this is the word that public clients send."""
PING_AFTER_S: Final = 20.0
PONG_WITHIN_S: Final = 10.0
"""A half-open connection is noticed after 20 + 10 s."""
JOINS_PER_WINDOW: Final = 18
"""Twitch takes 20 in 10 s; two are kept back..."""
JOIN_WINDOW_S: Final = 11.0
"""...and a second, because what was sent over 10 s can arrive within less."""
JOIN_WITHIN_S: Final = 10.0
"""An answer comes within a second as a rule; a channel that does not exist is met with silence."""
JOIN_ATTEMPTS: Final = 3
REFUSED_RETRY_S: Final = 900.0
"""A refused channel is asked for again this often: bans end, and a server that was too busy to answer recovers."""

_HEEDED = (ProtocolLine, RoomState, RoomNotice)
_REFUSALS = frozenset({
    "msg_banned",
    "msg_channel_suspended",
    "msg_concurrent_channel_limit_reached",
    "msg_room_not_found",
    "tos_ban",
})


class Close(StrEnum):
    """Why the caller should close the connection; the empty one is false."""

    NO = ""
    RECONNECT = "reconnect"
    """The server is about to go away; it still delivers."""
    LOGIN = "login"
    """The server does not let us in: trying at once again would not help."""
    SILENT = "silent"
    """Nothing arrives and nothing is answered: the connection is half-open."""


class IrcSession:
    """One connection's state."""

    def __init__(
        self,
        *,
        nick: str,
        channels: Iterable[str],
        ping_after_s: float = PING_AFTER_S,
        pong_within_s: float = PONG_WITHIN_S,
    ) -> None:
        """Begin with the login, which waits in `outgoing`.

        Args:
            nick: `justinfan` and some digits.
            channels: logins, lower case, without `#`.
            ping_after_s: ask a silent server after this time whether it is there.
            pong_within_s: give it this long to answer.
        """
        self.nick = nick
        self.channels = tuple(dict.fromkeys(channels))
        self.outgoing = bytearray()
        """Bytes that the caller still has to write."""
        self.registered = False
        """Whether the server has let us in."""
        self.wants_close = Close.NO
        self.reason = ""
        """What is behind `wants_close`, in words."""
        self.heard_us = 0
        """All that the server said before this moment has arrived; 0 before its first word."""
        self._joined: set[str] = set()
        self._refused: dict[str, tuple[str, float]] = {}
        """Why, and when that was heard or we asked again."""
        self._ping_after_s = ping_after_s
        self._pong_within_s = pong_within_s
        self._framer = LineFramer()
        self._parser = LineParser(Source.LIVE)
        self._heard_s: float | None = None
        self._pinged_s: float | None = None
        self._last_ping_s: float | None = None
        self._answered_s: float | None = None
        """When we said what the server answers with these bytes."""
        self._to_ask = deque(self.channels)
        self._asked_s: dict[str, float] = {}
        self._attempts = dict.fromkeys(self.channels, 0)
        self._join_times_s: deque[float] = deque(maxlen=JOINS_PER_WINDOW)
        for line in (f"CAP REQ :{CAPABILITIES}", f"PASS {PASSWORD}", f"NICK {nick}"):
            self._say(line)

    @property
    def joined(self) -> frozenset[str]:
        """Channels whose chat arrives."""
        return frozenset(self._joined)

    @property
    def refused(self) -> Mapping[str, str]:
        """Channels that cannot be joined, and why."""
        return {channel: reason for channel, (reason, _) in self._refused.items()}

    def receive(self, data: bytes, *, now: float, received_us: int) -> list[Recorded | ProtocolLine]:
        """Take bytes as they arrived and hand back the events that they complete.

        Args:
            data: in any chunking.
            now: seconds of a clock that never jumps.
            received_us: the same moment as microseconds since 1970.

        Returns:
            One event per complete line, in order.
        """
        self._heard_s, self._pinged_s = now, None
        parse = self._parser.parse
        events = [parse(line, received_us=received_us) for line in self._framer.feed(data)]
        said_us = self.heard_us or received_us
        for event in events:
            if isinstance(event, _HEEDED):
                self._react(event, now)
            elif event.ts_us > said_us:
                said_us = event.ts_us
        if self._answered_s is not None:
            said_us = max(said_us, received_us - round((now - self._answered_s) * 1e6))
            self._answered_s = None
        self.heard_us = max(self.heard_us, min(said_us, received_us))
        self.due(now)
        return events

    def due(self, now: float) -> None:
        """Do what time demands: ask for channels, ask again, ask whether the server is there, give up on it."""
        self._watch(now)
        if self.registered:
            self._expire_joins(now)
            self._retry_refused(now)
            self._ask(now)

    def _watch(self, now: float) -> None:
        if self._heard_s is None:
            self._heard_s = now
        if self._pinged_s is None and now - self._heard_s >= self._ping_after_s:
            self._pinged_s = self._last_ping_s = now
            self._say("PING :chatpulse")
        elif self._pinged_s is not None and now - self._pinged_s >= self._pong_within_s:
            self._close(Close.SILENT, f"silent for {now - self._heard_s:.0f} s, a PING was not answered")

    def _expire_joins(self, now: float) -> None:
        late = [channel for channel, asked_s in self._asked_s.items() if now - asked_s >= JOIN_WITHIN_S]
        for channel in late:
            if self._attempts[channel] < JOIN_ATTEMPTS:
                del self._asked_s[channel]
                self._to_ask.append(channel)
            else:
                self._refuse(channel, f"no answer to {JOIN_ATTEMPTS} JOINs; the channel may not exist", now)

    def _retry_refused(self, now: float) -> None:
        for channel, (reason, since_s) in self._refused.items():
            if now - since_s >= REFUSED_RETRY_S:
                self._refused[channel] = reason, now
                self._to_ask.append(channel)

    def _ask(self, now: float) -> None:
        while self._join_times_s and now - self._join_times_s[0] >= JOIN_WINDOW_S:
            self._join_times_s.popleft()
        room = min(JOINS_PER_WINDOW - len(self._join_times_s), len(self._to_ask))
        if room <= 0:
            return
        asked = [self._to_ask.popleft() for _ in range(room)]
        for channel in asked:
            self._asked_s[channel] = now
            self._attempts[channel] += 1
            self._join_times_s.append(now)
        # 18 logins of at most 25 characters stay below the 512 bytes of a line.
        self._say("JOIN " + ",".join(f"#{channel}" for channel in asked))

    def _react(self, event: ProtocolLine | RoomState | RoomNotice, now: float) -> None:
        match event:
            case RoomState(channel=channel):
                self._enter(channel)
            case RoomNotice(channel=channel, notice_id=notice_id, text=text):
                if notice_id in _REFUSALS:
                    self._refuse(channel, f"{text or 'the server says no'} ({notice_id})", now)
            case ProtocolLine(command="PING", params=params):
                self._say(f"PONG :{params[-1]}" if params else "PONG")
            case ProtocolLine(command="PONG"):
                self._answered_s = self._last_ping_s
            case ProtocolLine(command="RECONNECT"):
                self._close(Close.RECONNECT, "the server asked for a new connection")
            case ProtocolLine(command="JOIN" | "PART", nick=nick) if nick.lower() == self.nick.lower():
                (self._enter if event.command == "JOIN" else self._leave)(event.channel)
            case _:
                self._log_in(event)

    def _log_in(self, line: ProtocolLine) -> None:
        match line:
            case ProtocolLine(command="001" | "376"):
                self.registered = True
            case ProtocolLine(command="NOTICE", params=params) if not self.registered:
                self._close(Close.LOGIN, params[-1] if params else "no reason given")
            case ProtocolLine(command="CAP", params=params) if "NAK" in params:
                self._close(Close.LOGIN, f"the server does not know {CAPABILITIES}")

    def _enter(self, channel: str) -> None:
        if channel in self._attempts:
            self._answered_s = self._asked_s.get(channel, self._answered_s)
            self._settle(channel)
            self._attempts[channel] = 0
            self._joined.add(channel)

    def _leave(self, channel: str) -> None:
        if channel in self._joined:
            self._settle(channel)
            self._to_ask.append(channel)

    def _refuse(self, channel: str, reason: str, now: float) -> None:
        if channel in self._attempts:
            self._settle(channel)
            self._refused[channel] = reason, now

    def _settle(self, channel: str) -> None:
        """Forget how it stood with a channel: an answer, however late, is the last word."""
        if channel in self._to_ask:
            self._to_ask.remove(channel)
        self._asked_s.pop(channel, None)
        self._refused.pop(channel, None)
        self._joined.discard(channel)

    def _close(self, why: Close, reason: str) -> None:
        self.wants_close, self.reason = why, reason

    def _say(self, line: str) -> None:
        self.outgoing += f"{line}\r\n".encode()
