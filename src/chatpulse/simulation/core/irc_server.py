"""The server's half of one chat connection, with no socket, clock or task in it.

A client logs in with CAP REQ, PASS and NICK and gets CAP ACK or NAK, then 001 to 004, 375, 372, 376; `justinfan` and
digits is let in without a password. JOIN of a known channel is answered by its echo, the list of names (353, 366) and
a ROOMSTATE with the room's id; of a suspended or unknown one by a NOTICE. PING is answered by PONG. What is said in a
channel reaches the clients that joined it: with tags when they asked for `twitch.tv/tags`, and anything but PRIVMSG
only when they asked for `twitch.tv/commands`.
Source: dev.twitch.tv/docs/irc; the texts are our own.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from chatpulse.simulation.core import wire
from chatpulse.twitch.core.irc import LineFramer

ANONYMOUS = re.compile(r"justinfan\d{1,20}")
CAPABILITIES = ("twitch.tv/commands", "twitch.tv/membership", "twitch.tv/tags")
TAGS = "twitch.tv/tags"
COMMANDS = "twitch.tv/commands"
MODES = {"emote_only": 0, "followers_only": -1, "r9k": 0, "slow": 0, "subs_only": 0}
RECONNECT = f":{wire.SERVER} RECONNECT\r\n".encode()
PING = f"PING :{wire.SERVER}\r\n".encode()


@dataclass(slots=True, kw_only=True)
class ServerSession:
    """What the server knows about one client."""

    rooms: Mapping[str, str]
    """Room id by login: the channels that exist."""
    suspended: Collection[str] = ()
    refuses_login: bool = False
    """Turn everybody away, as Twitch does with a bad token."""
    nick: str = ""
    """Empty until the client is let in."""
    capabilities: set[str] = field(default_factory=set)
    joined: set[str] = field(default_factory=set)
    pongs: int = 0
    """Answers to the server's own PING."""
    wants_close: bool = False
    """Close once `outgoing` is written."""
    outgoing: bytearray = field(default_factory=bytearray)
    _password: str = ""
    _framer: LineFramer = field(default_factory=LineFramer)

    def receive(self, data: bytes) -> None:
        """Take bytes as they arrived; answers are in `outgoing`."""
        for raw in self._framer.feed(data):
            command, _, rest = raw.decode("utf-8", "replace").strip().partition(" ")
            if command and not self.wants_close:
                self._obey(command.upper(), rest)

    def relay(self, channel: str, line: str) -> str | None:
        """A line said in a channel, as this client gets it; None when it does not."""
        if channel not in self.joined:
            return None
        if TAGS not in self.capabilities and line.startswith("@"):
            line = line.partition(" ")[2]
        if COMMANDS not in self.capabilities and " PRIVMSG #" not in line:
            return None
        return line

    def _obey(self, command: str, rest: str) -> None:
        match command:
            case "CAP":
                self._negotiate(rest)
            case "PASS":
                self._password = rest.removeprefix(":")
            case "NICK":
                self._log_in(rest.removeprefix(":").strip().lower())
            case "PING":
                self._say(f":{wire.SERVER} PONG {wire.SERVER} :{rest.removeprefix(':')}")
            case "PONG":
                self.pongs += 1
            case "QUIT":
                self.wants_close = True
            case _ if self.nick:
                self._obey_member(command, rest)

    def _obey_member(self, command: str, rest: str) -> None:
        if command in {"JOIN", "PART"}:
            for name in rest.removeprefix(":").split(","):
                self._move(command, name.strip().removeprefix("#").lower())
        else:
            self._say(f":{wire.SERVER} 421 {self.nick} {command} :Unknown command")

    def _negotiate(self, rest: str) -> None:
        verb, _, names = rest.partition(" ")
        wanted = names.removeprefix(":").split()
        if verb.upper() == "LS":
            self._say(f":{wire.SERVER} CAP * LS :{' '.join(CAPABILITIES)}")
        elif verb.upper() == "REQ" and set(wanted) <= set(CAPABILITIES):
            self.capabilities.update(wanted)
            self._say(f":{wire.SERVER} CAP * ACK :{' '.join(wanted)}")
        elif verb.upper() == "REQ":
            self._say(f":{wire.SERVER} CAP * NAK :{' '.join(wanted)}")

    def _log_in(self, nick: str) -> None:
        anonymous = ANONYMOUS.fullmatch(nick)
        if not anonymous and not self._password.startswith("oauth:"):
            self._turn_away("Improperly formatted auth")
        elif not anonymous or self.refuses_login:
            # There are no accounts here, so no token is a good one.
            self._turn_away("Login authentication failed")
        else:
            self.nick = nick
            for number, text in (
                ("001", "You are in"),
                ("002", f"This is {wire.SERVER}, simulated"),
                ("003", "It has been up for a moment"),
                ("004", "-"),
                ("375", "-"),
                ("372", "Everything said here is made up."),
                ("376", ">"),
            ):
                self._say(f":{wire.SERVER} {number} {nick} :{text}")

    def _turn_away(self, text: str) -> None:
        self._say(f":{wire.SERVER} NOTICE * :{text}")
        self.wants_close = True

    def _move(self, command: str, channel: str) -> None:
        me = f":{self.nick}!{self.nick}@{self.nick}.{wire.SERVER}"
        if command == "PART":
            self.joined.discard(channel)
            self._say(f"{me} PART #{channel}")
        elif channel not in self.rooms or channel in self.suspended:
            text = "This channel does not exist or has been suspended."
            self._say(wire.notice(channel, text, notice_id="msg_channel_suspended"))
        else:
            self.joined.add(channel)
            self._say(f"{me} JOIN #{channel}")
            self._say(f":{self.nick}.{wire.SERVER} 353 {self.nick} = #{channel} :{self.nick}")
            self._say(f":{self.nick}.{wire.SERVER} 366 {self.nick} #{channel} :End of /NAMES list")
            state = self.relay(channel, wire.roomstate(channel, self.rooms[channel], **MODES))
            if state is not None:
                self._say(state)

    def _say(self, line: str) -> None:
        self.outgoing += line.encode() + b"\r\n"
