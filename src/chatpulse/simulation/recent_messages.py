"""The recent-messages service on loopback: what a channel has just said, for who was not there.

    async with SimulatedRecentMessages({"reef": heard}) as service:
        ...  # GET service.recent_url + "/reef?limit=100&after=1700000000000"

`heard` is a list that may grow while the service runs. Mishaps strike as for every `WebService`.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from chatpulse.simulation.core.recent import IGNORED, INVALID, NOT_JOINED, Heard, answer
from chatpulse.simulation.web_service import WebService

PATH = "/api/v2/recent-messages"


class SimulatedRecentMessages(WebService):
    """The service; a channel that is not in `heard` is one that nobody asked for before."""

    def __init__(
        self,
        heard: Mapping[str, Sequence[Heard]],
        *,
        excluded: Collection[str] = (),
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        port: int = 0,
    ) -> None:
        """Prepare, without listening.

        Args:
            heard: what the service knows, by channel.
            excluded: channels whose owners do not want this.
            now_ms: the time of day.
            port: 0 takes a free one.
        """
        super().__init__(port=port)
        self._heard = heard
        self._excluded = excluded
        self._now_ms = now_ms
        self.left: set[str] = set()
        """Channels that the service left for a while: their history may have holes."""

    @property
    def recent_url(self) -> str:
        """Behind it comes `/{login}`."""
        return f"{self.url}{PATH}"

    def answer(self, path: str, query: Mapping[str, str]) -> tuple[int, Any] | None:
        """What the service says."""
        login = path.removeprefix(f"{PATH}/")
        if not path.startswith(f"{PATH}/"):
            return 404, _failure(404, ("not_found", "Not Found"))
        if not (login.isascii() and login.replace("_", "a").isalnum() and login == login.lower()):
            return 400, _failure(400, INVALID)
        if login in self._excluded:
            return 403, _failure(403, IGNORED)
        code, said = NOT_JOINED if login in self.left or login not in self._heard else (None, None)
        lines = answer(self._heard.get(login, ()), query, now_ms=self._now_ms())
        return 200, {"messages": lines, "error": said, "error_code": code}


def _failure(status: int, reason: tuple[str, str]) -> dict[str, object]:
    return {"status": status, "status_message": reason[1], "error": reason[1], "error_code": reason[0]}
