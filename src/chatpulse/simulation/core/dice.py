"""Turn one seeded generator into cheap single draws.

A call into numpy costs about a microsecond, a line of chat needs a dozen draws: so numbers are drawn in blocks and
handed out one at a time. Equal seeds give equal draws, and the block size is part of that promise.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")

BLOCK = 4096
"""Numbers drawn at once."""
ID_BLOCK = 512
"""Identities drawn at once."""


class Dice:
    """Chance for one channel."""

    __slots__ = ("_hexes", "_rng", "_units")

    def __init__(self, *seed: int) -> None:
        self._rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
        self._units: list[float] = []
        self._hexes: list[str] = []

    def unit(self) -> float:
        """A number from 0 to below 1."""
        if not self._units:
            self._units = self._rng.random(BLOCK).tolist()
        return self._units.pop()

    def chance(self, share: float) -> bool:
        """True in this share of the calls."""
        return self.unit() < share

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit - 1`."""
        return int(self.unit() * limit)

    def between(self, low: float, high: float) -> float:
        """A number from `low` to below `high`."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both inclusive."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices, all equally likely."""
        return choices[int(self.unit() * len(choices))]

    def sample(self, choices: Sequence[T], count: int) -> list[T]:
        """Different choices in random order; all of them when there are fewer than `count`."""
        order = self._rng.permutation(len(choices))[:count].tolist()
        return [choices[index] for index in order]

    def instants(self, rate: float) -> list[float]:
        """Ascending instants within one second at which something happens that happens `rate` times a second."""
        count = int(self._rng.poisson(rate))
        return sorted([self.unit() for _ in range(count)])

    def wait(self, mean_s: float) -> float:
        """Seconds until something that happens every `mean_s` seconds on average."""
        return float(self._rng.exponential(mean_s))

    def hex(self) -> str:
        """32 random hexadecimal digits."""
        if not self._hexes:
            digits = self._rng.bytes(16 * ID_BLOCK).hex()
            self._hexes = [digits[at : at + 32] for at in range(0, len(digits), 32)]
        return self._hexes.pop()

    def uuid(self) -> str:
        """A random identity in the form of RFC 9562, version 4."""
        digits = self.hex()
        variant = "89ab"[int(digits[16], 16) & 3]
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
