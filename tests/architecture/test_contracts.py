"""The import contracts hold, and they bite."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).parent / "lint-imports"

SQLITE = "import chatpulse.eventlog.backends.sqlite"
PLANTED = [
    pytest.param("one-way", "twitch/planted.py", "import chatpulse.web", id="a stage imports a later one"),
    pytest.param("pure-cores", "twitch/core/planted.py", "import socket", id="a core opens a socket"),
    pytest.param(
        "core-knows-no-shell", "eventlog/core/planted.py", "import chatpulse.eventlog.ports", id="a core's port"
    ),
    pytest.param("backends-by-name", "pipelines/planted.py", SQLITE, id="a backend is imported"),
    pytest.param("extras-isolated", "nlp/planted.py", "import torch", id="an optional library outside its backend"),
    pytest.param("settings-at-the-edge", "lake/planted.py", "import chatpulse.settings", id="a stage reads settings"),
    pytest.param("sync-middle", "lake/planted.py", "import asyncio", id="an event loop in the middle"),
]


def run_contracts(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--config", ROOT / "pyproject.toml", "--no-cache"],
        cwd=root,
        env={"PYTHONPATH": str(root / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_import_contracts_are_kept() -> None:
    result = run_contracts(ROOT)

    assert result.returncode == 0, result.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("contract", "path", "line"), PLANTED)
def test_contract_catches_a_planted_import(contract: str, path: str, line: str, tmp_path: Path) -> None:
    package = tmp_path / "src" / "chatpulse"
    for source in (ROOT / "src" / "chatpulse").rglob("*.py"):
        copy = package / source.relative_to(ROOT / "src" / "chatpulse")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(source.read_bytes())
    (package / path).write_text(f'"""Planted."""\n\n{line}\n')

    result = run_contracts(tmp_path)

    assert result.returncode == 1
    assert f"{contract_name(contract)} BROKEN" in " ".join(result.stdout.split())


def contract_name(contract: str) -> str:
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return next(str(entry["name"]) for entry in contracts if entry["id"] == contract)
