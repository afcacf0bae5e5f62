"""What programs ask over HTTP: the same values as the page gets, as JSON.

Handlers are plain functions: FastAPI runs them in its threads, so a state that is locked for a moment holds up nobody
else. Bodies are encoded by msgspec from the domain's own values; their schemas are made from the same types.
"""

from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from chatpulse.domain.live import ChannelLine, ChatLine, Frame, Health, HealthStatus, Value, WindowStats
from chatpulse.pipelines.view import LiveState

MAX_MESSAGES = 50
"""A frame holds no more."""
WINDOW_SIZES_S: Final = (1, 10, 60)
REF_TEMPLATE: Final = "#/components/schemas/{name}"

Channel = Annotated[str, Query(description="Name of a channel; the first there is when left out.")]


class Overview(Value, frozen=True, kw_only=True, gc=False):
    """All channels at once."""

    channels: tuple[ChannelLine, ...]
    totals: dict[str, int]
    health: Health


class HealthReport(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What a monitor needs to know; only the status without the token."""

    status: HealthStatus
    connected: bool | msgspec.UnsetType = msgspec.UNSET
    lag_s: float | msgspec.UnsetType = msgspec.UNSET
    lost: int | msgspec.UnsetType = msgspec.UNSET
    quarantined: int | msgspec.UnsetType = msgspec.UNSET
    reason: str = ""
    """Only while failing."""


class Api:
    """The HTTP questions about one state."""

    def __init__(self, state: LiveState, registry: CollectorRegistry) -> None:
        self._state = state
        self._registry = registry

    def router(self) -> APIRouter:
        """All questions as routes."""
        router = APIRouter()
        for path, answer, body in (
            ("/api/channels", self.channels, tuple[ChannelLine, ...]),
            ("/api/frame", self.frame, Frame),
            ("/api/windows", self.windows, tuple[WindowStats, ...]),
            ("/api/messages", self.messages, tuple[ChatLine, ...]),
            ("/api/summary", self.summary, Overview),
            ("/healthz", self.health, HealthReport),
        ):
            schema = msgspec.json.schema_components([body], ref_template=REF_TEMPLATE)[0][0]
            content = {"application/json": {"schema": schema}}
            router.add_api_route(
                path, answer, response_class=Response, responses={200: {"content": content, "description": "OK"}}
            )
        router.add_api_route("/metrics", self.metrics, response_class=Response, include_in_schema=False)
        return router

    def channels(self) -> Response:
        """The channels with their last 10 s."""
        return _json(self._state.channels())

    def frame(self, channel: Channel = "", after: Annotated[int, Query(ge=0)] = 0) -> Response:
        """What changed in a channel since frame number `after`; everything, capped, for 0."""
        return _json(self._state.frame(self._known(channel), after=after))

    def windows(
        self,
        channel: Channel = "",
        size: Annotated[int, Query(description="Seconds: 1 (the last 300 windows), 10 or 60 (the newest).")] = 10,
    ) -> Response:
        """A channel's newest windows of one size, ascending."""
        if size not in WINDOW_SIZES_S:
            raise HTTPException(400, f"size must be one of {list(WINDOW_SIZES_S)} seconds, got {size}")
        frame = self._state.frame(self._known(channel), after=0)
        last = {10: frame.ten, 60: frame.sixty}.get(size)
        return _json(frame.seconds if size == 1 else [last] if last else [])

    def messages(
        self, channel: Channel = "", limit: Annotated[int, Query(ge=1, le=MAX_MESSAGES)] = MAX_MESSAGES
    ) -> Response:
        """A channel's newest messages with their scores, oldest first."""
        return _json(self._state.frame(self._known(channel), after=0).messages[-limit:])

    def summary(self) -> Response:
        """All channels, the counts of lines, and the health."""
        state = self._state
        return _json(Overview(channels=state.channels(), totals=state.totals(), health=state.health()))

    def health(self, request: Request) -> Response:
        """200 while everything that is said arrives and is kept, else 503 with the reason."""
        health = self._state.health()
        report = HealthReport(status=health.status)
        if request.state.trusted:
            report = HealthReport(**{name: getattr(health, name) for name in HealthReport.__struct_fields__})
        return _json(report, status=200 if health.status is HealthStatus.OK else 503)

    def metrics(self) -> Response:
        """Counts for Prometheus."""
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    def _known(self, channel: str) -> str:
        names = [line.channel for line in self._state.channels()]
        if not channel:
            return names[0] if names else ""
        if channel not in names:
            raise HTTPException(404, f"there is no channel {channel!r}; /api/channels lists {len(names)}")
        return channel


def schemas() -> dict[str, Any]:
    """JSON schemas of everything the API answers, by name."""
    bodies = (Frame, Overview, HealthReport)
    return msgspec.json.schema_components(bodies, ref_template=REF_TEMPLATE)[1]


def _json(value: object, *, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")
