"""Keep a long-running process small: give memory back that native libraries take for a moment.

The table writer and the Arrow library allocate tens of megabytes per flush and free them again. glibc then raises its
mmap threshold and keeps such blocks in one arena per thread, where they fragment: the process stays some 100 MB larger
than what it holds. Fixed thresholds and two arenas keep it level (docs/measurements/0002-live-path.md).
"""

import ctypes
import gc
import os
import sys

# Source: malloc.h of glibc; parameters of mallopt(3).
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
THRESHOLD_BYTES = 128 * 1024
ARENAS = 2
GC_THRESHOLD = 20_000
"""Container objects between two collections: events are built without the collector, so few of them are garbage."""


def settle() -> None:
    """Call once at the start of a long run, before Arrow is imported; harmless where the allocator is another."""
    # Arrow's own pool keeps some 50 MB of what it frees.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if sys.platform == "linux":
        try:
            mallopt = ctypes.CDLL(None).mallopt
        except (OSError, AttributeError):  # no glibc
            return
        mallopt(_M_MMAP_THRESHOLD, THRESHOLD_BYTES)
        mallopt(_M_TRIM_THRESHOLD, THRESHOLD_BYTES)
        mallopt(_M_ARENA_MAX, ARENAS)
    # What was imported stays for good: no collection needs to look at it again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD, 20, 20)
