"""Invented messages as rows of a table, and files made of them."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from chatpulse.domain.chat import ChatMessage, EmoteSpan, Event, Source, TimeKind, Topic
from chatpulse.domain.tables import TABLE_OF
from chatpulse.lake.arrow import to_arrow
from chatpulse.lake.core.rows import Extras, columns_of
from chatpulse.twitch.formats.write import WRITERS
from chatpulse.twitch.formats.writing import About, write
from tests.lake.builders import START_US

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "export.md"
SAID = st.text("aZ0 =+-@#\"',;:/\\<>[]{}|!%~&*$?\u00a0\u00e9\u2028\u0301\u82b1\ufeff\U0001f600", max_size=12)
WORDS = SAID.filter(lambda text: text and not text.isspace())
LOGINS = st.text("abyz059_", min_size=1, max_size=9)
IDS = st.sampled_from(["", "7", "0e-1", "f00-ba4"])
BADGES = st.lists(st.sampled_from(["vip/1", "moderator/1", "subscriber/12", "turbo/1", "bits/100"]), unique=True)


@st.composite
def said(draw: st.DrawFn, *, text: st.SearchStrategy[str] = SAID) -> ChatMessage:
    """A message with any fields, as a table may hold it."""
    login = draw(LOGINS)
    body, emotes = _with_emotes(draw(st.lists(st.tuples(text, st.sampled_from(["", "25", "emotesv2_a1"])), max_size=3)))
    return ChatMessage(
        id=draw(IDS) or "x",
        channel="aurora",
        room_id="77",
        video_id=draw(st.sampled_from(["", "123"])),
        ts_us=START_US + draw(st.integers(0, 10**11)),
        received_us=START_US,
        time_kind=TimeKind.EPOCH,
        user_id=draw(IDS),
        user_login=login,
        user_name=draw(st.sampled_from([login, login.title(), "\u82b1\u706b"])),
        text=body or draw(WORDS),
        badges=",".join(draw(BADGES)),
        months=draw(st.integers(0, 99)),
        bits=draw(st.integers(0, 10**6)),
        emotes=emotes if body else (),
        reply_to=draw(IDS),
        source_room_id=draw(IDS),
        source_id=draw(IDS),
        first=draw(st.booleans()),
        action=draw(st.booleans()),
        reward_id=draw(IDS),
    )


def _with_emotes(parts: Sequence[tuple[str, str]]) -> tuple[str, tuple[EmoteSpan, ...]]:
    """A text of words and emotes, with a space between two."""
    text, spans = "", []
    for words, emote in parts:
        text += " " if text else ""
        if emote:
            spans.append(EmoteSpan(emote, "KeepCalm", len(text), len(text) + 7))
        text += "KeepCalm" if emote else words
    return text, tuple(spans) if text.strip() else ()


def rows_of(events: Sequence[Event], topic: Topic = Topic.CHAT_MESSAGES) -> list[dict[str, Any]]:
    """Events as rows, with values that JSON has."""
    table = TABLE_OF[topic]
    arrow = to_arrow(table, columns_of(table, events, Extras()), rows=len(events))
    rows: list[dict[str, Any]] = arrow.to_pylist(maps_as_pydicts="lossy")
    return [row | {"ts": row["ts"].isoformat(), "date": row["date"].isoformat(), "stored_us": 1} for row in rows]


def written(name: str, rows: Sequence[Mapping[str, Any]], **about: Any) -> bytes:
    """A file of rows, which come in batches of two."""
    batches = [rows[start : start + 2] for start in range(0, len(rows), 2)]
    columns = tuple(rows[0]) if rows else ("id", "text")
    given: dict[str, Any] = {"columns": columns, "channel": "aurora", "room_id": "77", "start_us": START_US}
    return b"".join(write(WRITERS[name], batches, About(**(given | about))))


def held(name: str) -> set[str]:
    """The fields of a message that a format gives back, as the documents promise."""
    lines = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    table = [cells for cells in lines if len(cells) == 6]
    place = table[0].index(name)
    columns = {cells[0].strip("`") for cells in table[1:] if cells[place] == "yes"}
    return columns & set(ChatMessage.__struct_fields__)


def kept(message: ChatMessage, fields: Iterable[str]) -> ChatMessage:
    """A message with these fields only, as an import makes it."""
    bare = ChatMessage(id="", ts_us=0, received_us=0, source=Source.IMPORT)
    return replace(bare, **{field: getattr(message, field) for field in fields})
