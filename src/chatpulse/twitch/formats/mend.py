r"""Turn JSON as people and careless programs write it into JSON, one value at a time.

What is put right: `//` and `/* */` comments, a comma before a closing bracket, a line break or tab inside a string, an
escape that JSON does not have (`\'`), half of a surrogate pair (as left by cutting a text in the middle of an emoji),
bytes that are not UTF-8. Everything else stays as it came.

The value is read token by token with one regular expression, some 20 MB/s, and brackets are matched, so this also finds
where a value ends that a strict decoder cannot read. It is used only for what such a decoder has refused.
"""

import re
from typing import Final

_COMMENT: Final = rb"//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/"
_token = re.compile(
    rb'(?P<string>"(?:[^"\\]|\\.)*+")|(?P<open>[{\[])|(?P<close>[}\]])'
    rb"|(?P<comment>" + _COMMENT + rb")|(?P<comma>,(?=(?:\s|" + _COMMENT + rb")*+[}\]]))|(?P<unclosed>\"|/\*)",
    re.DOTALL,
)
_escape = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
    rb"|\\u[0-9a-fA-F]{4}|\\.|[\x00-\x1f]",
    re.DOTALL,
)
_KNOWN_ESCAPES: Final = b'"\\/bfnrt'
_LONE_BYTES: Final = 6
"""Length of `\\ud83d`; of both halves 12."""


def mend_value(data: bytes, at: int, stop: int) -> tuple[int, bytes] | None:
    """Read the object or array that begins at a byte.

    Returns:
        Where it ends, and the same value as JSON; None when none begins there, or it does not end before `stop`.
    """
    if not data.startswith((b"{", b"["), at):
        return None
    parts: list[bytes] = []
    closing: list[bytes] = []
    last = at
    for token in _token.finditer(data, at, stop):
        kind = token.lastgroup
        if kind == "open":
            closing.append(b"}" if token[0] == b"{" else b"]")
        elif kind == "unclosed":
            return None
        elif kind == "close":
            if closing.pop() != token[0]:
                return None
            if not closing:
                parts.append(data[last : token.end()])
                return token.end(), b"".join(parts).decode("utf-8", "replace").encode()
        else:
            parts.append(data[last : token.start()])
            parts.append(_mended_string(token[0]) if kind == "string" else b" " if kind == "comment" else b"")
            last = token.end()
    return None


def _mended_string(text: bytes) -> bytes:
    return _escape.sub(_as_json, text)


def _as_json(found: re.Match[bytes]) -> bytes:
    escape = found[0]
    if escape[:1] != b"\\":
        return b"\\u%04x" % escape[0]
    if escape[1:2] == b"u" and len(escape) >= _LONE_BYTES:
        lone = len(escape) == _LONE_BYTES and escape[2:3] in b"dD" and escape[3:4] in b"89abcdefABCDEF"
        return b"\\ufffd" if lone else escape
    return escape if escape[1:2] in _KNOWN_ESCAPES else escape[1:2]
