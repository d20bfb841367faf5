"""What the fault matrix has found when it ran whole, each by itself."""

from __future__ import annotations

import random

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.reliability import faulting
from tests.reliability.table import losses


@pytest.mark.parametrize("row", ["VapiSmsFleet numbers leave", "VapiSmsFleet delete"])
def test_numbers_that_were_not_put_back_are_named_although_the_next_reading_fails_too(
    sandbox: RunningSandbox, row: str
) -> None:
    """A key that is revoked halfway, or an outage that goes on: the first trouble is told, and then the second."""
    cell = "401 halfway from DELETE vapi"

    results = faulting.try_row(sandbox, row, random.Random(1), None, cell)

    assert losses(results) == []
    assert len(results) > 1
