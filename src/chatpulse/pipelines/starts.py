"""When recordings began, from a list that somebody keeps: a CSV with `file` or `vod_id`, `start` and `channel`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from chatpulse.errors import InputError

HOW = "give ISO 8601 as in 2026-11-25T18:00:00Z, or seconds since 1970"


@dataclass(frozen=True, slots=True)
class Start:
    """What the list says about one recording."""

    start_us: int | None = None
    channel: str = ""
    video_id: str = ""


@dataclass(frozen=True, slots=True)
class Starts:
    """The list, by file name or number of the video."""

    known: Mapping[str, Start] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Starts":
        """Read the list, or raise `InputError`."""
        try:
            with path.open(encoding="utf-8-sig", newline="") as source:
                rows = list(csv.DictReader(source))
        except (OSError, UnicodeDecodeError, csv.Error) as exc:
            raise InputError(f"list of starts {str(path)!r} cannot be read ({exc}); it is a CSV in UTF-8") from exc
        if rows and not ({"file", "vod_id"} & rows[0].keys()):
            found = ", ".join(rows[0])
            raise InputError(f"list of starts {str(path)!r} has the columns {found}; it needs file or vod_id, start")
        known: dict[str, Start] = {}
        for row in rows:
            start = (row.get("start") or "").strip()
            entry = Start(
                parse_time(start) if start else None,
                (row.get("channel") or "").strip().lower().removeprefix("#"),
                (row.get("vod_id") or "").strip(),
            )
            known |= dict.fromkeys(filter(None, ((row.get("file") or "").strip(), entry.video_id)), entry)
        return cls(known)

    def of(self, path: Path, video_id: str) -> tuple[int | None, str, str]:
        """Start, channel and video of a file: by its name, with or without endings, else by the number of its video."""
        for name in (path.name, path.stem, path.name.split(".")[0], video_id):
            if name and name in self.known:
                found = self.known[name]
                return found.start_us, found.channel, found.video_id
        return None, "", ""


def parse_time(text: str) -> int:
    """Read an instant in microseconds UTC; without a zone it is UTC. `InputError` when it is none."""
    try:
        if text.replace(".", "", 1).isdecimal():
            return round(float(text) * 1e6)
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise InputError(f"time {text!r} cannot be read; {HOW}") from None
    since = (at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
