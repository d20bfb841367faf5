"""A few cells of what script/reliability --engine, --engine-others and --engine-worlds measure on the real engine."""

from __future__ import annotations

import random

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.reliability import engine_kills, engine_others, engine_worlds
from tests.reliability.table import losses

pytestmark = pytest.mark.engine
CELLS = {
    "engine killed after POST vapi /phone-number #1, then up, destroy": "VapiSmsNumber replace number",
    "before the checkpoint": "VapiSmsNumber create",
    "^C twice after POST vapi /phone-number #1, then destroy": "VapiSmsNumber create",
    "orphan outlives destroy after POST vapi /phone-number #1": "VapiSmsFleet create",
    "provider killed after POST twilio": "TwilioSmsRoute create",
    "engine killed after POST twilio /v1/Services": "MessagingServiceInbound create",
}
OTHERS = {
    "VapiSmsNumber update assistant": "record replaced",
    "VapiSmsFleet numbers join": "released and bought again",
    "TwilioSmsRoute replace number": "readings lag by 12 s",
    "MessagingServiceInbound delete": "joined a service",
}


@pytest.mark.parametrize("cell", CELLS)
def test_nothing_is_lost_on_the_real_engine(sandbox: RunningSandbox, cell: str) -> None:
    """Killed, stopped or interrupted: after `up` and destroy, or destroy at once, all is as before the first run."""
    results = engine_kills.try_row(sandbox, CELLS[cell], random.Random(cell), 1, cell)

    assert len(results) == 1
    assert losses(results) == []


@pytest.mark.parametrize("row", OTHERS)
def test_what_others_do_meanwhile_is_not_lost_on_the_real_engine(sandbox: RunningSandbox, row: str) -> None:
    """At a call of the operation that a seed chooses; then `up`, and destroy gives all back but what is theirs."""
    chance = random.Random(row)
    results = engine_others.try_row(sandbox, row, chance, 1, f"{OTHERS[row]} at")

    assert len(results) == 1
    assert losses(results) == []


@pytest.mark.parametrize("row", ["VapiSmsNumber adopted", "VapiSmsFleet"])
def test_a_life_comes_to_the_same_in_a_pairwise_world(sandbox: RunningSandbox, row: str) -> None:
    """Each step leads to what it does in the usual world, preview finds nothing to do, destroy gives all back."""
    results = engine_worlds.try_row(sandbox, row, random.Random(row), 1, "")

    assert len(results) == 1
    assert losses(results) == []
