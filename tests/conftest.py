import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatpulse.simulation.core.crowd import Crowd
from chatpulse.simulation.core.truth import Truth

PROGRAM = Path(sys.executable).parent / "chatpulse"
START_US = 1_790_000_000_000_000

Run = subprocess.CompletedProcess[str]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a program under test: nothing of the developer's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHATPULSE_")}
    return {**kept, "HOME": str(tmp_path / "home"), "XDG_DATA_HOME": str(tmp_path / "share")}


@pytest.fixture
def chatpulse(environment: dict[str, str], tmp_path: Path) -> Callable[..., Run]:
    """Run the program as a person does, and hand back what it said."""

    def run(*arguments: str | Path, stdin: str | bytes = "", **variables: str) -> Run:
        done = subprocess.run(
            [PROGRAM, *arguments],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=tmp_path,
            env={**environment, **variables},
            timeout=120,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        )

    return run


@pytest.fixture
def answer(chatpulse: Callable[..., Run]) -> Callable[..., Any]:
    """Run a command with --json and hand back the document."""

    def ask(*arguments: str | Path, **options: str) -> Any:
        done = chatpulse(*arguments, "--json", **options)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask


@pytest.fixture
def recording(tmp_path: Path) -> Callable[..., tuple[Path, Truth]]:
    """Write a recording of a simulated evening, and tell the truth about it."""

    def write(*, seconds: float, name: str = "evening.irc.gz", seed: int = 7) -> tuple[Path, Truth]:
        crowd = Crowd(seed, start_us=START_US, duration_s=seconds, keep_ids=True)
        path = tmp_path / name
        with gzip.open(path, "wt", encoding="utf-8", newline="\n", compresslevel=1) as out:
            for at_s, _, line in crowd.lines():
                out.write(f"{(START_US + round(at_s * 1e6)) // 1000}\t{line}\n")
        return path, crowd.truth

    return write
