"""Which stored messages a moderator removed, as SQL over `messages` and `moderation`.

Twitch says who was silenced, not which lines went away: a chat client takes away everything that it still shows of
that user, or of the channel when the whole chat was cleared. `SHOWN_US` stands for what a client still shows. A single
deleted message is named by its id. The first removal of a message counts.

Only moderation that was stored since the last look is read, and an hour before that: messages may reach their table
later than the removal that they fall under.
"""

from dataclasses import dataclass

SHOWN_US = 600_000_000
"""Ten minutes; what a busy chat keeps in view is far less, what a quiet one keeps is not much more."""
LATE_US = 3_600_000_000
"""How much later than its removal a message may be stored."""
DAY_US = 86_400_000_000
"""How long after it was said a single message may be deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """Messages to be marked."""

    ids: list[str]
    deleted_us: list[int]
    """When each was removed."""
    low_us: int
    """`ts_us` of the oldest."""
    high_us: int
    upto_us: int
    """`stored_us` of the newest moderation that was looked at."""


def bounds_statement(since_us: int) -> tuple[str, list[int]]:
    """Ask for first and last `ts_us` and last `stored_us` of the moderation to look at, with its arguments."""
    statement = (
        "SELECT min(ts_us) AS low_us, max(ts_us) AS high_us, max(stored_us) AS upto_us FROM moderation "
        "WHERE stored_us > ?"
    )
    return statement, [since_us - LATE_US]


def removed_statement(since_us: int, low_us: int, high_us: int) -> tuple[str, list[int]]:
    """Ask for id, time of removal and `ts_us` of every message that moderation removed, with the arguments."""
    return _REMOVED, [since_us - LATE_US, low_us - DAY_US, high_us + SHOWN_US]


_SHOWN = f"m.ts_us BETWEEN r.ts_us - {SHOWN_US} AND r.ts_us AND m.time_kind <> 'none'"
_REMOVED = f"""
WITH r AS (
    SELECT kind, channel, target_id, target_login, message_id, ts_us FROM moderation WHERE stored_us > ?
), m AS (
    SELECT id, channel, user_id, user_login, ts_us, time_kind FROM messages
    WHERE deleted_us IS NULL AND ts_us BETWEEN ? AND ?
), hit AS (
    SELECT m.id, m.ts_us, r.ts_us AS at_us FROM m JOIN r ON m.id = r.message_id WHERE r.kind = 'delete'
    UNION ALL
    SELECT m.id, m.ts_us, r.ts_us FROM m JOIN r ON m.channel = r.channel AND m.user_id = r.target_id
    WHERE r.kind IN ('timeout', 'ban') AND {_SHOWN}
    UNION ALL -- old logs know logins only
    SELECT m.id, m.ts_us, r.ts_us FROM m JOIN r ON m.channel = r.channel AND m.user_login = r.target_login
    WHERE r.kind IN ('timeout', 'ban') AND {_SHOWN} AND (r.target_id IS NULL OR m.user_id IS NULL)
    UNION ALL
    SELECT m.id, m.ts_us, r.ts_us FROM m JOIN r ON m.channel = r.channel WHERE r.kind = 'clear' AND {_SHOWN}
)
SELECT id, min(at_us) AS at_us, any_value(ts_us) AS ts_us FROM hit GROUP BY id
"""  # noqa: S608 - constants of this module
