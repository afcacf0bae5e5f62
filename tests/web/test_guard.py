import socket
from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from chatpulse.errors import InputError
from chatpulse.web.guard import STRICT_HEADERS, check_binding, served_hosts
from tests.web.fake_state import FakeState
from tests.web.running import Running, running

TOKEN = "correct horse&battery"  # noqa: S105 - opens nothing


@pytest.fixture(scope="module")
def open_door() -> Iterator[Running]:
    with running(FakeState(seconds=20)) as served:
        yield served


@pytest.fixture(scope="module")
def locked_door() -> Iterator[Running]:
    with running(FakeState(seconds=20), host="0.0.0.0", token=TOKEN) as served:
        yield served


@pytest.mark.parametrize(
    ("host", "status"),
    [
        pytest.param("127.0.0.1:{port}", 200, id="the address"),
        pytest.param("LOCALHOST:{port}", 200, id="its name"),
        pytest.param("[::1]:{port}", 200, id="the other address"),
        pytest.param("127.0.0.1", 421, id="another port"),
        pytest.param("evil.example:{port}", 421, id="a foreign name"),
        pytest.param("127.0.0.1.evil.example:{port}", 421, id="a foreign name in disguise"),
        pytest.param("192.168.1.7:{port}", 421, id="an address that is not served"),
        pytest.param("", 421, id="none"),
    ],
)
def test_only_our_own_names_are_served(open_door: Running, host: str, status: int) -> None:
    headers = {"Host": host.format(port=open_door.server.port)}

    for path in ("/", "/api/summary", "/healthz", "/static/app.css"):
        answer = httpx.get(open_door.url + path, headers=headers)

        assert answer.status_code == status
        assert status == 200 or answer.json() == {
            "error": "this name is not served here; open the address that chatpulse printed"
        }


@pytest.mark.parametrize(
    ("host", "names"),
    [
        pytest.param("127.0.0.1", ["127.0.0.1:1", "localhost:1", "[::1]:1"], id="loopback"),
        pytest.param("::1", ["127.0.0.1:1", "localhost:1", "[::1]:1"], id="loopback of version 6"),
        pytest.param("Pi.local", ["127.0.0.1:1", "localhost:1", "[::1]:1", "pi.local:1"], id="a name"),
    ],
)
def test_the_bound_name_is_served_too(host: str, names: list[str]) -> None:
    assert list(served_hosts(host, 1)) == names


def test_a_server_for_all_addresses_takes_any_literal_one(locked_door: Running) -> None:
    port, bearer = locked_door.server.port, {"Authorization": f"Bearer {TOKEN}"}

    answers = [
        httpx.get(f"{locked_door.url}/api/summary", headers=bearer | {"Host": host}).status_code
        for host in (f"192.168.1.7:{port}", f"[fd00::7]:{port}", f"evil.example:{port}", "192.168.1.7:1")
    ]

    assert answers == [200, 200, 421, 421]


@pytest.mark.parametrize(
    ("origin", "welcome"),
    [
        pytest.param(None, True, id="a program"),
        pytest.param("http://{address}", True, id="our page"),
        pytest.param("https://{address}", True, id="our page behind TLS"),
        pytest.param("http://evil.example", False, id="a foreign page"),
        pytest.param("http://127.0.0.1:1", False, id="another port"),
        pytest.param("http://{address}.evil.example", False, id="a foreign page in disguise"),
        pytest.param("ftp://{address}", False, id="another scheme"),
        pytest.param("null", False, id="a page without an origin"),
        pytest.param("http://[", False, id="no origin at all"),
        pytest.param("http://{address}/", False, id="more than an origin"),
    ],
)
def test_no_foreign_page_reads_posts_or_opens_the_websocket(
    open_door: Running, origin: str | None, *, welcome: bool
) -> None:
    headers = {"Origin": origin.format(address=open_door.address)} if origin else {}

    read = httpx.get(f"{open_door.url}/api/channels", headers=headers)
    posted = httpx.post(f"{open_door.url}/api/channels", headers=headers)
    try:
        with connect(f"ws://{open_door.address}/ws", additional_headers=headers) as socket:
            socket.recv()
        opened = 101
    except InvalidStatus as exc:
        opened = exc.response.status_code

    assert (read.status_code, posted.status_code, opened) == ((200, 405, 101) if welcome else (403, 403, 403))


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/api/summary", "/nothing/here", "/api/frame?after=x"])
def test_every_answer_carries_the_strict_headers(open_door: Running, path: str) -> None:
    answer = httpx.get(open_door.url + path)

    assert {name: answer.headers.get(name) for name in STRICT_HEADERS} == STRICT_HEADERS
    assert answer.headers["cache-control"] in {"no-store", "no-cache"}
    assert "server" not in answer.headers


def test_the_policy_allows_our_own_files_and_nothing_else(open_door: Running) -> None:
    policy = httpx.get(open_door.url).headers["content-security-policy"]

    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )


@pytest.mark.parametrize("path", ["/", "/api/summary", "/api/frame", "/metrics", "/openapi.json", "/nothing/here"])
def test_without_the_token_nothing_is_told(locked_door: Running, path: str) -> None:
    answers = [
        httpx.get(locked_door.url + path, headers=headers)
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"})
    ]

    assert [answer.status_code for answer in answers] == [401] * 3
    assert "otterlagoon" not in answers[0].text


def test_without_the_token_the_websocket_stays_shut(locked_door: Running) -> None:
    with pytest.raises(InvalidStatus, match="401"):
        connect(f"ws://{locked_door.address}/ws?token={TOKEN.replace('&', '%26').replace(' ', '+')}")


def test_the_token_opens_as_bearer(locked_door: Running) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}"}

    answers = [httpx.get(locked_door.url + path, headers=bearer).status_code for path in ("/", "/metrics", "/healthz")]
    with connect(f"ws://{locked_door.address}/ws", additional_headers=bearer) as socket:
        frame = socket.recv()

    assert answers == [200, 200, 200]
    assert '"otterlagoon"' in str(frame)


def test_a_token_of_any_letters_opens_too() -> None:
    with running(FakeState(seconds=0), token="söder \N{OTTER}") as served:
        address = f"{served.url}/api/summary"
        right, wrong = ([(b"authorization", b"Bearer " + token)] for token in ("söder \N{OTTER}".encode(), b"\xff"))

        assert httpx.get(address, headers=right).status_code == 200
        assert httpx.get(address, headers=wrong).status_code == 401
        assert httpx.get(address, params={"token": "söder \N{OTTER}"}).status_code == 303


def test_a_token_in_the_address_becomes_a_cookie(locked_door: Running) -> None:
    with httpx.Client(base_url=locked_door.url) as browser:
        traded = browser.get("/api/frame", params={"token": TOKEN, "channel": "nightshift"})
        after = browser.get(traded.headers["location"])

    assert (traded.status_code, traded.headers["location"]) == (303, "/api/frame?channel=nightshift")
    cookie = traded.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "correct" not in cookie
    assert after.json()["channel"] == "nightshift"


def test_trading_the_token_leads_nowhere_else(locked_door: Running) -> None:
    traded = httpx.get(f"{locked_door.url}//evil.example/%5C", params={"token": TOKEN})

    assert traded.headers["location"] == "/evil.example/%5C"


def test_a_wrong_token_in_the_address_is_refused(locked_door: Running) -> None:
    answer = httpx.get(locked_door.url, params={"token": "wrong"}, headers={"Accept": "text/html"})

    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert '<form action="/" method="get">' in answer.text
    assert '<p class="wrong" role="alert">' in answer.text


def test_a_door_that_nobody_tried_does_not_call_the_token_wrong(locked_door: Running) -> None:
    answer = httpx.get(locked_door.url, headers={"Accept": "text/html"})

    assert answer.status_code == 401
    assert 'class="wrong"' not in answer.text


def test_the_page_that_asks_for_the_token_gets_its_looks(locked_door: Running) -> None:
    assert httpx.get(f"{locked_door.url}/static/app.css").status_code == 200


def test_without_the_token_health_is_one_word(locked_door: Running) -> None:
    answer = httpx.get(f"{locked_door.url}/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/healthz/", "/healthz2", "/static", "/%73tatic", "/api/../static/app.css"])
def test_only_the_public_files_and_health_are_open(locked_door: Running, path: str) -> None:
    address = ("127.0.0.1", locked_door.server.port)
    with socket.create_connection(address) as raw:
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: {locked_door.address}\r\nConnection: close\r\n\r\n".encode())

        assert raw.recv(1000).startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "", "pi.local", "127.1", "localhost.evil.example"])
def test_other_machines_need_a_token(host: str) -> None:
    check_binding(host, "secret")

    with pytest.raises(InputError, match="needs --token"):
        check_binding(host, "")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_this_machine_needs_no_token(host: str) -> None:
    check_binding(host, None)
