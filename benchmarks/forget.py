"""How long does it take to forget a user with 1,000,000 messages in 300 files, and is nothing left?

Timed, wall and CPU time of the program: `chatpulse forget` on 3,000,000 invented messages in 300 files, of which every
third is the user's and one in 500 of the others names him, with 100,000 more in the record. Before that the same with
`--dry-run`, and of somebody with 300 messages, one in each file. Not timed: making the tables.
Floor: all Parquet files read and written once by pyarrow, without a look at what they say.
Then every column of every file, and every byte of the record, is searched for the name: the figure is the number of
places, 0 or a bug. Last line of stdout: one JSON object with every figure printed above it.
"""

import asyncio
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import write_deltalake

from chatpulse.domain.chat import ChatMessage, Topic
from chatpulse.domain.scores import Label, Score, Scored
from chatpulse.domain.tables import TABLE_OF
from chatpulse.eventlog import encode_many
from chatpulse.eventlog.backends.sqlite import SqliteEventLog
from chatpulse.lake import TableWriter
from chatpulse.lake.store import create_table, locate
from chatpulse.lake.write import writer_properties

CHAT = Topic.CHAT_MESSAGES
FILES, ROWS, RECORDED = 300, 10_000, 100_000
SPAN_US = 50_000_000
HEAVY, LIGHT = "gone_person7", "rare_person8"


WORDS = "gg wow nice boss run again clip that jump chat why not heal him now lets go first no way".split()  # noqa: SIM905


def make_messages() -> list[ChatMessage]:
    """Invented messages, 5 ms apart, in three channels."""
    rng = random.Random(5)  # noqa: S311
    return [one(number, make_message(rng, number)) for number in range(ROWS)]


def make_message(rng: random.Random, number: int) -> ChatMessage:
    """One invented message."""
    at_us, login = 1_790_000_000_000_000 + 5_000 * number, f"viewer{rng.randrange(9_000)}"
    return ChatMessage(
        id=f"m{number}",
        channel=rng.choice(("bramble", "cedar", "fern")),
        room_id="7001",
        ts_us=at_us,
        received_us=at_us + 90_000,
        user_id=f"88{rng.randrange(9_000)}",
        user_login=login,
        user_name=login.title(),
        text=" ".join(rng.choices(WORDS, k=rng.randint(1, 16))),
        badges="subscriber/12,premium/1" if number % 2 else "",
    )


def make_scored(messages: list[ChatMessage]) -> list[Scored]:
    """Invented scores."""
    rng = random.Random(6)  # noqa: S311
    return [one_score(rng, message) for message in messages]


def one_score(rng: random.Random, message: ChatMessage) -> Scored:
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
    )
    return Scored(score=score, terms=tuple(dict.fromkeys(message.text.split())))


def one(number: int, message: ChatMessage) -> ChatMessage:
    """The message with this number, by the user or about him where it is the turn of one."""
    if number % 3 == 0:
        return msgspec.structs.replace(message, user_id="424242", user_login=HEAVY, user_name=HEAVY.title())
    if number == 1:
        return msgspec.structs.replace(message, user_id="434343", user_login=LIGHT, user_name=LIGHT)
    return msgspec.structs.replace(message, text=f"@{HEAVY} hello", emotes=()) if number % 500 == 2 else message  # noqa: PLR2004


def make_tables(data: Path, messages: list[ChatMessage]) -> None:
    """Write the files, each with the same rows under other ids at another time."""
    rows = TableWriter(str(data), record_id="bench", scorer="linear", scorer_version="1").gather(CHAT)
    rows.add(messages, scored=make_scored(messages))
    made = rows.arrow(stored_us=messages[0].ts_us)
    handle = create_table(locate(str(data)), TABLE_OF[CHAT])
    place = made.column_names.index("ts_us")
    for number in range(FILES):
        ids = pa.array([f"{number:04}-{row:06}-{'x' * 24}" for row in range(ROWS)])
        shifted = pc.add(made.column("ts_us"), number * SPAN_US)
        of_file = made.set_column(0, made.schema.field(0), ids).set_column(place, made.schema.field(place), shifted)
        write_deltalake(handle, of_file, mode="append", writer_properties=writer_properties())


async def make_record(data: Path, messages: list[ChatMessage]) -> None:
    """Append what a busy day leaves in the record."""
    record = SqliteEventLog.open(f"sqlite:{data / 'record.db'}")
    for start in range(0, RECORDED, ROWS):
        said = [msgspec.structs.replace(message, id=f"r{start + n}") for n, message in enumerate(messages)]
        await record.append(encode_many({CHAT: said}))
    await record.close()


def forget(data: Path, user: str, *flags: str) -> tuple[float, float, dict[str, dict[str, dict[str, int]]]]:
    """Run the program; wall seconds, CPU seconds, and what it reported."""
    program = Path(sys.executable).with_name("chatpulse")
    before, began_s = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [program, "forget", user, *flags, "--data", data, "--json"], stdout=subprocess.PIPE, check=True
    )
    wall_s, after = time.monotonic() - began_s, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall_s, cpu_s, json.loads(done.stdout)


def copy_files(data: Path, folder: Path) -> float:
    """Read and write every Parquet file once; CPU seconds."""
    began_s = time.process_time()
    for path in data.rglob("*.parquet"):
        pq.write_table(pq.read_table(path, partitioning=None), folder / path.name, compression="zstd")
    return time.process_time() - began_s


def places_left(data: Path, name: str) -> int:
    """Rows of any column of any file, and places in the record's bytes, in which the name stands."""
    found = sum(path.read_bytes().lower().count(name.encode()) for path in data.glob("record.db*"))
    for path in data.rglob("date=*/*.parquet"):
        table = pq.read_table(path, partitioning=None)
        for column in table.columns:
            if pa.types.is_string(column.type):
                hits = pc.match_substring(column, name, ignore_case=True)
                found += pc.sum(pc.fill_null(hits, fill_value=False)).as_py() or 0
    return found


def main() -> None:
    """Print every figure, then all of them as JSON."""
    folder = Path(tempfile.mkdtemp(prefix="chatpulse-forget-"))
    try:
        figures = measure(folder)
    finally:
        shutil.rmtree(folder)
    for name, figure in figures.items():
        print(f"{name:28} {figure:12,.1f}", flush=True)
    print(json.dumps(figures))


def measure(folder: Path) -> dict[str, float]:
    """Make the tables, then forget."""
    data, copies = folder / "chat", folder / "copies"
    copies.mkdir()
    messages = make_messages()
    make_tables(data, messages)
    asyncio.run(make_record(data, messages))
    figures = {"floor_cpu_s": copy_files(data, copies), "left_before": float(places_left(data, HEAVY))}
    for name, user, flags in (
        ("dry_run", HEAVY, ("--dry-run",)),
        ("few_messages", LIGHT, ()),
        ("many_messages", HEAVY, ()),
        ("again", HEAVY, ()),
    ):
        wall_s, cpu_s, report = forget(data, user, *flags)
        figures |= {f"{name}_wall_s": round(wall_s, 1), f"{name}_cpu_s": round(cpu_s, 1)}
        figures[f"{name}_removed"] = float(report["tables"]["messages"]["removed"])
        figures[f"{name}_renamed"] = float(report["tables"]["messages"]["renamed"])
    return figures | {"left_after": float(places_left(data, HEAVY) + places_left(data, LIGHT))}


if __name__ == "__main__":
    main()
