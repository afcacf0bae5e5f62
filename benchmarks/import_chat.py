"""How fast, and in how much memory, does a chat file become Arrow, against orjson and pandas?

Question 1: TwitchDownloader JSON, 50,000 invented comments in the shape of version 1.4.0, 48 MB. Ours: the reader, then
the columns of the table `messages` that the format fills, batch by batch. Theirs: `orjson.loads`, one row per comment
with the same columns, a DataFrame, `pa.Table.from_pandas`. Both read the file from disk. Rounds are interleaved, each
run in a process of its own, which says its CPU time (imports and a warm-up on ten comments not counted) and its peak of
resident memory (everything counted). Beside it theirs with the garbage collector off (`tuned`; ours keeps it, set as an
import sets it), and theirs with only the eight columns that need no list, without Arrow (`narrow`).
Question 2: raw IRC lines with tags, reader alone, lines per second of CPU time.

orjson and pandas are kept out of the development environment, because Arrow imports pandas wherever it finds it, which
costs every process a second and 60 MB. Install them beside it: `uv pip install --target DIR orjson pandas`, then run
with `PYTHONPATH=DIR`. Without them only our side is measured.

Floor: reading the file. Last line of stdout: one JSON object with every figure printed above it.
"""

import gc
import importlib
import importlib.util
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

COMMENTS = 50_000
WARM_UP = 10
LINES = 100_000
ROUNDS = 5
SEED = 11
PIECE_BYTES = 1 << 16
GOALS = {"speed": 4.0, "memory": 0.55, "lines_per_s": 40_000}
EMOTE_SHARE = 0.35
"""As in recordings of medium channels: a third of the comments have one to three."""
WORDS = (
    *("the", "boss", "is", "so", "close", "now", "wow", "that", "jump", "again", "chat", "help", "him", "why", "not"),
    *("heal", "first", "lets", "go", "nice", "what", "a", "play", "größer", "🦊"),
)
EMOTES = {"harbourWave": "emotesv2_0123456789abcdef0123456789abcdef", "Kappa": "25", "harbourLul": "304486301"}
HELD = frozenset({
    "id", "room_id", "video_id", "ts_us", "time_kind", "precision_us", "user_id", "user_login", "user_name", "text",
    "badges", "bits", "emotes",
})  # fmt: skip
"""Columns of the table that a comment says something about."""


def write_comments(path: Path, count: int) -> None:
    """The file of question 1."""
    rng = random.Random(SEED)  # noqa: S311
    document = {
        "FileInfo": {"Version": {"Major": 1, "Minor": 4, "Patch": 0}, "CreatedAt": "2026-01-02T03:04:05.678Z"},
        "streamer": {"name": "Harbour", "login": "harbour", "id": 123456789},
        "video": {"title": "A boat", "id": "2100000001", "created_at": "2026-01-01T18:00:00Z", "start": 0, "end": 2e4},
        "comments": [comment(rng, number) for number in range(count)],
        "embeddedData": None,
    }
    path.write_bytes(json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode())


def comment(rng: random.Random, number: int) -> dict[str, Any]:
    """One comment of about a kilobyte."""
    who = rng.randrange(3_000)
    fragments, emoticons, at = [], [], 0
    parts = [" ".join(rng.choices(WORDS, k=rng.randint(1, 30)))]
    if rng.random() < EMOTE_SHARE:
        parts += [part for _ in range(rng.randint(1, 3)) for part in (" ", rng.choice(list(EMOTES)))]
    for part in parts:
        emote = EMOTES.get(part)
        fragments.append({"text": part, "emoticon": {"emoticon_id": emote} if emote else None})
        if emote:
            emoticons.append({"_id": emote, "begin": at, "end": at + len(part) + 1})
        at += len(part)
    badges = [{"_id": "subscriber", "version": str(rng.choice((0, 3, 12)))}, {"_id": "premium", "version": "1"}]
    return {
        "_id": f"{rng.getrandbits(128):032x}",
        "created_at": "2026-01-01T18:00:00.123Z",
        "channel_id": "123456789",
        "content_type": "video",
        "content_id": "2100000001",
        "content_offset_seconds": number // 3,
        "commenter": {
            "display_name": f"Sailor_{who}",
            "_id": str(10_000_000 + who),
            "name": f"sailor_{who}",
            "bio": "Sails around the harbour and talks about boats, mostly small ones.",
            "created_at": "2018-01-01T00:00:00.123456Z",
            "updated_at": "2025-11-01T00:00:00.123456Z",
            "logo": "https://static-cdn.example.net/pictures/01234567-89ab-cdef-0123-456789abcdef-profile-300x300.png",
        },
        "message": {
            "body": "".join(parts),
            "bits_spent": 100 if rng.random() < 0.01 else 0,  # noqa: PLR2004
            "fragments": fragments,
            "user_badges": badges[: rng.randint(0, 2)],
            "user_color": "#1E90FF",
            "emoticons": emoticons,
        },
    }


def pieces(path: str) -> Iterator[bytes]:
    """The file as an import reads it."""
    with open(path, "rb") as file:  # noqa: PTH123
        while piece := file.read(PIECE_BYTES):
            yield piece


class NoPandas(MetaPathFinder):
    """Hides pandas."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:  # noqa: ARG002
        """Nothing to be found."""
        if fullname.partition(".")[0] == "pandas":
            raise ModuleNotFoundError(fullname)


def prepare_ours(path: str) -> Callable[[], Any]:
    """Our reader and our columns, without pandas, which Arrow imports wherever it finds it."""
    sys.meta_path.insert(0, NoPandas())
    import pyarrow as pa

    from chatpulse.domain.chat import Topic
    from chatpulse.domain.tables import TABLE_OF, Table
    from chatpulse.lake.arrow import to_arrow
    from chatpulse.lake.core.rows import Extras, columns_of
    from chatpulse.runtime.memory import settle
    from chatpulse.twitch.formats import twitchdownloader
    from chatpulse.twitch.formats.record import Head

    whole = TABLE_OF[Topic.CHAT_MESSAGES]
    table = Table(
        name=whole.name,
        topic=whole.topic,
        version=whole.version,
        doc=whole.doc,
        columns=tuple(column for column in whole.columns if column.name in HELD),
    )
    settle()

    def run() -> pa.Table:
        batches = twitchdownloader.read(pieces(path), Head())
        return pa.concat_tables(
            to_arrow(table, columns_of(table, batch, Extras()), rows=len(batch))  # type: ignore[arg-type]  # messages only
            for batch in batches
        )

    return run


def prepare_theirs(path: str) -> Callable[[], Any]:
    """What one writes with orjson and pandas."""
    import pyarrow as pa

    orjson, pd = importlib.import_module("orjson"), importlib.import_module("pandas")

    def run() -> pa.Table:
        document = orjson.loads(Path(path).read_bytes())
        frame = pd.DataFrame([their_row(comment) for comment in document["comments"]])
        frame["ts_us"] = (frame.pop("offset_s") * 1_000_000).astype("int64")
        return pa.Table.from_pandas(frame)

    return run


def their_row(comment: dict[str, Any]) -> dict[str, Any]:
    """The same columns of one comment."""
    message, who = comment["message"], comment["commenter"] or {}
    emotes, at = [], 0
    for fragment in message["fragments"]:
        text = fragment["text"]
        if fragment["emoticon"]:
            place = {"start": at, "end": at + len(text) - 1}
            emotes.append({"id": fragment["emoticon"]["emoticon_id"], "name": text, **place})
        at += len(text)
    return {
        "id": comment["_id"],
        "room_id": comment["channel_id"],
        "video_id": comment["content_id"],
        "offset_s": comment["content_offset_seconds"],
        "user_id": who.get("_id"),
        "user_login": who.get("name"),
        "user_name": who.get("display_name"),
        "text": message["body"],
        "bits": message["bits_spent"],
        "badges": [f"{badge['_id']}/{badge['version']}" for badge in message["user_badges"] or ()],
        "emotes": emotes,
    }


def prepare_narrow(path: str) -> Callable[[], Any]:
    """The least that one writes: eight plain columns, no Arrow."""
    orjson, pd = importlib.import_module("orjson"), importlib.import_module("pandas")

    def run() -> object:
        rows = [
            (
                *(comment["_id"], comment["content_offset_seconds"], comment["created_at"]),
                *((comment["commenter"] or {}).get("name"), (comment["commenter"] or {}).get("_id")),
                *(comment["message"]["body"], comment["message"]["bits_spent"], comment["message"]["user_color"]),
            )
            for comment in orjson.loads(Path(path).read_bytes())["comments"]
        ]
        return pd.DataFrame(rows)

    return run


def prepare_tuned(path: str) -> Callable[[], Any]:
    """Theirs without the garbage collector, which has much to look at there."""
    run = prepare_theirs(path)
    gc.disable()
    return run


def prepare_floor(path: str) -> Callable[[], Any]:
    """Read the file and forget it."""
    return lambda: [None for _ in pieces(path)]


PREPARE = {
    "ours": prepare_ours,
    "theirs": prepare_theirs,
    "tuned": prepare_tuned,
    "narrow": prepare_narrow,
    "floor": prepare_floor,
}
ALONE = frozenset({"ours", "floor"})
"""What needs neither orjson nor pandas."""


def child(name: str, path: str) -> None:
    """Run one of them, and say what it cost."""
    PREPARE[name](str(Path(path).with_name("warm-up.json")))()
    run = PREPARE[name](path)
    start = time.process_time()
    table = run()
    seconds = time.process_time() - start
    # Not `ru_maxrss`, which begins with what the parent had.
    status = Path("/proc/self/status").read_text()
    peak_mb = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb, "rows": len(table)}))


def in_child(name: str, path: Path) -> dict[str, float]:
    """One run in a process of its own."""
    command = [sys.executable, __file__, "--child", name, str(path)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def raw_irc() -> float:
    """Lines per second of the raw IRC reader."""
    from chatpulse.twitch.formats import raw_irc as reader
    from chatpulse.twitch.formats.record import Head

    rng = random.Random(SEED)  # noqa: S311
    data = b"".join(irc_line(rng, number) for number in range(LINES))
    parts = [data[at : at + PIECE_BYTES] for at in range(0, len(data), PIECE_BYTES)]
    best = 0.0
    for _ in range(ROUNDS):
        start = time.process_time()
        count = sum(len(batch) for batch in reader.read(parts, Head()))
        best = max(best, count / (time.process_time() - start))
    return best


def irc_line(rng: random.Random, number: int) -> bytes:
    """One message as a log keeps it."""
    who = rng.randrange(3_000)
    tags = (
        f"badge-info=subscriber/{who % 40};badges=subscriber/12;color=#1E90FF;display-name=Sailor_{who};emotes=;"
        f"first-msg=0;flags=;id={rng.getrandbits(128):032x};mod=0;returning-chatter=0;room-id=123456789;subscriber=1;"
        f"tmi-sent-ts={1_700_000_000_000 + number * 40};turbo=0;user-id={10_000_000 + who};user-type="
    )
    text = " ".join(rng.choices(WORDS, k=rng.randint(1, 12)))
    return f"@{tags} :sailor_{who}!sailor_{who}@sailor_{who}.tmi.twitch.tv PRIVMSG #harbour :{text}\r\n".encode()


def main() -> None:
    """Print the figures."""
    figures: dict[str, object] = {"comments": COMMENTS, "rounds": ROUNDS, "seed": SEED, "goals": GOALS}
    complete = all(importlib.util.find_spec(name) for name in ("orjson", "pandas"))
    names = list(PREPARE) if complete else sorted(ALONE)
    if not complete:
        print("orjson and pandas are missing: our side alone (see the top of this file)")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "chat.json")
        write_comments(path, COMMENTS)
        write_comments(path.with_name("warm-up.json"), WARM_UP)
        figures["bytes"] = path.stat().st_size
        runs = [{name: in_child(name, path) for name in names} for _ in range(ROUNDS)]
    for name in names:
        seconds, peaks = [run[name]["seconds"] for run in runs], [run[name]["peak_mb"] for run in runs]
        found = {"s_min": round(min(seconds), 3), "s_median": round(statistics.median(seconds), 3)}
        figures[name] = found | {
            "peak_mb": round(statistics.median(peaks)),
            "us_per_comment": min(seconds) / COMMENTS * 1e6,
        }
        print(f"{name:7} {min(seconds):.3f} s ({found['s_median']:.3f} median), peak {statistics.median(peaks):.0f} MB")
    for other in names:
        if other in ALONE:
            continue
        ratios = [run[other]["seconds"] / run["ours"]["seconds"] for run in runs]
        memory = statistics.median(run["ours"]["peak_mb"] / run[other]["peak_mb"] for run in runs)
        best = min(run[other]["seconds"] for run in runs) / min(run["ours"]["seconds"] for run in runs)
        figures[f"against_{other}"] = {
            "speed": round(best, 2),
            "median": round(statistics.median(ratios), 2),
            "memory": round(memory, 3),
        }
        print(f"against {other}: {best:.2f} x (median {statistics.median(ratios):.2f}), memory {memory:.3f} x")
    figures["raw_irc_lines_per_s"] = round(raw_irc())
    print(f"raw IRC: {figures['raw_irc_lines_per_s']:,} lines/s")
    print(json.dumps(figures))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:4])
    else:
        main()
