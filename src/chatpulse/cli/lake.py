"""`chatpulse sql` and `chatpulse lake`: the stored tables."""

from typing import TYPE_CHECKING, Annotated

import typer

from chatpulse.cli import options
from chatpulse.cli.output import note, print_json, print_table, progress

if TYPE_CHECKING:
    from chatpulse.settings import Settings

DAY_US = 86_400_000_000
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
        result = run_query(settings.data, query, cover_us=settings.removal_us())
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
def compact(
    *,
    purge_deleted: Annotated[
        bool, typer.Option("--purge-deleted", help="Also remove the words of messages that a moderator removed.")
    ] = False,
    settings: "Settings",
    json: options.Json = False,
) -> None:
    """Join small table files, mark deleted messages, and drop files that no reader needs any more.

    Safe while chat is being collected.

    Example: chatpulse lake compact --data my-chat
    """
    from chatpulse.lake import compact as run_compact

    with progress("compacting", json=json):
        report = run_compact(settings.data, cover_us=settings.removal_us())
        purged = None
        if purge_deleted:
            from chatpulse.pipelines.purge import purge

            purged = purge(settings)
    if json:
        print_json({"tables": report.tables} | ({"purged": purged} if purged is not None else {}))
        return
    print_table(
        ("table", "files before", "files after", "deleted marked", "MB now"),
        [(t.table, t.files_before, t.files_after, t.marked, f"{t.bytes_after / 1e6:.1f}") for t in report.tables],
    )
    if purged is not None:
        print_table(("place", "words removed"), [(name, counts.renamed) for name, counts in purged.items()])


@app.command()
@options.configured()
def retain(
    *,
    days: Annotated[
        int | None, typer.Option("--days", metavar="N", min=0, help="Keep this many [default: retention_days, 30].")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count; change nothing.")] = False,
    settings: "Settings",
    json: options.Json = False,
) -> None:
    """Remove what people said some time ago: messages and quarantined lines, and the words in other tables.

    Days count from when chatpulse stored a row. What goes is gone from the disk, older versions included. A collector
    does this by itself once a day.

    Example: chatpulse lake retain --days 14
    """
    import time

    from chatpulse.lake import retain as run_retain
    from chatpulse.pipelines.upkeep import KEEP_DUTY

    kept_days = settings.retention_days if days is None else days
    if not kept_days:
        note(f"chatpulse: nothing is removed with 0 days. {KEEP_DUTY}; a number of days does that.")
    before_us = time.time_ns() // 1_000 - kept_days * DAY_US if kept_days else 0
    with progress("removing old chat", json=json):
        counts = run_retain(settings.data, before_us=before_us, dry_run=dry_run or not kept_days)
    if json:
        print_json({"days": kept_days, "dry_run": dry_run, "tables": counts})
        return
    print_table(
        ("table", "rows removed", "words removed"),
        [(name, found.dropped, found.changed) for name, found in counts.items()],
    )
