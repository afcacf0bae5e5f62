"""Log lines are events with fields, on standard error, for people or as JSON."""

import logging
import sys
from typing import Literal

import structlog


def configure(level: str, *, style: Literal["console", "json"] = "console") -> None:
    """Set up structlog for this process; lines below `level` cost next to nothing."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _make_printable,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _make_printable(_: object, __: str, fields: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Take out of values what could drive a terminal: some quote a server or chat."""
    for name, value in fields.items():
        if isinstance(value, str) and not value.isprintable():
            # The renderers quote line ends, but for those of a traceback.
            fields[name] = "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in value)
    return fields
