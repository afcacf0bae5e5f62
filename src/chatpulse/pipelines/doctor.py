"""Check what chatpulse needs around it, and say what to do where something is missing.

A check is a function that says what it found, or raises `ChatPulseError` with what is wrong; the table says how bad
that is and what helps.
"""

import asyncio
import email.utils
import importlib.metadata
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from chatpulse import registry
from chatpulse.errors import ChatPulseError
from chatpulse.lake import Tables
from chatpulse.pipelines import vod_chat
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
    for look in LOOKS:
        try:
            yield Check(name=look.name, status=Status.OK, found=look.find(settings))
        except (ChatPulseError, OSError) as exc:
            yield Check(name=look.name, status=look.otherwise, found=str(exc), advice=look.advice)


def _python(_: Settings) -> str:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < MIN_PYTHON:
        raise ChatPulseError(found)
    return found


def _libraries(_: Settings) -> str:
    installed = {found.name.lower().replace("_", "-") for found in importlib.metadata.distributions()}
    missing = [name for name in LIBRARIES if name not in installed]
    if missing:
        raise ChatPulseError(f"missing: {', '.join(missing)}")
    return f"all {len(LIBRARIES)} present"


def _data(settings: Settings) -> str:
    tables = Tables(settings.data)
    folder = settings.local_data()
    if folder is None:
        return f"{settings.data} (remote, not tried)"
    rows = sum(count for _, count in tables.row_counts().values())
    _try_to_write(folder)
    return f"{folder} can be written, {rows:,} rows stored"


def _state(settings: Settings) -> str:
    _try_to_write(settings.state_folder())
    registry.backend("eventlog", settings.record_url())
    return f"{settings.state_folder()} can be written, the record is {settings.record_url()}"


def _disk(settings: Settings) -> str:
    folder = _nearest(settings.local_data() or settings.state_folder())
    free_gb = shutil.disk_usage(folder).free / 1e9
    found = f"{free_gb:,.1f} GB free at {folder}"
    if free_gb < MIN_FREE_GB:
        raise ChatPulseError(found)
    return found


def _port(settings: Settings) -> str:
    where = f"{settings.host}:{settings.port}"
    try:
        with socket.create_server((settings.host, settings.port)):
            return f"{where} is free"
    except OSError as exc:
        raise ChatPulseError(f"{where} cannot be opened: {exc.strerror}") from exc


def _twitch(_: Settings) -> str:
    host, port = TWITCH_CHAT
    started_s = time.monotonic()
    try:
        with socket.create_connection(TWITCH_CHAT, timeout=TIMEOUT_S):
            return f"{host}:{port} answers in {(time.monotonic() - started_s) * 1e3:.0f} ms"
    except OSError as exc:
        raise ChatPulseError(f"{host}:{port} cannot be reached: {exc.strerror or exc}") from exc


def _vod_chat(settings: Settings) -> str:
    return asyncio.run(vod_chat.look_for_hash(settings, timeout_s=TIMEOUT_S))


def _clock(_: Settings) -> str:
    import httpx

    try:
        said = httpx.head(CLOCK_URL, timeout=TIMEOUT_S).headers.get("date", "")
        off_s = time.time() - email.utils.parsedate_to_datetime(said).timestamp()
    except (httpx.HTTPError, ValueError) as exc:
        raise ChatPulseError(f"not compared: {type(exc).__name__} at {CLOCK_URL}") from exc
    found = f"{off_s:+.1f} s against {CLOCK_URL}"
    if abs(off_s) > MAX_CLOCK_OFF_S:
        raise ChatPulseError(found)
    return found


@dataclass(frozen=True, slots=True)
class Look:
    """One check, and what follows when it is not well."""

    name: str
    find: Callable[[Settings], str]
    otherwise: Status
    advice: str


LOOKS = (
    Look("python", _python, Status.FAILED, "install Python 3.11 or newer"),
    Look("libraries", _libraries, Status.FAILED, "install chatpulse again: make setup, or pip install chatpulse"),
    Look("data", _data, Status.FAILED, "mend it, or name another folder with --data or CHATPULSE_DATA"),
    Look("state", _state, Status.FAILED, "name another folder with --state, or another record with --log"),
    Look("disk", _disk, Status.WARNING, f"make room: {MIN_FREE_GB:.0f} GB or more"),
    Look("port", _port, Status.WARNING, "stop what uses it, or choose another with --port (0 takes a free one)"),
    Look("twitch", _twitch, Status.WARNING, "check network, firewall and proxy; `demo` and `replay` work without"),
    Look("vod-chat", _vod_chat, Status.WARNING, "hash rotated: update chatpulse or set gql_hash"),
    Look(
        "clock", _clock, Status.WARNING, "switch on time synchronisation (NTP), or compare this machine's clock by hand"
    ),
)


def _try_to_write(folder: Path) -> None:
    nearest = _nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as exc:
        raise ChatPulseError(f"{nearest} cannot be written: {exc.strerror}") from exc


def _nearest(folder: Path) -> Path:
    """The folder itself, or the closest parent that exists."""
    folder = folder.absolute()
    return next(path for path in (folder, *folder.parents) if path.exists())
