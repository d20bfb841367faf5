"""The scenes of a stack's life that are worth a comment, played on the real engine.

`python -m tests.cli.review.record` records what `pulumi preview --json` prints in each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.engine.world import (
    APPLICATION,
    BIN,
    CANADIAN,
    DEMO,
    FOREIGN,
    FUNCTION,
    HIDDEN,
    MG,
    PROXY,
    SILENT,
    SPARE,
    SUPPORT,
    VOICE_ONLY,
    WEBHOOK,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engine.stack import Stack

SHOW_SAMES = "--show-sames"
SUPPORT_ANSWERS = 'VapiSmsNumber("support", number=WEBHOOK, assistant="Support")'
SALES_ANSWER = SUPPORT_ANSWERS.replace('"Support"', '"Sales"')
ORDERS = 'VapiSmsNumber("orders", number=STUDIO, assistant="Sales")'
QUIET = 'VapiSmsNumber("spare", number=SPARE, assistant="Support", sms_enabled=False)'
LOUD = QUIET.replace(", sms_enabled=False", "")
FLEET = {
    BIN: {},
    FUNCTION: {"assistant": "Sales"},
    SILENT: {"on_remove": "leave"},
    PROXY: {"name": "Front | desk @acme"},
}
CHANGED = {BIN: {"assistant": "Sales"}, PROXY: {"name": "Front desk", "voice": "vapi"}, DEMO: {}}
ELSEWHERE = (
    "from vapi_sms import MessagingServiceInbound, TwilioSmsRoute",
    f'campaigns = MessagingServiceInbound("campaigns", service={MG!r})',
    f'VapiSmsNumber("hidden", number={HIDDEN!r}, assistant="Support", messaging_service=campaigns)',
    f'TwilioSmsRoute("abroad", number={CANADIAN!r}, handler=FLOW)',
)
REFUSED = {BIN: {"assistant": "Twin"}, SILENT: {"assistant": "Nobody"}, VOICE_ONLY: {}, CANADIAN: {}}


@dataclass(frozen=True, slots=True)
class Scene:
    """A moment to look at: its name, and how the preview is made."""

    name: str
    args: tuple[str, ...] = (SHOW_SAMES,)


def fleet(numbers: dict[str, dict[str, Any]]) -> str:
    """Declare a fleet; one of its numbers gets back something else than what was found."""
    return (
        "from vapi_sms import VapiSmsFleet; "
        f'VapiSmsFleet("fleet", defaults={{"assistant": "Support"}}, numbers={numbers!r}'
        f' | {{{APPLICATION!r}: {{"restore_to": FLOW}}}})'
    )


def story(stack: Stack) -> Iterator[Scene]:
    """Bring the stack to each scene in turn."""
    stack.declare(SUPPORT_ANSWERS, ORDERS, QUIET)
    yield Scene("create")
    stack.up()
    yield Scene("no-changes")

    stack.declare('pulumi.ComponentResource("acme:Team", "team")', SALES_ANSWER, LOUD, fleet(FLEET))
    yield Scene("mixed")
    yield Scene("without-show-sames", ())
    stack.up()

    for number in (BIN, SPARE):
        stack.sandbox.outside_number(number, sms_url=FOREIGN)
    stack.edit_vapi("edit", id=stack.vapi(WEBHOOK)["id"], set={"assistantId": SUPPORT})
    yield Scene("drift")
    stack.up()

    stack.declare(SALES_ANSWER, LOUD, fleet(REFUSED))
    yield Scene("refused")
    stack.declare(SALES_ANSWER, LOUD, fleet(CHANGED))
    yield Scene("fleet")
    stack.declare(*ELSEWHERE)
    yield Scene("services")
    stack.up()
    stack.declare()
    yield Scene("removed")
    stack.destroy()
