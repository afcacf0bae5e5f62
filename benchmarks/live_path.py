"""Does one process keep up with 10,000 messages a second, and what does a message cost?

A simulated Twitch in this process offers lines over a WebSocket at an even rate; the pipeline of `chatpulse live` runs
in a process of its own on the rest of the machine: parse, duplicates, record, score, windows, tables.

Timed: CPU of the whole receiving process, all threads, from its first line to its last, per message; from the arrival
of a message to its score being durable; from the moment a line is said until a frame of the page counts it; resident
memory at 200,000 messages and at the end. Not timed: imports, generating lines.
Baseline: twitchAPI 4.5.0 in a process of its own, fed by the same server, with an empty message handler that stores
nothing. Ceiling: as fast as a recording can be read. Last line of stdout: one JSON object with every figure above it.
"""

import argparse
import asyncio
import gc
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

CHANNELS = ("alpha", "bravo", "charlie")
SEED = 3
RATE = 10_000
SECONDS = 100
LATENCY_RATE = 1_000
LATENCY_SECONDS = 30
GOALS = {"lines_per_s": 10_000, "latency_p99_ms": 250, "page_p99_ms": 1_000, "rss_mb": 400, "growth_mb": 20}
SETTLED = 200_000
WARM_MESSAGES = 1_000
QUIET_S = 1.0
"""No message for so long: all have come."""


def main() -> None:
    """Run the parts in turn and print what each gives."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--receive", choices=["chatpulse", "twitchapi"])
    parser.add_argument("--url", default="")
    parser.add_argument("--lines", type=int, default=0)
    options = parser.parse_args()
    if options.receive == "chatpulse":
        print(json.dumps(asyncio.run(receive_chatpulse(options.url))))
    elif options.receive == "twitchapi":
        print(json.dumps(asyncio.run(receive_twitchapi(options.url, options.lines))))
    else:
        print(json.dumps(asyncio.run(measure(options.seconds))))


async def measure(seconds: int) -> dict[str, object]:
    """Offer the load, receive it both ways, and sum up."""
    sustained = await offer("chatpulse", rate=RATE, lines=RATE * seconds)
    show("sustained", sustained)
    baseline = await offer("twitchapi", rate=RATE, lines=RATE * 20)
    show("twitchAPI, empty handler", baseline)
    calm = await offer("chatpulse", rate=LATENCY_RATE, lines=LATENCY_RATE * LATENCY_SECONDS)
    show("latency", calm)
    ceiling = await asyncio.to_thread(replay_at_most)
    show("ceiling: a recording, as fast as possible", ceiling)
    return {
        "goals": GOALS,
        "sustained": sustained,
        "twitchapi": baseline,
        "calm": calm,
        "ceiling": ceiling,
        "cpu_ratio_to_twitchapi": round(sustained["cpu_us"] / baseline["cpu_us"], 3),
    }


def show(name: str, figures: dict[str, Any]) -> None:
    """Print figures for people."""
    print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in figures.items()), flush=True)


async def offer(receiver: str, *, rate: float, lines: int) -> dict[str, Any]:
    """Say lines at a rate to a receiver in another process, and hand back its figures."""
    from chatpulse.simulation import Script, SimulatedTwitch
    from chatpulse.simulation.core.crowd import steady

    start_us = time.time_ns() // 1_000
    prepared = list(steady(SEED, channels=CHANNELS, messages_per_s=rate, n=lines, start_us=start_us))
    said: list[tuple[float, int]] = []
    # A collection over a million lines would stop the server for as long as the page is allowed to be late.
    gc.freeze()

    def noted() -> Iterator[Any]:
        messages = 0
        for line in prepared:
            messages += " PRIVMSG " in line.line
            if messages % 10 == 0:
                said.append((time.time(), messages))
            yield line

    rooms = {name: str(1_000 + number) for number, name in enumerate(CHANNELS)}
    async with SimulatedTwitch(Script(lines=noted(), rooms=rooms, keep_ids=False)) as twitch:
        child = await asyncio.create_subprocess_exec(
            sys.executable, __file__, "--receive", receiver, "--url", twitch.ws_url, "--lines", str(lines),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        page = asyncio.create_task(watch_page(child.stdout, said)) if receiver == "chatpulse" else None
        await twitch.finished.wait()
        await asyncio.sleep(1.5)
        child.stdin.write_eof()
        figures: dict[str, Any] = json.loads(
            (await child.stdout.read()).splitlines()[-1] if page is None else await page
        )
        await child.wait()
    sent = twitch.traffic.delivered.total()
    return {"offered_per_s": rate, "sent": sent, **figures, "lost": sent - int(figures["received"])}


async def watch_page(stdout: asyncio.StreamReader, said: list[tuple[float, int]]) -> bytes:
    """Follow the page's WebSocket; returns the receiver's figures with how late frames count lines."""
    from websockets.asyncio.client import connect
    from websockets.exceptions import ConnectionClosed

    port = int(await stdout.readline())
    late_s: list[float] = []
    place = 0
    async with connect(f"ws://127.0.0.1:{port}/ws?channel={CHANNELS[0]}", max_size=None) as page:
        try:
            async for frame in page:
                seen = json.loads(frame)["totals"]["scored"]
                now = time.time()
                while place < len(said) and said[place][1] <= seen:
                    late_s.append(now - said[place][0])
                    place += 1
        except ConnectionClosed:
            pass
    figures = json.loads((await stdout.read()).splitlines()[-1])
    late_s.sort()
    figures["page_ms"] = {
        "p50": round(late_s[len(late_s) // 2] * 1e3),
        "p99": round(late_s[int(len(late_s) * 0.99)] * 1e3),
    }
    return json.dumps(figures).encode()


async def receive_chatpulse(url: str) -> dict[str, Any]:
    """Run the live pipeline with its page until standard input ends."""
    from chatpulse.domain.live import Mode
    from chatpulse.pipelines import wiring
    from chatpulse.pipelines.parts import Plan
    from chatpulse.runtime.log import configure
    from chatpulse.settings import load
    from chatpulse.web import start

    configure("warning")
    with tempfile.TemporaryDirectory() as folder:
        settings = load({"data": folder})
        source = wiring.listener(url, CHANNELS)
        async with wiring.pipeline(settings, source, Plan.of(settings, Mode.LIVE)) as pipeline:
            page = await start(pipeline, port=0)
            print(page.port, flush=True)
            async with stop_at_end_of_input(pipeline):
                watcher = asyncio.create_task(watch_memory(pipeline))
                summary = await pipeline.run()
            memory = await watcher
            await page.stop()
    latency = summary.latency_ms
    return {
        "received": summary.lines - summary.protocol,
        "stored": summary.stored,
        "dropped": summary.dropped,
        "lines_per_s": round((summary.lines - summary.protocol) / summary.seconds),
        "latency_ms": {"p50": latency.p50, "p99": latency.p99} if latency else None,
        "peak_rss_mb": summary.peak_rss_mb,
        **memory,
    }


async def watch_memory(pipeline: Any) -> dict[str, float]:  # noqa: ANN401  (imported late)
    """Note CPU from the first line on, and memory once it has settled and at the end."""
    first_s, started_cpu_s, settled_mb, count = 0.0, 0.0, 0.0, 0
    last: tuple[float, int] = (0.0, 0)
    while not pipeline.stopped:
        await asyncio.sleep(0.1)
        count = pipeline.totals()["scored"]
        if count and not first_s:
            first_s, started_cpu_s, base = time.monotonic(), time.process_time(), count
        if count >= SETTLED and not settled_mb:
            settled_mb = rss_mb()
        if count > last[1]:
            last = (time.process_time(), count)
    return {
        "cpu_us": round((last[0] - started_cpu_s) / max(last[1] - base, 1) * 1e6, 2),
        "rss_mb": round(rss_mb(), 1),
        "growth_mb": round(rss_mb() - settled_mb, 1) if settled_mb else 0.0,
    }


@asynccontextmanager
async def stop_at_end_of_input(pipeline: Any) -> AsyncIterator[None]:  # noqa: ANN401  (imported late)
    """Stop the pipeline when whoever started this process closes its standard input."""

    async def wait() -> None:
        await asyncio.to_thread(sys.stdin.read)
        await pipeline.stop()

    task = asyncio.create_task(wait())
    yield
    await task


async def receive_twitchapi(url: str, lines: int) -> dict[str, Any]:
    """Run twitchAPI's chat with an empty handler until every message came or nothing comes any more."""
    import aiohttp
    from twitchAPI.chat import Chat
    from twitchAPI.type import ChatEvent

    async def token() -> str:
        return "anonymous"

    twitch = SimpleNamespace(
        has_required_auth=lambda *_: True,
        get_refreshed_user_auth_token=token,
        session_timeout=aiohttp.ClientTimeout(),
    )
    # Shared-chat messages are dropped by default; they count here.
    chat = Chat(twitch, connection_url=url, no_shared_chat_messages=False)  # type: ignore[arg-type]  # a stand-in
    chat.username = "justinfan12345"
    received = 0

    async def on_message(_: object) -> None:
        nonlocal received
        received += 1

    chat.register_event(ChatEvent.MESSAGE, on_message)
    await asyncio.to_thread(chat.start)
    loop_task = asyncio.run_coroutine_threadsafe(chat.join_room(list(CHANNELS)), chat._Chat__socket_loop)  # type: ignore[attr-defined]  # noqa: SLF001  # it has no way to join from outside its thread
    while received < WARM_MESSAGES:  # noqa: ASYNC110  (the count grows in another thread)
        await asyncio.sleep(0.01)
    cpu_s, started_s, base, seen = time.process_time(), time.monotonic(), received, 0
    while received != seen:
        seen = received
        await asyncio.sleep(QUIET_S)
    spent_s, took_s = time.process_time() - cpu_s, time.monotonic() - started_s - QUIET_S
    loop_task.cancel()
    chat.stop()
    return {
        "received": received,
        "of": lines,
        "cpu_us": round(spent_s / max(received - base, 1) * 1e6, 2),
        "messages_per_s": round((received - base) / took_s),
    }


def replay_at_most(lines: int = 300_000) -> dict[str, Any]:
    """Replay a recording as fast as possible, in a process of its own."""
    import subprocess

    from chatpulse.simulation.core.crowd import steady

    start_us = 1_790_000_000_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "load.irc"
        with path.open("w", encoding="utf-8", newline="\n") as out:
            for at_s, _, line in steady(SEED, channels=CHANNELS, messages_per_s=RATE, n=lines, start_us=start_us):
                out.write(f"{(start_us + round(at_s * 1e6)) // 1000}\t{line}\n")
        program = Path(sys.executable).parent / "chatpulse"
        command = [
            str(program),
            "replay",
            str(path),
            "--speed",
            "max",
            "--no-web",
            "--json",
            "--data",
            f"{folder}/chat",
        ]
        summary = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return {name: summary[name] for name in ("lines", "stored", "dropped", "messages_per_s", "peak_rss_mb")}


def rss_mb() -> float:
    """Resident memory of this process."""
    fields = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1e3 * 1.024 for line in fields if line.startswith("VmRSS"))


if __name__ == "__main__":
    main()
