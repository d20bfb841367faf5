"""Whoever has only a keyboard, hears the page, or holds it in one hand can use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.engine.world import STUDIO, WEBHOOK
from tests.page.test_page import hand_over

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox

    from tests.page.test_page import Look

pytestmark = pytest.mark.xdist_group("page")


def test_with_a_keyboard_alone(look: Look, sandbox: RunningSandbox) -> None:
    """A number is picked, cut off and texted, by Tab, Enter and Space; the focus can be seen, and it stays."""
    hand_over(sandbox, WEBHOOK)
    page = look(sandbox.url).page
    expect(page.locator(".card").first).to_be_visible()

    def tab_to(name: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            focused = page.locator(":focus")
            if focused.count() and name in (focused.inner_text() or focused.get_attribute("id") or ""):
                assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
                return
        pytest.fail(f"no Tab leads to {name}")

    tab_to(WEBHOOK)
    page.keyboard.press("Enter")
    expect(page.get_by_label("To", exact=True)).to_have_value(WEBHOOK)
    tab_to("Vapi is down")
    page.keyboard.press("Space")
    expect(page.locator(":focus")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(":focus")).to_contain_text("Vapi is down")
    page.get_by_label("Text", exact=True).focus()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Open?")
    page.keyboard.press("Enter")

    expect(page.locator(".text .mine")).to_have_text("Open?")
    expect(page.locator(".text .by")).to_have_text("Webhook https://old.example.com/fallback")


def test_the_focus_stays_where_the_chain_moves(look: Look, sandbox: RunningSandbox) -> None:
    """Whoever stands on a number goes on from there, whatever else happens to it; and it is said."""
    looking = look(sandbox.url)
    number = looking.page.get_by_role("button", name=STUDIO)
    number.focus()

    sandbox.outside_number(STUDIO, sms_url="https://new.example.com/sms")

    expect(looking.answered_by(STUDIO)).to_have_text("Webhook https://new.example.com/sms")
    expect(number).to_be_focused()
    said = looking.page.get_by_role("status").filter(has_text=STUDIO)
    expect(said).to_have_text(f"{STUDIO} is answered by Webhook https://new.example.com/sms now")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 380])
def test_axe_finds_nothing(look: Look, sandbox: RunningSandbox, scheme: str, width: int) -> None:
    """With texts, failures, problems, links of every state, and a journal; what is said is announced."""
    hand_over(sandbox, WEBHOOK)
    looking = look(
        sandbox.url, color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    looking.text("Open?", WEBHOOK)
    looking.press("Vapi is down")
    looking.text("Open?", WEBHOOK, sender="UK")
    looking.press("A service hides the number")
    expect(looking.page.locator(".link.skipped").first).to_be_visible()

    assert looking.found_by_axe() == []
    assert looking.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    roles = {name: looking.page.locator(f"#{name}").get_attribute("role") for name in ("thread", "life-said")}
    assert roles == {"thread": "log", "life-said": "status"}
