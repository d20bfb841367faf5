"""A company whose Messaging Service answers texts to a pool with own routings of every kind, all asleep."""

from __future__ import annotations

from typing import Any

from vapi_sms.sandbox import RunningSandbox

from tests.sandbox.world import (
    APPLICATION,
    DEMO,
    HIDDEN,
    MG,
    SENDER,
    SILENT,
    STUDIO,
    VOICE_ONLY,
    WEBHOOK,
    seed,
)

SERVICE_URL = "https://app:url-canary@old.example.com/service?token=url-canary#rc=2"
HANDLER = "Webhook https://***@old.example.com/service?token=***#rc=2"
"""Who answers, in our words: the service itself has a fallback, too."""
FALLBACK = "(fallback Webhook https://old.example.com/service-fallback?token=***)"
SERVICE_LINE = f"{HANDLER} {FALLBACK}"
ASLEEP = (WEBHOOK, STUDIO, DEMO, APPLICATION, SILENT, HIDDEN)
"""The pool's numbers whose own routing is another one than the service's."""
TWIN = "+14155550150"
"""A number of the pool whose own routing is the service's."""
POOL = (*ASLEEP, TWIN)
"""The pool's numbers that receive texts."""


def pool_seed(*, own: int = 0, **service: Any) -> dict[str, Any]:
    """Return the seed, with `own` numbers from +14155560000 on; `service` changes fields of the service."""
    found = seed("https://old.example.com")
    account = found["twilio"]["accounts"][0]
    whole = {
        "inbound_request_url": SERVICE_URL,
        "inbound_method": "GET",
        "fallback_url": "https://old.example.com/service-fallback?token=url-canary",
        "fallback_method": "GET",
    }
    twin = {
        f"sms_{name.removeprefix('inbound_').removeprefix('request_')}": value
        for name, value in whole.items()
    }
    account["numbers"].append({"phone_number": TWIN, **twin})
    if own:
        many = {"from": "+14155560000", "count": own}
        account["numbers"].append({"range": many, "sms_url": "https://old.example.com/{number}"})
    account["messaging_services"][0] |= {
        "friendly_name": "Campaigns",
        "numbers": [*POOL, VOICE_ONLY],
        **whole,
        **service,
    }
    return found


def pool_number(number: str) -> str:
    """Give the own URL that a number has at first."""
    seeded = pool_seed()["twilio"]["accounts"][0]["numbers"]
    return str(next(each["sms_url"] for each in seeded if each["phone_number"] == number))


def answers(sandbox: RunningSandbox, numbers: tuple[str, ...] = POOL) -> dict[str, str]:
    """Send a text to each number; give who answers."""
    return {number: str(sandbox.text(SENDER, number, "Hi")["answered_by"]) for number in numbers}


def service_record(sandbox: RunningSandbox, sid: str = MG) -> dict[str, Any]:
    """Give what Twilio holds on a service."""
    accounts = sandbox.state()["twilio"]["accounts"].values()
    found: dict[str, Any] = next(
        account["messaging_services"][sid] for account in accounts if sid in account["messaging_services"]
    )
    return found
