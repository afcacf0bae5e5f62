"""Every setting, with its default and its reason; the only reader of the environment and of chatpulse.toml.

A value comes from the first of these that has it: a flag on the command line, `CHATPULSE_<NAME>` in the environment,
`<name> = ...` in `chatpulse.toml` (where `CHATPULSE_CONFIG` says, else in the current folder, else in the user's
configuration folder), the default below. `chatpulse config` prints each with its origin.
"""

import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from chatpulse.errors import InputError

PREFIX = "CHATPULSE_"
CONFIG_FILE = "chatpulse.toml"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)


class Settings(BaseSettings):
    """The settings of one run."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", use_attribute_docstrings=True
    )

    data: str = Field(default_factory=lambda: str(platformdirs.user_data_path("chatpulse")), min_length=1)
    """Folder or URL of the tables."""
    log: str = ""
    """URL of the record; empty: `sqlite:` and `record.db` inside `data` when that is local, else inside `state`."""
    state: str = ""
    """Folder for key, caches and markers; empty: inside `data` when that is local, else in the user's state folder."""
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    """Least severe log line that is written to standard error."""
    log_format: Literal["console", "json"] = "console"
    """How log lines are written: for people or for machines."""

    host: str = "127.0.0.1"
    """Address that the page and the API listen on; anything but loopback needs `token`."""
    port: int = Field(default=8470, ge=0, le=65535)
    """Port of the page and the API; 0 takes a free one."""
    token: SecretStr = SecretStr("")
    """Secret that the page and the API ask for; empty: none."""

    durability: Literal["normal", "full"] = "normal"
    """`normal` survives a killed process, `full` a power cut as well (one fsync per commit)."""
    record_max_mb: int = Field(default=4096, ge=8)
    """The record's largest size; when it is full of lines that no table holds yet, reading pauses."""
    record_max_age_h: float = Field(default=24.0, gt=0)
    """Lines that the tables hold are dropped from the record after this many hours."""
    flush_rows: int = Field(default=10_000, ge=1)
    """Write a table after this many rows (a busy hour of one channel)..."""
    flush_s: float = Field(default=5.0, gt=0)
    """...or after this many seconds, whichever comes first."""
    compact_every_s: float = Field(default=900.0, gt=0)
    """How often small table files are joined while collecting."""

    retention_days: int = Field(default=30, ge=0)
    """Messages leave the tables after so many days, counted from when they were stored; 0 keeps them, which Twitch's
    developer agreement allows for as long as necessary only."""
    removal_h: float = Field(default=24.0, gt=0)
    """A timeout, a ban or a full clear covers messages of so many hours before it."""
    privacy_users: Literal["keep", "hash"] = "keep"
    """`hash` puts keyed hashes in the place of users' ids and names before anything is stored."""

    gql_url: str = Field(default="https://gql.twitch.tv/gql", pattern=r"^https?://[^/]")
    """Where recordings and their chat are asked for."""
    gql_client_id: str = Field(default="kd1unb4b3q4t58fwlpcbzcbnm76a8fp", pattern=r"^[!-~]+$")
    """The program that Twitch takes us for there: one that may page through chat by cursor."""
    gql_hash: str = Field(
        default="b70a3591ff0f4e0313d126c6a1502d79a1c02baebb288227c582044aa76adf6a", pattern="^[0-9a-f]{64}$"
    )
    """Stands for the query for chat; the same since 2022-12, and `chatpulse doctor` says when it is no more."""
    gql_parallel: int = Field(default=4, ge=1, le=16)
    """Most requests for a recording's chat at once; Twitch begins to refuse not far above it."""
    gql_attempts: int = Field(default=10, ge=1)
    """Failures in a row after which a recording is left for another time."""
    gql_backoff_s: float = Field(default=1.0, gt=0)
    """Ceiling of the wait after a first failure; it doubles with each further one..."""
    gql_backoff_most_s: float = Field(default=60.0, gt=0)
    """...up to this."""
    gql_timeout_s: float = Field(default=20.0, gt=0)
    """Longest wait for an answer."""

    emotes: Literal["on", "off"] = "on"
    """Whether chat is read with the emotes that its channel has from 7TV, BetterTTV and FrankerFaceZ. `live` asks for
    them when it listens to Twitch; at another server only those services whose address is set."""
    emotes_every_s: float = Field(default=3_600.0, gt=0)
    """How often they are asked for again; what changes meanwhile comes from 7TV at once."""
    emotes_7tv: str = "https://7tv.io/v3"
    """Address of 7TV..."""
    emotes_7tv_events: str = "wss://events.7tv.io/v3"
    """...and of its news; empty: do without."""
    emotes_bttv: str = "https://api.betterttv.net/3"
    """Address of BetterTTV."""
    emotes_ffz: str = "https://api.frankerfacez.com/v1"
    """Address of FrankerFaceZ."""

    def removal_us(self) -> int:
        """`removal_h` in microseconds."""
        return round(self.removal_h * 3_600_000_000)

    def local_data(self) -> Path | None:
        """The folder of the tables, or None when they are behind a URL of another machine."""
        if self.data.lower().startswith("file:"):
            return _path(unquote(urlsplit(self.data).path))
        return None if _SCHEME.match(self.data) else _path(self.data)

    def state_folder(self) -> Path:
        """Where key, caches and markers are kept: one folder for each place of tables."""
        if self.state:
            return _path(self.state)
        local = self.local_data()
        return local / "state" if local is not None else _user_state(self.data)

    def record_url(self) -> str:
        """The record's URL, derived from `data` or `state` unless it was given."""
        if self.log:
            return self.log
        local = self.local_data()
        return f"sqlite:{(local if local is not None else self.state_folder()) / 'record.db'}"

    def value_used(self, name: str) -> object:
        """What a setting comes to in the end, derived or not; of a secret asterisks only."""
        match name:
            case "log":
                return self.record_url()
            case "state":
                return str(self.state_folder())
            case "token":
                return str(self.token)
            case _:
                return getattr(self, name)


def load(flags: Mapping[str, Any] | None = None) -> Settings:
    """Join flags, environment, file and defaults into one value.

    Args:
        flags: what the command line said; entries that are None were not given.

    Returns:
        The settings of this run.

    Raises:
        InputError: a value is not what its setting takes, or chatpulse.toml cannot be read.
    """
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    values = {**_from_file(), **_from_environment(), **given}
    try:
        settings = Settings(**values)
    except ValidationError as exc:
        first = exc.errors()[0]
        name = str(first["loc"][0])
        # Whatever was given for it is a secret.
        got = "" if name == "token" else f", got {first['input']!r}"
        raise InputError(f"{name} ({_origin(name, given)}): {first['msg']}{got}") from None
    # What is wrong with a path shows here, and not in the middle of a run.
    settings.local_data()
    settings.record_url()
    settings.state_folder()
    return settings


def origins(settings: Settings, flags: Mapping[str, Any]) -> dict[str, str]:
    """Say of each setting where its value comes from: flag, environment, the file's path, other settings, or default.

    Args:
        settings: what `load` made of the flags.
        flags: what the command line said; names that are no settings are passed over.

    Returns:
        The origin by the name of the setting.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    found = {name: _origin(name, given) for name in Settings.model_fields}
    if not settings.state:
        found["state"] = "derived from data"
    if not settings.log:
        found["log"] = "derived from state" if settings.local_data() is None else "derived from data"
    return found


def config_path() -> Path | None:
    """The chatpulse.toml that counts here, or None."""
    named = os.environ.get(f"{PREFIX}CONFIG")
    if named:
        return Path(named)
    found = (Path(CONFIG_FILE), platformdirs.user_config_path("chatpulse") / CONFIG_FILE)
    return next((path for path in found if _is_file(path)), None)


def _origin(name: str, given: Mapping[str, Any]) -> str:
    if name in given:
        return "flag"
    if name in _from_environment():
        return f"environment {PREFIX}{name.upper()}"
    return f"file {config_path()}" if name in _from_file() else "default"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:  # a home directory that is not ours, as services have it
        return False


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise InputError(f"{text!r}: there is no such home directory: give the whole path") from None


def _user_state(url: str) -> Path:
    """The folder within the user's state folder for tables elsewhere; its name shows their address."""
    parts = urlsplit(url)
    # `container@account` is an address; `name:password@` says who asks, and belongs in no name.
    host = parts.netloc if parts.password is None else parts.netloc.rpartition("@")[2]
    address = f"{parts.scheme}://{host.lower()}{parts.path.rstrip('/')}"
    readable = re.sub(r"[^a-z0-9]+", "-", address.lower()).strip("-")[:40]
    digest = hashlib.sha256(address.encode(errors="surrogateescape")).hexdigest()[:12]
    return platformdirs.user_state_path("chatpulse") / f"{readable}-{digest}"


def _from_environment() -> dict[str, Any]:
    return {
        name: os.environ[PREFIX + name.upper()]
        for name in Settings.model_fields
        if os.environ.get(PREFIX + name.upper(), "") != ""
    }


def _from_file() -> dict[str, Any]:
    path = config_path()
    if path is None:
        return {}
    try:
        values = _flat(tomllib.loads(path.read_text("utf-8")))
    except OSError as exc:
        raise InputError(f"configuration file {path} cannot be read: {exc.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise InputError(f"configuration file {path} is not TOML: {exc}") from None
    unknown = sorted(set(values) - set(Settings.model_fields))
    if unknown:
        known = ", ".join(Settings.model_fields)
        raise InputError(f"{path} sets {unknown[0]!r}, which is no setting; there are {known}")
    return values


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings whose names begin alike may stand in a table: `[privacy]` and `users` for `privacy_users`."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        inner = _flat(value) if isinstance(value, dict) else None
        flat |= {name: value} if inner is None else {f"{name}_{key}": one for key, one in inner.items()}
    return flat
