"""What a vendor said, made fit for people's eyes."""

from __future__ import annotations

import pytest
from vapi_sms.live.told import told


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
