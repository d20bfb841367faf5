"""A drawing as one file: it needs nothing else, groups who answers, and shows text as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from vapi_sms.drawing import document

if TYPE_CHECKING:
    from pathlib import Path

    from tests.page.test_page import Look

pytestmark = pytest.mark.xdist_group("page")

MARKUP = "</script><img src=x onerror=alert(1)>\u2028<!--"


def number(n: int, /, **fields: Any) -> dict[str, Any]:
    """Return a number that a Studio Flow answers, with other fields."""
    flow = {
        "what": "Studio Flow",
        "label": "FW1",
        "detail": "https://webhooks.twilio.com/x",
        "state": "decides",
    }
    skipped = {"what": "Messaging Service", "label": "Campaigns", "state": "skipped", "why": "it defers"}
    usual = {"number": f"+1415555{n:04}", "answeredBy": "Studio Flow FW1", "kind": "studio"}
    return {**usual, "chain": [{"what": "Number", "label": "x", "state": "passes"}, skipped, flow], **fields}


def test_one_file_shows_who_answers_and_what_is_wrong_first(look: Look, tmp_path: Path) -> None:
    """Grouped, searched, before and after side by side; markup in any of it stays text, and axe finds nothing."""
    after = {
        "answeredBy": f"Vapi {MARKUP}",
        "kind": "vapi",
        "chain": [{"what": "V", "label": "S", "state": "decides"}],
    }
    numbers = [number(n) for n in range(3000)]
    numbers += [
        number(3000, problem=f"gone {MARKUP}"),
        number(3001, name=MARKUP, answeredBy="nobody", kind="nobody"),
    ]
    numbers += [number(3002, answeredBy="Webhook x", kind="webhook", after=after, note="a note", was="b")]
    file = tmp_path / "drawing.html"
    file.write_text(document(f"Who answers {MARKUP}", numbers, lines=[f"as of {MARKUP}"]), encoding="utf-8")

    looking = look(file.as_uri())
    page = looking.page

    expect(page.locator("h1")).to_have_text(f"Who answers {MARKUP}")
    headings = ["Something is wrong (1)", "Webhook x (1)", "Studio Flow FW1 (3,000)", "nobody (1)"]
    expect(page.locator("h2")).to_have_text(headings)
    expect(page.locator(".problem")).to_have_text(f"gone {MARKUP}")
    assert looking.nodes() < 2000
    page.get_by_label("Search").fill("3002")
    expect(page.locator(".side h4")).to_have_text(["now", "after up"])
    expect(page.locator(".by")).to_have_text(["Webhook x", f"Vapi {MARKUP}"])
    page.get_by_label("Search").fill("")
    page.get_by_role("button", name="nobody: 1").click()
    expect(page.locator(".name")).to_have_text([MARKUP])
    page.get_by_role("button", name="nobody: 1").click()
    assert page.locator("main img").count() == 0
    assert looking.found_by_axe() == []
    # Nothing but what came with the file may run.
    assert (
        page.evaluate(
            "() => { const made = document.createElement('script'); made.textContent = 'window.ran = 1';"
            " document.body.append(made); return window.ran ?? null; }"
        )
        is None
    )
    looking.expect_trouble("Content Security Policy")
