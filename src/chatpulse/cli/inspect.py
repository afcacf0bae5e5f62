"""`chatpulse inspect`: parse recordings and say what is in them, storing nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatpulse.cli import options
from chatpulse.cli.output import print_facts, print_json, progress

if TYPE_CHECKING:
    from chatpulse.settings import Settings


@options.configured()
def inspect(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Recordings, plain or gzip.")],
    *,
    settings: "Settings",
    json: options.Json = False,
) -> None:
    """Parse recordings and count what is in them; nothing is stored.

    Example: chatpulse inspect stream.irc.gz --json
    """
    from chatpulse.twitch import inspect_files

    del settings  # a parser has none
    with progress("reading", json=json):
        report = inspect_files(files)
    if json:
        print_json(report)
        return
    for number, part in enumerate((*report.files, report.total) if len(report.files) > 1 else report.files):
        if number:
            print()
        print_facts(part.facts())
