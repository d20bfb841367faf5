"""A browser for each file of the page's tests: the distribution's Chromium; without it they are skipped, and say so."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright
from vapi_sms.sandbox import RunningSandbox

from tests.engine.world import seed
from tests.page.looking import Looking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser


# Of a file: while it is open, no other test of the same process can run an event loop of its own. (This folder is no
# Python package: pytest would keep what is of a package's scope open until the last test of all.)
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium, which reaches nothing but this machine."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    # Its own sandbox does not work for root.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=options)
        yield browser
        browser.close()


@pytest.fixture
def look(browser: Browser) -> Iterator[Callable[..., Looking]]:
    """Open pages, as many as are wanted; nothing may go wrong in them, and nothing be loaded from elsewhere."""
    opened: list[Looking] = []

    def open_page(url: str, **options: object) -> Looking:
        opened.append(Looking(browser, url, options))
        return opened[-1]

    yield open_page

    for looking in opened:
        looking.close()
    assert [trouble for looking in opened for trouble in looking.troubles] == []


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    """Serve the companies that the engine's tests live in."""
    with RunningSandbox(seed()) as sandbox:
        yield sandbox
