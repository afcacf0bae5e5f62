"""A long-running process gives back what it needed for a moment."""

import subprocess
import sys

import pytest

PROGRAM = """
import ctypes, gc
from pathlib import Path
from chatpulse.runtime import memory

def resident_mb():
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024

memory.settle()
malloc, free = ctypes.CDLL(None).malloc, ctypes.CDLL(None).free
malloc.restype, free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
before = resident_mb()
blocks = []
for number in range(40_000):
    block = malloc(2_000)
    ctypes.memset(block, 1, 2_000)
    blocks.append(block)
held = resident_mb() - before
for block in blocks[:-1]:  # the last one keeps the heap from shrinking by itself
    free(block)
freed = resident_mb() - before
memory.give_back()
print(held, freed, resident_mb() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs glibc and /proc")
def test_free_blocks_below_one_in_use_go_back_to_the_system() -> None:
    said = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True, text=True).stdout

    held, freed, given_back = map(float, said.split())

    assert held > 60
    assert freed > 60, "otherwise there was nothing to give back"
    assert given_back < 20
