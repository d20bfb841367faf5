"""A record at Vapi is known by its id, its account and what was recorded of it; any other is somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.world import AC, OLD_APP, OTHER_AC, OTHER_TOKEN, SUPPORT, SUPPORT_ON_WEBHOOK, WEBHOOK

if TYPE_CHECKING:
    from tests.engine.stack import Stack

THEIRS = {"number": WEBHOOK, "name": "Theirs", "assistantId": SUPPORT}


def created(stack: Stack, **fields: Any) -> dict[str, Any]:
    """Let somebody else make a record of WEBHOOK in the org."""
    return stack.edit_vapi("create", set=THEIRS | fields)


@pytest.mark.parametrize(
    "whose",
    [
        {"twilioAccountSid": OTHER_AC},
        {"provider": "byo-phone-number", "credentialId": "c0000000-0000-4000-8000-000000000001"},
    ],
    ids=["of another Twilio account", "brought by somebody"],
)
def test_a_record_that_is_not_of_this_account_is_refused_and_left(
    stack: Stack, whose: dict[str, Any]
) -> None:
    """With adopt as without: preview names it and says what to do, and it is never changed."""
    theirs = created(stack, **whose)
    before = stack.snapshot()
    for adopt in ("", ", adopt=True"):
        stack.declare(SUPPORT_ON_WEBHOOK.replace(")", f"{adopt})"))
        told = stack.refused()
        assert f"{WEBHOOK} is already in this Vapi org as {theirs['id']}" in told, told
        assert "delete that one in Vapi first" in told

    assert stack.snapshot() == before


def test_an_import_that_somebody_replaced_is_not_deleted_by_destroy(stack: Stack) -> None:
    """Ours is gone and theirs is there: texts go back, their record stays as it is, and that is told."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    stack.edit_vapi("delete", id=stack.vapi()["id"])
    theirs = created(stack, twilioAccountSid=AC)
    told = stack.refused()
    assert f"is in this Vapi org as {theirs['id']}, imported by somebody else" in told, told

    told = stack.destroy().text

    assert theirs["id"] in told, told
    assert stack.vapi() == theirs
    assert stack.answers() == OLD_APP


def test_a_record_that_was_adopted_and_replaced_gets_none_of_our_settings(stack: Stack) -> None:
    """What was adopted is gone: destroy puts texts back and leaves the record that came in its place."""
    old = created(stack, twilioAccountSid=AC)
    stack.declare(SUPPORT_ON_WEBHOOK.replace(")", ", adopt=True)"))
    stack.up()
    stack.edit_vapi("delete", id=old["id"])
    theirs = created(stack, twilioAccountSid=AC, name="Replaced")

    stack.destroy()

    assert stack.vapi() == theirs
    assert stack.answers() == OLD_APP


def test_two_stacks_that_import_at_once_do_not_take_the_number_from_each_other(stack: Stack) -> None:
    """While ours is on its way somebody else's import arrives first: ours is refused, and texts stay where they are."""
    stack.sandbox.fault(vendor="vapi", method="POST", path="/phone-number", hold="before")
    stack.declare(SUPPORT_ON_WEBHOOK)
    running = stack.project.start("up")
    stack.wait_for_held()
    theirs = created(stack, twilioAccountSid=AC, name="The other stack's")
    stack.sandbox.release("go")
    ran = running.wait()
    stack.runs.append(ran)

    assert ran.code != 0
    assert stack.vapi() == theirs
    assert stack.answers() == OLD_APP
    stack.destroy()
    assert stack.vapi() == theirs
    assert stack.snapshot()["numbers"] == stack.before["numbers"]


def test_a_number_on_a_subaccount_that_the_org_has_under_its_parent_is_left_alone(stack: Stack) -> None:
    """Its record names the account that it came from: it is refused before anything is patched, its name stays."""
    theirs = created(stack, twilioAccountSid=AC)
    stack.sandbox.outside_move(WEBHOOK, OTHER_AC)
    with stack.with_env(TWILIO_ACCOUNT_SID=OTHER_AC, TWILIO_AUTH_TOKEN=OTHER_TOKEN):
        for adopt in ("", ", adopt=True"):
            stack.declare(SUPPORT_ON_WEBHOOK.replace(")", f"{adopt})"))
            assert theirs["id"] in stack.refused()

    assert stack.vapi() == theirs
