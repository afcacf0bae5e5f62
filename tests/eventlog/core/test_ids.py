"""Keys of ids, and sorted runs of keys."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from chatpulse.eventlog.core.ids import Piece, Run, bitmap_bytes, bitmap_part, contains, keys_of, merge, sorted_piece

ID = "0fb4a2c6-9d1e-4b7a-8c35-e1d2f3a4b5c6"

# Few different halves, so that keys share a first half or a second one.
halves = st.integers(0, 3) | st.integers(2**64 - 3, 2**64 - 1) | st.integers(0, 2**64 - 1)
keys = st.builds(lambda a, b: a.to_bytes(8, "little") + b.to_bytes(8, "little"), halves, halves)
key_sets = st.sets(keys, min_size=1, max_size=40)


def run_of(pieces: Iterable[Piece], count: int) -> Run:
    parts = list(pieces)
    bitmap = np.zeros(bitmap_bytes(count), dtype=np.uint8)
    for part in parts:
        start, bits = bitmap_part(part.first, len(bitmap))
        bitmap[start : start + len(bits)] |= bits
    return Run(np.concatenate([p.first for p in parts]), np.concatenate([p.second for p in parts]), bitmap)


def held(run: Run, wanted: Sequence[bytes]) -> list[bool]:
    return [bool(one) for one in contains(run, wanted)]


def test_a_canonical_uuid_is_its_own_bits() -> None:
    assert keys_of([ID]) == [UUID(ID).bytes]


def test_other_spellings_of_a_uuid_are_other_ids() -> None:
    spellings = [
        ID,
        ID.upper(),
        ID.replace("-", ""),
        ID.replace("0f", "0 f")[:36],
        ID[:-2] + "-6",
        ID[:-4] + "-5-6",
        ID[:-3] + " c6",
        "{" + ID + "}",
        "",
    ]

    found = keys_of(spellings)

    assert len(set(found)) == len(spellings)
    assert {len(key) for key in found} == {16}


def test_any_text_is_an_id() -> None:
    odd = ["\ud800", "\x00", "ü" * 36, "x" * 100_000]

    assert len(set(keys_of(odd))) == len(odd)


@settings(deadline=None)
@given(key_sets, st.lists(keys, max_size=40))
def test_a_run_holds_its_keys_and_no_others(own: set[bytes], asked: list[bytes]) -> None:
    run = run_of([sorted_piece(own)], len(own))

    wanted = [*asked, *own, *asked]

    assert held(run, wanted) == [key in own for key in wanted]


@settings(deadline=None)
@given(key_sets, key_sets, st.integers(1, 7))
def test_merged_runs_hold_the_keys_of_both_in_order(one: set[bytes], other: set[bytes], block: int) -> None:
    other -= one
    count = len(one) + len(other)
    runs = [run_of([sorted_piece(own)], len(own)) for own in (one, other) if own]
    empty = Run(*(np.zeros(0, dtype=np.uint64),) * 2, np.zeros(1, dtype=np.uint8))

    merged = run_of(merge(*(runs if other else [*runs, empty]), block=block), count)

    pairs = list(zip(merged.first.tolist(), merged.second.tolist(), strict=True))
    assert pairs == sorted(pairs)
    assert len(pairs) == count
    assert all(held(merged, [*one, *other]))


def test_a_merge_hands_out_small_pieces() -> None:
    rng = np.random.default_rng(3)
    one, other = (
        run_of([sorted_piece({rng.bytes(16) for _ in range(1000)})], 1000),
        run_of([sorted_piece({rng.bytes(16) for _ in range(300)})], 300),
    )

    sizes = [len(piece.first) for piece in merge(one, other, block=50)]

    assert sum(sizes) == 1300
    assert max(sizes) <= 100


def test_nothing_asked_is_nothing_found() -> None:
    assert held(run_of([sorted_piece({bytes(16)})], 1), []) == []


def test_uuids_spread_over_the_bitmap_so_that_it_answers_most_strangers() -> None:
    rng = np.random.default_rng(5)
    uuids = [str(UUID(bytes=rng.bytes(16), version=4)) for _ in range(1024)]
    run = run_of([sorted_piece(keys_of(uuids))], 1024)

    set_bits = int(np.unpackbits(run.bitmap).sum())

    assert len(run.bitmap) == 1024
    assert 0.10 < set_bits / (8 * 1024) < 0.125
