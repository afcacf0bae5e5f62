"""`chatpulse import`: chat files of other tools and times into the tables."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatpulse.cli import options
from chatpulse.cli.output import note, print_facts, print_json, progress

if TYPE_CHECKING:
    from chatpulse.settings import Settings


@options.configured()
def import_chat(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Chat files, plain, gzip or zip.")],
    *,
    channel: Annotated[str, typer.Option("--channel", metavar="NAME", help="Whose chat it is.")] = "",
    start: Annotated[
        str, typer.Option("--start", metavar="TIME", help="When the recording began: ISO 8601, or seconds since 1970.")
    ] = "",
    starts: Annotated[
        Path | None,
        typer.Option("--starts", metavar="CSV", help="Columns file or vod_id, start, channel: one row per recording."),
    ] = None,
    format_name: Annotated[
        str, typer.Option("--format", metavar="NAME", help="The format, where the content leaves it open.")
    ] = "",
    keep_all: Annotated[
        bool, typer.Option("--keep-all", help="Also store what another recording of the stream holds, marked.")
    ] = False,
    settings: "Settings",
    json: options.Json = False,
) -> None:
    """Import chat files into the tables, scored, each message once.

    The format is told by the content: TwitchDownloader, GQL, v5 and rechat JSON, chat-downloader, rustlog and justlog,
    recent-messages, raw IRC, .irc, Chatty, irssi, plain text, CSV.

    Exit code 1 when a file, or the end of one, could not be read; the rest is imported.

    Example: chatpulse import vod.json chatty.log --data my-chat
    """  # noqa: DOC501  (the exit code is said above)
    from chatpulse.pipelines import wiring
    from chatpulse.pipelines.import_chat import Wishes
    from chatpulse.pipelines.starts import Starts, parse_time

    wishes = Wishes(
        channel=channel.lower().removeprefix("#"),
        start_us=parse_time(start) if start else None,
        format=format_name,
        keep_all=keep_all,
        starts=Starts.read(starts) if starts is not None else Starts(),
    )
    with wiring.importer(settings) as importer, progress("importing", json=json):
        report = importer.run(files, wishes)
    failed = [file for file in report.files if file.error]
    if json:
        print_json(report)
    else:
        for file in report.files:
            print_facts(file.facts())
            print()
        print_facts(report.total.facts())
    for file in failed:
        note(f"chatpulse: {file.error}")
    if failed:
        raise typer.Exit(1)
