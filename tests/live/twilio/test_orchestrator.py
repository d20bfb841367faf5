"""Configurations of Conversation Orchestrator: one list, and never a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from vapi_sms.core.readings import Capture, Captures
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.twilio.orchestrator import read_captures

from tests.resources.evidence import asked
from tests.sandbox.world import SENDER, STUDIO, WEBHOOK, seed

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox

PATH = "/v2/ControlPlane/Configurations"


def fill(sandbox: RunningSandbox, found: list[dict[str, Any]]) -> None:
    """Give the account these configurations."""
    data = seed()
    data["twilio"]["accounts"][0]["orchestrator_configurations"] = found
    sandbox.reset(data)


def test_rules_for_texts_are_read(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """Each with its configuration; what captures calls, or nothing, is none."""
    fill(
        sandbox,
        [
            {
                "id": "conv_1",
                "display_name": "Agents",
                "sms": [{"to": WEBHOOK}, {"from": SENDER, "to": STUDIO}],
            },
            {"id": "conv_2", "sms": None, "voice": [{}]},
            {"id": "conv_3", "sms": []},
        ],
    )
    agents = Capture("conv_1", "Agents")

    found = read_captures(twilio)

    assert found == Captures((("*", WEBHOOK, agents), (SENDER, STUDIO, agents)))
    assert asked(sandbox) == [f"GET twilio {PATH}"]


def test_all_pages_are_read(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """By the token of each."""
    fill(sandbox, [{"id": f"conv_{n:04}", "sms": [{}]} for n in range(1200)])

    assert len(read_captures(twilio).rules) == 1200
    assert asked(sandbox) == [f"GET twilio {PATH}"] * 2


NULLED = {"id": "conv_1", "displayName": None, "channelSettings": {"SMS": {"captureRules": None}}}
STRANGE = {"id": "conv_2", "channelSettings": {"SMS": {"captureRules": [{"from": "*"}]}}}


@pytest.mark.parametrize(
    ("fault", "unread"),
    [
        ({"status": 404}, ""),
        ({"status": 403}, "Forbidden (Twilio 20003)"),
        ({"status": 503}, "Twilio failed: Service Unavailable (Twilio 20503)"),
        ({"status": 404, "body": "no Twilio"}, "no reason is given (Twilio HTTP 404)"),
        ({"status": 200, "body": []}, "the answer is not a JSON object"),
        ({"status": 200, "body": {"meta": {}}}, "the answer does not have Twilio's shape"),
        ({"status": 200, "body": {"meta": {}, "configurations": [NULLED]}}, ""),
        (
            {"status": 200, "body": {"meta": {}, "configurations": [STRANGE]}},
            "Twilio's answer makes no sense of conv_2",
        ),
        (
            {"status": 200, "body": {"meta": {"nextToken": "1"}, "configurations": []}},
            "the answer does not have Twilio's shape",
        ),
    ],
)
def test_what_cannot_be_read_is_told(
    sandbox: RunningSandbox, twilio: TwilioClient, fault: dict[str, Any], unread: str
) -> None:
    """With its reason; an account that has nothing of it is told of nothing."""
    sandbox.fault(vendor="twilio", path=PATH, count=None, **fault)

    found = read_captures(twilio)

    assert (found.rules, found.unread) == ((), unread)
