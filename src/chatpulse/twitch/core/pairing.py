"""Recognise chat that is stored already under another identity: the same stream, recorded live and read from a file.

A message of the file and a stored one are one message when the same user said the same text at the same time. Clocks
differ by a constant: a recording starts late, a start is typed in by hand. The shift is therefore estimated first, as
the commonest distance between messages that are equal and rare; then each message of the file takes the nearest stored
one within three seconds that no other has taken. A stored message is one message: it is taken once.

Stored messages are three arrays, 24 bytes each, sorted by key and time; a message costs one search.
"""

import unicodedata
from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Times = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]

WITHIN_US = 3_000_000
MOST_SHIFT_US = 900_000_000
"""A quarter of an hour: whole-stream shifts on old recordings are minutes (TwitchDownloader#1320)."""
RARE = 3
"""A text that a user said this often or less tells something about the shift."""
BIN_US = 1_000_000
LEAST_AGREEING = 3
"""So many messages have to agree on a shift before it is believed."""
_INVISIBLE = {0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xE0000, 0x34F, 0xAD}


def key_of(user: str, text: str) -> int:
    """A number that is equal for equal words of one user, whatever invisible characters or spaces are in them."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", "".join(char for char in text if ord(char) not in _INVISIBLE))
    said = f"{user.casefold()}\0{' '.join(text.casefold().split())}"
    return int.from_bytes(blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class Stored:
    """Stored messages of one channel that those of a file may be."""

    def __init__(self, keys: Iterable[int], times_us: Iterable[int]) -> None:
        """Take keys and times, shape (N,) each, in any order; a match is told as a place in this order."""
        all_keys = np.fromiter(keys, dtype=np.uint64)
        all_times = np.fromiter(times_us, dtype=np.int64)
        self._order = np.lexsort((all_times, all_keys))
        self._keys: Keys = all_keys[self._order]
        self._times: Times = all_times[self._order]
        self._taken = np.zeros(len(all_keys), dtype=bool)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._keys)

    def estimate_shift(self, keys: Keys, times_us: Times) -> int:
        """By how much the file's clock is behind the stored one, microseconds; 0 when too little agrees.

        Args:
            keys: of the file's messages, shape (M,).
            times_us: theirs, shape (M,).

        Returns:
            The median distance within the fullest second of all distances, each user's rare texts counted only.
        """
        first = np.searchsorted(self._keys, keys, side="left")
        count = np.searchsorted(self._keys, keys, side="right") - first
        distances: list[Times] = []
        for number in range(RARE):
            there = (count > number) & (count <= RARE)
            distances.append(self._times[first[there] + number] - times_us[there])
        found = np.concatenate(distances)
        found = found[np.abs(found) <= MOST_SHIFT_US]
        if len(found) < LEAST_AGREEING:
            return 0
        # Two neighbouring bins together: the commonest distance may lie at the edge of one.
        bins = (found + MOST_SHIFT_US) // BIN_US
        counts = np.bincount(bins, minlength=2)
        pairs = counts[:-1] + counts[1:]
        best = int(np.argmax(pairs))
        if pairs[best] < LEAST_AGREEING:
            return 0
        return int(np.median(found[(bins == best) | (bins == best + 1)]))

    def take(self, key: int, at_us: int) -> int | None:
        """The place of the nearest stored message with this key within `WITHIN_US` that is free; it is taken now."""
        first, last = int(np.searchsorted(self._keys, np.uint64(key), side="left")), len(self._keys)
        if first == last or self._keys[first] != key:
            return None
        last = int(np.searchsorted(self._keys, np.uint64(key), side="right"))
        span = np.array([at_us - WITHIN_US, at_us + WITHIN_US + 1])
        start, end = first + np.searchsorted(self._times[first:last], span)
        free = np.flatnonzero(~self._taken[start:end]) + start
        if not len(free):
            return None
        best = free[np.argmin(np.abs(self._times[free] - at_us))]
        self._taken[best] = True
        return int(self._order[best])
