"""Answers as JSON, or as ValueError."""

from __future__ import annotations

import pytest
from vapi_sms.live.answers import read_json


@pytest.mark.parametrize("body", ['{"a": "\\ud83d\\ude00"}', b'{"a": "\xf0\x9f\x98\x80"}'])
def test_json_is_read_from_text_and_from_bytes(body: str | bytes) -> None:
    """A whole character may be written in two halves."""
    assert read_json(body) == {"a": "\U0001f600"}


@pytest.mark.parametrize(
    "body", ["", "<html>", b"\xff", '["\\ud800"]', '["\\UD800"]', "[" * 5000, "9" * 5000]
)
def test_what_nobody_can_go_on_with_is_no_json(body: str | bytes) -> None:
    """Half a character could be sent to nobody; the rest cannot be read."""
    with pytest.raises(ValueError):  # noqa: PT011 json's words are its own
        read_json(body)
