"""Turn ids into 128-bit keys, and search and merge sorted arrays of keys.

A UUID in its canonical form is its own 128 bits; every other id is its BLAKE2b-128 hash. Two different ids therefore
get equal keys only if somebody finds a hash of 128 bits that was not asked for, which takes about 2 ** 64 attempts.

A run is an immutable set of keys as two arrays, the first and the second half of each key, sorted by both, with a
bitmap in front: bit number `first >> shift` is set when a key with that beginning is held. Keys spread evenly, and the
bitmap has 8 to 16 bits a key, so 9 of 10 ids never seen are answered by one look at one bit, whatever the size of the
run. The search reads the first halves for the others, and the second halves only where a first half is equal.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Halves = npt.NDArray[np.uint64]

Bitmap = npt.NDArray[np.uint8]

KEY_BYTES = 16
_UUID_LENGTH = 36
_UUID_HEX_LENGTH = 32
_BITS = (1 << np.arange(8)).astype(np.uint8)
_BYTE = np.uint64(3)
_IN_BYTE = np.uint64(7)


class Run(NamedTuple):
    """Distinct keys, sorted by (first, second): two arrays of shape (N,), and the bitmap of all `first`."""

    first: Halves
    second: Halves
    bitmap: Bitmap


class Piece(NamedTuple):
    """Consecutive keys of a run that is being made."""

    first: Halves
    second: Halves


def keys_of(ids: Iterable[str]) -> list[bytes]:
    """Turn ids into keys of 16 bytes, equal exactly where the ids are."""
    return [_key_of(one) for one in ids]


def sorted_piece(keys: Iterable[bytes]) -> Piece:
    """Sort distinct keys."""
    return _sort(*_halves(b"".join(keys)))


def bitmap_bytes(count: int) -> int:
    """Size of the bitmap of a run: 8 to 16 bits for each of `count` keys."""
    return 1 << max(0, (count - 1).bit_length())


def bitmap_part(first: Halves, size: int) -> tuple[int, Bitmap]:
    """Make the bytes of a bitmap of `size` bytes that ascending keys set; returns the place of the first, and them."""
    slots = first >> _shift(size)
    start = int(slots[0] >> _BYTE)
    part = np.zeros(int(slots[-1] >> _BYTE) + 1 - start, dtype=np.uint8)
    np.bitwise_or.at(part, (slots >> _BYTE) - np.uint64(start), _BITS[slots & _IN_BYTE])
    return start, part


def contains(run: Run, keys: Sequence[bytes]) -> npt.NDArray[np.bool_]:
    """Say of each key whether the run holds it; shape (len(keys),)."""
    if not keys:
        return np.zeros(0, dtype=np.bool_)
    first, second = _halves(b"".join(keys))
    slots = first >> _shift(len(run.bitmap))
    held = np.zeros(len(first), dtype=np.bool_)
    likely = np.flatnonzero(run.bitmap[slots >> _BYTE] & _BITS[slots & _IN_BYTE])
    if not len(likely):
        return held
    # Sorted needles walk the run in one direction, so that neighbours find their pages already there.
    likely = likely[np.argsort(first[likely])]
    places = np.searchsorted(run.first, first[likely])
    np.minimum(places, len(run.first) - 1, out=places)
    equal = run.first[places] == first[likely]
    likely, places = likely[equal], places[equal]
    held[likely] = run.second[places] == second[likely]
    for at in np.flatnonzero(~held[likely]).tolist():
        held[likely[at]] = _further_on(run, int(places[at]), second[likely[at]])
    return held


def merge(one: Run, other: Run, *, block: int) -> Iterator[Piece]:
    """Merge two runs without a common key into one, in pieces of about `block` to `2 * block` keys."""
    i = j = 0
    while i < len(one.first) or j < len(other.first):
        ends = [run.first[at : at + block][-1:] for run, at in ((one, i), (other, j))]
        bound = np.concatenate(ends).min()
        i_end = i + int(np.searchsorted(one.first[i:], bound, side="right"))
        j_end = j + int(np.searchsorted(other.first[j:], bound, side="right"))
        yield _sort(
            np.concatenate((one.first[i:i_end], other.first[j:j_end])),
            np.concatenate((one.second[i:i_end], other.second[j:j_end])),
        )
        i, j = i_end, j_end


def _key_of(one: str) -> bytes:
    if len(one) == _UUID_LENGTH and one[8] == one[13] == one[18] == one[23] == "-":
        digits = one.replace("-", "")
        try:
            key = bytes.fromhex(digits)
        except ValueError:
            key = b""
        # `fromhex` also takes capitals and blanks, which are other ids.
        if len(digits) == _UUID_HEX_LENGTH and key.hex() == digits:
            return key
    return blake2b(one.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


def _halves(joined: bytes) -> tuple[Halves, Halves]:
    pairs = np.frombuffer(joined, dtype="<u8").reshape(-1, 2)
    # Of a random UUID the last 8 bytes, read with the last byte on top, are evenly spread: its fixed bits come last.
    return pairs[:, 1], pairs[:, 0]


def _shift(size: int) -> np.uint64:
    return np.uint64(64 - (8 * size - 1).bit_length())


def _sort(first: Halves, second: Halves) -> Piece:
    # The stable sort sees the two sorted parts of a merge and joins them in linear time.
    order = np.argsort(first, kind="stable")
    ordered = first[order]
    if (ordered[1:] == ordered[:-1]).any():
        order = np.lexsort((second, first))
        ordered = first[order]
    return Piece(ordered, second[order])


def _further_on(run: Run, place: int, second: np.uint64) -> bool:
    """Look behind the first of several keys with the same first half."""
    end = int(np.searchsorted(run.first, run.first[place], side="right"))
    at = place + int(np.searchsorted(run.second[place:end], second))
    return at < end and bool(run.second[at] == second)
