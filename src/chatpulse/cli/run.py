"""Run a pipeline in front of a person: signals, the page, progress, the summary at the end."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatpulse.cli.output import note, print_facts, print_json, printable

if TYPE_CHECKING:
    from chatpulse.pipelines.live import LivePipeline
    from chatpulse.pipelines.tally import Summary
    from chatpulse.settings import Settings

PROGRESS_S = 1.0
TUI_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a run is shown."""

    host: str
    port: int
    token: str
    web: bool
    tui: bool
    json: bool

    @classmethod
    def of(cls, settings: "Settings", *, no_web: bool, tui: bool, json: bool) -> "View":
        """The view that flags and settings ask for; refuses an open door without a token."""
        if not no_web:
            from chatpulse.web.guard import check_binding

            check_binding(settings.host, settings.token.get_secret_value())
        return cls(
            host=settings.host,
            port=settings.port,
            token=settings.token.get_secret_value(),
            web=not no_web,
            tui=tui,
            json=json,
        )


def run_until_done(command: Coroutine[None, None, None], view: View) -> None:
    """Run a command's loop; Ctrl+C or SIGTERM before its pipeline has begun end it with a summary of nothing."""

    async def run() -> None:
        this = asyncio.current_task()
        for number in (signal.SIGINT, signal.SIGTERM):
            # `run_and_report` takes them over once there is something to flush.
            asyncio.get_running_loop().add_signal_handler(number, lambda: this.cancel() if this else None)
        await command

    try:
        asyncio.run(run())
    except asyncio.CancelledError:
        from chatpulse.pipelines.tally import Tally

        _report(Tally().summary(with_latency=False), view)


async def run_and_report(pipeline: "LivePipeline", view: View, *, for_s: float | None) -> None:
    """Run until the source ends, the time is over, Ctrl+C or SIGTERM; then print the summary.

    When the source failed, its error is raised after what came before it was stored and summed up.
    """
    stops: set[asyncio.Task[None]] = set()

    def stop() -> None:
        stops.add(asyncio.get_running_loop().create_task(pipeline.stop()))

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    async with _page(pipeline, view):
        timer = loop.call_later(for_s, stop) if for_s is not None else None
        watcher = asyncio.create_task(_show(pipeline, view))
        try:
            summary = await pipeline.run()
        finally:
            watcher.cancel()
            await asyncio.gather(watcher, *stops, return_exceptions=True)
            if timer is not None:
                timer.cancel()
    _report(summary, view)
    if pipeline.failure is not None:
        raise pipeline.failure
    if reason := pipeline.health().reason:
        note(
            f"chatpulse: left while not everything could be kept ({printable(reason)}); run it again to store the rest"
        )


@contextlib.asynccontextmanager
async def _page(pipeline: "LivePipeline", view: View) -> AsyncIterator[None]:
    if not view.web:
        yield
        return
    from chatpulse.web import start

    server = await start(pipeline, host=view.host, port=view.port, token=view.token or None)
    try:
        note(f"page: {server.url}")
        yield
    finally:
        await server.stop()


async def _show(pipeline: "LivePipeline", view: View) -> None:
    if view.tui:
        await _show_terminal(pipeline)
    elif not view.json and sys.stderr.isatty():
        await _show_progress(pipeline)


async def _show_progress(pipeline: "LivePipeline") -> None:
    before = 0
    try:
        while True:
            await asyncio.sleep(PROGRESS_S)
            totals, health = pipeline.totals(), pipeline.health()
            rate = totals["lines"] - before
            before = totals["lines"]
            state = "" if health.status == "ok" else f"  FAILING: {health.reason}"
            line = (
                f"{totals['lines']:,} lines  {rate:,}/s  stored {totals['stored']:,}  lag {health.lag_s:.1f} s{state}"
            )
            print(f"\r\x1b[2K{printable(line)}", end="", file=sys.stderr, flush=True)
    finally:
        print("\r\x1b[2K", end="", file=sys.stderr, flush=True)


async def _show_terminal(pipeline: "LivePipeline") -> None:
    from rich.live import Live

    from chatpulse.cli.terminal import TerminalView

    terminal = TerminalView()
    with Live(console=terminal.console, screen=True, auto_refresh=False) as screen:
        while True:
            screen.update(terminal.render(pipeline), refresh=True)
            await asyncio.sleep(TUI_S)


def _report(summary: "Summary", view: View) -> None:
    if view.json:
        print_json(summary)
        return
    latency = summary.latency_ms
    print_facts({
        "channels": ", ".join(summary.channels) or "none",
        "lines": f"{summary.lines:,}",
        "  messages": f"{summary.messages:,}",
        "  subscriptions": f"{summary.subscriptions:,}",
        "  events": f"{summary.events:,}",
        "  moderation": f"{summary.moderation:,}",
        "  room": f"{summary.room:,}",
        "  protocol": f"{summary.protocol:,}",
        "  quarantined": f"{summary.quarantined:,}",
        "  duplicates": f"{summary.duplicates:,}",
        "stored": f"{summary.stored:,} rows",
        "scored": f"{summary.scored:,} messages",
        "dropped": f"{summary.dropped:,}",
        "speed": f"{summary.messages_per_s:,.0f} messages/s over {summary.seconds:,.1f} s",
        "latency": f"p50 {latency.p50:.0f} ms, p99 {latency.p99:.0f} ms" if latency else "not measured",
        "memory": f"{summary.peak_rss_mb:,.0f} MB at most",
    })


async def wait_for_stop(work: Callable[[], Coroutine[None, None, None]]) -> None:
    """Do some work until Ctrl+C or SIGTERM."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    task = asyncio.create_task(work())
    waiter = asyncio.create_task(stopped.wait())
    await asyncio.wait((task, waiter), return_when=asyncio.FIRST_COMPLETED)
    for each in (task, waiter):
        each.cancel()
    await asyncio.gather(task, waiter, return_exceptions=True)
