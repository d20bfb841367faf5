"""Thousands of numbers: what is drawn is bounded, and a change costs what has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from vapi_sms.sandbox import RunningSandbox

from tests.engine.world import AC, seed
from tests.sandbox.page.feeding import Listener

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.page.test_page import Look

pytestmark = pytest.mark.xdist_group("page")

MANY = 5000
FIRST, LAST, FLOW = "+14155560000", "+14155564999", f"FW{'b' * 32}"
MOST_NODES = 2000
# Counts the elements that come and go, from now on.
COUNT = """() => {
  window.moved = 0;
  new MutationObserver(records => {
    for (const each of records) moved += [...each.addedNodes].filter(n => n.nodeType === 1).length;
  }).observe(document, { childList: true, subtree: true });
}"""


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    """Serve a company with many numbers."""
    world = seed()
    flow = f"https://webhooks.twilio.com/v1/Accounts/{AC}/Flows/{FLOW}"
    world["twilio"]["accounts"][0]["numbers"] = [{"range": {"from": FIRST, "count": MANY}, "sms_url": flow}]
    world["twilio"]["accounts"][0]["messaging_services"] = []
    with RunningSandbox(world) as sandbox:
        yield sandbox


def test_of_thousands_only_what_is_seen_is_drawn(look: Look, sandbox: RunningSandbox) -> None:
    """All are counted and found; each number that changes moves its own few elements, whether seen or not."""
    looking = look(sandbox.url)
    page = looking.page
    expect(page.locator(".count")).to_have_text("5,002 numbers")
    assert page.locator(".card").count() == 25
    assert looking.nodes() < MOST_NODES

    page.get_by_role("button", name="Show more").click()
    expect(page.locator(".card")).to_have_count(75)
    assert looking.nodes() < MOST_NODES
    page.get_by_label("Search").fill(LAST[1:])
    expect(page.locator(".card")).to_have_count(1)
    expect(looking.answered_by(LAST)).to_have_text(f"Studio Flow {FLOW}")

    page.evaluate(COUNT)
    for step in range(20):
        sandbox.outside_number(f"+{int(FIRST[1:]) + step}", sms_url="https://new.example.com/sms")
    sandbox.outside_number(LAST, sms_url="https://new.example.com/sms")
    expect(looking.answered_by(LAST)).to_have_text("Webhook https://new.example.com/sms")
    assert page.evaluate("moved") < 100
    page.get_by_role("button", name="Webhook https://new.example.com/sms: 21").click()
    page.get_by_label("Search").fill("")
    expect(page.locator(".card")).to_have_count(21)


def test_of_thousands_only_changes_are_sent(sandbox: RunningSandbox) -> None:
    """One edit is one number on the wire; what all hang on is told of whole, once."""
    with Listener(sandbox.url) as listener:
        _, whole = listener.next()
        sandbox.outside_number(LAST, sms_url="https://new.example.com/sms")
        edited = listener.until("numbers")
        sandbox.behaviour(texts_lost=True)
        lost = listener.until("numbers")

    assert len(whole["numbers"]) == len(lost["numbers"]) == MANY + 2
    assert [number["number"] for number in edited["numbers"]] == [LAST]
