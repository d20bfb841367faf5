"""`pulumi import` brings what runs today under care: no write, no secret, code for the program."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.world import BIN, STUDIO, WEBHOOK
from tests.native.stack import YamlStack, block

HANDLER = {
    "url": f"https://handler.twilio.com/twiml/EH{'a' * 32}",
    "method": "POST",
    "fallbackMethod": "POST",
}


@pytest.fixture
def at_vapi(stack: YamlStack) -> YamlStack:
    """Give a stack without resources, in a world in which Vapi answers a number already."""
    stack.program({"support": block(number=WEBHOOK, assistant="Support")})
    stack.up()
    for urn in (stack.urn(parents="Number"), stack.urn("support-original", "OriginalRoutings", "Number")):
        stack.run("state", "delete", urn, "--yes")
    stack.run("state", "delete", stack.urn("support", "Number"), "--yes")
    stack.writes()
    return stack


def imported(stack: YamlStack, kind: str, name: str, id_: str) -> str:
    """Import, and give what a person reads; nothing is written."""
    text = stack.run("import", f"vapi-sms:index:{kind}", name, id_, "--yes", "--protect=false").text
    assert stack.writes() == []
    assert "failed to validate" not in text
    return text


def test_a_number_that_vapi_answers_comes_under_care_and_then_into_a_block(at_vapi: YamlStack) -> None:
    """The code names it as people do; a preview of it is empty, and the block takes its place without a write."""
    stack = at_vapi
    text = imported(stack, "VapiSmsNumber", "support", stack.number(WEBHOOK)["sid"])
    assert "assistant: Support" in text
    assert f"number: '{WEBHOOK}'" in text
    assert "original" not in text

    stack.program({"support": block("VapiSmsNumber", number=WEBHOOK, assistant="Support", adopt=True)})
    stack.settled()

    care: dict[str, Any] = {"number": WEBHOOK, "assistant": "Support", "adopt": True}
    stack.program({"support": block(**care, restoreTo="leave-at-vapi")})
    stack.up()
    stack.settled()
    assert stack.writes() == []
    assert stack.answers(WEBHOOK) == "Vapi assistant Support"


def test_a_number_that_others_answer_is_imported_as_a_route(stack: YamlStack) -> None:
    """Its handler is written down as it is."""
    text = imported(stack, "TwilioSmsRoute", "bin", BIN)
    assert f"url: {HANDLER['url']}" in text

    stack.program({"bin": block("TwilioSmsRoute", number=BIN, handler=HANDLER)})
    stack.settled()
    stack.program({"bin": block("Route", number=BIN, handler=HANDLER)})
    stack.up()
    assert stack.writes() == []
    stack.destroy()
    assert stack.snapshot() == stack.before


@pytest.mark.parametrize(
    ("kind", "id_", "told"),
    [
        pytest.param("VapiSmsNumber", STUDIO, "is answered by Studio Flow", id="not at Vapi"),
        pytest.param("VapiSmsNumber", "PN" + "9" * 32, "is no number of Twilio account", id="not there"),
        pytest.param("TwilioSmsRoute", WEBHOOK, "holds a password or a query", id="a secret in its URL"),
        pytest.param("VapiSmsFleet", WEBHOOK, "a VapiSmsFleet is not imported: declare it", id="a fleet"),
    ],
)
def test_what_cannot_be_imported_says_what_to_do(stack: YamlStack, kind: str, id_: str, told: str) -> None:
    """One line, nothing written."""
    failed = stack.fail("import", f"vapi-sms:index:{kind}", "support", id_, "--yes").text

    assert told in failed
    assert stack.writes() == []
