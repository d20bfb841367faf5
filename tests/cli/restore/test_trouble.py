"""Whatever goes wrong during a restore: what is not put back is named, and the same command again finishes it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.backup.company import (
    SEALED,
    environment,
    import_by_hand,
    snapshot,
    vapi_sms,
)
from tests.cli.command import COMMAND
from tests.engine.world import AC, APPLICATION, FOREIGN, HIDDEN, MG, STUDIO, TOKEN, TRUNK, WEBHOOK, seed
from tests.sandbox.world import twilio
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

CODE, CODE_SID = "894546", "SC" + "a" * 32


@pytest.fixture
def kept(company: RunningSandbox, tmp_path: Path) -> Path:
    """Give a backup of the account, which has a short code too, before anything happened to it."""
    with_code = seed()
    with_code["twilio"]["accounts"][0]["short_codes"] = [
        {"sid": CODE_SID, "short_code": CODE, "sms_url": "https://old.example.com/code?key=canary-query"}
    ]
    company.reset(with_code)
    file = tmp_path / "before.json"
    assert vapi_sms(company, "backup", "--account", "--output", file, *SEALED).code == 0
    company.clear_journal()
    return file


def test_a_service_waits_for_its_numbers(company: RunningSandbox, kept: Path) -> None:
    """A number that could not leave Vapi would be hidden again: its service is not touched before it has left."""
    before = snapshot(company)
    company.outside("service", sid=MG, set={"use_inbound_webhook_on_number": True})
    import_by_hand(company, HIDDEN, STUDIO)
    path = f"*/IncomingPhoneNumbers/{company.number(HIDDEN)['sid']}.json"
    company.fault(vendor="twilio", method="POST", path=path, status=400, count=None)

    first = vapi_sms(company, "restore", kept, "--yes", *SEALED)
    defers = snapshot(company)["messaging_services"][MG]["use_inbound_webhook_on_number"]
    company.clear_faults()
    second = vapi_sms(company, "restore", kept, "--yes", *SEALED)

    assert (first.code, second.code) == (1, 0)
    assert f"put back: {STUDIO}" in first.out
    assert f"{HIDDEN} is not put back: Twilio refuses the recorded routing" in first.words
    assert f"would hide {HIDDEN} again, whose texts are handed to Vapi" in first.words
    assert defers is True
    assert snapshot(company) == before


def test_killed_in_the_middle_and_run_again(company: RunningSandbox, kept: Path) -> None:
    """Law 5: kill -9 while an answer is on its way leaves numbers half back; the same command finishes them."""
    before = snapshot(company)
    import_by_hand(company, WEBHOOK, STUDIO, TRUNK, APPLICATION)
    company.fault(vendor="twilio", method="POST", hold="after", count=None)
    env = {name: value for name, value in environment(company).items() if value} | {"PATH": "/nowhere"}
    command: list[str | Path] = [COMMAND, "restore", kept, "--yes", *SEALED]
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until(company.held)
        process.kill()
    company.clear_faults()
    company.release("drop")
    half = snapshot(company)

    ran = vapi_sms(company, "restore", kept, "--yes", *SEALED)

    assert process.returncode == -9
    assert half != before
    assert ran.code == 0, ran.words
    assert snapshot(company) == before


def test_an_answer_that_is_lost_is_looked_after(company: RunningSandbox, kept: Path) -> None:
    """Connections that break after the effect, and a vendor that is away for a moment, cost nothing."""
    before = snapshot(company)
    import_by_hand(company, WEBHOOK, STUDIO)
    company.fault(vendor="twilio", method="POST", drop="after")
    company.fault(vendor="vapi", method="DELETE", drop="after")
    company.fault(vendor="vapi", method="GET", status=503)

    ran = vapi_sms(company, "restore", kept, "--yes", *SEALED, VAPI_SMS_PATIENCE_SECONDS="5")

    assert ran.code == 0, ran.words
    assert snapshot(company) == before


def test_a_service_that_is_somebody_elses_by_now_keeps_its_handler(
    company: RunningSandbox, kept: Path
) -> None:
    """Law 4 for services, too; and a short code comes back like a number."""
    before = snapshot(company)
    changed = {"use_inbound_webhook_on_number": True, "inbound_request_url": FOREIGN}
    company.outside("service", sid=MG, set=changed)
    twilio(company, AC, TOKEN).api.account.short_codes(CODE_SID).update(sms_url="")

    ran = vapi_sms(company, "restore", kept, "--yes", *SEALED)

    service = snapshot(company)["messaging_services"][MG]
    assert ran.code == 0, ran.words
    assert (service["use_inbound_webhook_on_number"], service["inbound_request_url"]) == (False, FOREIGN)
    assert "keeps Webhook https://new.example.com/sms?key=***, which is not ours" in ran.words
    assert f"put back: {CODE}" in ran.out
    assert snapshot(company)["short_codes"] == before["short_codes"]
