"""What changes at the vendors meanwhile: the handler, the numbers, an app, the service itself."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import line_of, standing, written
from tests.resources.provider import ProviderError
from tests.resources.service_stack import (
    CHANGED,
    SAME,
    SERVICE,
    SET,
    Refused,
    ServiceStack,
    hand_over,
    notices,
)
from tests.sandbox.pool import HANDLER, answers, pool_number, service_record
from tests.sandbox.world import AC, APP, APPLICATION, DEMO, HIDDEN, MG, STUDIO, WEBHOOK


def test_drift_is_shown_and_repaired(sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn) -> None:
    """Somebody let the service answer again: numbers at Vapi are hidden until `up` lets it defer once more."""
    before = standing(sandbox)
    stack.up(MG, keep_others=True, declared=[HIDDEN])
    hand_over(stack)
    answered = answers(sandbox)
    sandbox.outside("service", sid=MG, set={"use_inbound_webhook_on_number": False})
    sandbox.clear_journal()

    stack.restart(spawn())
    inputs = stack.checked(
        "service",
        stack.props(
            "service",
            stack.state["original"].outs["original"],
            service=MG,
            keep_others=True,
            declared=[HIDDEN],
        ),
    )
    assert inputs["drift"] == [f"texts are answered by {HANDLER}, not by each number's own webhook"]
    assert stack.up(MG, keep_others=True, declared=[HIDDEN]) == CHANGED

    assert written(sandbox) == [SET]
    assert answers(sandbox) == answered
    assert "drift" not in stack.state["service"].outs
    assert stack.up(MG, keep_others=True, declared=[HIDDEN]) == SAME
    stack.destroy()
    assert standing(sandbox) == before


def test_refresh_takes_up_who_decides(sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn) -> None:
    """Then the next `up` sees what the program declares otherwise; the record is echoed."""
    stack.up(MG, keep_others=True)
    held = stack.state["original"].outs
    sandbox.outside("service", sid=MG, set={"use_inbound_webhook_on_number": False})

    stack.restart(spawn())
    stack.refresh()

    assert stack.state["service"].outs["deferToSender"] is False
    assert stack.state["service"].outs["inbound"] == HANDLER
    assert stack.state["original"].outs == held
    assert stack.up(MG, keep_others=True) == CHANGED


def test_another_handler_than_recorded_is_refused(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn
) -> None:
    """Somebody gave the service another URL, and thereby let it answer: destroy leaves that, and says so."""
    stack.up(MG, keep_others=True)
    new = {
        "use_inbound_webhook_on_number": False,
        "inbound_request_url": "https://new.example.com/s?k=canary",
    }
    sandbox.outside("service", sid=MG, set=new)
    stack.restart(spawn())

    with pytest.raises(Refused) as caught:
        stack.preview(MG, keep_others=True)
    assert "are answered by Webhook https://new.example.com/s?k=***" in line_of(caught.value)

    before = service_record(sandbox)
    stack.destroy()
    assert service_record(sandbox) == before
    assert [sandbox.number(number)["sms_url"] for number in (STUDIO, DEMO)] == [
        pool_number(STUDIO),
        pool_number(DEMO),
    ]
    assert any("keeps Webhook https://new.example.com/s?k=***" in line for line in notices(stack.provider))


def test_numbers_that_come_go_or_change_meanwhile_are_told(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn
) -> None:
    """One joined and goes to sleep with the others, one was routed elsewhere, one is gone, one left the pool."""
    stack.up(MG, keep_others=True)
    sandbox.outside("number", number="+14155550102", messaging_service=MG)
    sandbox.outside_number(STUDIO, sms_url="https://new.example.com/sms", sms_fallback_url="")
    sandbox.outside_release(DEMO)
    sandbox.outside("number", number=WEBHOOK, messaging_service=None)
    stack.restart(spawn())

    stack.destroy()

    assert sorted(notices(stack.provider)) == [
        f"vapi-sms: {DEMO} is no longer on Twilio account {AC}: nothing to put back there.",
        f"vapi-sms: from now on {SERVICE} answers for +14155550102 too, by {HANDLER}.",
        (
            f"vapi-sms: texts of {STUDIO} itself stay with Webhook https://new.example.com/sms, which is not ours; the "
            f"recorded original was Studio Flow FW{'a' * 32}."
        ),
    ]
    assert sandbox.number(WEBHOOK)["sms_url"] == pool_number(WEBHOOK)
    assert sandbox.number(STUDIO)["sms_url"] == "https://new.example.com/sms"


def test_a_deleted_twiml_app_is_named_with_the_ways_out(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn
) -> None:
    """The others come back, the service too; what the owner sets in the Console is left, and destroy succeeds."""
    stack.up(MG, keep_others=True)
    sandbox.outside("application", sid=APP, delete=True)

    with pytest.raises(ProviderError) as caught:
        stack.destroy()

    assert line_of(caught.value) == (
        f"{APPLICATION} is not put back: Twilio refuses its recorded routing (TwiML App {APP}): Writing the messaging "
        f"routing of {APPLICATION}: Application Sid is not accessible: {APP} (Twilio 21420, request RQ...). "
        "Bring back what it points at; or give the number another routing in Twilio's Console, which then stays; and "
        "run the same command again."
    )
    assert service_record(sandbox)["use_inbound_webhook_on_number"] is False
    assert sandbox.number(STUDIO)["sms_url"] == pool_number(STUDIO)

    sandbox.outside_number(APPLICATION, sms_url="https://new.example.com/sms")
    stack.restart(spawn())
    stack.destroy()
    assert sandbox.number(APPLICATION)["sms_url"] == "https://new.example.com/sms"
    assert not stack.state


def test_a_service_that_is_gone_leaves_the_state_and_its_numbers_come_back(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn
) -> None:
    """Somebody deleted the service: the record still knows the numbers."""
    stack.up(MG, keep_others=True)
    sandbox.outside("service", sid=MG, delete=True)
    stack.restart(spawn())

    with pytest.raises(Refused, match=f"no Messaging Service of Twilio account {AC} has the SID {MG}"):
        stack.preview(MG, keep_others=True)
    stack.refresh()
    assert list(stack.state) == ["original"]
    stack.destroy()

    assert [sandbox.number(number)["sms_url"] for number in (STUDIO, DEMO)] == [
        pool_number(STUDIO),
        pool_number(DEMO),
    ]
