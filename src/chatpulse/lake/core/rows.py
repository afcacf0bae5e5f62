"""Turn events and scores into the columns of a table, without knowing Arrow.

A column is read off all events at once: one attribute, one list. Times become numpy arrays, lists become their items
end to end with a length per row, which is how Arrow and Parquet hold them, so that nothing is copied per row later.
Events come from strangers: a number beyond 64 bits is cut to the nearest that fits, whatever it says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Any

import numpy as np

from chatpulse.domain.chat import TOPIC_TYPES, EmoteSpan, Event
from chatpulse.domain.scores import Score, Scored
from chatpulse.domain.tables import Column, Table, Type, tag_of

INT_MIN, INT_MAX = -(2**63), 2**63 - 1
FIRST_TS_US, LAST_TS_US = -62_135_596_800_000_000, 253_402_300_799_999_999
"""The years 1 to 9999: what dates can say in SQL and in Python alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """A column of lists: the items of all rows end to end."""

    lengths: list[int]
    items: list[Any] | dict[str, Any]
    """For lists of structs: a column of items per field."""


Values = list[Any] | np.ndarray | Lists | None
"""A column's values, one per row; None: null in all rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What a table says about its events beside their own fields."""

    scored: Sequence[Scored] | None = None
    """One per event, or None when nothing was scored."""
    scorer: str = ""
    scorer_version: str = ""


def columns_of(table: Table, events: Sequence[Event], extras: Extras) -> dict[str, Values]:
    """Read every column of a table off events of its topic; when they are stored and removed is filled in later."""
    made = _times(events) | _score_columns(extras)
    classes = {type(event) for event in events}
    tags = {cls: tag_of(cls) for cls in TOPIC_TYPES[table.topic]}
    if any(tags.values()):
        made["kind"] = [tags[type(event)] for event in events]
    return {
        column.name: made[column.name] if column.name in made else _read(column, classes, events)
        for column in table.columns
    }


def _times(events: Sequence[Event]) -> dict[str, Values]:
    ts_us = np.array(_integers([event.ts_us for event in events]))
    ts = np.clip(ts_us, FIRST_TS_US, LAST_TS_US).view("datetime64[us]")
    return {
        "ts": ts,
        "ts_us": ts_us,
        "date": ts.astype("datetime64[D]"),
        "stored_us": None,
    }


def _score_columns(extras: Extras) -> dict[str, Values]:
    made: dict[str, Values] = {"deleted_us": None}
    names = ("terms", *Score.__struct_fields__, "scorer", "scorer_version")
    if extras.scored is None:
        return made | dict.fromkeys(names)
    scores = [scored.score for scored in extras.scored]
    made["negative"] = [score.negative for score in scores]
    made["neutral"] = [score.neutral for score in scores]
    made["positive"] = [score.positive for score in scores]
    made["valence"] = [score.valence for score in scores]
    made["confidence"] = [score.confidence for score in scores]
    made["label"] = [score.label for score in scores]
    made["best"] = [score.best for score in scores]
    made["reactions"] = _lists([score.reactions for score in scores])
    made["flags"] = _lists([score.flags for score in scores])
    made["terms"] = _lists([scored.terms for scored in extras.scored])
    made["scorer"] = [extras.scorer or None] * len(scores)
    made["scorer_version"] = [extras.scorer_version or None] * len(scores)
    return made


def _read(column: Column, classes: Iterable[type[Event]], events: Sequence[Event]) -> Values:
    """One field of all events; null where a class does not have it."""
    name = column.name
    having = [cls for cls in classes if name in cls.__struct_fields__]
    if not having:
        return None
    values = (
        list(map(attrgetter(name), events))
        if len(having) == len(set(classes))
        else [getattr(event, name, None) for event in events]
    )
    return _as_type(column, values)


def _as_type(column: Column, values: list[Any]) -> Values:
    match column.type:
        case Type.INT:
            return _integers(values)
        case Type.STRINGS:
            return _badges(values)
        case Type.EMOTES:
            return _emotes(values)
        case Type.TAGS:
            return [list(tags.items()) if tags is not None else None for tags in values]
        case Type.STRING if column.nullable:
            return [value or None for value in values]
        case _:
            return values


def _lists(values: Sequence[Sequence[Any]]) -> Lists:
    return Lists(lengths=list(map(len, values)), items=list(chain.from_iterable(values)))


def _badges(values: Sequence[str]) -> Lists:
    # Few users have badges that nobody else has: each wording is split once.
    split = {badges: badges.split(",") if badges else [] for badges in set(values)}
    return _lists([split[badges] for badges in values])


def _emotes(values: Sequence[Sequence[EmoteSpan]]) -> Lists:
    spans = list(chain.from_iterable(values))
    items = {
        "id": [span.id for span in spans],
        "name": [span.name for span in spans],
        "start": _integers([span.start for span in spans]),
        "end": _integers([span.end for span in spans]),
    }
    return Lists(lengths=list(map(len, values)), items=items)


def _integers(values: list[Any]) -> np.ndarray | list[int | None]:
    """Whole numbers as an array; as a list when some are missing."""
    try:
        return np.fromiter(values, np.int64, len(values))
    except (OverflowError, TypeError):
        cut = [None if value is None else min(max(value, INT_MIN), INT_MAX) for value in values]
    return cut if None in cut else np.array(cut, dtype=np.int64)
