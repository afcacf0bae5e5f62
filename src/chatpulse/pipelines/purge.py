"""Take the words of messages that a moderator removed out of tables and record; that they were there stays."""

from dataclasses import dataclass

import msgspec

from chatpulse import registry
from chatpulse.domain.chat import ChatMessage, Moderation, Topic
from chatpulse.errors import DamagedError
from chatpulse.eventlog import GONE, decode, decode_id, encode
from chatpulse.lake import purge_deleted
from chatpulse.lake.retain import removed_ids
from chatpulse.pipelines.persons import Counts
from chatpulse.settings import Settings


def purge(settings: Settings) -> dict[str, Counts]:
    """Take out the words of all messages that are marked as removed.

    Returns:
        How many rows of each table, and entries of the `record`, lost their words.
    """
    words = _Words(frozenset(removed_ids(settings.data)))
    tables = purge_deleted(settings.data)
    url = settings.record_url()
    registry.backend("eventlog", url).rewrite(url, words.apply)
    return {name: Counts(renamed=found.changed) for name, found in tables.items()} | {
        "record": Counts(renamed=words.emptied)
    }


@dataclass(slots=True)
class _Words:
    """What becomes of the bodies of a record."""

    ids: frozenset[str]
    emptied: int = 0

    def apply(self, topic: Topic, joined: bytes) -> bytes:
        """Change some bodies, one per line."""
        if topic is Topic.CHAT_MESSAGES:
            return b"\n".join([self._message(body) for body in joined.split(b"\n")])
        if topic is Topic.MODERATION:
            return b"\n".join([self._deletion(body) for body in joined.split(b"\n")])
        return joined

    def _message(self, body: bytes) -> bytes:
        try:
            removed = body != GONE and decode_id(Topic.CHAT_MESSAGES, body) in self.ids
        except DamagedError:
            return body
        event = decode(Topic.CHAT_MESSAGES, body) if removed else None
        if not isinstance(event, ChatMessage) or not event.text:
            return body
        self.emptied += 1
        return encode(msgspec.structs.replace(event, text="", emotes=(), raw=""))

    def _deletion(self, body: bytes) -> bytes:
        event = decode(Topic.MODERATION, body) if b'"text":' in body else None
        if not isinstance(event, Moderation) or not event.text:
            return body
        self.emptied += 1
        return encode(msgspec.structs.replace(event, text="", raw=""))
