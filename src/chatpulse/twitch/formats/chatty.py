"""Read the logs of the chat client Chatty: `[HH:MM:SS] <nick> text` by the clock of a header with date and zone.

Before the nick stand signs of what the user is: `@` moderator, `%` subscriber, `+` turbo, and others; an action has a
star behind it: `<nick>* waves`. Chatty also logs what happened: `BAN: nick (600s)` becomes a `Moderation`, and
`[Notification] nick subscribed ...! [text]` a typed notice. Both are marked `inferred`: their fields are read out of a
sentence, Twitch's tags are not there. The rest of what Chatty says is skipped. A header in the middle sets the clock
again; over midnight a day is added.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from chatpulse.domain.chat import ChatMessage, Moderation, ModerationKind, Resubscription, Subscription, UnknownNotice
from chatpulse.twitch.core.inferred import infer
from chatpulse.twitch.core.tags import to_int
from chatpulse.twitch.formats.lines import STATUS_LINE, broken, common_fields, read_records, said, sample_lines
from chatpulse.twitch.formats.record import Head, Record, Skipped
from chatpulse.twitch.formats.times import DATE, SECOND_US, DayClock, Stamp, clock_us, day_us

NAME: Final = "chatty"
BADGES: Final = {"~": "broadcaster/1", "@": "moderator/1", "%": "subscriber/0", "+": "turbo/1"}
"""What a sign before a nick says, in its lowest version. What `&` and `^` mean is not known."""

_HEADER = re.compile(rf"# Log started: {DATE} ([0-9]+):([0-5][0-9]):([0-5][0-9])(?: ([+-])([0-9]{{2}}):?([0-9]{{2}}))?")
_STAMPED = re.compile(r"\[([0-2][0-9]):([0-5][0-9]):([0-5][0-9])\] (.*)", re.DOTALL).fullmatch
_SAID = re.compile(r"<([~@%+&^!$*]*)([^>]{1,100})>(\*?)(?: (.*))?", re.DOTALL).fullmatch
_BAN = re.compile(r"BAN: ([^ ]+)(?: \(([0-9]+)s\))?(?: .*)?", re.DOTALL).fullmatch
_NOTIFICATION = re.compile(r"\[Notification\] (.*?[.!])(?: \[(.*)\])?", re.DOTALL).fullmatch
_SUBSCRIBED = re.compile(r"([^ ]+) just subscribed(?: with (?:Twitch )?(Prime))?!").fullmatch
_RESUBSCRIBED = re.compile(r"([^ ]+) (?:has )?subscribed for ([0-9]{1,3}) months?( in a row)?!").fullmatch
_RAID = re.compile(r"[0-9]+ raiders? from ([^ ]+) ").match
_CHANNEL = re.compile(r"(?:Joining|You have joined) #([A-Za-z0-9_]+)").match
_OTHERS = re.compile(r"BAN: |MOD: |UNMOD: |\[Notification\] |Joining #|You have |~").match


def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
    """Hand over a log.

    Args:
        pieces: the file in any chunking.
        head: learns zone, start and channel.

    Yields:
        Batches in file order.
    """
    head.precision_us = SECOND_US
    yield from read_records(pieces, _Log(head).record)


def fits(first: bytes) -> bool:
    """Whether the beginning of a file is a log of Chatty, with or without its header."""
    lines = sample_lines(first)
    stamped = [found[4] for found in map(_STAMPED, lines) if found]
    ours = sum(bool(_SAID(rest) or _OTHERS(rest)) for rest in stamped) + sum(
        line.startswith("# Log ") for line in lines
    )
    return bool(ours) and 2 * ours >= len(lines)


class _Log:
    def __init__(self, head: Head) -> None:
        self._head = head
        self._clock = DayClock(SECOND_US)

    def record(self, line: str) -> Record:
        found = _STAMPED(line)
        if not found:
            return self._unstamped(line)
        hours, minutes, seconds, rest = found.groups()
        stamp = self._clock.at(clock_us(hours, minutes, seconds))
        if message := _SAID(rest):
            signs, user, star, text = message.groups()
            badges = ",".join(BADGES[sign] for sign in signs if sign in BADGES)
            return said(line, stamp, user=user, text=text or "", more={"badges": badges, "action": bool(star)})
        if rest.startswith("<"):
            return broken(line, "no `<nick> text` behind the time")
        if ban := _BAN(rest):
            user, duration = ban.groups()
            return Moderation(
                kind=ModerationKind.TIMEOUT if duration else ModerationKind.BAN,
                target_login=user.lower(),
                duration_s=to_int(duration or ""),
                raw=line,
                inferred=True,
                **common_fields(stamp),
            )
        if notification := _NOTIFICATION(rest):
            return _notice(line, stamp, system_text=notification[1], text=notification[2] or "")
        if not self._head.channel and (joined := _CHANNEL(rest)):
            self._head.channel = joined[1].lower()
        return Skipped(STATUS_LINE, line)

    def _unstamped(self, line: str) -> Record:
        header = _HEADER.match(line)
        midnight_us = day_us(header[1]) if header else None
        if header and midnight_us is not None:
            _, hours, minutes, seconds, sign, zone_hours, zone_minutes = header.groups()
            if sign:
                zone_s = clock_us(zone_hours, zone_minutes, "0") // SECOND_US
                self._clock.zone_s = self._head.zone_offset_s = -zone_s if sign == "-" else zone_s
            now_us = clock_us(hours, minutes, seconds)
            self._clock.set_day(midnight_us, now_us=now_us)
            if self._head.start_us is None:
                self._head.start_us = midnight_us + now_us - self._clock.zone_s * SECOND_US
        return Skipped(STATUS_LINE, line) if line.startswith("# ") else broken(line, "no `[HH:MM:SS]` in front")


def _notice(line: str, stamp: Stamp, *, system_text: str, text: str) -> Record:
    """Name the event of a notification: the sentences of 2016, then Twitch's later ones, else it stays unknown."""
    raid = _RAID(system_text)
    user = raid[1] if raid else system_text.partition(" ")[0]
    fields = common_fields(stamp) | {"user_login": user.lower(), "user_name": user, "raw": line}
    words: dict[str, Any] = {"system_text": system_text, "text": text, "inferred": True}
    if found := _SUBSCRIBED(system_text):
        return Subscription(plan=found[2] or "", **fields, **words)
    if found := _RESUBSCRIBED(system_text):
        months = max(1, int(found[2]))
        return Resubscription(months=months, streak=months if found[3] else 0, **fields, **words)
    notice = infer(ChatMessage(text=f"{system_text} {text}", **fields))
    return UnknownNotice(name="notification", **fields, **words) if isinstance(notice, ChatMessage) else notice
