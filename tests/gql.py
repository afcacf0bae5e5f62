"""A simulated GQL server beside a test that runs the program."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, Self

from chatpulse.simulation.core.gql import GqlScript, GqlSession
from chatpulse.simulation.gql import SimulatedGql


class ServedGql:
    """The server in a thread of its own, for as long as the context lasts."""

    def __init__(self, script: GqlScript) -> None:
        self._gql = SimulatedGql(script)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._gql.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._gql.__aexit__())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def url(self) -> str:
        return self._gql.url

    @property
    def session(self) -> GqlSession:
        return self._gql.session

    def _run(self, work: Coroutine[Any, Any, object]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)
