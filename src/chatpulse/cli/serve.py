"""`chatpulse serve`: the page and the API over stored data, without collecting."""

import asyncio

from chatpulse.cli import options
from chatpulse.cli.output import note
from chatpulse.cli.run import wait_for_stop


def serve(
    host: options.Host = None,
    port: options.Port = None,
    token: options.Token = None,
    data: options.Data = None,
    log_level: options.LogLevel = None,
) -> None:
    """Serve the page and the API over stored tables, without collecting.

    Example: chatpulse serve --data my-chat
    """
    from chatpulse.web.guard import check_binding

    settings = options.settings(data=data, log_level=log_level, host=host, port=port, token=token)
    secret = settings.token.get_secret_value()
    check_binding(settings.host, secret)
    asyncio.run(_serve(settings.data, host=settings.host, port=settings.port, token=secret or None))


async def _serve(data: str, *, host: str, port: int, token: str | None) -> None:
    from chatpulse.pipelines.stored import StoredChat
    from chatpulse.web import start

    stored = await asyncio.to_thread(StoredChat.load, data)
    server = await start(stored, host=host, port=port, token=token)
    try:
        note(f"page: {server.url} (stop with Ctrl+C)")
        await wait_for_stop(stored.refresh_until_stopped)
    finally:
        await server.stop()
