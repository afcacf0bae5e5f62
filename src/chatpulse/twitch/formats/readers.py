"""The readers of chat files by the name of their format."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

from chatpulse.twitch.formats import (
    chat_downloader,
    chatpulse_ndjson,
    chatty,
    comments,
    csv_chat,
    gql,
    irssi,
    logs_json,
    plain,
    raw_irc,
    recent_messages,
    rustlog_text,
    tcd,
    twitchdownloader,
    twitchdownloader_text,
    vod_info,
)
from chatpulse.twitch.formats.record import Reader


class FormatReader(Protocol):
    """What the module of a format has."""

    @property
    def NAME(self) -> str:  # noqa: N802  # a constant of a module
        """The name of the format, in reports and for --format."""
        ...

    @property
    def read(self) -> Reader:
        """Reads a file."""
        ...

    def fits(self, first: bytes, /) -> bool:
        """Whether a file that begins like this may have the format."""
        ...


_DELIVERED: Final[tuple[FormatReader, ...]] = (
    raw_irc,
    recent_messages,
    logs_json,
    chatpulse_ndjson,
    rustlog_text,
    chatty,
    irssi,
    vod_info,
)
"""Chat as it was delivered, live: a notice is one of its own kind, and a comment is what somebody typed."""
_COMMENTS: Final[tuple[FormatReader, ...]] = (
    twitchdownloader,
    gql,
    comments,
    chat_downloader,
    csv_chat,
    tcd,
    twitchdownloader_text,
    *plain.FORMATS,
)
"""Chat of recordings, or written by tools that make a line of everything: notices are comments."""
READERS: Final[Mapping[str, FormatReader]] = MappingProxyType({
    reader.NAME: reader for reader in (*_DELIVERED, *_COMMENTS)
})
COMMENT_FORMATS: Final = frozenset(reader.NAME for reader in _COMMENTS)
"""Where a comment may be one of Twitch's sentences (see `twitch.core.inferred`)."""
