"""The record -> Delta tables on local disk or in an object store, and answers out of them."""

from chatpulse.lake.gather import Rows
from chatpulse.lake.maintain import compact, mark_deleted, needs_compaction
from chatpulse.lake.query import Result, query
from chatpulse.lake.read import Tables
from chatpulse.lake.write import TableWriter

__all__ = ["Result", "Rows", "TableWriter", "Tables", "compact", "mark_deleted", "needs_compaction", "query"]
