"""What somebody else did to a routed number: repaired, refreshed, or left on destroy."""

from __future__ import annotations

import json

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import same_for_all, standing
from tests.resources.provider import Props
from tests.resources.routes import FLOW, ROUTE, SAME, RouteStack, change_short_code, line_of
from tests.sandbox.world import CODE, WEBHOOK


@pytest.mark.parametrize("key", ["number", "short_code"])
def test_drift_shows_in_preview_is_refreshed_and_repaired(
    sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn, key: str
) -> None:
    """Somebody else's handler is told in words by preview and refresh, and replaced by up."""
    declared: Props = {key: WEBHOOK if key == "number" else CODE, "handler": FLOW}
    before = standing(sandbox)
    prod.up(**declared)
    new = "https://new.example/sms?key=url-canary"
    if key == "number":
        sandbox.outside_number(WEBHOOK, sms_url=new, sms_fallback_url="")
    else:
        change_short_code(sandbox, sms_url=new, sms_fallback_url="")
    prod.provider = twilio_only()

    checked = prod.checked("number", prod.number_props(prod.state["originals"].outs["originals"], **declared))
    drift = [
        f"texts are answered by Webhook https://new.example/sms?key=***, not by Studio Flow FW{'e' * 32}"
    ]
    assert checked["drift"] == drift
    prod.refresh()
    assert prod.outs["answeredBy"] == "Webhook https://new.example/sms?key=***"
    assert "canary" not in json.dumps({**prod.outs, "original": None, "handler": None})
    assert prod.up(**declared)["number"] == "update"
    prod.refresh()
    assert prod.up(**declared) == SAME

    prod.destroy()
    assert standing(sandbox) == before


def test_a_number_that_was_released_is_gone(
    sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn
) -> None:
    """Destroy fails with the ways out; told that it was released, it succeeds and says so, once."""
    prod.up(**ROUTE)
    sandbox.outside_release(WEBHOOK)
    prod.provider = twilio_only()

    line = line_of(prod.destroy)
    prod.provider = twilio_only(VAPI_SMS_RELEASED=WEBHOOK)
    prod.destroy()

    assert "so it is still recorded. Its original: texts: Webhook" in line
    told = f"vapi-sms: {WEBHOOK} is on no account any more, as you say (VAPI_SMS_RELEASED): nothing to put back there."
    assert prod.provider.stderr().count(told) == 1


def test_refresh_keeps_a_number_that_is_not_there(
    sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn
) -> None:
    """Not here is not gone: it stays in the state, and is told."""
    prod.up(**ROUTE)
    sandbox.outside_release(WEBHOOK)
    prod.provider = twilio_only()

    prod.refresh()

    assert list(prod.state) == ["originals", "number"]
    assert any(f"{WEBHOOK} (PN" in line and "it may have moved" in line for line in prod.provider.stderr())


def test_somebody_elses_handler_stays_on_destroy(
    sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn
) -> None:
    """It is left alone, told once, and no word is lost on calls."""
    prod.up(**ROUTE)
    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms", voice_url="https://new.example/voice")
    prod.provider = twilio_only()

    prod.destroy()

    assert sandbox.number(WEBHOOK)["sms_url"] == "https://new.example/sms"
    (told,) = [same_for_all(line) for line in prod.provider.stderr() if "stay answered" in line]
    assert told == (
        f"vapi-sms: texts to {WEBHOOK} stay answered by Webhook https://new.example/sms, which is not ours; the "
        "recorded original was Webhook http://127.0.0.1:9/sms?tenant=***#rc=1 (fallback Webhook "
        "http://127.0.0.1:9/fallback)."
    )
