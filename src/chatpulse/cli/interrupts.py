"""Ctrl+C and SIGTERM, from the program's first moment on.

Most of a short run is spent on loading libraries, and an exception in the middle of an import can leave one half loaded
or get lost. So a wish to stop is only remembered at first, and each command asks for it where it can leave in order.
"""

import signal

SIGNALS = (signal.SIGINT, signal.SIGTERM)
_heard: list[int] = []


def hold() -> None:
    """From now on only remember that somebody wants to stop."""
    for number in SIGNALS:
        signal.signal(number, lambda number, _: _heard.append(number))


def ignore() -> None:
    """From now on there is nothing left to stop: not even the end of Python is broken off."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def heard() -> bool:
    """Whether somebody wanted to stop while it was only remembered."""
    return bool(_heard)


def release() -> None:
    """From now on, and for what was remembered at once, stop by `KeyboardInterrupt`.

    Raises:
        KeyboardInterrupt: somebody wanted to stop before.
    """
    for number in SIGNALS:
        signal.signal(number, signal.default_int_handler)
    if _heard:
        raise KeyboardInterrupt
