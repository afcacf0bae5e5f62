"""The package starts light: nothing heavy is loaded before it is needed."""

import json
import resource
import subprocess
import sys
from pathlib import Path

HEAVY = (
    "numpy",
    "pyarrow",
    "deltalake",
    "duckdb",
    "fastapi",
    "uvicorn",
    "websockets",
    "httpx",
    "pydantic",
    "structlog",
)
PROGRAM = Path(sys.executable).parent / "chatpulse"
MAX_HELP_CPU_S = 0.3


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}; import json, sys; print(json.dumps(sorted(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return set(json.loads(out))


def test_importing_the_package_loads_no_heavy_library() -> None:
    modules = loaded_by("import chatpulse")

    assert modules.isdisjoint(HEAVY)
    assert len(modules) <= 150


def test_the_command_line_loads_no_heavy_library() -> None:
    assert loaded_by("import chatpulse.cli.app").isdisjoint(HEAVY)


def test_help_answers_at_once() -> None:
    subprocess.run([PROGRAM, "--help"], capture_output=True, check=True)
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([PROGRAM, "--help"], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    assert min(spent) <= MAX_HELP_CPU_S
