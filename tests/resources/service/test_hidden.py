"""Numbers whose own webhook the service hides: how they come to Vapi, and what must not be recorded."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import line_of, standing, written
from tests.resources.provider import ProviderError
from tests.resources.service_stack import SAME, SERVICE, ServiceStack, hand_over, notices
from tests.resources.stack import Refused as NumberRefused
from tests.sandbox.pool import FALLBACK, HANDLER, POOL, answers
from tests.sandbox.world import AC, HIDDEN, MG, ORG, SALES, VAPI_SMS


def test_a_declared_number_goes_from_the_service_to_vapi_and_back(
    sandbox: RunningSandbox, stack: ServiceStack
) -> None:
    """Its own routing, which slept, never answers; the whole stack's destroy leaves every field as it was."""
    before, answered = standing(sandbox), answers(sandbox)
    stack.up(MG, keep_others=True, declared=[HIDDEN])
    assert answers(sandbox) == answered

    hand_over(stack)

    outs = stack.number(HIDDEN).state["number"].outs
    assert outs["answeredBy"] == f"Vapi assistant Support, instead of {HANDLER}"
    assert outs["originalSummary"].startswith(f"texts: {HANDLER} {FALLBACK}; calls: nobody")
    assert answers(sandbox) == answered | {HIDDEN: "Vapi assistant Support"}
    assert stack.up(MG, keep_others=True, declared=[HIDDEN]) == SAME
    assert set(
        stack.number(HIDDEN).up(number=HIDDEN, assistant="Support", messaging_service=MG).values()
    ) == {"same"}

    stack.numbers[HIDDEN].destroy()
    assert answers(sandbox) == answered
    stack.destroy()
    assert standing(sandbox) == before


def test_a_hidden_number_is_shown_as_deferred_by_its_service(
    sandbox: RunningSandbox, stack: ServiceStack
) -> None:
    """Preview shows the record that will be taken: who answers now in truth, the service; nothing is written."""
    stack.preview(MG, declared=[*POOL])
    number = stack.number(HIDDEN)

    assert set(number.preview(number=HIDDEN, assistant="Support", messaging_service=MG).values()) == {
        "create"
    }

    checked = number.checked("originals", number.sibling_props(number=HIDDEN, messaging_service=MG))
    assert checked["summary"][HIDDEN].startswith(f"texts: {HANDLER} {FALLBACK};")
    assert [line for line in notices(stack.provider) if "vapi-sms: change: " not in line] == [
        (
            f"vapi-sms: texts will be deferred by {SERVICE} to its numbers' own webhooks, which it hides now; that is "
            "looked at again before a number is switched."
        )
    ]
    assert written(sandbox) == []


@pytest.mark.parametrize("declared", [None, {"defer_to_sender": False}], ids=["nobody", "not deferring"])
def test_a_hidden_number_without_a_service_that_defers_is_refused(
    stack: ServiceStack, declared: dict[str, bool] | None
) -> None:
    """Naming the service is not enough: a MessagingServiceInbound must make it defer."""
    if declared is not None:
        stack.preview(MG, **declared)

    with pytest.raises(NumberRefused) as caught:
        stack.number(HIDDEN).preview(number=HIDDEN, assistant="Support", messaging_service=MG)

    assert f"{HIDDEN} is in {SERVICE}, which handles texts itself" in line_of(caught.value)


def test_the_record_of_a_number_is_not_taken_while_it_is_hidden(stack: ServiceStack) -> None:
    """With --target of the number alone its webhook sleeps: what would be recorded never answered anybody."""
    number = stack.number(HIDDEN)
    props = number.sibling_props(number=HIDDEN, messaging_service=MG)
    checked = number.checked("originals", props)

    with pytest.raises(ProviderError) as caught:
        number.life("originals").create(checked)

    assert line_of(caught.value) == (
        f"{HIDDEN} is still hidden by {SERVICE}, so nobody knows yet what its webhook will be: declare a "
        "MessagingServiceInbound for it, give it as messaging_service=, and run without --target"
    )


def test_a_number_is_looked_at_again_before_it_is_switched(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn
) -> None:
    """Somebody let the service answer again since the check: Vapi would never see a text, so nothing is switched."""
    stack.up(MG, declared=[*POOL])
    number = stack.number(HIDDEN)
    sibling = number.checked("originals", number.sibling_props(number=HIDDEN, messaging_service=MG))
    _, recorded = number.life("originals").create(sibling)
    given = number.number_props(
        recorded["originals"], number=HIDDEN, assistant="Support", messaging_service=MG
    )
    checked = number.checked("number", given)
    sandbox.outside("service", sid=MG, set={"use_inbound_webhook_on_number": False})
    sandbox.clear_journal()

    with pytest.raises(ProviderError, match="which handles texts itself"):
        spawn().number.create(checked)

    assert written(sandbox) == []


def test_a_record_taken_while_the_number_was_hidden_is_put_right(
    sandbox: RunningSandbox, stack: ServiceStack
) -> None:
    """An `up` without the service recorded what sleeps; once the service is declared, the truth counts."""
    before, answered = standing(sandbox), answers(sandbox)
    number = stack.number(HIDDEN)
    with pytest.raises(NumberRefused):
        number.up(number=HIDDEN, assistant="Support")
    assert (
        number.state["originals"]
        .outs["summary"][HIDDEN]
        .startswith("texts: Webhook https://old.example.com/sms;")
    )

    stack.up(MG, declared=[*POOL])
    hand_over(stack)

    assert number.state["originals"].outs["summary"][HIDDEN].startswith(f"texts: {HANDLER}")
    number.destroy()
    assert answers(sandbox) == answered
    stack.destroy()
    assert standing(sandbox) == before


def test_a_number_that_was_imported_while_it_was_hidden_is_adopted(
    sandbox: RunningSandbox, stack: ServiceStack
) -> None:
    """The usual accident: texts vanish at a number that Vapi knows. Its original is the service, which answered."""
    sandbox.outside_number(HIDDEN, sms_url=VAPI_SMS)
    fields = {"number": HIDDEN, "twilioAccountSid": AC, "assistantId": SALES}
    sandbox.outside_vapi("create", org=ORG, set=fields)
    before, answered = standing(sandbox), answers(sandbox)
    stack.up(MG, declared=[*POOL])

    stack.number(HIDDEN).up(number=HIDDEN, assistant="Support", messaging_service=MG, adopt=True)

    assert answers(sandbox)[HIDDEN] == "Vapi assistant Support"
    stack.destroy()
    assert (standing(sandbox), answers(sandbox)) == (before, answered)
