"""Keep people out of what is stored: those who opted out entirely, all others by pseudonym where that is wanted.

Nobody is listed by name. The folder of state holds `key`, 32 random bytes that only the owner may read, and
`opt-out.json` with keyed hashes (BLAKE2b) of ids and folded names; without the key the list says nothing. The same
hashes are the pseudonyms of `privacy_users = "hash"`, so that a person has one pseudonym in every run with that key.

A list is a value: `refresh` replaces it as a whole when the file has changed, and every question is answered by the one
that is there. A line of somebody on the list is not stored; in the lines of others a mark takes the place of the name.
"""

import os
import re
import secrets
import time
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Self

import msgspec

from chatpulse.domain.chat import ChatMessage, Moderation, Recorded
from chatpulse.domain.naming import FORGOTTEN, Person
from chatpulse.errors import DamagedError, StorageFullError
from chatpulse.twitch.core.naming import is_about, names_in, rename_event

KEY_FILE, LIST_FILE = "key", "opt-out.json"
HEEDED_FILE = "opt-out.heeded"
"""Holds the change of the list that a running collector keeps to."""
KEY_BYTES = 32
HASH_BYTES = 8
"""64 bits: among ten million people the chance that any two share a hash is below one in 300,000."""
PSEUDONYM = "user_"
"""What the pseudonym of a name begins with; that of an id is its hash alone."""
_MAY_NAME = re.compile("@|_|[0-9]")
"""What a text has that may name somebody."""
_HASH = re.compile(r"(?=.*[a-f])[0-9a-f]{16}")
"""Twitch's ids have digits only."""
REMEMBERED = 100_000
"""Answers and names kept in memory, some 15 MB."""


class UserKeys:
    """Keyed hashes of people."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the key of a folder of state; it is made when missing."""
        path = folder / KEY_FILE
        try:
            if not path.exists():
                _make_key(path)
            path.chmod(0o600)
            key = path.read_bytes()
        except OSError as exc:
            raise StorageFullError(
                f"the key {path} cannot be used ({exc.strerror}): get the right to use it, or give another --state"
            ) from exc
        if len(key) != KEY_BYTES:
            raise DamagedError(f"the key {path} has {len(key)} bytes instead of {KEY_BYTES}: restore it from a copy")
        return cls(key)

    @classmethod
    def find(cls, folder: Path) -> Self | None:
        """Read the key of a folder of state; None when there is none."""
        return cls.load(folder) if (folder / KEY_FILE).exists() else None

    def of_id(self, user_id: str) -> str:
        """Hash an id: 16 hexadecimal digits."""
        return self._hash(b"id", user_id)

    def of_name(self, name: str) -> str:
        """Hash a login or a display name, whatever its case."""
        return self._hash(b"name", name.casefold())

    def listed_id(self, user_id: str) -> str:
        """What the list has for an id: its hash, or the id itself where that is a pseudonym."""
        return user_id if _HASH.fullmatch(user_id) else self.of_id(user_id)

    def listed_name(self, name: str) -> str:
        """What the list has for a name: its hash, also where the name is a pseudonym."""
        bare = name.removeprefix(PSEUDONYM)
        return bare if bare != name and _HASH.fullmatch(bare) else self.of_name(name)

    def of_event(self, event_id: str) -> str:
        """Hash the identity of an event that would give its person away to whoever tries all ids."""
        return self._hash(b"event", event_id) + self._hash(b"event 2", event_id)

    @property
    def fingerprint(self) -> str:
        """Says which key it is, without saying it."""
        return self._hash(b"key", "")

    def _hash(self, kind: bytes, value: str) -> str:
        text = value.encode("utf-8", "surrogatepass")
        return blake2b(text, key=self._key, person=kind, digest_size=HASH_BYTES).hexdigest()


class _List(msgspec.Struct, frozen=True, kw_only=True):
    """`opt-out.json`."""

    v: int = 1
    key: str = ""
    """Fingerprint of the key that the hashes are made with."""
    change: str = ""
    """Another one after each change."""
    people: tuple[tuple[str, ...], ...] = ()
    """Hashes of one person stand together, so that any of them leads to the others."""


class OptOut:
    """The people whose chat is not stored."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LIST_FILE
        self._stamp: tuple[int, int, int] | None = None
        self._list = _List()
        self._keys: UserKeys | None = None
        self._hashes: frozenset[str] = frozenset()
        self._answers: dict[tuple[str, str], bool] = {}

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read the list in a folder of state; an empty one where none is."""
        listed = cls(folder)
        listed.refresh()
        return listed

    def __len__(self) -> int:
        """How many hashes are listed: one for each id and each name."""
        return len(self._hashes)

    def refresh(self) -> bool:
        """Read the list again if the file has changed; whether it had."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return False
        stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        if stamp == self._stamp:
            return False
        try:
            listed = msgspec.json.decode(self._path.read_bytes(), type=_List)
        except msgspec.MsgspecError as exc:
            raise DamagedError(f"the opt-out list {self._path} cannot be read ({exc}): restore it from a copy") from exc
        keys = UserKeys.find(self._path.parent)
        if listed.people and (keys is None or keys.fingerprint != listed.key):
            raise DamagedError(
                f"the opt-out list {self._path} was made with another key than {self._path.with_name(KEY_FILE)}: "
                "restore both from one copy"
            )
        self._keys, self._list, self._stamp = keys, listed, stamp
        self._hashes = frozenset(chain.from_iterable(listed.people))
        # Last: another thread keeps an answer of the old list in the old dictionary.
        self._answers = {}
        return True

    def change(self, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Add or remove a person, known by any hash of `UserKeys`; durable when this returns."""
        keys, added, removed = UserKeys.load(self._path.parent), set(add), set(remove)
        same = added.union(*(hashes for hashes in self._list.people if added.intersection(hashes)))
        others = [hashes for hashes in self._list.people if not (same | removed).intersection(hashes)]
        people = tuple(sorted([*others, *([tuple(sorted(same))] if same else [])]))
        if people != self._list.people:
            listed = _List(key=keys.fingerprint, change=secrets.token_hex(8), people=people)
            write_whole(self._path, msgspec.json.encode(listed))
            self.refresh()

    def acknowledge(self) -> None:
        """Tell whoever changed the list that this process keeps to it from now on, and holds nothing older."""
        if self._list.change:
            write_whole(self._path.with_name(HEEDED_FILE), self._list.change.encode())

    def acknowledged(self) -> bool:
        """Whether the collector keeps to the list as it is."""
        try:
            return self._path.with_name(HEEDED_FILE).read_bytes() == self._list.change.encode()
        except FileNotFoundError:
            return False

    def covers(self, event: Recorded) -> bool:
        """Whether an event is by, or about, somebody on the list."""
        return bool(self._hashes) and is_about(event, self)

    @property
    def hint(self) -> str:
        """What a text needs to have for a name in it to be looked up."""
        return _MAY_NAME.pattern if self._hashes else ""

    def in_line(self, raw: bytes) -> bool:
        """Whether somebody on the list stands where lines name people."""
        return any(self._has("", name) for name in names_in(raw))

    def has(self, user_id: str, login: str, name: str = "") -> bool:
        """Whether somebody is on the list, by id or by any name."""
        return bool(self._hashes) and (self._has(user_id, login) or (name != login and self._has("", name)))

    def admit(self, events: Sequence[Recorded]) -> Sequence[Recorded]:
        """The events that may be stored, with a mark in the place of listed names; the same ones without a list."""
        if not self._hashes:
            return events
        return [self._renamed(event) for event in events if not self.covers(event)]

    def person(self, user_id: str, login: str, name: str) -> Person:
        """Nobody, for somebody on the list."""
        return ("", "", "") if self.has(user_id, login, name) else (user_id, login, name)

    def mention(self, word: str) -> str:
        """A mark in the place of a listed name."""
        return FORGOTTEN if self._has("", word) else word

    def word(self, word: str) -> str:
        """A mark in the place of a listed name."""
        return FORGOTTEN if self._has("", word) else word

    def _renamed(self, event: Recorded) -> Recorded:
        # Most messages name nobody but their author, in the raw line as well: a look at the text is enough.
        if isinstance(event, ChatMessage) and not event.reply_to and not _MAY_NAME.search(event.text):
            return event
        return rename_event(event, self)

    def _has(self, user_id: str, name: str) -> bool:
        # One dictionary for good: a list that is read meanwhile brings a new one with it.
        answers = self._answers
        found = answers.get((user_id, name))
        if found is None:
            if len(answers) >= REMEMBERED:
                answers.clear()
            found = answers[user_id, name] = self._look_up(user_id, name)
        return found

    def _look_up(self, user_id: str, name: str) -> bool:
        if self._keys is None:
            return False
        # Where users are hashed, what an event says is the hash itself.
        by_id = {user_id, self._keys.of_id(user_id)} if user_id else set()
        by_name = {name.removeprefix(PSEUDONYM), self._keys.of_name(name)} if name else set()
        return not self._hashes.isdisjoint(by_id | by_name)


class Pseudonyms:
    """Names everybody by keyed hash; who has two names is known by one from the first line on."""

    def __init__(self, keys: UserKeys) -> None:
        self._keys = keys
        self._known: dict[str, str] = {}
        """Pseudonyms of the people seen last, by folded login and display name."""
        self._ids: dict[str, str] = {}

    def apply(self, event: Recorded) -> Recorded:
        """The event with pseudonyms."""
        renamed = rename_event(event, self)
        # The identity of a timeout is a hash of room, time and user that anybody can compute.
        return (
            msgspec.structs.replace(renamed, id=self._keys.of_event(event.id))
            if isinstance(event, Moderation)
            else renamed
        )

    def person(self, user_id: str, login: str, name: str) -> Person:
        """The pseudonyms of a person."""
        called = login or name
        pseudonym = self._name(called) if called else ""
        # In Latin letters a display name is the login itself: one that is not belongs to somebody else.
        if not name.isascii():
            _remember(self._known, name.casefold(), pseudonym)
        return (self._id(user_id) if user_id else "", pseudonym if login else "", pseudonym if name else "")

    def mention(self, word: str) -> str:
        """The pseudonym of whoever is meant."""
        return word if word.startswith(PSEUDONYM) or word == FORGOTTEN else self._name(word)

    def word(self, word: str) -> str:
        """The pseudonym of somebody who was seen before."""
        return self._known.get(word.casefold(), word)

    def _name(self, name: str) -> str:
        folded = name.casefold()
        found = self._known.get(folded)
        if found is None:
            found = PSEUDONYM + self._keys.of_name(folded)
            _remember(self._known, folded, found)
        return found

    def _id(self, user_id: str) -> str:
        found = self._ids.get(user_id)
        if found is None:
            found = self._keys.of_id(user_id)
            _remember(self._ids, user_id, found)
        return found


class Privacy:
    """What happens to events before anything is kept of them."""

    def __init__(self, opt_out: OptOut, *, pseudonyms: Pseudonyms | None = None) -> None:
        self.opt_out = opt_out
        self._pseudonyms = pseudonyms

    @classmethod
    def open(cls, folder: Path, *, users: str = "keep") -> Self:
        """The list in a folder of state, and pseudonyms where `users` is `hash`."""
        keys = UserKeys.load(folder) if users == "hash" else None
        return cls(OptOut.open(folder), pseudonyms=Pseudonyms(keys) if keys is not None else None)

    def admit(self, events: Sequence[Recorded]) -> Sequence[Recorded]:
        """The events as they may be stored; those of people who opted out are missing."""
        admitted = self.opt_out.admit(events)
        return admitted if self._pseudonyms is None else [self._pseudonyms.apply(event) for event in admitted]


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file at once and for good, readable by its owner only."""
    draft = path.with_name(f"{path.name}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as out:
            draft.chmod(0o600)
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    except OSError as exc:
        raise StorageFullError(
            f"{path} cannot be written ({exc.strerror}): make room there or give another --state"
        ) from exc


def _make_key(path: Path) -> None:
    """Make a key that appears whole, even when two processes make one at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(handle, secrets.token_bytes(KEY_BYTES))
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    except OSError:
        draft.replace(path)
        return
    draft.unlink(missing_ok=True)


def _remember(memory: dict[str, str], key: str, value: str) -> None:
    memory[key] = value
    if len(memory) > REMEMBERED:
        del memory[next(iter(memory))]
