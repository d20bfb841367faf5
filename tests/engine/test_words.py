"""What a person reads of each number, on the real engine: who answers now, who will, and what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.test_never_green import told
from tests.engine.world import (
    BIN,
    FOREIGN,
    MG,
    OLD_APP,
    SILENT,
    SPARES,
    STUDIO,
    STUDIO_FLOW,
    SUPPORT_ON_WEBHOOK,
    WEBHOOK,
)

if TYPE_CHECKING:
    from tests.engine.stack import Stack


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


def changes(stack: Stack, *command: str) -> list[str]:
    """Run a command and give the lines that it shows beside the stack of what happens to numbers."""
    text = stack.run(*command).text
    found = [
        line.partition("vapi-sms: change: ")[2] for line in text.splitlines() if "vapi-sms: change: " in line
    ]
    return list(dict.fromkeys(found))


UP = ("up", "--yes", "--skip-preview")


def test_what_happens_to_each_number_stands_in_one_line_beside_the_stack(stack: Stack) -> None:
    """Without a diff: who answers now, who will; drift in words; at every step of a number's life, by preview too."""
    route = f'TwilioSmsRoute("route", number="{BIN}", handler=FLOW)'
    stack.declare(SUPPORT_ON_WEBHOOK, route)
    at_first = changes(stack, "preview")
    assert sorted(at_first) == [
        f"{WEBHOOK}: {OLD_APP}?token=*** -> Vapi assistant Support".replace(
            "https://", "https://***@"
        ).replace("?token=***", "?token=***#rc=3&rp=ct,rt,5xx"),
        f"{BIN}: TwiML Bin EH{'a' * 32} -> {STUDIO_FLOW}",
    ]
    assert sorted(changes(stack, *UP)) == sorted(at_first)
    assert changes(stack, *UP) == []

    stack.sandbox.outside_number(WEBHOOK, sms_url=FOREIGN)
    stack.declare(SUPPORT_ON_WEBHOOK.replace("Support", "Sales"), route)
    (repaired,) = changes(stack, *UP)
    assert repaired == (
        f"{WEBHOOK}: Webhook https://new.example.com/sms?key=*** -> Vapi assistant Sales (drift: texts are answered "
        "by Webhook https://new.example.com/sms?key=***, not by Vapi)"
    )

    other = SUPPORT_ON_WEBHOOK.replace("Support", "Sales").replace("WEBHOOK", "STUDIO")
    stack.declare(other, route)
    came, gone = changes(stack, "preview")
    assert came == f"{STUDIO}: {STUDIO_FLOW} -> Vapi assistant Sales"
    assert gone.startswith(f"{WEBHOOK}: Vapi assistant Sales -> Webhook https://")
    assert changes(stack, *UP) == [came, gone]

    stack.declare(route)
    assert changes(stack, *UP) == [f"{STUDIO}: Vapi assistant Sales -> {STUDIO_FLOW}"]
    assert changes(stack, "destroy", "--yes", "--skip-preview") == [
        f"{BIN}: {STUDIO_FLOW} -> TwiML Bin EH{'a' * 32}"
    ]


def test_what_happens_to_many_numbers_is_counted(stack: Stack) -> None:
    """A fleet's by who answers now and who will; of numbers one by one the first, and that there are more."""
    fleet = (
        "from vapi_sms import VapiSmsFleet; VapiSmsFleet('fleet', defaults={'assistant': 'Support'}, numbers="
    )
    stack.declare(f"{fleet}{{each: {{}} for each in {SPARES[:30]!r}}})")
    (told_of_all,) = changes(stack, "preview")
    assert told_of_all == (
        f"30 numbers: 30 different answers -> Vapi assistant Support: {', '.join(SPARES[:3])} and 27 others"
    )

    stack.declare(f"[VapiSmsNumber(each, number=each, assistant='Support') for each in {SPARES[:8]!r}]")
    *few, more = changes(stack, "preview")
    assert len(few) == 5
    assert more == "and more numbers: `vapi-sms preview`, or --diff, tells each."
