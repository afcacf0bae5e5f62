"""`chatpulse serve`: the page and the API over stored data, without collecting."""

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

import msgspec

from chatpulse.cli import options
from chatpulse.cli.output import note, print_json
from chatpulse.cli.run import run_until_stopped

if TYPE_CHECKING:
    from chatpulse.settings import Settings


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """What `chatpulse serve --json` says at the end."""

    url: str | None
    """Where the page was; None when it was stopped before there was one."""
    seconds: float
    """How long the page was there."""


@options.configured(options.ADDRESS, options.TOKEN, stops_itself=True)
def serve(*, settings: "Settings", json: options.Json = False) -> None:
    """Serve the page and the API over stored tables, without collecting.

    It runs until Ctrl+C or SIGTERM.

    Example: chatpulse serve --data my-chat
    """
    from chatpulse.web.guard import check_binding

    check_binding(settings.host, settings.token.get_secret_value())
    run_until_stopped(_serve(settings, json=json), otherwise=lambda: _report(Served(url=None, seconds=0.0), json=json))


async def _serve(settings: "Settings", *, json: bool) -> None:
    from chatpulse.pipelines.stored import StoredChat
    from chatpulse.web import start

    stored = await asyncio.to_thread(StoredChat.load, settings.data)
    secret = settings.token.get_secret_value()
    server = await start(stored, host=settings.host, port=settings.port, token=secret or None)
    began_s = time.monotonic()
    try:
        note(f"page: {server.url} (stop with Ctrl+C)")
        with contextlib.suppress(asyncio.CancelledError):
            await stored.refresh_until_stopped()
    finally:
        await server.stop()
    _report(Served(url=server.url, seconds=round(time.monotonic() - began_s, 3)), json=json)


def _report(served: Served, *, json: bool) -> None:
    if json:
        print_json(served)
