"""Turn a line without an `id` tag into an identity that is the same whenever the line is read again.

Two lines with one identity are one event seen twice. A hash of channel, time, user and raw line would make one event of
two people's equal words in one millisecond, so equal lines of a source are numbered 0, 1, 2, ... in the order in which
it gives them, and the number goes into the hash. Reading the same file again gives the same numbers.

CLEARCHAT with a time is the exception: a moderator's bots send the same timeout several times, and room, time, target
and duration say all there is to know, so exact repeats are one event.
"""

from array import array
from hashlib import blake2b
from typing import Final

DIGEST_BYTES: Final = 16
"""128 bits: among 10^12 lines the chance of any collision is below 10^-14."""
GENERATION: Final = 10_000
"""Lines after which equal ones may be forgotten. Equal lines have equal times and stand close together, so the worst
that forgetting does is that a late repeat counts as a duplicate."""

MOST_TIMELESS: Final = 200_000
"""Different lines without a time that are counted one by one: about 30 MB."""
SLOTS: Final = 1 << 22
"""Counters for all others, 16 MB."""


class Identities:
    """The identities of one source's lines, and how often each line was seen."""

    def __init__(self) -> None:
        self._recent: dict[bytes, int] = {}
        self._older: dict[bytes, int] = {}
        self._timeless: dict[bytes, int] = {}
        """Lines without a time are not forgotten: nothing says how far apart two equal ones can be."""
        self._slots: array[int] | None = None

    def of_line(self, raw: bytes, *, channel: str, user: str, ts_us: int) -> str:
        """Identify a line by its content and by how many equal ones this source gave before it.

        Args:
            raw: the line as it came.
            channel: its channel, empty when it has none.
            user: login of who caused it, empty when unknown.
            ts_us: its time, one that is the same on the next reading; 0 when it has none.

        Returns:
            32 hexadecimal digits.
        """
        key = _digest(f"{channel}\0{user}\0{ts_us}\0".encode() + raw)
        number = self._count(key) if ts_us else self._count_timeless(key)
        return (_digest(key + number.to_bytes(8, "big")) if number else key).hex()

    def _count(self, key: bytes) -> int:
        number = self._recent.get(key)
        if number is None:
            number = self._older.get(key, 0)
        if len(self._recent) >= GENERATION:
            self._older, self._recent = self._recent, {}
        self._recent[key] = number + 1
        return number

    def _count_timeless(self, key: bytes) -> int:
        number = self._timeless.get(key, 0)
        if number or len(self._timeless) < MOST_TIMELESS:
            self._timeless[key] = number + 1
            return number
        # Beyond that lines share counters. A number may then be larger than it need be, but it is never given twice to
        # equal lines, and it is the same when the same lines are read again.
        slots = self._slots = self._slots or array("I", bytes(4 * SLOTS))
        slot = int.from_bytes(key[:4], "big") % SLOTS
        slots[slot] += 1
        return slots[slot]


def clearchat_id(*, room: str, ts_us: int, target: str, duration_s: int) -> str:
    """Identify a timeout, ban or clearing by what it does; repeats to the letter are equal."""
    return _digest(f"CLEARCHAT\0{room}\0{ts_us}\0{target}\0{duration_s}".encode()).hex()


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=DIGEST_BYTES).digest()
