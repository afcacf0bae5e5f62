"""Fetch the chat of recordings into files: as many requests at once as good manners allow, and never the same twice.

    archive (Twitch's GQL) -> ChatPager (which page next) -> PageFile (kept on disk) -> NAME.json and NAME.vod.json

Whatever ends the process, the next run goes on where the last page was kept and writes the same bytes.
"""

import asyncio
import functools
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from chatpulse.errors import ChatPulseError, ConnectionLostError, InputError, PermanentError
from chatpulse.runtime.retry import Backoff
from chatpulse.twitch.core.gql import Fault, Page, Trouble, Video
from chatpulse.twitch.core.gql_queries import LIST_FIRST, Ask
from chatpulse.twitch.core.vod_chat import FINAL, ChatPager, looks_moved, pick_shift, split_video
from chatpulse.twitch.ports import ChatArchive
from chatpulse.twitch.vod_files import VodInfo, info_path_of, part_path_of, read_info, write_result
from chatpulse.twitch.vod_pages import PageFile

SAID = 200
"""Characters of what a server said that an error quotes."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a service is treated that owes us nothing."""

    parallel: int = 4
    """Most requests under way."""
    attempts: int = 10
    """Failures in a row that one page may have."""
    backoff_s: float = 1.0
    """Ceiling of the wait after a first failure..."""
    backoff_most_s: float = 60.0
    """...and of the longest wait."""
    rng: random.Random = field(default_factory=random.Random)  # noqa: S311  (waits are no secret)

    def backoff(self) -> Backoff:
        """A count of failures in a row, with the wait after each."""
        return Backoff(rng=self.rng, base_s=self.backoff_s, cap_s=self.backoff_most_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one video is."""

    video_id: str
    comments: int
    share: float | None
    """Of the video's length, 0 to 1; None where Twitch does not say how long it is."""
    rate_hz: float
    """Comments a second in this run."""
    remaining_s: float | None
    """At the pace of this run; None while that is not known."""


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one video; requests, retries and seconds are of this run, all else of earlier ones too."""

    video_id: str
    channel: str = ""
    title: str = ""
    comments: int = 0
    pages: int = 0
    requests: int = 0
    retries: int = 0
    """Requests that brought nothing."""
    ranges: int = 0
    seconds: float = 0.0
    file: str = ""
    info_file: str = ""
    resumed: bool = False
    """An earlier run had begun it."""
    kept: bool = False
    """It was there already, and was not fetched again."""
    hash_rotated: bool = False
    """Twitch does not know the hash of the query any more; it was written out in full."""
    cut_seconds: int = 0
    """Seconds of video that may lack comments, since cursors were refused."""
    shift_s: float = 0.0
    """Correction of all places in the video."""
    lag_s: float | None = None
    """How far the comments' own clock lies behind their places, before the correction; about 1 where all is well."""
    looks_moved: bool = False
    """Its comments seem to stand elsewhere in the video than they belong, and no correction was given."""
    error: str = ""
    """Why there is no result."""


class ChatFetcher:
    """Fetches one video after the other from one archive."""

    def __init__(
        self,
        archive: ChatArchive,
        manners: Manners,
        *,
        shifts: Mapping[str, float] | None = None,
        again: bool = False,
        report: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        """Prepare; nothing is asked yet.

        Args:
            archive: where recordings are.
            manners: how it is treated.
            shifts: corrections in seconds by video id, by channel, or for all (`""`).
            again: fetch also what is there already.
            report: called after each page.
        """
        self._archive = archive
        self._manners = manners
        self._shifts = shifts or {}
        self._again = again
        self._report = report

    async def newest(self, login: str, count: int) -> list[str]:
        """Ids of a channel's newest recordings, newest first; fewer when there are fewer."""
        found: dict[str, None] = {}
        cursor = ""
        while True:
            first = min(count - len(found), LIST_FIRST)
            ask = functools.partial(self._archive.videos, login, first=first, after=cursor)
            listed, _ = await self._patiently(ask, f"channel {login}")
            before = len(found)
            found.update(dict.fromkeys(listed.ids))
            cursor = listed.cursor
            if not cursor or len(found) >= count or len(found) == before:
                return list(found)[:count]

    async def fetch(self, video_id: str, out: Path) -> Fetched:
        """Fetch the chat of one video into a file, or go on with it.

        Errors name the video and the next step: it is gone, it is not for us, Twitch stopped answering, the disk is
        full. What came before them is kept for the next run.

        Args:
            video_id: the video.
            out: the result; `*.vod.json` is written beside it, and `*.part` stands there while it is not whole.

        Returns:
            What came of it.
        """
        began_s = time.monotonic()
        # Asked first, so that a video that is gone leaves nothing behind.
        video, lost = await self._patiently(lambda: self._archive.video(video_id), f"video {video_id}")
        shift_s = pick_shift(self._shifts, video_id=video_id, channel=video.channel)
        result = Fetched(
            video_id=video_id,
            channel=video.channel,
            title=video.title,
            file=str(out),
            info_file=str(info_path_of(out)),
            shift_s=shift_s,
            requests=lost + 1,
            retries=lost,
        )
        there = self._what_is_there(out, video, shift_s=shift_s)
        if there is not None:
            return msgspec.structs.replace(result, kept=True, comments=there.comments, **_lag(there))
        result = await self._fetch(result, video, out)
        return msgspec.structs.replace(result, seconds=round(time.monotonic() - began_s, 3))

    def _what_is_there(self, out: Path, video: Video, *, shift_s: float) -> VodInfo | None:
        """What stands beside a result that is whole and still right; None when there is something to fetch."""
        if self._again or part_path_of(out).exists() or not out.exists():
            return None
        info = read_info(out)
        if info is None or info.vod_id != video.id:
            raise InputError(
                f"{out} exists and is not the chat of video {video.id}: choose another --out, or add --again"
            )
        # The recording of a stream that goes on has grown since.
        return info if (info.duration, info.shift_s) == (video.length_s, shift_s) else None

    async def _fetch(self, result: Fetched, video: Video, out: Path) -> Fetched:
        manners = self._manners
        with PageFile(
            part_path_of(out), video.id, split=lambda: split_video(video.length_s, manners.parallel)
        ) as pages:
            pager = ChatPager(
                video_id=video.id,
                parts=pages.parts,
                parallel=manners.parallel,
                attempts=manners.attempts,
                seen=pages.keys(),
            )
            await _Reading(
                self._archive, pager, pages, manners=manners, report=_Meter(pager, video, self._report)
            ).run()
            info = await asyncio.to_thread(write_result, out, pages, video, shift_s=result.shift_s)
            pages.remove()
        return msgspec.structs.replace(
            result,
            comments=pager.comments,
            pages=pager.pages,
            requests=result.requests + pager.requests,
            retries=result.retries + pager.retries,
            ranges=len(pager.parts),
            resumed=pages.resumed,
            hash_rotated=pager.in_full,
            cut_seconds=pager.cut_seconds,
            **_lag(info),
        )

    async def _patiently(self, ask: Callable[[], Awaitable[T | Fault]], what: str) -> tuple[T, int]:
        """An answer to a question that is not about chat, and how many requests before it brought none."""
        backoff = self._manners.backoff()
        while True:
            answer = await ask()
            if not isinstance(answer, Fault):
                return answer, backoff.failures
            wait_s = max(backoff.wait_s(), answer.retry_after_s)
            if answer.trouble in FINAL or backoff.failures >= self._manners.attempts:
                raise _error(answer, what)
            await asyncio.sleep(wait_s)


class _Reading:
    """One video's chat while it is being read."""

    def __init__(
        self,
        archive: ChatArchive,
        pager: ChatPager,
        pages: PageFile,
        *,
        manners: Manners,
        report: Callable[[], None],
    ) -> None:
        self._archive = archive
        self._pager = pager
        self._pages = pages
        self._report = report
        self._backoffs = {part.number: manners.backoff() for part in pager.parts}
        self._asking: dict[asyncio.Task[Page | Fault], Ask] = {}

    async def run(self) -> None:
        """Read to the end, or raise what ended it; each page is kept before the next is asked for."""
        pager = self._pager
        try:
            while not pager.finished:
                for ask in pager.due(now_s=time.monotonic()):
                    self._asking[asyncio.create_task(self._archive.comments(ask))] = ask
                await self._take(timeout_s=pager.wait_s(now_s=time.monotonic()))
        finally:
            for task in self._asking:
                task.cancel()
            await asyncio.gather(*self._asking, return_exceptions=True)
        if pager.failure is not None:
            raise _error(pager.failure, f"video {pager.video_id}", in_full=pager.in_full)

    async def _take(self, *, timeout_s: float | None) -> None:
        """Wait for answers, or until something else is due, and take what came."""
        if not self._asking:
            await asyncio.sleep(timeout_s or 0.0)
            return
        done, _ = await asyncio.wait(self._asking, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            ask, answer = self._asking.pop(task), task.result()
            backoff = self._backoffs[ask.part]
            if isinstance(answer, Fault):
                self._pager.fail(ask, answer, now_s=time.monotonic(), wait_s=backoff.wait_s())
            else:
                backoff.failures = 0
                fresh = self._pager.receive(ask, answer)
                self._pages.add(self._pager.parts[ask.part], fresh)
                self._report()


class _Meter:
    """Turns how far a video is into pace and time left."""

    def __init__(self, pager: ChatPager, video: Video, report: Callable[[Progress], None]) -> None:
        self._pager = pager
        self._video = video
        self._report = report
        self._began_s = time.monotonic()
        self._before = (pager.comments, pager.covered_s(video.length_s))

    def __call__(self) -> None:
        """Report how things stand."""
        pager, length_s = self._pager, self._video.length_s
        took_s = max(1e-3, time.monotonic() - self._began_s)
        covered_s = pager.covered_s(length_s)
        new_s = covered_s - self._before[1]
        self._report(
            Progress(
                video_id=pager.video_id,
                comments=pager.comments,
                share=covered_s / length_s if length_s else None,
                rate_hz=(pager.comments - self._before[0]) / took_s,
                remaining_s=(length_s - covered_s) * took_s / new_s if new_s > 0 else None,
            )
        )


def _lag(info: VodInfo) -> dict[str, Any]:
    return {"lag_s": info.lag_s, "looks_moved": not info.shift_s and looks_moved(info.lag_s)}


def _error(fault: Fault, what: str, *, in_full: bool = False) -> ChatPulseError:
    """One sentence about what ended it, with the next step."""
    kind, sentence = _SENTENCES.get(fault.trouble, (ConnectionLostError, _LOST))
    if in_full:
        what = f"{what}: hash rotated, and written out in full"
    return kind(sentence.format(what=what, said=fault.said[:SAID]))


_LOST = "{what}: no answer that can be used ({said}): run it again later, it goes on where it stopped"
_SENTENCES: dict[Trouble, tuple[type[ChatPulseError], str]] = {
    Trouble.GONE: (InputError, "{what} does not exist, or not any more: look at its address on twitch.tv"),
    Trouble.RESTRICTED: (PermanentError, "{what} is not for us ({said}): it is for subscribers only, or private"),
    Trouble.ROTATED: (
        PermanentError,
        "{what}: hash rotated: Twitch does not know our query any more ({said}): update chatpulse, or set gql_hash",
    ),
    Trouble.REFUSED: (
        PermanentError,
        "{what}: Twitch refuses our requests ({said}): check gql_url and gql_client_id",
    ),
    Trouble.INTEGRITY: (
        PermanentError,
        "{what}: Twitch wants a proof that only browsers have ({said}): set another gql_client_id",
    ),
    Trouble.EMPTY: (
        ConnectionLostError,
        "{what}: Twitch hands out no chat ({said}): it may be for subscribers only, or have none; "
        "if not, run it again later, it goes on where it stopped",
    ),
}
