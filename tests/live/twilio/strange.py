"""Records of Twilio's that show what they do not have, and what is asked of them."""

from __future__ import annotations

from typing import Any, TypeVar

from vapi_sms.sandbox import RunningSandbox

from tests.sandbox.world import (
    APPLICATION,
    BIN,
    DEFERRED,
    SILENT,
    STUDIO,
    WEBHOOK,
)

Value = TypeVar("Value")
NO_URL: dict[str, Any] = {"sms_url": 7}
NAMELESS: dict[str, Any] = {"sid": None, "phone_number": None}
SIX = [WEBHOOK, STUDIO, BIN, SILENT, APPLICATION, DEFERRED]


def the(found: Value | None) -> Value:
    """Return what is there."""
    assert found is not None
    return found


def bend(sandbox: RunningSandbox, shows: dict[str, dict[str, Any]], path: str = "*") -> None:
    """Let records, by SID, show other values than they have, as long as the test runs."""
    sandbox.fault(vendor="twilio", method="GET", path=path, shows=shows, count=None)


def sid_of(sandbox: RunningSandbox, number: str) -> str:
    """Give a number's SID."""
    return str(sandbox.number(number)["sid"])
