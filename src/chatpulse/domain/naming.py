"""Find people in what is kept, and put something else in their place: nothing, or a pseudonym.

A person stands in an event as id, login and display name (`ROLES`), and as a word in texts. How sure a word is to be a
name depends on where it stands: behind an `@` it is meant as one; in a sentence of Twitch's every word may be one; in
what a user says only a word that nobody would use otherwise is taken for a name, one with a digit or an underscore.
A `Naming` decides about each, so that forgetting, opting out and pseudonyms are one walk through the same places.

A text that changes its length moves the emotes behind the change: an `Edit` says where and how far.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from chatpulse.domain.chat import EmoteSpan

FORGOTTEN = "_forgotten_"
"""What stands in texts where a name stood. No login begins with `_`; behind an `@` it still reads as a mention."""
USER = ("user_id", "user_login", "user_name")
TARGET = ("target_id", "target_login", "")
ROLES = (
    USER,
    TARGET,
    ("gifter_id", "gifter_login", "gifter_name"),
    ("recipient_id", "recipient_login", "recipient_name"),
)
"""Fields of events, and columns of tables, that name one person each."""
_IN_TALK = re.compile(r"@(\w+)|(?<![\w#])(?=\w*[\d_])(?=\w*[^\W\d_])(\w{4,64}+)(?!\w)")
_IN_SENTENCE = re.compile(r"(?<![\w#])@?(\w+)")
_WORD = re.compile(r"\w+")
_SPELLING = 4
"""Letters from which on the beginning of a word in a script without spaces is taken for a name."""

Person = tuple[str, str, str]
"""Id, login and display name; empty where unknown."""


class Naming(Protocol):
    """What becomes of people's names."""

    def person(self, user_id: str, login: str, name: str) -> Person:
        """What stands in the place of a person; the same when nothing is to change."""

    def mention(self, word: str) -> str:
        """What stands behind an `@`; the same word when it stays."""

    def word(self, word: str) -> str:
        """What stands in the place of a word that may be a name; the same when it stays."""


class People(Naming, Protocol):
    """Some people, to be found and named otherwise."""

    @property
    def hint(self) -> str:
        """A pattern (RE2, whatever the case) that is found in every text with one of their names; empty: nobody."""

    def has(self, user_id: str, login: str, name: str) -> bool:
        """Whether somebody is one of them."""

    def in_line(self, raw: bytes) -> bool:
        """Whether a line that nobody understands names one of them."""


class Edit(NamedTuple):
    """A part of a text that got another length."""

    start: int
    end: int
    """Behind its last code point, in the old text."""
    growth: int


class Forgotten:
    """People who are to leave no trace."""

    def __init__(self, *, ids: Iterable[str], names: Iterable[str], logins: Iterable[str] = ()) -> None:
        """Say who they are.

        Args:
            ids: Twitch's numbers of them.
            names: all logins and display names that they have had.
            logins: names that are theirs even where an id of somebody else stands beside.
        """
        self.ids = frozenset(ids) - {""}
        self.names = frozenset(name.casefold() for name in names) - {""}
        self.logins = frozenset(login.casefold() for login in logins) - {""}
        self._spelled = tuple(name for name in self.names if not name.isascii())
        self._long = tuple(name for name in self._spelled if len(name) >= _SPELLING)

    @property
    def hint(self) -> str:
        """Their names."""
        return "|".join(map(re.escape, sorted(self.names)))

    def has(self, user_id: str, login: str, name: str = "") -> bool:
        """Whether somebody is one of them."""
        login, name = login.casefold(), name.casefold()
        if user_id in self.ids or (login or name) in self.logins:
            return True
        return not user_id and (login in self.names or name in self.names)

    def person(self, user_id: str, login: str, name: str) -> Person:
        """Nobody, for one of them."""
        return ("", "", "") if self.has(user_id, login, name) else (user_id, login, name)

    def mention(self, word: str) -> str:
        """A mark in the place of their names; also of one that Japanese or Chinese goes on behind without a space."""
        folded = word.casefold()
        return FORGOTTEN if folded in self.names or folded.startswith(self._spelled) else word

    def word(self, word: str) -> str:
        """A mark in the place of their names."""
        folded = word.casefold()
        return FORGOTTEN if folded in self.names or folded.startswith(self._long) else word

    def in_line(self, raw: bytes) -> bool:
        """Whether one of their names is a word of the line."""
        words = _WORD.findall(raw.decode("utf-8", "replace"))
        return any(self.word(word) != word for word in words)


def author_of(event: object) -> Person:
    """Who said or did something, or whom a moderator silenced: the person whom an event is about."""
    for id_field, login_field, name_field in (USER, TARGET):
        found = (
            getattr(event, id_field, ""),
            getattr(event, login_field, ""),
            getattr(event, name_field, "") if name_field else "",
        )
        if any(found):
            return found
    return ("", "", "")


def rename_fields(fields: Mapping[str, Any], naming: Naming) -> dict[str, Any]:
    """Find out which fields of an event, or columns of its row, change when its people do.

    Args:
        fields: their values by name; a missing one and None say nothing.
        naming: what becomes of people.

    Returns:
        New values of the fields that change.
    """
    changes: dict[str, Any] = {}
    known: dict[str, str] = {}
    for role in ROLES:
        old: Person = (fields.get(role[0]) or "", fields.get(role[1]) or "", fields.get(role[2]) or "")
        new = naming.person(*old) if any(old) else old
        remember(known, old, new)
        changes |= {
            field: after
            for field, before, after in zip(role, old, new, strict=True)
            if before != after and fields.get(field) is not None
        }
    if sentence := fields.get("system_text"):
        changes["system_text"] = rename_sentence(sentence, naming, known)
    if text := fields.get("text"):
        changes |= _rename_text(text, fields, naming, known=known)
    if terms := fields.get("terms"):
        changes["terms"] = [term for term in terms if rename_talk(term, naming)[0] == term]
    return {field: after for field, after in changes.items() if after != fields[field]}


def rename_talk(text: str, naming: Naming, *, emotes: Iterable[tuple[int, int]] = ()) -> tuple[str, list[Edit]]:
    """Rename people in what somebody said; emotes are no names, whatever they are called."""
    taken = set(emotes)

    def renamed(match: re.Match[str]) -> str:
        if mention := match[1]:
            return f"@{naming.mention(mention)}"
        return match[2] if match.span(2) in taken else naming.word(match[2])

    return _rename(_IN_TALK, text, renamed)


def rename_sentence(text: str, naming: Naming, known: Mapping[str, str]) -> str:
    """Rename people in a sentence of Twitch's; `known`: what became of those whom its event names, by folded name."""

    def renamed(match: re.Match[str]) -> str:
        word = match[1]
        return match[0].removesuffix(word) + (known.get(word.casefold()) or naming.word(word))

    return _IN_SENTENCE.sub(renamed, text)


def moved(start: int, end: int, edits: Sequence[Edit]) -> tuple[int, int] | None:
    """Where a span of a text is after edits, both ends included; None when it lay in one of them."""
    by = 0
    for edit in edits:
        if edit.end <= start:
            by += edit.growth
        elif edit.start <= end:
            return None
    return start + by, end + by


def spans_of(emotes: Iterable[Any]) -> list[tuple[int, int]]:
    """First code point and the one behind the last of emotes, as events or as rows have them."""
    return [
        (emote["start"], emote["end"] + 1) if isinstance(emote, dict) else (emote.start, emote.end + 1)
        for emote in emotes
    ]


def remember(known: dict[str, str], old: Person, new: Person) -> None:
    """Take note of what became of the names of a person, for the sentences around."""
    for name, instead in ((old[1], new[1]), (old[2], new[2] or new[1])):
        if name and name != instead:
            known[name.casefold()] = instead or FORGOTTEN


def _rename_text(text: str, fields: Mapping[str, Any], naming: Naming, *, known: Mapping[str, str]) -> dict[str, Any]:
    """What becomes of `text`, and of the emotes in it."""
    if fields.get("notice_id"):  # Twitch is speaking
        return {"text": rename_sentence(text, naming, known)}
    emotes = fields.get("emotes") or ()
    renamed, edits = rename_talk(text, naming, emotes=spans_of(emotes))
    return {"text": renamed} | ({"emotes": _moved_emotes(emotes, edits)} if emotes and edits else {})


def _rename(pattern: re.Pattern[str], text: str, renamed: Callable[[re.Match[str]], str]) -> tuple[str, list[Edit]]:
    parts: list[str] = []
    edits: list[Edit] = []
    done = 0
    for match in pattern.finditer(text):
        old, new = match[0], renamed(match)
        if new != old:
            parts += (text[done : match.start()], new)
            done = match.end()
            edits.append(Edit(match.start(), done, len(new) - len(old)))
    if not edits:
        return text, edits
    return "".join([*parts, text[done:]]), edits


def _moved_emotes(emotes: Sequence[Any], edits: Sequence[Edit]) -> Sequence[Any]:
    places = [moved(start, behind - 1, edits) for start, behind in spans_of(emotes)]
    pairs = [(emote, place) for emote, place in zip(emotes, places, strict=True) if place is not None]
    if isinstance(emotes, tuple):
        return tuple(EmoteSpan(emote.id, emote.name, *place) for emote, place in pairs)
    return [{**emote, "start": place[0], "end": place[1]} for emote, place in pairs]
