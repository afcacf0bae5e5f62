"""Turn rows of the tables back into the events and scores that they were made of.

A row is a mapping from column to value, as a query hands it out. What a table does not keep stays empty: the raw line,
and of a score the tokens that decided. Emotes and the wave key are read off the text again, which may give other ones
than at the time when the channel's own emotes were known.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from chatpulse.domain.chat import TOPIC_TYPES, ChatMessage, Event, Topic
from chatpulse.domain.scores import Flag, Label, Reaction, Score, Scored
from chatpulse.errors import DamagedError
from chatpulse.nlp.core.normalise import normalise

AnyEvent = TypeVar("AnyEvent", bound=Event)


def from_row(row: Mapping[str, Any]) -> tuple[ChatMessage, Scored]:
    """A message and its score from a row of `messages`; `DamagedError` when it is none."""
    message = _convert(row, ChatMessage)
    score = _score(row)
    text = normalise(message.text, message.emotes, bits=message.bits)
    terms = tuple(row.get("terms") or text.terms)
    return message, Scored(score=score, terms=terms, emotes=text.emotes, wave_key=text.wave_key)


def event_from_row(row: Mapping[str, Any], topic: Topic) -> Event:
    """An event from a row of the table of a topic; `DamagedError` when it is none."""
    classes = {cls.__struct_config__.tag: cls for cls in TOPIC_TYPES[topic]}
    # A tag is what tells classes apart; a topic with one class has none, whatever its `kind` says.
    cls = classes.get(None) or classes.get(row.get("kind"))
    if cls is None:
        raise DamagedError(
            f"row {row.get('id')!r} of {topic.value} has kind {row.get('kind')!r}: no such event is known"
        )
    return _convert(row, cls)


def _convert(row: Mapping[str, Any], cls: type[AnyEvent]) -> AnyEvent:
    values = {name: value for name, value in row.items() if value is not None}
    if "badges" in values:
        values["badges"] = ",".join(values["badges"])
    if "emotes" in values:
        values["emotes"] = [[span["id"], span["name"], span["start"], span["end"]] for span in values["emotes"]]
    if "tags" in values:
        values["tags"] = dict(values["tags"])
    try:
        return msgspec.convert(values, cls)
    except msgspec.ValidationError as exc:
        raise DamagedError(f"row {row.get('id')!r} is not a {cls.__name__}: {exc}") from exc


def _score(row: Mapping[str, Any]) -> Score:
    """The stored score; one that says nothing for a message that was not scored."""
    try:
        reactions = tuple(Reaction(name) for name in row.get("reactions") or ())
        flags = tuple(Flag(name) for name in row.get("flags") or ())
        if row.get("valence") is None:
            flags = tuple(dict.fromkeys((*flags, Flag.UNSUPPORTED)))
            return Score(
                negative=0.0,
                neutral=1.0,
                positive=0.0,
                valence=0.0,
                label=Label.UNSURE,
                best=Label.NEUTRAL,
                confidence=0.0,
                reactions=reactions,
                flags=flags,
            )
        return Score(
            negative=float(row["negative"]),
            neutral=float(row["neutral"]),
            positive=float(row["positive"]),
            valence=float(row["valence"]),
            label=Label(row["label"]),
            best=Label(row["best"]),
            confidence=float(row["confidence"]),
            reactions=reactions,
            flags=flags,
        )
    except (KeyError, TypeError, ValueError) as exc:
        raise DamagedError(f"row {row.get('id')!r} of messages holds no score that can be read: {exc}") from exc
