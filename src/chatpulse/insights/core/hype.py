"""Turn how fast and how excitedly a channel talks into one number from 0 to 100: hype.

Hype is arousal, not approval: an angry chat and a happy chat can both be at 90. It has two parts, added as energy.

Speed. The messages of a window are compared with the channel's own usual rate, not with a fixed number: 5 lines a
second are a storm in one chat and a pause in another. Counts of chat scatter like a negative binomial (a Poisson part
that rules small chats, a relative part that rules large ones), and Anscombe's transformation of it,
`2 / sqrt(k) * asinh(sqrt(k * count))`, makes one unit of difference mean one standard deviation at any rate. So three
lines where one was usual hardly move a quiet chat, and thrice the lines do move a busy one.

Excitement. The share of messages that hype, laugh, are shocked or angry, shout in capitals or repeat themselves, above
the channel's usual share and shrunk towards it while messages are few.

The usual rate is a slow average over finished seconds (half-life two minutes). Each second counts at most a ceiling
above what is usual, so a burst cannot become the norm that hides its own end or the next burst.

Energy 0 (as usual) maps to 12, energy 3 to 50, energy 6 to 88; no messages are 0.

Source: F. J. Anscombe, The transformation of Poisson, binomial and negative-binomial data, Biometrika 35 (1948).
"""

import math
from dataclasses import dataclass

OVERDISPERSION = 0.06
"""`k`: chat that is as usual still scatters by about a quarter (sqrt .06) from second to second."""
HALF_LIFE_S = 120.0
LEARNING_RATE = 1 - 2 ** (-1 / HALF_LIFE_S)
WARM_UP_S = 10
"""For so long a plain mean is taken: there is no usual rate yet that a second could be far above."""
LEAST_RATE_HZ = 0.5
"""Slowest rate that counts as usual: the first lines in a silent chat are no storm."""
EXCITEMENT_GAIN = 4.0
"""Energy when a chat goes from nobody excited to everybody; half of that is about a doubled speed."""
EXCITEMENT_PRIOR = 5.0
"""The usual share counts as much as this many messages."""
MIDDLE_ENERGY = 3.0
ENERGY_SCALE = 1.5


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in a channel at some moment."""

    rate_hz: float = LEAST_RATE_HZ
    """Messages a second, commands apart."""
    excited: float = 0.0
    """Share of excited messages, 0 to 1."""


class Pace:
    """Learns from one finished second after another what is usual in a channel."""

    __slots__ = ("_excited_hz", "_rate_hz", "_seconds")

    def __init__(self) -> None:
        self._rate_hz = 0.0
        self._excited_hz = 0.0
        self._seconds = 0

    def usual(self) -> Usual:
        """What is usual now."""
        if not self._seconds:
            return Usual()
        share = self._excited_hz / self._rate_hz if self._rate_hz > 0 else 0.0
        return Usual(max(self._rate_hz, LEAST_RATE_HZ), min(share, 1.0))

    def learn(self, messages: int, excited: int) -> None:
        """Take one more second, with so many messages, so many of them excited."""
        self._seconds += 1
        counted = float(messages)
        if self._seconds > WARM_UP_S:
            counted = min(counted, 2 * self._rate_hz + 3 * math.sqrt(self._rate_hz) + 1)
        step = max(LEARNING_RATE, 1 / self._seconds)
        self._rate_hz += step * (counted - self._rate_hz)
        share = excited / messages if messages else 0.0
        self._excited_hz += step * (counted * share - self._excited_hz)


def rate_hype(messages: int, excited: int, *, size_s: int, usual: Usual) -> float:
    """Rate the arousal of a window from 0 (silence) to 100.

    Args:
        messages: messages in the window, commands to bots apart: a raffle is not excitement.
        excited: how many of them are excited.
        size_s: length of the window in seconds.
        usual: what is usual in this channel.

    Returns:
        About 12 when all is as usual, 50 in a lively moment, 80 and more in a burst.
    """
    if messages <= 0:
        return 0.0
    speed = _steady(messages) - _steady(usual.rate_hz * size_s)
    share = (excited + EXCITEMENT_PRIOR * usual.excited) / (messages + EXCITEMENT_PRIOR)
    energy = speed + EXCITEMENT_GAIN * (share - usual.excited)
    return 100 / (1 + math.exp((MIDDLE_ENERGY - energy) / ENERGY_SCALE))


def _steady(count: float) -> float:
    """A count on a scale where chance moves it by about 1 whatever its size."""
    return 2 / math.sqrt(OVERDISPERSION) * math.asinh(math.sqrt(OVERDISPERSION * count))
