"""What the matrices search for secrets, they would find."""

from __future__ import annotations

from tests.reliability.secrecy import leaks
from tests.resources.stack import Held


def test_a_secret_in_clear_is_named_where_it_stands() -> None:
    """In a line, in what the state keeps as it is, and in the journal; what is encrypted may hold it."""
    state = {"number": Held("1", {"original": "url-canary"}, {"answeredBy": "https://x/?key=url-canary"})}
    entry = {"method": "GET", "path": "/phone-number", "parameters": {"authorization": "vapi-canary-1"}}

    assert leaks(["all is well", "401: vapi-canary-1"], state, [entry]) == [
        "told: 401: vapi-canary-1",
        "in the state: answeredBy of number",
        "in the journal: GET /phone-number",
    ]


def test_no_secret_no_leak() -> None:
    """Nothing is found where nothing stands in clear."""
    state = {"number": Held("1", {"original": "url-canary"}, {"answeredBy": "https://x/?key=***"})}

    assert leaks(["all is well"], state, [{"method": "GET", "path": "/phone-number"}]) == []
