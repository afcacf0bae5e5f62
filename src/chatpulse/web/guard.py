"""Let in the requests that belong here, and send every answer with headers that keep a browser strict.

A page of somebody else, open in the same browser, can send requests to this machine. Three checks stand against it:
- *Host*: only names that we serve. A foreign name that was pointed at this machine (DNS rebinding) stops here.
- *Origin*: a request comes from our own page or from a program, which names no origin. A browser names the origin of
  every WebSocket, of everything that is not GET or HEAD, and of whatever a script of another site wants to read.
- *Token*, when there is one: in the header `Authorization: Bearer`, or in a cookie. `?token=` in a link is traded for
  that cookie, which holds a digest of the token, and leaves the address line with a redirect.
"""

import hashlib
import hmac
import ipaddress
import socket
from collections.abc import Sequence
from urllib.parse import parse_qsl, quote, urlencode

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatpulse.errors import InputError

STRICT_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""The policy was measured with a live WebSocket in Chromium and Firefox: no violation, Trusted Types included."""

OPEN_FOLDER = "/static/"
OPEN_PATH = "/healthz"
"""Served without the token: our own public files, and a health check that then says no more than its status."""

WRONG_PLACE = b"<!-- wrong -->"
"""Where the page that asks for the token says..."""
WRONG_TOKEN = b'<p class="wrong" role="alert">That was not the token.</p>'
"""...that it was not the right one."""

log = structlog.get_logger()


def check_binding(host: str, token: str | None) -> None:
    """Refuse to serve other machines without a secret.

    Raises:
        InputError: `host` is not this machine alone, and there is no token.
    """
    if not token and not _is_loopback(host):
        raise InputError(
            f"host {host!r} lets other machines in, which needs --token (a secret of your choice); "
            "without one use --host 127.0.0.1"
        )


def served_hosts(host: str, port: int) -> tuple[str, ...]:
    """Every `Host` header that a server bound to this address answers.

    Args:
        host: the bound address or name; one that stands for all addresses of the machine lets any literal address
            in (`*`), because only a name can be pointed at a machine by somebody else.
        port: the bound port.

    Returns:
        `name:port`, lower case.
    """
    names = ["127.0.0.1", "localhost", "[::1]"]
    if host in {"", "0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        names += ["*", socket.gethostname().lower(), f"{socket.gethostname().lower()}.local"]
    else:
        names.append(f"[{host}]" if ":" in host else host.lower())
    return tuple(f"{name}:{port}" for name in dict.fromkeys(names))


class Guard:
    """The outermost layer of the web application."""

    def __init__(self, app: ASGIApp, *, allowed_hosts: Sequence[str], token: str | None, sign_in_page: bytes) -> None:
        self._app = app
        self._hosts = frozenset(allowed_hosts)
        self._token = _bytes(token) if token else None
        self._cookie = _digest(token) if token else ""
        self._sign_in_page = sign_in_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that is not ours to serve, pass on the others."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        refusal = self._refuse(HTTPConnection(scope))
        try:
            await (refusal or self._app)(scope, receive, answer.send)
        except Exception:
            log.exception("web.request_failed", path=scope["path"])
            if not answer.started:
                await _error(500, "something went wrong here; the log of chatpulse says what")(
                    scope, receive, answer.send
                )

    def _refuse(self, request: HTTPConnection) -> Response | None:
        hosts = request.headers.getlist("host")
        host = hosts[0].lower() if len(hosts) == 1 else ""
        if not self._serves(host):
            return _error(421, "this name is not served here; open the address that chatpulse printed")
        if not _is_own_origin(request, host):
            return _error(403, "a page of another site may not do this")
        request.scope.setdefault("state", {})["trusted"] = trusted = self._trusts(request, host)
        if self._token and request.scope.get("method") == "GET" and "token" in request.query_params:
            return self._trade_token(request, host)
        path = request.scope["path"]
        if trusted or path == OPEN_PATH or path.startswith(OPEN_FOLDER):
            return None
        return self._ask_for_token(request)

    def _serves(self, host: str) -> bool:
        name, port = _split_host(host)
        return f"{name}:{port}" in self._hosts or (f"*:{port}" in self._hosts and _is_address(name))

    def _trusts(self, request: HTTPConnection, host: str) -> bool:
        if not self._token:
            return True
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        # Header lines come as Latin-1; a token of other letters was sent in UTF-8.
        if scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode("latin-1"), self._token):
            return True
        return hmac.compare_digest(_bytes(request.cookies.get(_cookie_name(host), "")), _bytes(self._cookie))

    def _trade_token(self, request: HTTPConnection, host: str) -> Response:
        if not hmac.compare_digest(_bytes(request.query_params["token"]), self._token or b""):
            return self._ask_for_token(request, wrong=True)
        rest = urlencode([(k, v) for k, v in parse_qsl(request.url.query) if k != "token"])
        # One slash in front: `//name` would lead to another host.
        path = "/" + quote(request.scope["path"].lstrip("/"))
        answer = RedirectResponse(f"{path}?{rest}" if rest else path, status_code=303)
        answer.set_cookie(_cookie_name(host), self._cookie, httponly=True, samesite="strict")
        return answer

    def _ask_for_token(self, request: HTTPConnection, *, wrong: bool = False) -> Response:
        headers = {"WWW-Authenticate": "Bearer"}
        if "text/html" in request.headers.get("accept", ""):
            page = self._sign_in_page.replace(WRONG_PLACE, WRONG_TOKEN if wrong else b"")
            return Response(page, 401, headers, "text/html")
        return _error(401, "this needs the token: send it as 'Authorization: Bearer TOKEN'", headers)


class _Answer:
    """The way back to the client: adds the headers, remembers whether an answer has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] in {"http.response.start", "websocket.http.response.start"}:
            headers = MutableHeaders(scope=message)
            for name, value in STRICT_HEADERS.items():
                headers[name] = value
            headers.setdefault("Cache-Control", "no-store")
        self.started = self.started or message["type"] != "websocket.close"
        await self._send(message)


def _error(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": text}, status, headers)


def _is_own_origin(request: HTTPConnection, host: str) -> bool:
    origins = request.headers.getlist("origin")
    return not origins or [origin.lower() for origin in origins] in ([f"http://{host}"], [f"https://{host}"])


def _split_host(host: str) -> tuple[str, str]:
    name, colon, port = host.rpartition(":")
    # `[::1]` has colons and no port.
    return (name, port) if colon and not port.endswith("]") else (host, "80")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    # An address in brackets, as in a URL, cannot be bound: that is for the binding to say.
    return _is_address(host) and ipaddress.ip_address(host.removeprefix("[").removesuffix("]")).is_loopback


def _cookie_name(host: str) -> str:
    # Cookies know no ports: two servers on one machine would sign each other's viewers out.
    return f"chatpulse-{_split_host(host)[1]}"


def _digest(token: str) -> str:
    return hmac.new(_bytes(token), b"chatpulse cookie", hashlib.sha256).hexdigest()


def _bytes(text: str) -> bytes:
    # A token from the command line may hold bytes that are no text there.
    return text.encode(errors="surrogateescape")
