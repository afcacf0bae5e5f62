"""Write chat out of the tables into a file that other tools read.

The file is made under a temporary name beside its own and gets that in one step, when it is whole and on the list of
exports. TwitchDownloader's JSON and `.irc` hold one recording, whose messages have a place in seconds after its start;
NDJSON, CSV and Parquet hold whatever rows there are, with every column.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from chatpulse.domain.chat import TimeKind
from chatpulse.errors import InputError, StorageFullError
from chatpulse.lake.core.rows import FIRST_TS_US, LAST_TS_US
from chatpulse.lake.export import Extent, Picked, Selection, write_parquet
from chatpulse.pipelines.exports import PARQUET, Exported, Exports, sha256_of, temporary
from chatpulse.settings import Settings
from chatpulse.twitch.formats.write import WRITERS
from chatpulse.twitch.formats.writing import About, write

T = TypeVar("T")

ENDINGS = {
    ".json": "twitchdownloader",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".parquet": PARQUET,
    ".irc": "irc",
}
"""The format that the end of a file's name stands for."""
FORMATS = tuple(dict.fromkeys(ENDINGS.values()))
OF_RECORDINGS = ("twitchdownloader", "irc")
"""Formats of one recording's messages."""
SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be written, and where."""

    selection: Selection
    target: Path
    format: str = ""
    """Empty: what the end of the name stands for."""
    start_us: int | None = None
    """When the recording starts; None: with the second of the first message."""
    force: bool = False
    """Replace a file that is there."""


class ExportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was written."""

    path: str
    format: str
    table: str
    channel: str
    rows: int
    size_bytes: int
    sha256: str
    time: str
    """What times count from: `epoch`, `offset`, `none`; `mixed` when not all from the same, empty without rows."""
    first: str | None
    """When the first row was said: an instant, or h:mm:ss from the start; null where there is no such thing."""
    last: str | None
    left_out: dict[str, int]
    """Rows that the file does not hold: `deleted`, and by what their time counts from those of no use in it."""


def export(settings: Settings, request: Request, *, count: Callable[[int], object] = bool) -> ExportReport:
    """Write a file, put it on the list, and say what is in it.

    Args:
        settings: where tables and state are.
        request: what to write.
        count: told how many more rows were written, every now and then.

    Returns:
        What the file holds.

    Raises:
        InputError: there is no such channel, or the file cannot be made this way.
        StorageFullError: no room, or no right.
    """
    name = format_of(request)
    target = request.target.absolute()
    if target.exists() and not (request.force and target.is_file()):
        raise InputError(f"{request.target} exists: --force replaces a file, or choose another name")
    exports = Exports(settings.state_folder())
    rewrites = exports.rewrites()
    try:
        with temporary(target) as made, Picked(settings.data, request.selection.table) as picked:
            plan = _plan(picked, request, name)
            _write_rows(picked, plan, made, count=count)
            entry = _entry(plan, target, sha256=sha256_of(made))
            size_bytes = made.stat().st_size
            exports.add(made, entry, rewrites=rewrites, force=request.force)
    except OSError as exc:
        raise StorageFullError(
            f"{request.target} cannot be written ({exc.strerror}): choose another name or folder"
        ) from exc
    return _report(plan, entry, size_bytes)


def format_of(request: Request) -> str:
    """The format of the file; `InputError` when there is none of this name, or it cannot hold the table."""
    name = request.format or ENDINGS.get(request.target.suffix.lower(), "")
    if name not in FORMATS:
        asked = f"format {name!r}" if name else f"{request.target.name!r} has no ending that stands for a format"
        raise InputError(f"{asked}: --format takes {', '.join(FORMATS)}")
    if name in OF_RECORDINGS and request.selection.table != "messages":
        raise InputError(f"{name} holds messages only: write {request.selection.table} as ndjson, csv or parquet")
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What goes into the file."""

    format: str
    selection: Selection
    about: About
    extents: list[Extent]
    left_out: dict[str, int]

    @property
    def rows(self) -> int:
        return sum(extent.rows for extent in self.extents)


def _plan(picked: Picked, request: Request, name: str) -> _Plan:
    selection = request.selection
    if request.start_us is not None:
        selection = replace(selection, since_us=max(selection.since_us or request.start_us, request.start_us))
    found = [extent for extent in picked.extents(selection) if extent.rows or extent.deleted]
    if not found:
        _require_known(picked, selection)
    kinds = {extent.time_kind: extent for extent in found}
    if name in OF_RECORDINGS and found:
        kind = _kind_of_recording(picked, selection, kinds)
        selection = replace(selection, time_kind=kind)
        kinds = {kind: kinds[kind]}
    chosen = [extent for extent in kinds.values() if extent.rows]
    others = {extent.time_kind.value: extent.rows for extent in found if extent.time_kind not in kinds and extent.rows}
    deleted = sum(extent.deleted for extent in kinds.values())
    return _Plan(
        format=name,
        selection=selection,
        about=_about(picked, selection, chosen=chosen, start_us=request.start_us),
        extents=chosen,
        left_out=others | ({"deleted": deleted} if deleted else {}),
    )


def _require_known(picked: Picked, selection: Selection) -> None:
    """Raise `InputError` for a channel or a recording that has no rows at all; a span may be empty."""
    channels = picked.channels()
    if selection.channel not in channels:
        known = f"there are {', '.join(channels[:20])}" if channels else "the table is empty"
        raise InputError(f"channel {selection.channel!r} has no rows in {selection.table}: {known}")
    videos = picked.videos(selection.channel)
    if selection.video_id is not None and selection.video_id not in videos:
        known = f"there are {', '.join(videos[:20])}" if videos else "it has live chat only"
        raise InputError(f"channel {selection.channel!r} has no rows of video {selection.video_id!r}: {known}")


def _kind_of_recording(picked: Picked, selection: Selection, kinds: dict[TimeKind, Extent]) -> TimeKind:
    """What times count from in a file that can hold one recording; without a video that is the live channel's clock."""
    kind = next(kind for kind in TimeKind if kind in kinds)
    if selection.video_id is None and kind is not TimeKind.EPOCH:
        videos = ", ".join(picked.videos(selection.channel)[:20])
        raise InputError(
            f"the chat of {selection.channel!r} has no dates, and recordings are not mixed in one file of this format: "
            f"choose one of {videos} by --video-id"
        )
    return kind


def _about(picked: Picked, selection: Selection, *, chosen: list[Extent], start_us: int | None) -> About:
    epoch = next((extent for extent in chosen if extent.time_kind is TimeKind.EPOCH), None)
    if epoch and start_us is None:
        start_us = epoch.first_us - epoch.first_us % SECOND_US
    return About(
        columns=picked.columns(),
        channel=selection.channel,
        room_id=next((extent.room_id for extent in chosen if extent.room_id), ""),
        video_id=selection.video_id or "",
        start_us=start_us if epoch else None,
        end_us=max((extent.last_us for extent in chosen), default=start_us or 0),
        created_us=time.time_ns() // 1_000,
    )


def _write_rows(picked: Picked, plan: _Plan, made: Path, *, count: Callable[[int], object]) -> None:
    if plan.format == PARQUET:
        tables = picked.tables(plan.selection)
        write_parquet(made, plan.selection.table, _counted(tables, lambda table: count(table.num_rows)))
        return
    writer = WRITERS[plan.format]
    batches = picked.rows(plan.selection, writer.COLUMNS)
    with made.open("wb") as file:
        file.writelines(write(writer, _counted(batches, lambda batch: count(len(batch))), plan.about))


def _counted(items: Iterator[T], count: Callable[[T], object]) -> Iterator[T]:
    for item in items:
        yield item
        count(item)


def _entry(plan: _Plan, target: Path, *, sha256: str) -> Exported:
    return Exported(
        path=str(target),
        format=plan.format,
        table=plan.selection.table,
        channel=plan.selection.channel,
        video_id=plan.selection.video_id or "",
        first_us=min((extent.first_us for extent in plan.extents), default=0),
        last_us=max((extent.last_us for extent in plan.extents), default=0),
        rows=plan.rows,
        sha256=sha256,
        created_us=plan.about.created_us,
    )


def _report(plan: _Plan, entry: Exported, size_bytes: int) -> ExportReport:
    kinds = [extent.time_kind for extent in plan.extents]
    return ExportReport(
        path=entry.path,
        format=entry.format,
        table=entry.table,
        channel=entry.channel,
        rows=entry.rows,
        size_bytes=size_bytes,
        sha256=entry.sha256,
        time="mixed" if len(kinds) > 1 else "".join(kinds),
        first=_when(entry.first_us, kinds),
        last=_when(entry.last_us, kinds),
        left_out=plan.left_out,
    )


def _when(at_us: int, kinds: list[TimeKind]) -> str | None:
    match kinds:
        case [TimeKind.EPOCH]:
            at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=min(max(at_us, FIRST_TS_US), LAST_TS_US))
            return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case [TimeKind.OFFSET]:
            seconds = at_us // SECOND_US
            return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        case _:
            return None
