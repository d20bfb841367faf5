"""What is not known yet of a declaration: a check tells what is there all the same."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import line_of
from tests.resources.provider import UNKNOWN, ProviderError
from tests.resources.stack import PROPS, Stack
from tests.sandbox.world import AC, ORG, SALES, WEBHOOK


def adopted_and_made_anew(sandbox: RunningSandbox, stack: Stack) -> None:
    """Adopt a number whose record somebody deletes: the next `up` imports the number in its place."""
    held = {"number": WEBHOOK, "twilioAccountSid": AC, "assistantId": SALES}
    theirs = sandbox.outside_vapi("create", org=ORG, set=held)["id"]
    stack.up(**PROPS, adopt=True)
    sandbox.outside_vapi("delete", org=ORG, id=theirs)
    stack.provider.renew()
    stack.up(**PROPS, adopt=True)


def test_an_import_in_place_of_an_adopted_record_is_known_beside_an_unknown_assistant(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """A check is shown the record that was adopted, and not that which came in its place: that is no drift."""
    adopted_and_made_anew(sandbox, stack)
    stack.provider = spawn()
    originals = stack.state["originals"].outs["originals"]

    checked = stack.checked("number", stack.number_props(originals, **{**PROPS, "assistant": UNKNOWN}))

    assert "drift" not in checked


@pytest.mark.parametrize("assistant", ["Support", UNKNOWN], ids=["known", "unknown"])
def test_somebody_elses_record_in_place_of_ours_is_refused_by_preview_and_not_told_as_drift(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn, assistant: str
) -> None:
    """It has other settings than ours had, which no `up` may repair."""
    stack.up(**PROPS)
    (ours,) = sandbox.vapi_numbers()
    sandbox.outside_vapi("delete", org=ORG, id=ours["id"])
    held = {"number": WEBHOOK, "twilioAccountSid": AC, "assistantId": SALES}
    theirs = sandbox.outside_vapi("create", org=ORG, set=held)
    stack.provider = spawn()

    with pytest.raises(ProviderError) as caught:
        stack.preview(**{**PROPS, "assistant": assistant})

    assert line_of(caught.value).startswith(
        f"{WEBHOOK} is in this Vapi org as {theirs['id']}, imported by somebody else since it was recorded"
    )
    assert sandbox.vapi_numbers() == [theirs]
