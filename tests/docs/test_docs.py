"""The documents say what the code does."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatpulse.lake import query
from chatpulse.simulation.core.truth import Truth

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SQL = re.compile(r'chatpulse sql "(.+?)"', re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
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

    empty = [sql for sql in STATEMENTS if "deleted_us" not in sql and not query(str(tmp_path / "chat"), sql).rows()]

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
