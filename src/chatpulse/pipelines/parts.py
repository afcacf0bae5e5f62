"""What a run of the live pipeline is made of, and how it goes about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from chatpulse.domain.chat import Topic
from chatpulse.domain.live import Mode
from chatpulse.eventlog import ReplayableLog
from chatpulse.lake import TableWriter
from chatpulse.nlp import ChatScorer
from chatpulse.pipelines.duplicates import Duplicates
from chatpulse.pipelines.emotes import EmoteWatch, services_for
from chatpulse.pipelines.privacy import Privacy
from chatpulse.pipelines.upkeep import Upkeep
from chatpulse.settings import Settings
from chatpulse.twitch.core.emote_sets import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a run is made of; `wiring` builds them."""

    record: ReplayableLog
    duplicates: Duplicates
    privacy: Privacy
    scorer: ChatScorer
    writer: TableWriter
    upkeep: Upkeep
    written: Mapping[Topic, int]
    """Last offset of each topic of the record that the tables hold."""
    emotes: EmoteWatch | None = None
    """Keeps the emotes of the channels up to date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a run goes about it."""

    mode: Mode
    flush_rows: int = 10_000
    """Write tables after this many rows..."""
    flush_s: float = 5.0
    """...or this many seconds, whichever comes first."""
    with_latency: bool = True
    """False where lines come as fast as they can: their wait says nothing."""
    emote_services: tuple[Provider, ...] = ()
    """Who is asked for the channels' emotes meanwhile."""

    @classmethod
    def of(cls, settings: Settings, mode: Mode, *, server: str = "", with_latency: bool = True) -> Self:
        """The plan that the settings give for a mode, and for the server that is listened to."""
        return cls(
            mode=mode,
            flush_rows=settings.flush_rows,
            flush_s=settings.flush_s,
            with_latency=with_latency,
            emote_services=services_for(settings, server),
        )
