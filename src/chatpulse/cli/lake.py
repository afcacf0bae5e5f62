"""`chatpulse sql` and `chatpulse lake`: the stored tables."""

from typing import Annotated

import typer

from chatpulse.cli import options
from chatpulse.cli.output import note, print_json, print_table

SHOWN_ROWS = 1_000
"""More rows than this are no reading for a person; --json gives all."""

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Look after the stored tables.\n\nExample: chatpulse lake compact",
)


def sql(
    query: Annotated[str, typer.Argument(help="One SELECT in DuckDB's SQL.")],
    data: options.Data = None,
    log_level: options.LogLevel = None,
    json: options.Json = False,
) -> None:
    """Ask the stored tables with read-only SQL: messages, subscriptions, events, moderation, room, quarantine.

    Example: chatpulse sql "select channel, count(*) from messages group by all"
    """
    from chatpulse.lake import query as run_query

    loaded = options.settings(data=data, log_level=log_level)
    result = run_query(loaded.data, query)
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
def compact(
    data: options.Data = None,
    log_level: options.LogLevel = None,
    json: options.Json = False,
) -> None:
    """Join small table files, mark deleted messages, and drop files that no reader needs any more.

    Safe while chat is being collected.

    Example: chatpulse lake compact --data my-chat
    """
    from chatpulse.lake import compact as run_compact

    loaded = options.settings(data=data, log_level=log_level)
    report = run_compact(loaded.data)
    if json:
        print_json(report)
        return
    print_table(
        ("table", "files before", "files after", "deleted marked", "MB now"),
        [(t.table, t.files_before, t.files_after, t.marked, f"{t.bytes_after / 1e6:.1f}") for t in report.tables],
    )
