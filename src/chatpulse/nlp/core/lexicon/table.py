"""Read the lexicon's tables: lines of one judgement and everything that it holds for.

A line is `valence [~doubt] [reaction ...]: name name ...`, for example `+1.0 laughter: LUL KEKW`. Valence goes from
-3 to 3. Doubt, 0 to 2, says that people read the thing both ways: it makes the score less certain, not more negative.
Lines that start with `#` are remarks. Names are separated by spaces; in a table of phrases, by commas.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from chatpulse.domain.scores import Reaction
from chatpulse.errors import InputError

VALENCE_LIMIT = 3.0
DOUBT_LIMIT = 2.0


@dataclass(frozen=True, slots=True)
class Entry:
    """What one judgement says about everything on its line."""

    valence: float
    doubt: float = 0.0
    reactions: tuple[Reaction, ...] = ()

    def scaled(self, factor: float) -> "Entry":
        """The same judgement, held less or more strongly."""
        return Entry(self.valence * factor, self.doubt * factor, self.reactions)


def read_table(*tables: str, separator: str | None = None) -> dict[str, Entry]:
    """Turn tables into names with their judgements.

    Args:
        tables: texts in the form that the module describes.
        separator: what stands between names; None for spaces.

    Returns:
        Every name with its entry.

    Raises:
        InputError: A line does not read, or a name is there twice.
    """
    entries: dict[str, Entry] = {}
    for line in _lines(tables):
        head, colon, names = line.partition(": ")
        if not colon:
            raise InputError(f"lexicon line {line!r} needs 'valence: names'")
        entry = _read_judgement(head)
        for name in filter(None, map(str.strip, names.split(separator))):
            if name in entries:
                raise InputError(f"{name!r} stands twice in one part of the lexicon: keep one of its lines")
            entries[name] = entry
    return entries


def _lines(tables: Iterable[str]) -> Iterable[str]:
    """The lines that say something, with continued ones (indented) joined to their first."""
    for table in tables:
        joined = table.replace("\n    ", " ")
        yield from (line for line in joined.splitlines() if line and not line.startswith("#"))


def _read_judgement(head: str) -> Entry:
    """Read `valence [~doubt] [reaction ...]`.

    Returns:
        The entry that all names of the line share.

    Raises:
        InputError: A number is out of its range or a word is no reaction.
    """
    valence, *rest = head.split()
    doubts = [word for word in rest if word.startswith("~")]
    try:
        entry = Entry(
            float(valence),
            sum(float(word[1:]) for word in doubts),
            tuple(Reaction(word) for word in rest if word not in doubts),
        )
    except ValueError as exc:
        raise InputError(f"lexicon judgement {head!r} does not read: {exc}") from None
    if not (abs(entry.valence) <= VALENCE_LIMIT and 0.0 <= entry.doubt <= DOUBT_LIMIT):
        raise InputError(f"lexicon judgement {head!r} must have valence within 3 and doubt from 0 to 2")
    return entry
