r"""Turn the tags of an IRC line into values: split at `;` and `=`, unescape once.

Escapes are read in one scan from left to right: `\:` is `;`, `\s` a space, `\\` a backslash, `\r` and `\n` are CR and
LF; before any other letter the backslash is dropped, and so is a lone one at the end. A run of `str.replace` calls is
wrong as soon as a value holds an escaped backslash, and right otherwise.

Splitting is where a parser spends its time, so it is left to a JSON decoder: `a=1;b=2` becomes `{"a":"1","b":"2"}` by
two replacements, which takes half the time of splitting into a dict, makes strings only for the wanted tags, and does
not care for their order, which differs from line to line in re-serialised logs. The decoder also proves the shape: a
tag without `=`, or a value that holds one, is no valid JSON, and such a line is split by hand. So is one with `"` or a
control character in its tags.

Measured on lines of 17 tags: 1.2 us, against 2.0 us for the fastest dict (replace, one split, zip; wrong for malformed
tags), 2.7 us for a partition of each tag, and 1.2 us for a regular expression that knows a single order of tags.

Source: https://ircv3.net/specs/extensions/message-tags.html
"""

import re
from typing import Annotated, Any, Final

import msgspec

MAX_DIGITS: Final = 18
"""Longer numbers do not fit into int64, and nothing on Twitch is that large."""

OLDEST_MS: Final = 946_684_800_000
"""2000-01-01 UTC: no time on Twitch is older..."""
NEWEST_MS: Final = 4_102_444_800_000
"""...or newer than 2100-01-01. Such a time counts as missing."""

_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_MEANS = {":": ";", "s": " ", "r": "\r", "n": "\n"}


class ChatTags(msgspec.Struct, frozen=True, gc=False, rename="kebab"):
    """The tags of a PRIVMSG that its event keeps, texts first; empty, 0, false where the line has none one can read."""

    id: str = ""
    room_id: str = ""
    user_id: str = ""
    display_name: str = ""
    badges: str = ""
    badge_info: str = ""
    emotes: str = ""
    custom_reward_id: str = ""
    reply_parent_msg_id: str = ""
    source_room_id: str = ""
    source_id: str = ""
    tmi_sent_ts: Annotated[int, msgspec.Meta(ge=OLDEST_MS, lt=NEWEST_MS)] = 0
    bits: Annotated[int, msgspec.Meta(ge=0, lt=10**MAX_DIGITS)] = 0
    first_msg: bool = False


_NOT_TEXT = {field.encode_name: field.type for field in msgspec.structs.fields(ChatTags) if field.type is not str}
_decode_chat = msgspec.json.Decoder(ChatTags, strict=False).decode
_decode_all = msgspec.json.Decoder(dict[str, str]).decode


def parse_chat_tags(raw: str) -> ChatTags:
    """Read the tags of a message; `raw` is what stands between `@` and the first space."""
    if '"' not in raw:
        try:
            tags = _decode_chat(_as_json(raw))
        except msgspec.DecodeError:
            pass
        else:
            return _unescaped(tags) if "\\" in raw else tags
    return _readable(parse_tags(raw))


def parse_tags(raw: str) -> dict[str, str]:
    """Read all tags; one without `=` has an empty value, of equal names the last one counts."""
    if '"' not in raw:
        try:
            tags = _decode_all(_as_json(raw))
        except msgspec.DecodeError:
            pass
        else:
            if "\\" in raw:
                tags.update({name: unescape(value) for name, value in tags.items() if "\\" in value})
            return tags
    pairs = (tag.partition("=") for tag in raw.split(";") if tag)
    return {name: unescape(value) for name, _, value in pairs}


def unescape(value: str) -> str:
    """Undo the escapes of one tag value."""
    if "\\" not in value:
        return value
    if "\\\\" in value:
        return _ESCAPE.sub(_meaning, value)
    # Without an escaped backslash no replacement can make or hide an escape, and this is ten times faster.
    value = value.replace("\\s", " ").replace("\\:", ";").replace("\\r", "\r").replace("\\n", "\n")
    return value.replace("\\", "")


def to_int(value: str, default: int = 0) -> int:
    """Read a number of at most 18 digits and nothing else; anything else is the default."""
    return int(value) if value.isdecimal() and len(value) <= MAX_DIGITS else default


def _unescaped(tags: ChatTags) -> ChatTags:
    texts: list[str] = []
    others: list[Any] = []
    for value in msgspec.structs.astuple(tags):
        (texts if isinstance(value, str) else others).append(value)
    return ChatTags(*map(unescape, texts), *others) if "\\" in "".join(texts) else tags


def _readable(tags: dict[str, str]) -> ChatTags:
    """Keep what can be read: a number that is none costs its own field only."""
    for name in _NOT_TEXT.keys() & tags.keys():
        try:
            msgspec.convert(tags[name], _NOT_TEXT[name], strict=False)
        except msgspec.ValidationError:
            del tags[name]
    return msgspec.convert(tags, ChatTags, strict=False)


def _as_json(raw: str) -> str:
    if "\\" in raw:
        # Doubled, so that JSON hands them through: they are Twitch's escapes, not JSON's.
        raw = raw.replace("\\", "\\\\")
    return f'''{{"{raw.replace("=", '":"').replace(";", '","')}"}}'''


def _meaning(match: re.Match[str]) -> str:
    letter = match[1]
    return _MEANS.get(letter, letter)
