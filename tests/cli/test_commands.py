"""What every command promises: help with an example, one JSON document, one-line errors, the right exit code."""

import json
import os
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.program import Program

Chatpulse = Callable[..., subprocess.CompletedProcess[str]]
Answer = Callable[..., Any]

COMMANDS = [
    *("demo", "live", "replay", "inspect", "import", "vod-chat", "emotes", "serve", "score", "sql", "lake compact"),
    *("lake retain", "forget", "opt-out", "export chat", "export events", "config", "doctor"),
]
FLAGS = ["--data", "--log", "--state", "--log-level", "--json"]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(command: str, chatpulse: Chatpulse) -> None:
    done = chatpulse(*command.split(), "--help")

    assert done.returncode == 0
    assert f"Example: chatpulse {command}" in done.stdout or f"Examples: chatpulse {command}" in done.stdout
    assert [flag for flag in FLAGS if f" {flag} " not in done.stdout] == []


@pytest.mark.parametrize("arguments", [[], ["--help"], ["lake", "--help"]])
def test_groups_of_commands_show_an_example_too(arguments: list[str], chatpulse: Chatpulse) -> None:
    done = chatpulse(*arguments)

    assert done.returncode == 0
    assert "Example: chatpulse " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["live", "not a name"], "not a name", id="a channel name with spaces"),
        pytest.param(["live", "x", "--server", "nats://h:1"], "nats", id="a server scheme nobody serves"),
        pytest.param(["live", "x", "--log", "kafka://b:9092", "--no-web"], "kafka", id="a record scheme nobody serves"),
        pytest.param(["replay", "gone.irc"], "gone.irc", id="a file that is not there"),
        pytest.param(["replay", "x.irc", "--speed", "fast"], "--speed", id="a speed that is no number"),
        pytest.param(["demo", "--host", "0.0.0.0"], "--token", id="an open door without a token"),
        pytest.param(["sql", "select * from raids", "--data", "."], "messages", id="a table that is not there"),
        pytest.param(["sql", "selec 1", "--data", "."], "syntax", id="SQL with a typing error"),
        pytest.param(["config", "--log-level", "loud"], "log_level", id="a level that is none"),
        pytest.param(["nonsense"], "nonsense", id="a command that is none"),
        pytest.param(["score", "--what"], "--what", id="an option that is none"),
        pytest.param(["lake"], "chatpulse lake --help", id="a command that needs another"),
        pytest.param(["sql"], "QUERY", id="an argument that is missing"),
        pytest.param(["demo", "--for", "long"], "--for", id="a time that is none"),
        pytest.param(["demo", "--host", "a..b", "--token", "x", "--json"], "a..b", id="a host that can be none"),
        pytest.param(["demo", "--data", "ftp://h/x", "--no-web"], "ftp", id="a scheme of tables that nobody serves"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(arguments: list[str], said: str, chatpulse: Chatpulse) -> None:
    done = chatpulse(*arguments)

    *before, last = done.stderr.splitlines()
    assert done.returncode == 2
    assert last.startswith("chatpulse: ")
    assert said in last
    assert all(line.startswith("tables: ") for line in before)
    assert done.stdout == ""


def test_a_port_in_use_is_named(chatpulse: Chatpulse) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = chatpulse("demo", "--port", str(port), "--for", "5")

    assert done.returncode == 2
    assert f"port {port} on 127.0.0.1 is in use" in done.stderr


def test_an_unreachable_server_is_named(chatpulse: Chatpulse) -> None:
    done = chatpulse("live", "someone", "--server", "127.0.0.1:1", "--no-web", "--for", "20")

    assert done.returncode == 1
    assert "127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_foreign_record_is_refused_and_left_alone(chatpulse: Chatpulse, tmp_path: Path) -> None:
    foreign = tmp_path / "music.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("create table songs (name text)")
    connection.close()
    before = foreign.read_bytes()

    done = chatpulse("demo", "--log", f"sqlite:{foreign}", "--no-web", "--for", "1")

    assert done.returncode == 1
    assert "music.db" in done.stderr
    assert foreign.read_bytes() == before


def test_a_damaged_record_is_refused(chatpulse: Chatpulse, tmp_path: Path) -> None:
    (tmp_path / "record.db").write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 64)

    done = chatpulse("demo", "--log", f"sqlite:{tmp_path / 'record.db'}", "--no-web", "--for", "1")

    assert done.returncode == 1
    assert "record.db" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written_is_named(chatpulse: Chatpulse, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    done = chatpulse("demo", "--data", str(tmp_path / "file"), "--no-web", "--for", "1")

    assert done.returncode == 1
    assert str(tmp_path / "file") in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "empty", id="an empty file"),
        pytest.param(bytes(range(256)) * 40, "is binary", id="a binary file"),
        pytest.param(b"\x1f\x8b\x08\x00broken", "gzip", id="a broken gzip"),
    ],
)
def test_a_file_that_is_no_recording_is_named(content: bytes, said: str, chatpulse: Chatpulse, tmp_path: Path) -> None:
    (tmp_path / "chat.irc").write_bytes(content)

    done = chatpulse("replay", "chat.irc", "--speed", "max", "--no-web")

    assert done.returncode in {1, 2}
    assert "chat.irc" in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_config_says_where_each_value_comes_from(answer: Answer, tmp_path: Path) -> None:
    (tmp_path / "chatpulse.toml").write_text("flush_s = 2.5\n")

    found = {row["name"]: row for row in answer("config", "--data", "chat", CHATPULSE_PORT="9000")}

    assert found["data"] == {"name": "data", "value": "chat", "origin": "flag"}
    assert found["log"] == {"name": "log", "value": "sqlite:chat/record.db", "origin": "derived from data"}
    assert found["state"] == {"name": "state", "value": "chat/state", "origin": "derived from data"}
    assert (found["port"]["value"], found["port"]["origin"]) == (9000, "environment CHATPULSE_PORT")
    assert (found["flush_s"]["value"], found["flush_s"]["origin"]) == (2.5, "file chatpulse.toml")
    assert found["durability"]["origin"] == "default"


def test_config_never_shows_the_token(chatpulse: Chatpulse) -> None:
    done = chatpulse("config", CHATPULSE_TOKEN="correct-horse")

    assert "correct-horse" not in done.stdout + done.stderr


def test_a_setting_that_is_none_is_named_with_its_file(chatpulse: Chatpulse, tmp_path: Path) -> None:
    (tmp_path / "chatpulse.toml").write_text("flush_sec = 2.5\n")

    done = chatpulse("config")

    assert done.returncode == 2
    assert "chatpulse.toml" in done.stderr
    assert "flush_sec" in done.stderr


def test_score_answers_each_line_in_order(chatpulse: Chatpulse) -> None:
    done = chatpulse("score", "--json", stdin="gg that was amazing\n\nthis is so boring ResidentSleeper\n")

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["text"] for line in lines] == ["gg that was amazing", "", "this is so boring ResidentSleeper"]
    assert lines[0]["valence"] > 0 > lines[2]["valence"]
    assert set(lines[0]) == {
        "text", "valence", "negative", "neutral", "positive", "label", "best", "reactions", "flags", "confidence",
        "tokens", "scorer",
    }  # fmt: skip


def test_score_takes_arguments_that_are_no_text(chatpulse: Chatpulse) -> None:
    done = chatpulse("score", "--json", os.fsdecode(b"gg \xff"))

    assert [json.loads(line)["text"] for line in done.stdout.splitlines()] == ["gg \N{REPLACEMENT CHARACTER}"]


def test_score_explains_itself(chatpulse: Chatpulse) -> None:
    done = chatpulse("score", "--explain", "not good at all")

    assert done.returncode == 0
    assert "because" in done.stdout
    assert "good" in done.stdout


def test_score_survives_bytes_that_are_no_text(chatpulse: Chatpulse) -> None:
    done = chatpulse("score", "--json", stdin=b"\xff\xfe broken \x00\n")

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.slow
def test_a_demo_keeps_its_tables_wherever_data_was_named(chatpulse: Chatpulse, tmp_path: Path) -> None:
    done = chatpulse("demo", "--no-web", "--for", "1", CHATPULSE_DATA="kept")

    assert done.stderr == "tables: kept\n"
    assert (tmp_path / "kept" / "messages").is_dir()


@pytest.mark.slow
def test_serve_says_at_the_end_where_it_was(environment: dict[str, str], tmp_path: Path) -> None:
    with Program("serve", "--data", tmp_path, "--json", env=environment) as run:
        url = run.url
        served = run.leave()

    assert served["url"] == f"{url}/"
    assert 0 < served["seconds"] < 60


def test_doctor_names_every_check_and_a_next_step(chatpulse: Chatpulse) -> None:
    done = chatpulse("doctor", "--json")

    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert set(checks) == {"python", "libraries", "data", "state", "disk", "port", "twitch", "vod-chat", "clock"}
    assert all(check["advice"] for check in checks.values() if check["status"] != "ok")
    assert all(not check["advice"] for check in checks.values() if check["status"] == "ok")


def test_doctor_finds_what_is_wrong_with_places_and_ports(chatpulse: Chatpulse, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = chatpulse("doctor", "--data", "file", "--log", "kafka://h", "--port", str(port), "--json")

    said = json.loads(done.stdout)
    checks = {check["name"]: (check["status"], check["found"]) for check in said["checks"]}
    assert (done.returncode, said["ok"]) == (1, False)
    assert checks["data"] == ("failed", f"{tmp_path / 'file'} cannot be written: Not a directory")
    assert checks["state"][0] == "failed"
    assert checks["port"][0] == "warning"
    assert f"127.0.0.1:{port} cannot be opened" in checks["port"][1]
