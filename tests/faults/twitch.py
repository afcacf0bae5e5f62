"""A simulated Twitch in a thread of its own, for programs under test; each line says when it was sent."""

import asyncio
import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from chatpulse.simulation.core.faults import Fault
from chatpulse.simulation.core.wire import TimedLine
from chatpulse.simulation.server import Script, SimulatedTwitch

ROOMS = {"reef": "77", "bay": "78"}


def talk(*, per_s: float, padding: int = 0) -> Iterator[TimedLine]:
    """Endless messages `m0`, `m1`, ... in turns in all rooms, each stamped with the time at which it is due."""
    start_us = time.time_ns() // 1_000
    for number in itertools.count():
        channel = list(ROOMS)[number % len(ROOMS)]
        tags = f"@id=m{number};room-id={ROOMS[channel]};tmi-sent-ts={(start_us + round(number / per_s * 1e6)) // 1_000}"
        text = f"hello {number} {'x' * padding}"
        yield TimedLine(number / per_s, channel, f"{tags} :ana!ana@ana.tmi.twitch.tv PRIVMSG #{channel} :{text}")


class Simulated:
    """The server, and what to do with it from another thread."""

    def __init__(self, twitch: SimulatedTwitch, loop: asyncio.AbstractEventLoop) -> None:
        self.twitch = twitch
        self._loop = loop

    @property
    def address(self) -> str:
        return self.twitch.url.removeprefix("irc://")

    def strike(self, fault: Fault) -> None:
        asyncio.run_coroutine_threadsafe(self.twitch.strike(fault), self._loop).result(5)

    def delivered(self) -> list[str]:
        return list(self.twitch.traffic.delivered_ids)


@contextmanager
def simulated(*, per_s: float, faults: Sequence[Fault] = (), padding: int = 0) -> Iterator[Simulated]:
    script = Script(lines=talk(per_s=per_s, padding=padding), rooms=ROOMS, faults=faults)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    twitch = SimulatedTwitch(script)
    try:
        asyncio.run_coroutine_threadsafe(twitch.__aenter__(), loop).result(5)
        yield Simulated(twitch, loop)
    finally:
        asyncio.run_coroutine_threadsafe(twitch.__aexit__(None, None, None), loop).result(10)
        asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
