"""Somebody who looks at the page, and at what the browser says of it."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Browser, ConsoleMessage, Locator, Request

PATIENCE_MS = 20_000
AXE = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
# Every rule of axe; those of the best practices, too.
_TOLD = "result => result.violations.map(v => [v.id, v.help, v.nodes.map(n => n.html.slice(0, 200))])"


class Looking:
    """One browser's window."""

    def __init__(self, browser: Browser, url: str, options: Mapping[str, Any]) -> None:
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.context.new_page()
        self.troubles: list[str] = []
        self._url = url
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("request", self._seen)
        self.page.goto(url)

    def close(self) -> None:
        """Close the window."""
        self.context.close()

    def number(self, number: str) -> Locator:
        """Return a number as it is drawn."""
        return self.page.locator(".card", has=self.page.get_by_text(number, exact=True).first)

    def answered_by(self, number: str) -> Locator:
        """Return who is drawn as answering a number."""
        return self.number(number).locator(".by")

    def chain(self, number: str) -> list[tuple[str, str, str]]:
        """Return a number's chain: what, which, and its state."""
        found: list[tuple[str, str, str]] = []
        for link in self.number(number).locator(".link").all():
            what, label, state = (
                link.locator(f".{name}").inner_text() for name in ("what", "label", "state")
            )
            found.append((what, label, state))
        return found

    def text(self, body: str, to: str | None = None, sender: str = "US", *, picture: bool = False) -> Locator:
        """Send a text by hand; return how it appears in the thread once it was answered."""
        page = self.page
        # What the feed tells first is drawn: who types meanwhile may be overtaken by it.
        page.locator("#numbers .link").first.wait_for()
        if to is not None:
            page.get_by_label("To", exact=True).fill(to)
        if sender in ("US", "UK"):
            page.get_by_role("radio", name=sender).check()
        else:
            page.get_by_label("Another sender's number").fill(sender)
        page.get_by_label("Text", exact=True).fill(body)
        page.get_by_label("with a picture").set_checked(picture)
        before = page.locator(".text").count()
        page.get_by_role("button", name="Send").click()
        said = page.locator(".text").nth(before)
        said.locator(".by").wait_for()
        return said

    def press(self, title: str) -> None:
        """Press the button of something that happens in life, and wait until it has happened."""
        self.page.evaluate("document.getElementById('life-said').textContent = ''")
        self.page.get_by_role("button", name=title).click()
        self.page.locator("#life-said", has_text=f"{title}: asked and done.").wait_for()

    def found_by_axe(self) -> list[Any]:
        """Return what keeps somebody from using the page who cannot see it, or not well."""
        self.page.evaluate(AXE)
        return list(self.page.evaluate(f"axe.run(document).then({_TOLD})"))

    def expect_trouble(self, what: str) -> None:
        """Hold that the browser complained of this, once, and of nothing else so far."""
        (trouble,) = self.troubles
        assert what in trouble
        self.troubles.clear()

    def nodes(self) -> int:
        """Count the elements of the page."""
        return int(self.page.evaluate("document.querySelectorAll('*').length"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(message.text)

    def _seen(self, request: Request) -> None:
        if not request.url.startswith(self._url):
            self.troubles.append(f"asks elsewhere: {request.url}")
