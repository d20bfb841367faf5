"""The shared sandbox, for tests that must not change anything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import written


@pytest.fixture
def quiet(calm: RunningSandbox) -> Iterator[RunningSandbox]:
    """Return the shared sandbox; fail when a test changed or wrote anything."""
    calm.clear_faults()
    since, before = max((entry["n"] for entry in calm.journal()), default=0), calm.routing_snapshot()

    yield calm

    calm.clear_faults()
    assert written(calm, since) == []
    assert calm.routing_snapshot() == before
