"""Rotating the key that Vapi was given to reach Twilio, as a team does it: in the stack's config."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from vapi_sms.sandbox.control.redaction import fingerprint

from tests.engine.world import AC, STUDIO, SUPPORT_ON_WEBHOOK, WEBHOOK

if TYPE_CHECKING:
    from tests.engine.stack import Stack

KEYS = {"SK" + "1" * 32: "canary-own-1", "SK" + "2" * 32: "canary-own-2"}
FIRST, SECOND = KEYS
FLEET = """VapiSmsFleet("desks", numbers={STUDIO: {"assistant": "Sales"}, SPARE: {"assistant": "Sales"}})"""
NEW = "the key that Vapi was given changes: Vapi gets the new one"


def test_a_key_that_changes_in_the_config_is_shown_and_handed_over(stack: Stack) -> None:
    """Preview tells it in one line and by fingerprints; one write a number; then the old key may go, and destroy."""
    stack.sandbox.outside("credentials", account=AC, api_keys=KEYS)
    stack.declare("from vapi_sms import VapiSmsFleet", SUPPORT_ON_WEBHOOK, FLEET)
    _configure(stack, FIRST)
    stack.up()
    stack.sandbox.behaviour(patch_rewrites_sms=True, patch_rewrites_voice=True)
    stack.settled()

    _configure(stack, SECOND)
    previewed = stack.preview()
    told = stack.run("preview", "--json").json()
    stack.up()
    writes = stack.writes()
    stack.sandbox.outside("credentials", account=AC, api_keys={FIRST: None})
    stack.settled()

    assert previewed.count(NEW) == json.dumps(told["diagnostics"]).count(NEW) == 1
    assert previewed.count('~ twilioKeyAtVapi: "fingerprint ') == 2
    assert "~ 2 to update" in previewed
    assert [write for write in writes if "phone-number" in write] == ["PATCH /phone-number/ID"] * 3
    assert {stack.vapi(number)["twilioApiKey"] for number in (WEBHOOK, STUDIO)} == {fingerprint(SECOND)}
    assert stack.answers() == "Vapi assistant Support"
    stack.refresh("--expect-no-changes")
    stack.destroy()
    assert stack.snapshot() == stack.before
    assert stack.leaked(*KEYS.values()) == []


def _configure(stack: Stack, key: str) -> None:
    """Put a key for Vapi into the stack's config, its secret encrypted."""
    stack.run("config", "set", "vapi:twilioApiKey", key)
    assert stack.project.set_secret("vapi:twilioApiSecret", KEYS[key]).code == 0
