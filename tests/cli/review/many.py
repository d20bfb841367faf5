"""A preview of 5,000 numbers, made up: a fleet in which most change, each with a webhook of its own."""

from __future__ import annotations

import json
from typing import Any

FLEET = "urn:pulumi:prod::acme::pulumi-python:dynamic/vapi:VapiSmsFleet::front-desks"
SIBLING = "urn:pulumi:prod::acme::pulumi-python:dynamic/vapi:OriginalRoutings::front-desks-original"
COUNT = 5_000


def number(index: int) -> str:
    """Give the number at an index."""
    return f"+1415{5_550_000 + index}"


def webhook(index: int) -> str:
    """Give who answered until now; the canary must not be seen in any comment."""
    return f"Webhook https://user:canary@old.example.com/texts/{index}?token=canary"


def entry(index: int, assistant: str) -> dict[str, Any]:
    """Give a number's checked inputs."""
    answered_by = f"Vapi assistant {assistant}, instead of {webhook(index)}"
    return {"assistant": assistant, "assistantId": f"id-of-{assistant}", "answeredBy": answered_by}


def many_numbers() -> str:
    """Give the JSON: 200 leave, 800 change their assistant, 1,000 join, 100 drifted, 3,000 stay as they are."""
    old = {number(i): entry(i, "Support") for i in range(4_000)}
    new = {number(i): entry(i, "Sales" if i < 1_000 else "Support") for i in range(200, COUNT)}
    drift = [
        f"{number(i)}: texts are answered by Webhook https://new.example.com/{i % 7}?key=canary, not by Vapi"
        for i in range(3_900, 4_000)
    ]
    summary = {number(i): f"texts: {webhook(i)}; calls: nobody; not in Vapi" for i in range(COUNT)}
    recorded = [dict(list(summary.items())[:4_000]), dict(list(summary.items())[200:])]
    differences = {f'numbers["{number(i)}"].assistant': {"kind": "update"} for i in range(200, 1_000)}
    return json.dumps(
        {
            "steps": [
                {
                    "op": "update",
                    "urn": FLEET,
                    "oldState": {"inputs": {"numbers": old}, "outputs": {"numbers": old}},
                    "newState": {"inputs": {"numbers": new, "drift": drift}},
                    "diffReasons": ["drift", "numbers"],
                    "detailedDiff": differences,
                },
                {
                    "op": "update",
                    "urn": SIBLING,
                    "oldState": {"inputs": {"summary": recorded[0]}},
                    "newState": {"inputs": {"summary": recorded[1]}},
                    "diffReasons": ["originals", "summary"],
                },
            ],
            "changeSummary": {"update": 2, "same": 0},
        }
    )
