"""Which stored messages a moderator removed, as SQL over `messages` and `moderation`.

Twitch says who was silenced, not which lines went away. A timeout or ban covers what that user said in that room in the
24 hours before it (`COVER_US`, a setting), a full clear what anybody said there in that time; a single deleted message
is named by its id. The first removal of a message counts. Rows of a recording whose times count from its start are
compared with rows of the same recording only.

A message and its removal may be stored in either order. What has been looked at is remembered for both tables, by
`stored_us`: a pair is looked at again only when one of the two is newer than that, or nearly as old.
"""

from dataclasses import dataclass
from typing import Any

COVER_US = 86_400_000_000
"""24 hours: longer than a stream, so that nothing of it is left to read."""
DAY_US = 86_400_000_000
"""How long after it was said a single message may be deleted."""
SKEW_US = 600_000_000
"""How much later than its own deletion a message may seem to be said, by another clock."""
LATE_US = 10_000_000
"""How much later than `stored_us` a row may become visible: what a write takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Up to which `stored_us` rows have been compared."""

    moderation_us: int = 0
    messages_us: int = 0
    rows: int = 0
    """How many there were in both tables; as long as there are as many, nothing is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Rows that have not been compared: their first and last `ts_us`, and the newest `stored_us` there is."""

    moderation: tuple[int, int] | None
    messages: tuple[int, int] | None
    upto: Looked


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """Messages to be marked."""

    ids: list[str]
    deleted_us: list[int]
    """When each was removed."""
    low_us: int
    """`ts_us` of the oldest."""
    high_us: int


def news_statement(looked: Looked, *, schema: str = "main") -> tuple[str, list[int]]:
    """Ask what has not been compared, one row per table, with the arguments."""
    statement = " UNION ALL ".join(
        f"SELECT '{table}' AS name, min(ts_us) AS low, max(ts_us) AS high, max(stored_us) AS upto "  # noqa: S608
        f"FROM {schema}.{table} WHERE stored_us > ?"
        for table in ("moderation", "messages")
    )
    return statement, [looked.moderation_us - LATE_US, looked.messages_us - LATE_US]


def read_news(answer: list[dict[str, Any]], looked: Looked, *, rows: int) -> News:
    """Make sense of what `news_statement` answers about tables with so many rows."""
    found = {row["name"]: row for row in answer}
    spans = {name: (row["low"], row["high"]) if row["low"] is not None else None for name, row in found.items()}
    upto = Looked(
        moderation_us=max(found["moderation"]["upto"] or 0, looked.moderation_us),
        messages_us=max(found["messages"]["upto"] or 0, looked.messages_us),
        rows=rows,
    )
    return News(moderation=spans["moderation"], messages=spans["messages"], upto=upto)


def removed_statement(news: News, looked: Looked, *, cover_us: int = COVER_US, schema: str = "main") -> str:
    """Ask for id, time of removal and `ts_us` of every message without a mark that moderation removed."""
    reach_us = max(cover_us, DAY_US)
    messages = f"stored_us > {looked.messages_us - LATE_US}"
    moderation = f"stored_us > {looked.moderation_us - LATE_US}"
    if news.moderation is not None:
        low, high = news.moderation
        messages = f"({messages} OR ts_us BETWEEN {low - reach_us} AND {high + SKEW_US})"
    if news.messages is not None:
        low, high = news.messages
        moderation = f"({moderation} OR ts_us BETWEEN {low - SKEW_US} AND {high + reach_us})"
    return _REMOVED.format(schema=schema, messages=messages, moderation=moderation, cover_us=cover_us)


_BASE = "CASE time_kind WHEN 'offset' THEN concat('offset ', video_id) ELSE time_kind END"
_REMOVED = f"""
WITH r AS MATERIALIZED (
    SELECT kind, channel, target_id, target_login, message_id, ts_us, {_BASE} AS base FROM {{schema}}.moderation
    WHERE {{moderation}}
), m AS MATERIALIZED (
    SELECT id, channel, user_id, user_login, ts_us, {_BASE} AS base FROM {{schema}}.messages
    WHERE deleted_us IS NULL AND {{messages}}
), said AS (
    SELECT * FROM m WHERE base <> 'none'
), silenced AS MATERIALIZED (
    SELECT * FROM r WHERE kind IN ('timeout', 'ban')
), hit AS (
    SELECT m.id, m.ts_us, r.ts_us AS at_us FROM m JOIN r ON m.id = r.message_id WHERE r.kind = 'delete'
    UNION ALL
    SELECT s.id, s.ts_us, r.ts_us FROM said s ASOF JOIN silenced r
    ON s.channel = r.channel AND s.base = r.base AND s.user_id = r.target_id AND s.ts_us <= r.ts_us
    WHERE r.ts_us - s.ts_us <= {{cover_us}}
    UNION ALL -- old logs know logins only
    SELECT s.id, s.ts_us, r.ts_us FROM said s ASOF JOIN (SELECT * FROM silenced WHERE target_id IS NULL) r
    ON s.channel = r.channel AND s.base = r.base AND s.user_login = r.target_login AND s.ts_us <= r.ts_us
    WHERE r.ts_us - s.ts_us <= {{cover_us}}
    UNION ALL
    SELECT s.id, s.ts_us, r.ts_us FROM (SELECT * FROM said WHERE user_id IS NULL) s ASOF JOIN silenced r
    ON s.channel = r.channel AND s.base = r.base AND s.user_login = r.target_login AND s.ts_us <= r.ts_us
    WHERE r.ts_us - s.ts_us <= {{cover_us}}
    UNION ALL
    SELECT s.id, s.ts_us, r.ts_us FROM said s ASOF JOIN (SELECT * FROM r WHERE kind = 'clear') r
    ON s.channel = r.channel AND s.base = r.base AND s.ts_us <= r.ts_us
    WHERE r.ts_us - s.ts_us <= {{cover_us}}
)
SELECT id, min(at_us) AS at_us, any_value(ts_us) AS ts_us FROM hit GROUP BY id
"""  # noqa: S608 - constants of this module
