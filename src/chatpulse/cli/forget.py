"""`chatpulse forget` and `chatpulse opt-out`: a person who asks for it."""

from typing import TYPE_CHECKING, Annotated

import typer

from chatpulse.cli import options
from chatpulse.cli.output import note, print_facts, print_json, print_table, progress

if TYPE_CHECKING:
    from chatpulse.pipelines.forget import Report
    from chatpulse.settings import Settings

User = Annotated[str, typer.Argument(metavar="USER", help="Login or display name; with --id Twitch's number.")]
ById = Annotated[bool, typer.Option("--id", help="USER is Twitch's number of the account.")]


@options.configured()
def forget(
    user: User,
    *,
    by_id: ById = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count; change nothing.")] = False,
    settings: "Settings",
    json: options.Json = False,
) -> None:
    """Remove a person from record, tables, quarantine and exports, and store nothing of him from now on.

    Where others name him, a mark takes the place of the name. Works beside a running collector; a command that was
    interrupted is run again.

    Example: chatpulse forget somebody --dry-run
    """
    from chatpulse.pipelines.forget import forget as run_forget

    doing = ["forgetting"]
    with progress(lambda: f"forgetting: {doing[-1]}", json=json):
        report = run_forget(settings, user, by_id=by_id, dry_run=dry_run, progress=doing.append)
    if json:
        print_json(report)
        return
    _show(report)


@options.configured()
def opt_out(
    user: User,
    *,
    by_id: ById = False,
    remove: Annotated[bool, typer.Option("--remove", help="Let this person in again.")] = False,
    settings: "Settings",
    json: options.Json = False,
) -> None:
    """Store nothing of a person from now on; what is stored stays (`forget` removes that, too).

    Example: chatpulse opt-out somebody
    """
    from chatpulse.pipelines.forget import opt_out as run_opt_out

    with progress("changing the list", json=json):
        listed = run_opt_out(settings, user, by_id=by_id, remove=remove)
    if json:
        print_json({"listed": listed})
    else:
        print_facts({"listed": f"{listed:,} ids and names"})


def _show(report: "Report") -> None:
    print_facts({
        "found": f"{report.ids} ids, {report.names} names" + (" (dry run)" if report.dry_run else ""),
        "seconds": f"{report.seconds:.1f}",
    })
    would = "would be " if report.dry_run else ""
    places = {"record": report.record, **report.tables}
    rows = [(name, counts.removed, counts.renamed) for name, counts in places.items()]
    rows += [(one.path, one.removed, one.renamed) for one in report.exports]
    print_table(("place", f"{would}removed", f"{would}renamed in others'"), rows)
    for path in report.left:
        note(f"the name still stands in {path}: remove or change that file by hand")
    if report.channel:
        note("a collected channel bears this name; its rows keep it in `channel`")
