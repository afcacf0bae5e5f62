"""`chatpulse config`: every setting, its value and where it comes from."""

from typing import TYPE_CHECKING

import typer

from chatpulse.cli import options
from chatpulse.cli.output import masked, print_json, print_table

if TYPE_CHECKING:
    from chatpulse.settings import Settings


@options.configured(options.ADDRESS, options.TOKEN)
def config(context: typer.Context, *, settings: "Settings", json: options.Json = False) -> None:
    """Show every setting with its value and its origin.

    An origin is a flag, the environment, a file, the default, or another setting that the value is derived from.

    Example: chatpulse config --json
    """
    from chatpulse.settings import origins

    rows = []
    for name, origin in origins(settings, context.params).items():
        value = settings.value_used(name)
        rows.append({"name": name, "value": masked(value) if isinstance(value, str) else value, "origin": origin})
    if json:
        print_json(rows)
        return
    print_table(("setting", "value", "origin"), [tuple(row.values()) for row in rows])
