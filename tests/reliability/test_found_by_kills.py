"""What the kill matrix has found when it ran whole, each by itself."""

from __future__ import annotations

import random

from vapi_sms.sandbox import RunningSandbox

from tests.reliability import killing
from tests.reliability.table import losses


def test_routings_that_a_killed_switch_recorded_are_put_back_though_its_outputs_do_not_know_them(
    sandbox: RunningSandbox,
) -> None:
    """The sibling records what slept before a service defers again; its own outputs are from before that."""
    cell, chance = "POST twilio /v1/Services", random.Random(1)

    results = killing.try_row(
        sandbox,
        "MessagingServiceInbound defer again",
        chance,
        None,
        cell,
    )

    assert losses(results) == []
    assert len(results) > 1
