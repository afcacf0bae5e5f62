"""Where a value comes from, and what others are derived from it."""

import os
from pathlib import Path

import pytest

from chatpulse.errors import InputError
from chatpulse.settings import load, origins


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the developer's own settings."""
    for name in [name for name in os.environ if name.startswith("CHATPULSE_")]:
        monkeypatch.delenv(name)
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.chdir(tmp_path)


def test_a_flag_counts_before_the_environment_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "chatpulse.toml").write_text('data = "c"\nlog = "sqlite:c.db"\nstate = "c"\nlog_level = "error"\n')
    monkeypatch.setenv("CHATPULSE_LOG", "sqlite:b.db")
    monkeypatch.setenv("CHATPULSE_STATE", "b")

    settings = load({"state": "a", "log_level": None})

    assert (settings.data, settings.log, settings.state, settings.log_level) == ("c", "sqlite:b.db", "a", "error")
    found = origins(settings, {"state": "a", "log_level": None, "json": True})
    assert [found[name] for name in ("data", "log", "state", "log_level", "port")] == [
        "file chatpulse.toml", "environment CHATPULSE_LOG", "flag", "file chatpulse.toml", "default",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("flags", "derived"),
    [
        pytest.param({"data": "chat"}, ("data", "data"), id="local tables"),
        pytest.param({"data": "s3://chat"}, ("state", "data"), id="tables elsewhere"),
    ],
)
def test_record_and_state_say_what_they_are_derived_from(flags: dict[str, str], derived: tuple[str, str]) -> None:
    settings = load(flags)

    found = origins(settings, flags)

    assert (found["log"], found["state"]) == tuple(f"derived from {name}" for name in derived)
    assert settings.value_used("log") == settings.record_url()
    assert settings.value_used("state") == str(settings.state_folder())


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        pytest.param("chat", "chat", id="a path"),
        pytest.param("file:/srv/my%20chat", "/srv/my chat", id="a URL of a file"),
        pytest.param("FILE:///srv/chat", "/srv/chat", id="a long URL of a file"),
    ],
)
def test_record_and_state_are_inside_local_tables(url: str, folder: str) -> None:
    settings = load({"data": url})

    assert settings.record_url() == f"sqlite:{Path(folder) / 'record.db'}"
    assert settings.state_folder() == Path(folder) / "state"


def test_tables_elsewhere_share_neither_record_nor_state(tmp_path: Path) -> None:
    urls = ["s3://a/chat", "s3://b/chat", "s3://a/chat/old", "gs://a/chat", "abfss://a@x.net/c", "abfss://b@x.net/c"]

    states = [load({"data": url}).state_folder() for url in urls]
    records = [load({"data": url}).record_url() for url in urls]

    assert len(set(states)) == len(set(records)) == len(urls)
    assert {state.parent for state in states} == {tmp_path / "xdg_state_home" / "chatpulse"}
    assert states[0].name.startswith("s3-a-chat-")
    assert records == [f"sqlite:{state / 'record.db'}" for state in states]


@pytest.mark.parametrize("same", ["s3://a/chat/", "S3://A/chat", "s3://me:hidden-word@a/chat"])
def test_the_state_of_tables_elsewhere_does_not_depend_on_spelling_or_secrets(same: str) -> None:
    state = load({"data": same}).state_folder()

    assert state == load({"data": "s3://a/chat"}).state_folder()
    assert "hidden" not in str(state)


def test_a_state_that_was_named_is_taken_as_it_is() -> None:
    settings = load({"data": "s3://a/chat", "state": "here"})

    assert settings.state_folder() == Path("here")
    assert settings.record_url() == f"sqlite:{Path('here') / 'record.db'}"


@pytest.mark.parametrize("name", ["data", "state"])
def test_a_home_directory_that_is_none_is_named(name: str) -> None:
    with pytest.raises(InputError, match="~nobody-of-this-name/chat"):
        load({name: "~nobody-of-this-name/chat"})
