"""The record: chat events in order, on disk, read again after a crash."""

from chatpulse.eventlog.core.encoding import Entry, decode, decode_id, encode, encode_many
from chatpulse.eventlog.ports import EventLog
from chatpulse.eventlog.seen import SeenIndex

__all__ = ["Entry", "EventLog", "SeenIndex", "decode", "decode_id", "encode", "encode_many"]
