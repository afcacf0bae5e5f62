"""Read JSON lines that chatpulse has exported, of whichever table, back into events.

A line is a row with the columns of `domain.tables`; its `kind` tells the event. What says how a row came to be stored
there (`source`, `received_us`, `stored_us`) belongs to those tables, and a score is made anew.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, cast

import msgspec

from chatpulse.domain.chat import TOPIC_TYPES, ChatMessage, Moderation, ModerationKind, Recorded, Source, Topic
from chatpulse.domain.tables import tag_of
from chatpulse.twitch.formats.json_array import Broken, Item, read_records
from chatpulse.twitch.formats.lines import broken
from chatpulse.twitch.formats.record import Head, Record

NAME: Final = "chatpulse-ndjson"

_KINDS: Final = {
    kind: cls
    for topic in (Topic.SUBSCRIPTIONS, Topic.EVENTS, Topic.ROOM)
    for cls in TOPIC_TYPES[topic]
    if (kind := tag_of(cls))
} | dict.fromkeys(ModerationKind, Moderation)  # fmt: skip
_NOT_TAKEN: Final = {"source": Source.IMPORT, "received_us": 0}
_SIGNS: Final = {"id", "channel", "ts_us", "time_kind", "precision_us", "stored_us"}
"""Columns of every table that no other tool's records have together."""

_decoder = msgspec.json.Decoder(dict[str, Any])


def read(pieces: Iterable[bytes], head: Head) -> Iterator[list[Record]]:
    """Hand over the events of a file.

    Args:
        pieces: the file in any chunking.
        head: learns how exact the times are.

    Yields:
        Batches in file order.
    """
    for items in read_records(pieces, _decoder):
        records = [_record(item) for item in items]
        exact = [record.precision_us for record in records if isinstance(record, ChatMessage)]
        head.precision_us = min(exact, default=head.precision_us)
        yield records


def fits(first: bytes) -> bool:
    """Whether the first line has the columns that all tables have."""
    try:
        row = _decoder.decode(first.partition(b"\n")[0])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return row.keys() >= _SIGNS


def _record(item: Item[dict[str, Any]]) -> Record:
    if isinstance(item, Broken):
        return broken(item.raw, item.reason)
    row, raw = item
    kind = row.get("kind")
    cls = ChatMessage if kind is None else _KINDS.get(kind) if isinstance(kind, str) else None
    if cls is None:
        return broken(raw, "a kind of event that is not known")
    values = {name: value for name, value in row.items() if value is not None} | _NOT_TAKEN | {"raw": raw}
    if isinstance(badges := values.get("badges"), list):
        values["badges"] = ",".join(map(str, badges))
    try:
        if "emotes" in values:
            values["emotes"] = [(span["id"], span["name"], span["start"], span["end"]) for span in values["emotes"]]
        return cast("Recorded", msgspec.convert(values, cls))
    except (KeyError, TypeError, msgspec.ValidationError) as exc:
        return broken(raw, f"no row of a table: {exc}"[:200])
