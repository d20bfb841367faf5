"""VapiSmsFleet under the real engine: its life, a provider killed half-way, and numbers that change their owner."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.engine.world import BIN, FOREIGN, OLD_APP, SILENT, SPARE, STUDIO, STUDIO_FLOW, WEBHOOK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.engine.stack import Stack

FLEET = "from vapi_sms import VapiSmsFleet"
FOUR = (WEBHOOK, STUDIO, BIN, SILENT)
IMPORT = {"vendor": "vapi", "method": "POST", "path": "/phone-number"}


def fleet(numbers: Iterable[str], **changed: dict[str, Any]) -> str:
    """Declare a fleet that Support answers; options of a number by its last four digits, as `_0100`."""
    entries = {number: changed.get(f"_{number[-4:]}", {}) for number in numbers}
    return f'VapiSmsFleet("fleet", defaults={{"assistant": "Support"}}, numbers={entries!r})'


def program(stack: Stack, *lines: str) -> None:
    """Write a program with a fleet in it."""
    stack.declare(FLEET, *lines)


def told_of(shown: str) -> set[str]:
    """Give the numbers that a preview shows as changed, added or removed."""
    return set(re.findall(r"[~+-] (\+1\d{10})\b", shown))


def test_life_of_a_fleet(stack: Stack) -> None:
    """Up, one changed, one joins and one leaves, drift, refresh, destroy: each time only what was meant."""
    program(stack, fleet(FOUR))
    stack.up()
    assert {stack.answers(number) for number in FOUR} == {"Vapi assistant Support"}
    assert set(stack.resources()) == {"fleet", "fleet-original"}

    program(stack, fleet(FOUR, _0101={"assistant": "Sales"}))
    assert told_of(stack.preview()) == {STUDIO}
    stack.up()
    assert stack.answers(STUDIO) == "Vapi assistant Sales"

    program(stack, fleet((WEBHOOK, STUDIO, SILENT, SPARE), _0101={"assistant": "Sales"}))
    assert told_of(stack.preview()) == {BIN, SPARE}
    stack.up()
    assert stack.snapshot()["numbers"][BIN] == stack.before["numbers"][BIN]
    assert stack.answers(SPARE) == "Vapi assistant Support"

    stack.sandbox.outside_number(WEBHOOK, sms_url=FOREIGN)
    shown = stack.preview()
    assert f"{WEBHOOK}: texts are answered by Webhook https://new.example.com/sms" in shown
    stack.up()
    assert stack.answers(WEBHOOK) == "Vapi assistant Support"

    stack.refresh()
    stack.settled()
    stack.destroy()
    assert stack.snapshot() == stack.before
    assert (stack.answers(WEBHOOK), stack.answers(STUDIO)) == (OLD_APP, STUDIO_FLOW)


def test_destroy_right_after_a_killed_first_up_gives_all_back(stack: Stack) -> None:
    """After kill -9 of the provider with some numbers switched, the sibling alone gives every field back."""
    stack.sandbox.fault(**IMPORT, containing=BIN[1:], hold="after")
    program(stack, fleet(FOUR))
    running = stack.project.start("up")
    stack.wait_for_held()
    running.kill_provider()
    stack.sandbox.release("drop")
    assert running.wait().code != 0
    assert stack.snapshot() != stack.before

    stack.destroy()

    assert stack.snapshot() == stack.before
    assert not stack.resources()


def test_a_number_moves_into_a_fleet_and_out_again(stack: Stack) -> None:
    """Each way takes two steps, with not one write: texts stay at Vapi, and the true original goes along."""
    number = f'VapiSmsNumber("old", number="{WEBHOOK}", assistant="Support"'
    retained = "opts=ResourceOptions(retain_on_delete=True)"
    alone = fleet([STUDIO])
    moving = f'numbers={{"{WEBHOOK}": {{"restore_to": old.original}}, '
    program(stack, f"{number})", alone)
    stack.up()
    there = stack.snapshot()
    stack.writes()

    program(stack, f"old = {number}, {retained})", alone.replace("numbers={", moving))
    assert "puts it back" not in stack.up().text
    program(stack, fleet([WEBHOOK, STUDIO]))
    stack.up()
    assert set(stack.resources()) == {"fleet", "fleet-original"}

    leaving = fleet([WEBHOOK, STUDIO], _0100={"on_remove": "leave"})
    program(stack, f"old = {leaving}", f"{number.replace('old', 'new')}, restore_to=old.original)")
    assert "puts it back" not in stack.up().text
    program(stack, alone, f"{number.replace('old', 'new')})")
    stack.up()
    assert set(stack.resources()) == {"fleet", "fleet-original", "new", "new-original"}
    stack.settled()

    assert stack.writes() == []
    assert stack.snapshot() == there
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_a_number_moves_between_two_fleets_and_back(stack: Stack) -> None:
    """There and back in two steps each, with not one write: texts stay at Vapi, and the true original goes along."""

    def declare(first: str, second: str) -> None:
        program(stack, first.replace('"fleet"', '"first"'), second.replace('"fleet"', '"second"'))

    def taking(numbers: list[str], old: str) -> str:
        return fleet(numbers).replace(
            "numbers={", f'numbers={{"{WEBHOOK}": {{"restore_to": {old}.original}}, '
        )

    leaving = {"_0100": {"on_remove": "leave"}}
    declare(fleet([WEBHOOK, STUDIO]), fleet([BIN]))
    stack.up()
    there = stack.snapshot()
    stack.writes()

    declare(f"old = {fleet([WEBHOOK, STUDIO], **leaving)}", taking([BIN], "old"))
    stack.up()
    declare(fleet([STUDIO]), fleet([WEBHOOK, BIN]))
    stack.up()
    stack.settled()
    # The other way, the new owner is declared below the old one all the same: it takes its record from it.
    program(
        stack,
        f"old = {fleet([WEBHOOK, BIN], **leaving)}".replace('"fleet"', '"second"'),
        taking([STUDIO], "old").replace('"fleet"', '"first"'),
    )
    stack.up()
    declare(fleet([WEBHOOK, STUDIO]), fleet([BIN]))
    stack.up()
    stack.settled()

    assert stack.writes() == []
    assert stack.snapshot() == there
    stack.destroy()
    assert stack.snapshot() == stack.before


MADE = """
from pulumi.dynamic import CreateResult, Resource, ResourceProvider
class Maker(ResourceProvider):
    def create(self, props): return CreateResult("made", {"name": "Support"})
class Assistant(Resource):
    name: Output[str]
    def __init__(self): super().__init__(Maker(), "assistant", {"name": None})
"""


def test_a_fleet_of_what_is_not_known_yet_and_of_secrets(stack: Stack) -> None:
    """Before another resource is made its assistant is open, all else is told; a secret stays one, at its own place."""
    entries = (
        f'"{WEBHOOK}": {{"assistant": Assistant().name}}, "{STUDIO}": {{"name": Output.secret("Hidden desk")}}, '
        f'"{BIN}": {{"sms_enabled": False}}'
    )
    program(stack, MADE, f'VapiSmsFleet("fleet", defaults={{"assistant": "Support"}}, numbers={{{entries}}})')

    shown = stack.preview()
    assert re.search(r"\+14155550100: {\s+assistant: \[unknown\]\s+}", shown), shown
    assert f'answeredBy : "Vapi assistant Support, instead of {STUDIO_FLOW}"' in shown
    assert re.search(r"name\s+: \[secret\]", shown)

    stack.up()
    stack.settled()
    assert stack.answers(WEBHOOK) == stack.answers(STUDIO) == "Vapi assistant Support"
    assert stack.vapi(STUDIO)["name"] == "Hidden desk"
    assert "Hidden desk" not in str(stack.project.stack_export()) + "".join(run.text for run in stack.runs)
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_a_protected_entry_keeps_its_fleet_from_being_destroyed(stack: Stack) -> None:
    """Already the preview of destroy says so; spelled by its SID the entry is the same, and changes nothing."""
    sid = stack.number(WEBHOOK)["sid"]
    program(stack, fleet([WEBHOOK, STUDIO], _0100={"protect": True}))
    stack.up()
    stack.writes()

    for command in (["destroy", "--preview-only"], ["destroy", "--yes", "--skip-preview"]):
        assert "because it is protected" in stack.fail(*command).text
    program(stack, fleet([WEBHOOK, STUDIO], _0100={"protect": True}).replace(WEBHOOK, sid))
    stack.up()
    stack.settled()
    assert stack.writes() == []

    program(stack, fleet([WEBHOOK, STUDIO]))
    stack.up()
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_progress_leaves_what_machines_read_clean(stack: Stack) -> None:
    """Long readings show in passing: not in `preview --json`, marked in `up --json`, in no diagnostics."""
    stack.sandbox.fault(path="*/Services", delay_ms=1500, count=None)
    program(stack, fleet(FOUR))

    assert "reading Messaging Services" in stack.run("preview").text
    assert "reading Messaging Services" not in stack.run("preview", "--json").text
    ran = stack.run("up", "--yes", "--skip-preview", "--json")
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    told = [event["diagnosticEvent"] for event in events if "diagnosticEvent" in event]
    (passing,) = [each for each in told if "reading Messaging Services" in each["message"]]
    assert passing["ephemeral"] is True
    assert passing["message"].startswith("vapi-sms: fleet: reading Messaging Services and their pools ...")
    _, _, diagnostics = stack.destroy().text.partition("Diagnostics:")
    assert "reading Messaging Services" not in diagnostics


def test_a_number_of_a_fleet_declared_once_more_is_refused(stack: Stack) -> None:
    """By E.164 the program says so in one line; by SID the provider does; nothing is written."""
    sid = stack.number(WEBHOOK)["sid"]
    program(stack, fleet([WEBHOOK, STUDIO]), f'VapiSmsNumber("once", number="{WEBHOOK}", assistant="Sales")')
    (line,) = stack.refused().splitlines()
    assert f"{WEBHOOK} is declared twice, by 'fleet' and by 'once'" in line

    program(stack, fleet([WEBHOOK, STUDIO]), f'VapiSmsNumber("once", twilio_sid="{sid}", assistant="Sales")')
    assert "is declared twice, by organization/test/dev/" in stack.refused()


def test_a_number_that_fails_is_named_and_the_next_up_continues(stack: Stack) -> None:
    """The others are switched, the failed one is as before, and the same program finishes the job."""
    stack.sandbox.fault(**IMPORT, containing=STUDIO[1:], status=400, count=None)
    program(stack, fleet(FOUR))
    failed = stack.fail("up", "--yes", "--skip-preview").text
    assert f"1 of 4 numbers failed (3 are as declared): {STUDIO}: " in failed
    assert stack.snapshot()["numbers"][STUDIO] == stack.before["numbers"][STUDIO]
    assert stack.answers(BIN) == "Vapi assistant Support"

    stack.sandbox.clear_faults()
    stack.up()

    assert {stack.answers(number) for number in FOUR} == {"Vapi assistant Support"}
