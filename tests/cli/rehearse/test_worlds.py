"""`vapi-sms rehearse` on the sandbox: it finds out just the switches that are set, and leaves nothing behind."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from vapi_sms.cli.rehearse.keeping import Files
from vapi_sms.sandbox.behaviour import Behaviour

from tests.cli.backup.company import SECRETS, snapshot, vapi_sms
from tests.cli.rehearse.spare import killed, rehearsed, switches, wish
from tests.engine.world import AC, APP, DEMO, HOSTED, ORG, SILENT, SUPPORT, TRUNK, TRUNK_SID, WEBHOOK

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

SWITCHES: dict[str, tuple[Any, ...]] = {
    "patch_rewrites_sms": (False, True),
    "patch_rewrites_voice": (False, True),
    "delete": ("leaves", "clears", "resets"),
    "import_takes_texts": (True, False),
    "import_clears_application": (False, True),
    "import_clears_fallback": (False, True),
    "import_clears_trunk": (False, True),
    "late_writes_ms": (0, 4000),
    "webhook_host": ("https://api.vapi.ai", "https://hooks.vapi.ai/v2", "https://sms.example.net"),
    "shows_nulls": (True, False),
    "nulls_clear": ("attachments", "everything"),
    "page_metadata": ("all", "counts", "no_total"),
}
WORLDS = 16
WRITES = 31  # at the least, in any world: each a moment to be killed at
NUMBERS = (SILENT, DEMO, TRUNK, HOSTED)


def world(chance: int) -> dict[str, Any]:
    """Return some combination, always the same for the same chance; the first is the sandbox's own."""
    if chance == 0:
        return {name: values[0] for name, values in SWITCHES.items()}
    drawn = random.Random(chance)
    return {name: drawn.choice(values) for name, values in SWITCHES.items()}


def test_the_worlds_differ_in_every_pair_of_switches() -> None:
    """Each value of each switch is tried beside each value of any other that has two."""
    tried = [world(chance) for chance in range(WORLDS)]

    for one, values in SWITCHES.items():
        assert {each[one] for each in tried} == set(values)
        for other in SWITCHES:
            pairs = {(each[one], each[other]) for each in tried}
            assert other == one or len(pairs) >= 2 * len(values) - 2


def test_the_switches_are_the_sandboxs() -> None:
    """What is written can be read by it: the names are its own, and so are the values that it starts with."""
    usual = Behaviour().model_dump()

    assert world(0) == {name: usual[name] for name in SWITCHES}


@pytest.mark.parametrize("chance", range(WORLDS))
def test_it_finds_out_the_switches_that_are_set(company: RunningSandbox, tmp_path: Path, chance: int) -> None:
    """All of them, and no other value; then the number is as it was, field by field, and Vapi does not know it."""
    company.behaviour(**world(chance))
    before = snapshot(company)
    wished = wish(
        tmp_path,
        number=NUMBERS[chance % len(NUMBERS)],
        application=APP,
        trunk=TRUNK_SID,
        it_is_spare=True,
    )

    code = rehearsed(company, wished)

    assert (switches(wished), code) == (world(chance), 0)
    assert snapshot(company) == before


@pytest.mark.parametrize("nth", range(1, WRITES, 2))
def test_killed_after_any_write_its_backup_gives_everything_back(
    company: RunningSandbox, tmp_path: Path, nth: int
) -> None:
    """In any world: nothing ran any more, and `vapi-sms restore` with the file gives every field back."""
    file, number = tmp_path / "spare.json", (SILENT, DEMO)[nth % 4 // 2]
    company.behaviour(**world(nth) | {"late_writes_ms": 0})
    before = snapshot(company)

    was_killed = killed(company, file, nth, number=number)
    left = snapshot(company)
    ran = vapi_sms(company, "restore", file, "--yes")

    assert was_killed
    assert left != before or nth in (1, 29)  # as found between two rounds, too
    assert (ran.code, snapshot(company)) == (0, before), ran.words


def test_the_report_holds_no_secret(company: RunningSandbox, tmp_path: Path) -> None:
    """It is made for an issue: no number, SID, id or key, and no URL but those that Vapi writes."""
    company.behaviour(webhook_host="https://hooks.vapi.ai/v2")
    wished = wish(tmp_path, number=WEBHOOK, it_is_spare=True, without_secrets=False, passphrase_env="PHRASE")

    rehearsed(company, wished)

    files = Files(wished.backup)
    report = files.report.read_text()
    told = report + files.behaviour.read_text()
    assert [word for word in (*SECRETS, WEBHOOK, AC, ORG, SUPPORT, "old.example.com") if word in told] == []
    assert (
        "| import with smsEnabled true | texts at Vapi: `https://hooks.vapi.ai/v2/twilio/sms`, calls at"
        in report
    )
    assert "| `import_clears_trunk` | not tried: name a SIP trunk with --trunk |" in report
    assert "  # import_clears_trunk: not tried: name a SIP trunk with --trunk\n" in told
