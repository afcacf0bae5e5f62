"""What does a scored message cost on its way into the tables, and does that stay so over many commits?

Timed, in CPU time of all threads: `columns_of` (events to columns), `to_arrow`, and the whole `TableWriter.write`, in
commits of 10,000 and 20,000 messages; commits of 100 messages, the first 50 against the last 50 of 500, with a
compaction every 100 commits and without any; one compaction; one query. Not timed: making the messages and scores.
Memory: resident set after 20 and after 100 commits of 10,000 messages.
Ceiling: the same Arrow table written by pyarrow as one bare Parquet file, without a log. Alternative: Snappy.
Runs are interleaved, seven each, median. Last line of stdout: one JSON object with every figure printed above it.
"""

import json
import random
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

import pyarrow.parquet as pq
from deltalake import ColumnProperties, WriterProperties

from chatpulse.domain.chat import ChatMessage, EmoteSpan, Topic
from chatpulse.domain.scores import Label, Reaction, Score, Scored
from chatpulse.domain.tables import TABLE_OF
from chatpulse.lake import Tables, TableWriter, compact, query
from chatpulse.lake.arrow import to_arrow
from chatpulse.lake.core.rows import Extras, columns_of

CHAT = Topic.CHAT_MESSAGES
TABLE = TABLE_OF[CHAT]
ROWS = 20_000
RUNS = 7
START_US = 1_790_000_000_000_000
WORDS = "gg wow nice boss run again clip that jump KEKW Pog chat why not heal him now lets go first no way".split()  # noqa: SIM905


def make_messages(count: int) -> list[ChatMessage]:
    """Invented messages, 5 ms apart, in three channels."""
    rng = random.Random(5)  # noqa: S311
    return [make_message(rng, number) for number in range(count)]


def make_message(rng: random.Random, number: int) -> ChatMessage:
    """One invented message; every third has an emote, every second a badge."""
    at_us, login = START_US + 5_000 * number, f"viewer{rng.randrange(9_000)}"
    return ChatMessage(
        id=str(UUID(int=rng.getrandbits(128), version=4)),
        channel=rng.choice(("bramble", "cedar", "fern")),
        room_id="7001",
        ts_us=at_us,
        received_us=at_us + 90_000,
        user_id=f"88{rng.randrange(9_000)}",
        user_login=login,
        user_name=login.title(),
        text=" ".join(rng.choices(WORDS, k=rng.randint(1, 16))),
        badges="subscriber/12,premium/1" if number % 2 else "",
        months=number % 30,
        emotes=(EmoteSpan("25", "KEKW", 0, 3),) if number % 3 == 0 else (),
        raw="",
    )


def make_scored(count: int) -> list[Scored]:
    """Scores as a scorer gives them: three probabilities, sometimes a reaction, a handful of terms."""
    rng = random.Random(6)  # noqa: S311
    return [one_score(rng) for _ in range(count)]


def one_score(rng: random.Random) -> Scored:
    """One invented score."""
    negative, positive = rng.random() / 2, rng.random() / 2
    score = Score(
        negative=negative,
        neutral=1 - negative - positive,
        positive=positive,
        valence=positive - negative,
        label=rng.choice(list(Label)),
        best=Label.NEUTRAL,
        confidence=rng.random(),
        reactions=(Reaction.HYPE,) if rng.random() < 0.2 else (),  # noqa: PLR2004
    )
    return Scored(score=score, terms=tuple(dict.fromkeys(rng.choices(WORDS, k=5))))


def cpu_us(count: int, work: Callable[[], object]) -> float:
    """CPU time per item, of all threads."""
    start = time.process_time()
    work()
    return (time.process_time() - start) / count * 1e6


def measure_rows(folder: Path, messages: list[ChatMessage], scored: list[Scored]) -> dict[str, float]:
    """Microseconds per message for each step, and bytes per message on disk."""
    extras = Extras(scored=scored, scorer="linear", scorer_version="1")
    columns = columns_of(TABLE, messages, extras)
    arrow = to_arrow(TABLE, columns, rows=ROWS)
    writers = {name: Commits(folder / name, messages, scored) for name in ("20000", "10000", "snappy")}
    works: dict[str, Callable[[], object]] = {
        "columns_us": lambda: columns_of(TABLE, messages, extras),
        "arrow_us": lambda: to_arrow(TABLE, columns, rows=ROWS),
        "write_20000_us": lambda: writers["20000"].write(ROWS),
        "write_10000_us": lambda: writers["10000"].write(ROWS // 2, times=2),
        "write_20000_snappy_us": lambda: with_snappy(lambda: writers["snappy"].write(ROWS)),
        "bare_parquet_us": lambda: pq.write_table(arrow, folder / "bare.parquet", compression="zstd"),
    }
    samples: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(RUNS + 1):  # the first warms up
        for name, work in works.items():
            samples[name].append(cpu_us(ROWS, work))
    figures = {name: round(statistics.median(us[1:]), 2) for name, us in samples.items()}
    sizes = {f"bytes_{name}": writers[name].bytes_per_row() for name in ("20000", "snappy")}
    return figures | sizes


def with_snappy(work: Callable[[], object]) -> None:
    """The same writer, but for the compression."""
    different = ColumnProperties(dictionary_enabled=False, statistics_enabled="NONE")
    properties = WriterProperties(
        compression="SNAPPY",
        default_column_properties=ColumnProperties(statistics_enabled="NONE"),
        column_properties=dict.fromkeys(("id", "text", "negative", "neutral", "positive", "valence"), different),
    )
    with patch("chatpulse.lake.write.writer_properties", lambda: properties):
        work()


class Commits:
    """A table that grows by commits of the same messages."""

    def __init__(self, folder: Path, messages: list[ChatMessage], scored: list[Scored]) -> None:
        self._folder = folder
        self._writer = TableWriter(str(folder), record_id="bench", scorer="linear", scorer_version="1")
        self._messages, self._scored = messages, scored
        self._next = 1

    def write(self, rows: int, *, times: int = 1) -> None:
        """Commit this many."""
        for _ in range(times):
            offsets = (self._next, self._next + rows - 1)
            written = self._writer.write(
                CHAT, self._messages[:rows], offsets=offsets, scored=self._scored[:rows], stored_us=START_US
            )
            assert written == rows
            self._next += rows

    def bytes_per_row(self) -> float:
        """Size of all files against all rows."""
        size = sum(path.stat().st_size for path in self._folder.rglob("date=*/*.parquet"))
        return round(size / (self._next - 1), 1)


def measure_commits(folder: Path, messages: list[ChatMessage], scored: list[Scored]) -> dict[str, float]:
    """Milliseconds per commit of 100 messages, early and late."""
    figures: dict[str, float] = {}
    for name, compact_every in (("compacted", 100), ("never_compacted", 0)):
        commits = Commits(folder / name, messages, scored)
        spans: list[float] = []
        for number in range(1, 501):
            spans.append(cpu_us(1, lambda: commits.write(100)) / 1_000)  # noqa: B023 - called at once
            if compact_every and number % compact_every == 0:
                compact(str(folder / name))
        figures[f"commit_{name}_first_ms"] = round(statistics.median(spans[:50]), 1)
        figures[f"commit_{name}_last_ms"] = round(statistics.median(spans[-50:]), 1)
    return figures


def measure_memory(folder: Path, messages: list[ChatMessage], scored: list[Scored]) -> dict[str, float]:
    """Megabytes resident after 20 and 100 commits; then what compaction and a query over it all cost."""
    commits, rss_mb = Commits(folder, messages, scored), {}
    for number in range(1, 101):
        commits.write(10_000)
        if number in {20, 100}:
            rss_mb[f"rss_mb_{number}"] = resident_mb()
    counts_us = cpu_us(1, lambda: Tables(str(folder)).row_counts())
    compact_us = cpu_us(1_000_000, lambda: compact(str(folder)))
    sql = "SELECT channel, ts_us // 60000000, count(*), avg(valence) FROM messages GROUP BY ALL"
    query_us = cpu_us(1, lambda: query(str(folder), sql))
    return rss_mb | {
        "counts_100_files_ms": round(counts_us / 1_000, 1),
        "compact_us": round(compact_us, 2),
        "query_1000000_rows_ms": round(query_us / 1_000, 1),
    }


def resident_mb() -> float:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * resource.getpagesize() / 1e6, 1)


def main() -> None:
    """Print every figure, then all of them as JSON."""
    messages, scored = make_messages(ROWS), make_scored(ROWS)
    figures: dict[str, float] = {}
    for measure in (measure_rows, measure_commits, measure_memory):
        folder = Path(tempfile.mkdtemp(prefix="chatpulse-lake-"))
        try:
            found = measure(folder, messages, scored)
        finally:
            shutil.rmtree(folder)
        for name, figure in found.items():
            print(f"{name:32} {figure:10,.2f}", flush=True)
        figures |= found
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
