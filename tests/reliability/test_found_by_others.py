"""What the matrix of others has found, each by itself."""

from __future__ import annotations

import random

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.reliability import others
from tests.reliability.table import losses

FOUND = {
    "VapiSmsFleet adopt": "record deleted at POST twilio /IncomingPhoneNumbers/PN40d3f4e0",
    "VapiSmsNumber adopt": "readings lag by 12 s at PATCH vapi /phone-number",
    "MessagingServiceInbound delete": "readings lag by 12 s at GET twilio /v1/Services #1",
    "TwilioSmsRoute replace number": "moved to a subaccount at GET twilio /v1/Services #1",
}


@pytest.mark.parametrize("row", FOUND)
def test_what_others_did_costs_nobody_anything(sandbox: RunningSandbox, row: str) -> None:
    """What is imported in place of an adopted record is ours; a number that is not here is looked for elsewhere.

    And what a replica that lags shows as it was before is put back all the same.
    """
    results = others.try_row(sandbox, row, random.Random(1), None, FOUND[row])

    assert results
    assert losses(results) == []
