"""What a person reads of each number, on the real engine: who answers now, who will, and what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.test_never_green import told
from tests.engine.world import MG, SILENT, STUDIO, STUDIO_FLOW, WEBHOOK

if TYPE_CHECKING:
    from tests.engine.world import Stack


def test_who_answered_before_and_what_comes_back_are_told_apart(stack: Stack) -> None:
    """With `restore_to`, in a fleet's diff too: the flow answered, whatever a later destroy puts back."""
    stack.declare(
        f'VapiSmsNumber("support", number="{SILENT}", assistant="Support", restore_to=FLOW)',
        "from vapi_sms import VapiSmsFleet",
        'VapiSmsFleet("fleet", numbers={STUDIO: {"assistant": "Sales", "restore_to": Handler.none()}})',
    )

    previewed = stack.preview()

    assert '"Vapi assistant Support, instead of nobody"' in previewed
    assert f'"Vapi assistant Sales, instead of {STUDIO_FLOW}"' in previewed
    assert f'"texts: {STUDIO_FLOW} (declared by restore_to); calls: nobody; not in Vapi"' in previewed
    assert (
        '"texts: nobody (declared by restore_to); calls: Webhook https://old.example.com/voice; not in Vapi"'
        in previewed
    )
    stack.up()
    stack.settled()
    stack.declare()
    assert "**nobody** instead of" in told(stack, "preview").stdout
    stack.destroy()


def test_a_fleets_number_that_is_refused_now_is_told_and_up_ends_with_an_error_that_names_it(
    stack: Stack,
) -> None:
    """Preview, comment and `up` say it in the same words; the other number changes all the same."""
    fleet = 'VapiSmsFleet("fleet", defaults={{"assistant": {0!r}}}, numbers={{WEBHOOK: {{}}, STUDIO: {{}}}})'
    imports = "from vapi_sms import VapiSmsFleet"
    stack.declare(imports, fleet.format("Support"))
    stack.up()
    stack.sandbox.outside("number", number=STUDIO, messaging_service=MG)
    stack.declare(imports, fleet.format("Sales"))

    previewed = stack.preview()
    commented = told(stack, "preview", "--fail-on", "drift")
    failed = stack.fail("up", "--yes", "--skip-preview")

    reason = f"{STUDIO} is in Messaging Service Campaigns ({MG}), which handles texts itself"
    assert f"vapi-sms: refused, while the others go on: {reason}" in previewed
    assert commented.returncode == 3
    assert "### `test/dev`: 1 refusal beside which the other numbers go on" in commented.stdout
    assert (
        f"#### Refused, while the others go on\n\n- `{STUDIO}`: is in Messaging Service" in commented.stdout
    )
    assert f"1 of 2 numbers failed (1 is as declared): {reason}" in failed.text
    assert stack.answers(WEBHOOK) == "Vapi assistant Sales"
    stack.sandbox.outside("number", number=STUDIO, messaging_service=None)
    stack.up()
    stack.settled()
    assert stack.answers(STUDIO) == "Vapi assistant Sales"
    stack.destroy()
    assert stack.snapshot() == stack.before
