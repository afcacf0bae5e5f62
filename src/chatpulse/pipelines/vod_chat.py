"""Settings and wishes in, files of recorded chat out; one recording after the other, each as whole as it can be had."""

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from chatpulse import registry
from chatpulse.errors import ChatPulseError, InputError, StorageFullError, TransientError
from chatpulse.settings import Settings
from chatpulse.twitch.core.gql import Fault, Trouble
from chatpulse.twitch.core.gql_queries import Ask, parse_login, parse_video_id
from chatpulse.twitch.ports import ChatArchive
from chatpulse.twitch.vod_chat import ChatFetcher, Fetched, Manners, Progress

NO_VIDEO = "1"
"""The hash of a query is looked up before the video; there is none of this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be fetched, and where to."""

    videos: Sequence[str] = ()
    """Ids or addresses..."""
    channel: str = ""
    """...or whose newest recordings..."""
    last: int = 1
    """...and how many of them."""
    out: Path | None = None
    """A file for one video, or a folder; the current folder when not given."""
    shifts: Mapping[str, float] = field(default_factory=dict)
    """Corrections in seconds by video id, channel, or for all (`""`)."""
    again: bool = False
    """Fetch also what is there already."""


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """All videos together."""

    videos: int
    failed: int
    comments: int
    pages: int
    requests: int
    retries: int
    seconds: float


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a wish."""

    videos: tuple[Fetched, ...]
    total: Total


async def fetch_chats(
    settings: Settings, wish: Wish, *, report: Callable[[Progress], None], done: Callable[[Fetched], None]
) -> Report:
    """Fetch what is wished for.

    A video that cannot be had is reported with its error, and the next one is tried; once Twitch does not answer any
    more, or the disk is full, the rest is not tried.

    Args:
        settings: how Twitch is asked.
        wish: what is to be fetched.
        report: called after each page.
        done: called after each video.

    Returns:
        What came of each.

    Raises:
        InputError: a video, a channel or a place for the result can be none.
    """
    if bool(wish.videos) == bool(wish.channel):
        raise InputError(
            "name recordings, or a channel with --user: chatpulse vod-chat VIDEO..., or --user NAME --last N"
        )
    videos = list(dict.fromkeys(map(parse_video_id, wish.videos)))
    login = parse_login(wish.channel) if wish.channel else ""
    async with _archive(settings) as archive:
        fetcher = ChatFetcher(archive, manners(settings), shifts=wish.shifts, again=wish.again, report=report)
        videos = videos or await fetcher.newest(login, wish.last)
        if not videos:
            raise InputError(f"channel {login} keeps no recordings: name one by its id")
        places = _places(wish.out, videos)
        fetched: list[Fetched] = []
        stopped = False
        for video_id, out in zip(videos, places, strict=True):
            try:
                fetched.append(await fetcher.fetch(video_id, out))
            except ChatPulseError as exc:
                fetched.append(Fetched(video_id=video_id, channel=login, file=str(out), error=str(exc)))
                stopped = isinstance(exc, TransientError)
            done(fetched[-1])
            if stopped:
                break
    return Report(videos=tuple(fetched), total=_total(fetched))


def manners(settings: Settings) -> Manners:
    """How the settings treat Twitch."""
    return Manners(
        parallel=settings.gql_parallel,
        attempts=settings.gql_attempts,
        backoff_s=settings.gql_backoff_s,
        backoff_most_s=settings.gql_backoff_most_s,
    )


async def look_for_hash(settings: Settings, *, timeout_s: float) -> str:
    """Whether Twitch still knows the hash of the query for chat.

    Args:
        settings: the hash, and whom to ask.
        timeout_s: longest wait for the answer.

    Returns:
        What was found, when all is well.

    Raises:
        ChatPulseError: it does not, or does not answer.
    """
    async with _archive(settings, timeout_s=timeout_s) as archive:
        answer = await archive.comments(Ask(part=0, video_id=NO_VIDEO))
    if not isinstance(answer, Fault) or answer.trouble is Trouble.GONE:
        return f"{settings.gql_url} knows the query {settings.gql_hash[:8]}"
    if answer.trouble is Trouble.ROTATED:
        raise ChatPulseError(
            f"hash rotated: {settings.gql_url} does not know the query {settings.gql_hash[:8]} any more"
        )
    raise ChatPulseError(f"not looked for: {answer.said}")


@contextlib.asynccontextmanager
async def _archive(settings: Settings, *, timeout_s: float | None = None) -> AsyncIterator[ChatArchive]:
    archive: ChatArchive = registry.backend("gql", settings.gql_url)(
        settings.gql_url,
        client_id=settings.gql_client_id,
        query_hash=settings.gql_hash,
        timeout_s=timeout_s or settings.gql_timeout_s,
    )
    try:
        yield archive
    finally:
        await archive.close()


def _places(out: Path | None, videos: Sequence[str]) -> list[Path]:
    """Where the chat of each video goes: `ID.json` in a folder, unless there is one video and a name for it."""
    if out is not None and len(videos) == 1 and not out.is_dir():
        folder, names = out.parent, [out.name]
    elif out is not None and (out.suffix == ".json" or out.is_file()):
        raise InputError(f"--out {out} is one file for {len(videos)} recordings: give a folder")
    else:
        folder, names = out or Path(), [f"{video_id}.json" for video_id in videos]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise StorageFullError(f"the folder {folder} cannot be made ({exc.strerror}): choose another --out") from exc
    return [folder / name for name in names]


def _total(fetched: Sequence[Fetched]) -> Total:
    return Total(
        videos=len(fetched),
        failed=sum(bool(one.error) for one in fetched),
        comments=sum(one.comments for one in fetched),
        pages=sum(one.pages for one in fetched),
        requests=sum(one.requests for one in fetched),
        retries=sum(one.retries for one in fetched),
        seconds=round(sum(one.seconds for one in fetched), 3),
    )
