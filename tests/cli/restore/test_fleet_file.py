"""`vapi-sms restore` from what a fleet file declares as restore_to: texts come back, all else stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.backup.company import import_by_hand, snapshot, vapi_sms, writes
from tests.engine.world import BIN, SILENT, SPARE, STUDIO, WEBHOOK

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

FLEET = f"""\
defaults: {{assistant: Support}}
stacks:
  prod:
    numbers:
      {STUDIO}: {{restore_to: {{studio_flow: FW{"b" * 32}}}}}
      {BIN}: {{restore_to: leave_at_vapi}}
      {SILENT}: {{}}
  dev:
    numbers:
      {SPARE}: {{restore_to: {{webhook: "https://spare.example.com/?token=canary-query"}}}}
      +14155559999: {{restore_to: demo}}
"""


def test_texts_come_back_as_declared(company: RunningSandbox, tmp_path: Path) -> None:
    """Nothing but texts is written, no key of Vapi's is needed, and what nobody declared is named."""
    file = tmp_path / "numbers.yaml"
    file.write_text(FLEET)
    before = snapshot(company)
    import_by_hand(company, STUDIO, BIN)
    switched = snapshot(company)
    company.clear_journal()

    ran = vapi_sms(company, "restore", file, "--stack", "prod", "--yes", VAPI_API_KEY=None)

    after = snapshot(company)
    assert ran.code == 1  # since not all that the file names was put back
    assert after["numbers"][STUDIO]["sms_url"] == before["numbers"][STUDIO]["sms_url"]
    switched["numbers"][STUDIO]["sms_url"] = before["numbers"][STUDIO]["sms_url"]
    assert after == switched
    assert len(writes(company)) == 1
    assert (
        "restore_to speaks of texts: calls, and what Vapi knows of these numbers, stay as they are."
        in ran.words
    )
    assert f"{BIN}: {file} declares that its texts stay at Vapi" in ran.words
    assert f"{SILENT}: {file} declares no restore_to for it" in ran.words


def test_stacks_are_told_apart_and_stdin_is_read(company: RunningSandbox, tmp_path: Path) -> None:
    """One must be named; a number that the account does not have is refused; mistakes are those of the file."""
    file = tmp_path / "numbers.yaml"
    file.write_text(FLEET)

    unnamed = vapi_sms(company, "restore", file)
    dev = vapi_sms(company, "restore", "-", "--stack", "dev", "--dry-run", stdin=FLEET)
    silent = vapi_sms(company, "restore", file, SILENT, "--stack", "prod", "--yes")
    wrong = vapi_sms(company, "restore", "-", stdin="numbers: {+14155550100: {restore_too: demo}}")

    assert (unnamed.code, "write --stack, one of dev, prod" in unnamed.err) == (2, True)
    assert dev.code == 1
    assert "Refused - +14155559999 is not a number of this Twilio account" in dev.words
    assert (
        f"Left alone - texts to {SPARE} stay answered by Webhook https://old.example.com/spare" in dev.words
    )
    assert (silent.code, "holds nothing to put back" in silent.err) == (2, True)
    assert wrong.code == 2
    assert "stdin is neither a backup nor a stack's state, and no fleet file either" in wrong.err
    assert writes(company) == []


def test_a_number_that_is_not_declared_is_told(company: RunningSandbox, tmp_path: Path) -> None:
    """What was typed and is not in the file stops everything."""
    file = tmp_path / "numbers.yaml"
    file.write_text(FLEET)

    ran = vapi_sms(company, "restore", file, WEBHOOK, "--stack", "dev", "--yes")

    assert (ran.code, ran.out) == (2, "")
    assert f"{WEBHOOK} is not in restore_to in {file}, so nothing is put back" in ran.err
