"""A fleet's fallbacks: by its defaults or an entry; each number is written, told and put back by itself."""

from __future__ import annotations

import json

import pytest
from vapi_sms import Handler
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import sid_of, standing, written
from tests.resources.fleet_stack import CHANGED, SAME, Entries, FleetStack, line_of
from tests.resources.provider import ProviderError
from tests.sandbox.world import BIN, DEMO, FUNCTION, SENDER, STUDIO, STUDIO_URL, WEBHOOK

FLOW = f"Studio Flow FW{'a' * 32}"
BACKUP = Handler.webhook("https://backup.example/sms?key=url-canary")
ALL: Entries = {STUDIO: {}, BIN: {"fallback": "keep"}, FUNCTION: {"fallback": BACKUP}}
SUPPORT = {"assistant": "Support"}
ORIGINAL = {**SUPPORT, "fallback": "original"}


def fallbacks(sandbox: RunningSandbox, *numbers: str) -> list[str]:
    """Give the messaging fallback of each number."""
    return [sandbox.number(number)["sms_fallback_url"] for number in numbers]


def test_defaults_count_for_all_that_say_nothing_else(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """An entry that says "keep" goes without; then nothing is left to do, and destroy gives all back."""
    before = standing(sandbox)

    stack.up(numbers=ALL, defaults=ORIGINAL)
    sandbox.behaviour(webhook_fails=True)

    assert fallbacks(sandbox, STUDIO, BIN, FUNCTION) == [STUDIO_URL, "", BACKUP.url]
    assert sandbox.text(SENDER, STUDIO, "Hello")["answered_by"] == FLOW
    assert stack.preview(numbers=ALL, defaults=ORIGINAL) == SAME
    assert "fallback" not in stack.fleet["numbers"][BIN]
    assert stack.fleet["numbers"][STUDIO]["answeredBy"] == (
        f"Vapi assistant Support (fallback {FLOW}), instead of {FLOW}"
    )
    assert stack.fleet["summary"] == {"Vapi assistant Support": 3}
    stack.destroy()
    assert standing(sandbox) == before


def test_a_change_is_one_write_a_number(sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn) -> None:
    """Numbers whose fallback stays are not written."""
    stack.up(numbers=ALL, defaults=SUPPORT)
    stack.provider = spawn()
    sandbox.clear_journal()

    assert stack.up(numbers=ALL, defaults=ORIGINAL) == CHANGED

    (line,) = written(sandbox)
    assert line.endswith(f"/IncomingPhoneNumbers/{sid_of(sandbox, STUDIO)}.json")


def test_drift_of_one_is_told_with_its_number(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """In words, without the token, and repaired."""
    stack.up(numbers=ALL, defaults=ORIGINAL)
    sandbox.outside_number(FUNCTION, sms_fallback_url=STUDIO_URL)
    stack.provider = spawn()

    assert stack.preview(numbers=ALL, defaults=ORIGINAL) == CHANGED
    originals = stack.state["originals"].outs["originals"]
    found = stack.checked("number", stack.number_props(originals, numbers=ALL, defaults=ORIGINAL))
    assert found["drift"] == [
        (
            f"{FUNCTION}: texts that Vapi fails to take are answered by {FLOW}, not by Webhook "
            "https://backup.example/sms?key=***"
        )
    ]
    stack.up(numbers=ALL, defaults=ORIGINAL)
    assert fallbacks(sandbox, FUNCTION) == [BACKUP.url]


def test_a_number_of_ours_whose_original_cannot_answer_is_set_aside(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """A default that fits the others changes them; this one is told, and stays as it is."""
    numbers: Entries = {STUDIO: {}, DEMO: {}}
    stack.up(numbers=numbers, defaults=SUPPORT)
    stack.provider = spawn()

    with pytest.raises(ProviderError) as caught:
        stack.up(numbers=numbers, defaults=ORIGINAL)

    assert fallbacks(sandbox, STUDIO, DEMO) == [STUDIO_URL, ""]
    assert line_of(caught) == (
        f"1 of 2 numbers failed (1 is as declared): fallback='original' of {DEMO} is Twilio's demo reply, which tells "
        "customers that nobody is there: name a Handler that answers, or write 'keep', which leaves what is there. The "
        "next `pulumi up` continues."
    )


def test_a_fleet_without_one_has_no_word_of_it(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """As before there were any: a fallback that was found stays, and no input or output says so."""
    found = fallbacks(sandbox, WEBHOOK)

    stack.up(numbers={WEBHOOK: {}, STUDIO: {}}, defaults={**SUPPORT, "fallback": "keep"})

    assert fallbacks(sandbox, WEBHOOK) == found != [""]
    held = {key: value for key, value in stack.fleet.items() if key != "original"}
    assert "allback" not in json.dumps([held, stack.state["number"].inputs["numbers"]])


def test_dropped_numbers_get_their_own_back(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """With the rest of their routing."""
    before = standing(sandbox)["numbers"][FUNCTION]
    stack.up(numbers=ALL, defaults=ORIGINAL)

    stack.up(numbers={STUDIO: {}}, defaults=ORIGINAL)

    assert standing(sandbox)["numbers"][FUNCTION] == before
