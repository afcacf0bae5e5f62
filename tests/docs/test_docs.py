"""The documents say what the code does."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer.main

from chatpulse.cli.app import app
from chatpulse.lake import query
from chatpulse.simulation.core.truth import Truth

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
SQL = re.compile(r'chatpulse sql "(.+?)"', re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
EXAMPLE = re.compile(r"^\$ (.+?)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
"""A command behind its prompt, over as many lines as its quotes are open, and what it prints."""
STATEMENTS = [
    " ".join(found.split())
    for page in PAGES
    if page.parent.name != "reference"
    for found in SQL.findall(page.read_text())
]


@pytest.mark.slow
def test_every_sql_example_runs(
    recording: Callable[..., tuple[Path, Truth]], answer: Callable[..., Any], tmp_path: Path
) -> None:
    path, _ = recording(seconds=60)
    answer("replay", path, "--speed", "max", "--no-web", "--data", tmp_path / "chat")

    empty = [sql for sql in STATEMENTS if not query(str(tmp_path / "chat"), sql).rows() and "deleted_us" not in sql]

    assert len(STATEMENTS) >= 8
    assert empty == []


def test_generated_pages_are_what_the_code_says() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text()) if "://" not in target]

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_a_decision_fits_on_a_page() -> None:
    long = [page.name for page in (ROOT / "docs" / "decisions").glob("*.md") if len(page.read_text().splitlines()) > 40]

    assert long == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_has_a_gap_left_to_fill(page: Path) -> None:
    assert "@@" not in page.read_text()


def examples() -> list[tuple[list[str], str]]:
    """Every command of every page with what the page says that it prints."""
    found = []
    for page in PAGES:
        for block in re.findall(r"```console\n(.*?)```", page.read_text(), flags=re.DOTALL):
            for command, printed in EXAMPLE.findall(block):
                shown, rest = command, printed.splitlines(keepends=True)
                while shown.count('"') % 2:
                    shown += " " + rest.pop(0).strip()
                found.append((shlex.split(shown, comments=True), "".join(rest)))
    return found


def test_every_command_in_the_documents_exists() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    unknown = []
    for words, _ in examples():
        program, *arguments = [word for word in words if not word.startswith("CHATPULSE_")]
        if program == "make":
            unknown += [words for word in arguments[:1] if word not in targets]
        elif program.endswith("chatpulse"):
            parse(arguments)

    assert unknown == []
    assert len(examples()) > 25


def parse(arguments: list[str]) -> None:
    """Read a command line as the program does, without running it; wrong use raises."""
    command: Any = typer.main.get_command(app)
    context = None
    while hasattr(command, "commands"):
        context = command.make_context("chatpulse", arguments, parent=context)
        _, command, arguments = command.resolve_command(context, [*context._protected_args, *context.args])
    command.make_context("chatpulse", arguments, parent=context)


@pytest.mark.slow
def test_scores_in_the_documents_are_what_the_scorer_says(chatpulse: Callable[..., Any]) -> None:
    scored = [(words, printed) for words, printed in examples() if words[0].endswith("chatpulse") and "score" in words]

    answers = [chatpulse(*words[1:]).stdout for words, _ in scored]

    assert len(scored) >= 2
    assert answers == [printed for _, printed in scored]
