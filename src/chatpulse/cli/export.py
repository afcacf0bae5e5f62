"""`chatpulse export`: chat out of the tables into files that other tools read."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatpulse.cli import options
from chatpulse.cli.output import print_facts, print_json, progress

if TYPE_CHECKING:
    from chatpulse.lake.export import Selection
    from chatpulse.pipelines.export import ExportReport, Request
    from chatpulse.settings import Settings

app = typer.Typer(
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Write stored chat into a file that other tools read.\n\n"
    "Example: chatpulse export chat --channel aurora --to aurora.json",
)

Channel = Annotated[str, typer.Option("--channel", metavar="NAME", help="Whose chat.")]
To = Annotated[Path, typer.Option("--to", metavar="FILE", help="The file; its ending stands for a format.")]
Since = Annotated[str, typer.Option("--since", metavar="TIME", help="From then on: ISO 8601, or seconds since 1970.")]
Until = Annotated[str, typer.Option("--until", metavar="TIME", help="Only what is before then.")]
Video = Annotated[str, typer.Option("--video-id", metavar="ID", help="Only what comes from this recording.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


@app.callback()
def export() -> None:
    """Write stored chat into a file that other tools read."""


@app.command()
@options.configured()
def chat(
    *,
    channel: Channel,
    to: To,
    since: Since = "",
    until: Until = "",
    video_id: Video = "",
    start: Annotated[
        str,
        typer.Option("--start", metavar="TIME", help="When the recording began [default: with its first message]."),
    ] = "",
    format_name: Annotated[
        str, typer.Option("--format", metavar="NAME", help="twitchdownloader, ndjson, csv, parquet or irc.")
    ] = "",
    with_deleted: Annotated[
        bool, typer.Option("--with-deleted", help="Also messages that a moderator removed.")
    ] = False,
    force: Force = False,
    settings: "Settings",
    json: options.Json = False,
) -> None:
    """Write a channel's messages: .json (TwitchDownloader), .ndjson, .csv, .parquet or .irc.

    Example: chatpulse export chat --channel aurora --since 2026-09-01 --to aurora.json
    """
    from chatpulse.pipelines.export import Request
    from chatpulse.pipelines.starts import parse_time

    chosen = _selection("messages", channel, since=since, until=until, video_id=video_id, with_deleted=with_deleted)
    start_us = parse_time(start) if start else None
    _run(settings, Request(selection=chosen, target=to, format=format_name, start_us=start_us, force=force), json=json)


def _add(table: str, what: str) -> None:
    """Add the command that exports a table of events."""

    def command(
        *,
        channel: Channel,
        to: To,
        since: Since = "",
        until: Until = "",
        video_id: Video = "",
        format_name: Annotated[str, typer.Option("--format", metavar="NAME", help="ndjson, csv or parquet.")] = "",
        force: Force = False,
        settings: "Settings",
        json: options.Json = False,
    ) -> None:
        from chatpulse.pipelines.export import Request

        chosen = _selection(table, channel, since=since, until=until, video_id=video_id)
        _run(settings, Request(selection=chosen, target=to, format=format_name, force=force), json=json)

    shown = (
        f"Write {what}: .ndjson, .csv or .parquet.\n\nExample: chatpulse export {table} --channel aurora --to out.csv"
    )
    app.command(table, help=shown)(options.configured()(command))


_add("subscriptions", "a channel's subscriptions and gifts")
_add("events", "a channel's raids, announcements, streaks and other events")
_add("moderation", "what moderators of a channel did")


def _selection(
    table: str, channel: str, *, since: str, until: str, video_id: str, with_deleted: bool = False
) -> "Selection":
    from chatpulse.lake.export import Selection
    from chatpulse.pipelines.starts import parse_time

    return Selection(
        table=table,
        channel=channel.lower().removeprefix("#"),
        video_id=video_id or None,
        since_us=parse_time(since) if since else None,
        until_us=parse_time(until) if until else None,
        with_deleted=with_deleted,
    )


def _run(settings: "Settings", request: "Request", *, json: bool) -> None:
    from chatpulse.pipelines.export import export as write
    from chatpulse.runtime.memory import settle

    settle()
    written = 0

    def count(rows: int) -> None:
        nonlocal written
        written += rows

    with progress(lambda: f"exporting, {written:,} rows", json=json):
        report = write(settings, request, count=count)
    if json:
        print_json(report)
    else:
        print_facts(_facts(report))


def _facts(report: "ExportReport") -> dict[str, object]:
    facts: dict[str, object] = {
        "file": report.path,
        "format": report.format,
        "rows": f"{report.rows:,} of {report.channel} from {report.table}",
        "size": f"{report.size_bytes / 1e6:,.1f} MB",
        "first": report.first,
        "last": report.last,
        "sha256": report.sha256,
    }
    if report.left_out:
        facts["left out"] = ", ".join(f"{rows:,} {reason}" for reason, rows in report.left_out.items())
    return facts
