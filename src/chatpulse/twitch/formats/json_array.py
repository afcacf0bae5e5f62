r"""Turn a JSON document around one long array into typed records, without holding the document.

The array stands at the root, or under a key such as `comments` of an object at the root; JSON lines are an array that
has no brackets. What stands before and behind it is handed out member by member, as bytes.

How a record's end is found. JSON has no mark for it: `},{` also stands inside records and inside their texts. Two ways
lead to it, both exact:

- A decoder says where the value in front of it ends (`json_window`), which costs an exception per record.
- Most of a document takes the short way: the bytes between two records, such as `}},{"_id"`, are alike throughout. At
  one of their last places in the next 64 KiB the document is cut, and all before the cut is decoded as one array.
  Where a cut was wrong (inside a record, or a text), the slice is no JSON array, and an earlier place is tried, then
  the long way. A slice that is one can only have been cut between two records, because there is one way to read JSON
  from the beginning of a record.

A record that is no JSON goes through `mend`; if that does not help, it ends where the next record can be read, and it
comes out as `Broken` with its bytes, as does one that is JSON and no record. Its neighbours are kept. What is found
does not depend on how the document was cut into pieces.

Measured on 50,000 comments of a kilobyte: 2.4 us a record by slices, 3.8 us with its text beside it, 7.2 us one by one,
92 us where each has to be mended; a JSON library that makes dicts of everything takes 15.6 us.
"""

import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Final, Generic, TypeVar

import msgspec

from chatpulse.errors import DamagedError
from chatpulse.twitch.formats.json_window import SPACE, TOO_DEEP, TRUNCATED, Seam, Window, end_of_value
from chatpulse.twitch.formats.mend import mend_value

T = TypeVar("T")

BATCH_RECORDS: Final = 1_000
CHUNK_BYTES: Final = 1 << 16
"""Read ahead this much at least: sixty comments. Larger blocks come fresh from the system each time (`runtime.memory`
sees to that), and their page faults cost a quarter of the time."""
AHEAD_BYTES: Final = 8 << 20
"""How far behind its beginning a document is searched for the array..."""
NEAR_BYTES: Final = 1 << 16
"""...and a damaged record for its end or the next one: first near, then as far."""
MAX_VALUE_BYTES: Final = 32 << 20
"""A longer value is taken for damage: an unclosed bracket swallows the rest of the file."""
MAX_MEMBER_BYTES: Final = 1 << 20
"""Longer members of the document beside the array are passed over: they are embedded pictures."""
MAX_TRIES: Final = 500
"""Places behind a damaged record where the next one is looked for."""
MAX_CUTS: Final = 8
"""Places at which a slice is cut before each record is walked over."""

_key = re.compile(rb'"((?:[^"\\]|\\.)*+)"\s*+:\s*+', re.DOTALL)
_begin = re.compile(rb"[,\n]\s*+(?=[{\[\"])")
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_LINE_END: Final = Seam(b"\n", 1)
_FIRST_KEY_CHARS: Final = 64
"""Room for the first key of a record."""

_lines = msgspec.json.Decoder(msgspec.Raw).decode_lines
_slice = msgspec.json.Decoder(list[msgspec.Raw]).decode


class Broken(msgspec.Struct, frozen=True, gc=False):
    """Bytes in the array that are no record."""

    raw: bytes
    reason: str


Item = tuple[T, str] | Broken
"""A record with its compact JSON, or what could not be read."""


def read_records(
    pieces: Iterable[bytes],
    decoder: msgspec.json.Decoder[T],
    *,
    keys: Collection[str] = (),
    members: dict[str, bytes] | None = None,
    texts: bool = True,
) -> Iterator[list[Item[T]]]:
    """Read the records of a document, `BATCH_RECORDS` at a time.

    Args:
        pieces: the document in UTF-8, in pieces of any size.
        decoder: for one record; it should refuse whatever else can stand in the document.
        keys: where the array is, in documents that are an object; an object without any of them is itself a record.
        members: takes the document's other members, as JSON, before the first batch as far as they stand there.
        texts: whether the JSON of each record is wanted beside it; without it the text is empty.

    Yields:
        Records in the order of the document.

    Raises:
        DamagedError: the document ends in the middle; all that could be read was handed out. What `pieces` raises
            comes in its place.
    """
    window = Window(pieces, chunk_bytes=CHUNK_BYTES, most_bytes=MAX_VALUE_BYTES)
    document = _Document(window, decoder, keys=keys, members={} if members is None else members, texts=texts)
    waiting: list[Item[T]] = []
    ready: deque[list[Item[T]]] = deque()
    count = 0
    for items in document.read():
        waiting += items
        while len(waiting) >= BATCH_RECORDS:
            ready.append(waiting[:BATCH_RECORDS])
            del waiting[:BATCH_RECORDS]
            count += BATCH_RECORDS
        del items
        while ready:
            # No name here holds a batch while the caller works on it: two batches do not fit into a core's cache.
            yield ready.popleft()
    count += len(waiting)
    if waiting:
        yield waiting
    if window.damage:
        raise window.damage
    if document.cut_off:
        raise DamagedError(
            f"the file ends too early, at record {count:,}: what stands before is read; get the whole file"
        )


class _Document(Generic[T]):
    """One document on its way through."""

    def __init__(
        self,
        window: Window,
        decoder: msgspec.json.Decoder[T],
        *,
        keys: Collection[str],
        members: dict[str, bytes],
        texts: bool,
    ) -> None:
        self.cut_off = False
        self._looks_whole = False
        """Whether a document whose end could not be read ends as one should."""
        self._window = window
        self._decode = decoder.decode
        self._decode_all = msgspec.json.Decoder(list[decoder.type], strict=decoder.strict).decode  # type: ignore[name-defined]  # a type that is a value
        self._keys = keys
        self._members = members
        self._texts = texts
        names = "|".join(map(re.escape, sorted(keys))).encode()
        self._array = re.compile(rb'"(?:' + names + rb')"\s*+:\s*+\[') if keys else None

    def read(self) -> Iterator[list[Item[T]]]:
        """Hand out what each stretch of the document holds."""
        window = self._window
        while mark := window.mark():
            window.ensure(AHEAD_BYTES)
            if mark == b"[":
                window.at += 1
                yield from self._elements(closed=True)
            elif mark == b"{" and self._array and self._array.search(window.data, window.at, window.at + AHEAD_BYTES):
                window.at += 1
                yield from self._object(self._array)
            else:
                yield from self._elements(closed=False)

    def _object(self, array: re.Pattern[bytes]) -> Iterator[list[Item[T]]]:
        """The members of the document; the arrays among them that are wanted are read, others noted."""
        window = self._window
        while mark := window.mark():
            if mark == b"}":
                window.at += 1
                return
            window.ensure(CHUNK_BYTES)
            key = _key.match(window.data, window.at)
            if key is None:
                found = self._seek(array)
            else:
                name = key[1].decode("utf-8", "replace")
                window.at = key.end()
                found = name in self._keys and window.data.startswith(b"[", window.at)
                if found:
                    window.at += 1
                else:
                    found = self._member(name, array)
            if found:
                yield from self._elements(closed=True)
        self.cut_off |= not self._looks_whole

    def _member(self, name: str, array: re.Pattern[bytes]) -> bool:
        """Note a member; where it cannot be read, go on to the array if there is one: then True."""
        window = self._window
        end, _ = window.value_end()
        if end >= 0:
            value = window.take(end).rstrip(SPACE)
        else:
            window.ensure(AHEAD_BYTES)
            mended = mend_value(window.data, window.at, window.at + AHEAD_BYTES)
            if mended is None:
                return self._seek(array)
            window.at, value = mended
        if len(value) <= MAX_MEMBER_BYTES:
            self._members[name] = value
        return False

    def _seek(self, array: re.Pattern[bytes]) -> bool:
        """Go on to the next array where a member cannot be read, or is too long; else to the document's end."""
        found = self._window.seek(array)
        self._looks_whole = not found and self._window.data.rstrip(SPACE).endswith(b"}")
        return found

    def _elements(self, *, closed: bool) -> Iterator[list[Item[T]]]:
        """The values up to the closing bracket; of JSON lines up to the end."""
        window = self._window
        seam = None if closed else _LINE_END
        walk_to = previous = -1
        while mark := window.mark():
            if closed and mark == b"]":
                window.at += 1
                return
            if seam and window.passed + window.at >= walk_to:
                if items := self._cut(seam):
                    yield items
                    previous = -1
                    continue
                walk_to = window.passed + window.at + CHUNK_BYTES
            if closed:
                seam = window.seam(previous) or seam
            item, previous = self._next(closed=closed)
            yield [item]
        self.cut_off |= closed

    def _cut(self, seam: Seam) -> list[Item[T]]:
        """Take the records of the next stretch at once; none when no cut that is tried hits the end of one."""
        window = self._window
        window.ensure(CHUNK_BYTES)
        data, at = window.data, window.at
        place = min(len(data), at + CHUNK_BYTES)
        for _ in range(MAX_CUTS):
            place = data.rfind(seam.text, at, place)
            if place < 0:
                break
            end = place + seam.cut
            part = memoryview(data)[at:end]
            try:
                items = self._lines(part) if seam is _LINE_END else self._slice(b"".join((b"[", part, b"]")))
            except (msgspec.DecodeError, RecursionError):
                continue
            window.at = end
            return items
        return []

    def _slice(self, part: bytes) -> list[Item[T]]:
        """Decode the values of a slice, at once if all are records."""
        try:
            values = self._decode_all(part)
            if not self._texts:
                return [(value, "") for value in values]
            texts = [_compact(str(raw, "utf-8")) for raw in _slice(part)]
        except _UNREADABLE:
            return [self._item(raw) for raw in _slice(part)]
        return list(zip(values, texts, strict=True))

    def _lines(self, part: memoryview) -> list[Item[T]]:
        return [self._item(raw) for raw in _lines(part)]

    def _next(self, *, closed: bool) -> tuple[Item[T], int]:
        """Take one value, and say where in the document it ended; -1 where nothing is to be learned from that."""
        window = self._window
        end, reason = window.value_end()
        if end < 0:
            return self._damaged(reason, closed=closed), -1
        start = window.passed + window.at
        raw = window.take(end).rstrip(SPACE)
        return self._item(raw), start + len(raw)

    def _item(self, raw: bytes | msgspec.Raw) -> Item[T]:
        """Decode one value."""
        try:
            value, text = self._decode(raw), str(raw, "utf-8") if self._texts else ""
        except _UNREADABLE as exc:
            data, reason = bytes(raw), _reason(exc)
            return self._mended(data, 0, len(data))[0] or Broken(data, reason)
        return value, _compact(text)

    def _mended(self, data: bytes, at: int, stop: int) -> tuple[tuple[T, str] | None, int]:
        """The record that begins at a byte, put right, and where it ends; None where that is no help, -1 for no end."""
        mended = mend_value(data, at, stop)
        if mended is None:
            return None, -1
        end, value = mended
        try:
            text = msgspec.json.format(value, indent=-1).decode() if self._texts else ""
            return (self._decode(value), text), end
        except _UNREADABLE:
            return None, end

    def _damaged(self, reason: str, *, closed: bool) -> Item[T]:
        """Take what is no JSON: put right, or up to where the next record begins, or up to its closing bracket."""
        window = self._window
        window.ensure(AHEAD_BYTES)
        data, at = window.data, window.at
        for ahead_bytes in (NEAR_BYTES, AHEAD_BYTES):
            stop = min(len(data), at + ahead_bytes)
            item, end = self._mended(data, at, stop)
            if item is not None:
                window.at = end
                return item
            following = self._next_record(end if end >= 0 else stop) if closed else data.find(b"\n", at, stop)
            end = following if following >= 0 else end
            if end >= 0:
                return Broken(window.take(end).rstrip(SPACE), reason)
        self.cut_off |= reason == TRUNCATED
        return Broken(window.take(stop).rstrip(SPACE), reason)

    def _next_record(self, stop: int) -> int:
        """The first place before `stop` where a record begins that can be read; -1 for none."""
        data, at = self._window.data, self._window.at
        limit = min(len(data), at + AHEAD_BYTES)
        for found in islice(_begin.finditer(data, at, stop), MAX_TRIES):
            end, _ = end_of_value(data, found.end(), limit)
            if end >= 0:
                with suppress(*_UNREADABLE):
                    self._decode(data[found.end() : end])
                    return found.start()
        return -1


def _compact(text: str) -> str:
    # Whoever puts a space behind a colon does so behind the first.
    return msgspec.json.format(text, indent=-1) if '": ' in text[:_FIRST_KEY_CHARS] else text


def _reason(exc: Exception) -> str:
    return TOO_DEEP if isinstance(exc, RecursionError) else str(exc)
