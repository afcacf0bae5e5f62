"""What does a chat message cost the record: written, read again, and looked up among all ids ever stored?

Timed, in CPU time of all threads: `SqliteEventLog.append` in commits of 100 and 500 bodies, `read` and `decode` in
pages of 2,000, `encode`, and `SeenIndex.check` with `add` in batches of 500 and 5, flushes included, with 0, 1,000,000
and 10,000,000 ids held (`--ids` sets the largest). Not timed: making the messages and ids, filling the index.
Baselines: a table with one row per message, written from a thread as well; a table with a unique index on ids.
Ceilings: the same bodies written to a plain file; the same ids in a set in memory.
Runs are interleaved, five each. Last line of stdout: one JSON object with every figure printed above it.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import numpy as np

from chatpulse.domain.chat import ChatMessage, Topic
from chatpulse.eventlog.backends.sqlite import SqliteEventLog
from chatpulse.eventlog.core.encoding import decode, encode
from chatpulse.eventlog.seen import SeenIndex

MESSAGES = 50_000
RUNS = 5
PAGE = 2_000
LOOKED_UP = 66_000
"""Ids per run: one more batch than memory holds, so that each run pays for a flush."""
WORDS = (
    "the",
    "boss",
    "is",
    "so",
    "close",
    "now",
    "wow",
    "that",
    "jump",
    "again",
    "chat",
    "help",
    "him",
    "why",
    "not",
    "heal",
    "first",
    "lets",
    "go",
    "Pog",
    "KEKW",
    "nice",
)
CHAT = Topic.CHAT_MESSAGES


def make_messages(count: int) -> list[ChatMessage]:
    """Invented messages whose bodies have about 700 bytes, as real ones do."""
    rng = random.Random(5)  # noqa: S311
    return [make_message(rng, number) for number in range(count)]


def make_message(rng: random.Random, number: int) -> ChatMessage:
    """One invented message with its raw line."""
    text = " ".join(rng.choices(WORDS, k=rng.randint(1, 16)))
    login, one, ts_ms = f"viewer{rng.randrange(9_000)}", make_id(rng), 1_700_000_000_000 + 5 * number
    raw = (
        f"@badge-info=subscriber/14;badges=subscriber/12;color=#1E90FF;display-name={login};emotes=;first-msg=0;flags=;"
        f"id={one};mod=0;returning-chatter=0;room-id=7001;subscriber=1;tmi-sent-ts={ts_ms};turbo=0;user-id=88{number};"
        f"user-type= :{login}!{login}@{login}.tmi.example PRIVMSG #bramble :{text}"
    )
    return ChatMessage(
        id=one, channel="bramble", room_id="7001", ts_us=ts_ms * 1000, received_us=ts_ms * 1000 + 90_000,
        user_id=f"88{number}", user_login=login, user_name=login, text=text, badges="subscriber/12", months=14, raw=raw,
    )  # fmt: skip


def make_id(rng: random.Random) -> str:
    """A random UUID, as Twitch gives to messages."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def cpu_us(count: int, work: Callable[..., object], *args: object) -> float:
    """CPU time per item, of all threads."""
    start = time.process_time()
    work(*args)
    return (time.process_time() - start) / count * 1e6


def measure_record(folder: Path) -> dict[str, float]:
    """Median CPU microseconds per message for every way into the record and out of it."""
    messages = make_messages(MESSAGES)
    bodies = [encode(message) for message in messages]
    samples: dict[str, list[float]] = {}
    for run in range(RUNS + 1):  # the first warms up
        for name, us in one_record_run(folder / str(run), messages, bodies):
            samples.setdefault(name, []).append(us)
    figures = {name: round(statistics.median(us[1:]), 2) for name, us in samples.items()}
    return figures | {"body_bytes": round(sum(map(len, bodies)) / len(bodies))}


def one_record_run(folder: Path, messages: list[ChatMessage], bodies: list[bytes]) -> Iterator[tuple[str, float]]:
    """Each way once."""
    folder.mkdir()
    yield "encode_us", cpu_us(MESSAGES, lambda: [encode(message) for message in messages])
    for batch in (100, 500):
        commits = [bodies[start : start + batch] for start in range(0, MESSAGES, batch)]
        yield f"append_{batch}_us", cpu_us(MESSAGES, append, folder / f"{batch}.sqlite", commits)
        yield f"append_rows_{batch}_us", cpu_us(MESSAGES, append_rows, folder / f"rows-{batch}.sqlite", commits)
        yield f"append_file_{batch}_us", cpu_us(MESSAGES, append_file, folder / f"{batch}.jsonl", commits)
    yield "read_us", cpu_us(MESSAGES, read, folder / "100.sqlite")
    yield "decode_us", cpu_us(MESSAGES, lambda: [decode(CHAT, body) for body in bodies])


def append(path: Path, commits: list[list[bytes]]) -> None:
    """What the live pipeline does."""

    async def all_of_them() -> None:
        log = SqliteEventLog.open(f"sqlite:{path}")
        for bodies in commits:
            await log.append({CHAT: bodies})
        await log.close()

    asyncio.run(all_of_them())


def read(path: Path) -> None:
    """Read a record from its beginning to its end."""

    async def all_of_it() -> int:
        log = SqliteEventLog.open(f"sqlite:{path}")
        count = 0
        while entries := await log.read(CHAT, "bench", limit=PAGE):
            count += len(entries)
        await log.close()
        return count

    assert asyncio.run(all_of_it()) == MESSAGES


def append_rows(path: Path, commits: list[list[bytes]]) -> None:
    """The baseline: one row per message, with the page size, the checkpoint and the thread of the record."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA page_size = 8192")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA wal_autocheckpoint = 2000")
    db.execute("CREATE TABLE t (offset INTEGER PRIMARY KEY, body BLOB NOT NULL)")

    def commit(bodies: list[bytes]) -> None:
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO t (body) VALUES (?)", [(body,) for body in bodies])
        db.execute("COMMIT")

    async def all_of_them() -> None:
        with ThreadPoolExecutor(1) as thread:
            for bodies in commits:
                await asyncio.get_running_loop().run_in_executor(thread, commit, bodies)

    asyncio.run(all_of_them())
    db.close()


def append_file(path: Path, commits: list[list[bytes]]) -> None:
    """The ceiling: bytes into a file, one write per commit."""
    with path.open("wb", buffering=0) as out:
        for bodies in commits:
            out.write(b"\n".join(bodies))


class UniqueIndex:
    """The baseline of the index: SQLite refuses what it holds."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("CREATE TABLE ids (id BLOB PRIMARY KEY) WITHOUT ROWID")

    def fill(self, count: int) -> None:
        """Hold `count` more ids, given in order so that it takes seconds."""
        keys = np.random.default_rng(count).integers(0, 256, (count, 16), dtype=np.uint8).view("S16").ravel()
        keys.sort()
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR IGNORE INTO ids VALUES (?)", ((key.item(),) for key in keys))
        self._db.execute("COMMIT")

    def take(self, batches: list[list[str]]) -> None:
        """Hold ids, one commit per batch."""
        for ids in batches:
            keys = [(bytes.fromhex(one.replace("-", "")),) for one in ids]
            self._db.execute("BEGIN")
            self._db.executemany("INSERT OR IGNORE INTO ids VALUES (?)", keys)
            self._db.execute("COMMIT")


def fill(index: SeenIndex, count: int) -> None:
    """Hold `count` more ids."""
    rng = random.Random(count)  # noqa: S311
    for _ in range(count // 1000):
        index.fresh([make_id(rng) for _ in range(1000)])
        if index.due:
            index.flush(mark=None, basis=None)


def look_up(index: SeenIndex, batches: list[list[str]]) -> None:
    """What the live pipeline does."""
    for ids in batches:
        assert all(index.check(ids))
        index.add(ids)
        if index.due:
            index.flush(mark=None, basis=None)


def measure_seen(folder: Path, sizes: list[int]) -> dict[str, float]:
    """Median CPU microseconds per id, at each number of ids held."""
    index, baseline = SeenIndex.open(folder / "seen"), UniqueIndex(folder / "ids.sqlite")
    rng = random.Random(3)  # noqa: S311
    figures: dict[str, float] = {}
    held = 0
    for size in sizes:
        fill(index, size - held)
        baseline.fill(size - held)
        held = size
        samples: dict[str, list[float]] = {}
        for _ in range(RUNS):
            ids = [make_id(rng) for _ in range(2 * LOOKED_UP)]
            for name, us in one_seen_run(index, baseline, ids):
                samples.setdefault(f"{name}_at_{size}", []).append(us)
        figures |= {name: round(statistics.median(us), 2) for name, us in samples.items()}
    index.close()
    for name in ("seen_500", "seen_5", "unique"):
        figures[f"{name}_growth"] = round(figures[f"{name}_us_at_{sizes[-1]}"] / figures[f"{name}_us_at_0"], 2)
    return figures


def one_seen_run(index: SeenIndex, baseline: UniqueIndex, ids: list[str]) -> Iterator[tuple[str, float]]:
    """Each way once, on ids never seen."""
    large = [ids[start : start + 500] for start in range(0, LOOKED_UP, 500)]
    small = [ids[start : start + 5] for start in range(LOOKED_UP, 2 * LOOKED_UP, 5)]
    yield "seen_500_us", cpu_us(LOOKED_UP, look_up, index, large)
    yield "seen_5_us", cpu_us(LOOKED_UP, look_up, index, small)
    yield "unique_us", cpu_us(LOOKED_UP, baseline.take, large)
    yield "set_us", cpu_us(LOOKED_UP, set[str]().union, *large)


def main() -> None:
    """Measure, print for people, then for programs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--ids", type=int, default=10_000_000, help="most ids held by the index")
    most = parser.parse_args().ids
    with tempfile.TemporaryDirectory() as folder:
        record = measure_record(Path(folder))
        for name, value in record.items():
            print(f"record  {name:<24} {value}", flush=True)
        seen = measure_seen(Path(folder), [0, most // 10, most])
        for name, value in seen.items():
            print(f"seen    {name:<24} {value}", flush=True)
    print(json.dumps({"record": record, "seen": seen}))


if __name__ == "__main__":
    main()
