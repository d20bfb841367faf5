"""The pages of `doctor --html` and `preview --html` in a real browser: looked at, searched, walked by keyboard."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from vapi_sms.cli.drawn.previewed import page as drawn
from vapi_sms.cli.review.reading import parse
from vapi_sms.cli.review.review import review
from vapi_sms.drawing import document

from tests.cli.doctor.clinic import doctor, seed
from tests.cli.review.many import COUNT, many_numbers
from tests.cli.review.steps import answered, number, preview
from tests.cli.review.test_command import recorded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page
    from vapi_sms.sandbox import RunningSandbox

sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_core_python.sync_playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on PATH")

WHEN = "2026-11-29 18:00:00 UTC"
MARKUP = "</script><img src=x onerror=alert(1)>"
MOST_ELEMENTS = 4_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run a browser without a screen."""
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """Open a tab that asks nobody for anything and complains of nothing."""
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.set_default_timeout(20_000)
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    yield tab
    tab.close()

    assert [url for url in asked if not url.startswith("file:")] == []
    assert len(asked) == 1
    assert said == []


@pytest.fixture
def many(tmp_path: Path, tab: Page) -> Page:
    """Open the page of a preview of 5,000 numbers."""
    return shown(tab, tmp_path, drawn(review(parse(many_numbers(), "the preview")), WHEN))


def shown(tab: Page, tmp_path: Path, text: str) -> Page:
    """Open a page, and wait until its numbers are drawn."""
    file = tmp_path / "page.html"
    file.write_text(text)
    tab.goto(file.as_uri())
    tab.wait_for_selector(".card")
    return tab


def faults(tab: Page) -> list[tuple[str, str]]:
    """Give what keeps people from reading a page, as axe finds it."""
    found: list[dict[str, Any]] = axe.Axe().run(tab)["violations"]
    return [(each["id"], node["html"][:120]) for each in found for node in each["nodes"]]


def expect_count(found: Locator, count: int) -> None:
    """Wait until there are so many."""
    sync_api.expect(found).to_have_count(count)


def headings(tab: Page) -> list[str]:
    """Give the headings of the groups."""
    return tab.locator("h2").all_inner_texts()


def test_an_account_at_a_glance(sandbox: RunningSandbox, tmp_path: Path, tab: Page) -> None:
    """What is wrong comes first, then who answers; the chain shows who decides, and in grey whom nobody asks."""
    sandbox.reset(seed())
    file = tmp_path / "account.html"
    doctor(sandbox, "--html", file)
    shown(tab, tmp_path, file.read_text())

    assert headings(tab)[0] == "Something is wrong (19)"
    hidden = tab.locator(".card", has_text="+14155550104").first
    assert hidden.locator(".link.decides .what").all_inner_texts() == ["Messaging Service", "Answers"]
    skipped = hidden.locator(".link.skipped .why").all_inner_texts()
    assert skipped[0] == "never asked: the Messaging Service handles texts itself"
    assert "Set the service's Integration to" in hidden.locator(".problem").inner_text()
    assert tab.evaluate(
        "[...document.querySelectorAll('.link > *')].every((each) => each.scrollWidth <= each.clientWidth)"
    )
    assert faults(tab) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_preview_can_be_read_by_everybody(tmp_path: Path, tab: Page, scheme: Any, width: int) -> None:
    """Both sides of a number, in the light, in the dark, on a phone: nothing stands outside, and axe finds no fault."""
    tab.emulate_media(color_scheme=scheme)
    tab.set_viewport_size({"width": width, "height": 800})
    shown(tab, tmp_path, drawn(review(parse(recorded("mixed").read_text(), "the preview")), WHEN))
    tab.locator("summary").click()

    sides = tab.locator(".card").first.locator(".side")

    assert sides.locator("h4").all_inner_texts() == ["now", "after up"]
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults(tab) == []


def test_five_thousand_numbers_do_not_stutter(many: Page) -> None:
    """A part of them is drawn, with the heading of every group; more on demand."""
    elements = many.locator("*").count()
    drawn_first = many.locator(".card").count()

    many.get_by_role("button", name="Show more").click()
    expect_count(many.locator(".card"), 3 * drawn_first)

    assert many.get_by_role("status").inner_text() == f"{COUNT:,} numbers"
    assert headings(many) == [
        "Something is wrong (100)",
        "Will be answered by Vapi assistant Support (1,000)",
        "Will be answered by Vapi assistant Sales (800)",
        "Leave: answered again by whoever was found (200)",
        "Vapi assistant Support (2,900)",
    ]
    assert elements < MOST_ELEMENTS


def test_thousands_of_groups_hide_no_problem(tmp_path: Path, tab: Page) -> None:
    """Each number has a webhook of its own: of what is wrong still more is drawn than of all the others."""
    numbers = [
        {
            "number": f"+1415555{index:04}",
            "kind": "webhook",
            "chain": [],
            "answeredBy": f"Webhook https://a.example.com/{index}",
            "problem": "it is ill" if index % 2 else None,
        }
        for index in range(COUNT)
    ]
    shown(tab, tmp_path, document("Many", numbers))

    assert headings(tab)[0] == "Something is wrong (2,500)"
    assert tab.locator(".wrong .card").count() > 20
    assert tab.locator("h2").count() > 20
    assert tab.locator("*").count() < MOST_ELEMENTS


def test_one_of_five_thousand_is_found(many: Page) -> None:
    """By its number, by its webhook, by words of which none finds it alone."""
    field = many.get_by_role("searchbox", name="Search")
    field.fill("+14155554321")
    expect_count(many.locator(".card"), 1)
    assert many.locator(".card .number").inner_text() == "+14155554321"

    field.fill("texts/4711")
    sync_api.expect(many.locator(".card .number")).to_have_text("+14155554711")

    field.fill("sales leave")
    expect_count(many.locator(".card"), 0)
    assert many.get_by_role("status").inner_text().startswith("0 numbers of 5")


def test_only_those_of_one(many: Page) -> None:
    """A press on who answers shows these alone, those whom they will answer too; a second one shows all again."""
    sales = many.get_by_role("button", name="Vapi assistant Sales: 800")

    sales.click()
    expect_count(many.locator("h2"), 1)
    assert headings(many) == ["Will be answered by Vapi assistant Sales (800)"]

    sales.click()
    expect_count(many.locator("h2"), 5)


def test_by_keyboard_alone(many: Page) -> None:
    """From the top to what is folded away, to the search, to who answers: each has its turn and shows that it has."""
    many.keyboard.press("Tab")
    many.keyboard.press("Enter")
    opened = many.locator("details").first.get_attribute("open")
    many.keyboard.press("Tab")
    many.keyboard.type("front-desks 4999")
    expect_count(many.locator(".card"), 1)
    many.keyboard.press("Tab")
    many.keyboard.press("Space")

    assert opened is not None
    sync_api.expect(many.locator(":focus")).to_have_attribute("aria-pressed", "true")
    assert many.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_markup_stays_text(tmp_path: Path, tab: Page) -> None:
    """Of a resource, an assistant, a webhook: the page shows what was written, and makes nothing of it."""
    shown(
        tab,
        tmp_path,
        drawn(review(preview(number(MARKUP, answered(MARKUP), answered("Sales", MARKUP)))), WHEN),
    )

    assert tab.locator("img").count() == 0
    assert MARKUP in tab.locator(".card h3").inner_text()
    assert f"Vapi assistant {MARKUP}" in tab.locator(".by").all_inner_texts()
