"""How long to wait before the next attempt, without a clock or a sleep.

Full jitter: the wait is drawn evenly from zero up to a ceiling that doubles with every failure in a row, up to a cap.
A thousand clients that lost the same server then come back spread over the whole ceiling instead of in step. There is
no last attempt. A connection counts as a success only once it has lasted: a server that lets everybody in and drops
them at once would otherwise be dialled at full speed for ever.
Source: Exponential Backoff And Jitter, aws.amazon.com/blogs/architecture.
"""

import random
from dataclasses import dataclass

BASE_S = 1.0
"""Ceiling of the first wait: a connection that broke once is back within a second."""
CAP_S = 60.0
"""Longest wait: an outage costs at most a minute beyond its own length."""
STABLE_S = 60.0
"""A connection that lasted this long wipes out the failures before it."""
MAX_DOUBLINGS = 16
"""Far beyond the cap; keeps the power small after a million failures."""


@dataclass(slots=True, kw_only=True)
class Backoff:
    """Counts failures in a row and says how long to wait after each."""

    rng: random.Random
    base_s: float = BASE_S
    cap_s: float = CAP_S
    stable_s: float = STABLE_S
    failures: int = 0
    """Failures in a row."""

    def wait_s(self, *, lasted_s: float = 0.0) -> float:
        """Take note of a failure and draw the wait before the next attempt.

        Args:
            lasted_s: for how long the connection worked before it failed; 0 when it was never made.

        Returns:
            Seconds from 0 to `cap_s`.
        """
        if lasted_s >= self.stable_s:
            self.failures = 0
        ceiling_s = min(self.cap_s, self.base_s * 2 ** min(self.failures, MAX_DOUBLINGS))
        self.failures += 1
        return self.rng.uniform(0.0, ceiling_s)
