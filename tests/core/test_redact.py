"""Redacted addresses: people recognise them, and no secret is left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vapi_sms.core.inert import redacted_url

# Starts with a letter that no template below has, so that finding it means that it was shown.
SECRET = st.text(
    st.characters(codec="utf-8", exclude_characters="/?#&=", exclude_categories=["Cc"]), max_size=20
).map(lambda text: f"Q{text}")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("", ""),
        ("https://app.example.com/sms", "https://app.example.com/sms"),
        ("https://app.example.com/sms?tenant=7&key=canary", "https://app.example.com/sms?tenant=***&key=***"),
        ("https://app.example.com/sms?canary", "https://app.example.com/sms?***"),
        ("https://app.example.com/sms?canary&a=canary", "https://app.example.com/sms?***&a=***"),
        ("https://app.example.com/sms?", "https://app.example.com/sms?"),
        ("https://app.example.com/sms?a=can=ary;b=canary", "https://app.example.com/sms?a=***"),
        ("https://user:canary@app.example.com/sms", "https://***@app.example.com/sms"),
        ("https://canary@app.example.com", "https://***@app.example.com"),
        ("https://user:can@ary@app.example.com/sms", "https://***@app.example.com/sms"),
        ("https://app.example.com/@team/sms", "https://app.example.com/@team/sms"),
        ("https://app.example.com/sms?a=canary#rc=2&rp=all", "https://app.example.com/sms?a=***#rc=2&rp=all"),
        ("AP" + "c" * 32, "AP" + "c" * 32),
    ],
)
def test_redacted_url(url: str, shown: str) -> None:
    """User, password and every query value are hidden; host, path, names and connection overrides are not."""
    assert redacted_url(url) == shown


@given(SECRET, SECRET, SECRET)
def test_no_secret_is_shown(user: str, password: str, value: str) -> None:
    """Whatever user, password and query values are, none of them is left."""
    shown = redacted_url(f"https://{user}:{password}@app.example.com/sms?k={value}&{value}#rc=2")

    assert "Q" not in shown
    assert shown.startswith("https://***@app.example.com/sms?k=***&***")


@given(st.text())
def test_redacting_twice_is_redacting_once(text: str) -> None:
    """What was shown may pass through again: descriptions are quoted in errors."""
    once = redacted_url(text)

    assert redacted_url(once) == once
