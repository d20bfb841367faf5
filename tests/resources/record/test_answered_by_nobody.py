"""An address at Vapi that no import writes answers nobody: it is drift, never an original, and not ours to undo."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.provider import ProviderError
from tests.resources.record.test_vapis_urls import HOOKS
from tests.resources.stack import CHANGED, PROPS, SAME, Refused, Stack
from tests.sandbox.world import VAPI_SMS, VAPI_VOICE, WEBHOOK

BY_HAND = "https://api.vapi.ai/sms/twilio/a5000000"
NO_TEXTS = f"an address at Vapi that is not known to answer texts ({BY_HAND})"


def drift(stack: Stack, **declared: object) -> list[str]:
    """Give the drift that a preview shows."""
    props = stack.number_props(stack.state["originals"].outs["originals"], **declared)
    return list(stack.checked("number", props).get("drift", ()))


@pytest.mark.parametrize("host", ["https://api.vapi.ai", HOOKS])
def test_an_address_that_answers_nobody_is_drift_and_repaired(
    sandbox: RunningSandbox, spawn: Spawn, host: str
) -> None:
    """Typed by hand, or text and call URL swapped; `up` writes what Vapi wrote."""
    sandbox.behaviour(webhook_host=host)
    stack = Stack(spawn())
    stack.up(**PROPS)

    for url in (BY_HAND, VAPI_VOICE, "https://api.vapi.ai"):
        sandbox.outside_number(WEBHOOK, sms_url=url)
        stack.provider = spawn()
        assert drift(stack, **PROPS) == [
            f"texts are answered by {NO_TEXTS.replace(BY_HAND, url)}, not by Vapi"
        ]
        assert stack.up(**PROPS) == CHANGED
        assert sandbox.number(WEBHOOK)["sms_url"] == f"{host}/twilio/sms"
        assert stack.preview(**PROPS) == SAME


def test_calls_that_answer_nobody_are_drift_too(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Calls that are kept go back to who answered them, with a word; a foreign handler stays, as ever."""
    stack = Stack(spawn())
    stack.up(**PROPS)
    sandbox.outside_number(WEBHOOK, voice_url=VAPI_SMS)
    stack.provider = spawn()

    (line,) = drift(stack, **PROPS)
    assert line.startswith("calls are answered by an address at Vapi that is not known to answer calls (")
    assert line.endswith(f"({VAPI_SMS}), not by Webhook http://127.0.0.1:9/voice")
    stack.up(**PROPS)
    assert sandbox.number(WEBHOOK)["voice_url"] == "http://127.0.0.1:9/voice"


def test_a_destroy_leaves_an_address_that_is_not_ours_and_says_so(
    sandbox: RunningSandbox, spawn: Spawn
) -> None:
    """Law 4: neither what Vapi wrote nor the original."""
    stack = Stack(spawn())
    stack.up(**PROPS)
    sandbox.outside_number(WEBHOOK, sms_url=BY_HAND)
    stack.provider = spawn()

    stack.destroy()

    assert sandbox.number(WEBHOOK)["sms_url"] == BY_HAND
    (line,) = [line for line in stack.provider.stderr() if "stay answered by" in line]
    assert line.startswith(f"vapi-sms: texts to {WEBHOOK} stay answered by {NO_TEXTS}")
    assert line.endswith(
        "the recorded original was Webhook http://127.0.0.1:9/sms?tenant=***#rc=1 (fallback Webhook "
        "http://127.0.0.1:9/fallback)."
    )
    assert sandbox.vapi_numbers() == []


def test_such_an_address_is_refused_as_an_original(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """As Vapi's own URL is; with restore_to the number is switched, and that comes back."""
    sandbox.outside_number(WEBHOOK, sms_url=BY_HAND)
    stack = Stack(spawn())

    with pytest.raises((Refused, ProviderError), match="already go to an address at Vapi that is not known"):
        stack.preview(**PROPS)
    stack.up(**PROPS, restore_to={"url": "https://old.example.com/sms"})

    assert sandbox.number(WEBHOOK)["sms_url"] == VAPI_SMS
    stack.destroy()
    assert sandbox.number(WEBHOOK)["sms_url"] == "https://old.example.com/sms"
