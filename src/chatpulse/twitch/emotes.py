"""Keep the emotes of live channels up to date: asked for at the start, then every so often, and when 7TV says so.

One task per service asks for one room after the other, so that no service sees more than one request of ours at a time.
Nothing here is needed for chat to be collected: a service that fails is asked again later, with growing waits, and
until then the last set counts, whose age is said. What is found is written to the store and handed to `changed`.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from chatpulse.errors import ChatPulseError, ConnectionLostError
from chatpulse.twitch.core.emote_history import GLOBAL, Change, Timeline
from chatpulse.twitch.core.emote_sets import EmoteSet, OwnerUpdate, Provider, SetUpdate
from chatpulse.twitch.emote_store import EmoteStore, Kept, join
from chatpulse.twitch.ports import EmoteChanges, EmoteService

EVERY_S = 3_600.0
AGAIN_S = 60.0
"""Wait after a failure; it doubles with each in a row, up to the usual time between two looks."""

log = structlog.get_logger()


@dataclass(slots=True)
class _Look:
    """When a service is asked about a room next."""

    due_s: float = 0.0
    failures: int = 0
    """In a row."""


class EmoteKeeper:
    """Knows the emotes of the channels it has met."""

    def __init__(
        self,
        services: Sequence[EmoteService],
        store: EmoteStore,
        *,
        changes: EmoteChanges | None = None,
        changed: Callable[[str, Timeline], None],
        every_s: float = EVERY_S,
        wall_us: Callable[[], int] = lambda: time.time_ns() // 1_000,
    ) -> None:
        """Prepare, without asking anybody.

        Args:
            services: who is asked.
            store: where answers are kept.
            changes: who says what changes meanwhile.
            changed: takes a channel's sets whenever they are not what they were.
            every_s: time between two looks.
            wall_us: the time of day.
        """
        self._services = services
        self._store = store
        self._changes = changes
        self._changed = changed
        self._every_s = every_s
        self._wall_us = wall_us
        self._rooms: dict[str, str] = {}
        self._kept: dict[str, dict[Provider, Kept]] = {}
        self._looks: dict[tuple[Provider, str], _Look] = {}
        self._writing = asyncio.Lock()
        """Held from a change in memory until it is stored, so that changes are stored in order."""
        self._woken = {service.provider: asyncio.Event() for service in services}

    def meet(self, channel: str, room_id: str) -> None:
        """Look after a channel from now on."""
        if self._rooms.get(channel) != room_id:
            self._rooms[channel] = room_id
            self._wake()

    @property
    def trouble(self) -> str:
        """Which sets cannot be renewed, and how old they are; empty when all can."""
        failing = sorted({provider for (provider, _), look in self._looks.items() if look.failures})
        if not failing:
            return ""
        oldest_us = min(
            (
                kept.history.checked_us
                for found in self._kept.values()
                for provider, kept in found.items()
                if provider in failing and kept.history.checked_us
            ),
            default=0,
        )
        age = (
            f"sets of up to {(self._wall_us() - oldest_us) / 3.6e9:.1f} h ago are in use" if oldest_us else "none known"
        )
        return f"no emotes from {', '.join(failing)} at the moment: {age}"

    async def run(self) -> None:
        """Look after all channels, for ever."""
        async with asyncio.TaskGroup() as tasks:
            for service in self._services:
                tasks.create_task(self._serve(service))
            if self._changes is not None:
                tasks.create_task(self._hear(self._changes))

    async def close(self) -> None:
        """Let go of connections."""
        for service in self._services:
            await service.close()

    async def refresh(self, rooms: Mapping[str, str]) -> dict[str, dict[Provider, str]]:
        """Ask every service about channels and about all rooms, now.

        Args:
            rooms: the room's id by channel.

        Returns:
            Why a service could not answer, by room and service; empty when all did.
        """
        self._rooms.update(rooms)
        failed: dict[str, dict[Provider, str]] = {}
        for room_id in (GLOBAL, *dict.fromkeys(rooms.values())):
            await self._load(room_id)
            answers = await asyncio.gather(*(self._look(service, room_id) for service in self._services))
            why = {service.provider: said for service, said in zip(self._services, answers, strict=True) if said}
            if why:
                failed[room_id] = why
        return failed

    # -- asking

    async def _serve(self, service: EmoteService) -> None:
        woken, now_s = self._woken[service.provider], asyncio.get_running_loop().time
        while True:
            woken.clear()
            for room_id in (GLOBAL, *dict.fromkeys(self._rooms.values())) if self._rooms else ():
                if self._look_of(service.provider, room_id).due_s <= now_s():
                    await self._load(room_id)
                    await self._look(service, room_id)
            dues_s = [look.due_s for (provider, _), look in self._looks.items() if provider is service.provider]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(min(dues_s) - now_s(), 0.0) if dues_s else None):
                    await woken.wait()

    async def _look(self, service: EmoteService, room_id: str) -> str:
        """Ask once; why it did not work, or nothing."""
        provider, look = service.provider, self._look_of(service.provider, room_id)
        now_s = asyncio.get_running_loop().time
        try:
            found = await service.fetch(room_id)
        except ConnectionLostError as exc:
            look.due_s = now_s() + min(AGAIN_S * 2 ** min(look.failures, 16), self._every_s)
            look.failures += 1
            if look.failures == 1:
                self._complain(provider, room_id, str(exc))
            return str(exc)
        look.failures, look.due_s = 0, now_s() + self._every_s
        await self._take(provider, room_id, found)
        return ""

    def _complain(self, provider: Provider, room_id: str, reason: str) -> None:
        kept = self._kept.get(room_id, {}).get(provider)
        checked_us = kept.history.checked_us if kept else 0
        age_h = round((self._wall_us() - checked_us) / 3.6e9, 2) if checked_us else None
        channels = [channel for channel, room in self._rooms.items() if room == room_id] or ["all channels"]
        log.warning("emotes.not_fetched", provider=provider, channels=channels, set_age_h=age_h, reason=reason)

    async def _take(self, provider: Provider, room_id: str, found: EmoteSet) -> None:
        async with self._writing:
            kept = self._kept[room_id].setdefault(provider, Kept())
            is_new = not kept.history.first_us
            kept.set_id, kept.owner_id = found.set_id, found.owner_id
            changes = kept.history.take(found, at_us=self._wall_us())
            await self._write(provider, room_id, kept=kept, changes=changes)
            if changes or is_new:
                log.info("emotes.changed", provider=provider, room_id=room_id, emotes=len(kept.history.emotes))
                self._publish(room_id)
        self._follow()

    async def _load(self, room_id: str) -> None:
        """Begin with what the store knows of a room."""
        names = [channel for channel, room in self._rooms.items() if room == room_id]
        if room_id in self._kept:
            return
        try:
            found = await asyncio.to_thread(self._store.read, room_id)
            for channel in names:
                await asyncio.to_thread(self._store.name, channel, room_id)
        except ChatPulseError as exc:
            log.warning("emotes.not_kept", reason=str(exc))
            found = {}
        # Another service's task may have been faster; what it has found since stays.
        if room_id not in self._kept:
            self._kept[room_id] = found
            self._publish(room_id)

    async def _write(self, provider: Provider, room_id: str, *, kept: Kept, changes: Sequence[Change]) -> None:
        try:
            await asyncio.to_thread(self._store.write, room_id, provider, kept=kept, changes=changes)
        except ChatPulseError as exc:
            log.warning("emotes.not_kept", reason=str(exc))

    def _publish(self, room_id: str) -> None:
        """Hand over the sets of the channels that a room's emotes concern."""
        for channel, room in self._rooms.items():
            if room_id in {GLOBAL, room} and room in self._kept:
                self._changed(channel, join(self._kept[room], self._kept.get(GLOBAL, {})))

    # -- 7TV's changes

    async def _hear(self, changes: EmoteChanges) -> None:
        async with contextlib.aclosing(changes.updates()) as updates:
            async for update in updates:
                match update:
                    case SetUpdate():
                        await self._apply(update)
                    case OwnerUpdate():
                        self._expire(update.owner_id)
                    case None:
                        self._expire(None)

    async def _apply(self, update: SetUpdate) -> None:
        async with self._writing:
            for room_id, kept in self._seventv():
                if kept.set_id == update.set_id and (new := kept.history.apply(update, at_us=self._wall_us())):
                    await self._write(Provider.SEVENTV, room_id, kept=kept, changes=new)
                    self._publish(room_id)

    def _expire(self, owner_id: str | None) -> None:
        """Ask 7TV again at once about the rooms of an owner, or about all."""
        for room_id, kept in self._seventv():
            if owner_id in {None, kept.owner_id}:
                self._look_of(Provider.SEVENTV, room_id).due_s = 0.0
        self._wake()

    def _follow(self) -> None:
        if self._changes is not None:
            kept = [one for _, one in self._seventv()]
            self._changes.follow({k.set_id for k in kept if k.set_id}, {k.owner_id for k in kept if k.owner_id})

    def _seventv(self) -> list[tuple[str, Kept]]:
        found = ((room_id, kept.get(Provider.SEVENTV)) for room_id, kept in self._kept.items())
        return [(room_id, kept) for room_id, kept in found if kept is not None]

    def _look_of(self, provider: Provider, room_id: str) -> _Look:
        return self._looks.setdefault((provider, room_id), _Look())

    def _wake(self) -> None:
        for event in self._woken.values():
            event.set()
