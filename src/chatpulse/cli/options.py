"""Flags that several commands share, and the settings they lead to.

A command that is decorated with `configured` has a parameter `settings`. On the command line the common flags, and
those of the groups it names, stand in its place; the command gets the settings that flags, environment, file and
defaults make together.
"""

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatpulse.cli import interrupts

if TYPE_CHECKING:
    from chatpulse.settings import Settings

Command = Callable[..., None]

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
For = Annotated[float | None, typer.Option("--for", metavar="SECONDS", help="Stop after this many seconds.", min=0.1)]
NoWeb = Annotated[bool, typer.Option("--no-web", help="Serve no page.")]
Tui = Annotated[bool, typer.Option("--tui", help="Show the picture in this terminal.")]

COMMON: Mapping[str, Any] = {
    "data": Annotated[str | None, typer.Option("--data", metavar="URL", help="Folder or URL of the tables.")],
    "log": Annotated[str | None, typer.Option("--log", metavar="URL", help="The record [default: inside --data].")],
    "state": Annotated[
        str | None, typer.Option("--state", metavar="DIR", help="Key, caches and markers [default: inside --data].")
    ],
    "log_level": Annotated[
        str | None,
        typer.Option("--log-level", metavar="LEVEL", help="debug, info, warning or error [default: warning]."),
    ],
}
ADDRESS: Mapping[str, Any] = {
    "host": Annotated[
        str | None, typer.Option("--host", help="Address of the page [default: 127.0.0.1]; others want --token.")
    ],
    "port": Annotated[int | None, typer.Option("--port", help="Port of the page [default: 8470]; 0 takes a free one.")],
}
TOKEN: Mapping[str, Any] = {
    "token": Annotated[str | None, typer.Option("--token", help="Secret that the page and the API ask for.")]
}


def configured(*groups: Mapping[str, Any], stops_itself: bool = False) -> Callable[[Command], Command]:
    """Give a command the flags of settings, and the settings when it runs.

    Args:
        groups: flags by the name of their setting, beside the common ones.
        stops_itself: it looks at `interrupts` by itself; any other command ends by KeyboardInterrupt wherever it is.

    Returns:
        A decorator for a command with a keyword parameter `settings`.
    """
    flags = {name: kind for group in (*groups, COMMON) for name, kind in group.items()}
    shown = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in flags.items()
    ]

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def run(**given: Any) -> None:  # noqa: ANN401  (typer has checked them)
            if not stops_itself:
                interrupts.release()
            settings = _load({name: given.pop(name) for name in flags})
            command(settings=settings, **given)

        own = inspect.signature(command)
        parameters = [
            each for name, mine in own.parameters.items() for each in (shown if name == "settings" else [mine])
        ]
        # What typer reads a command's options from.
        run.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        return run

    return decorate


def _load(flags: Mapping[str, object]) -> "Settings":
    """Load the settings with these flags and set up logging accordingly."""
    from chatpulse.runtime.log import configure
    from chatpulse.settings import load

    settings = load(flags)
    configure(settings.log_level, style=settings.log_format)
    return settings
