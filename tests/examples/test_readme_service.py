"""The docs' Messaging Service, on the real engine and the sandbox."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.examples import readme
from tests.examples.playing import SEED, Play, succeeded

pytestmark = pytest.mark.engine


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    """Run the quickstart's sandbox."""
    with RunningSandbox(SEED) as running:
        yield running


def test_a_number_behind_a_messaging_service_is_reached_and_given_back(
    play: Play, sandbox: RunningSandbox
) -> None:
    """The service defers, its other numbers are answered as before, and destroy gives every field back."""
    seed = copy.deepcopy(SEED)
    seed["twilio"]["accounts"][0]["messaging_services"] = [
        {
            "sid": "MG" + "0" * 31 + "1",
            "friendly_name": "Campaigns",
            "inbound_request_url": "https://campaigns.example.com/sms",
            "numbers": ["+14155550100", "+14155550101", "+14155550102"],
        }
    ]
    sandbox.reset(seed)
    numbers = [f"+1415555010{digit}" for digit in range(3)]

    def answers() -> list[str]:
        return [sandbox.text("+12025550143", number)["answered_by"] for number in numbers]

    (program,) = [block for block in readme.blocks("python") if "MessagingServiceInbound" in block]
    before, answered = sandbox.routing_snapshot(), answers()
    project = play(program, sandbox)
    succeeded(project.up())
    meanwhile = answers()
    succeeded(project.destroy())

    assert meanwhile == ["Vapi assistant Support", *answered[1:]]
    assert answers() == answered
    assert sandbox.routing_snapshot() == before
