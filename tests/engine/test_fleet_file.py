"""A fleet file under the real engine: what it declares goes up, its arrangement does not matter, mistakes are lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.world import BIN, SILENT, STUDIO, STUDIO_FLOW, WEBHOOK

if TYPE_CHECKING:
    from tests.engine.stack import Stack

PROGRAM = (
    "from vapi_sms import VapiSmsFleet, load_numbers",
    'VapiSmsFleet("fleet", numbers=load_numbers("numbers.yaml", stack=pulumi.get_stack()))',
)
BEFORE = f"""\
defaults: {{assistant: Support}}
groups:
  sales:
    assistant: Sales
    numbers: [{STUDIO}, {BIN}]
numbers:
  {WEBHOOK}:
stacks:
  dev:
    numbers:
      {SILENT}: {{name: Quiet}}
  prod:
    numbers: {{{SILENT}: Sales}}
"""
ARRANGED = f"""\
numbers:
  +1 (415) 555-0102: Sales
groups:
  quiet: {{name: Quiet, numbers: ["{SILENT}"]}}
  shop: {{assistant: Sales, numbers: {{{STUDIO}: {{}}}}}}
stacks:
  dev: {{defaults: {{assistant: Support}}, numbers: {{{WEBHOOK}: }}}}
"""
WRONG = f"""\
numbers:
  {WEBHOOK}: {{assistent: Support}}
  {STUDIO}: {{assistant: Support, sms_enabled: sure}}
stacks: {{dev: }}
"""


def test_a_fleet_file_goes_up_is_rearranged_and_is_refused_in_lines(stack: Stack) -> None:
    """One fleet from a file: up as this stack has it, nothing to do after rearranging, and no traceback."""
    file = stack.project.folder / "numbers.yaml"
    file.write_text(BEFORE)
    stack.declare(*PROGRAM)
    stack.up()
    assert [stack.answers(number) for number in (WEBHOOK, STUDIO, BIN, SILENT)] == [
        "Vapi assistant Support",
        "Vapi assistant Sales",
        "Vapi assistant Sales",
        "Vapi assistant Support",
    ]

    file.write_text(ARRANGED)
    unchanged = stack.project.preview("--expect-no-changes")
    assert unchanged.code == 0, unchanged.text

    file.write_text(WRONG)
    refused = stack.project.preview()
    assert refused.code != 0
    assert (
        "numbers.yaml:2: numbers.+14155550100.assistent: is unknown: did you mean assistant?" in refused.text
    )
    assert "numbers.yaml:3: numbers.+14155550101.sms_enabled: must be true or false" in refused.text
    assert "Traceback" not in refused.text

    file.write_text(BEFORE)
    stack.destroy()
    assert stack.snapshot() == stack.before
    assert stack.answers(STUDIO) == STUDIO_FLOW
