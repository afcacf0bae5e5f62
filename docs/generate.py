"""Write the reference pages from the code: commands, settings, tables, backends, errors.

python docs/generate.py            write docs/reference/*.md
python docs/generate.py --check    exit 1 when a page is not what the code says
"""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from chatpulse import errors, registry
from chatpulse.cli.app import app
from chatpulse.domain.tables import TABLES
from chatpulse.settings import PREFIX, Settings

REFERENCE = Path(__file__).parent / "reference"
NOTICE = "<!-- written by docs/generate.py: change the code, then run `make docs` -->\n"
USER_DATA = "the user's data folder"


def cli_page() -> str:
    """Every command's `--help`, as a person sees it."""
    parts = ["# Commands\n", NOTICE, "Exit codes: 0 success, 1 failure, 2 wrong use or bad input.\n"]
    for path, command in _commands(typer.main.get_command(app), "chatpulse"):
        context = command.make_context(path, [], resilient_parsing=True, max_content_width=100, terminal_width=100)
        text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
        parts.append(f"## {path}\n\n```text\n{text}\n```\n")
    return "\n".join(parts)


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  (typer brings its own click)
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from _commands(child, f"{path} {name}")


def settings_page() -> str:
    """Every setting with its environment variable, default and reason."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = USER_DATA if name == "data" else repr(field.default).replace("SecretStr('')", "''")
        doc = " ".join((field.description or "").split())
        rows.append(f"| `{name}` | `{PREFIX}{name.upper()}` | {default} | {doc} |")
    intro = inspect.cleandoc(sys.modules[Settings.__module__].__doc__ or "")
    head = "| setting | environment | default | what it does |\n|---|---|---|---|"
    return "\n".join(["# Settings\n", NOTICE, intro + "\n", head, *rows, ""])


def tables_page() -> str:
    """Every table with its columns."""
    parts = ["# Tables\n", NOTICE, inspect.cleandoc(sys.modules["chatpulse.domain.tables"].__doc__ or "") + "\n"]
    for table in TABLES.values():
        parts.append(f"## {table.name}\n\n{table.doc} Version {table.version}.\n")
        rows = [
            f"| `{column.name}` | {column.type} | {'yes' if column.nullable else 'no'} | {column.doc} |"
            for column in table.columns
        ]
        parts.append("\n".join(["| column | type | may be null | what it holds |", "|---|---|---|---|", *rows, ""]))
    return "\n".join(parts)


def backends_page() -> str:
    """Every backend that a URL scheme can name."""
    rows = [
        f"| {port} | `{scheme}:` | `{backend.path}` | {backend.extra or 'base install'} |"
        for (port, scheme), backend in sorted(registry.BACKENDS.items())
    ]
    head = "| stage | scheme | class | needs |\n|---|---|---|---|"
    return "\n".join(["# Backends\n", NOTICE, head, *rows, ""])


def errors_page() -> str:
    """The error tree."""
    return f"# Errors\n\n{NOTICE}\n```text\n{inspect.cleandoc(errors.__doc__ or '')}\n```\n"


PAGES = {
    "cli.md": cli_page,
    "settings.md": settings_page,
    "tables.md": tables_page,
    "backends.md": backends_page,
    "errors.md": errors_page,
}


def main() -> int:
    """Write the pages, or compare them."""
    stale = []
    for name, page in PAGES.items():
        path, text = REFERENCE / name, page()
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    if stale and "--check" in sys.argv:
        print(f"docs/reference: {', '.join(stale)} not what the code says; run: make docs", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
