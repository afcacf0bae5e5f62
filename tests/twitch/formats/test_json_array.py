"""A long array comes out record by record, however the document is written, cut up or damaged."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatpulse.errors import DamagedError
from chatpulse.twitch.formats import json_array, json_window
from chatpulse.twitch.formats.json_array import Broken, Item, read_records


class Note(msgspec.Struct):
    n: int
    text: str = ""
    parts: list[dict[str, Any]] = []


DECODER = msgspec.json.Decoder(Note, strict=False)
KEYS = ("comments",)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from([
    '}},{"n":1',
    '"},{"n":7},{"',
    "]}",
    "\\",
    '\\"',
    "// no",
    "a,}",
    '"comments":[',
    "🦊é",
])
NOTES = st.builds(
    lambda n, text, parts: {"n": n, "text": text, "parts": parts},
    st.integers(-9, 9),
    TEXTS,
    st.lists(
        st.fixed_dictionaries({"text": TEXTS, "in": st.lists(st.fixed_dictionaries({"n": st.just("no")}))}), max_size=3
    ),
)
WRITERS = st.sampled_from([{"separators": (",", ":")}, {}, {"indent": 2}, {"ensure_ascii": False}])


def cut(data: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    at = 0
    for size in sizes:
        yield data[at : at + size]
        at += size
    yield data[at:]


def read(pieces: Any, members: dict[str, bytes] | None = None) -> list[Item[Note]]:
    found = pieces if not isinstance(pieces, bytes) else [pieces]
    return [item for batch in read_records(found, DECODER, keys=KEYS, members=members) for item in batch]


def values(items: Sequence[Item[Note]]) -> list[dict[str, Any] | bytes]:
    return [item.raw if isinstance(item, Broken) else msgspec.to_builtins(item[0]) for item in items]


@pytest.fixture
def small_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short documents meet every border that long ones meet."""
    monkeypatch.setattr(json_array, "CHUNK_BYTES", 64)
    monkeypatch.setattr(json_array, "AHEAD_BYTES", 4_096)
    monkeypatch.setattr(json_array, "NEAR_BYTES", 128)
    monkeypatch.setattr(json_array, "BATCH_RECORDS", 3)


@pytest.mark.usefixtures("small_window")
@settings(deadline=None)
@given(
    notes=st.lists(NOTES, max_size=12),
    writer=WRITERS,
    sizes=st.lists(st.integers(0, 200)),
    keys=st.sampled_from([(), KEYS]),
)
def test_any_way_of_cutting_gives_the_same_records(
    notes: list[dict[str, Any]], writer: dict[str, Any], sizes: list[int], keys: tuple[str, ...]
) -> None:
    document = {"head": {"n": 1}, "comments": notes, "tail": [1, {"n": 2}]} if keys else notes
    data = json.dumps(document, **writer).encode()
    members: dict[str, bytes] = {}

    items = read(cut(data, sizes), members)

    assert values(items) == notes
    assert [json.loads(item[1]) for item in items if isinstance(item, tuple)] == notes
    assert {name: json.loads(raw) for name, raw in members.items()} == (
        {"head": {"n": 1}, "tail": [1, {"n": 2}]} if keys else {}
    )


@pytest.mark.usefixtures("small_window")
@settings(deadline=None)
@given(notes=st.lists(NOTES, min_size=1, max_size=12), sizes=st.lists(st.integers(0, 200)))
def test_json_lines_are_an_array_without_brackets(notes: list[dict[str, Any]], sizes: list[int]) -> None:
    data = "\r\n".join(json.dumps(note) for note in notes).encode() + b"\n\n"

    assert values(read(cut(data, sizes))) == notes


@pytest.mark.usefixtures("small_window")
@settings(deadline=None)
@given(
    notes=st.lists(NOTES, min_size=3, max_size=9),
    bad=st.sampled_from([b'{"n":}', b'{"n" 1,"x":[{"n":"no"}]}', b'{"n":1,"text":"a}', b'{"m":2}', b"nonsense", b"7"]),
    place=st.integers(0, 9),
    sizes=st.lists(st.integers(0, 200)),
)
def test_a_bad_record_costs_nothing_but_itself(
    notes: list[dict[str, Any]], bad: bytes, place: int, sizes: list[int]
) -> None:
    raws = [json.dumps(note).encode() for note in notes]
    place = min(place, len(raws) - 1)  # behind the last one, an unclosed text swallows the end of the document
    raws.insert(place, bad)

    found = values(read(cut(b"[" + b", ".join(raws) + b"]", sizes)))

    assert found == [*notes[:place], bad, *notes[place:]]


@pytest.mark.usefixtures("small_window")
@settings(deadline=None)
@given(
    data=st.binary(max_size=300) | st.text('[]{}",:/*\\nu0 \n', max_size=300).map(str.encode),
    sizes=st.lists(st.integers(0, 60)),
)
def test_no_bytes_raise_anything_but_damage(data: bytes, sizes: list[int]) -> None:
    def outcome(pieces: Any) -> tuple[list[Any], str]:
        items: list[Any] = []
        try:
            for batch in read_records(pieces, DECODER, keys=KEYS):
                items += batch
        except DamagedError as exc:
            return items, str(exc)
        return items, ""

    assert outcome(cut(data, sizes)) == outcome([data])


@pytest.mark.parametrize(
    ("data", "found"),
    [
        pytest.param(b'[{"n":1,},{"n":2},]', [1, 2], id="trailing commas"),
        pytest.param(b'// head\n[/* one */{"n":1 // it\n},\n// two\n{"n":2}]//end', [1, 2], id="comments"),
        pytest.param(b'[{"n":"1"},{"n":2.0}]', [1, 2], id="numbers as strings"),
        pytest.param(b'[{"n":0,"n":1},{"n":2}]', [1, 2], id="duplicate keys"),
        pytest.param(b'[{"n":1}{"n":2}]', [1, 2], id="no comma"),
        pytest.param(b'[{"n":1}][{"n":2}]', [1, 2], id="two arrays"),
        pytest.param(b'{"comments":[{"n":1}],"comments":[{"n":2}]}', [1, 2], id="two members of one name"),
        pytest.param(b'{"x":{"y":1,/*,}*/},"comments":[{"n":1},{"n":2}]}', [1, 2], id="comments in the head"),
        pytest.param(b'{"x":nonsense,"comments":[{"n":1},{"n":2}]}', [1, 2], id="nonsense in the head"),
        pytest.param(b'{"n":1}\n{"n":2}', [1, 2], id="lines"),
        pytest.param(b'{"n":1,"text":"\\"comments\\":["}', [1], id="one line that speaks of the key"),
        pytest.param(b" \n", [], id="nothing"),
        pytest.param(b"[]", [], id="an empty array"),
    ],
)  # fmt: skip
def test_loose_json_is_read(data: bytes, found: list[int]) -> None:
    assert [item[0].n for item in read(data) if isinstance(item, tuple)] == found


def test_half_an_emoji_and_foreign_bytes_cost_a_character() -> None:
    items = read(b'[{"n":1,"text":"a\\ud83d"},{"n":2,"text":"b\xff"},{"n":3,"text":"\\ud83e\\udd8a\\\'\n"}]')

    assert [item[0].text for item in items if isinstance(item, tuple)] == ["a\ufffd", "b\ufffd", "🦊'\n"]


@pytest.mark.parametrize(
    ("data", "left"),
    [
        pytest.param(b'[{"n":1},{"n":2},{"n":3,"te', b'{"n":3,"te', id="inside a record"),
        pytest.param(b'{"comments":[{"n":1},{"n":2},{"n":3,"te', b'{"n":3,"te', id="inside a document"),
        pytest.param(b'{"n":1}\n{"n":2}\n{"n":3,"te', b'{"n":3,"te', id="inside a line"),
        pytest.param(b'[{"n":1},{"n":2},', None, id="between records"),
        pytest.param(b'{"comments":[{"n":1},{"n":2}],"ta', None, id="behind the array"),
    ],
)
def test_the_good_part_of_a_cut_off_file_is_kept(data: bytes, left: bytes | None) -> None:
    batches = read_records([data], DECODER, keys=KEYS)

    items = next(batches)

    assert values(items)[2:] == ([left] if left else [])
    with pytest.raises(DamagedError, match=f"too early, at record {3 if left else 2}"):
        next(batches)


def test_the_reason_says_what_is_wrong_and_where() -> None:
    items = read(b'[{"n":1},{"n":"many"},{"n":' + b"[" * 5_000 + b"]" * 5_000 + b"}]")

    assert [item.reason for item in items if isinstance(item, Broken)] == [
        "Expected `int`, got `str` - at `$.n`",
        "nested too deeply",
    ]


def test_batches_have_a_thousand_records() -> None:
    data = json.dumps([{"n": n} for n in range(2_500)]).encode()

    assert [len(batch) for batch in read_records([data], DECODER)] == [1_000, 1_000, 500]


def test_the_head_is_there_before_the_first_batch() -> None:
    members: dict[str, bytes] = {}
    data = b'{"title": "a stream","comments":[' + b'{"n":1},' * 5_000 + b"]}"

    next(iter(read_records(cut(data, [100] * 50), DECODER, keys=KEYS, members=members)))

    assert members == {"title": b'"a stream"'}


@pytest.mark.usefixtures("small_window")
def test_a_record_longer_than_the_window_is_read_whole() -> None:
    long = "}},{" * 5_000
    data = json.dumps([{"n": 1}, {"n": 2, "text": long}, {"n": 3}]).encode()

    assert [item[0].text for item in read(cut(data, [50] * 300)) if isinstance(item, tuple)] == ["", long, ""]


@pytest.mark.usefixtures("small_window")
def test_a_member_too_long_to_be_read_hides_only_what_is_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_array, "MAX_VALUE_BYTES", 2_000)
    members: dict[str, bytes] = {}
    whole = b'{"a": 1, "comments": [{"n": 1}], "pictures": "%s", "b": 2}\n' % (b"x" * 9_000)

    items = read(cut(whole, [100] * 99), members)

    assert (values(items), members) == ([{"n": 1, "text": "", "parts": []}], {"a": b"1"})
    with pytest.raises(DamagedError, match="too early, at record 1"):
        read(cut(whole[:5_000], [100] * 49))


def test_a_long_member_is_passed_over() -> None:
    members: dict[str, bytes] = {}
    data = b'{"comments": [], "pictures": "%s", "b": 2}' % (b"x" * (json_array.MAX_MEMBER_BYTES + 1))

    assert read(data, members) == []

    assert members == {"b": b"2"}


@pytest.mark.usefixtures("small_window")
def test_what_breaks_the_pieces_comes_behind_what_they_held() -> None:
    def pieces() -> Iterator[bytes]:
        yield b'[{"n":1},{"n":2},{"n'
        raise DamagedError("not a whole gzip")

    batches = read_records(pieces(), DECODER)

    assert values(next(batches)) == [*({"n": n, "text": "", "parts": []} for n in (1, 2)), b'{"n']
    with pytest.raises(DamagedError, match="not a whole gzip"):
        next(batches)


@pytest.mark.usefixtures("small_window")
def test_texts_are_left_out_where_nobody_wants_them() -> None:
    data = json.dumps([{"n": 1}, {"n": 2}, {"n": "x"}, *({"n": n} for n in range(20))]).encode() + b'[{"n":9,}]'

    batches = [*read_records([data], DECODER, texts=False)]

    texts = [item[1] for batch in batches for item in batch if isinstance(item, tuple)]
    assert texts == [""] * 23


def test_a_record_is_compact_however_it_was_written() -> None:
    note = {"n": 1, "text": ' ": ', "parts": []}
    written = [json.dumps([note] * 3, **how) for how in ({"indent": 2}, {}, {"separators": (",", ":")})]

    texts = {item[1] for data in written for item in read(data.encode()) if isinstance(item, tuple)}

    assert texts == {json.dumps(note, separators=(",", ":"))}


@pytest.mark.parametrize("how", [{"separators": (",", ":")}, {}, {"indent": 2}], ids=["compact", "spaced", "indented"])
def test_most_records_are_read_many_at_a_time(how: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[int] = []
    value_end = json_window.Window.value_end

    def count(window: json_window.Window) -> tuple[int, str]:
        walked.append(window.at)
        return value_end(window)

    monkeypatch.setattr(json_window.Window, "value_end", count)
    note = {"n": 1, "parts": [{"n": 2, "in": [{"n": 3}, {"n": 4}]}, {"n": 5}]}

    items = read(json.dumps({"comments": [note] * 5_000}, **how).encode())

    assert len(items) == 5_000
    assert len(walked) < 100


@pytest.mark.slow
def test_a_document_of_any_length_takes_little_memory() -> None:
    script = """
from pathlib import Path
from chatpulse.twitch.formats.record import Head
from chatpulse.twitch.formats.twitchdownloader import read

body = b"x" * 900
comment = b'{"_id":"c","content_offset_seconds":1,"message":{"body":"%s","fragments":[{"text":"a"},{}]}}' % body
part = (comment + b",") * 1_000

def pieces():
    yield b'{"streamer":{"login":"harbour"},"comments":['
    for _ in range(300):
        yield part
    yield b'],"embeddedData":{"firstParty":[{"data":"'
    for _ in range(40):
        yield b"A" * 1_000_000
    yield b'"}]}}'

count = sum(len(batch) for batch in read(pieces(), Head()))
print(count, int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024)
"""

    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)

    count, peak_mb = map(int, done.stdout.split())
    assert count == 300_000
    assert peak_mb < 250
