"""The writers of chat files by the name of their format."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from chatpulse.twitch.formats import write_csv, write_ndjson, write_tcd, write_twitchdownloader
from chatpulse.twitch.formats.writing import Writer

WRITERS: Final[Mapping[str, Writer]] = MappingProxyType({
    writer.NAME: writer for writer in (write_twitchdownloader, write_ndjson, write_csv, write_tcd)
})
