"""`vapi-sms restore` after a stack's state is lost: from its backup, and from what `pulumi stack export` printed."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.backup.company import SEALED, leaked, vapi_sms, writes
from tests.engine.project import NAME, STACK
from tests.engine.stack import Stack
from tests.engine.world import (
    AC,
    BIN,
    CANADIAN,
    CANARIES,
    FOREIGN,
    HIDDEN,
    MG,
    SENDER,
    SILENT,
    STUDIO,
    SUPPORT,
    WEBHOOK,
)

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

pytestmark = pytest.mark.engine

PROGRAM = (
    "from vapi_sms import MessagingServiceInbound, TwilioSmsRoute, VapiSmsFleet",
    'VapiSmsNumber("support", number=WEBHOOK, assistant="Support")',
    f"""VapiSmsFleet("desks", defaults={{"assistant": "Sales"}}, numbers={{
    STUDIO: {{}}, {BIN!r}: {{"voice": "vapi"}}, {SILENT!r}: {{"adopt": True}},
}})""",
    f"""TwilioSmsRoute("route", number={CANADIAN!r},
    handler=Handler.webhook("https://desk.example.com/?token=canary-query"))""",
    f'campaigns = MessagingServiceInbound("campaigns", service={MG!r})',
    f'VapiSmsNumber("hidden", number={HIDDEN!r}, assistant="Support", messaging_service=campaigns)',
)
"""Every kind of resource, a number that was in Vapi before, and one whose service hid it."""


@pytest.fixture
def stack(company: RunningSandbox, tmp_path: Path) -> Stack:
    """Give a stack with every kind of resource, up."""
    company.outside_vapi(
        "create",
        org="0a000000-0000-4000-8000-000000000001",
        set={"number": SILENT, "twilioAccountSid": AC, "assistantId": SUPPORT, "name": "Ours since long"},
    )
    stack = Stack(tmp_path / "stack", company)
    stack.declare(*PROGRAM)
    stack.up()
    company.clear_journal()
    return stack


@pytest.mark.slow
def test_a_lost_state_loses_no_original(stack: Stack, company: RunningSandbox, tmp_path: Path) -> None:
    """The state is deleted after `up`: backup and export put all back but what is somebody else's by now."""
    of_stack = ("--stack", STACK, "--cwd", stack.project.folder)
    sealed, bare = tmp_path / "sealed.json", tmp_path / "bare.json"
    kept = vapi_sms(company, "backup", *of_stack, "--output", sealed, *SEALED, **stack.env)
    without = vapi_sms(company, "backup", *of_stack, "--without-secrets", "--output", bare, **stack.env)
    closed = json.dumps(stack.project.stack_export())
    exported = json.dumps(stack.project.stack_export("--show-secrets"))
    other_stack = vapi_sms(
        company, "backup", "--stack", "x", *of_stack[2:], "--output", tmp_path / "x", *SEALED
    )

    assert kept.code == without.code == 0, kept.words + without.words
    assert kept.words.startswith(f"{sealed} holds 6 numbers and 1 Messaging Service of stack {NAME}/{STACK}")
    assert leaked(sealed.read_text()) == leaked(bare.read_text()) == []
    assert any(canary in exported for canary in CANARIES)
    assert (other_stack.code, other_stack.err.count("\n")) == (2, 1)
    assert writes(company) == []

    shutil.rmtree(stack.project.folder / "state")
    company.outside_number(STUDIO, sms_url=FOREIGN)
    company.clear_journal()
    no_secrets = vapi_sms(company, "restore", "-", stdin=closed)
    dry = vapi_sms(company, "restore", sealed, "--dry-run", *SEALED, PATH="/nowhere")
    unchanged = writes(company)
    one = vapi_sms(company, "restore", "-", WEBHOOK, "--yes", stdin=exported, PATH="/nowhere")
    of_one = writes(company)
    all_of_it = vapi_sms(company, "restore", sealed, "--yes", *SEALED, PATH="/nowhere")
    of_all = writes(company)
    again = vapi_sms(company, "restore", sealed, "--yes", *SEALED, PATH="/nowhere")

    assert (no_secrets.code, unchanged) == (2, [])
    assert (
        "holds its secrets encrypted: export it with `pulumi stack export --show-secrets`" in no_secrets.err
    )
    assert (dry.code, one.code, all_of_it.code, again.code) == (0, 0, 0, 0), all_of_it.words
    assert dry.words.startswith(f"From the backup of stack {NAME}/{STACK}")
    assert [write.split()[0] for write in of_one] == ["POST", "DELETE"]
    assert [write.split()[0] for write in of_all].count("DELETE") == 3
    assert any(f"/Services/{MG}" in write for write in of_all)
    assert (
        f"texts to {STUDIO} stay answered by Webhook https://new.example.com/sms?key=***" in all_of_it.words
    )
    assert writes(company) == []

    after = stack.snapshot()
    assert after["numbers"][STUDIO].pop("sms_url") == FOREIGN
    stack.before["numbers"][STUDIO].pop("sms_url")
    assert after == stack.before
    assert "old.example.com" in company.text(SENDER, HIDDEN, "hello")["answered_by"]


def test_what_is_no_export_is_one_line(company: RunningSandbox, tmp_path: Path) -> None:
    """A state of nothing, a broken one, an empty file and no text: each says what was expected."""
    texts: dict[str, tuple[bytes, str]] = {
        "empty": (b'{"version": 3, "deployment": {}}', "an empty stack holds nothing to put back"),
        "broken": (b'{"deployment": {"resources": [{"urn": 1}]}}', "is not what `pulumi stack export"),
        "nothing": (b"\n", "is empty: give a backup, a stack's state or a fleet file"),
        "binary": (b"\xff", "is not UTF-8 text: save it as UTF-8"),
    }
    for name, (text, complaint) in texts.items():
        file = tmp_path / name
        file.write_bytes(text)

        ran = vapi_sms(company, "restore", file)

        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert complaint in ran.err
    missing = vapi_sms(company, "restore", tmp_path / "missing")
    assert f"cannot read {tmp_path}/missing: No such file or directory" in missing.err
