"""An edit that readings do not show yet: the answer of the proof before the first change does, and is planned on."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import line_of, standing
from tests.resources.provider import ProviderError
from tests.resources.stack import PROPS, Stack
from tests.sandbox.world import VAPI_SMS, WEBHOOK, seed

LONG = 60_000
THEIRS = "https://foreign.example/"


@pytest.fixture(autouse=True)
def lagging(sandbox: RunningSandbox) -> None:
    """Let readings at Twilio be of a minute ago."""
    sandbox.behaviour(reads_lag_ms={"twilio": LONG})


def test_calls_that_somebody_has_just_taken_stay(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Nothing is imported; once readings show who has them, an `up` keeps them so, and destroy tells."""
    sandbox.outside_number(WEBHOOK, voice_url=f"{THEIRS}voice")
    before = standing(sandbox)
    stack = Stack(spawn())

    with pytest.raises(ProviderError) as caught:
        stack.up(**PROPS)

    assert line_of(caught.value).startswith(f"somebody routed calls to {WEBHOOK} to Webhook {THEIRS}voice")
    assert standing(sandbox) == before
    sandbox.behaviour(reads_lag_ms={"twilio": 0})
    stack.provider = spawn()
    stack.up(**PROPS)
    number = sandbox.number(WEBHOOK)
    assert (number["sms_url"], number["voice_url"]) == (VAPI_SMS, f"{THEIRS}voice")
    stack.destroy()
    assert standing(sandbox) == before
    assert f"calls to {WEBHOOK} stay answered by Webhook {THEIRS}voice" in "\n".join(stack.provider.stderr())


@pytest.mark.parametrize("found", ["http://127.0.0.1:9/sms", "https://[2001:db8::1]/sms"])
def test_texts_that_somebody_has_just_taken_are_not_handed_over(
    sandbox: RunningSandbox, spawn: Spawn, found: str
) -> None:
    """The record says that somebody else answered them: nothing is imported, and both handlers are named.

    So also where what was found is of a shape that only Twilio can tell if it takes it back: that is not written first.
    """
    company = seed()
    (number,) = [
        each for each in company["twilio"]["accounts"][0]["numbers"] if each["phone_number"] == WEBHOOK
    ]
    number["sms_url"] = found
    sandbox.reset(company)
    sandbox.behaviour(reads_lag_ms={"twilio": LONG})
    sandbox.outside_number(WEBHOOK, sms_url=f"{THEIRS}sms")
    before = standing(sandbox)

    with pytest.raises(ProviderError) as caught:
        Stack(spawn()).up(**PROPS)

    assert f"{THEIRS}sms" in line_of(caught.value)
    assert "restore_to" in line_of(caught.value)
    assert standing(sandbox) == before
