import io
import os
import pty
import termios
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType

from chatpulse.cli.terminal import TerminalView, clean, render, sparkline
from chatpulse.domain.live import (
    ChannelLine,
    ChatLine,
    FeedItem,
    Frame,
    Health,
    HealthStatus,
    Mode,
    Trend,
    WaveLine,
    WindowStats,
)
from chatpulse.domain.scores import Label

HEALTH = Health(status=HealthStatus.OK, connected=True, lag_s=0.2, lost=0, quarantined=3)
HOSTILE = "[red]x[/] \x1b[2J\x1b]0;owned\x07 \u202etxt\u2028next \ud800 \x9b31m ok"


def chat(text: str, *, user: str = "Mira", label: Label = Label.NEUTRAL, deleted: bool = False) -> ChatLine:
    return ChatLine(id=text[:8], ts_us=0, user_name=user, text=text, valence=0.0, label=label, deleted=deleted)


def make_frame(*, messages: tuple[ChatLine, ...] = (), health: Health = HEALTH) -> Frame:
    sixty = WindowStats(channel="aurora", start_s=0, size_s=60, messages=90, reactions={"hype": 40, "anger": 10})
    return Frame(
        seq=1,
        after=0,
        at_us=0,
        mode=Mode.DEMO,
        health=health,
        totals={"stored": 1234},
        channels=(
            ChannelLine(channel="aurora", messages_per_s=12.5, hype=61.0, valence=0.2),
            ChannelLine(channel="bramble", messages_per_s=1.0, hype=9.0, valence=None),
        ),
        channel="aurora",
        seconds=tuple(WindowStats(channel="aurora", start_s=s, size_s=1, messages=s % 9, hype=s) for s in range(80)),
        ten=WindowStats(channel="aurora", start_s=0, size_s=10, messages=125, hype=61.0, valence=-0.25),
        sixty=sixty,
        emotes=(Trend(term="WowInvented", count=31, expected=4.0, lift=4.2),),
        words=(Trend(term="bossfight", count=7, expected=1.0, lift=2.1),),
        messages=messages or (chat("well played"),),
        feed=(FeedItem(id="f", ts_us=0, kind="raid", text="Olo raids with 40 viewers.", amount=40),),
        questions=(chat("who won?"),),
        waves=(WaveLine(key="k", text="row row row", count=44, users=31, per_s=6.5, started_us=0, last_us=9),),
    )


def draw(renderable: RenderableType, *, width: int, height: int, colour: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=width, height=height, force_terminal=colour, color_system="truecolor" if colour else None
    )
    console.print(renderable)
    return out.getvalue()


def draw_frame(frame: Frame, *, width: int = 140, height: int = 48) -> str:
    return draw(render(frame, frame.seconds, width=width, height=height), width=width, height=height)


def test_a_wide_terminal_shows_the_whole_picture() -> None:
    picture = draw_frame(make_frame())

    for shown in (
        *("demo", "connected", "quarantined 3", "stored 1,234", "#aurora 12.5/s hype 61", "#bramble"),
        *(
            "12.5/s",
            "61",
            "-0.25",
            "hype",
            "40",
            "4.2x",
            "WowInvented",
            "bossfight",
            "44 x by 31, 6.5/s",
            "row row row",
        ),
        *("Mira: well played", "Olo raids with 40 viewers.", "Mira: who won?"),
    ):
        assert shown in picture


def test_trends_without_a_baseline_have_no_factor() -> None:
    new = Trend(term="bossfight", count=7, expected=None, lift=None)

    picture = draw_frame(msgspec.structs.replace(make_frame(), words=(new,)))

    assert "words (no baseline yet)" in picture
    assert "      7       -  bossfight" in picture
    assert "emotes (no" not in picture
    assert "4.2x  WowInvented" in picture


def test_bars_are_as_long_as_reactions_are_many() -> None:
    bars = {
        name: line.count("█")
        for line in draw_frame(make_frame()).splitlines()
        for name in ("hype ", "anger ", "love ")
        if f"│ {name}" in line and "," not in line
    }

    assert bars["hype "] == pytest.approx(4 * bars["anger "], abs=2)
    assert bars["love "] == 0


@pytest.mark.parametrize(("width", "height"), [(140, 48), (100, 24), (80, 24), (40, 12), (20, 5), (10, 3), (5, 1)])
def test_the_picture_fits_the_terminal(width: int, height: int) -> None:
    frame = make_frame(messages=tuple(chat(f"{HOSTILE} {n} 漢字" * 9) for n in range(50)))

    lines = draw_frame(frame, width=width, height=height).splitlines()

    assert len(lines) <= height
    assert max(cell_len(line) for line in lines) <= width


def test_a_narrow_terminal_shows_curves_and_chat_first() -> None:
    picture = draw_frame(make_frame(), width=80, height=24)

    assert "valence" in picture
    assert "Mira: well played" in picture
    assert "who won?" not in picture


def test_the_newest_chat_lines_are_shown() -> None:
    frame = make_frame(messages=tuple(chat(f"line-{n}.") for n in range(50)))

    picture = draw_frame(frame, width=80, height=24)

    assert "line-49." in picture
    assert "line-0." not in picture


def test_chat_cannot_drive_the_terminal() -> None:
    hostile = chat(HOSTILE, user="\x1b[31mEve[bold]")
    frame = make_frame(messages=(hostile,))

    picture = draw_frame(frame)

    assert "[31mEve[bold]: [red]x[/] [2J]0;owned txt next  31m ok" in picture
    assert not set(picture) & set("\x1b\x07\x9b\u202e\u2028\ud800")


def test_colours_come_from_the_score_only() -> None:
    frame = make_frame(messages=(chat("yes", label=Label.POSITIVE), chat("[green]no", label=Label.NEGATIVE)))

    picture = draw(render(frame, frame.seconds, width=140, height=48), width=140, height=48, colour=True)

    assert "\x1b[32myes" in picture
    assert "\x1b[31m[green]no" in picture


def test_a_removed_message_is_not_shown() -> None:
    picture = draw_frame(make_frame(messages=(chat("very rude", deleted=True),)))

    assert "very rude" not in picture
    assert "Mira: removed by a moderator" in picture


def test_trouble_is_said_on_top() -> None:
    health = Health(status=HealthStatus.FAILING, connected=False, lag_s=4, lost=2, quarantined=0, reason="disk is full")

    first = draw_frame(make_frame(health=health)).splitlines()[0]

    assert "not connected" in first
    assert "lost 2" in first
    assert "FAILING: disk is full" in first


def test_a_channel_without_chat_can_be_drawn() -> None:
    empty = Frame(seq=0, after=0, at_us=0, mode=Mode.LIVE, health=HEALTH, totals={}, channels=(), channel="")

    assert "no chat yet" in draw_frame(empty)


def test_a_sparkline_ends_with_the_newest_value_and_shows_gaps() -> None:
    assert sparkline([9, 0, None, 5, 10, 99], width=5, low=0, high=10) == "▁ ▅██"
    assert sparkline([1.0], width=0, low=0, high=1) == ""
    assert sparkline([0, 0], width=9, low=0, high=0) == "▁▁"


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=60))
def test_cleaned_text_is_printable_and_encodes(text: str) -> None:
    cleaned = clean(text)

    cleaned.encode()
    assert not set(cleaned) & set(map(chr, (*range(32), *range(127, 160))))


def test_towers_of_marks_are_cut() -> None:
    assert clean("e" + "\u0301" * 30 + "e\u0301") == "e\u0301\u0301e\u0301"


class Chat:
    """A state whose channels a test sets, and that remembers what it was asked for."""

    def __init__(self, *channels: ChannelLine) -> None:
        self.lines = channels
        self.asked: list[tuple[str, int]] = []

    def channels(self) -> tuple[ChannelLine, ...]:
        return self.lines

    def frame(self, channel: str, *, after: int) -> Frame:
        self.asked.append((channel, after))
        return msgspec.structs.replace(make_frame(), channel=channel, channels=self.lines)

    def health(self) -> Health:
        return HEALTH

    def totals(self) -> dict[str, int]:
        return {}


def test_the_view_stays_with_the_channel_that_was_busy_first() -> None:
    quiet = ChannelLine(channel="aurora", messages_per_s=0.0, hype=0.0, valence=None)
    busy = ChannelLine(channel="bramble", messages_per_s=9.0, hype=0.0, valence=None)
    view, state = TerminalView(), Chat()

    for lines in ((), (quiet,), (busy, quiet), (quiet, busy)):
        state.lines = lines
        view.render(state)

    assert state.asked == [("", 0), ("aurora", 0), ("bramble", 0), ("bramble", 0)]


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The two ends of a terminal: who types, and what the program reads."""
    typist, keyboard = pty.openpty()
    yield typist, keyboard
    os.close(typist)
    os.close(keyboard)


def line_of(name: str, rate: float = 0.0) -> ChannelLine:
    return ChannelLine(channel=name, messages_per_s=rate, hype=0.0, valence=None)


@pytest.mark.parametrize(
    ("keys", "channel"),
    [
        pytest.param(b"\t", "bramble", id="tab"),
        pytest.param(b"\x1b[C\x1b[B", "cinder", id="right and down"),
        pytest.param(b"\x1bOC", "bramble", id="right, as some terminals say it"),
        pytest.param(b"\x1b[Z", "cinder", id="shift and tab, round the end"),
        pytest.param(b"\x1b[D\x1b[A\t", "cinder", id="left, up and tab"),
        pytest.param(b"x\xff1\x1b", "aurora", id="keys that mean nothing"),
    ],
)
def test_keys_lead_to_other_channels(terminal: tuple[int, int], keys: bytes, channel: str) -> None:
    typist, keyboard = terminal
    state = Chat(line_of("aurora", 9.0), line_of("bramble"), line_of("cinder"))
    with TerminalView(keyboard) as view:
        view.render(state)
        os.write(typist, keys)
        # The busiest comes first in what the state says, and the list on the screen stays as it is.
        state.lines = tuple(reversed(state.lines))
        picture = draw(view.render(state), width=140, height=48)

    assert state.asked[-1] == (channel, 0)
    assert picture.index("#aurora") < picture.index("#bramble") < picture.index("#cinder")


def test_the_keyboard_is_given_back_as_it_was(terminal: tuple[int, int]) -> None:
    before = termios.tcgetattr(terminal[1])

    with TerminalView(terminal[1]):
        during = termios.tcgetattr(terminal[1])

    assert not during[3] & (termios.ECHO | termios.ICANON)
    assert during[3] & termios.ISIG
    assert termios.tcgetattr(terminal[1]) == before


def test_the_channel_that_is_shown_is_in_the_list_however_narrow_the_terminal() -> None:
    lines = tuple(line_of(f"channel{n}") for n in range(30))
    frame = msgspec.structs.replace(make_frame(), channels=lines, channel="channel17")

    assert "#channel17" in draw_frame(frame, width=60, height=12).splitlines()[1]
