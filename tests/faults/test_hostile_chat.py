"""Chat that means harm: it is stored to the letter, leads nowhere on disk, and never drives a terminal."""

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from chatpulse.cli.terminal import TerminalView
from chatpulse.pipelines.stored import StoredChat

Answer = Callable[..., Any]
Chatpulse = Callable[..., subprocess.CompletedProcess[str]]

NOW_MS = 1_790_000_000_000
TEXTS = (
    "'; drop table messages; --",
    "\" or 1=1; attach 'x.db'; copy messages to '/tmp/stolen.csv'",
    "<script>fetch('//x')</script><img src=x onerror=alert(1)>",
    "[bold red]markup[/] :smile: [link=file:///etc/passwd]",
    "../../../../etc/passwd ..\\..\\x %2e%2e%2f ~/.ssh/id_rsa $(touch pwned) `touch pwned` | touch pwned",
    "\x1b[2J\x1b]0;owned\x07\x1b[31mred \x9b31m csi",
    "nul\x00 bell\x07 back\x08 tab\t del\x7f",
    "\u202eright to left\u202c \u200b\u200d\u2066hidden\u2069 \ufeffmark",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b" * 40,
    "{0.__class__} %s %(x)s ${jndi:ldap://x/a} {{7*7}}",
    "\ud55c\uad6d\uc5b4 \U0001f469\u200d\U0001f469\u200d\U0001f467 \U00012345",
    "x" * 65_000,
)
CHANNELS = ("good", "../x", "/etc/cron.d/y", "a\x1b[31mb", "..", "con\u202etxt", "\x00")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def message(number: int, channel: str, text: str, *, name: str = "ana", sent: str = "") -> str:
    tags = f"@id=m{number};room-id=7;display-name={name};tmi-sent-ts={sent or NOW_MS + number}"
    return f"{tags} :ana!ana@ana.tmi.twitch.tv PRIVMSG #{channel} :{text}"


def hostile_lines() -> list[str]:
    """Every text in a good channel, then bad channels, names, ids and times."""
    lines = [message(number, "good", text) for number, text in enumerate(TEXTS)]
    lines += [message(100 + number, channel, "hi") for number, channel in enumerate(CHANNELS)]
    lines += [
        message(200, "good", "hi", name="\x1b[2Jana"),
        message(201, "good", "hi", sent="99999999999999999999"),
        message(202, "good", "hi", sent="-62135596800001"),
        message(203, "good", "hi", sent="../../x"),
        "@id=../../evil;room-id=../y;tmi-sent-ts=1 :a!a@a PRIVMSG #good :path in an id",
        f"@id=s1;msg-id=\x1b[31m;room-id=7;system-msg=\x1b[2J;tmi-sent-ts={NOW_MS} :tmi.twitch.tv USERNOTICE #good",
        "@id=\x1b[2J :a PRIVMSG",
    ]
    return lines


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    path = tmp_path / "hostile.irc"
    path.write_bytes(b"".join(f"{NOW_MS + n}\t{line}\r\n".encode() for n, line in enumerate(hostile_lines())))
    return path


def files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_hostile_chat_is_stored_to_the_letter_and_leads_nowhere(
    hostile: Path, chatpulse: Chatpulse, answer: Answer, tmp_path: Path
) -> None:
    before = files(tmp_path)

    arguments = ["--speed", "max", "--no-web", "--data", tmp_path / "chat", "--log-level", "debug"]
    done = chatpulse("replay", hostile, *arguments)

    assert done.returncode == 0, done.stderr
    assert not CONTROL.search(done.stdout + done.stderr)
    made = files(tmp_path) - before
    assert all(path.parts[0] == "chat" for path in made)
    names = {name for path in made for name in path.parts}
    assert all(re.fullmatch(r"[\w.=-]+", name) for name in names), names
    rows = answer("sql", "select id, channel, text from messages", "--data", tmp_path / "chat")
    texts = {row["id"]: row["text"] for row in rows}
    assert [texts[f"m{number}"] for number in range(len(TEXTS))] == list(TEXTS)
    channels = {row["id"]: row["channel"] for row in rows}
    assert [channels[f"m{100 + number}"] for number in range(len(CHANNELS))] == list(CHANNELS)


@pytest.mark.slow
def test_what_is_printed_of_hostile_chat_drives_no_terminal(
    hostile: Path, chatpulse: Chatpulse, tmp_path: Path
) -> None:
    data = tmp_path / "chat"
    chatpulse("replay", hostile, "--speed", "max", "--no-web", "--data", data)

    for arguments in (
        ["sql", "select * from messages", "--data", data],
        ["sql", "select events.*, raw from events, quarantine", "--data", data],
        ["inspect", hostile],
        ["score"],
        ["score", "--explain"],
    ):
        done = chatpulse(*arguments, stdin="\n".join(TEXTS))

        assert done.returncode == 0, done.stderr
        found = CONTROL.search(done.stdout + done.stderr)
        assert not found, (arguments, found)


@pytest.mark.slow
def test_the_terminal_view_of_hostile_chat_is_plain_text(hostile: Path, chatpulse: Chatpulse, tmp_path: Path) -> None:
    chatpulse("replay", hostile, "--speed", "max", "--no-web", "--data", tmp_path / "chat")
    state = StoredChat.load(str(tmp_path / "chat"))
    drawn = io.StringIO()

    for width in (60, 140):
        console = Console(file=drawn, width=width, height=60, color_system=None)
        view = TerminalView()
        view.console = console
        console.print(view.render(state))

    assert "drop table messages" in drawn.getvalue()
    assert not CONTROL.search(drawn.getvalue())
