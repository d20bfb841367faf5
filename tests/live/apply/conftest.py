"""Both vendors as a new process has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from vapi_sms.live.engine import EngineGuard
from vapi_sms.live.settings import Settings
from vapi_sms.live.vendors import Vendors

from tests.live.apply.attempts import Make


@pytest.fixture
def make(settings: Settings) -> Iterator[Make]:
    """Make both vendors as a new process does: with nothing read, and without patience."""
    made: list[Vendors] = []

    def new(timeout: float = 20.0) -> Vendors:
        hasty = replace(settings, patience=0.0, timeout=timeout, settle=0.01)
        made.append(Vendors(hasty, EngineGuard(None, None)))
        return made[-1]

    yield new

    for vendors in made:
        vendors.twilio.close()
        vendors.vapi.close()
