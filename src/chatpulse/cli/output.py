"""What commands print: JSON for programs, text for people."""

import contextlib
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

PROGRESS_S = 1.0
"""Who waits for longer wants to see that something goes on."""
_PASSWORD = re.compile(r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)")


def print_json(value: object) -> None:
    """Write one JSON document and a line end to standard output, in UTF-8 wherever it goes."""
    sys.stdout.flush()
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
    sys.stdout.buffer.flush()


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
    # A file or a pipe gets whole rows; only a terminal has a width to fit into.
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100_000)
    # Rich has an exit of its own for a reader that went away.
    with console.capture() as shown:
        console.print(table, crop=False)
    print(shown.get(), end="")


def printable(value: object) -> str:
    """Text without characters that could drive a terminal; None is empty."""
    text = "" if value is None else str(value)
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def masked(text: str) -> str:
    """Text in which no URL shows a name and password."""
    return _PASSWORD.sub("***", text)


def note(message: str) -> None:
    """Say something to the person at the terminal, apart from the result."""
    print(masked(message), file=sys.stderr, flush=True)


@contextlib.contextmanager
def progress(what: str | Callable[[], str], *, json: bool) -> Iterator[None]:
    """Show at a terminal how long something takes, and what it has come to, from its second second on."""
    if json or not sys.stderr.isatty():
        yield
        return
    began_s, ended = time.monotonic(), threading.Event()

    def show() -> None:
        while not ended.wait(PROGRESS_S):
            said = what if isinstance(what, str) else what()
            print(f"\r{said} ... {time.monotonic() - began_s:.0f} s", end="", file=sys.stderr, flush=True)

    shown = threading.Thread(target=show, daemon=True)
    shown.start()
    try:
        yield
    finally:
        ended.set()
        shown.join()
        print("\r\x1b[2K", end="", file=sys.stderr, flush=True)
