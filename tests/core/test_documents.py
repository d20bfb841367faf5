"""Documents as JSON, or one line that says why not."""

from __future__ import annotations

import pytest
from vapi_sms.core.documents import DEEPEST, NoDocument, read_document, read_json

FACE = {"a": "\U0001f600"}


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "\\ud83d\\ude00"}',
        b'{"a": "\xf0\x9f\x98\x80"}',
        b'\xef\xbb\xbf{"a": "\xf0\x9f\x98\x80"}',
        '\ufeff{"a": "\U0001f600"}',
    ],
)
def test_json_is_read_from_text_and_from_bytes(text: str | bytes) -> None:
    """A whole character may be written in two halves; a byte order mark is no part of it."""
    assert read_json(text) == FACE


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not JSON (line 1: Expecting value)"),
        ("<html>", "is not JSON (line 1: Expecting value)"),
        ('{"a":\n canary}', "is not JSON (line 2: Expecting value)"),
        (b"\xff", "is not UTF-8 text"),
        ('["\\ud800"]', "holds half a character (an unpaired surrogate)"),
        ('["\\UD800"]', "is not JSON (line 1: Invalid \\escape)"),
        ('["\\uD800"]', "holds half a character (an unpaired surrogate)"),
        ("9" * 5000, "holds a number of thousands of digits"),
        ("[" * 100_000, f"is nested more than {DEEPEST} levels deep"),
    ],
)
def test_what_nobody_can_go_on_with_says_why(text: str | bytes, why: str) -> None:
    """Without a word of it, which may be a secret."""
    with pytest.raises(NoDocument) as caught:
        read_json(text)

    assert str(caught.value) == why


@pytest.mark.parametrize(("levels", "is_read"), [(DEEPEST, True), (DEEPEST + 1, False)])
def test_what_is_walked_through_has_a_depth(levels: int, *, is_read: bool) -> None:
    """Of lists and objects alike."""
    text = '[{"a": ' * (levels // 2) + "[" * (levels % 2) + "]" * (levels % 2) + "}]" * (levels // 2)
    text = text.replace(": }", ": 1}")

    if is_read:
        assert read_document(text)
    else:
        with pytest.raises(NoDocument, match="nested more than"):
            read_document(text)
