"""`chatpulse vod-chat`: the chat of recordings on Twitch into files."""

import asyncio
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatpulse.cli import options
from chatpulse.cli.output import note, print_facts, print_json, printable, progress
from chatpulse.errors import InputError

if TYPE_CHECKING:
    from chatpulse.pipelines.import_report import Report as Imported
    from chatpulse.pipelines.vod_chat import Report
    from chatpulse.settings import Settings
    from chatpulse.twitch.vod_chat import Fetched, Progress

BAR = 24
"""Characters of a full bar."""
ARCHIVE: Mapping[str, Any] = {
    "gql_url": Annotated[
        str | None,
        typer.Option("--server", metavar="URL", help="Another server than Twitch's, such as a simulated one."),
    ],
    "gql_parallel": Annotated[
        int | None, typer.Option("--parallel", metavar="N", help="Most requests at once [default: 4].")
    ],
}


@options.configured(ARCHIVE)
def vod_chat(
    videos: Annotated[list[str] | None, typer.Argument(metavar="VIDEO", help="Ids or addresses.")] = None,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The result, or a folder [default: ID.json here].")
    ] = None,
    user: Annotated[str, typer.Option("--user", metavar="CHANNEL", help="This channel's newest recordings.")] = "",
    last: Annotated[int, typer.Option("--last", metavar="N", help="How many of them.", min=1)] = 1,
    shift: Annotated[
        list[str] | None,
        typer.Option("--shift", metavar="[WHO=]SECONDS", help="Move chat in time: of a video, of a channel, or all."),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Fetch also what is there already.")] = False,
    into_tables: Annotated[bool, typer.Option("--import", help="Import the result into the tables as well.")] = False,
    settings: "Settings",
    json: options.Json = False,
) -> None:
    """Fetch the chat of recordings on Twitch: no account and no key needed.

    The result holds the comments as Twitch sends them; --import, or `chatpulse import` later, takes it into the tables.
    A run that was ended in any way
    goes on where it stopped when it is started again.

    Example: chatpulse vod-chat 1234567890 --import --data my-chat
    """  # noqa: DOC501  (exit codes are those of every command)
    from chatpulse.pipelines.vod_chat import Wish, fetch_chats

    wish = Wish(videos=videos or (), channel=user, last=last, out=out, shifts=_shifts(shift or ()), again=again)
    line = _Line(shown=not json and sys.stderr.isatty())
    try:
        report = asyncio.run(fetch_chats(settings, wish, report=line.show, done=line.end))
    except KeyboardInterrupt:
        line.clear()
        note("what was fetched is kept: start the same command again to go on")
        raise
    imported = _import(report, settings, json=json) if into_tables else None
    _print_report(report, imported, json=json)
    if report.total.failed or (imported is not None and any(file.error for file in imported.files)):
        raise typer.Exit(1)


def _import(report: "Report", settings: "Settings", *, json: bool) -> "Imported":
    from chatpulse.domain.chat import Source
    from chatpulse.pipelines import wiring
    from chatpulse.pipelines.import_chat import Wishes

    files = [Path(fetched.file) for fetched in report.videos if fetched.file and not fetched.error]
    with wiring.importer(settings) as importer, progress("importing", json=json):
        return importer.run(files, Wishes(source=Source.VOD))


class _Line:
    """The line at the terminal that says how far one video is."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown

    def show(self, progress: "Progress") -> None:
        if not self._shown:
            return
        parts = [progress.video_id, f"{progress.comments:,} comments", f"{progress.rate_hz:,.0f}/s"]
        if progress.share is not None:
            done = round(min(progress.share, 1.0) * BAR)
            parts.insert(1, f"[{'#' * done}{'.' * (BAR - done)}] {progress.share:4.0%}")
        if progress.remaining_s is not None:
            minutes, seconds = divmod(round(progress.remaining_s), 60)
            parts.append(f"{minutes}:{seconds:02d} left")
        print(f"\r\x1b[2K{'  '.join(parts)}", end="", file=sys.stderr, flush=True)

    def end(self, fetched: "Fetched") -> None:
        self.clear()
        if fetched.error:
            note(f"chatpulse: {printable(fetched.error)}")

    def clear(self) -> None:
        if self._shown:
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)


def _print_report(report: "Report", imported: "Imported | None", *, json: bool) -> None:
    if json:
        print_json({"videos": report.videos, "total": report.total} | ({"imported": imported} if imported else {}))
        return
    for number, fetched in enumerate(one for one in report.videos if not one.error):
        if number:
            print()
        print_facts(_facts(fetched))
    if imported is not None:
        print()
        print_facts(imported.total.facts())


def _facts(fetched: "Fetched") -> dict[str, object]:
    if fetched.kept:
        return {
            "video": f"{fetched.video_id} {fetched.title}",
            "comments": f"{fetched.comments:,}",
            "file": f"{fetched.file} (there already; --again fetches it anew)",
        }
    facts: dict[str, object] = {
        "video": f"{fetched.video_id} {fetched.title}",
        "channel": fetched.channel or "unknown",
        "comments": f"{fetched.comments:,}",
        "pages": f"{fetched.pages:,} in {fetched.ranges} ranges{', resumed' if fetched.resumed else ''}",
        "requests": f"{fetched.requests:,}, of which {fetched.retries:,} brought nothing",
        "took": f"{fetched.seconds:,.1f} s",
        "file": fetched.file,
    }
    if fetched.hash_rotated:
        facts["hash"] = "rotated: Twitch does not know it any more, the query was written out; update chatpulse"
    if fetched.cut_seconds:
        facts["missing"] = f"cursors were refused: {fetched.cut_seconds:,} busy seconds may lack comments"
    if fetched.shift_s:
        facts["shifted"] = f"{fetched.shift_s:+g} s"
    if fetched.looks_moved and fetched.lag_s is not None:
        facts["clock"] = (
            f"chat was written {fetched.lag_s:+,.0f} s from where it stands; "
            f"if it does not fit the video: --shift {fetched.video_id}={fetched.lag_s:.0f} --again"
        )
    return facts


def _shifts(given: Sequence[str]) -> dict[str, float]:
    """Corrections by video id, by channel, or for all."""
    shifts: dict[str, float] = {}
    for text in given:
        name, _, seconds = text.rpartition("=")
        try:
            shifts[name.lower()] = float(seconds)
        except ValueError:
            shifts[name.lower()] = math.nan
        if not math.isfinite(shifts[name.lower()]):
            raise InputError(f"--shift takes SECONDS, VIDEO=SECONDS or CHANNEL=SECONDS, got {text!r}")
    return shifts
