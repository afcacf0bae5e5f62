"""Functions and modules stay small enough to be read in one go."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "chatpulse"
MAX_FUNCTION_LINES = 60
MAX_MODULE_LINES = 400
LARGER_MODULES = {
    "domain/chat.py": 480,  # every event of the domain, one class each: a reference, read by searching
}
"""Exceptions with their reason; a number here may only shrink."""


def modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if "lexicon" not in path.parts)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_module_is_short(path: Path) -> None:
    lines = len(path.read_text().splitlines())

    assert lines <= LARGER_MODULES.get(str(path.relative_to(SOURCE)), MAX_MODULE_LINES)


def test_functions_are_short() -> None:
    long = [
        f"{path.relative_to(SOURCE)}:{node.name} {node.end_lineno - node.lineno + 1}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    ]

    assert long == []
