"""`chatpulse emotes`: which words are emotes in a channel, and how old that knowledge is."""

from typing import TYPE_CHECKING, Annotated

import typer

from chatpulse.cli import options
from chatpulse.cli.output import note, print_json, print_table, progress

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chatpulse.pipelines.show_emotes import SetLine
    from chatpulse.settings import Settings

HOUR_S = 3_600
DAY_S = 24 * HOUR_S


@options.configured()
def emotes(
    channels: Annotated[list[str], typer.Argument(metavar="CHANNEL...", help="Channel names, without #.")],
    *,
    room_id: Annotated[str, typer.Option("--room-id", metavar="ID", help="Twitch's number of the channel.")] = "",
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask 7TV, BetterTTV and FrankerFaceZ now.")] = False,
    settings: "Settings",
    json: options.Json = False,
) -> None:
    """Show the emote sets of channels: how many, how old, how often they changed.

    `live` keeps them up to date by itself. --refresh fetches them for channels that are not being collected, so that
    imports and replays are read with them; exit code 1 when a service did not answer.

    Example: chatpulse emotes somechannel --refresh
    """  # noqa: DOC501  (the exit code is said above)
    from chatpulse.pipelines.show_emotes import show_emotes

    with progress("asking" if refresh else "reading", json=json):
        report = show_emotes(settings, channels, room_id=room_id, refresh=refresh)
    if json:
        print_json(report)
    else:
        parts = [(part.channel, part.sets) for part in report.channels]
        print_table(
            ("channel", "service", "emotes", "zero-width", "changes", "known since", "age"),
            [row for name, lines in (*parts, ("(every channel)", report.everywhere)) for row in _rows(name, lines)],
        )
        for part in report.channels:
            if not part.room_id:
                note(f"nothing is known of {part.channel}: chatpulse emotes {part.channel} --refresh")
        for line in (*report.everywhere, *(line for part in report.channels for line in part.sets)):
            if line.error:
                note(line.error)
    if report.failed:
        raise typer.Exit(1)


def _rows(channel: str, lines: "Iterable[SetLine]") -> list[tuple[object, ...]]:
    return [
        (channel, line.provider, line.emotes, line.zero_width, line.changes, (line.since or "")[:10], _age(line.age_s))
        for line in lines
    ]


def _age(age_s: float | None) -> str:
    if age_s is None:
        return "never fetched"
    if age_s < HOUR_S:
        return f"{age_s / 60:.0f} min"
    return f"{age_s / HOUR_S:.0f} h" if age_s < DAY_S else f"{age_s / DAY_S:.0f} d"
