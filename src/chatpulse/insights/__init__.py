"""Scored chat and events in, answers for people out: the live boards, and the way back from stored rows."""

from chatpulse.insights.core.board import Board, Boards
from chatpulse.insights.core.rows import event_from_row, from_row

__all__ = ["Board", "Boards", "event_from_row", "from_row"]
