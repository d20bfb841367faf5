"""What `vapi-sms prove` costs: requests that grow with the traffic, and not with the numbers."""

from __future__ import annotations

from collections import Counter
from typing import Any

from vapi_sms.sandbox import RunningSandbox

from benchmarks.commands import seconds_of
from benchmarks.size import Size
from benchmarks.tables import Table

_AC, _TOKEN, _KEY = f"AC{'b' * 32}", "benchmark-token", "benchmark-key"
_ORG, _ASSISTANT = "0a000000-0000-4000-8000-000000000001", "a5000000-0000-4000-8000-000000000001"
_FIRST, _PAGE, _TEXTS = 14157000000, 1000, 3
_NUMBERS = (1, 100, 1000)
_VAPI = "https://api.vapi.ai/twilio/sms"


def proving(size: Size) -> Table:
    """Prove numbers that Vapi answers, each with three texts of one customer and as many replies."""
    rows, violations = [], []
    for numbers in [each for each in _NUMBERS if each <= size.slow]:
        with RunningSandbox(_seed(numbers)) as sandbox:
            seconds = seconds_of("prove", sandbox=sandbox, account=(_AC, _TOKEN, _KEY))
            paths = Counter(entry["path"].rpartition("/")[2] for entry in sandbox.journal())
        allowed = _allowed(numbers)
        violations += [
            f"{numbers} numbers: {made} requests of {path}, where {allowed.get(path, 0)} are allowed"
            for path, made in paths.items()
            if made > allowed.get(path, 0)
        ]
        counts = [f"{paths[path]} / {most}" for path, most in allowed.items()]
        rows.append((f"{numbers:,}", f"{2 * _TEXTS * numbers:,}", *counts, f"{seconds:.1f}"))
    return Table(
        "vapi-sms prove of all numbers at Vapi; requests as `made / allowed`",
        (
            "numbers",
            "messages",
            "numbers lists",
            "services",
            "messages lists",
            "alerts",
            "Vapi lists",
            "sessions",
            "s",
        ),
        tuple(rows),
        ("A page holds 1,000 numbers, messages or sessions; nothing is written.",),
        tuple(violations),
    )


def _allowed(numbers: int) -> dict[str, int]:
    pages = -(-numbers // _PAGE)
    return {
        "IncomingPhoneNumbers.json": pages,
        "Services": 1,
        # Up to three numbers are listed by themselves, both ways.
        "Messages.json": 2 if numbers == 1 else -(-2 * _TEXTS * numbers // _PAGE),
        "Alerts": 1,
        "phone-number": pages,
        "session": pages,
    }


def _seed(numbers: int) -> dict[str, Any]:
    keys = [f"+{_FIRST + index}" for index in range(numbers)]
    customers = {key: f"+1202556{index:04}" for index, key in enumerate(keys)}
    messages = [
        {"from": source, "to": to, "direction": direction, "status": status, "seconds_ago": ago}
        for key in keys
        for nth in range(_TEXTS)
        for source, to, direction, status, ago in (
            (customers[key], key, "inbound", "received", 3600 - 600 * nth),
            (key, customers[key], "outbound-reply", "delivered", 3595 - 600 * nth),
        )
    ]
    account = {
        "sid": _AC,
        "auth_token": _TOKEN,
        "numbers": [{"range": {"from": keys[0], "count": numbers}, "sms_url": _VAPI}],
        "messages": messages,
    }
    records = [
        {
            "id": f"0b000000-0000-4000-8000-{index:012}",
            "number": key,
            "twilio_account_sid": _AC,
            "twilio_auth_token": _TOKEN,
            "assistant_id": _ASSISTANT,
        }
        for index, key in enumerate(keys)
    ]
    org = {
        "id": _ORG,
        "api_key": _KEY,
        "assistants": [{"id": _ASSISTANT, "name": "Support"}],
        "phone_numbers": records,
        "sessions": [
            {
                "phone_number_id": record["id"],
                "customer": customers[record["number"]],
                "assistant_id": _ASSISTANT,
            }
            for record in records
        ],
    }
    return {"twilio": {"accounts": [account]}, "vapi": {"orgs": [org]}}
