"""A real server in a thread of its own, for tests that talk to it from outside."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from chatpulse.pipelines.view import LiveState
from chatpulse.web import WebServer, start


@dataclass
class Running:
    """A server and the loop that it lives in."""

    server: WebServer
    loop: asyncio.AbstractEventLoop

    @property
    def url(self) -> str:
        """Without the slash at its end."""
        return self.server.url.rstrip("/")

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.port}"

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self.server.stop(), self.loop).result(timeout=10)


@contextmanager
def running(state: LiveState, *, port: int = 0, host: str = "127.0.0.1", token: str | None = None) -> Iterator[Running]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        server = asyncio.run_coroutine_threadsafe(start(state, host=host, port=port, token=token), loop).result(10)
        served = Running(server, loop)
        yield served
        served.stop()
    finally:
        asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
