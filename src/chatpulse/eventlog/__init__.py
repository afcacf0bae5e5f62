"""The record: chat events in order, on disk, read again after a crash."""

from chatpulse.eventlog.core.encoding import GONE, Entry, by_topic, decode, decode_id, encode, encode_many
from chatpulse.eventlog.ports import EventLog, ReplayableLog
from chatpulse.eventlog.remember import catch_up, keep
from chatpulse.eventlog.seen import SeenIndex

__all__ = [
    "GONE",
    "Entry",
    "EventLog",
    "ReplayableLog",
    "SeenIndex",
    "by_topic",
    "catch_up",
    "decode",
    "decode_id",
    "encode",
    "encode_many",
    "keep",
]
