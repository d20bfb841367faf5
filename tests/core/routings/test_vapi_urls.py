"""Taking addresses apart: as the standard library does, whichever way was taken."""

from __future__ import annotations

from urllib.parse import urlsplit

from hypothesis import example, given
from hypothesis import strategies as st
from vapi_sms.core.routings.vapi_urls import host_of, path_of

PARTS = (
    "https://",
    "HTTP://",
    "user:word@",
    "API.vapi.ai",
    "[::1]",
    ":8080",
    ":",
    "/twilio/sms",
    "?",
    "#",
    "ä",
    " ",
    "x",
)


@given(st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=2)), max_size=6).map("".join))
@example("https://app.example.com:8443/sms?tenant=1#rc=3")
@example("https://app.example.com")
@example("https://app.example.com?to=https://api.vapi.ai/twilio/sms")
@example("https://app.example.com#@api.vapi.ai/twilio/sms")
@example("https://api.vapi.ai\\@example.com/twilio/sms")
def test_a_url_is_taken_apart_as_the_standard_library_does(url: str) -> None:
    """Whatever people write."""
    try:
        parts = urlsplit(url)
        expected = (parts.hostname or "").lower(), parts.path
    except ValueError:
        expected = "", ""

    assert (host_of(url), path_of(url)) == expected
