"""Chat files in, tables out: whatever somebody already has, scored and stored once.

    file -> pieces -> reader -> inferred notices -> place -> known? -> score -> tables

An import bypasses the record and may run beside a collector. What is stored already is recognised by identity, and a
message of a stream that was recorded otherwise by user, words and time (`twitch.core.pairing`). For that the file is
read twice, and only where its channel has stored messages of its time. Rows become durable in batches; an import that
was killed is run again and goes on where it was, since what is stored is known.
"""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import structlog
from msgspec.structs import replace

from chatpulse.domain.chat import TOPIC_OF, ChatMessage, Quarantined, Recorded, Source, TimeKind, Topic
from chatpulse.errors import ChatPulseError, DamagedError, InputError
from chatpulse.eventlog import SeenIndex
from chatpulse.lake import Rows, Tables, TableWriter
from chatpulse.nlp import ChatScorer
from chatpulse.pipelines.import_report import Counts, FileReport, Report, total_of
from chatpulse.pipelines.privacy import Privacy
from chatpulse.pipelines.starts import Starts
from chatpulse.twitch.core.inferred import infer
from chatpulse.twitch.core.pairing import MOST_SHIFT_US, WITHIN_US, Stored, key_of
from chatpulse.twitch.core.placing import Place, Placer
from chatpulse.twitch.formats import COMMENT_FORMATS, READERS
from chatpulse.twitch.formats.detect import detect
from chatpulse.twitch.formats.record import Head, Record, Skipped
from chatpulse.twitch.pieces import DAMAGE, describe_damage, read_pieces

WHAT, SHOULD = "chat file", "it should hold chat in one of the formats of `chatpulse import --help`"
FIRST_BYTES = 1 << 18
"""What a format is told by."""
FLUSH_ROWS = 20_000
SIDE_FILE = "vod-info"
OPTED_OUT = "opted-out"
"""Why a record of somebody who does not want to be stored is skipped."""
OWN_FORMAT = "chatpulse-ndjson"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the user says about the files."""

    channel: str = ""
    start_us: int | None = None
    format: str = ""
    keep_all: bool = False
    """Store messages that another recording of the stream holds as well, with `copy_of`."""
    starts: Starts = field(default_factory=Starts)
    source: Source = Source.IMPORT


class Importer:
    """Imports files into the tables at one place; one thread uses it."""

    def __init__(
        self, *, tables: Tables, writer: TableWriter, seen: SeenIndex, scorer: ChatScorer, privacy: Privacy
    ) -> None:
        self._tables = tables
        self._privacy = privacy
        self._writer = writer
        self._seen = seen
        self._scorer = scorer
        self._pending: dict[Topic, Rows] = {}

    def run(self, paths: Sequence[Path], wishes: Wishes, *, progress: Callable[[str], None] = lambda _: None) -> Report:
        """Import files one after the other.

        Args:
            paths: files; side files (`*.vod.json`) tell about the file beside them.
            wishes: what the user says about them.
            progress: told what is done at the moment.

        Returns:
            What became of every record. A file that cannot be read has its `error`, and the others are imported.
        """
        began_s = time.monotonic()
        self._seen.rebuild(self._tables.ids())
        reports = []
        for path in paths:
            progress(path.name)
            reports.append(self._import(path, wishes))
        return Report(files=tuple(reports), total=total_of(reports, seconds=time.monotonic() - began_s))

    def _import(self, path: Path, wishes: Wishes) -> FileReport:
        counts, known = Counts(), _Known(path, wishes)
        error: str | None = None
        try:
            known.look()
            if known.format != SIDE_FILE:
                copies = self._copies(known)
                for batch in known.records():
                    self._take(batch, known, counts, copies=copies)
                self._take([], known, counts, copies=copies, last=True)
        except ChatPulseError as exc:
            error = str(exc)
            if known.placer is not None:
                self._take([], known, counts, copies=None, last=True)
        self._flush()
        return counts.report(
            path=str(path), name=known.format, channel=known.channel, video_id=known.video_id, error=error
        )

    def _take(
        self, batch: Sequence[Record], known: "_Known", counts: Counts, *, copies: "_Copies | None", last: bool = False
    ) -> None:
        """Place records and store those that are new; with `last` also what waits for more of its second."""
        counts.read += len(batch)
        events = self._admit(list(known.place(batch, counts, last=last)), counts)
        flags = self._seen.check([event.id for event in events])
        fresh: list[Recorded] = []
        for event, new in zip(events, flags, strict=True):
            counts.see(event)
            copy_of = copies.find(event) if new and copies is not None else None
            if not new or (copy_of is not None and not known.wishes.keep_all):
                # A line that nobody understands is counted as that, however often it comes.
                if isinstance(event, Quarantined):
                    counts.quarantined += 1
                else:
                    counts.duplicates += 1
                continue
            fresh.append(replace(event, copy_of=copy_of) if copy_of else event)
            if isinstance(event, Quarantined):
                counts.quarantined += 1
            else:
                counts.stored += 1
        self._seen.add([event.id for event in fresh])
        if self._seen.due:
            self._seen.flush(mark=None, basis=None)
        self._gather(fresh)

    def _admit(self, events: Sequence[Recorded], counts: Counts) -> Sequence[Recorded]:
        """The events as they may be stored, without those of people who opted out."""
        self._privacy.opt_out.refresh()
        admitted = self._privacy.admit(events)
        if len(admitted) < len(events):
            counts.skipped[OPTED_OUT] += len(events) - len(admitted)
        return admitted

    def _gather(self, events: Sequence[Recorded]) -> None:
        topics: dict[Topic, list[Recorded]] = {}
        for event in events:
            topics.setdefault(TOPIC_OF[type(event)], []).append(event)
        for topic, of_topic in topics.items():
            rows = self._pending.get(topic) or self._writer.gather(topic)
            messages = [event for event in of_topic if isinstance(event, ChatMessage)]
            rows.add(of_topic, scored=self._scorer.score(messages) if messages else None)
            self._pending[topic] = rows
        if sum(len(rows) for rows in self._pending.values()) >= FLUSH_ROWS:
            self._flush()

    def _flush(self) -> None:
        for rows in self._pending.values():
            self._writer.append(rows, stored_us=time.time_ns() // 1_000)
        self._pending.clear()

    def _copies(self, known: "_Known") -> "_Copies | None":
        """What is stored of the same channel and time from elsewhere; None where nothing can be."""
        said = self._tables.said(known.channel, since_us=0, until_us=2**62, not_video=known.video_id)
        if next(said, None) is None:
            return None
        keys, times = _said_in(known)
        if not len(times):
            return None
        reach_us = MOST_SHIFT_US + WITHIN_US
        span = {"since_us": int(times.min()) - reach_us, "until_us": int(times.max()) + reach_us}
        stored_ids: list[str] = []
        stored_keys: list[int] = []
        stored_times: list[int] = []
        for ids, users, texts, times_us in self._tables.said(known.channel, **span, not_video=known.video_id):
            stored_ids += ids
            stored_keys += map(key_of, users, texts)
            stored_times += times_us
        stored = Stored(stored_keys, stored_times)
        shift_us = stored.estimate_shift(keys, times)
        log.info("import.compared", path=str(known.path), stored=len(stored), shift_s=shift_us / 1e6)
        return _Copies(stored, stored_ids, shift_us)


class _Copies:
    """Stored messages that those of a file may be copies of."""

    def __init__(self, stored: Stored, ids: Sequence[str], shift_us: int) -> None:
        self._stored = stored
        self._ids = ids
        self._shift_us = shift_us

    def find(self, event: Recorded) -> str | None:
        """Id of the stored message that this one is."""
        if not isinstance(event, ChatMessage) or event.time_kind is not TimeKind.EPOCH:
            return None
        place = self._stored.take(_key(event), event.ts_us + self._shift_us)
        return self._ids[place] if place is not None else None


class _Known:
    """One file, and what is known about it: from the user, itself, the file beside it, its name."""

    def __init__(self, path: Path, wishes: Wishes) -> None:
        self.path = path
        self.wishes = wishes
        self.format = ""
        self.channel = ""
        self.video_id = ""
        self.placer: Placer | None = None
        self._head = Head()
        self._received_us = time.time_ns() // 1_000

    def look(self) -> None:
        """Find out the format and everything else that the first records tell."""
        self.format = self.wishes.format or self._detect()
        if self.format not in READERS:
            raise InputError(f"no format {self.format!r}; there are {', '.join(READERS)}")
        next(self._read(), None)
        side = self._side()
        head, (start, start_channel, start_video) = self._head, self.wishes.starts.of(self.path, self._head.video_id)
        # Our own files say of each row where it comes from; a live one comes from no recording.
        stem = "" if self.format == OWN_FORMAT else self.path.name.split(".")[0]
        self.video_id = head.video_id or side.video_id or start_video or stem
        self.channel = self.wishes.channel or head.channel or side.channel or start_channel
        if not self.channel and self.format != SIDE_FILE:
            self.channel = self.path.name.split(".")[0].lower()
            log.warning("import.channel_guessed", path=str(self.path), channel=self.channel, instead="--channel")
        found = (self.wishes.start_us, head.start_us, side.start_us, start)
        self._place = Place(
            channel=self.channel,
            video_id=self.video_id,
            room_id=head.room_id or side.room_id,
            start_us=next((one for one in found if one is not None), None),
            source=self.wishes.source,
            received_us=self._received_us,
        )
        self.placer = Placer(self._place)

    def again(self) -> Placer:
        """A placer that begins at the first record."""
        return Placer(self._place)

    def records(self) -> Iterator[list[Record]]:
        """All records; damage is raised behind the good part."""
        yield from self._read()

    def place(self, batch: Sequence[Record], counts: Counts, *, last: bool = False) -> Iterator[Recorded]:
        """Events of a batch in their place; what is skipped is counted."""
        if self.placer is None:
            return
        events: list[Recorded] = []
        for record in batch:
            if isinstance(record, Skipped):
                counts.skipped[record.reason] += 1
            else:
                events.append(self.understood(record))
        yield from self.placer.put(events)
        if last:
            yield from self.placer.rest()

    def understood(self, event: Recorded) -> Recorded:
        """The notice that a comment is, or the event itself; in chat that Twitch delivered, notices are no comments."""
        return infer(event) if self.format in COMMENT_FORMATS and isinstance(event, ChatMessage) else event

    def _detect(self) -> str:
        found = detect(self._first(), name=self.path.name)
        if len(found) == 1:
            return found[0]
        if not found:
            raise InputError(f"{WHAT} {str(self.path)!r} is in no format that is known; {SHOULD}")
        names = " or ".join(found)
        raise InputError(f"{WHAT} {str(self.path)!r} may be {names}; say which with --format")

    def _first(self) -> bytes:
        first = b""
        try:
            for piece in read_pieces(self.path, what=WHAT, should=SHOULD):
                first += piece
                if len(first) >= FIRST_BYTES:
                    break
        except DAMAGE as exc:
            if not first:
                raise DamagedError(f"{WHAT} {str(self.path)!r} cannot be unzipped ({exc}); get the file again") from exc
        return first[:FIRST_BYTES]

    def _read(self) -> Iterator[list[Record]]:
        count = 0
        damage: list[Exception] = []

        def good() -> Iterator[bytes]:
            # A reader gets a file that just ends: it hands over what it holds back.
            try:
                yield from read_pieces(self.path, what=WHAT, should=SHOULD)
            except DAMAGE as exc:
                damage.append(exc)

        found: ChatPulseError | None = None
        try:
            for batch in READERS[self.format].read(good(), self._head):
                count += len(batch)
                yield batch
        except DamagedError as exc:
            found = exc
        cause = damage[0] if damage else found
        if cause is not None:
            after = f"record {count:,}, which and all before were taken"
            raise describe_damage(self.path, cause, what=WHAT, after=after) from cause

    def _side(self) -> Head:
        """What a side file says: `2657.vod.json` beside `2657.json` or `2657.json.gz`."""
        stems = (self.path.name.removesuffix(".gz").rpartition(".")[0], self.path.name.split(".")[0])
        sides = [self.path.with_name(f"{stem}.vod.json") for stem in stems if stem]
        head = Head()
        side = next((side for side in sides if side != self.path and side.is_file()), None)
        if side is not None:
            for _ in READERS[SIDE_FILE].read(read_pieces(side, what=WHAT, should=SHOULD), head):
                pass
        return head


def _said_in(known: _Known) -> tuple[np.ndarray, np.ndarray]:
    """Keys and instants of all messages of a file that have an instant."""
    keys: list[int] = []
    times: list[int] = []
    placer = known.again()
    try:
        for batch in itertools.chain(known.records(), [None]):
            events = (known.understood(one) for one in batch or () if not isinstance(one, Skipped))
            for event in placer.put(events) if batch is not None else placer.rest():
                if isinstance(event, ChatMessage) and event.time_kind is TimeKind.EPOCH:
                    keys.append(_key(event))
                    times.append(event.ts_us)
    except ChatPulseError:
        pass  # said when the file is imported
    return np.array(keys, dtype=np.uint64), np.array(times, dtype=np.int64)


def _key(message: ChatMessage) -> int:
    return key_of(message.user_login or message.user_name, message.text)
