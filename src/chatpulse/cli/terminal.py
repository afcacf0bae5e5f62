"""Draw a frame in the terminal: the page's picture for people over ssh.

`render` turns a frame and the last minutes of 1 s windows into a rich renderable, nothing else: no state, no clock.
Chat text and names are hostile: they are never read as rich markup, and characters that could drive a terminal or
turn its text around (control codes, escapes, direction marks, unassigned code points) are gone before anything is
drawn. What is narrow or low shows less, never broken lines.
"""

import contextlib
import os
import re
import select
import sys
import termios
import tty
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import msgspec
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from chatpulse.domain.live import ChatLine, FeedItem, Frame, HealthStatus, Trend, WaveLine, WindowStats
from chatpulse.domain.scores import Label, Reaction

if TYPE_CHECKING:
    from chatpulse.pipelines.view import LiveState

BARS = "▁▂▃▄▅▆▇█"
BLOCK = "█"
TWO_COLUMNS = 100
"""Least width for two columns."""
LABEL_COLUMNS = 10
FRAME_COLUMNS = 4
FRAME_ROWS = 2
NOTABLE_LIFT = 2.0
TINTS = {Label.POSITIVE: "green", Label.NEGATIVE: "red", Label.UNSURE: "dim", Label.NEUTRAL: ""}
REACTION_STYLES = {
    Reaction.HYPE: "yellow",
    Reaction.LAUGHTER: "bright_yellow",
    Reaction.SHOCK: "magenta",
    Reaction.SADNESS: "blue",
    Reaction.ANGER: "red",
    Reaction.BOREDOM: "bright_black",
    Reaction.LOVE: "bright_magenta",
    Reaction.QUESTION: "cyan",
}
DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories: controls, invisible formats, halves of pairs, private and unassigned ones, line separators."""
MOST_MARKS = 2
"""Combining marks in a row; more of them paint over other lines."""
KEY = re.compile(r"\x1b[\[O][A-Z]|.", re.DOTALL)
"""A key as a terminal sends it: an escape sequence or a character."""
STEPS = {"\t": 1, "\x1b[C": 1, "\x1b[B": 1, "\x1b[Z": -1, "\x1b[D": -1, "\x1b[A": -1}
"""How far a key goes in the list of channels: Tab, right and down, Shift+Tab, left and up."""
MOST_KEYS_BYTES = 1024


class TerminalView:
    """What `--tui` shows of running chat: the channel that was busiest first until a key asks for another one.

    Inside `with`, keys come one by one and unseen; afterwards the terminal is as it was.
    """

    def __init__(self, keyboard: int | None = None) -> None:
        """A view on standard error.

        Args:
            keyboard: file descriptor of the terminal that keys come from; standard input when left out and a terminal.
        """
        # The summary goes to standard output, so the picture goes to the other one.
        self.console = Console(stderr=True, markup=False, highlight=False, emoji=False)
        self._channel = ""
        self._order: list[str] = []
        """As first seen: a list that moves cannot be steered in."""
        if keyboard is None and sys.stdin is not None and sys.stdin.isatty():
            keyboard = sys.stdin.fileno()
        self._keyboard = keyboard
        self._before: list[Any] = []

    def __enter__(self) -> Self:
        """Take the keyboard over."""
        if self._keyboard is not None:
            self._before = termios.tcgetattr(self._keyboard)
            tty.setcbreak(self._keyboard)  # Ctrl+C stays a signal
        return self

    def __exit__(self, *_: object) -> None:
        """Give the keyboard back."""
        if self._keyboard is not None:
            termios.tcsetattr(self._keyboard, termios.TCSADRAIN, self._before)

    def render(self, state: "LiveState") -> RenderableType:
        """The picture as it is now, of the channel that the keys pressed since the last one ask for."""
        lines = {line.channel: line for line in state.channels()}
        self._order += [name for name in lines if name not in self._order]
        first = next(iter(lines), "")
        if not self._channel and first and lines[first].messages_per_s > 0:
            self._channel = first
        steps = sum(STEPS.get(key.replace("\x1bO", "\x1b["), 0) for key in KEY.findall(self._keys()))
        if steps and self._order:
            self._channel = self._order[(self._order.index(self._channel or first) + steps) % len(self._order)]
        frame = state.frame(self._channel or first, after=0)
        places = {name: place for place, name in enumerate(self._order)}
        # A channel that came just now has no place yet.
        ordered = sorted(frame.channels, key=lambda line: places.get(line.channel, len(places)))
        frame = msgspec.structs.replace(frame, channels=tuple(ordered))
        return render(frame, frame.seconds, width=self.console.width, height=self.console.height)

    def _keys(self) -> str:
        """What was typed since the last look."""
        # A terminal that hung up has no keys; the signal that comes with that ends the program.
        with contextlib.suppress(OSError):
            if self._keyboard is not None and select.select([self._keyboard], [], [], 0)[0]:
                return os.read(self._keyboard, MOST_KEYS_BYTES).decode(errors="replace")
        return ""


@dataclass(frozen=True, slots=True)
class Part:
    """A titled box."""

    title: str
    lines: list[Text]
    rows: int
    """Lines that it would like to show."""
    grows: bool = False
    """Takes all rows that are left, and shows its last lines rather than its first."""


def render(frame: Frame, history: Sequence[WindowStats], *, width: int, height: int) -> RenderableType:
    """Draw a channel: health and channels on top, curves and trends beside chat and events.

    Args:
        frame: everything there is about the channel (asked for with `after=0`).
        history: its 1 s windows, oldest first.
        width: columns of the terminal.
        height: rows of the terminal.

    Returns:
        A renderable of at most this size.
    """
    head = [_health_line(frame), _channel_line(frame, width=width)][:height]
    rows = height - len(head)
    if width < TWO_COLUMNS:
        curves, *numbers = _numbers(frame, history, width=width)
        chat, *others = _talk(frame)
        return Group(*head, *_stack([curves, chat, *numbers, *others], rows))
    left = width * 2 // 5
    grid = Table.grid()
    grid.add_column(width=left)
    grid.add_column(width=width - left)
    grid.add_row(Group(*_stack(_numbers(frame, history, width=left), rows)), Group(*_stack(_talk(frame), rows)))
    return Group(*head, grid)


def clean(text: str) -> str:
    """Text that cannot drive a terminal: no control or invisible characters, no towers of combining marks."""
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if category in DROPPED:
            kept.append(" " if char.isspace() else "")
            continue
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def sparkline(values: Sequence[float | None], *, width: int, low: float, high: float) -> str:
    """The last `width` values as bars between `low` and `high`; a gap where there is none."""
    if width <= 0:
        return ""
    span = (high - low) or 1.0
    steps = len(BARS) - 1
    return "".join(
        " " if value is None else BARS[round(min(max((value - low) / span, 0.0), 1.0) * steps)]
        for value in values[-width:]
    )


def _line(*pieces: str | tuple[str, str]) -> Text:
    """One row; whatever it says, it stays one row and is no markup."""
    text = Text(no_wrap=True, overflow="ellipsis", end="\n")
    for piece in pieces:
        words, style = (piece, "") if isinstance(piece, str) else piece
        text.append(clean(words), style=style)
    return text


def _health_line(frame: Frame) -> Text:
    health = frame.health
    ok = health.status is HealthStatus.OK
    state = ("connected", "green") if health.connected else ("not connected", "bold red")
    return _line(
        ("chatpulse ", "bold"),
        (f"{frame.mode.value}  ", "cyan"),
        state,
        ("" if ok else f"  FAILING: {health.reason}", "bold red"),
        f"  lag {health.lag_s:.1f} s  ",
        (f"lost {health.lost:,}", "bold red" if health.lost else ""),
        f"  quarantined {health.quarantined:,}  stored {frame.totals.get('stored', 0):,}  ",
    )


def _channel_line(frame: Frame, *, width: int) -> Text:
    """The channels as far as there is room, the one that is shown among them."""
    labels = [f" #{line.channel} {line.messages_per_s:,.1f}/s hype {line.hype:.0f} " for line in frame.channels]
    shown = next((place for place, line in enumerate(frame.channels) if line.channel == frame.channel), 0)
    start = 0
    while start < shown and sum(len(label) + 1 for label in labels[start : shown + 1]) > width:
        start += 1
    pieces: list[str | tuple[str, str]] = []
    for place, label in enumerate(labels[start:], start):
        pieces += [(label, "reverse" if place == shown else ""), " "]
    if len(labels) > 1:
        pieces.append(("Tab: next channel", "dim"))
    return _line(*(pieces or ["no chat yet"]))


def _numbers(frame: Frame, history: Sequence[WindowStats], *, width: int) -> list[Part]:
    """The parts that say how chat is."""
    inner = width - FRAME_COLUMNS
    return [
        Part("last minutes", _curves(frame, history, width=inner), rows=3),
        Part("reactions, last 60 s", _reaction_bars(frame.sixty, width=inner), rows=len(Reaction)),
        Part("waves", [_wave(wave) for wave in frame.waves], rows=3),
        _trends("emotes", frame.emotes),
        _trends("words", frame.words),
    ]


def _talk(frame: Frame) -> list[Part]:
    """The parts that say what is said and done."""
    return [
        Part("chat", [_chat_line(line) for line in frame.messages], rows=10, grows=True),
        Part("events", [_feed_line(item) for item in reversed(frame.feed)], rows=8),
        Part("questions", [_chat_line(line) for line in frame.questions], rows=4),
    ]


def _stack(parts: Iterable[Part], rows: int) -> list[Panel]:
    """Boxes under each other in so many rows; those for which there is no room are left out."""
    sizes: list[tuple[Part, int]] = []
    for part in parts:
        size = min(part.rows, rows - FRAME_ROWS)
        if size < 1:
            break
        sizes.append((part, size))
        rows -= size + FRAME_ROWS
    panels: list[Panel] = []
    for part, wanted in sizes:
        size = wanted + rows if part.grows else wanted
        lines = part.lines[-size:] if part.grows else part.lines[:size]
        panels.append(Panel(Group(*lines), title=part.title, height=size + FRAME_ROWS))
    return panels


def _curves(frame: Frame, history: Sequence[WindowStats], *, width: int) -> list[Text]:
    """Rate, hype and valence over time, behind the figures of the last 10 s."""
    ten = frame.ten
    valence = ten.valence if ten else None
    most = max((stats.messages for stats in history), default=0)
    figures = (f"{ten.messages / ten.size_s:,.1f}/s" if ten else "-", f"{ten.hype:.0f}" if ten else "-")
    shown = f"{valence:+.2f}" if valence is not None else "-"
    room = max(width - 2 * LABEL_COLUMNS, 0)
    return [
        _curve(
            "rate", figures[0], sparkline([stats.messages for stats in history], width=room, low=0, high=most), "cyan"
        ),
        _curve("hype", figures[1], sparkline([stats.hype for stats in history], width=room, low=0, high=100), "yellow"),
        _curve("valence", shown, sparkline([stats.valence for stats in history], width=room, low=-1, high=1), "green"),
    ]


def _curve(name: str, figure: str, bars: str, style: str) -> Text:
    return _line(f"{name:<{LABEL_COLUMNS}}", f"{figure:<{LABEL_COLUMNS}}", (bars, style))


def _reaction_bars(sixty: WindowStats | None, *, width: int) -> list[Text]:
    """A bar per reaction, the longest as long as there is room."""
    counts = sixty.reactions if sixty else {}
    most = max(counts.values(), default=0)
    room = max(width - 2 * LABEL_COLUMNS, 0)
    bars: list[Text] = []
    for reaction in Reaction:
        count = counts.get(reaction.value, 0)
        length = round(room * count / most) if most else 0
        bars.append(
            _line(f"{reaction.value:<{LABEL_COLUMNS}}", f"{count:>7,}   ", (BLOCK * length, REACTION_STYLES[reaction]))
        )
    return bars


def _trends(name: str, trends: Sequence[Trend]) -> Part:
    """Terms with their messages and how many times the usual that is, once there is a usual."""
    new = any(trend.lift is None for trend in trends)
    return Part(f"{name} (no baseline yet)" if new else name, [_trend(trend) for trend in trends], rows=5)


def _trend(trend: Trend) -> Text:
    if trend.lift is None:
        return _line(f"{trend.count:>7,}  {'-':>6}  ", trend.term)
    style = "bold" if trend.lift >= NOTABLE_LIFT else ""
    return _line(f"{trend.count:>7,}  {trend.lift:>5.1f}x  ", (trend.term, style))


def _wave(wave: WaveLine) -> Text:
    return _line((f"{wave.count:,} x", "bold"), f" by {wave.users:,}, {wave.per_s:.1f}/s  ", wave.text)


def _feed_line(item: FeedItem) -> Text:
    return _line((f"{item.kind:<{LABEL_COLUMNS}} ", "cyan"), item.text)


def _chat_line(line: ChatLine) -> Text:
    tint = TINTS[line.label]
    if line.deleted:
        return _line((f"{line.user_name}: ", "bold dim"), ("removed by a moderator", "dim italic"))
    return _line((f"{line.user_name}: ", "bold"), (line.text, f"italic {tint}".strip() if line.action else tint))
