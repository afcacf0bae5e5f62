"""What commands print: JSON for programs, text for people."""

import sys
from collections.abc import Iterable, Mapping, Sequence

import msgspec


def print_json(value: object) -> None:
    """Write one JSON document and a line end to standard output."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()


def print_facts(facts: Mapping[str, object]) -> None:
    """Write `name  value` lines with aligned values; text from chat is shown without control characters."""
    width = max((len(name) for name in facts), default=0)
    for name, value in facts.items():
        print(f"{name:<{width}}  {printable(value)}")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table; text from chat is shown as it is, without control characters."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console = Console(file=sys.stdout)
    # A file or a pipe gets whole rows; only a terminal has a width to fit into.
    console.print(table, width=None if console.is_terminal else 100_000, crop=False)


def printable(value: object) -> str:
    """Text without characters that could drive a terminal; None is empty."""
    text = "" if value is None else str(value)
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def note(message: str) -> None:
    """Say something to the person at the terminal, apart from the result."""
    print(message, file=sys.stderr, flush=True)
