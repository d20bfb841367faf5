"""`vapi-sms doctor --stack`: the numbers that a real stack declares, each compared with what it says."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.command import BORN
from tests.engine.project import STACK
from tests.engine.stack import Stack
from tests.engine.world import (
    AC,
    APPLICATION,
    FOREIGN,
    IN_OTHER_ACCOUNT,
    OTHER_AC,
    OTHER_TOKEN,
    SILENT,
    STUDIO,
    STUDIO_FLOW,
    SUPPORT,
    TOKEN,
    VAPI_SMS,
    VAPI_VOICE,
    WEBHOOK,
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
    return subprocess.run([BORN, "doctor", *args], env=stack.env, capture_output=True, text=True, check=False)


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
        WEBHOOK: ("support", ["not-as-declared"]),
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


def test_a_stack_of_routes_needs_no_key_of_vapis(stack: Stack) -> None:
    """Nothing is asked there, and nothing said of it; one number of Vapi's, or one that is named, needs the key."""
    stack.destroy()
    stack.declare(PROGRAM[0], PROGRAM[1])
    stack.up()
    stack.requests()
    args = ("--stack", STACK, "--cwd", stack.project.folder)
    with stack.with_env(VAPI_API_KEY=None):
        well = doctor(stack, *args)
        stack.sandbox.outside_number(SILENT, sms_url=VAPI_SMS, voice_url=VAPI_VOICE)
        ill = doctor(stack, "--json", *args)
        named = doctor(stack, SILENT, *args)

    assert (well.returncode, well.stderr) == (0, "")
    words = " ".join(well.stdout.split())
    assert "Without a key of Vapi's nothing was asked there" in words
    assert "read Twilio; nothing was written." in words
    assert (ill.returncode, compared(ill)) == (1, {SILENT: ("orders", ["not-as-declared"])})
    assert not any("/phone-number" in request or "/assistant" in request for request in stack.requests())
    assert (named.returncode, named.stdout) == (2, "")
    assert "no key of Vapi's" in named.stderr


def test_a_stack_of_which_a_part_was_not_looked_at_is_not_well(stack: Stack) -> None:
    """Numbers of another account: no problem was found, and none could be; those that are named were looked at."""
    stack.declare(
        *PROGRAM,
        "from vapi_sms import account",
        f"other = account('other', twilio_account_sid={OTHER_AC!r}, twilio_auth_token={OTHER_TOKEN!r})",
        f"TwilioSmsRoute('far', number={IN_OTHER_ACCOUNT!r}, handler=Handler.demo(), "
        "opts=ResourceOptions(provider=other))",
    )
    stack.up()
    args = ("--stack", STACK, "--cwd", stack.project.folder)

    part, named = doctor(stack, *args), doctor(stack, WEBHOOK, *args)

    assert part.returncode == 2
    assert "4 numbers, no problems; not all was looked at: 1 left out: in Twilio account" in " ".join(
        part.stdout.split()
    )
    assert named.returncode == 0
