"""What nobody looked at is never told as right (law 21): on the real engine, as CI does where a secret is gone."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import BORN
from tests.engine.world import APPLICATION, BIN, FOREIGN, FUNCTION, MG, SUPPORT_ON_WEBHOOK, WEBHOOK

if TYPE_CHECKING:
    from tests.engine.stack import Stack

EMPTY = dict.fromkeys(("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "VAPI_API_KEY"), "")
"""As a workflow sets what it finds no secret for."""
IMPORTS = "from vapi_sms import MessagingServiceInbound, VapiSmsFleet"
STAYS = {
    "number": SUPPORT_ON_WEBHOOK,
    "fleet": (
        f'VapiSmsFleet("fleet", defaults={{"assistant": "Sales"}}, numbers={{{BIN!r}: {{}}, {FUNCTION!r}: {{}}}})'
    ),
    "route": f'TwilioSmsRoute("route", number={APPLICATION!r}, handler=FLOW)',
    "service": f'MessagingServiceInbound("campaigns", service={MG!r}, defer_to_sender=False)',
}


def told(stack: Stack, *args: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run `vapi-sms` in the stack's world."""
    return subprocess.run(
        [BORN, *args],
        cwd=stack.project.folder,
        env=stack.env,
        input=given or "",
        capture_output=True,
        text=True,
        check=False,
    )


def first_line(comment: str) -> str:
    """Give a comment's headline."""
    return comment.splitlines()[1]


def test_gates_of_a_run_whose_secrets_are_empty_fail_and_say_that_nobody_looked(stack: Stack) -> None:
    """A nightly check for drift that has lost its credentials is red, while the drift stays."""
    stack.declare(IMPORTS, *STAYS.values())
    stack.up()
    stack.sandbox.outside_number(WEBHOOK, sms_url=FOREIGN)
    with stack.with_env(**EMPTY):
        gates = {gate: told(stack, "preview", "--fail-on", gate) for gate in ("drift", "changes", "refusals")}
        shown = told(stack, "preview")
        json = stack.run("preview", "--json", "--show-sames").text
    comments = {gate: told(stack, "comment", "--fail-on", gate, given=json) for gate in gates}
    ungated = told(stack, "comment", given=json)

    assert {gate: each.returncode for gate, each in gates.items()} == dict.fromkeys(gates, 1)
    assert {gate: each.returncode for gate, each in comments.items()} == dict.fromkeys(gates, 1)
    assert (shown.returncode, ungated.returncode) == (0, 0)
    assert {first_line(each.stdout) for each in (*gates.values(), *comments.values(), shown, ungated)} == {
        "### `test/dev`: Not looked: no Twilio and Vapi credentials here"
    }
    assert "stay as they are" not in shown.stdout
    assert told(stack, "preview", "--fail-on", "drift").returncode == 4


@pytest.mark.parametrize("line", STAYS.values(), ids=STAYS)
def test_an_up_without_credentials_refuses_although_nothing_is_declared_anew(stack: Stack, line: str) -> None:
    """What it would tell as unchanged nobody has looked at; a preview says so, and goes on."""
    stack.declare(IMPORTS, line)
    stack.up()
    stack.requests()
    with stack.with_env(**EMPTY):
        refused = stack.refused("up")
        previewed = stack.run("preview", "--expect-no-changes").text

    assert refused.count("no credentials for ") == 1
    assert "set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN" in refused
    assert "running vapi-sms: not looked: no Twilio and Vapi credentials here" in previewed
    assert stack.requests() == []
    stack.run("up", "--yes", "--skip-preview", "--expect-no-changes")


def test_a_plan_made_by_a_preview_can_be_applied(stack: Stack) -> None:
    """That a run applies is told to the checks alone, and is no difference between the plan and the run."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    plan = str(stack.project.folder / "plan.json")
    with stack.with_env(PULUMI_EXPERIMENTAL="true"):
        stack.run("preview", "--save-plan", plan)
        stack.run("up", "--yes", "--skip-preview", "--plan", plan)

    assert stack.answers() == "Vapi assistant Support"
    assert not any("isUp" in {**each["inputs"], **each["outputs"]} for each in stack.resources().values())


def test_drift_is_told_although_the_new_assistant_is_not_known_yet(stack: Stack) -> None:
    """What is not known of a declaration says nothing of what is there: a gate for drift sees it."""
    stack.declare(IMPORTS, *STAYS.values())
    stack.up()
    for number in (WEBHOOK, BIN, APPLICATION):
        stack.sandbox.outside_number(number, sms_url=FOREIGN, sms_application_sid="")
    stack.declare(
        "from pulumi.dynamic import CreateResult, Resource, ResourceProvider",
        "class Later(ResourceProvider):",
        "    def create(self, props): return CreateResult('1', {'name': 'Support', 'url': 'https://x.example.com'})",
        "class Made(Resource):",
        "    def __init__(self, name): super().__init__(Later(), name, {'name': None, 'url': None})",
        "made = Made('made')",
        'VapiSmsNumber("support", number=WEBHOOK, assistant=made.name)',
        IMPORTS,
        f'VapiSmsFleet("fleet", defaults={{"assistant": made.name}}, numbers={{{BIN!r}: {{}}, {FUNCTION!r}: {{}}}})',
        f'TwilioSmsRoute("route", number={APPLICATION!r}, handler=Handler.webhook(made.url))',
    )

    gate = told(stack, "preview", "--fail-on", "drift")

    assert gate.returncode == 4
    assert "3 numbers drifted" in first_line(gate.stdout)
