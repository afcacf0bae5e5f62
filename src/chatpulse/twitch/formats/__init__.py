"""Readers of chat files, one module per format: UTF-8 in pieces in, batches of typed records out."""

from chatpulse.twitch.formats.readers import COMMENT_FORMATS, READERS

__all__ = ["COMMENT_FORMATS", "READERS"]
