"""What `vapi-sms doctor` costs on a whole account: requests against their bounds, and time."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from vapi_sms.sandbox import RunningSandbox

from benchmarks.budget import Requests, broken
from benchmarks.commands import seconds_of
from benchmarks.tables import Table

ACCOUNTS = ((1_000, 8), (5_000, 40))  # numbers, and Messaging Services with 100 of them each
_AC, _TOKEN, _KEY, _ORG = (
    f"AC{'b' * 32}",
    "benchmark-token",
    "benchmark-key",
    "0a000000-0000-4000-8000-000000000001",
)
_BRAND, _ASSISTANT = f"BN{'a' * 32}", "a5000000-0000-4000-8000-000000000001"
_FIRST = 14157000000
_PAGE = 1000
_POOL = 100


def doctor(accounts: tuple[tuple[int, int], ...] = ACCOUNTS) -> Table:
    """Examine accounts in which every other number is at Vapi and every service has a campaign."""
    rows, violations = [], []
    for numbers, services in accounts:
        with RunningSandbox(_seed(numbers, services)) as sandbox:
            report = _seconds(sandbox)
            sandbox.clear_journal()
            as_json = _seconds(sandbox, "--json")
            counted = Requests.counted(sandbox.journal())
        over = broken(counted, _allowed(numbers, services))
        violations += [f"{numbers} numbers: {each}" for each in over]
        kinds = ("twilio_lists", "messaging", "conversations", "vapi_lists")
        most = _allowed(numbers, services)
        counts = [f"{getattr(counted, kind)} / {most[kind]}" for kind in kinds]
        total = sum(astuple(counted))
        rows.append((f"{numbers}", f"{services}", *counts, f"{total}", f"{report:.1f}", f"{as_json:.1f}"))
    return Table(
        "vapi-sms doctor on a whole account; requests as `made / allowed`",
        (
            "numbers",
            "services",
            "Twilio lists",
            "Messaging lists",
            "Conversations lists",
            "Vapi lists",
            "all",
            "report s",
            "JSON s",
        ),
        tuple(rows),
        ("A page holds 1,000 numbers; a service costs its pool and its campaign. Nothing is written.",),
        tuple(violations),
    )


def _allowed(numbers: int, services: int) -> dict[str, int]:
    pages = -(-numbers // _PAGE)
    return {
        "twilio_lists": pages,
        "twilio_reads": 0,
        "twilio_writes": 0,
        "messaging": 1 + 2 * services + 1,  # the services, two lists of each, the brands
        "conversations": 2,  # addresses, and Orchestrator's configurations
        "vapi_lists": -(-numbers // 2 // _PAGE) + 1,  # half of the numbers, and the assistants
        "vapi_reads": 0,
        "vapi_writes": 0,
    }


def _seconds(sandbox: RunningSandbox, *args: str) -> float:
    return seconds_of("doctor", *args, sandbox=sandbox, account=(_AC, _TOKEN, _KEY))


def _seed(numbers: int, services: int) -> dict[str, Any]:
    half = numbers // 2
    account = {
        "sid": _AC,
        "auth_token": _TOKEN,
        "numbers": [
            {
                "range": {"from": f"+{_FIRST}", "count": half},
                "sms_url": "https://app.example.com/sms?tenant={number}",
            },
            {
                "range": {"from": f"+{_FIRST + half}", "count": numbers - half},
                "sms_url": "https://api.vapi.ai/twilio/sms",
            },
        ],
        "brands": [{"sid": _BRAND}],
        "messaging_services": [
            {
                "sid": f"MG{index:032}",
                "use_inbound_webhook_on_number": True,
                "numbers": [f"+{_FIRST + _POOL * index + at}" for at in range(_POOL)],
                "campaign": {"sid": f"QE{index:032}", "brand": _BRAND},
            }
            for index in range(services)
        ],
    }
    records = [
        {
            "id": f"0b000000-0000-4000-8000-{index:012}",
            "number": f"+{_FIRST + index}",
            "twilio_account_sid": _AC,
            "twilio_auth_token": _TOKEN,
            "assistant_id": _ASSISTANT,
        }
        for index in range(half, numbers)
    ]
    org = {
        "id": _ORG,
        "api_key": _KEY,
        "assistants": [{"id": _ASSISTANT, "name": "Support"}],
        "phone_numbers": records,
    }
    return {"twilio": {"accounts": [account]}, "vapi": {"orgs": [org]}}
