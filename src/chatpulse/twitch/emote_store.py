"""Keep the emotes of rooms, and what they were before, in one SQLite file.

`sets` has a row per room and service: when it was first and last asked, and 7TV's ids of set and owner. `changes` has a
row per change, in order, as JSON. `rooms` says which room a channel's name stood for last. Each call opens the file
anew: calls are rare, come from any thread, and a collector, an import and a person may use the file at the same time.
What is in it can be fetched again, but for the past; nothing of it says who chatted.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from chatpulse.errors import ChatPulseError, DamagedError, FutureVersionError, StorageFullError
from chatpulse.twitch.core.emote_history import GLOBAL, Change, EmoteHistory, Timeline
from chatpulse.twitch.core.emote_sets import Provider

FILE = "emotes.db"
MAGIC = 0x43507365
"""`application_id`: "CPse"."""
VERSION = 1
BUSY_S = 5.0
_SCHEMA = f"""
    CREATE TABLE sets (room_id TEXT, provider TEXT, set_id TEXT, owner_id TEXT, first_us INT, checked_us INT,
                       PRIMARY KEY (room_id, provider)) WITHOUT ROWID;
    CREATE TABLE changes (id INTEGER PRIMARY KEY, room_id TEXT, provider TEXT, body BLOB);
    CREATE INDEX changes_of_set ON changes (room_id, provider);
    CREATE TABLE rooms (channel TEXT PRIMARY KEY, room_id TEXT) WITHOUT ROWID;
    PRAGMA application_id = {MAGIC};
    PRAGMA user_version = {VERSION};
"""
_decode = msgspec.json.Decoder(Change).decode


@dataclass(slots=True, kw_only=True)
class Kept:
    """What is known of one service in one room."""

    history: EmoteHistory = field(default_factory=EmoteHistory)
    set_id: str = ""
    owner_id: str = ""


class EmoteStore:
    """The file; a missing one is empty, and made by the first write."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def read(self, room_id: str) -> dict[Provider, Kept]:
        """What is known of a room, by service; of every room for an empty id."""
        found: dict[Provider, Kept] = {}
        with self._reading() as db:
            if db is None:
                return found
            rows = db.execute(
                "SELECT provider, set_id, owner_id, first_us, checked_us FROM sets WHERE room_id = ?", (room_id,)
            )
            for name, set_id, owner_id, first_us, checked_us in rows.fetchall():
                bodies = db.execute(
                    "SELECT body FROM changes WHERE room_id = ? AND provider = ? ORDER BY id", (room_id, name)
                )
                changes = sorted([_decode(body) for (body,) in bodies], key=_by_time)
                history = EmoteHistory(changes, first_us=first_us, checked_us=checked_us)
                found[Provider(name)] = Kept(history=history, set_id=set_id, owner_id=owner_id)
        return found

    def room_of(self, channel: str) -> str:
        """The id of a channel's room; empty when it is not known."""
        with self._reading() as db:
            row = db and db.execute("SELECT room_id FROM rooms WHERE channel = ?", (channel,)).fetchone()
        return str(row[0]) if row else ""

    def timeline(self, room_id: str) -> Timeline:
        """The sets of a room over time, the global ones included; guesses only for an empty id."""
        own = self.read(room_id) if room_id else {}
        return join(own, self.read(GLOBAL))

    def write(self, room_id: str, provider: Provider, *, kept: Kept, changes: Sequence[Change]) -> None:
        """Add what is new to a history."""
        history = kept.history
        row = (room_id, provider.value, kept.set_id, kept.owner_id, history.first_us, history.checked_us)
        with self._writing() as db:
            db.execute(
                "INSERT INTO sets VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (room_id, provider) DO UPDATE SET "
                "set_id = excluded.set_id, owner_id = excluded.owner_id, "
                "checked_us = max(checked_us, excluded.checked_us)",
                row,
            )
            bodies = [(room_id, provider.value, msgspec.json.encode(change)) for change in changes]
            db.executemany("INSERT INTO changes (room_id, provider, body) VALUES (?, ?, ?)", bodies)

    def name(self, channel: str, room_id: str) -> None:
        """Remember which room is the channel's."""
        if self.room_of(channel) != room_id:
            with self._writing() as db:
                db.execute("INSERT OR REPLACE INTO rooms VALUES (?, ?)", (channel, room_id))

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        if not self.path.exists():
            yield None
            return
        with self._explained(), contextlib.closing(self._connect("ro")) as db:
            yield db if self._check(db) else None

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._explained():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.closing(self._connect("rwc")) as db:
                # Asked for before the check, so that two processes do not both begin the file.
                db.execute("BEGIN IMMEDIATE")
                if not self._check(db):
                    for statement in filter(str.strip, _SCHEMA.split(";")):
                        db.execute(statement)
                yield db
                db.execute("COMMIT")

    def _connect(self, mode: str) -> sqlite3.Connection:
        uri = f"{self.path.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None)

    def _check(self, db: sqlite3.Connection) -> bool:
        """Whether the file has been begun; raises when it is not ours."""
        magic, version, pages = (
            db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version", "schema_version")
        )
        if magic == 0 and pages == 0:
            return False
        if magic != MAGIC:
            raise DamagedError(f"{self.path} is no store of emotes: move it away, or give another --state")
        if version > VERSION:
            raise FutureVersionError(f"{self.path} has version {version}, this chatpulse reads {VERSION}: update it")
        return True

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except ChatPulseError:
            raise
        except (sqlite3.OperationalError, OSError) as exc:
            raise StorageFullError(
                f"emotes cannot be kept in {self.path} ({exc}): make room there, or give another --state"
            ) from exc
        except (sqlite3.Error, msgspec.MsgspecError, ValueError) as exc:
            raise DamagedError(f"{self.path} is damaged ({exc}): remove it, emotes are fetched again") from exc


def join(own: dict[Provider, Kept], everywhere: dict[Provider, Kept]) -> Timeline:
    """The sets of one channel over time."""
    return Timeline([kept.history for kept in own.values()], shared=[kept.history for kept in everywhere.values()])


def _by_time(change: Change) -> int:
    return change.at_us
