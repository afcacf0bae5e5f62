"""Find out who somebody is in tables and record, and take him out of the record's entries.

A login leads to ids, an id to all logins and display names that were ever stored with it. A login that is asked for is
taken as that person's wherever it stands; a name that was found through an id is his only where no other id stands
beside it, because names change hands.
"""

import re
from dataclasses import dataclass, field
from typing import Self

import msgspec

from chatpulse import registry
from chatpulse.domain.chat import Recorded, Topic
from chatpulse.domain.naming import ROLES, Forgotten, Person
from chatpulse.errors import DamagedError
from chatpulse.eventlog import GONE, decode, encode
from chatpulse.lake.forget import find_people
from chatpulse.pipelines.privacy import PSEUDONYM, UserKeys
from chatpulse.settings import Settings
from chatpulse.twitch.core.naming import is_about, rename_event


class Someone(msgspec.Struct, frozen=True, kw_only=True):
    """One person, or several that are dealt with together."""

    ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    """Logins and display names, as they were stored."""
    logins: frozenset[str] = frozenset()
    """Names that are theirs whatever id stands beside."""

    def __or__(self, other: Self) -> "Someone":
        """Both."""
        return Someone(ids=self.ids | other.ids, names=self.names | other.names, logins=self.logins | other.logins)

    @property
    def people(self) -> Forgotten:
        """What finds them, and names them otherwise."""
        return Forgotten(ids=self.ids, names=self.names, logins=self.logins)

    def hashes(self, keys: UserKeys) -> list[str]:
        """What the opt-out list and the audit hold of them."""
        return sorted({*map(keys.listed_id, self.ids), *map(keys.listed_name, self.names)})


class Counts(msgspec.Struct, kw_only=True):
    """What became of the rows or entries of one place."""

    removed: int = 0
    renamed: int = 0
    """Those of others, in which a mark stands now in the place of the name."""


def named(user: str, *, by_id: bool, keys: UserKeys | None) -> Someone:
    """Who is meant by a login, a display name or an id, also where `privacy_users = "hash"` stored the hash of it."""
    asked = {user}
    if keys is not None:
        asked.add(keys.of_id(user) if by_id else PSEUDONYM + keys.of_name(user))
    found = frozenset(asked)
    return Someone(ids=found) if by_id else Someone(names=found, logins=found)


def identify(settings: Settings, someone: Someone) -> Someone:
    """Add all ids and names that are stored for somebody."""
    called = {name.lower() for name in someone.names}
    persons = _stored(settings, someone)
    ids = someone.ids | {user_id for user_id, *names in persons if called.intersection(map(str.lower, names))}
    persons |= _stored(settings, Someone(ids=frozenset(ids)))
    own = [person for person in persons if person[0] in ids or (not person[0] and person[1].lower() in called)]
    names = someone.names | {name for person in own for name in person[1:]}
    return Someone(ids=frozenset(ids - {""}), names=frozenset(names - {""}), logins=someone.logins)


def _stored(settings: Settings, someone: Someone) -> set[Person]:
    """Everybody in tables and record who has one of these ids or names."""
    found = _Look(someone)
    url = settings.record_url()
    registry.backend("eventlog", url).rewrite(url, found.look, dry_run=True)
    return found.persons | find_people(settings.data, ids=someone.ids, names=someone.names)


class _Look:
    """Collects people out of a record."""

    def __init__(self, someone: Someone) -> None:
        self._ids, self._names = someone.ids, {name.lower() for name in someone.names}
        self._finds = _pattern(someone)
        self.persons: set[Person] = set()

    def look(self, topic: Topic, joined: bytes) -> bytes:
        """Look at some bodies, one per line; they stay as they are."""
        if self._finds.search(joined):
            for body in filter(self._finds.search, joined.split(b"\n")):
                self._see(_event(topic, body))
        return joined

    def _see(self, event: Recorded | None) -> None:
        for role in ROLES:
            user_id, login, name = (str(getattr(event, one, "")) if one else "" for one in role)
            if user_id in self._ids or self._names.intersection((login.lower(), name.lower())):
                self.persons.add((user_id, login, name))


@dataclass(slots=True)
class RecordChange:
    """What becomes of the bodies of a record in which somebody is forgotten."""

    someone: Someone
    counts: Counts = field(default_factory=Counts)
    channels: set[str] = field(default_factory=set)
    """Channels that are called as somebody is."""
    _people: Forgotten = field(init=False)
    _finds: re.Pattern[bytes] = field(init=False)
    _own: tuple[bytes, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Prepare what is looked for."""
        self._people = self.someone.people
        self._finds = _pattern(self.someone)
        # In JSON quotes within a text are escaped, so that these bytes are the field and nothing else.
        self._own = tuple(b'"user_id":%s' % msgspec.json.encode(one) for one in self.someone.ids)

    def apply(self, topic: Topic, joined: bytes) -> bytes:
        """Change some bodies, one per line."""
        if not self._finds.search(joined):
            return joined
        return b"\n".join([self._changed(topic, body) for body in joined.split(b"\n")])

    def _changed(self, topic: Topic, body: bytes) -> bytes:
        if not self._finds.search(body):
            return body
        event = None if any(own in body for own in self._own) else _event(topic, body)
        if event is None or is_about(event, self._people):
            self.counts.removed += 1
            return GONE
        if event.channel in self._people.names:
            self.channels.add(event.channel)
        renamed = rename_event(event, self._people)
        if renamed is event:
            return body
        self.counts.renamed += 1
        return encode(renamed)


def _pattern(someone: Someone) -> re.Pattern[bytes]:
    """Finds bodies that may name somebody."""
    spelled = {form for name in someone.names for form in (name, name.lower(), name.casefold(), name.upper())}
    parts = [re.escape(name.encode()) for name in sorted(spelled)]
    parts += [form % re.escape(one.encode()) for one in sorted(someone.ids) for form in (rb'"%s"', rb"-id=%s[; ]")]
    return re.compile(b"|".join(parts) or b"(?!)", re.IGNORECASE)


def _event(topic: Topic, body: bytes) -> Recorded | None:
    """The event of a body; None of one that nobody can read."""
    try:
        return decode(topic, body)
    except DamagedError:
        return None
