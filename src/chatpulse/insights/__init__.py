"""Scored chat and events in, answers for people out: the live boards."""

from chatpulse.insights.core.board import Board, Boards

__all__ = ["Board", "Boards"]
