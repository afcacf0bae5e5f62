"""`chatpulse demo`, `live` and `replay`: the live pipeline on simulated, real and recorded chat."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatpulse.cli import options
from chatpulse.cli.output import note
from chatpulse.cli.run import View, run_and_report, run_until_done
from chatpulse.errors import InputError

if TYPE_CHECKING:
    from chatpulse.settings import Settings

TWITCH = "wss://irc-ws.chat.twitch.tv:443"


def demo(
    for_s: options.For = None,
    seed: Annotated[int, typer.Option("--seed", help="Another number is another evening.")] = 1,
    host: options.Host = None,
    port: options.Port = None,
    token: options.Token = None,
    no_web: options.NoWeb = False,
    tui: Annotated[bool, typer.Option("--tui", help="Show the picture in this terminal.")] = False,
    data: options.Data = None,
    log: options.Log = None,
    state: options.State = None,
    log_level: options.LogLevel = None,
    json: options.Json = False,
) -> None:
    """Simulate three Twitch channels and show them live: no network, no account.

    Tables go to a temporary folder that is removed at the end, unless --data names one.

    Example: chatpulse demo --for 60
    """
    with _demo_folder(data) as folder:
        settings = options.settings(
            data=folder, log=log, state=state, log_level=log_level, host=host, port=port, token=token
        )
        view = View.of(settings, no_web=no_web, tui=tui, json=json)
        run_until_done(_demo(settings, view, seed=seed, for_s=for_s, passing=data is None), view)


async def _demo(settings: "Settings", view: View, *, seed: int, for_s: float | None, passing: bool) -> None:
    from chatpulse.domain.live import Mode
    from chatpulse.pipelines import wiring
    from chatpulse.pipelines.parts import Plan

    async with wiring.simulated_twitch(seed=seed) as twitch:
        source = wiring.listener(twitch.url, twitch.channels)
        await source.start()
        async with wiring.pipeline(settings, source, Plan.of(settings, Mode.DEMO)) as pipeline:
            note(f"tables: {settings.data}" + (" (removed at the end; keep them with --data)" if passing else ""))
            await run_and_report(pipeline, view, for_s=for_s)


def live(
    channels: Annotated[list[str], typer.Argument(metavar="CHANNEL...", help="Channel names, without #.")],
    server: Annotated[
        str, typer.Option("--server", help="HOST:PORT (plain TCP), ircs://, ws:// or wss:// of another server.")
    ] = TWITCH,
    ca: Annotated[Path | None, typer.Option("--ca", metavar="FILE", help="Certificates to trust, PEM.")] = None,
    for_s: options.For = None,
    host: options.Host = None,
    port: options.Port = None,
    token: options.Token = None,
    no_web: options.NoWeb = False,
    tui: Annotated[bool, typer.Option("--tui", help="Show the picture in this terminal.")] = False,
    data: options.Data = None,
    log: options.Log = None,
    state: options.State = None,
    log_level: options.LogLevel = None,
    json: options.Json = False,
) -> None:
    """Collect Twitch channels: no account and no key needed.

    Example: chatpulse live somechannel otherchannel --data my-chat
    """
    settings = options.settings(data=data, log=log, state=state, log_level=log_level, host=host, port=port, token=token)
    view = View.of(settings, no_web=no_web, tui=tui, json=json)
    run_until_done(_live(settings, view, channels=channels, server=server, ca=ca, for_s=for_s), view)


async def _live(
    settings: "Settings", view: View, *, channels: list[str], server: str, ca: Path | None, for_s: float | None
) -> None:
    from chatpulse.domain.live import Mode
    from chatpulse.pipelines import wiring
    from chatpulse.pipelines.parts import Plan

    source = wiring.listener(server, channels, ca=ca)
    async with wiring.pipeline(settings, source, Plan.of(settings, Mode.LIVE)) as pipeline:
        note(f"tables: {settings.data}")
        await source.start()
        await run_and_report(pipeline, view, for_s=for_s)


def replay(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Recordings, plain or gzip.")],
    speed: Annotated[
        str, typer.Option("--speed", metavar="N|max", help="Times the recorded speed, or max: as fast as possible.")
    ] = "1",
    host: options.Host = None,
    port: options.Port = None,
    token: options.Token = None,
    no_web: options.NoWeb = False,
    tui: Annotated[bool, typer.Option("--tui", help="Show the picture in this terminal.")] = False,
    data: options.Data = None,
    log: options.Log = None,
    state: options.State = None,
    log_level: options.LogLevel = None,
    json: options.Json = False,
) -> None:
    """Run recorded chat through the live pipeline.

    A file holds raw IRC lines, each bare or behind "epoch_ms TAB"; several files merge by recorded time.

    Example: chatpulse replay stream.irc.gz --speed 10
    """
    settings = options.settings(data=data, log=log, state=state, log_level=log_level, host=host, port=port, token=token)
    view = View.of(settings, no_web=no_web, tui=tui, json=json)
    run_until_done(_replay(settings, view, files=files, speed=_speed(speed)), view)


async def _replay(settings: "Settings", view: View, *, files: list[Path], speed: float | None) -> None:
    from chatpulse.domain.live import Mode
    from chatpulse.pipelines import wiring
    from chatpulse.pipelines.parts import Plan
    from chatpulse.twitch import Replay

    source = Replay(files, speed=speed)
    plan = Plan.of(settings, Mode.REPLAY, with_latency=speed is not None)
    async with wiring.pipeline(settings, source, plan) as pipeline:
        note(f"tables: {settings.data}")
        await run_and_report(pipeline, view, for_s=None)


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise InputError(f"--speed takes a number above 0 or max, got {text!r}")
    return speed


@contextlib.contextmanager
def _demo_folder(data: str | None) -> Iterator[str]:
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="chatpulse-demo-", ignore_cleanup_errors=True) as folder:
        yield folder
