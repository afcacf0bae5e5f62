"""The record: chat events in order, on disk, read again after a crash."""

from chatpulse.eventlog.core.encoding import Entry, decode, decode_id, encode, encode_many
from chatpulse.eventlog.ports import EventLog, ReplayableLog
from chatpulse.eventlog.remember import catch_up, keep
from chatpulse.eventlog.seen import SeenIndex

__all__ = [
    "Entry",
    "EventLog",
    "ReplayableLog",
    "SeenIndex",
    "catch_up",
    "decode",
    "decode_id",
    "encode",
    "encode_many",
    "keep",
]
