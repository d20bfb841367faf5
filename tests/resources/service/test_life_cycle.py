"""A service that defers and is given back: nobody's answer changes but those that are declared."""

from __future__ import annotations

import json

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import asked, standing, written
from tests.resources.provider import UNKNOWN
from tests.resources.service_stack import CHANGED, SAME, SET, Refused, ServiceStack, hand_over
from tests.sandbox.pool import FALLBACK, HANDLER, SERVICE_URL, answers, pool_number, service_record
from tests.sandbox.world import AC, DEFERRING, DEMO, HIDDEN, MG, STUDIO, VAPI_SMS


def test_nobody_notices_and_destroy_gives_every_field_back(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn
) -> None:
    """With keep_others all answers stay, in between too; again is nothing to do, in another process as well."""
    before, answered = standing(sandbox), answers(sandbox)

    assert stack.up(MG, keep_others=True) == {"original": "create", "service": "create"}
    assert answers(sandbox) == answered
    assert service_record(sandbox)["use_inbound_webhook_on_number"] is True
    assert service_record(sandbox)["inbound_request_url"] == SERVICE_URL
    assert written(sandbox)[-1] == SET

    sandbox.clear_journal()
    stack.restart(spawn())
    assert stack.up("Campaigns", keep_others=True) == {"original": "update", "service": "update"}
    assert stack.up("Campaigns", keep_others=True) == SAME
    assert written(sandbox) == []

    stack.destroy()
    assert standing(sandbox) == before
    assert written(sandbox)[0] == SET
    assert answers(sandbox) == answered


def test_outputs_tell_who_decides_and_show_no_secret(stack: ServiceStack) -> None:
    """What a URL hides stands in `original` only."""
    stack.up(MG, keep_others=True, declared=[HIDDEN])

    outs = dict(stack.state["service"].outs)
    assert stack.state["service"].id == outs["serviceSid"] == MG
    assert outs["accountSid"] == AC
    assert outs["inbound"] == f"each number's own webhook, instead of {HANDLER}"
    assert outs["originalSummary"] == (
        f"texts: {HANDLER} {FALLBACK}; own routings of 6 numbers that get the service's handler"
    )
    assert outs["answers"] == [
        f"1 number answered by {HANDLER}, then as declared for each:",
        f"  {HIDDEN}",
        f"5 numbers answered by {HANDLER}, before and after: it is written onto each first",
        f"1 number answered by {HANDLER}, before and after",
        "1 number cannot receive texts",
    ]
    assert "canary" in json.dumps(outs.pop("original"))
    assert "canary" not in json.dumps(outs)
    sibling = dict(stack.state["original"].outs)
    assert sibling["summary"] == outs["originalSummary"]
    assert "canary" in json.dumps(sibling.pop("original"))
    assert "canary" not in json.dumps(sibling)


def test_a_change_of_mind_gives_back_and_defers_again(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn
) -> None:
    """defer_to_sender=False is as it was found, the resource stays; nobody notices in either direction."""
    before, answered = standing(sandbox), answers(sandbox)
    stack.up(MG, keep_others=True)

    assert stack.up(MG, keep_others=True, defer_to_sender=False) == CHANGED
    assert standing(sandbox) == before
    assert stack.state["service"].outs["inbound"] == HANDLER

    sandbox.outside_number(STUDIO, sms_url="https://new.example.com/sms")
    again = standing(sandbox)
    stack.restart(spawn())
    assert stack.up(MG, keep_others=True)["service"] == "update"
    assert answers(sandbox) == answered
    stack.destroy()
    assert standing(sandbox) == again


def test_a_service_found_deferring_stays_as_it_is(sandbox: RunningSandbox, stack: ServiceStack) -> None:
    """Nothing to do, nothing to put back; to answer by itself would change answers, and is refused."""
    before = standing(sandbox)

    stack.up(DEFERRING)
    assert stack.state["service"].outs["inbound"] == "each number's own webhook"
    with pytest.raises(Refused, match="was found deferring to its numbers' own webhooks"):
        stack.preview(DEFERRING, defer_to_sender=False)
    stack.destroy()

    assert written(sandbox) == []
    assert standing(sandbox) == before


def test_a_service_needs_no_key_of_vapi(sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn) -> None:
    """Numbers that stay without Vapi may need it to defer, too: nothing is asked of Vapi then."""
    before = standing(sandbox)
    sandbox.outside_number(DEMO, sms_url=VAPI_SMS)
    stack.restart(spawn(VAPI_API_KEY=None))

    stack.up(MG, keep_others=True)
    stack.restart(spawn(VAPI_API_KEY=None))
    assert stack.up(MG, keep_others=True) == SAME
    stack.destroy()

    sandbox.outside_number(DEMO, sms_url=pool_number(DEMO))
    assert standing(sandbox) == before
    assert [line for line in asked(sandbox) if " vapi " in line] == []


def test_a_forced_replacement_keeps_what_was_found(sandbox: RunningSandbox, stack: ServiceStack) -> None:
    """--replace shows check nothing of the old one, which defers still: what it recorded first is what counts."""
    before, answered = standing(sandbox), answers(sandbox)
    stack.up(MG, keep_others=True)

    done = stack.up(MG, keep_others=True, replace=("original", "service"))

    assert done == {"original": "replace", "service": "replace"}
    assert answers(sandbox) == answered
    stack.destroy()
    assert standing(sandbox) == before


def test_another_service_replaces_and_puts_the_first_back(
    sandbox: RunningSandbox, stack: ServiceStack
) -> None:
    """Unless a number of the first is at Vapi, and would be hidden: that is said at preview."""
    before = standing(sandbox)
    stack.up(MG, keep_others=True)
    hand_over(stack)
    with pytest.raises(Refused, match="would hide"):
        stack.preview(DEFERRING)

    stack.numbers.pop(HIDDEN).destroy()
    assert stack.up(DEFERRING) == {"original": "replace", "service": "replace"}

    assert standing(sandbox) == before
    assert stack.state["service"].outs["serviceSid"] == DEFERRING


def test_what_is_not_known_yet_is_left_open(stack: ServiceStack) -> None:
    """A service that another resource names is checked once it is known."""
    assert stack.preview(UNKNOWN) == {"original": "create", "service": "create"}


def test_few_requests_are_needed(sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn) -> None:
    """The services once, the pool once, numbers by one list, Vapi's by one; unchanged numbers cost nothing."""
    stack.up(MG, keep_others=True)
    stack.restart(spawn())
    sandbox.clear_journal()

    assert stack.up(MG, keep_others=True) == SAME

    assert sorted(asked(sandbox)) == [
        f"GET twilio /2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json",
        "GET twilio /v1/Services",
        f"GET twilio /v1/Services/{MG}/PhoneNumbers",
        "GET vapi /v2/phone-number",
    ]
