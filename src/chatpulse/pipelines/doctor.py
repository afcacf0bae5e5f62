"""Check what chatpulse needs around it, and say what to do where something is missing."""

import email.utils
import importlib.metadata
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from chatpulse.settings import Settings

MIN_PYTHON = (3, 11)
MIN_FREE_GB = 1.0
"""An hour of a large channel (10 messages/s) takes about 30 MB of record and tables; this leaves room for days."""
MAX_CLOCK_OFF_S = 5.0
"""Beyond this, live windows and the lag shown are visibly wrong: Twitch stamps messages with its own clock."""
TWITCH_CHAT = ("irc-ws.chat.twitch.tv", 443)
CLOCK_URL = "https://www.twitch.tv/"
TIMEOUT_S = 5.0
LIBRARIES = (
    "msgspec", "numpy", "deltalake", "duckdb", "pyarrow", "typer", "rich", "pydantic-settings", "platformdirs",
    "structlog", "prometheus-client", "fastapi", "uvicorn", "websockets", "httpx",
)  # fmt: skip


class Status(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    name: str
    status: Status
    found: str
    advice: str = ""
    """The next step; empty when all is well."""


def examine(settings: Settings) -> Iterator[Check]:
    """Run every check, quick ones first; a failing check never stops the next."""
    checks: tuple[Callable[[Settings], Check], ...] = (_python, _libraries, _folder, _disk, _port, _twitch, _clock)
    for check in checks:
        yield check(settings)


def _python(_: Settings) -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= MIN_PYTHON:
        return Check(name="python", status=Status.OK, found=found)
    return Check(name="python", status=Status.FAILED, found=found, advice="install Python 3.11 or newer")


def _libraries(_: Settings) -> Check:
    missing = []
    for name in LIBRARIES:
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check(
            name="libraries",
            status=Status.FAILED,
            found=f"missing: {', '.join(missing)}",
            advice="install chatpulse again: make setup, or pip install chatpulse",
        )
    return Check(name="libraries", status=Status.OK, found=f"all {len(LIBRARIES)} present")


def _folder(settings: Settings) -> Check:
    folder = settings.local_data()
    if folder is None:
        return Check(name="data", status=Status.OK, found=f"{settings.data} (remote, not tried)")
    nearest = _nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=nearest):
            return Check(name="data", status=Status.OK, found=f"{folder} can be written")
    except OSError as exc:
        return Check(
            name="data",
            status=Status.FAILED,
            found=f"{nearest} cannot be written: {exc.strerror}",
            advice="name another folder with --data or CHATPULSE_DATA",
        )


def _disk(settings: Settings) -> Check:
    folder = _nearest(settings.local_data() or settings.state_folder())
    free_gb = shutil.disk_usage(folder).free / 1e9
    found = f"{free_gb:,.1f} GB free at {folder}"
    if free_gb >= MIN_FREE_GB:
        return Check(name="disk", status=Status.OK, found=found)
    return Check(name="disk", status=Status.WARNING, found=found, advice=f"make room: {MIN_FREE_GB:.0f} GB or more")


def _port(settings: Settings) -> Check:
    try:
        with socket.create_server((settings.host, settings.port)):
            return Check(name="port", status=Status.OK, found=f"{settings.host}:{settings.port} is free")
    except OSError as exc:
        return Check(
            name="port",
            status=Status.WARNING,
            found=f"{settings.host}:{settings.port} cannot be opened: {exc.strerror}",
            advice="stop what uses it, or choose another with --port (0 takes a free one)",
        )


def _twitch(_: Settings) -> Check:
    host, port = TWITCH_CHAT
    started_s = time.monotonic()
    try:
        with socket.create_connection(TWITCH_CHAT, timeout=TIMEOUT_S):
            took_ms = (time.monotonic() - started_s) * 1e3
            return Check(name="twitch", status=Status.OK, found=f"{host}:{port} answers in {took_ms:.0f} ms")
    except OSError as exc:
        return Check(
            name="twitch",
            status=Status.WARNING,
            found=f"{host}:{port} cannot be reached: {exc.strerror or exc}",
            advice="check network, firewall and proxy; `demo` and `replay` work without",
        )


def _clock(_: Settings) -> Check:
    import httpx

    try:
        said = httpx.head(CLOCK_URL, timeout=TIMEOUT_S).headers.get("date", "")
        off_s = time.time() - email.utils.parsedate_to_datetime(said).timestamp()
    except (httpx.HTTPError, ValueError) as exc:
        found = f"not compared: {type(exc).__name__} at {CLOCK_URL}"
        return Check(name="clock", status=Status.WARNING, found=found, advice="compare this machine's clock by hand")
    found = f"{off_s:+.1f} s against {CLOCK_URL}"
    if abs(off_s) <= MAX_CLOCK_OFF_S:
        return Check(name="clock", status=Status.OK, found=found)
    return Check(name="clock", status=Status.WARNING, found=found, advice="switch on time synchronisation (NTP)")


def _nearest(folder: Path) -> Path:
    """The folder itself, or the closest parent that exists."""
    folder = folder.absolute()
    return next(path for path in (folder, *folder.parents) if path.exists())
