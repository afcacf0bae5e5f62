"""Write a recording's chat as a JSON list of the comments as Twitch sent them, and beside it whose video it is.

`NAME.json` holds one comment a line; `NAME.vod.json` what an importer wants to know: the video, its channel, when it
began. Both appear whole or not at all.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from chatpulse.errors import StorageFullError
from chatpulse.twitch.core.gql import Video, created_at, move_comment
from chatpulse.twitch.core.vod_chat import median_lag_s
from chatpulse.twitch.vod_pages import PageFile

SAMPLES = 500
"""Comments whose clock is compared with their place in the video: enough for a median."""
BUFFER_BYTES = 1 << 20


class VodInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What `NAME.vod.json` says."""

    vod_id: str
    title: str = ""
    created_at: str = ""
    """When the recording began, which places in the video count from."""
    duration: int = 0
    """Seconds; 0 where Twitch does not know it."""
    description: str = ""
    channel: str = ""
    """Login."""
    channel_id: str = ""
    comments: int = 0
    cut_seconds: int = 0
    """Seconds of video that may lack comments."""
    shift_s: float = 0.0
    """Correction that all places in the video have had."""
    lag_s: float | None = None
    """How far the comments' own clock lies behind their places, before the correction; about 1 where all is well."""


def info_path_of(out: Path) -> Path:
    """Where the file beside a result is."""
    return out.with_name(f"{out.name.removesuffix('.json')}.vod.json")


def part_path_of(out: Path) -> Path:
    """Where the pages are until the result is whole."""
    return out.with_name(f"{out.name}.part")


def read_info(out: Path) -> VodInfo | None:
    """What the file beside a result says; None when there is no result, or no such file beside it."""
    if not out.exists():
        return None
    try:
        return msgspec.json.decode(info_path_of(out).read_bytes(), type=VodInfo, strict=False)
    except (OSError, msgspec.MsgspecError):
        return None


def write_result(out: Path, pages: PageFile, video: Video, *, shift_s: float) -> VodInfo:
    """Write both files from the pages; equal pages give equal bytes.

    Args:
        out: the result.
        pages: all of them.
        video: whose chat it is.
        shift_s: is added to every place in the video.

    Returns:
        What the file beside it says.
    """
    with _replacing(out) as path, path.open("wb", buffering=BUFFER_BYTES) as file:
        separator = b"[\n"
        for _, node in pages.nodes():
            file.write(separator)
            file.write(move_comment(node, shift_s) if shift_s else node)
            separator = b",\n"
        file.write(b"\n]\n" if separator == b",\n" else b"[]\n")
    info = VodInfo(
        vod_id=video.id,
        title=video.title,
        created_at=video.created_at,
        duration=video.length_s,
        description=video.description,
        channel=video.channel,
        channel_id=video.channel_id,
        comments=sum(part.comments for part in pages.parts),
        cut_seconds=sum(part.cut_seconds for part in pages.parts),
        shift_s=shift_s,
        lag_s=median_lag_s(video.created_at, _samples(pages)),
    )
    with _replacing(info_path_of(out)) as path:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(info)) + b"\n")
    return info


def _samples(pages: PageFile) -> Iterable[tuple[str, float]]:
    """What some comments, evenly spread, say about when they were written, and where they stand."""
    step = max(1, sum(part.comments for part in pages.parts) // SAMPLES)
    return [(created_at(node), offset_s) for number, (offset_s, node) in enumerate(pages.nodes()) if number % step == 0]


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of another once it is whole on the disk, whatever happens then."""
    passing = path.with_name(f"{path.name}.tmp")
    try:
        yield passing
        _sync(passing)
        passing.replace(path)
        _sync(path.parent)
    except OSError as exc:
        with contextlib.suppress(OSError):
            passing.unlink()
        raise StorageFullError(
            f"{path} cannot be written ({exc.strerror}): make room, or choose another --out; what was fetched is kept"
        ) from exc


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
