"""What commands print, wherever it goes."""

import io
import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chatpulse.cli import output
from tests.conftest import PROGRAM

Chatpulse = Callable[..., subprocess.CompletedProcess[str]]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_long_wait_is_seen_at_a_terminal_and_gone_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(output, "PROGRESS_S", 0.01)

    with output.progress("reading", json=False):
        while "reading ... 0 s" not in terminal.getvalue():
            time.sleep(0.005)

    assert terminal.getvalue().endswith("\r\x1b[2K")


@pytest.mark.parametrize(
    ("reader", "json"),
    [pytest.param(Terminal(), True, id="for a program"), pytest.param(io.StringIO(), False, id="in a file")],
)
def test_progress_is_for_people_only(reader: io.StringIO, *, json: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", reader)
    monkeypatch.setattr(output, "PROGRESS_S", 0.001)

    with output.progress("reading", json=json):
        time.sleep(0.02)

    assert reader.getvalue() == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("s3://me:word@bucket/a", "s3://***@bucket/a", id="a password"),
        pytest.param("abfss://box@account/a", "abfss://box@account/a", id="a container"),
        pytest.param("http://[::1]:8470/", "http://[::1]:8470/", id="a port"),
        pytest.param("mail a:b@c", "mail a:b@c", id="no URL"),
    ],
)
def test_names_and_passwords_in_urls_are_masked(text: str, shown: str) -> None:
    assert output.masked(text) == shown


def test_a_password_in_a_url_is_shown_nowhere(chatpulse: Chatpulse) -> None:
    listed = chatpulse("config", "--data", "s3://me:correct-horse@bucket/chat")
    refused = chatpulse("sql", "select 1", "--data", "ftp://me:correct-horse@host/chat")

    assert listed.returncode == 0
    assert "s3://***@bucket/chat" in listed.stdout
    assert "ftp://***@host/chat" in refused.stderr
    assert "correct-horse" not in listed.stdout + listed.stderr + refused.stdout + refused.stderr


def test_a_table_in_a_pipe_has_whole_rows(chatpulse: Chatpulse) -> None:
    path = "/" + "/".join(["a-folder-with-a-name"] * 10)

    done = chatpulse("config", "--data", path)

    assert f"sqlite:{path}/record.db" in done.stdout


def test_json_is_utf8_whatever_the_terminal_speaks(chatpulse: Chatpulse) -> None:
    as_json = chatpulse("score", "gg é 😀", "--json", PYTHONIOENCODING="ascii")
    as_text = chatpulse("score", "gg é 😀", PYTHONIOENCODING="ascii")

    assert json.loads(as_json.stdout)["text"] == "gg é 😀"
    assert "gg ? ?" in as_text.stdout


@pytest.mark.parametrize("arguments", [["config"], ["config", "--json"]])
def test_a_reader_that_goes_away_is_no_error(arguments: list[str], environment: dict[str, str]) -> None:
    with subprocess.Popen(
        [PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()

        assert child.stderr.read() == b""
    assert child.returncode == 0


@pytest.mark.parametrize(
    ("redirection", "code", "said"),
    [
        pytest.param(">/dev/full", 1, "No space left on device", id="no room for the answer"),
        pytest.param(">&-", 0, "", id="a closed output"),
    ],
)
def test_an_answer_that_cannot_be_written_makes_no_traceback(
    redirection: str, code: int, said: str, environment: dict[str, str], tmp_path: Path
) -> None:
    command = f"'{PROGRAM}' config --json {redirection}"

    done = subprocess.run(
        ["sh", "-c", command], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == (1 if code else 0)
