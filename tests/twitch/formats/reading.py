"""Read invented files as an import does."""

from collections.abc import Iterable
from typing import Any

from chatpulse.domain.chat import ChatMessage
from chatpulse.twitch.formats.readers import FormatReader
from chatpulse.twitch.formats.record import Head, Record


def read_all(reader: FormatReader, content: str | bytes, head: Head | None = None) -> list[Record]:
    """All records of a file that comes in one piece."""
    return read_pieces(reader, [content.encode() if isinstance(content, str) else content], head)


def read_pieces(reader: FormatReader, pieces: Iterable[bytes], head: Head | None = None) -> list[Record]:
    return [record for batch in reader.read(pieces, head or Head()) for record in batch]


def messages(records: Iterable[Record]) -> list[ChatMessage]:
    return [record for record in records if isinstance(record, ChatMessage)]


def shape(record: Record) -> tuple[Any, ...]:
    """What most tests ask of a record: kind, time, user, text; of others their reason."""
    if isinstance(record, ChatMessage):
        return record.time_kind.value, record.ts_us / 1e6, record.user_name, record.text
    return type(record).__name__, getattr(record, "reason", "")
