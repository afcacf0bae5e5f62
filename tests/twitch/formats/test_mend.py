"""JSON as people write it becomes JSON, and JSON stays what it is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpulse.twitch.formats.mend import mend_value

ODD = ["//", "/*", ",}", '\\"', "}"]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.text(max_size=6)
    | st.sampled_from(["//", "/*", ",}", '\\"', "}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
DOCUMENTS = st.lists(VALUES, max_size=3) | st.dictionaries(st.text(max_size=3), VALUES, max_size=3)


@given(value=DOCUMENTS, before=st.binary(max_size=4), behind=st.binary(max_size=4))
def test_json_keeps_its_meaning_and_its_end_is_found(value: Any, before: bytes, behind: bytes) -> None:
    data = json.dumps(value).encode()

    found = mend_value(before + data + behind, len(before), len(before + data + behind))

    assert found is not None
    assert found[0] == len(before + data)
    assert json.loads(found[1]) == value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param(b'{"a": [1, 2,], /* b */ "b": {},}', {"a": [1, 2], "b": {}}, id="trailing commas and a remark"),
        pytest.param(b'{"a": 1, // one, }\n}', {"a": 1}, id="a comma behind which only a remark stands"),
        pytest.param(b'["a//b", "/* c */", ",]"]', ["a//b", "/* c */", ",]"], id="texts that look like it"),
        pytest.param(b'["a\tb\nc"]', ["a\tb\nc"], id="control characters in a text"),
        pytest.param(b'["it\\\'s", "\\a"]', ["it's", "a"], id="escapes that JSON does not have"),
        pytest.param(b'["\\ud83d", "x\\uDD8A.", "\\ud83e\\udd8a"]', ["\ufffd", "x\ufffd.", "🦊"], id="half characters"),
        pytest.param(b'["\\\\ud83d", "\\u00e9"]', ["\\ud83d", "é"], id="escapes that only look like half"),
        pytest.param(b'["\xff"]', ["\ufffd"], id="no UTF-8"),
    ],
)
def test_loose_writing_is_put_right(written: bytes, meant: Any) -> None:
    found = mend_value(written, 0, len(written))

    assert found is not None
    assert (found[0], json.loads(found[1])) == (len(written), meant)


@pytest.mark.parametrize("data", [b"", b"x", b"}", b'"a"', b"[1", b'{"a": [1}', b'["a]', b"[/* ]", b"[1]"[:2]])
def test_what_does_not_begin_or_end_is_none(data: bytes) -> None:
    assert mend_value(data, 0, len(data)) is None


def test_nothing_is_read_behind_the_stop() -> None:
    assert mend_value(b"[[1]]", 0, 4) is None
    assert mend_value(b"[[1]]", 1, 4) == (4, b"[1]")
