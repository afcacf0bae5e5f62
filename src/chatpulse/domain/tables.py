"""The tables that chat is kept in: every column and version, defined once.

One table per topic of the record. Its first columns are the same everywhere, then come the fields of the topic's event
classes in `domain.chat`, read off the classes themselves, so that a new field is a new column. `messages` adds what
was made of each text: terms and a score.

How a field becomes a value: text that the wire left empty is null, a number or a flag that it left out keeps the
default of its class (0, False), a field that this kind of event does not have is null. `raw` stays in the record and is
no column, except in `quarantine`, where it is all there is.
"""

import types
from dataclasses import dataclass
from enum import StrEnum
from typing import get_args, get_origin, get_type_hints

import msgspec

from chatpulse.domain.chat import TOPIC_TYPES, Event, Source, Topic
from chatpulse.domain.scores import Flag, Label, Reaction


class Type(StrEnum):
    """What a column holds, in the words of Delta and Arrow alike."""

    STRING = "string"
    INT = "int64"
    FLOAT = "double"
    BOOL = "bool"
    TIMESTAMP = "timestamp[us, UTC]"
    DATE = "date"
    BINARY = "binary"
    STRINGS = "list<string>"
    EMOTES = "list<struct<id, name, start, end>>"
    TAGS = "map<string, string>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table."""

    name: str
    type: Type
    doc: str
    """One line for the reference."""
    nullable: bool = True
    """Whether a row may have no value here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: the rows of one topic."""

    name: str
    topic: Topic
    version: int
    """Raised with every change to the columns, which are only ever added: a table of a lower version is read with nulls
    in their place and gets them when something is written to it; one of a higher version is not touched."""
    doc: str
    columns: tuple[Column, ...]


def _listed(values: type[StrEnum]) -> str:
    return ", ".join(f"`{value}`" for value in values)


_NAMES = {Topic.CHAT_MESSAGES: "messages"}
_VERSIONS = dict.fromkeys(Topic, 2)
"""2 added `video_id` and `copy_of`."""
_TABLE_DOCS = {
    Topic.CHAT_MESSAGES: "Every line that somebody said, with its score.",
    Topic.SUBSCRIPTIONS: "Subscriptions: new, renewed, given, upgraded, extended, passed on.",
    Topic.EVENTS: "Everything else that Twitch announces in a chat: raids, announcements, streaks, unknown kinds.",
    Topic.MODERATION: "What moderators did: timeouts, bans, cleared chats, deleted messages.",
    Topic.ROOM: "What a channel says about itself: its modes and its notices.",
    Topic.QUARANTINE: "Lines that could not become an event, kept as they came.",
}

_COMMON = (
    Column(name="id", type=Type.STRING, doc="Twitch's id, else a hash; no two rows share it.", nullable=False),
    Column(name="channel", type=Type.STRING, doc="Login of the channel, lower case; null only in `quarantine`."),
    Column(name="room_id", type=Type.STRING, doc="Twitch's number of the channel."),
    Column(name="ts", type=Type.TIMESTAMP, doc="`ts_us` for people, held within the years 1 to 9999.", nullable=False),
    Column(name="ts_us", type=Type.INT, doc="When it happened, microseconds UTC; see `time_kind`.", nullable=False),
    Column(name="date", type=Type.DATE, doc="UTC day of `ts`; the table is partitioned by it.", nullable=False),
    Column(name="received_us", type=Type.INT, doc="When chatpulse got it, microseconds UTC.", nullable=False),
    Column(name="stored_us", type=Type.INT, doc="When this row was written, microseconds UTC.", nullable=False),
    Column(name="source", type=Type.STRING, doc=f"One of {_listed(Source)}.", nullable=False),
    Column(
        name="time_kind",
        type=Type.STRING,
        doc="What `ts_us` counts from: `epoch` (1970), `offset` (the recording's start), `none` (unknown, 0).",
        nullable=False,
    ),
    Column(name="precision_us", type=Type.INT, doc="How exact `ts_us` is, microseconds.", nullable=False),
    Column(name="inferred", type=Type.BOOL, doc="Derived from words that a user could have typed.", nullable=False),
    Column(name="video_id", type=Type.STRING, doc="The recording that it comes from; null for live chat."),
    Column(name="copy_of", type=Type.STRING, doc="Id of the row that says the same, where both are kept on purpose."),
)  # fmt: skip

_SCORE = (
    Column(name="deleted_us", type=Type.INT, doc="When a moderator removed it, microseconds UTC; null: not removed."),
    Column(name="terms", type=Type.STRINGS, doc="Words and emotes for counting, from the normaliser, each once."),
    Column(name="negative", type=Type.FLOAT, doc="Probability that the message is negative."),
    Column(name="neutral", type=Type.FLOAT, doc="Probability that it is neutral."),
    Column(name="positive", type=Type.FLOAT, doc="Probability that it is positive."),
    Column(name="valence", type=Type.FLOAT, doc="`positive - negative`, from -1 to 1."),
    Column(name="label", type=Type.STRING, doc=f"One of {_listed(Label)}."),
    Column(name="best", type=Type.STRING, doc="The largest of the three, also when the label is `unsure`."),
    Column(name="confidence", type=Type.FLOAT, doc="0 to 1: the lead of the largest probability over the second."),
    Column(name="reactions", type=Type.STRINGS, doc=f"Any of {_listed(Reaction)}."),
    Column(name="flags", type=Type.STRINGS, doc=f"Any of {_listed(Flag)}."),
    Column(name="scorer", type=Type.STRING, doc="Name of what gave the score; null: not scored."),
    Column(name="scorer_version", type=Type.STRING, doc="Its version."),
)  # fmt: skip

_DOCS: dict[str, str] = {
    "action": "Said with `/me`.",
    "amount": "How much: money in units of 10 ** -exponent, streams in a row, rewards.",
    "anonymous": "The giver does not want to be named.",
    "badges": "Badges of the user, each `name/version`.",
    "batch_id": "Ties gifts to their batch.",
    "bits": "Bits cheered with it.",
    "bonus_count": "Gifts that Twitch adds on top.",
    "category": "What kind of milestone.",
    "charity": "Name of the charity.",
    "color": "Colour of the announcement.",
    "currency": "Three-letter code of the currency.",
    "domain": "Which kind of reward was shared.",
    "duration_s": "Length of a timeout in seconds; 0 otherwise.",
    "emote_only": "Only emotes are allowed; null: this line does not say.",
    "emotes": "Native emotes in `text`: id, code, first and last code point.",
    "end_month": "Calendar month in which the benefit ends, 1 to 12.",
    "exponent": "Decimal places of `amount`.",
    "first": "The user's first message ever in this channel.",
    "followers_only_min": "Minutes of following needed to talk; -1: off; null: this line does not say.",
    "gift_count": "Gifts in the batch.",
    "gift_id": "Which bits gift.",
    "gifter_id": "Twitch's number of the user who had given.",
    "gifter_login": "Login of the user who had given.",
    "gifter_name": "Display name of the user who had given.",
    "kind": "What happened.",
    "level": "Level of the badge.",
    "message_id": "Id of the deleted message.",
    "months": "Months subscribed in total; 0: not a subscriber.",
    "ms_remaining": "Milliseconds until the combo ends.",
    "name": "Name of the ritual, prize or unknown notice.",
    "notice_id": "Twitch's name of the notice.",
    "paid_months": "Months paid with this event.",
    "plan": "`Prime`, `1000`, `2000` or `3000`.",
    "plan_name": "The channel's own name of the plan.",
    "promo_name": "Name of the promotion.",
    "promo_total": "Gifts given in the promotion.",
    "raw": "The line as it came.",
    "reason": "Why it could not become an event.",
    "recipient_id": "Twitch's number of the user who is given to.",
    "recipient_login": "Login of the user who is given to.",
    "recipient_name": "Display name of the user who is given to.",
    "reply_to": "Id of the message that this one answers.",
    "reward": "Channel points earned.",
    "reward_id": "Channel-points reward that the text redeems.",
    "selected_count": "Users who got a reward.",
    "sender_total": "Gifts of this giver in this channel so far; 0: unknown.",
    "slow_s": "Seconds between two messages of a user; null: this line does not say.",
    "source_id": "Shared chat: id of the message in the room where it was said.",
    "source_room_id": "Shared chat: the room where it was said.",
    "stage": "`started`, `breakpoint` or `expired`.",
    "streak": "Months in a row, when the user shares it; 0 otherwise.",
    "subs_only": "Only subscribers may talk; null: this line does not say.",
    "system_text": "Twitch's sentence about the event.",
    "tags": "Every tag of a notice that this version does not know.",
    "taps": "Taps of the combo so far.",
    "target_id": "Twitch's number of the user who was moderated.",
    "target_login": "Login of the user who was moderated.",
    "text": "What was said.",
    "threshold": "Bits of the badge.",
    "total_count": "Rewards handed out.",
    "trigger": "What set the reward off.",
    "unique_only": "Repeated messages are refused; null: this line does not say.",
    "user_id": "Twitch's number of the user.",
    "user_login": "Login of the user, lower case.",
    "user_name": "Display name of the user.",
    "viewers": "Viewers that come with the raid.",
    "was_gifted": "A courtesy notice about a gift: no new money.",
}

_TYPES: dict[object, Type] = {
    str: Type.STRING,
    int: Type.INT,
    bool: Type.BOOL,
    bytes: Type.BINARY,
    dict: Type.TAGS,
    tuple: Type.EMOTES,
}
_NEVER_NULL = {"messages.text", "moderation.kind", "quarantine.reason", "quarantine.raw"}
_COMMON_FIELDS = {field.name for field in msgspec.structs.fields(Event)}


def _table(topic: Topic) -> Table:
    name = _NAMES.get(topic, topic.value)
    columns = (*_COMMON, *_event_columns(name, TOPIC_TYPES[topic]))
    if topic is Topic.CHAT_MESSAGES:
        columns = (*columns, *_SCORE)
    return Table(name=name, topic=topic, version=_VERSIONS[topic], doc=_TABLE_DOCS[topic], columns=columns)


def _event_columns(table: str, classes: tuple[type[Event], ...]) -> list[Column]:
    """Columns of the fields that only this topic's events have, `kind` first, then in the order of the classes."""
    columns: dict[str, Column] = {}
    if any(tag_of(cls) for cls in classes):
        columns["kind"] = Column(name="kind", type=Type.STRING, doc=_DOCS["kind"], nullable=False)
    everywhere = set.intersection(*({field.name for field in msgspec.structs.fields(cls)} for cls in classes))
    for cls in classes:
        hints = get_type_hints(cls)
        for field in msgspec.structs.fields(cls):
            name = field.name
            if name in columns or name in _COMMON_FIELDS or (name == "raw" and hints[name] is str):
                continue
            kind = Type.STRINGS if name == "badges" else _type_of(hints[name])
            sure = name in everywhere and kind in {Type.INT, Type.BOOL, Type.STRINGS, Type.EMOTES}
            nullable = not (f"{table}.{name}" in _NEVER_NULL or (sure and not _optional(hints[name])))
            columns[name] = Column(name=name, type=kind, doc=_DOCS.get(name, ""), nullable=nullable)
    return list(columns.values())


def tag_of(cls: type[Event]) -> str | None:
    """The value of `kind` that stands for a class; None where the class has no tag."""
    tag = cls.__struct_config__.tag
    return tag if isinstance(tag, str) else None


def _optional(hint: object) -> bool:
    return get_origin(hint) is types.UnionType


def _type_of(hint: object) -> Type:
    """The column type of a field's annotation: of `X | None` that of X, of a closed set that of text."""
    if _optional(hint):
        hint = next(arg for arg in get_args(hint) if arg is not types.NoneType)
    origin = get_origin(hint) or hint
    if isinstance(origin, type) and issubclass(origin, StrEnum):
        return Type.STRING
    return _TYPES[origin]


TABLES: dict[str, Table] = {table.name: table for table in map(_table, Topic)}
"""All tables by name."""
TABLE_OF: dict[Topic, Table] = {table.topic: table for table in TABLES.values()}
