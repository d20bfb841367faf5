"""README's and the docs' programs, on the real engine and the sandbox."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.examples import readme
from tests.examples.playing import SEED, Play, succeeded

pytestmark = pytest.mark.engine


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    """Run the quickstart's sandbox."""
    with RunningSandbox(SEED) as running:
        yield running


def test_first_program_goes_up_and_back(play: Play, sandbox: RunningSandbox) -> None:
    """The first program switches the number, and destroy puts back what was there."""
    before = sandbox.routing_snapshot()
    project = play(readme.blocks("python", "README")[0], sandbox)

    succeeded(project.up())
    answered_by = project.outputs()["texts_answered_by"]
    text = sandbox.text("+12025550143", "+14155550100", "Open?")
    succeeded(project.destroy())

    assert answered_by.startswith("Vapi assistant Support, instead of Webhook ")
    assert text["answered_by"] == "Vapi assistant Support"
    assert sandbox.routing_snapshot() == before


def test_program_with_restore_to_restores_that(play: Play, sandbox: RunningSandbox) -> None:
    """What restore_to names is what destroy writes."""
    project = play(readme.blocks("python", "docs/reference/vapi-sms-number")[0], sandbox)

    succeeded(project.up())
    succeeded(project.destroy())

    assert sandbox.number("+14155550101")["sms_url"] == "https://orders.example.com/sms"


def test_a_number_moves_in_two_steps(play: Play, sandbox: RunningSandbox) -> None:
    """Both steps go up, texts stay at Vapi all the time, and the new owner puts the original back."""
    before = sandbox.routing_snapshot()
    both, new = readme.blocks("python", "docs/how-to/move-a-number")[:2]
    project = play(re.sub(r"(?m)^new = .*\n", "", both), sandbox)
    succeeded(project.up())

    for program in (both, new):
        project.write(program)
        succeeded(project.up())
        assert sandbox.text("+12025550143", "+14155550100")["answered_by"] == "Vapi assistant Support"
    succeeded(project.destroy())

    assert sandbox.routing_snapshot() == before


def test_fleet_goes_up_and_keeps_what_it_is_told_to_keep(play: Play, sandbox: RunningSandbox) -> None:
    """Each entry is answered as declared; what is protected stays, then all comes back but what is left."""
    before = sandbox.routing_snapshot()["numbers"]
    program = readme.blocks("python", "docs/how-to/many-numbers")[0]
    project = play(program, sandbox)
    succeeded(project.up())
    answers = [sandbox.text("+12025550143", f"+1415555010{digit}")["answered_by"] for digit in range(3)]

    refused = project.destroy()
    project.write(program.replace('"protect": True', '"protect": False'))
    succeeded(project.up())
    succeeded(project.destroy())

    after = sandbox.routing_snapshot()["numbers"]
    assert answers == ["Vapi assistant Support", "Vapi assistant Sales", "Vapi assistant Support"]
    assert "front-desks" in refused.text
    assert "protected" in refused.text
    for number in ("+14155550100", "+14155550101"):
        assert {name: value or "" for name, value in after[number].items()} == {
            name: value or "" for name, value in before[number].items()
        }
    assert after["+14155550102"]["sms_url"] == "https://api.vapi.ai/twilio/sms"


def test_renaming_with_an_alias_changes_nothing(play: Play, sandbox: RunningSandbox) -> None:
    """The docs' alias lets the record move with the resource."""
    program = (
        "import pulumi\nfrom vapi_sms import VapiSmsNumber\n"
        'VapiSmsNumber("{}", number="+14155550100", assistant="Support"{})\n'
    )
    (option,) = set(re.findall(r"`(opts=[^`]*aliases[^`]*)`", readme.TEXT))
    project = play(program.format("old-name", ""), sandbox)
    succeeded(project.up())
    before = sandbox.routing_snapshot()

    project.write(program.format("new-name", f", {option}"))
    succeeded(project.up())

    assert sandbox.routing_snapshot() == before
