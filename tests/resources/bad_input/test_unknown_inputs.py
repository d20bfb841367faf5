"""What is not known yet at preview is no mistake, and hides none."""

from __future__ import annotations

import pytest

from tests.resources.one_line import (
    ELSEWHERE,
    NOBODYS,
    ONE_ANSWER,
    ONE_KIND,
    refused,
)
from tests.resources.provider import UNKNOWN, Props, Provider
from tests.resources.stack import Stack
from tests.sandbox.world import (
    WEBHOOK,
)

UNKNOWNS: list[Props] = [
    {"number": UNKNOWN},
    {"number": None, "twilio_sid": UNKNOWN},
    {"assistant": UNKNOWN},
    {"assistant": None, "squad": UNKNOWN},
    {"sms_enabled": UNKNOWN},
    {"name": UNKNOWN},
    {"voice": UNKNOWN},
    {"adopt": UNKNOWN},
    {"restore_to": UNKNOWN},
    {"restore_to": {"url": UNKNOWN, "method": "POST"}},
    {"restore_to": {NOBODYS: {"messaging": {"url": UNKNOWN}}}},
    {"number": UNKNOWN, "assistant": UNKNOWN, "sms_enabled": UNKNOWN, "name": UNKNOWN, "voice": UNKNOWN},
]


@pytest.mark.parametrize(
    "unknown", UNKNOWNS, ids=[f"{n}-{','.join(each)}" for n, each in enumerate(UNKNOWNS)]
)
@pytest.mark.usefixtures("quiet")
def test_what_is_not_known_yet_is_no_mistake(shared: Provider, unknown: Props) -> None:
    """An Output that no resource has filled yet passes preview, alone, nested, or with all others."""
    planned = Stack(shared).preview(**{"number": WEBHOOK, "assistant": "Support", **unknown})

    assert planned == {"originals": "create", "number": "create"}


@pytest.mark.usefixtures("quiet")
def test_what_is_unknown_stays_unknown(shared: Provider) -> None:
    """Check passes an unknown input on as it came, and computes nothing from it."""
    stack = Stack(shared)

    checked = stack.checked("number", stack.number_props(UNKNOWN, number=WEBHOOK, assistant=UNKNOWN))

    assert checked["assistant"] == checked["original"] == UNKNOWN
    assert "assistantId" not in checked
    assert "answeredBy" not in checked
    assert checked["twilioSid"].startswith("PN")


@pytest.mark.parametrize(
    ("declared", "line"),
    [
        (
            {"number": UNKNOWN, "name": "x" * 41},
            "name is longer than 40 characters, which is the most that Vapi takes",
        ),
        (
            {"number": UNKNOWN, "assistant": "Nobody"},
            "no assistant of this Vapi org is named 'Nobody' (there are: Sales, Support)",
        ),
        ({"assistant": UNKNOWN, "number": "+12125550999"}, f"+12125550999 {ELSEWHERE}"),
        (
            {"assistant": UNKNOWN, "squad": "Everybody"},
            f"write {ONE_ANSWER}, exactly one: both were given",
        ),
        ({"twilio_sid": UNKNOWN}, f"write {ONE_KIND}, exactly one: both were given"),
    ],
    ids=["name", "assistant", "number", "squad", "SID"],
)
@pytest.mark.usefixtures("quiet")
def test_what_is_known_is_judged_beside_what_is_not(shared: Provider, declared: Props, line: str) -> None:
    """One unknown input does not let another one's mistake through."""
    assert refused(Stack(shared), **{"number": WEBHOOK, "assistant": "Support", **declared}) == line
