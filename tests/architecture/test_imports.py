"""Gaps that the import contracts leave, closed by looking at the source itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import chatpulse

SOURCE = Path(__file__).parents[2] / "src" / "chatpulse"


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def cores() -> list[Path]:
    return [path for path in SOURCE.rglob("*.py") if {"core", "formats", "domain"} & set(path.parts)]


def test_no_core_opens_a_file() -> None:
    calls = [
        str(path)
        for path in cores()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"open", "input", "print"}
    ]

    assert calls == []


def test_no_core_imports_a_shell_of_its_stage() -> None:
    wrong = [
        f"{path.relative_to(SOURCE)} imports {name}"
        for path in cores()
        for name in imports(path)
        if name.startswith("chatpulse.") and not {"core", "formats", "domain", "errors"} & set(name.split("."))
    ]

    assert wrong == []


def test_only_pipelines_choose_backends() -> None:
    wrong = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "chatpulse.registry" in set(imports(path)) and path.parent.name != "pipelines" and path.name != "registry.py"
    ]

    assert wrong == []


def test_the_command_line_reaches_no_core() -> None:
    wrong = [
        f"{path.name} imports {name}"
        for path in (SOURCE / "cli").glob("*.py")
        for name in imports(path)
        if name.startswith("chatpulse.") and ".core" in name
    ]

    assert wrong == []


def test_every_public_name_can_be_had() -> None:
    assert all(getattr(chatpulse, name) is not None for name in chatpulse.__all__)
    assert len(chatpulse.__all__) <= 15
