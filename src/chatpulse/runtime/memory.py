"""Keep a long-running process small: give memory back that native libraries take for a moment.

The table writer and the Arrow library allocate tens of megabytes per flush and free them again. glibc then raises its
mmap threshold and keeps such blocks in one arena per thread, where they fragment: the process stays some 100 MB larger
than what it holds. Fixed thresholds and two arenas keep it level (docs/measurements/0002-live-path.md).
"""

import ctypes
import gc
import os
import sys
from typing import Any

# Source: malloc.h of glibc; parameters of mallopt(3).
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
THRESHOLD_BYTES = 128 * 1024
ARENAS = 2
GC_THRESHOLD = 20_000
"""Container objects between two collections: events are built without the collector, so few of them are garbage."""


def give_back() -> None:
    """Hand what is free between two blocks in use back to the system; some milliseconds, from any thread."""
    trim = _libc("malloc_trim")
    if trim is not None:
        trim(0)


def settle() -> None:
    """Call once at the start of a long run, before Arrow is imported; harmless where the allocator is another."""
    # Arrow's own pool keeps some 50 MB of what it frees.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    mallopt = _libc("mallopt")
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, THRESHOLD_BYTES)
        mallopt(_M_TRIM_THRESHOLD, THRESHOLD_BYTES)
        mallopt(_M_ARENA_MAX, ARENAS)
    # What was imported stays for good: no collection needs to look at it again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD, 20, 20)


def _libc(name: str) -> Any:  # noqa: ANN401  (a function of C)
    """A function of glibc; None where the allocator is another."""
    try:
        return getattr(ctypes.CDLL(None), name) if sys.platform == "linux" else None
    except (OSError, AttributeError):
        return None
