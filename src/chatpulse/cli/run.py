"""Run a pipeline in front of a person: signals, the page, progress, the summary at the end."""

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from chatpulse.cli import interrupts
from chatpulse.cli.output import note, print_facts, print_json, printable

if TYPE_CHECKING:
    from chatpulse.pipelines.live import LivePipeline
    from chatpulse.pipelines.tally import Summary
    from chatpulse.settings import Settings

PROGRESS_S = 1.0
TUI_S = 0.5
PATIENCE_S = 1.0
"""How long threads may hold up a run that has ended: asking a name server that does not answer takes many seconds."""


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
        token = settings.token.get_secret_value()
        if not no_web:
            from chatpulse.web.guard import check_binding

            check_binding(settings.host, token)
        return cls(host=settings.host, port=settings.port, token=token, web=not no_web, tui=tui, json=json)


def run_until_stopped(work: Coroutine[None, None, None], *, otherwise: Callable[[], None]) -> None:
    """Run some work to its end; Ctrl+C and SIGTERM cancel it, also one that came before it could begin.

    Args:
        work: says by itself what came of it, unless it was cancelled.
        otherwise: says it then.
    """

    async def run() -> None:
        this = asyncio.create_task(work)
        on_stop(this.cancel)
        if interrupts.heard():
            this.cancel()
        try:
            await this
        except asyncio.CancelledError:
            otherwise()
        patience.start()

    patience = threading.Timer(PATIENCE_S, _leave)
    patience.daemon = True
    try:
        asyncio.run(run())
    finally:
        patience.cancel()
        # The loop leaves signals as a new process has them, but there is nothing left to stop.
        interrupts.ignore()


def _leave() -> NoReturn:
    """End the process, whatever its threads are waiting for."""
    sys.stdout.flush()
    os._exit(0)


def on_stop(stop: Callable[[], object]) -> None:
    """Have the running loop call this at Ctrl+C and SIGTERM, in place of what it called before."""
    for number in interrupts.SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop)


def collect(command: Coroutine[None, None, None], view: View) -> None:
    """Run a collecting command; a stop before its pipeline has begun ends it with a summary of nothing."""

    def report_nothing() -> None:
        from chatpulse.pipelines.tally import Tally

        _report(Tally().summary(with_latency=False), view)

    run_until_stopped(command, otherwise=report_nothing)


async def run_and_report(pipeline: "LivePipeline", view: View, *, for_s: float | None) -> None:
    """Run until the source ends, the time is over, Ctrl+C or SIGTERM; then print the summary.

    When the source failed, its error is raised after what came before it was stored and summed up.
    """
    stops: set[asyncio.Task[None]] = set()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stops.add(loop.create_task(pipeline.stop()))

    on_stop(stop)
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

    with TerminalView() as terminal, Live(console=terminal.console, screen=True, auto_refresh=False) as screen:
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
        "opted out": f"{summary.opted_out:,}",
        "dropped": f"{summary.dropped:,}",
        "speed": f"{summary.messages_per_s:,.0f} messages/s over {summary.seconds:,.1f} s",
        "latency": f"p50 {latency.p50:.0f} ms, p99 {latency.p99:.0f} ms" if latency else "not measured",
        "memory": f"{summary.peak_rss_mb:,.0f} MB at most",
    })
