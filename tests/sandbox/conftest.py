"""A sandbox for every test, as new; whatever it answers is held against the vendors' specifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.sandbox.old_app import OldApp
from tests.sandbox.world import seed, twilio, vapi
from tests.specs import Checker

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from twilio.rest import Client


@pytest.fixture
def app() -> Iterator[OldApp]:
    """Serve the old app."""
    with OldApp() as app:
        yield app


@pytest.fixture
def sandbox(running: RunningSandbox, checker: Checker, app: OldApp) -> Iterator[RunningSandbox]:
    """Return the sandbox as new; fail when it broke a specification."""
    checker.complaints.clear()
    running.reset(seed(app.url))

    yield running

    assert checker.complaints == []


@pytest.fixture
def client(sandbox: RunningSandbox) -> Client:
    """Return Twilio's own client."""
    return twilio(sandbox)


@pytest.fixture
def http(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    """Return a client of Vapi."""
    with vapi(sandbox) as client:
        yield client
