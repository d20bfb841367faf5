"""What a vendor said, made fit for people's eyes."""

from __future__ import annotations

import pytest
from vapi_sms.live.calling.calls import NO_REASON, mark, reason, told


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("No.", "No"),
        ("Two\nlines\t here. ", "Two lines here"),
        ("key s3cret, s3cret!", "key ***, ***!"),
        ("HTTPS://me:pw@x.example/a?b=c&d", "HTTPS://***@x.example/a?b=***&***"),
        (
            '"http://x.example/?t=1" and <http://y.example/?t=2>',
            '"http://x.example/?t=***" and <http://y.example/?t=***>',
        ),
        ("x" * 301, "x" * 300 + " [...]"),
    ],
)
def test_a_vendors_words_are_one_short_line(said: str, shown: str) -> None:
    """No secret, no password and no query value, and no more than 300 letters of it."""
    assert told(said, ["", "s3cret"]) == shown


def test_what_a_terminal_obeys_is_not_shown() -> None:
    """Nor what is half a character, which nobody could send on."""
    assert told("red \x1b[31m\x00 and \ud800", ()) == "red ?[31m? and ?"


def test_a_mark_is_short_and_is_text_or_a_number() -> None:
    """A code is told as it is; what is none, or holds a secret, is not."""
    assert [mark(each, ["canary"]) for each in (20404, "RQ1", "a canary", [1], None)] == [
        "20404",
        "RQ1",
        "a ***",
        "",
        "",
    ]
    assert len(mark("x" * 1000, ())) == 64


def test_a_blank_message_is_no_reason() -> None:
    """Nor is what is no text, or nothing but a full stop."""
    assert {reason(each, ()) for each in (" ", "\n", ".", "", None, ["a"], 7)} == {NO_REASON}
