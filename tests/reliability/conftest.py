"""The sandbox of the short cut; its exchanges are held against the vendors' specifications by other tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.sandbox.world import seed


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    """Serve one sandbox for all cells: each begins with a reset."""
    with RunningSandbox(seed()) as sandbox:
        yield sandbox
