"""A simulated Twitch in a thread of its own, for programs under test; each message says when it was sent."""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from chatpulse.simulation.core.faults import Fault
from chatpulse.simulation.core.wire import TimedLine
from chatpulse.simulation.server import Script, SimulatedTwitch
from tests.faults.program import Program

ROOMS = {"reef": "77", "bay": "78"}
SLACK_US = 20_000
"""Between the start of the stamps and the start of the server."""


class Simulated:
    """The server, and what to do with it from another thread."""

    def __init__(self, *, per_s: float, padding: int) -> None:
        self._per_s = per_s
        self._padding = padding
        self._hushed = threading.Event()
        self._start_us = 0
        self._loop = asyncio.new_event_loop()
        self.twitch = SimulatedTwitch(Script(lines=self._talk(), rooms=ROOMS))

    @property
    def address(self) -> str:
        return self.twitch.url.removeprefix("irc://")

    def strike(self, fault: Fault) -> None:
        asyncio.run_coroutine_threadsafe(self.twitch.strike(fault), self._loop).result(5)

    def settled(self, *, connections: int) -> bool:
        """Whether it is the so-manieth connection that is open, and has joined every room."""
        sessions = [client.session for client in list(self.twitch._clients) if not client.deaf]
        return (
            self.twitch.traffic.connections == connections
            and len(sessions) == 1
            and sessions[0].joined.issuperset(ROOMS)
        )

    def be_quiet(self) -> None:
        """Say nothing more."""
        self._hushed.set()

    def hush(self, program: Program) -> None:
        """Stop talking, and wait until a program has heard the last word."""
        self.be_quiet()
        program.until(self.twitch.finished.is_set, within_s=5)
        heard, since_s = -1, 0.0
        while heard != (heard := program.totals()["lines"]) or time.monotonic() - since_s < 0.5:
            since_s = since_s or time.monotonic()
            time.sleep(0.1)

    def said(self) -> dict[str, tuple[str, int]]:
        """Room and time of every message that was said, by id."""
        return {f"m{number}": self._moment(number) for number in range(self.twitch.traffic.said.total())}

    @contextmanager
    def running(self) -> Iterator["Simulated"]:
        thread = threading.Thread(target=self._loop.run_forever)
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self.twitch.__aenter__(), self._loop).result(5)
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(self.twitch.__aexit__(None, None, None), self._loop).result(10)
            asyncio.run_coroutine_threadsafe(self._loop.shutdown_default_executor(), self._loop).result(5)
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

    def _talk(self) -> Iterator[TimedLine]:
        """Messages `m0`, `m1`, ... in turns in all rooms, each stamped with the time at which it is due."""
        self._start_us = time.time_ns() // 1_000
        for number in itertools.count():
            if self._hushed.is_set():
                return
            room, due_us = self._moment(number)
            tags = f"@id=m{number};room-id={ROOMS[room]};tmi-sent-ts={due_us // 1_000}"
            text = f"hello {number} {'x' * self._padding}"
            line = f"{tags} :ana!ana@ana.tmi.twitch.tv PRIVMSG #{room} :{text}"
            yield TimedLine(number / self._per_s, room, line)

    def _moment(self, number: int) -> tuple[str, int]:
        return list(ROOMS)[number % len(ROOMS)], self._start_us + round(number / self._per_s * 1e6)


def simulated(*, per_s: float, padding: int = 0) -> AbstractContextManager[Simulated]:
    """A server that talks as soon as somebody listens in every room."""
    return Simulated(per_s=per_s, padding=padding).running()


def missing(answer: Callable[..., Any], data: Path, said: Mapping[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
    """What was said and is not stored; what is stored is so once, and was said."""
    ids = [row["id"] for row in answer("sql", "select id from messages", "--data", data)]
    assert len(ids) == len(set(ids))
    assert set(ids) <= set(said)
    return {name: moment for name, moment in said.items() if name not in set(ids)}


def in_gaps(
    messages: Mapping[str, tuple[str, int]], gaps: Sequence[Mapping[str, Any]], *, slack_us: int = SLACK_US
) -> bool:
    """Whether each message fell into an interval that the log calls a gap."""
    return all(
        any(gap["channel"] == room and gap["from_us"] - slack_us <= at_us <= gap["to_us"] + slack_us for gap in gaps)
        for room, at_us in messages.values()
    )
