r"""Rename people in events and in the IRC lines that they were read from.

A raw line names people in its tags (the sender, who is answered, who is given to), in its prefix, as the target of a
moderator, and in texts. Everything else keeps its bytes: only the values that change are written anew. The positions of
the `emotes` tag follow the text. A line that is no IRC is renamed word by word.
"""

import re
from collections.abc import Mapping
from typing import Final, TypeVar

import msgspec

from chatpulse.domain.chat import Event, Quarantined
from chatpulse.domain.naming import (
    Edit,
    Naming,
    People,
    author_of,
    moved,
    remember,
    rename_fields,
    rename_sentence,
    rename_talk,
)
from chatpulse.twitch.core.tags import unescape

ROLES: Final = (
    ("user-id", "login", "display-name"),
    ("target-user-id", "", ""),
    ("reply-parent-user-id", "reply-parent-user-login", "reply-parent-display-name"),
    ("reply-thread-parent-user-id", "reply-thread-parent-user-login", "reply-thread-parent-display-name"),
    ("msg-param-recipient-id", "msg-param-recipient-user-name", "msg-param-recipient-display-name"),
    ("msg-param-gifter-id", "msg-param-gifter-login", "msg-param-gifter-name"),
    ("msg-param-sender-id", "msg-param-sender-login", "msg-param-sender-name"),
    ("msg-param-prior-gifter-id", "msg-param-prior-gifter-user-name", "msg-param-prior-gifter-display-name"),
    ("", "msg-param-login", "msg-param-displayName"),
    ("", "msg-param-recipient", ""),
)
"""Tags that name one person each: id, login, display name."""
_NAMING_TAGS = {tag for role in ROLES for tag in role}
_LINE = re.compile(
    r"(?P<tags>@\S* +)?(?P<prefix>:\S+ +)?(?P<command>[A-Za-z0-9]+)(?P<channel>(?: +#\S+)?)(?P<colon>(?: +:?)?)"
    r"(?P<text>.*)",
    re.DOTALL,
)
_NICK = re.compile(r":([^!@\s]+)(?:!([^@\s]*))?(?:@([^.\s]*))?")
_ACTION: Final = "\x01ACTION "
_ESCAPES: Final = {"\\": "\\\\", ";": "\\:", " ": "\\s", "\r": "\\r", "\n": "\\n"}
_IN_RAW = re.compile(rb"(?::|\blogin=|\bdisplay-name=|user-login=|@)([\x80-\xff\w]{3,90})", re.ASCII)
_MOST_RAW: Final = 8_192
"""Bytes of a line that nobody understands in which names are looked for."""

AnyEvent = TypeVar("AnyEvent", bound=Event)


def is_about(event: Event, people: People) -> bool:
    """Whether an event is by one of these people, or about one whom a moderator silenced."""
    return people.in_line(event.raw) if isinstance(event, Quarantined) else people.has(*author_of(event))


def rename_event(event: AnyEvent, naming: Naming) -> AnyEvent:
    """Rename the people in an event and in its raw line; the same event when nobody changes."""
    fields = {name: getattr(event, name) for name in event.__struct_fields__}
    changes = rename_fields(fields, naming)
    if tags := fields.get("tags"):
        renamed = rename_tags(tags, naming)
        changes |= {"tags": renamed} if renamed != tags else {}
    raw = fields.get("raw")
    if isinstance(event, Quarantined):
        line = event.raw.decode("utf-8", "surrogateescape")
        found = rename_sentence(line, naming, {}).encode("utf-8", "surrogateescape")
        changes |= {"raw": found} if found != event.raw else {}
    elif raw:
        line = rename_line(raw, naming)
        changes |= {"raw": line} if line != raw else {}
    return msgspec.structs.replace(event, **changes) if changes else event


def rename_tags(tags: Mapping[str, str], naming: Naming) -> dict[str, str]:
    """Rename the people in the tags of a notice."""
    return dict(tags) | _renamed_tags(tags, naming, {})


def rename_line(raw: str, naming: Naming) -> str:
    """Rename the people in an IRC line; the same line when nobody changes."""
    found = _LINE.fullmatch(raw)
    if found is None:
        return rename_sentence(raw, naming, {})
    known: dict[str, str] = {}
    tags = _split(found["tags"] or "")
    nick = _NICK.match(found["prefix"] or "")
    # A message names its sender's login in the prefix only.
    login = nick[1] if nick and nick[2] is not None and "login" not in tags else ""
    changes = _renamed_tags(tags | ({"login": login} if login else {}), naming, known)
    instead = changes.pop("login", login) if login else ""
    prefix = found["prefix"] or ""
    if login and instead != login:
        prefix = prefix.replace(login, instead)
    text, edits = _renamed_text(found, naming, known)
    if edits and tags.get("emotes"):
        changes["emotes"] = _moved_emotes(tags["emotes"], edits, within_action=found["text"].startswith(_ACTION))
    head = _joined(found["tags"] or "", changes)
    return f"{head}{prefix}{found['command']}{found['channel']}{found['colon']}{text}"


def names_in(raw: bytes) -> list[str]:
    """What may be names in a line that nobody understands: words that stand where lines name people."""
    return [word.decode("utf-8", "replace") for word in _IN_RAW.findall(raw[:_MOST_RAW])]


def _renamed_tags(tags: Mapping[str, str], naming: Naming, known: dict[str, str]) -> dict[str, str]:
    """New values of the tags that change; what became of whom goes into `known`."""
    changes: dict[str, str] = {}
    for role in ROLES:
        old = (tags.get(role[0], ""), tags.get(role[1], ""), tags.get(role[2], ""))
        if any(old):
            new = naming.person(*old)
            remember(known, old, new)
            changes |= {tag: after for tag, before, after in zip(role, old, new, strict=True) if before != after}
    for tag, value in tags.items():
        if tag in _NAMING_TAGS or not value:
            continue
        if tag == "reply-parent-msg-body":
            changes[tag] = rename_talk(value, naming)[0]
        elif tag == "system-msg" or (tag.startswith("msg-param-") and not tag.endswith("-id")):
            changes[tag] = rename_sentence(value, naming, known)
    return {tag: value for tag, value in changes.items() if value != tags.get(tag)}


def _renamed_text(line: re.Match[str], naming: Naming, known: Mapping[str, str]) -> tuple[str, list[Edit]]:
    text = line["text"]
    match line["command"]:
        case "CLEARCHAT":
            return known.get(text.casefold()) or naming.person("", text, "")[1], []
        case "NOTICE":
            return rename_sentence(text, naming, known), []
        case _:
            return rename_talk(text, naming)


def _split(tags: str) -> dict[str, str]:
    pairs = (tag.partition("=") for tag in tags.strip().removeprefix("@").split(";") if tag)
    return {name: unescape(value) for name, _, value in pairs}


def _joined(tags: str, changes: Mapping[str, str]) -> str:
    """The tags as they stand in the line, with new values where they change."""
    if not tags or not changes:
        return tags
    body = tags.rstrip(" ")
    parts = []
    for tag in body[1:].split(";"):
        name = tag.partition("=")[0]
        parts.append(f"{name}={_escape(changes[name])}" if name in changes else tag)
    return f"@{';'.join(parts)}{tags[len(body) :]}"


def _escape(value: str) -> str:
    return "".join(_ESCAPES.get(letter, letter) for letter in value)


def _moved_emotes(tag: str, edits: list[Edit], *, within_action: bool) -> str:
    by = len(_ACTION) if within_action else 0
    inside = [Edit(edit.start - by, edit.end - by, edit.growth) for edit in edits]
    emotes = []
    for emote in tag.split("/"):
        emote_id, _, ranges = emote.partition(":")
        spans = [_moved_span(span, inside) for span in ranges.split(",")]
        if any(spans):
            emotes.append(f"{emote_id}:{','.join(filter(None, spans))}")
    return "/".join(emotes)


def _moved_span(span: str, edits: list[Edit]) -> str:
    first, _, last = span.partition("-")
    try:
        found = moved(int(first), int(last), edits)
    except ValueError:
        return span
    return f"{found[0]}-{found[1]}" if found else ""
