"""Flags that several commands share, and the settings they lead to."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from chatpulse.settings import Settings

Data = Annotated[str | None, typer.Option("--data", metavar="URL", help="Folder or URL of the tables.")]
Log = Annotated[str | None, typer.Option("--log", metavar="URL", help="The record [default: inside --data].")]
State = Annotated[
    str | None, typer.Option("--state", metavar="DIR", help="Key, caches and markers [default: inside --data].")
]
LogLevel = Annotated[
    str | None, typer.Option("--log-level", metavar="LEVEL", help="debug, info, warning or error [default: warning].")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
Host = Annotated[
    str | None, typer.Option("--host", help="Address of the page [default: 127.0.0.1]; others want --token.")
]
Port = Annotated[int | None, typer.Option("--port", help="Port of the page [default: 8470]; 0 takes a free one.")]
Token = Annotated[str | None, typer.Option("--token", help="Secret that the page and the API ask for.")]
NoWeb = Annotated[bool, typer.Option("--no-web", help="Serve no page.")]
For = Annotated[float | None, typer.Option("--for", metavar="SECONDS", help="Stop after this many seconds.", min=0.1)]


def settings(**flags: object) -> "Settings":
    """Load the settings with these flags and set up logging accordingly."""
    from chatpulse.runtime.log import configure
    from chatpulse.settings import load

    loaded = load(flags)
    configure(loaded.log_level, style=loaded.log_format)
    return loaded
