"""Join the emotes of channels to scoring: each message is read with the set of its channel and time.

`EmotesByTime` is what the scorer asks. It begins with what the store knows, so that a replay, an import and a start
without network read chat with the last known sets, and says how old those are. `EmoteWatch` keeps live channels up to
date beside a run: nothing in it can end or delay the run.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog

from chatpulse import registry
from chatpulse.domain.chat import Recorded, Topic
from chatpulse.errors import ChatPulseError
from chatpulse.nlp import ChannelEmotes
from chatpulse.settings import Settings
from chatpulse.twitch import parse_server
from chatpulse.twitch.core.emote_history import Timeline
from chatpulse.twitch.core.emote_sets import Provider
from chatpulse.twitch.emote_store import EmoteStore
from chatpulse.twitch.emotes import EmoteKeeper

if TYPE_CHECKING:
    from chatpulse.twitch.ports import EmoteChanges, EmoteService

STALE_H = 24.0
"""Sets change a few times a week: older ones may miss what is being said."""
MOST_CHANNELS = 1_000
"""Channels whose sets are held at a time; beyond it they are read from the store again."""
KEPT_SETS = 8
TWITCH = ".twitch.tv"

log = structlog.get_logger()
ENDPOINTS = {Provider.SEVENTV: "emotes_7tv", Provider.BTTV: "emotes_bttv", Provider.FFZ: "emotes_ffz"}
"""The setting with the address of each service."""
_SCHEMES = {Provider.SEVENTV: "seventv:", Provider.BTTV: "bttv:", Provider.FFZ: "ffz:"}


class _Channel:
    """One channel's sets, and the one that was asked for last."""

    __slots__ = ("_made", "emotes", "since_us", "timeline", "until_us")

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self._made: dict[int, ChannelEmotes | None] = {}
        self.since_us = self.until_us = 0
        """The span in which `emotes` holds."""
        self.emotes: ChannelEmotes | None = None

    def find(self, ts_us: int | None) -> ChannelEmotes | None:
        known = self.timeline.latest() if ts_us is None else self.timeline.at(ts_us)
        if known.since_us not in self._made:
            if len(self._made) >= KEPT_SETS:
                self._made.clear()
            made = ChannelEmotes.of(known.sure, guessed=known.guessed, zero_width=known.zero_width)
            self._made[known.since_us] = made if made.names else None
        self.emotes = self._made[known.since_us]
        self.since_us, self.until_us = known.since_us, known.until_us
        return self.emotes


class EmotesByTime:
    """The emotes of every channel at every time; one thread asks, another may `put`."""

    def __init__(self, store: EmoteStore, *, wall_us: Callable[[], int] = lambda: time.time_ns() // 1_000) -> None:
        self._store = store
        self._wall_us = wall_us
        self._channels: dict[str, _Channel] = {}

    def at(self, channel: str, ts_us: int | None, /) -> ChannelEmotes | None:
        """The channel's emotes at a time, or now for None; None where nothing is known."""
        held = self._channels.get(channel) or self._load(channel)
        if ts_us is not None and held.since_us <= ts_us < held.until_us:
            return held.emotes
        return held.find(ts_us)

    def put(self, channel: str, timeline: Timeline) -> None:
        """Read a channel with these sets from now on."""
        self._channels[channel] = _Channel(timeline)

    def _load(self, channel: str) -> _Channel:
        """What the store knows of a channel."""
        timeline = Timeline(())
        try:
            room_id = self._store.room_of(channel)
            timeline = self._store.timeline(room_id)
            if room_id:
                self._say_age(channel, room_id)
        except ChatPulseError as exc:
            log.warning("emotes.not_read", channel=channel, reason=str(exc))
        if len(self._channels) >= MOST_CHANNELS:
            self._channels.clear()
        # A set that was put meanwhile is newer.
        return self._channels.setdefault(channel, _Channel(timeline))

    def _say_age(self, channel: str, room_id: str) -> None:
        checked_us = [kept.history.checked_us for kept in self._store.read(room_id).values()]
        if checked_us:
            age_h = (self._wall_us() - min(checked_us)) / 3.6e9
            say = log.info if age_h < STALE_H else log.warning
            say("emotes.from_cache", channel=channel, set_age_h=round(age_h, 2))


class EmoteWatch:
    """Keeps the emotes of a run's channels up to date."""

    def __init__(self, keeper: EmoteKeeper, channels: Iterable[str]) -> None:
        self._keeper = keeper
        self._unmet = set(channels)

    @property
    def note(self) -> str:
        """What a person should know about the sets in use; empty when they are up to date."""
        return self._keeper.trouble

    def meet(self, events: Mapping[Topic, Collection[Recorded]]) -> None:
        """Look for channels whose room is not known yet."""
        for group in events.values() if self._unmet else ():
            for event in group:
                if event.room_id and event.channel in self._unmet:
                    self._unmet.discard(event.channel)
                    self._keeper.meet(event.channel, event.room_id)

    async def run(self) -> None:
        """Look after the channels until cancelled; what goes wrong ends here."""
        try:
            await self._keeper.run()
        except Exception as exc:
            log.exception("emotes.failed", reason=str(exc))
            # Whoever waits for this waits for the end of the run.
            await asyncio.Event().wait()
        finally:
            await self._keeper.close()


def emote_store(settings: Settings) -> EmoteStore:
    """Where sets are kept."""
    return EmoteStore(settings.state_folder())


def known_emotes(settings: Settings, *, fetches: bool = False) -> EmotesByTime | None:
    """What the scorer asks for emotes; None when nothing is known and nothing will be."""
    store = emote_store(settings)
    return EmotesByTime(store) if settings.emotes == "on" and (fetches or store.path.exists()) else None


def services_for(settings: Settings, server: str) -> tuple[Provider, ...]:
    """Who may be asked about the channels of a chat server.

    Args:
        settings: where the services are, and whether they are wanted.
        server: its URL, or HOST:PORT; empty for a recording.

    Returns:
        For Twitch all services; for another server (a simulated one) those whose address a setting gives.
    """
    if settings.emotes != "on" or not server:
        return ()
    try:
        is_twitch = f".{urlsplit(parse_server(server)).hostname}".endswith(TWITCH)
    except ValueError:
        return ()
    return tuple(one for one, name in ENDPOINTS.items() if is_twitch or name in settings.model_fields_set)


def emote_watch(
    settings: Settings, providers: Collection[Provider], *, emotes: EmotesByTime | None, channels: Iterable[str]
) -> EmoteWatch | None:
    """What keeps a run's channels up to date; None when nobody is asked."""
    if emotes is None or not providers:
        return None
    return EmoteWatch(emote_keeper(settings, providers, changed=emotes.put), channels)


def emote_keeper(
    settings: Settings, providers: Collection[Provider], *, changed: Callable[[str, Timeline], None]
) -> EmoteKeeper:
    """What asks services for emotes."""
    services: list[EmoteService] = [_service(settings, provider) for provider in providers]
    changes: EmoteChanges | None = None
    if Provider.SEVENTV in providers and settings.emotes_7tv_events:
        changes = registry.backend("emote-changes", "seventv:")(settings.emotes_7tv_events)
    return EmoteKeeper(
        services, emote_store(settings), changes=changes, changed=changed, every_s=settings.emotes_every_s
    )


def _service(settings: Settings, provider: Provider) -> Any:  # noqa: ANN401  (the registry knows which)
    return registry.backend("emotes", _SCHEMES[provider])(getattr(settings, ENDPOINTS[provider]))
