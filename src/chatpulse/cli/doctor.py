"""`chatpulse doctor`: is everything there that chatpulse needs?"""

from typing import TYPE_CHECKING

import typer

from chatpulse.cli import options
from chatpulse.cli.output import print_json

if TYPE_CHECKING:
    from chatpulse.settings import Settings

MARKS = {"ok": "ok  ", "warning": "WARN", "failed": "FAIL"}


@options.configured(options.ADDRESS, options.TOKEN)
def doctor(*, settings: "Settings", json: options.Json = False) -> None:
    """Check Python, libraries, folders, disk, port, Twitch and the clock, and say what to do.

    Exit code 1 when a check failed; warnings do not count.

    Example: chatpulse doctor
    """  # noqa: DOC501  (the exit code is said above)
    from chatpulse.pipelines.doctor import Status, examine

    checks = []
    for check in examine(settings):
        checks.append(check)
        if not json:
            print(f"{MARKS[check.status]} {check.name:<10} {check.found}")
            if check.advice:
                print(f"     {'':<10} -> {check.advice}")
    failed = any(check.status is Status.FAILED for check in checks)
    if json:
        print_json({"ok": not failed, "checks": checks})
    if failed:
        raise typer.Exit(1)
