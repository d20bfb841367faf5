"""Routings: kept byte for byte, compared as Twilio acts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import strategies as st
from vapi_sms.core.routings.routing import GET, Routing, VoiceRouting

from tests.core.samples import OLD_APP, OLD_CALLS, TK

URLS = st.sampled_from(["", "https://a.example.com/sms?k=1#rc=2", "https://b.example.com"])
METHODS = st.sampled_from(["", "GET", "POST"])
ROUTINGS = st.builds(Routing, URLS, METHODS, URLS, METHODS, st.sampled_from(["", "AP" + "c" * 32]))


def test_missing_method_is_post() -> None:
    """Twilio shows null for a method that nobody set, and then POSTs."""
    assert Routing("https://a.example.com").same_as(Routing("https://a.example.com", "POST", "", "POST"))
    assert not Routing("https://a.example.com").same_as(Routing("https://a.example.com", GET))


@pytest.mark.parametrize("field", ["url", "method", "fallback_url", "fallback_method", "application_sid"])
def test_every_field_counts(field: str) -> None:
    """Routings that differ in one field are two routings."""
    other = replace(OLD_APP, **{field: "GET"})

    assert not other.same_as(OLD_APP)


@pytest.mark.parametrize("field", ["status_callback", "status_callback_method", "trunk_sid"])
def test_every_field_of_calls_counts(field: str) -> None:
    """The same for what only calls have."""
    other = replace(OLD_CALLS, **{field: "GET"})

    assert not other.same_as(OLD_CALLS)


def test_all_fields_as_found() -> None:
    """Nothing is left out, nothing is filled in."""
    assert VoiceRouting("https://a.example.com#rc=2", trunk_sid=TK).to_dict() == {
        "url": "https://a.example.com#rc=2",
        "method": "",
        "fallback_url": "",
        "fallback_method": "",
        "application_sid": "",
        "status_callback": "",
        "status_callback_method": "",
        "trunk_sid": TK,
    }
