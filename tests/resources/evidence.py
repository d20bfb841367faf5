"""What tests assert on: what both vendors hold, what was written to them, and lines made the same for every run."""

from __future__ import annotations

import re
from typing import Any

from vapi_sms.sandbox import RunningSandbox

_REQUEST = re.compile(r"RQ[0-9a-f]{32}")
_PORT = re.compile(r"127\.0\.0\.1:\d{2,5}")


def standing(sandbox: RunningSandbox) -> dict[str, Any]:
    """Give all that must be equal before and after; null and empty are one, a missing method is POST (law 2)."""
    held = sandbox.routing_snapshot()
    held["numbers"] = {
        number: {name: value or ("POST" if name.endswith("method") else "") for name, value in record.items()}
        for number, record in held["numbers"].items()
    }
    return held


def sid_of(sandbox: RunningSandbox, number: str) -> str:
    """Give a number's SID."""
    return str(sandbox.number(number)["sid"])


def asked(sandbox: RunningSandbox, since: int = 0) -> list[str]:
    """Give all requests in order, as `POST vapi /phone-number`."""
    return [f"{entry['method']} {entry['vendor']} {entry['path']}" for entry in sandbox.journal(since)]


def written(sandbox: RunningSandbox, since: int = 0) -> list[str]:
    """Give the writes in order: `POST vapi /phone-number`, and what a POST to Twilio names."""
    return [line for line in asked(sandbox, since) if not line.startswith("GET ")]


def same_for_all(text: str) -> str:
    """Give a line without what differs from run to run: the requests' ids and the sandbox's port."""
    return _PORT.sub("127.0.0.1:PORT", _REQUEST.sub("RQ...", text))


def line_of(trouble: object) -> str:
    """Give a failed call's text as one line without a secret."""
    text = str(trouble)
    assert "\n" not in text
    assert "canary" not in text
    return same_for_all(text).removeprefix("VapiSms: ")
