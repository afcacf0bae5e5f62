"""`chatpulse inspect`: parse recordings and say what is in them, storing nothing."""

from pathlib import Path
from typing import Annotated

import typer

from chatpulse.cli import options
from chatpulse.cli.output import note, print_facts, print_json


def inspect(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Recordings, plain or gzip.")],
    log_level: options.LogLevel = None,
    json: options.Json = False,
) -> None:
    """Parse recordings and count what is in them; nothing is stored.

    Example: chatpulse inspect stream.irc.gz --json
    """
    from chatpulse.twitch import inspect_files

    options.settings(log_level=log_level)
    report = inspect_files(files)
    if json:
        print_json(report)
        return
    for part in (*report.files, report.total) if len(report.files) > 1 else report.files:
        print_facts(part.facts())
        note("")
