"""Both vendors, where nobody waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from vapi_sms.live.engine import EngineGuard
from vapi_sms.live.settings import Settings
from vapi_sms.live.vendors import Vendors


@pytest.fixture
def vendors(settings: Settings) -> Iterator[Vendors]:
    """Return both vendors, where nobody waits."""
    reached = Vendors(replace(settings, patience=0), EngineGuard(None, None))
    yield reached
    reached.twilio.close()
    reached.vapi.close()
