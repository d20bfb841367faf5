"""The whole story before somebody's eyes: the real engine switches, and the page moves with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from vapi_sms.sandbox import RunningSandbox

from tests.cli.command import QUICKSTART
from tests.engine.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.page.looking import Looking
    from tests.page.test_page import Look

pytestmark = [pytest.mark.xdist_group("page"), pytest.mark.engine, pytest.mark.slow]

NUMBER, TOKEN = "+14155550100", "5a9db0c0000000000000000000000001"
PROGRAM = f'VapiSmsNumber("support", number="{NUMBER}", assistant="Support")'
PICTURES = os.environ.get("VAPI_SMS_PICTURES")
ASSISTANT = "Vapi assistant Support"


@pytest.fixture
def old_app() -> Iterator[str]:
    """Run the quickstart's own app; give its address."""
    with subprocess.Popen(
        [sys.executable, QUICKSTART / "old_app.py", "0"],
        env={**os.environ, "TWILIO_AUTH_TOKEN": TOKEN},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        yield process.stdout.readline().removeprefix("old app: ").strip()
        process.terminate()


@pytest.fixture
def stack(tmp_path: Path, old_app: str) -> Iterator[Stack]:
    """Give a stack of the quickstart's company, whose old app answers."""
    seed = tmp_path / "sandbox.yaml"
    text = QUICKSTART.joinpath("sandbox.yaml").read_text()
    seed.write_text(text.replace("http://127.0.0.1:8788", old_app))
    with RunningSandbox(seed) as sandbox:
        names = {
            "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
            "TWILIO_AUTH_TOKEN": TOKEN,
            "VAPI_API_KEY": "sandbox-vapi-key",
        }
        yield Stack(tmp_path / "stack", sandbox, **names)


def test_a_switch_drift_and_its_repair_and_the_way_back(look: Look, stack: Stack, old_app: str) -> None:
    """Text, up, text; somebody edits, preview finds it, up repairs it; destroy, text. The drawing moves each time."""
    looking = look(stack.sandbox.url, viewport={"width": 1360, "height": 830}, reduced_motion="reduce")
    by = looking.answered_by(NUMBER)
    webhook = f"Webhook {old_app}/sms"

    expect(by).to_have_text(webhook)
    before = looking.text("Open on Sunday?", NUMBER)
    expect(before.locator(".theirs")).to_have_text("Acme front desk. You wrote: Open on Sunday?")

    stack.declare(PROGRAM)
    stack.up()
    expect(by).to_have_text(ASSISTANT)
    assert looking.chain(NUMBER)[-2:] == [
        ("Vapi assistant", "Support", "decides"),
        ("Fallback: Webhook", f"{old_app}/sms-fallback", "skipped"),
    ]
    expect(looking.number(NUMBER).locator(".was")).to_have_text(f"until now: {webhook}")
    during = looking.text("Open on Sunday?", NUMBER)
    assert during.locator(".by").inner_text() == ASSISTANT
    expect(looking.page.locator("#journal li", has_text="POST /phone-number")).to_have_count(1)
    picture(looking, "switched.png")

    looking.press("Somebody changes the webhook")
    expect(by).to_have_text("Webhook https://chatbot.example.com/inbound")
    assert "chatbot.example.com" in stack.preview()
    stack.up()
    expect(by).to_have_text(ASSISTANT)

    looking.press("Vapi is down")
    expect(by).to_have_text(f"Webhook {old_app}/sms-fallback")
    outage = looking.text("Open on Sunday?", NUMBER)
    expect(outage.locator(".theirs")).to_have_text("Acme front desk. We call you back.")
    picture(looking, "outage.png")
    looking.press("Vapi is down")
    expect(by).to_have_text(ASSISTANT)

    stack.destroy()
    expect(by).to_have_text(webhook)
    assert looking.text("Open on Sunday?", NUMBER).locator(".by").inner_text() == webhook
    assert stack.snapshot() == stack.before


def picture(looking: Looking, name: str) -> None:
    """Take a picture for the docs, where they are wanted: VAPI_SMS_PICTURES names the folder."""
    if PICTURES:
        looking.page.evaluate("scrollTo(0, 0)")
        looking.page.screenshot(path=Path(PICTURES) / name)
