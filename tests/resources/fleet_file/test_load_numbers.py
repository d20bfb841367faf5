"""`load_numbers` in a program: what a fleet registers, what a mistake looks like, and what it costs not to call it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.resources.program.test_program import PRELUDE, clear, run

FILE = """\
defaults: {assistant: Support}
numbers:
  +1 (415) 555-0101: {restore_to: {webhook: "https://a.example/sms?token=1"}}
  +14155550100: {squad: Everybody, sms_enabled: false}
stacks:
  dev: {numbers: {+14155550102: {on_remove: leave, restore_to: leave_at_vapi}}}
"""


def body(path: Path) -> str:
    """Give a program that loads a file for its stack."""
    return f"    VapiSmsFleet('fleet', numbers=load_numbers({str(path)!r}, stack=pulumi.get_stack()))\n"


def test_a_fleet_registers_what_the_file_declares(tmp_path: Path) -> None:
    """Numbers in E.164 form with their options, as if they stood in the program; `restore_to` is a secret."""
    path = tmp_path / "numbers.yaml"
    path.write_text(FILE)

    found = clear(run(body(path)))

    assert found["fleet"]["numbers"] == {
        "+14155550100": {"smsEnabled": False, "squad": "Everybody"},
        "+14155550101": {"assistant": "Support"},
        "+14155550102": {"assistant": "Support", "onRemove": "leave"},
    }
    restored = found["fleet-original"]["restoreTo"]
    assert restored["+14155550101"]["url"] == "https://a.example/sms?token=1"
    assert restored["+14155550102"] == "leave-at-vapi"


def test_mistakes_are_what_a_program_ends_with(tmp_path: Path) -> None:
    """Pulumi prints a Mistake without a traceback: one line for each thing that is wrong in the file."""
    path = tmp_path / "numbers.yaml"
    path.write_text("numbers: {+14155550101: {voice: off}}\ndefaults: {asistant: A}\n")
    code = PRELUDE.replace("ORGANIZATION", "").replace("BODY", body(path))

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stderr.splitlines()[-2:] == [
        f"vapi_sms.resources.program.Mistake: {path}:1: numbers.+14155550101.voice: must be keep or vapi",
        f"{path}:2: defaults.asistant: is unknown: did you mean assistant?",
    ]


def test_a_program_without_a_file_pays_nothing_for_it() -> None:
    """The reader of files, with pydantic and the tables of phone numbers, is imported by the first call."""
    code = (
        "import sys; from vapi_sms import load_numbers\n"
        "print([name for name in sys.modules if 'fleet_file.' in name or name in ('pydantic', 'phonenumbers')])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "['vapi_sms.resources.fleet_file.load_numbers']\n"
