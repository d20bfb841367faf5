"""Laws 5 to 7 of the design: run it again, go back on failure, never release a number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.engine.project import is_alive
from tests.engine.stack import errors, releases
from tests.engine.world import BIN, OLD_APP, SALES, STUDIO, SUPPORT, SUPPORT_ON_WEBHOOK, WEBHOOK
from tests.examples import readme
from tests.waiting import until

if TYPE_CHECKING:
    from tests.engine.project import Running
    from tests.engine.stack import Stack

IMPORT = {"vendor": "vapi", "method": "POST", "path": "/phone-number"}
ROUTE = {"vendor": "twilio", "method": "POST", "path": "*/IncomingPhoneNumbers/PN*"}


def killed_after_import(stack: Stack) -> Running:
    """Start an up and stop it when Vapi has imported the number and taken its webhooks."""
    stack.sandbox.fault(**IMPORT, hold="after")
    stack.declare(SUPPORT_ON_WEBHOOK)
    running = stack.project.start("up")
    stack.wait_for_held()
    assert stack.snapshot() != stack.before
    return running


def test_law_05_up_again_finishes_what_a_killed_provider_began(stack: Stack) -> None:
    """After kill -9 of the provider between import and routing, the next up hands over and destroy restores."""
    running = killed_after_import(stack)
    running.kill_provider()
    stack.sandbox.release("drop")
    assert running.wait().code != 0

    stack.up()

    assert stack.answers() == "Vapi assistant Support"
    assert len(stack.sandbox.vapi_numbers()) == 1
    stack.settled()
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_law_05_destroy_right_after_a_killed_first_up_gives_all_back(stack: Stack) -> None:
    """After kill -9 of the provider, destroy, which knows only the sibling, restores both sides."""
    running = killed_after_import(stack)
    running.kill_provider()
    stack.sandbox.release("drop")
    assert running.wait().code != 0

    stack.destroy()

    assert stack.snapshot() == stack.before
    assert stack.answers() == OLD_APP


def test_law_05_destroy_again_finishes_a_killed_destroy(stack: Stack) -> None:
    """After kill -9 of the provider between restoring and DELETE, the next destroy ends the job."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    stack.sandbox.fault(vendor="vapi", method="DELETE", hold="before")
    running = stack.project.start("destroy")
    stack.wait_for_held()
    assert stack.answers() == OLD_APP
    running.kill_provider()
    stack.sandbox.release("drop")
    assert running.wait().code != 0

    stack.destroy()

    assert stack.snapshot() == stack.before
    assert not stack.resources()


def test_law_05_update_again_finishes_a_killed_update(stack: Stack) -> None:
    """After kill -9 of the provider in the middle of an update the next up reaches the goal."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    stack.sandbox.fault(vendor="vapi", method="PATCH", hold="after")
    stack.declare('VapiSmsNumber("support", number=WEBHOOK, assistant="Sales", sms_enabled=False)')
    running = stack.project.start("up")
    stack.wait_for_held()
    running.kill_provider()
    stack.sandbox.release("drop")
    assert running.wait().code != 0

    stack.up()

    assert stack.answers() == OLD_APP
    assert stack.vapi()["assistantId"] == SALES
    stack.settled()


def test_law_05_an_import_whose_answer_is_lost_is_looked_for(stack: Stack) -> None:
    """However the answer to an import gets lost, the same up succeeds, with one record for each number."""
    lost: dict[str, dict[str, Any]] = {
        WEBHOOK: {"drop": "after"},
        STUDIO: {"status": 503, "effect": True},
        BIN: {"drop": "before"},
    }
    for number, fault in lost.items():
        stack.sandbox.fault(**IMPORT, containing=number[1:], **fault)
    stack.declare(*(f'VapiSmsNumber("n{n}", number="{n}", assistant="Support")' for n in lost))

    stack.up()

    assert {stack.answers(number) for number in lost} == {"Vapi assistant Support"}
    assert len(stack.sandbox.vapi_numbers()) == 3
    stack.settled()


def test_law_05_cancel_and_destroy_after_a_killed_engine(stack: Stack) -> None:
    """After kill -9 of pulumi itself: cancel, destroy, and all is as before; the orphan does nothing more."""
    running = killed_after_import(stack)
    orphan = running.provider_pid()
    running.kill_engine()
    running.wait()
    stack.sandbox.release()
    until(lambda: not is_alive(orphan))
    assert "the stack is currently locked" in stack.fail("destroy", "--yes", "--skip-preview").text
    stack.run("cancel", "--yes")

    stack.destroy()

    assert stack.snapshot() == stack.before
    assert stack.answers() == OLD_APP


def test_law_05_what_pulumi_calls_pending_is_finished_by_up_and_its_warning_cleared_as_told(
    stack: Stack,
) -> None:
    """Of a pending create Pulumi warns until it is told: `up` finishes it, and the docs' command ends the warning."""
    running = killed_after_import(stack)
    running.kill_engine()
    running.wait()
    stack.sandbox.release("drop")
    stack.run("cancel", "--yes")

    first = stack.up()
    second = stack.up()
    told = next(line for line in readme.TEXT.splitlines() if "--clear-pending-creates" in line)
    command = re.findall(r"`pulumi (refresh [^`]*--clear-pending-creates[^`]*)`", told)[0]
    stack.run(*command.split(), "--yes")
    third = stack.up()

    assert stack.answers() == "Vapi assistant Support"
    assert "pending operation" in first.text
    assert "pending operation" in second.text
    assert "pending operation" not in third.text
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_law_06_failed_create_leaves_the_number_as_it_was(stack: Stack) -> None:
    """If Twilio refuses the routing after Vapi's import, both sides are put back and the error says so."""
    stack.sandbox.fault(**ROUTE, skip=1, status=400, count=1)
    stack.declare(SUPPORT_ON_WEBHOOK)

    told = errors(stack.fail("up", "--yes", "--skip-preview"))

    assert f"{WEBHOOK}: " in told
    assert "The number is back as it was before; run the same command again." in told
    assert "Twilio 20001" in told
    assert stack.snapshot() == stack.before
    assert stack.answers() == OLD_APP
    stack.up()
    assert stack.answers() == "Vapi assistant Support"


def test_law_06_a_failed_undo_is_told_too_and_the_next_command_goes_on(stack: Stack) -> None:
    """If putting it back fails as well, the error names the cause, what is left and its value before."""
    stack.sandbox.fault(**ROUTE, skip=1, status=400, count=None)
    stack.declare(SUPPORT_ON_WEBHOOK)

    told = errors(stack.fail("up", "--yes", "--skip-preview"))

    assert "Not put back: " in told
    assert "putting it back failed too" in told
    assert (
        "https://***@old.example.com/sms?token=***" in told
        or "https://old.example.com/voice?token=***" in told
    )
    assert "`pulumi up` again to finish, or `pulumi destroy` to put it back" in told
    assert stack.snapshot() != stack.before
    stack.sandbox.clear_faults()
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_law_06_after_a_failed_update_the_old_program_shows_and_repairs_what_is_left(stack: Stack) -> None:
    """An update that failed and could not be undone is drift for the program that was before."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    there = stack.snapshot()
    stack.sandbox.fault(
        vendor="twilio", method="GET", path="*/IncomingPhoneNumbers/PN*", status=500, count=None
    )
    stack.declare('VapiSmsNumber("support", number=WEBHOOK, assistant="Sales")')
    told = errors(stack.fail("up", "--yes", "--skip-preview"))
    assert "Not put back: unknown, since it cannot be read; before: " in told
    assert stack.vapi()["assistantId"] == SALES
    stack.sandbox.clear_faults()

    stack.declare(SUPPORT_ON_WEBHOOK)

    assert f"Vapi's assistant is Sales ({SALES}), not Support ({SUPPORT})" in stack.preview()
    stack.up()
    assert stack.snapshot()["numbers"] == there["numbers"]
    assert stack.vapi()["assistantId"] == SUPPORT
    stack.settled()


def test_law_06_failed_update_is_undone(stack: Stack) -> None:
    """An update that Twilio refuses leaves both sides as the last up left them."""
    stack.declare('VapiSmsNumber("support", number=WEBHOOK, assistant="Support", sms_enabled=False)')
    stack.up()
    there, answers = stack.snapshot(), stack.answers()
    stack.sandbox.fault(**ROUTE, status=400, count=1)
    stack.declare('VapiSmsNumber("support", number=WEBHOOK, assistant="Sales")')

    told = errors(stack.fail("up", "--yes", "--skip-preview"))

    assert "The number is back as it was before" in told
    assert stack.snapshot() == there
    assert stack.answers() == answers


def test_law_07_no_command_ever_releases_or_moves_a_number(stack: Stack) -> None:
    """Up, replacement, destroy and failures send nothing that gives a number away (held for all tests here)."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    stack.declare('VapiSmsNumber("support", number=STUDIO, assistant="Support")')
    stack.sandbox.fault(**ROUTE, status=400, count=None)
    stack.fail("up", "--yes", "--skip-preview")
    stack.sandbox.clear_faults()
    stack.up()
    stack.destroy()

    journal = stack.journal()

    assert len(journal) > 20
    assert releases(journal) == []
    assert set(stack.snapshot()["numbers"]) == set(stack.before["numbers"])
    assert stack.snapshot() == stack.before
