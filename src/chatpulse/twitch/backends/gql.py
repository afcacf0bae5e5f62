"""Ask Twitch's GQL over HTTP: one request, one answer, whatever goes wrong on the way a value.

What an answer means is said by `twitch.core.gql`; who asks again, and when, by `twitch.vod_chat`.
"""

import email.utils
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

import httpx

from chatpulse.errors import InputError
from chatpulse.twitch.core import gql, gql_queries
from chatpulse.twitch.core.gql import Fault, Page, Trouble, Video, VideoList
from chatpulse.twitch.core.gql_queries import Ask

TIMEOUT_S = 20.0
MAX_WAIT_S = 600.0
"""Whoever tells us to come back later than this is asked again after it."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")

T = TypeVar("T")


class GqlChatArchive:
    """Recordings and their chat behind an `https://` address, or `http://` for a simulated one."""

    def __init__(self, url: str, *, client_id: str, query_hash: str, timeout_s: float = TIMEOUT_S) -> None:
        """Prepare; nothing is sent yet.

        Args:
            url: where requests go.
            client_id: the program that Twitch takes us for.
            query_hash: stands for the text of the query for chat.
            timeout_s: longest wait for an answer.

        Raises:
            InputError: the URL names no host.
        """
        parts = urlsplit(url)
        if not parts.hostname:
            raise InputError(f"{url!r} names no server: give https://HOST/PATH")
        self.url = url
        self._hash = query_hash
        self._timeout_s = timeout_s
        self._http = httpx.AsyncClient(
            headers={"Client-ID": client_id, "Content-Type": "application/json"},
            timeout=timeout_s,
            # Reading all certificates takes .1 s, which nothing without TLS needs.
            verify=parts.scheme == "https",
            # No proxy stands between this machine and itself.
            trust_env=parts.hostname not in LOOPBACK,
        )

    async def comments(self, ask: Ask) -> Page | Fault:
        """One page of chat."""
        return await self._post(gql_queries.ask_comments(ask, query_hash=self._hash), gql.read_comments)

    async def video(self, video_id: str) -> Video | Fault:
        """What describes a recording."""
        return await self._post(gql_queries.ask_video(video_id), gql.read_video)

    async def videos(self, login: str, *, first: int, after: str = "") -> VideoList | Fault:
        """A channel's newest recordings, behind a cursor when there is one."""
        return await self._post(gql_queries.ask_videos(login, first=first, after=after), gql.read_videos)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def _post(self, request: bytes, read: Callable[..., T | Fault]) -> T | Fault:
        try:
            answer = await self._http.post(self.url, content=request)
        except httpx.TimeoutException:
            return Fault(trouble=Trouble.LOST, said=f"no answer from {self.url} within {self._timeout_s:g} s")
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            return Fault(trouble=Trouble.LOST, said=f"{self.url}: {str(exc) or type(exc).__name__}")
        found = read(answer.content, status=answer.status_code)
        if isinstance(found, Fault):
            wait_s = _retry_after_s(answer.headers)
            return Fault(trouble=found.trouble, said=found.said, retry_after_s=wait_s)
        return found


def _retry_after_s(headers: Mapping[str, str]) -> float:
    """How long the server wants us to wait: seconds, or an instant by its own clock; 0 where it does not say."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said), MAX_WAIT_S)
    try:
        until = email.utils.parsedate_to_datetime(said)
        now = email.utils.parsedate_to_datetime(headers.get("date", ""))
        return min(max(0.0, (until - now).total_seconds()), MAX_WAIT_S)
    except (TypeError, ValueError):
        return 0.0
