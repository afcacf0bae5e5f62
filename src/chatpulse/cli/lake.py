"""`chatpulse sql` and `chatpulse lake`: the stored tables."""

from typing import TYPE_CHECKING, Annotated

import typer

from chatpulse.cli import options
from chatpulse.cli.output import note, print_json, print_table, progress

if TYPE_CHECKING:
    from chatpulse.settings import Settings

SHOWN_ROWS = 1_000
"""More rows than this are no reading for a person; --json gives all."""

app = typer.Typer(
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Look after the stored tables.\n\nExample: chatpulse lake compact",
)


@options.configured()
def sql(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="One SELECT in DuckDB's SQL.")],
    *,
    settings: "Settings",
    json: options.Json = False,
) -> None:
    """Ask the stored tables with read-only SQL: messages, subscriptions, events, moderation, room, quarantine.

    Example: chatpulse sql "select channel, count(*) from messages group by all"
    """
    from chatpulse.lake import query as run_query

    with progress("asking", json=json):
        result = run_query(settings.data, query)
    if json:
        print_json(result.objects())
        return
    rows = result.rows()
    print_table(result.columns, rows[:SHOWN_ROWS])
    if len(rows) > SHOWN_ROWS:
        note(f"{len(rows):,} rows, the first {SHOWN_ROWS:,} shown; --json prints all")


@app.callback()
def lake() -> None:
    """Look after the stored tables."""


@app.command()
@options.configured()
def compact(*, settings: "Settings", json: options.Json = False) -> None:
    """Join small table files, mark deleted messages, and drop files that no reader needs any more.

    Safe while chat is being collected.

    Example: chatpulse lake compact --data my-chat
    """
    from chatpulse.lake import compact as run_compact

    with progress("compacting", json=json):
        report = run_compact(settings.data)
    if json:
        print_json(report)
        return
    print_table(
        ("table", "files before", "files after", "deleted marked", "MB now"),
        [(t.table, t.files_before, t.files_after, t.marked, f"{t.bytes_after / 1e6:.1f}") for t in report.tables],
    )
