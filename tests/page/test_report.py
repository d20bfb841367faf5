"""The pages of `doctor --html` and `preview --html` in a real browser: looked at, searched, walked by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from vapi_sms.cli.drawn.previewed import page as drawn
from vapi_sms.cli.review.reading import parse
from vapi_sms.cli.review.review import review
from vapi_sms.drawing import document

from tests.cli.doctor.clinic import doctor, seed
from tests.cli.review.many import COUNT, many_numbers
from tests.cli.review.steps import ONE, answered, number, preview
from tests.cli.review.test_command import recorded
from tests.page.test_with_pulumi import picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from vapi_sms.sandbox import RunningSandbox

    from tests.page.looking import Looking
    from tests.page.test_page import Look

pytestmark = pytest.mark.xdist_group("page")

WHEN = "2026-11-29 18:00:00 UTC"
MARKUP = "</script><img src=x onerror=alert(1)>"
MOST_ELEMENTS = 4_000


@pytest.fixture
def shown(look: Look, tmp_path: Path) -> Callable[..., Looking]:
    """Open a page, and wait until its numbers are drawn; whatever it asks of anybody else is trouble."""

    def open_page(text: str, **options: object) -> Looking:
        file = tmp_path / "page.html"
        file.write_text(text, encoding="utf-8")
        looking = look(file.as_uri(), **options)
        expect(looking.page.locator(".card").first).to_be_visible()
        return looking

    return open_page


@pytest.fixture
def many(shown: Callable[..., Looking]) -> Page:
    """Open the page of a preview of 5,000 numbers."""
    return shown(drawn(review(parse(many_numbers(), "the preview")), WHEN)).page


def headings(tab: Page) -> list[str]:
    """Give the headings of the groups."""
    return tab.locator("h2").all_inner_texts()


def test_an_account_at_a_glance(
    sandbox: RunningSandbox, tmp_path: Path, shown: Callable[..., Looking]
) -> None:
    """What is wrong comes first, then who answers; the chain shows who decides, and in grey whom nobody asks."""
    sandbox.reset(seed())
    file = tmp_path / "account.html"
    doctor(sandbox, "--html", file)
    looking = shown(file.read_text())

    tab = looking.page
    assert headings(tab)[0] == "Something is wrong (19)"
    hidden = tab.locator(".card", has_text="+14155550104").first
    assert hidden.locator(".link.decides .what").all_inner_texts() == ["Webhook"]
    skipped = hidden.locator(".link.skipped .why").all_inner_texts()
    assert skipped[0] == "not looked at: the service decides"
    assert "Set the service's Integration to" in hidden.locator(".problem").inner_text()
    assert tab.evaluate(
        "[...document.querySelectorAll('.link > *')].every((each) => each.scrollWidth <= each.clientWidth)"
    )
    assert looking.found_by_axe() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_preview_can_be_read_by_everybody(shown: Callable[..., Looking], scheme: str, width: int) -> None:
    """Both sides of a number, in the light, in the dark, on a phone: nothing stands outside, and axe finds no fault."""
    size = {"width": width, "height": 800}
    text = drawn(review(parse(recorded("mixed").read_text(), "the preview")), WHEN)
    looking = shown(text, color_scheme=scheme, viewport=size)
    tab = looking.page
    if (scheme, width) == ("light", 1280):
        picture(looking, "preview.png")
    tab.locator("summary").click()

    sides = tab.locator(".card").first.locator(".side")

    assert sides.locator("h4").all_inner_texts() == ["now", "after up"]
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert looking.found_by_axe() == []


def test_five_thousand_numbers_do_not_stutter(many: Page) -> None:
    """A part of them is drawn, with the heading of every group; more on demand."""
    elements = many.locator("*").count()
    drawn_first = many.locator(".card").count()

    many.get_by_role("button", name="Show more").click()
    expect(many.locator(".card")).to_have_count(3 * drawn_first)

    assert many.get_by_role("status").inner_text() == f"{COUNT:,} numbers"
    assert headings(many) == [
        "Something is wrong (100)",
        "Will be answered by Vapi assistant Support (1,000)",
        "Will be answered by Vapi assistant Sales (800)",
        "Leave: answered again by whoever was found (200)",
        "Vapi assistant Support (2,900)",
    ]
    assert elements < MOST_ELEMENTS


def test_thousands_of_groups_hide_no_problem(shown: Callable[..., Looking]) -> None:
    """Each number has a webhook of its own: of what is wrong still more is drawn than of all the others."""
    numbers: list[dict[str, Any]] = [
        {
            "number": f"+1415555{index:04}",
            "kind": "webhook",
            "chain": [],
            "answeredBy": f"Webhook https://a.example.com/{index}",
            "problem": "it is ill" if index % 2 else None,
        }
        for index in range(COUNT)
    ]
    tab = shown(document("Many", numbers)).page

    assert headings(tab)[0] == "Something is wrong (2,500)"
    assert tab.locator(".wrong .card").count() > 20
    assert tab.locator("h2").count() > 20
    assert tab.locator("*").count() < MOST_ELEMENTS


def test_one_of_five_thousand_is_found(many: Page) -> None:
    """By its number, by its webhook, by words of which none finds it alone."""
    field = many.get_by_role("searchbox", name="Search")
    field.fill("+14155554321")
    expect(many.locator(".card")).to_have_count(1)
    assert many.locator(".card .number").inner_text() == "+14155554321"

    field.fill("texts/4711")
    expect(many.locator(".card .number")).to_have_text("+14155554711")

    field.fill("sales leave")
    expect(many.locator(".card")).to_have_count(0)
    assert many.get_by_role("status").inner_text().startswith("0 numbers of 5")


def test_only_those_of_one(many: Page) -> None:
    """A press on who answers shows these alone, those whom they will answer too; a second one shows all again."""
    sales = many.get_by_role("button", name="Vapi assistant Sales: 800")

    sales.click()
    expect(many.locator("h2")).to_have_count(1)
    assert headings(many) == ["Will be answered by Vapi assistant Sales (800)"]

    sales.click()
    expect(many.locator("h2")).to_have_count(5)


def test_by_keyboard_alone(many: Page) -> None:
    """From the top to what is folded away, to the search, to who answers: each has its turn and shows that it has."""
    many.keyboard.press("Tab")
    many.keyboard.press("Enter")
    opened = many.locator("details").first.get_attribute("open")
    many.keyboard.press("Tab")
    many.keyboard.type("front-desks 4999")
    expect(many.locator(".card")).to_have_count(1)
    many.keyboard.press("Tab")
    many.keyboard.press("Space")

    assert opened is not None
    expect(many.locator(":focus")).to_have_attribute("aria-pressed", "true")
    assert many.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_markup_stays_text(shown: Callable[..., Looking]) -> None:
    """Of a resource, an assistant, a webhook: the page shows what was written, and makes nothing of it."""
    told = review(preview(number(MARKUP, answered(MARKUP), answered("Sales", MARKUP))))

    tab = shown(drawn(told, WHEN)).page

    assert tab.locator("img").count() == 0
    assert MARKUP in tab.locator(".card h3").inner_text()
    assert f"Vapi assistant {MARKUP}" in tab.locator(".by").all_inner_texts()


def test_a_number_that_moves_is_drawn_twice(shown: Callable[..., Looking]) -> None:
    """It leaves one resource and comes to another: neither hides the other."""
    told = review(preview(number("old", answered(), None), number("new", None, answered("Sales"))))

    tab = shown(drawn(told, WHEN)).page

    assert tab.locator(".card h3").all_inner_texts() == [f"{ONE} old", f"{ONE} new"]
    assert len(headings(tab)) == 2
