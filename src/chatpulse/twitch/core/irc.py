"""Turn the bytes of a Twitch IRC connection or recording into typed events, one per line, whatever the line holds.

    line = ["@" tags " "] [":" prefix " "] command [" " channel [" " [":"] text]]

The colon before a text is optional: logs that were written anew drop it before a single word. Nothing raises: what a
line lacks costs the field, a malformed emote range costs that emote, and a line without a command, without the channel
that its command needs, or that is not UTF-8, becomes a `Quarantined` that keeps its bytes and says why.

Most lines are messages with tags; `messages` knows a short way to read them. The grammar reads every other line.

Source: dev.twitch.tv/docs/irc, https://ircv3.net/specs/extensions/message-tags.html
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from chatpulse.domain.chat import (
    ChatMessage,
    Moderation,
    ModerationKind,
    ProtocolLine,
    Quarantined,
    Recorded,
    RoomNotice,
    RoomState,
    Source,
    TimeKind,
)
from chatpulse.twitch.core.identity import Identities, clearchat_id
from chatpulse.twitch.core.messages import REMEMBERED, find_emotes, find_said, read_months
from chatpulse.twitch.core.notices import build_notice
from chatpulse.twitch.core.tags import parse_chat_tags, parse_tags, to_int

MAX_LINE_BYTES: Final = 131_072
"""Longer lines are quarantined. Twitch stays below 10 KiB: 8 KiB of tags and 500 characters of text."""
OLDEST_MS: Final = "1000000000000"
"""September 2001: no time on Twitch is older..."""
NEWEST_MS: Final = "4102444800000"
"""...or newer than 2099. Such a time counts as missing."""
STAMP_PRECISION_US: Final = 1_000
"""Twitch and recordings stamp milliseconds."""
ARRIVAL_PRECISION_US: Final = 1_000_000
"""A time of arrival is late by the way from the server: .2 s as a rule, above .5 s for one line in a hundred."""

_ROOM = re.compile(r"#.").match
_COMMAND = re.compile(r"[A-Z]+|[0-9]{3}").fullmatch
_ACTION = "\x01ACTION "
_HEAD_BYTES = MAX_LINE_BYTES + 2  # one more than allowed, and a CR that goes
_EMPTY = frozenset({b"", b"\r"})
_NEED_CHANNEL = frozenset({"PRIVMSG", "USERNOTICE", "CLEARCHAT", "CLEARMSG", "ROOMSTATE"})


class LineFramer:
    """Cuts arriving bytes into lines, however they were chopped up on the way.

    A line ends at LF, with or without CR; empty lines are not lines. Of a line longer than `MAX_LINE_BYTES` only the
    head is kept, just long enough for the parser to quarantine it.
    """

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes as they arrived and hand back the lines that they complete."""
        lines = data.split(b"\n")
        begun = lines.pop()
        if lines:
            self._keep(lines[0])
            lines[0] = bytes(self._rest)
            self._rest.clear()
        self._keep(begun)
        return [line[:_HEAD_BYTES].removesuffix(b"\r") for line in lines if line not in _EMPTY]

    def _keep(self, data: bytes) -> None:
        self._rest += data[: _HEAD_BYTES - len(self._rest)]


class _Line(msgspec.Struct, gc=False):
    """A line in its parts; what is missing is empty."""

    raw: bytes
    whole: str
    """The line, decoded."""
    tags: str
    """Without `@`, not split."""
    nick: str
    target: str
    """The first parameter: as a rule a channel with its `#`."""
    text: str
    """What stands behind it, without the colon."""
    received_us: int
    recorded_us: int | None


class LineParser:
    """Makes the events of one source's lines; its only state numbers equal lines (see `identity`)."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._identities = Identities()
        self._builders: dict[str, Callable[[_Line], Recorded]] = {
            "USERNOTICE": self._user_notice,
            "CLEARCHAT": self._clearing,
            "CLEARMSG": self._deletion,
            "ROOMSTATE": self._room_state,
            "NOTICE": self._room_notice,
        }

    def parse(self, line: bytes, *, received_us: int, recorded_us: int | None = None) -> Recorded | ProtocolLine:
        """Make the event of one line, which comes without its end.

        Args:
            line: the bytes.
            received_us: when this process got them.
            recorded_us: the time beside the line in a recording; it counts where the line has no `tmi-sent-ts`.

        Returns:
            What the line says; a `Quarantined` when it cannot be understood.
        """
        try:
            whole = line.decode()
        except UnicodeDecodeError as exc:
            parts = _Line(line, "", "", "", "", "", received_us, recorded_us)
            return self._quarantined(parts, f"byte {line[exc.start]:#04x} at {exc.start} is not UTF-8")
        said = find_said(whole)
        if said is not None and len(line) <= MAX_LINE_BYTES:
            return self._message(said, line, whole, received_us=received_us, recorded_us=recorded_us)
        tags, prefix, command, target, rest = _split(whole)
        parts = _Line(line, whole, tags, _nick(prefix), target, _text(rest), received_us, recorded_us)
        reason = _reason(parts, command)
        if reason:
            return self._quarantined(parts, reason)
        if command == "PRIVMSG":
            said = (*parse_chat_tags(tags), parts.nick, target, parts.text)
            return self._message(said, line, whole, received_us=received_us, recorded_us=recorded_us)
        build = self._builders.get(command)
        # A NOTICE to `*` or to a nick is about the connection.
        if build is not None and (command != "NOTICE" or _ROOM(target)):
            return build(parts)
        params = _params(target, rest)
        channel = next((_channel(param) for param in params if param.startswith("#")), "")
        return ProtocolLine(command=command, channel=channel, nick=parts.nick, params=params, tags=tags)

    def _message(
        self, said: tuple[str, ...], line: bytes, whole: str, *, received_us: int, recorded_us: int | None
    ) -> ChatMessage:
        (
            badge_info, badges, bits, reward_id, user_name, emotes, first, message_id, reply_to, room_id,
            source_id, source_room_id, sent, user_id, nick, target, text,
        ) = said  # fmt: skip
        rare: dict[str, Any] = {}
        if text.startswith(_ACTION):
            text = text[len(_ACTION) :].removesuffix("\x01")
            rare["action"] = True
        if bits or source_id or source_room_id or reward_id or first == "1":
            rare |= {"bits": to_int(bits), "source_id": source_id, "source_room_id": source_room_id}
            rare |= {"reward_id": reward_id, "first": first == "1"}
        ts_us = _sent_us(sent)
        if not ts_us:
            ts_us, rare["time_kind"], rare["precision_us"] = self._other_time(received_us, recorded_us)
        channel = _channel(target)
        message = ChatMessage(
            id=message_id or self._identities.of_line(line, channel=channel, user=nick, ts_us=ts_us),
            channel=channel,
            room_id=room_id,
            ts_us=ts_us,
            received_us=received_us,
            source=self._source,
            user_id=user_id,
            user_login=nick,
            user_name=user_name or nick,
            text=text,
            badges=badges,
            months=read_months(badge_info) if badge_info else 0,
            emotes=find_emotes(emotes, text) if emotes else (),
            reply_to=reply_to,
            raw=whole,
        )
        # With more than 15 keywords Python takes another way to call, which is four times slower.
        return replace(message, **rare) if rare else message

    def _user_notice(self, line: _Line) -> Recorded:
        tags = parse_tags(line.tags)
        common = self._common(line, tags, user=tags.get("login", ""))
        return build_notice(tags, common | {"text": line.text, "raw": line.whole})

    def _clearing(self, line: _Line) -> Moderation:
        tags = parse_tags(line.tags)
        target_id, login = tags.get("target-user-id", ""), line.text
        duration_s = 0
        if not (target_id or login):
            kind = ModerationKind.CLEAR
        elif "ban-duration" in tags:
            kind, duration_s = ModerationKind.TIMEOUT, to_int(tags["ban-duration"])
        else:
            kind = ModerationKind.BAN
        identity = tags.get("id", "")
        # Without a time, equal ones may be years apart: they are numbered like other lines.
        if not identity and (ts_us := self._time(tags, line)[0]):
            room = tags.get("room-id") or _channel(line.target)
            identity = clearchat_id(room=room, ts_us=ts_us, target=target_id or login, duration_s=duration_s)
        return Moderation(
            kind=kind,
            target_id=target_id,
            target_login=login,
            duration_s=duration_s,
            raw=line.whole,
            **self._common(line, tags | {"id": identity}, user=login),
        )

    def _deletion(self, line: _Line) -> Moderation:
        tags = parse_tags(line.tags)
        login = tags.get("login", "")
        return Moderation(
            kind=ModerationKind.DELETE,
            target_login=login,
            message_id=tags.get("target-msg-id", ""),
            text=line.text,
            raw=line.whole,
            **self._common(line, tags, user=login),
        )

    def _room_state(self, line: _Line) -> RoomState:
        tags = parse_tags(line.tags)
        return RoomState(
            emote_only=_mode(tags, "emote-only"),
            followers_only_min=_amount(tags, "followers-only"),
            unique_only=_mode(tags, "r9k"),
            slow_s=_amount(tags, "slow"),
            subs_only=_mode(tags, "subs-only"),
            raw=line.whole,
            **self._common(line, tags, user=""),
        )

    def _room_notice(self, line: _Line) -> RoomNotice:
        tags = parse_tags(line.tags)
        return RoomNotice(
            notice_id=tags.get("msg-id", ""),
            text=line.text,
            raw=line.whole,
            **self._common(line, tags, user=""),
        )

    def _quarantined(self, line: _Line, reason: str) -> Quarantined:
        common = self._common(line, parse_tags(line.tags), user="")
        return Quarantined(reason=reason, raw=line.raw, **common)

    def _common(self, line: _Line, tags: Mapping[str, str], *, user: str) -> dict[str, Any]:
        """The fields of `Event`."""
        channel = _channel(line.target)
        ts_us, time_kind, precision_us = self._time(tags, line)
        return {
            "id": tags.get("id") or self._identities.of_line(line.raw, channel=channel, user=user, ts_us=ts_us),
            "channel": channel,
            "room_id": tags.get("room-id", ""),
            "ts_us": ts_us,
            "received_us": line.received_us,
            "time_kind": time_kind,
            "precision_us": precision_us,
            "source": self._source,
        }

    def _time(self, tags: Mapping[str, str], line: _Line) -> tuple[int, TimeKind, int]:
        """When it happened: microseconds, what they count from, how exact they are."""
        ts_us = _sent_us(tags.get("tmi-sent-ts", ""))
        return (
            (ts_us, TimeKind.EPOCH, STAMP_PRECISION_US)
            if ts_us
            else self._other_time(line.received_us, line.recorded_us)
        )

    def _other_time(self, received_us: int, recorded_us: int | None) -> tuple[int, TimeKind, int]:
        if recorded_us is not None and 0 < recorded_us < int(NEWEST_MS) * 1_000:
            return recorded_us, TimeKind.EPOCH, STAMP_PRECISION_US
        if self._source is Source.LIVE:
            return received_us, TimeKind.EPOCH, ARRIVAL_PRECISION_US
        return 0, TimeKind.NONE, STAMP_PRECISION_US


def _split(text: str) -> tuple[str, str, str, str, str]:
    """Take any line apart: tags, prefix, command, first parameter, all behind it; what is missing is empty."""
    tags = prefix = target = ""
    if text.startswith("@"):
        tags, _, text = text.partition(" ")
        text = text.lstrip(" ")
    if text.startswith(":"):
        prefix, _, text = text.partition(" ")
        text = text.lstrip(" ")
    command, _, rest = text.partition(" ")
    rest = rest.lstrip(" ")
    if not rest.startswith(":"):
        target, _, rest = rest.partition(" ")
    return tags[1:], prefix[1:], command.upper(), target, rest


def _sent_us(sent: str) -> int:
    """Read `tmi-sent-ts`, milliseconds in 13 digits; 0 when it is missing, no number or absurd."""
    return (
        int(sent) * 1_000 if len(sent) == len(OLDEST_MS) and OLDEST_MS <= sent < NEWEST_MS and sent.isdecimal() else 0
    )


@lru_cache(maxsize=REMEMBERED)
def _channel(target: str) -> str:
    """The login of a channel, one string for all its lines. Some tools write it without the `#`."""
    return target.removeprefix("#").lower()


def _text(rest: str) -> str:
    """The text behind the first parameter. Without a colon all of it is text: losing words would be worse."""
    return rest.lstrip(" ").removeprefix(":")


def _nick(prefix: str) -> str:
    """The user of a prefix; a server, whose name holds a dot, is none."""
    nick, bang, _ = prefix.partition("!")
    return nick if bang or "." not in nick else ""


def _mode(tags: Mapping[str, str], name: str) -> bool | None:
    return {"0": False, "1": True}.get(tags.get(name, ""))


def _amount(tags: Mapping[str, str], name: str) -> int | None:
    """A number, with -1 for off; None when the line does not say."""
    value = tags.get(name, "")
    number = to_int(value.removeprefix("-"), -1)
    return None if number < 0 else -number if value.startswith("-") else number


def _reason(line: _Line, command: str) -> str:
    """Why a line cannot become an event; empty when it can."""
    if len(line.raw) > MAX_LINE_BYTES:
        return f"longer than {MAX_LINE_BYTES} bytes"
    if not _COMMAND(command):
        return "no command"
    if command in _NEED_CHANNEL and not _channel(line.target):
        return f"{command} without a channel"
    return ""


def _params(target: str, rest: str) -> tuple[str, ...]:
    middle, colon, trailing = f" {rest}".partition(" :")
    params = [param for param in (target, *middle.split(" ")) if param]
    return (*params, trailing) if colon else tuple(params)
