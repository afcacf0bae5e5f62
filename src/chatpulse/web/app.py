"""One ASGI application out of a state: the page, its WebSocket, the API, health and metrics."""

import asyncio
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from prometheus_client import CollectorRegistry
from starlette.exceptions import HTTPException

from chatpulse.pipelines.view import LiveState
from chatpulse.web.api import Api, schemas
from chatpulse.web.assets import load_assets
from chatpulse.web.guard import Guard
from chatpulse.web.live import Broadcast
from chatpulse.web.metrics import StateCollector


def create_app(
    state: LiveState,
    *,
    allowed_hosts: Sequence[str],
    token: str | None = None,
    registry: CollectorRegistry | None = None,
) -> FastAPI:
    """Build the application.

    Args:
        state: what it shows.
        allowed_hosts: `name:port` of every `Host` header that is served; `web.guard.served_hosts` makes them.
        token: the secret that everything but the health status asks for; None or empty for none.
        registry: where metrics are; the state's are added to it.

    Returns:
        An application that any ASGI server can run.
    """
    registry = registry or CollectorRegistry()
    broadcast = Broadcast(state)
    registry.register(StateCollector(state, lambda: broadcast.viewers))
    # The usual documentation pages load scripts from another site.
    app = _App(title="chatpulse", version=version("chatpulse"), docs_url=None, redoc_url=None)
    app.include_router(Api(state, registry).router())
    pages = _add_pages(app)
    _add_live(app, broadcast)
    app.add_exception_handler(HTTPException, _answer_error)
    app.add_exception_handler(RequestValidationError, _answer_bad_parameter)
    app.add_middleware(Guard, allowed_hosts=allowed_hosts, token=token, sign_in_page=pages["signin.html"])
    return app


class _App(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """The description of the API, with the domain's own schemas."""
        document = super().openapi()
        document.setdefault("components", {})["schemas"] = schemas()
        for path in document["paths"].values():
            # Bad parameters are 400 here, with one line of text.
            if path["get"]["responses"].pop("422", None):
                path["get"]["responses"]["400"] = {"description": "A parameter is not what it should be."}
        return document


def _add_pages(app: FastAPI) -> dict[str, bytes]:
    assets = load_assets()

    async def page(request: Request) -> Response:
        return assets["index.html"].answer(request)

    async def asset(request: Request, name: str) -> Response:
        if name not in assets:
            raise HTTPException(404, "there is no such file")
        return assets[name].answer(request)

    app.add_api_route("/", page, include_in_schema=False, response_model=None)
    app.add_api_route("/static/{name}", asset, include_in_schema=False, response_model=None)
    return {name: asset.body for name, asset in assets.items()}


def _add_live(app: FastAPI, broadcast: Broadcast) -> None:
    async def live(socket: WebSocket, channel: str = "") -> None:
        # In a thread, as everything that asks the state: it may be locked for a moment.
        if channel and not await asyncio.to_thread(broadcast.knows, channel):
            await socket.send_denial_response(JSONResponse({"error": "there is no such channel"}, 404))
            return
        await broadcast.serve(socket, channel)

    app.add_api_websocket_route("/ws", live)


async def _answer_error(_request: Request, error: Exception) -> Response:
    status, text = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    return JSONResponse({"error": text}, status)


async def _answer_bad_parameter(_request: Request, error: Exception) -> Response:
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {"loc": ("",), "msg": ""}
    return JSONResponse({"error": f"{first['loc'][-1]}: {first['msg']}"}, 400)
