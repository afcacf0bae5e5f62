import asyncio
import logging
import signal
import socket
import time
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from chatpulse.errors import InputError
from chatpulse.web import start
from tests.web.fake_state import FakeState
from tests.web.running import running

TOKEN = "secret"  # noqa: S105 - opens nothing


def test_a_taken_port_is_one_clear_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(InputError) as refused:
            asyncio.run(start(FakeState(seconds=0), port=port))

    assert str(refused.value) == (
        f"port {port} on 127.0.0.1 is in use: stop the program that has it, or choose another with --port"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(InputError, match=f"host '{host}' is no address of this machine"):
        asyncio.run(start(FakeState(seconds=0), host=host, port=0, token=TOKEN))


def test_other_machines_are_not_served_without_a_token() -> None:
    with pytest.raises(InputError, match="needs --token"):
        asyncio.run(start(FakeState(seconds=0), host="0.0.0.0", port=0))


def test_the_server_stops_in_time_with_viewers_and_idle_connections() -> None:
    with ExitStack() as stack:
        served = stack.enter_context(running(FakeState(seconds=20)))
        viewers = [stack.enter_context(connect(f"ws://{served.address}/ws")) for _ in range(5)]
        for viewer in viewers:
            viewer.recv(timeout=5)
        idle = stack.enter_context(socket.create_connection(("127.0.0.1", served.server.port)))
        idle.sendall(b"GET / HT")

        began = time.monotonic()
        served.stop()
        took_s = time.monotonic() - began

        for viewer in viewers:
            with pytest.raises(ConnectionClosed):
                [viewer.recv(timeout=5) for _ in range(50)]
        assert took_s < 5
        socket.create_server(("127.0.0.1", served.server.port)).close()


def test_signals_stay_with_the_caller() -> None:
    before = signal.getsignal(signal.SIGTERM)

    async def serve() -> object:
        server = await start(FakeState(seconds=0), port=0)
        during = signal.getsignal(signal.SIGTERM)
        await server.stop()
        return during

    assert asyncio.run(serve()) is before


def test_nothing_is_logged_about_a_request(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with running(FakeState(seconds=0), token=TOKEN) as served:
        address = f"127.0.0.1:{served.server.port}"
        for path in (f"/?token={TOKEN}", "/nothing?token=wrong"):
            with socket.create_connection(("127.0.0.1", served.server.port)) as raw:
                raw.sendall(f"GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode())
                assert raw.recv(1000)
        with pytest.raises(InvalidStatus, match="401"):
            connect(f"ws://{address}/ws?token={TOKEN}")

    # The client of this test logs what it asks for itself.
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith("websockets.client")]
    assert capfd.readouterr() == ("", "")
    assert not any(TOKEN in message for message in logged)


def test_a_version_6_address_is_a_url_too() -> None:
    async def serve() -> str:
        server = await start(FakeState(seconds=0), host="::1", port=0)
        await server.stop()
        return server.url.replace(str(server.port), "PORT")

    assert asyncio.run(serve()) == "http://[::1]:PORT/"
