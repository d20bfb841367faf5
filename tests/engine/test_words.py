"""What a person reads of each number, on the real engine: who answers now, who will, and what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.test_never_green import told
from tests.engine.world import SILENT, STUDIO_FLOW

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
