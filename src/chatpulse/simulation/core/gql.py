"""Answer GQL requests about recordings as Twitch does, and in every way in which Twitch does not.

Without faults an answer to a request for chat is a page that begins at the place asked for, with a few comments before
it, or behind a cursor. Faults strike on every n-th request, one kind after the other; what lasts (cursors refused, a
hash forgotten, too many at once) is part of the script. What was asked and handed out is counted, for tests to compare.
"""

import base64
import bisect
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec

from chatpulse.simulation.core.recordings import SimulatedVod


class GqlFault(StrEnum):
    """One way in which an answer is not what was asked for."""

    ERRORS = "errors"
    """HTTP 200, and `errors` beside null."""
    ERROR_BODY = "error body"
    """HTTP 200, and an error in place of data."""
    TRUNCATED = "truncated"
    """Half a JSON document that claims to be whole."""
    NULL_COMMENTS = "null comments"
    TOO_MANY = "429"
    UNAVAILABLE = "503"
    CUT = "cut"
    """The connection ends in the middle of the answer."""
    RESET = "reset"
    """The connection ends without an answer."""
    SLOW = "slow"
    """The answer comes, late."""


class Ending(StrEnum):
    """How an answer leaves the server."""

    WHOLE = "whole"
    CUT = "cut"
    RESET = "reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class GqlScript:
    """What the server has, and what goes wrong."""

    vods: Sequence[SimulatedVod]
    """Newest first."""
    page_size: int = 50
    lead_in: int = 3
    """Comments before the place asked for, that a page begins with."""
    latency_s: float = 0.0
    fault_every: int = 0
    """Every n-th request meets a fault; 0: none does."""
    faults: Sequence[GqlFault] = tuple(GqlFault)
    """The kinds, in turn."""
    slow_s: float = 0.2
    retry_after: str = "0"
    """What HTTP 429 says."""
    refuses_cursors: bool = False
    """Integrity is checked for requests by cursor."""
    hashes: Collection[str] | None = None
    """Hashes that are known; None: every one."""
    reads_full_queries: bool = True
    """A query for chat may be written out."""
    calm: int | None = None
    """Most requests at once that get comments; more get null."""
    subscribers_only: Collection[str] = ()
    """Ids of recordings that are not for everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GqlAnswer:
    """One answer on its way."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    ending: Ending = Ending.WHOLE


@dataclass(slots=True, kw_only=True)
class GqlSession:
    """The server's side of everything that is asked."""

    script: GqlScript
    requests: int = 0
    struck: Counter[GqlFault] = field(default_factory=Counter)
    pages: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Pages handed out whole, by recording and by where they begin."""
    most_at_once: int = 0

    def answer(self, body: bytes, *, at_once: int, known_client: bool = True) -> GqlAnswer:
        """Answer one request.

        Args:
            body: what was asked.
            at_once: requests under way now, this one among them.
            known_client: it has a client id.

        Returns:
            The answer, and how it leaves.
        """
        self.requests += 1
        self.most_at_once = max(self.most_at_once, at_once)
        if not known_client:
            return _refusal(400, 'The "Client-ID" header is missing from the request.')
        try:
            request = msgspec.json.decode(body, type=dict[str, Any])
            variables = dict(request["variables"])
        except (msgspec.MsgspecError, KeyError, TypeError, ValueError):
            return _refusal(400, "the request is no GraphQL")
        script = self.script
        if script.fault_every and self.requests % script.fault_every == 0:
            return self._strike(request, variables, at_once=at_once)
        return GqlAnswer(body=self._data(request, variables, at_once=at_once), delay_s=script.latency_s)

    def _strike(self, request: dict[str, Any], variables: dict[str, Any], *, at_once: int) -> GqlAnswer:
        kind = self.script.faults[self.struck.total() % len(self.script.faults)]
        self.struck[kind] += 1
        fixed = _fixed_answers(self.script, variables).get(kind)
        if fixed is not None:
            return fixed
        body = self._data(request, variables, at_once=at_once, counted=kind is GqlFault.SLOW)
        if kind is GqlFault.SLOW:
            return GqlAnswer(body=body, delay_s=self.script.slow_s)
        return GqlAnswer(body=body[: len(body) // 2], ending=Ending.CUT if kind is GqlFault.CUT else Ending.WHOLE)

    def _data(self, request: dict[str, Any], variables: dict[str, Any], *, at_once: int, counted: bool = True) -> bytes:
        if "login" in variables:
            return self._list(variables)
        video_id = str(variables.get("id", variables.get("videoID")))
        vod = next((vod for vod in self.script.vods if vod.id == video_id), None)
        if "id" in variables:
            return msgspec.json.encode({"data": {"video": vod and _facts(vod)}})
        trouble = self._trouble(request, variables)
        if trouble:
            return _errors(trouble)
        if vod is None:
            return b'{"data":{"video":null}}'
        calm = self.script.calm
        return _null_comments(variables) if calm and at_once > calm else self._page(vod, variables, counted=counted)

    def _trouble(self, request: dict[str, Any], variables: dict[str, Any]) -> str:
        """Why a request for chat is not answered at all."""
        script = self.script
        if "query" in request:
            if not script.reads_full_queries:
                return "service timeout"
        elif script.hashes is not None:
            persisted = request.get("extensions", {}).get("persistedQuery", {})
            if persisted.get("sha256Hash") not in script.hashes:
                return "PersistedQueryNotFound"
        if script.refuses_cursors and "cursor" in variables:
            return "failed integrity check"
        return "unauthorized: subscribers only" if variables.get("videoID") in script.subscribers_only else ""

    def _page(self, vod: SimulatedVod, variables: dict[str, Any], *, counted: bool) -> bytes:
        if "cursor" in variables:
            first = int(base64.b64decode(variables["cursor"])) + 1
        else:
            place = variables.get("contentOffsetSeconds", 0)
            first = max(0, bisect.bisect_left(vod.comments, (place, b"")) - self.script.lead_in)
        page = vod.comments[first : first + self.script.page_size]
        if counted:
            self.pages[vod.id, str(variables.get("cursor", variables.get("contentOffsetSeconds")))] += 1
        edges = b",".join([
            b'{"cursor":"%s","node":%s}' % (base64.b64encode(str(first + number).encode()), comment.node)
            for number, comment in enumerate(page)
        ])
        more = b"true" if first + len(page) < len(vod.comments) else b"false"
        before = b"true" if first else b"false"
        return (
            b'{"data":{"video":{"id":"%s","creator":{"id":"%s","channel":{"id":"%s"}},"comments":{"edges":[%s],'
            b'"pageInfo":{"hasNextPage":%s,"hasPreviousPage":%s}}}},"extensions":{"durationMilliseconds":31}}'
            % (vod.id.encode(), vod.channel_id.encode(), vod.channel_id.encode(), edges, more, before)
        )

    def _list(self, variables: dict[str, Any]) -> bytes:
        """A channel's recordings."""
        vods = [vod for vod in self.script.vods if vod.channel == variables["login"]]
        if not vods:
            return b'{"data":{"user":null}}'
        first = int(variables.get("after") or 0)
        listed = vods[first : first + variables["first"]]
        edges = [{"cursor": str(first + number + 1), "node": {"id": vod.id}} for number, vod in enumerate(listed)]
        more = first + len(listed) < len(vods)
        videos = {"edges": edges, "pageInfo": {"hasNextPage": more}}
        return msgspec.json.encode({"data": {"user": {"videos": videos}}})


def _fixed_answers(script: GqlScript, variables: dict[str, Any]) -> dict[GqlFault, GqlAnswer]:
    """Faults that look the same whatever was asked."""
    return {
        GqlFault.ERRORS: GqlAnswer(body=_errors("service error", data='{"video":null}')),
        GqlFault.ERROR_BODY: GqlAnswer(body=b'{"error":"Service Unavailable","status":503,"message":""}'),
        GqlFault.NULL_COMMENTS: GqlAnswer(body=_null_comments(variables)),
        GqlFault.TOO_MANY: GqlAnswer(body=b"slow down", status=429, headers={"Retry-After": script.retry_after}),
        GqlFault.UNAVAILABLE: GqlAnswer(body=b"<html>503</html>", status=503),
        GqlFault.RESET: GqlAnswer(body=b"", ending=Ending.RESET),
    }


def _facts(vod: SimulatedVod) -> dict[str, Any]:
    return {
        "id": vod.id,
        "title": vod.title,
        "description": None,
        "createdAt": vod.created_at,
        "lengthSeconds": vod.length_s,
        "owner": {"id": vod.channel_id, "login": vod.channel},
    }


def _errors(message: str, *, data: str = "null") -> bytes:
    return b'{"errors":[{"message":"%s"}],"data":%s,"extensions":{}}' % (message.encode(), data.encode())


def _null_comments(variables: dict[str, Any]) -> bytes:
    video_id = variables.get("videoID", variables.get("id"))
    return msgspec.json.encode({"data": {"video": {"id": video_id, "creator": None, "comments": None}}})


def _refusal(status: int, message: str) -> GqlAnswer:
    return GqlAnswer(
        body=msgspec.json.encode({"error": "Bad Request", "status": status, "message": message}), status=status
    )
