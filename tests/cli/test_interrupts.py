"""Ctrl+C and SIGTERM, sent to a real process at its first moments."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import PROGRAM

Start = Callable[..., subprocess.Popen[str]]

SOON_S = (0.0, 0.1, 0.25, 0.5)
"""From where libraries are being loaded to where a run is opening what it needs."""
SLOW_THREAD = """
import asyncio, time
from chatpulse.cli.run import run_until_stopped
async def work():
    print("asking", flush=True)
    await asyncio.to_thread(time.sleep, 60)
run_until_stopped(work(), otherwise=lambda: print("nothing"))
"""


@pytest.fixture
def silent() -> Iterator[str]:
    """A chat server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Start:
    """Start the program, and return when it hears signals: until then there is only Python."""

    def run(*arguments: str) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [PROGRAM, *arguments],
            cwd=tmp_path,
            env={**environment, "TMPDIR": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while not hears(child.pid, signal.SIGTERM):
            assert child.poll() is None
        return child

    return run


def hears(pid: int, number: signal.Signals) -> bool:
    """Whether a process has a handler for a signal, as Linux tells."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (number - 1) & 1)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        pytest.param(["demo", "--no-web"], {"lines", "dropped"}, id="demo"),
        pytest.param(["replay", "chat.irc", "--no-web", "--data", "chat"], {"lines", "dropped"}, id="replay"),
        pytest.param(
            ["live", "someone", "--server", "{server}", "--no-web", "--data", "chat"], {"lines", "dropped"}, id="live"
        ),
        pytest.param(["serve", "--port", "0", "--data", "."], {"url", "seconds"}, id="serve"),
    ],
)
def test_a_run_that_is_stopped_while_it_starts_ends_well(
    arguments: list[str], keys: set[str], number: signal.Signals, start: Start, silent: str, tmp_path: Path
) -> None:
    (tmp_path / "chat.irc").write_text("0\tPING :a\n3600000\tPING :b\n")
    for after_s in SOON_S:
        child = start(*(each.format(server=silent) for each in arguments), "--json")
        time.sleep(after_s)
        child.send_signal(number)
        asked_s = time.monotonic()

        said, complaint = child.communicate(timeout=20)

        assert time.monotonic() - asked_s < 5
        assert child.returncode == 0, complaint
        assert keys <= json.loads(said).keys()
        assert "Traceback" not in complaint
        assert list(tmp_path.glob("chatpulse-demo-*")) == []


@pytest.mark.slow
def test_the_summary_of_a_run_that_never_began_is_readable_too(start: Start) -> None:
    child = start("demo", "--no-web")
    child.send_signal(signal.SIGINT)

    said, complaint = child.communicate(timeout=20)

    assert (child.returncode, complaint) == (0, "")
    assert said.splitlines()[:2] == ["channels         none", "lines            0"]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
@pytest.mark.parametrize("after_s", [0.0, 0.1, 1.0])
def test_a_command_that_is_stopped_before_its_answer_fails_in_one_line(
    number: signal.Signals, after_s: float, start: Start
) -> None:
    child = start("score", "--json")
    time.sleep(after_s)
    child.send_signal(number)

    said, complaint = child.communicate(timeout=20)

    assert (child.returncode, said) == (1, "")
    assert complaint == "chatpulse: stopped before it was done\n"


@pytest.mark.slow
def test_a_thread_that_hangs_does_not_keep_a_stopped_run() -> None:
    with subprocess.Popen([sys.executable, "-c", SLOW_THREAD], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "asking\n"
        child.send_signal(signal.SIGTERM)
        asked_s = time.monotonic()

        assert child.wait(20) == 0

        assert time.monotonic() - asked_s < 5
        assert child.stdout.read() == "nothing\n"
