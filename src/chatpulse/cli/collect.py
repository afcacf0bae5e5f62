"""`chatpulse demo`, `live` and `replay`: the live pipeline on simulated, real and recorded chat."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatpulse.cli import options
from chatpulse.cli.output import note
from chatpulse.cli.run import View, collect, run_and_report
from chatpulse.errors import InputError

if TYPE_CHECKING:
    from chatpulse.settings import Settings

TWITCH = "wss://irc-ws.chat.twitch.tv:443"

configured = options.configured(options.ADDRESS, options.TOKEN, stops_itself=True)


@configured
def demo(
    *,
    for_s: options.For = None,
    seed: Annotated[int, typer.Option("--seed", help="Another number is another evening.")] = 1,
    settings: "Settings",
    no_web: options.NoWeb = False,
    tui: options.Tui = False,
    json: options.Json = False,
) -> None:
    """Simulate three Twitch channels and show them live: no network, no account.

    Tables go to a temporary folder that is removed at the end, unless --data, CHATPULSE_DATA or chatpulse.toml names
    one.

    Example: chatpulse demo --for 60
    """
    view = View.of(settings, no_web=no_web, tui=tui, json=json)
    if "data" in settings.model_fields_set:
        collect(_demo(settings, view, seed=seed, for_s=for_s), view)
        return
    with tempfile.TemporaryDirectory(prefix="chatpulse-demo-", ignore_cleanup_errors=True) as folder:
        passing = settings.model_copy(update={"data": folder})
        collect(
            _demo(passing, view, seed=seed, for_s=for_s, remark=" (removed at the end; keep them with --data)"), view
        )


async def _demo(settings: "Settings", view: View, *, seed: int, for_s: float | None, remark: str = "") -> None:
    from chatpulse.domain.live import Mode
    from chatpulse.pipelines import wiring
    from chatpulse.pipelines.parts import Plan

    async with wiring.simulated_twitch(seed=seed) as twitch:
        source = wiring.listener(twitch.url, twitch.channels)
        await source.start()
        async with wiring.pipeline(settings, source, Plan.of(settings, Mode.DEMO, server=twitch.url)) as pipeline:
            note(f"tables: {settings.data}{remark}")
            await run_and_report(pipeline, view, for_s=for_s)


@configured
def live(
    channels: Annotated[list[str], typer.Argument(metavar="CHANNEL...", help="Channel names, without #.")],
    *,
    server: Annotated[
        str, typer.Option("--server", help="HOST:PORT (plain TCP), ircs://, ws:// or wss:// of another server.")
    ] = TWITCH,
    ca: Annotated[Path | None, typer.Option("--ca", metavar="FILE", help="Certificates to trust, PEM.")] = None,
    for_s: options.For = None,
    settings: "Settings",
    no_web: options.NoWeb = False,
    tui: options.Tui = False,
    json: options.Json = False,
) -> None:
    """Collect Twitch channels: no account and no key needed.

    Example: chatpulse live somechannel otherchannel --data my-chat
    """
    view = View.of(settings, no_web=no_web, tui=tui, json=json)
    collect(_live(settings, view, channels=channels, server=server, ca=ca, for_s=for_s), view)


async def _live(
    settings: "Settings", view: View, *, channels: list[str], server: str, ca: Path | None, for_s: float | None
) -> None:
    from chatpulse.domain.live import Mode
    from chatpulse.pipelines import wiring
    from chatpulse.pipelines.parts import Plan

    source = wiring.listener(server, channels, ca=ca)
    async with wiring.pipeline(settings, source, Plan.of(settings, Mode.LIVE, server=server)) as pipeline:
        note(f"tables: {settings.data}")
        await source.start()
        await run_and_report(pipeline, view, for_s=for_s)


@configured
def replay(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Recordings, plain or gzip.")],
    *,
    speed: Annotated[
        str, typer.Option("--speed", metavar="N|max", help="Times the recorded speed, or max: as fast as possible.")
    ] = "1",
    settings: "Settings",
    no_web: options.NoWeb = False,
    tui: options.Tui = False,
    json: options.Json = False,
) -> None:
    """Run recorded chat through the live pipeline.

    A file holds raw IRC lines, each bare or behind "epoch_ms TAB"; several files merge by recorded time.

    Example: chatpulse replay stream.irc.gz --speed 10
    """
    view = View.of(settings, no_web=no_web, tui=tui, json=json)
    collect(_replay(settings, view, files=files, speed=_speed(speed)), view)


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
