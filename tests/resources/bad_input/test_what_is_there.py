"""What the vendors hold does not let a declaration be: one line, and nothing is changed."""

from __future__ import annotations

from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import standing, written
from tests.resources.one_line import (
    failed,
    refused,
)
from tests.resources.provider import Props
from tests.resources.stack import Stack
from tests.sandbox.world import (
    AC,
    ORG,
    ORG2,
    SUPPORT,
    WEBHOOK,
)


def test_a_name_that_two_assistants_have_asks_for_an_id(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Both ids are named, so that one can be copied."""
    twin = SUPPORT.replace("0001", "0009")
    sandbox.outside_vapi("create", kind="assistant", id=twin, org=ORG, set={"name": "Support"})

    line = refused(Stack(spawn()), number=WEBHOOK, assistant="Support")

    assert line == f"2 assistants are named 'Support': write one of their ids ({SUPPORT}, {twin})"
    assert written(sandbox) == []


def test_assistants_that_do_not_fit_into_a_line_are_counted(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Where there are many, the line does not claim that those it names are all."""
    for n in range(20):
        identifier = f"a5000000-0000-4000-8000-0000000001{n:02}"
        sandbox.outside_vapi("create", kind="assistant", id=identifier, org=ORG, set={"name": f"Bot {n:02}"})

    line = refused(Stack(spawn()), number=WEBHOOK, assistant="Nobody")

    named = ", ".join(f"Bot {n:02}" for n in range(10))
    assert line == f"no assistant of this Vapi org is named 'Nobody' (there are: {named}, and 12 more)"


def test_a_number_that_somebody_imported_is_refused_at_preview(sandbox: RunningSandbox, stack: Stack) -> None:
    """The record in Vapi is named, and both ways out."""
    record = _imported(sandbox, org=ORG)
    before = standing(sandbox)

    line = refused(stack, number=WEBHOOK, assistant="Support")

    assert line == (
        f"{WEBHOOK} is already in this Vapi org as {record['id']}, imported by somebody else: write adopt=True to take "
        "it over (its Vapi settings are put back on destroy), or delete it in Vapi first; if the state that knew "
        "it was lost, `vapi-sms restore` puts the number back from a backup"
    )
    assert standing(sandbox) == before
    assert written(sandbox) == []


def test_a_number_of_another_org_fails_in_one_line_and_leaves_all_as_it_was(
    sandbox: RunningSandbox, stack: Stack
) -> None:
    """No preview can know it: the org is asked for the first time by the import."""
    _imported(sandbox, org=ORG2)
    before = standing(sandbox)

    line = failed(stack, number=WEBHOOK, assistant="Support")

    assert line.startswith(f"{WEBHOOK}: Importing {WEBHOOK} into Vapi: ")
    assert line.endswith(
        "Vapi holds a number in one org only: delete it in the org that has it (Vapi dashboard, Phone Numbers), or use "
        "that org's key. Nothing was changed."
    )
    assert standing(sandbox) == before
    assert list(stack.state) == ["originals"]


def test_a_number_that_vapi_cannot_see_fails_in_one_line(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """What Vapi is given may be a key of its own, so those variables are named."""
    sandbox.fault(vendor="vapi", method="POST", status=400, body={"message": "Number Not Found on Twilio."})
    before = standing(sandbox)

    line = failed(Stack(spawn()), number=WEBHOOK, assistant="Support")

    assert line == (
        f"{WEBHOOK}: Importing {WEBHOOK} into Vapi: Number Not Found on Twilio (Vapi HTTP 400). The credentials that "
        "Vapi is given do not see this number: check VAPI_TWILIO_API_KEY and VAPI_TWILIO_API_SECRET (config: "
        "vapi:twilioApiKey, vapi:twilioApiSecret) if you set them, else the Twilio account. Nothing was changed."
    )
    assert standing(sandbox) == before


def test_an_app_that_is_not_there_cannot_be_restored_to(sandbox: RunningSandbox, stack: Stack) -> None:
    """A TwiML App that destroy could not put back is refused at preview, when it can still be corrected."""
    gone = "AP" + "0" * 32

    line = refused(stack, number=WEBHOOK, assistant="Support", restore_to={"applicationSid": gone})

    assert line == (
        f"restore_to names TwiML App {gone}, which account {AC} does not have, so Twilio would refuse to put it back: "
        "correct the SID"
    )
    assert written(sandbox) == []


def _imported(sandbox: RunningSandbox, org: str) -> Props:
    record = {"number": WEBHOOK, "twilioAccountSid": AC, "assistantId": SUPPORT}
    return sandbox.outside_vapi("create", org=org, set=record)
