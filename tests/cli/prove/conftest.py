"""Vendors to whom all happened minutes ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.prove.running import AGO, imported

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox


@pytest.fixture
def at_vapi(sandbox: RunningSandbox) -> RunningSandbox:
    """Return vendors to whom all this happened minutes ago, with a number that Vapi answers."""
    sandbox.behaviour(clock_skew_ms={"twilio": -AGO, "vapi": -AGO})
    imported(sandbox)
    return sandbox
