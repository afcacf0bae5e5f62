"""A running chatpulse as a person sees it: its page, its log, its end."""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from tests.conftest import PROGRAM

POLL_S = 0.03


class Program:
    """A child process that serves its page on a free port and writes its log as JSON."""

    def __init__(self, *arguments: object, env: Mapping[str, str], **variables: str) -> None:
        self._child = subprocess.Popen(
            [PROGRAM, *map(str, arguments), "--port", "0"],
            env={**env, "CHATPULSE_LOG_FORMAT": "json", **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.pid = self._child.pid
        self.said: list[str] = []
        """Lines of standard error so far."""
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._web = httpx.Client(trust_env=False, timeout=5)
        self._url = ""

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_: object) -> None:
        self._web.close()
        self._child.kill()
        self._child.communicate()
        self._listener.join()

    @property
    def url(self) -> str:
        if not self._url:
            self.until(lambda: any(line.startswith("page: ") for line in self.said), within_s=20)
            self._url = next(line.split()[1] for line in self.said if line.startswith("page: ")).rstrip("/")
        return self._url

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    def get(self, path: str) -> httpx.Response:
        return self._web.get(f"{self.url}{path}")

    def healthy(self) -> bool:
        return self.get("/healthz").status_code == 200

    def totals(self) -> dict[str, int]:
        totals: dict[str, int] = self.get("/api/summary").json()["totals"]
        return totals

    def until(self, condition: Callable[[], bool], *, within_s: float) -> float:
        """Wait for something; how long it took."""
        began_s = time.monotonic()
        while not condition():
            assert time.monotonic() - began_s < within_s, f"not within {within_s} s; said {self.said[-10:]}"
            assert self.alive or condition(), f"ended with {self._child.returncode}; said {self.said[-10:]}"
            time.sleep(POLL_S)
        return time.monotonic() - began_s

    def logged(self, event: str) -> list[dict[str, Any]]:
        """Log lines of one kind so far."""
        lines = [json.loads(line) for line in list(self.said) if line.startswith("{")]
        return [line for line in lines if line["event"] == event]

    def paused(self) -> set[str]:
        """What could not be written at some time: the record, the tables."""
        return {event for event in ("record.paused", "lake.paused") if self.logged(event)}

    def end(self, *, within_s: float = 30) -> dict[str, Any]:
        """Wait for its end; the summary that it printed."""
        assert self._child.stdout is not None
        said = self._child.stdout.read()
        code = self._child.wait(within_s)
        self._listener.join()
        assert code == 0, self.said
        summary: dict[str, Any] = json.loads(said)
        return summary

    def leave(self, number: signal.Signals = signal.SIGTERM) -> dict[str, Any]:
        """Ask it to leave, which takes 5 s at most; the summary that it printed."""
        asked_s = time.monotonic()
        self._child.send_signal(number)
        summary = self.end(within_s=10)
        assert time.monotonic() - asked_s < 5
        return summary

    def _listen(self) -> None:
        assert self._child.stderr is not None
        for line in self._child.stderr:
            self.said.append(line.rstrip("\n"))
