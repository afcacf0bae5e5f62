"""The token appears nowhere, and what is kept belongs to its owner alone."""

import contextlib
import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.program import Program

Answer = Callable[..., Any]
Chatpulse = Callable[..., subprocess.CompletedProcess[str]]

HORSE = "correct-horse-battery"
DONKEY = "wrong-horse-battery"


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    """Programs start where new files are for everybody to read and write."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.slow
@pytest.mark.parametrize("given", ["flag", "environment"])
def test_the_token_is_in_no_log_at_any_level(given: str, tmp_path: Path, environment: dict[str, str]) -> None:
    flag = ["--token", HORSE] if given == "flag" else []
    variables = {"CHATPULSE_TOKEN": HORSE} if given == "environment" else {}
    arguments = ["demo", "--data", tmp_path / "chat", "--log-level", "debug", "--json", *flag]

    with Program(*arguments, env=environment, **variables) as run:
        answers = [
            run.get(path).status_code for path in (f"/?token={DONKEY}", f"/nothing?token={HORSE}", "/?token=%ff")
        ]
        with httpx.Client(trust_env=False, headers={"Authorization": f"Bearer {HORSE}"}) as client:
            answers.append(client.get(f"{run.url}/api/summary").status_code)
        summary = run.leave()

    assert answers == [401, 303, 401, 200]
    everything = "\n".join(run.said) + str(summary)
    assert HORSE not in everything
    assert DONKEY not in everything
    held = [path for path in (tmp_path / "chat").rglob("*") if path.is_file() and HORSE.encode() in path.read_bytes()]
    assert held == []


def test_a_token_of_the_wrong_kind_is_not_shown(chatpulse: Chatpulse, tmp_path: Path) -> None:
    (tmp_path / "chatpulse.toml").write_text("token = 271828\n")

    done = chatpulse("config")

    assert done.returncode == 2
    assert "token (file chatpulse.toml)" in done.stderr
    assert "271828" not in done.stderr


@pytest.mark.slow
def test_record_tables_and_state_belong_to_their_owner(
    answer: Answer, tmp_path: Path, environment: dict[str, str]
) -> None:
    data = tmp_path / "share" / "chat"
    with Program("demo", "--data", data, "--json", env=environment, CHATPULSE_FLUSH_S="0.2") as run:
        run.until(lambda: run.totals()["stored"] > 0, within_s=20)
        running = modes(data)
        run.leave()
    answer("lake", "compact", "--data", data)
    made = running | modes(data)

    names = {path.name for path, _ in made}
    assert {
        "record.db",
        "record.db-wal",
        "record.db-shm",
        "record.db.lock",
        "collector.lock",
        "manifest.json",
        "lock",
        "state",
    } <= names
    assert {path.suffix for path, _ in made} >= {".parquet", ".json"}
    assert {mode for _, mode in made} == {"-rw-------", "drwx------"}


def modes(folder: Path) -> set[tuple[Path, str]]:
    """The mode of the folder and of everything in it, as `ls -l` shows it."""
    found = set()
    for path in (folder, *folder.rglob("*")):
        with contextlib.suppress(FileNotFoundError):  # what a run needs for a moment only
            found.add((path, stat.filemode(path.stat().st_mode)))
    return found
