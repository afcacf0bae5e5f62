"""How much memory does an export of a million messages take, and how fast is it?

One channel with 1,000,000 scored messages in 50 files. Timed, in CPU time of a process of its own for each format: the
whole export, from opening the tables to the file under its name. Memory: the largest resident set of that process, of
which `imports` is there before the first row.
Ceiling: the same rows read and sorted, slice by slice, without being written. Alternative: all of them in one sorted
answer. Each once. Last line of stdout: one JSON object with every figure printed above it.
"""

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from chatpulse.domain.chat import ChatMessage, EmoteSpan, Topic
from chatpulse.domain.scores import Label, Reaction, Score, Scored
from chatpulse.lake import TableWriter
from chatpulse.lake.export import Picked, Selection
from chatpulse.pipelines.export import Request, export
from chatpulse.runtime.memory import settle
from chatpulse.settings import Settings

ROWS = 1_000_000
FILE_ROWS = 20_000
CHANNEL = "fern"
START_US = 1_790_000_000_000_000
WORDS = "gg wow nice boss run again clip that jump KEKW Pog chat why not heal him now lets go first no way".split()  # noqa: SIM905
FILES = {
    "twitchdownloader": "chat.json",
    "ndjson": "chat.ndjson",
    "csv": "chat.csv",
    "parquet": "chat.parquet",
    "irc": "chat.irc",
}
WHOLE = "one answer"
READ = "only read"


def make_messages(count: int) -> list[ChatMessage]:
    """Invented messages, 5 ms apart; every third has an emote, every second badges."""
    rng = random.Random(5)  # noqa: S311
    return [make_message(rng, number) for number in range(count)]


def make_message(rng: random.Random, number: int) -> ChatMessage:
    """One of them."""
    at_us, login = START_US + 5_000 * number, f"viewer{rng.randrange(9_000)}"
    text = " ".join(rng.choices(WORDS, k=rng.randint(1, 16)))
    return ChatMessage(
        id=str(UUID(int=rng.getrandbits(128), version=4)),
        channel=CHANNEL,
        room_id="7001",
        ts_us=at_us,
        received_us=at_us + 90_000,
        user_id=f"88{rng.randrange(9_000)}",
        user_login=login,
        user_name=login.title(),
        text=f"KEKW {text}" if number % 3 == 0 else text,
        emotes=(EmoteSpan("25", "KEKW", 0, 3),) if number % 3 == 0 else (),
        badges="subscriber/12,premium/1" if number % 2 else "",
        months=3 * (number % 2),
    )


def make_tables(url: str) -> None:
    """Write the messages, every file with other ids and times."""
    score = Score(
        negative=0.1, neutral=0.3, positive=0.6, valence=0.5, label=Label.POSITIVE, best=Label.POSITIVE, confidence=0.3,
        reactions=(Reaction.HYPE,),
    )  # fmt: skip
    scored = [Scored(score=score, terms=("gg", "KEKW"))] * FILE_ROWS
    messages = make_messages(FILE_ROWS)
    writer = TableWriter(url, record_id="bench", scorer="linear", scorer_version="1")
    span_us = messages[-1].ts_us - messages[0].ts_us + 5_000
    for number in range(ROWS // FILE_ROWS):
        shift_us = number * span_us
        part = [replace(one, id=f"{number:02x}{one.id[2:]}", ts_us=one.ts_us + shift_us) for one in messages]
        offsets = (number * FILE_ROWS, (number + 1) * FILE_ROWS - 1)
        writer.write(Topic.CHAT_MESSAGES, part, offsets=offsets, stored_us=part[-1].ts_us, scored=scored)


def run_child(what: str, url: str, folder: str) -> None:
    """One export, in this process; prints what it took."""
    settle()
    import duckdb
    import pyarrow.parquet

    assert duckdb
    assert pyarrow.parquet
    before_mb = peak_mb()
    size_bytes = 0
    selection = Selection(table="messages", channel=CHANNEL)
    if what in FILES:
        request = Request(selection=selection, target=Path(folder) / FILES[what])
        size_bytes = export(Settings(data=url), request).size_bytes
    else:
        with Picked(url, "messages") as picked:
            if what == READ:
                rows = sum(table.num_rows for table in picked.tables(selection))
            else:
                rows = picked._views.run("SELECT * FROM messages ORDER BY ts_us, id").num_rows  # noqa: SLF001
            assert rows == ROWS
    figures = {"cpu_s": time.process_time(), "peak_mb": peak_mb(), "imports_mb": before_mb, "size_mb": size_bytes / 1e6}
    print(json.dumps(figures))


def peak_mb() -> float:
    """The largest resident set of this process so far."""
    # Not ru_maxrss: that begins with what the parent had when it forked.
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def measure(what: str, url: str, folder: str) -> dict[str, float]:
    """Run one in a process of its own."""
    done = subprocess.run([sys.executable, __file__, what, url, folder], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print the figures."""
    folder = tempfile.mkdtemp(prefix="chatpulse-export-")
    figures: dict[str, Any] = {"rows": ROWS}
    try:
        url = f"{folder}/chat"
        make_tables(url)
        for what in (READ, *FILES, WHOLE):
            found = measure(what, url, folder)
            figures[what] = {name: round(value, 1) for name, value in found.items()}
            print(
                f"{what}: {ROWS / found['cpu_s']:,.0f} rows/s, peak {found['peak_mb']:.0f} MB "
                f"(imports {found['imports_mb']:.0f} MB), file {found['size_mb']:.0f} MB",
                flush=True,
            )
    finally:
        shutil.rmtree(folder)
    print(json.dumps(figures))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run_child(*sys.argv[1:])
    else:
        main()
