"""`vapi-sms doctor --stack`: the numbers that a real stack declares, each compared with what it says."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.command import COMMAND
from tests.engine.project import STACK
from tests.engine.world import (
    AC,
    APPLICATION,
    FOREIGN,
    OTHER_AC,
    OTHER_TOKEN,
    SILENT,
    STUDIO,
    STUDIO_FLOW,
    SUPPORT,
    TOKEN,
    WEBHOOK,
    Stack,
    seed,
)

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

pytestmark = pytest.mark.engine

PROGRAM = (
    "from vapi_sms import TwilioSmsRoute, VapiSmsFleet",
    f'TwilioSmsRoute("orders", number={SILENT!r}, handler=FLOW)',
    'VapiSmsNumber("support", number=WEBHOOK, assistant="Support")',
    f"""VapiSmsFleet("desks", defaults={{"assistant": "Sales"}}, numbers={{
    STUDIO: {{}}, {APPLICATION!r}: {{"sms_enabled": False}},
}})""",
)
CREDENTIALS = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "VAPI_API_KEY")


@pytest.fixture
def stack(sandbox: RunningSandbox, tmp_path: Path) -> Stack:
    """Give a stack whose numbers are handed over."""
    sandbox.reset(seed())
    stack = Stack(tmp_path / "stack", sandbox)
    stack.declare(*PROGRAM)
    stack.up()
    stack.writes()
    return stack


def doctor(stack: Stack, *args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command in the stack's environment."""
    return subprocess.run(
        [COMMAND, "doctor", *args], env=stack.env, capture_output=True, text=True, check=False
    )


def compared(ran: subprocess.CompletedProcess[str]) -> dict[str, tuple[str, list[str]]]:
    """Return of each number which resource declares it, and its problems."""
    numbers: list[dict[str, Any]] = json.loads(ran.stdout)["numbers"]
    return {
        each["number"]: (each["declared"]["resource"], [problem["code"] for problem in each["problems"]])
        for each in numbers
    }


def test_a_stack_is_compared_with_what_answers(stack: Stack) -> None:
    """As declared: no problem. What somebody changed since is told with what the stack says; nothing is written."""
    args = ("--json", "--stack", STACK, "--cwd", stack.project.folder)
    well = doctor(stack, *args)
    stack.sandbox.outside_number(WEBHOOK, sms_url=FOREIGN)
    stack.edit_vapi("edit", id=stack.vapi(STUDIO)["id"], set={"assistantId": SUPPORT})
    stack.sandbox.outside_number(SILENT, sms_url=FOREIGN)
    ill = doctor(stack, *args)
    report = doctor(stack, *args[1:]).stdout

    assert (well.returncode, well.stderr) == (0, "")
    assert compared(well) == {
        WEBHOOK: ("support", []),
        STUDIO: ("desks", []),
        APPLICATION: ("desks", []),
        SILENT: ("orders", []),
    }
    assert ill.returncode == 1
    assert compared(ill) == {
        WEBHOOK: ("support", ["not-as-declared", "enabled-elsewhere"]),
        STUDIO: ("desks", ["not-as-declared"]),
        APPLICATION: ("desks", []),
        SILENT: ("orders", ["not-as-declared"]),
    }
    words = " ".join(report.split())
    assert "support declares Vapi assistant Support, but texts are answered by Webhook https://new" in words
    assert "desks declares Vapi assistant Sales, but texts are answered by Vapi assistant Support" in words
    assert f"orders declares {STUDIO_FLOW}, but texts are answered by Webhook https://new" in words
    assert stack.writes() == []
    assert not any(canary in ill.stdout + report for canary in ("canary", TOKEN))


def test_credentials_may_be_the_stacks_own(stack: Stack) -> None:
    """What `pulumi up` would be given serves; another account's credentials do not, and are told so in one line."""
    given = {
        "twilio:accountSid": AC,
        "twilio:authToken": TOKEN,
        "vapi:apiKey": stack.env["VAPI_API_KEY"],
    }
    for key, value in given.items():
        stack.project.set_secret(key, value)
    args = ("--json", "--stack", STACK, "--cwd", stack.project.folder)

    with stack.with_env(**dict.fromkeys(CREDENTIALS)):
        own = doctor(stack, *args)
        stack.env.update(
            TWILIO_ACCOUNT_SID=OTHER_AC, TWILIO_AUTH_TOKEN=OTHER_TOKEN, VAPI_API_KEY=given["vapi:apiKey"]
        )
        others = doctor(stack, *args)
        unknown = doctor(stack, "--stack", "nowhere", "--cwd", stack.project.folder)

    assert own.returncode == 0
    assert len(compared(own)) == 4
    assert (others.returncode, others.stderr) == (
        2,
        f"vapi-sms: stack {STACK}: 4 left out: in Twilio account {AC}, which these credentials are not for\n",
    )
    assert (unknown.returncode, unknown.stderr.count("\n")) == (2, 1)
    assert "no stack named 'nowhere' found" in unknown.stderr


def test_a_stack_without_numbers_is_trouble(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """Nothing was declared, so nothing can be told; nor of a folder that is not there."""
    sandbox.reset(seed())
    stack = Stack(tmp_path / "stack", sandbox)

    empty = doctor(stack, "--stack", STACK, "--cwd", stack.project.folder)
    nowhere = doctor(stack, "--stack", STACK, "--cwd", tmp_path / "nowhere")

    assert (empty.returncode, empty.stderr) == (2, f"vapi-sms: stack {STACK}: it declares no number\n")
    assert (nowhere.returncode, nowhere.stderr.count("\n")) == (2, 1)
    assert "there is no folder" in nowhere.stderr
