"""Say what is known of channels' emotes, and ask for them when told to."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from chatpulse.errors import InputError
from chatpulse.lake import query
from chatpulse.pipelines.emotes import ENDPOINTS, emote_keeper, emote_store
from chatpulse.settings import Settings
from chatpulse.twitch.core.emote_history import GLOBAL
from chatpulse.twitch.core.emote_sets import Provider
from chatpulse.twitch.emote_store import EmoteStore, Kept
from chatpulse.twitch.listen import parse_channels


class SetLine(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one service's emotes in one room."""

    provider: Provider
    emotes: int = 0
    zero_width: int = 0
    changes: int = 0
    """Length of the history: how often it was not what it had been."""
    since: str | None = None
    """How far the history reaches back, UTC; None when nothing is known."""
    checked: str | None = None
    """When the service last said what the set is."""
    age_s: float | None = None
    """How long ago that was."""
    error: str = ""
    """Why it did not say so now, when it was asked."""


class ChannelSets(msgspec.Struct, frozen=True, kw_only=True):
    """The sets of one channel."""

    channel: str
    room_id: str
    """Empty when nobody has told yet."""
    sets: tuple[SetLine, ...]


class EmotesReport(msgspec.Struct, frozen=True, kw_only=True):
    """The sets of the channels that were asked for, and those of every channel."""

    channels: tuple[ChannelSets, ...]
    everywhere: tuple[SetLine, ...]

    @property
    def failed(self) -> bool:
        """Whether a service that was asked did not answer."""
        return any(line.error for lines in (self.everywhere, *(one.sets for one in self.channels)) for line in lines)


def show_emotes(settings: Settings, channels: Sequence[str], *, room_id: str, refresh: bool) -> EmotesReport:
    """Look into the store, after asking the services when told to.

    Args:
        settings: where the store, the tables and the services are.
        channels: logins, with or without `#`.
        room_id: the channel's room, for one channel; empty to look it up in the store and the tables.
        refresh: ask the services first.

    Returns:
        What is known now.

    Raises:
        InputError: a room's id is given for several channels, is no number, or is needed and not known.
    """
    logins = parse_channels(channels)
    if room_id and (len(logins) > 1 or not room_id.isdecimal()):
        raise InputError(f"--room-id takes the number of one channel's room, got {room_id!r} for {', '.join(logins)}")
    store = emote_store(settings)
    rooms = {login: room_id or store.room_of(login) for login in logins}
    failed: dict[str, dict[Provider, str]] = {}
    if refresh:
        rooms = {login: found or _room_in_tables(settings, login) for login, found in rooms.items()}
        failed = asyncio.run(_refresh(settings, rooms))
    return EmotesReport(
        channels=tuple([
            ChannelSets(channel=login, room_id=room, sets=_lines(store, room, failed) if room else ())
            for login, room in rooms.items()
        ]),
        everywhere=_lines(store, GLOBAL, failed),
    )


def _room_in_tables(settings: Settings, channel: str) -> str:
    # A login is letters, digits and underscores: nothing in it can leave the quotes.
    sql = f"SELECT room_id FROM messages WHERE channel = '{channel}' AND room_id <> '' LIMIT 1"  # noqa: S608
    try:
        rows = query(settings.data, sql).rows()
    except InputError:  # there are no tables yet
        rows = []
    if not rows:
        raise InputError(
            f"the room of channel {channel!r} is not known: give its number with --room-id, or collect it with "
            f"chatpulse live {channel}"
        )
    return str(rows[0][0])


async def _refresh(settings: Settings, rooms: dict[str, str]) -> dict[str, dict[Provider, str]]:
    # Without news of changes: nobody would be there to hear them.
    quiet = settings.model_copy(update={"emotes_7tv_events": ""})
    keeper = emote_keeper(quiet, tuple(ENDPOINTS), changed=lambda _channel, _timeline: None)
    try:
        return await keeper.refresh(rooms)
    finally:
        await keeper.close()


def _lines(store: EmoteStore, room_id: str, failed: dict[str, dict[Provider, str]]) -> tuple[SetLine, ...]:
    found, errors = store.read(room_id), failed.get(room_id, {})
    return tuple([_line(one, found.get(one, Kept()), errors.get(one, "")) for one in Provider])


def _line(provider: Provider, kept: Kept, error: str) -> SetLine:
    history = kept.history
    return SetLine(
        provider=provider,
        emotes=len(history.emotes),
        zero_width=sum(emote.zero_width for emote in history.emotes.values()),
        changes=len(history.changes),
        since=_utc(min([history.first_us, *[change.at_us for change in history.changes[:1]]])),
        checked=_utc(history.checked_us),
        age_s=round(time.time() - history.checked_us / 1e6, 1) if history.checked_us else None,
        error=error,
    )


def _utc(time_us: int) -> str | None:
    return datetime.fromtimestamp(time_us // 1_000_000, UTC).isoformat() if time_us else None
