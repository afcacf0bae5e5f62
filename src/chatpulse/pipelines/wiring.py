"""Settings in, finished objects out: the only place where backends are chosen and parts are joined."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chatpulse import registry
from chatpulse.domain.live import Mode
from chatpulse.eventlog import SeenIndex
from chatpulse.nlp import ChatScorer
from chatpulse.pipelines.live import LivePipeline
from chatpulse.pipelines.upkeep import Upkeep
from chatpulse.settings import Settings
from chatpulse.twitch import ChatSource, Listener, Replay

if TYPE_CHECKING:
    from chatpulse.simulation import SimulatedTwitch


def default_scorer() -> ChatScorer:
    """The scorer that needs nothing but the base install."""
    return ChatScorer(registry.backend("scorer", "linear:")())
