"""The record -> Delta tables on local disk or in an object store, and answers out of them."""

from chatpulse.lake.forget import forget
from chatpulse.lake.gather import Rows
from chatpulse.lake.maintain import compact, mark_deleted, needs_compaction
from chatpulse.lake.query import Result, query
from chatpulse.lake.read import Tables
from chatpulse.lake.retain import purge_deleted, retain
from chatpulse.lake.write import TableWriter

__all__ = [
    "Result",
    "Rows",
    "TableWriter",
    "Tables",
    "compact",
    "forget",
    "mark_deleted",
    "needs_compaction",
    "purge_deleted",
    "query",
    "retain",
]
