import sys

import pytest

from chatpulse import registry
from chatpulse.errors import MissingExtraError, UnknownSchemeError
from chatpulse.registry import BACKENDS, Backend, backend, scheme_of


@pytest.mark.parametrize("scheme", ["irc", "ircs", "ws", "wss"])
def test_a_chat_server_is_found_by_its_scheme(scheme: str) -> None:
    server = backend("twitch", f"{scheme}://chat.example:1234")(f"{scheme}://chat.example:1234")

    assert server.url == f"{scheme}://chat.example:1234"


def test_an_unknown_scheme_is_told_with_the_ones_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BACKENDS, ("eventlog", "kafka"), Backend("nowhere:Nothing", extra="kafka"))

    with pytest.raises(UnknownSchemeError) as caught:
        backend("eventlog", "nats://x")

    assert str(caught.value) == "'nats://x': no eventlog backend for 'nats'; there are ['kafka', 'sqlite']"


def test_a_missing_library_becomes_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BACKENDS, ("eventlog", "kafka"), Backend("library_not_installed:Log", extra="kafka"))

    with pytest.raises(MissingExtraError) as caught:
        backend("eventlog", "kafka://b:9092")

    assert str(caught.value) == "'kafka://b:9092' needs the 'kafka' extra: pip install 'chatpulse[kafka]'"


def test_a_module_of_our_own_that_is_missing_is_no_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BACKENDS, ("eventlog", "kafka"), Backend("chatpulse.nowhere:Log", extra="kafka"))

    with pytest.raises(ModuleNotFoundError, match=r"chatpulse\.nowhere"):
        backend("eventlog", "kafka://b:9092")


@pytest.mark.parametrize(
    ("url", "scheme"),
    [
        pytest.param("sqlite:/var/record.db", "sqlite", id="one slash"),
        pytest.param("WSS://irc.example", "wss", id="upper case"),
        pytest.param("/var/lake", "file", id="absolute path"),
        pytest.param("lake", "file", id="relative path"),
        pytest.param("C:\\lake", "file", id="drive letter"),
    ],
)
def test_the_scheme_of_an_address(url: str, scheme: str) -> None:
    assert scheme_of(url) == scheme


@pytest.mark.parametrize("row", sorted(BACKENDS), ids=":".join)
def test_every_row_names_a_class_that_is_there(row: tuple[str, str]) -> None:
    port, scheme = row

    found = backend(port, f"{scheme}:x")

    assert found.__module__ in sys.modules
    assert registry.BACKENDS[row].path == f"{found.__module__}:{found.__name__}"
