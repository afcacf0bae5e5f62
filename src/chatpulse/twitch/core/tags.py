r"""Turn the tags of an IRC line into values: split at `;` and `=`, unescape once.

Escapes are read in one scan from left to right: `\:` is `;`, `\s` a space, `\\` a backslash, `\r` and `\n` are CR and
LF; before any other letter the backslash is dropped, and so is a lone one at the end. A run of `str.replace` calls is
wrong as soon as a value holds an escaped backslash, and right otherwise.

Splitting is left to a JSON decoder: two replacements turn `a=1;b=2` into `{"a":"1","b":"2"}`. For 17 tags that takes
1.3 us, because strings are made only for the wanted ones; the fastest dict (replace, one split, zip) takes 2.0 us and
misreads malformed tags, splitting tag by tag takes 2.7 us. The decoder also proves the shape: a tag without `=`, or a
value that holds one, is no valid JSON. Such tags, and those with `"` or a control character, are split one by one.

Source: https://ircv3.net/specs/extensions/message-tags.html
"""

import re
from typing import Final

import msgspec

MAX_DIGITS: Final = 18
"""Longer numbers do not fit into int64, and nothing on Twitch is that large."""


class _ChatTags(msgspec.Struct, frozen=True, gc=False, rename="kebab"):
    """The tags of a PRIVMSG that its event keeps, in alphabetical order."""

    badge_info: str = ""
    badges: str = ""
    bits: str = ""
    custom_reward_id: str = ""
    display_name: str = ""
    emotes: str = ""
    first_msg: str = ""
    id: str = ""
    reply_parent_msg_id: str = ""
    room_id: str = ""
    source_id: str = ""
    source_room_id: str = ""
    tmi_sent_ts: str = ""
    user_id: str = ""


CHAT_TAGS: Final = tuple(field.encode_name for field in msgspec.structs.fields(_ChatTags))
"""Names of the values that `parse_chat_tags` gives."""
_decode_chat = msgspec.json.Decoder(_ChatTags).decode
_decode_all = msgspec.json.Decoder(dict[str, str]).decode
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_MEANS = {":": ";", "s": " ", "r": "\r", "n": "\n"}


def parse_chat_tags(raw: str) -> tuple[str, ...]:
    """Read the tags of a message.

    Args:
        raw: what stands between `@` and the first space.

    Returns:
        The values of `CHAT_TAGS`, in that order; empty where the line has none.
    """
    if '"' not in raw:
        try:
            values: tuple[str, ...] = msgspec.structs.astuple(_decode_chat(_as_json(raw)))
        except msgspec.DecodeError:
            pass
        else:
            return tuple(map(unescape, values)) if "\\" in raw and "\\" in "".join(values) else values
    tags = parse_tags(raw)
    return tuple([tags.get(name, "") for name in CHAT_TAGS])


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


def _as_json(raw: str) -> bytes:
    if "\\" in raw:
        # Doubled, so that JSON hands them through: they are Twitch's escapes, not JSON's.
        raw = raw.replace("\\", "\\\\")
    # Bytes are replaced a quarter faster than text.
    return b'{"' + raw.encode().replace(b"=", b'":"').replace(b";", b'","') + b'"}'


def _meaning(match: re.Match[str]) -> str:
    letter = match[1]
    return _MEANS.get(letter, letter)
