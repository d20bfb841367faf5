"""What the matrices hold a journal to, and what an edit that nobody could see is to any sequence."""

from __future__ import annotations

import time

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.reliability.bench import Lost, Record, imports_are_looked_for
from tests.reliability.judging import FOREIGN
from tests.reliability.number_living import NumberLife
from tests.sandbox.world import SILENT, WEBHOOK

LOOK: Record = {"vendor": "vapi", "method": "GET", "path": "/phone-number", "status": 200, "fault": None}


def sent(status: int | None, fault: int | None = None) -> Record:
    """Give the journal's entry of an import with this answer."""
    parameters = {"number": "+14155550100"}
    there = {"vendor": "vapi", "method": "POST", "path": "/phone-number", "parameters": parameters}
    return {**there, "status": status, "fault": fault}


@pytest.mark.parametrize(
    "first", [sent(None, 1), sent(500), sent(502, 1), sent(201, 1)], ids=["lost", "500", "502", "answer lost"]
)
def test_an_import_with_an_unknown_outcome_is_not_sent_again_blindly(first: Record) -> None:
    """Whether it happened is not known: Vapi is asked first."""
    with pytest.raises(Lost, match="imported twice without a look"):
        imports_are_looked_for([first, sent(201)])

    imports_are_looked_for([first, LOOK, sent(201)])


@pytest.mark.parametrize("first", [sent(429, 1), sent(400), sent(401, 1)], ids=str)
def test_an_import_that_was_refused_may_be_sent_again(first: Record) -> None:
    """It is told that nothing was done."""
    imports_are_looked_for([first, sent(201)])


FLEET = {WEBHOOK: {"assistant": "Support"}, SILENT: {"assistant": "Support"}}
EDITS = {"texts": {"sms_url": f"{FOREIGN}sms"}, "calls": {"voice_url": f"{FOREIGN}voice", "trunk_sid": ""}}


@pytest.mark.parametrize("channel", EDITS)
def test_an_edit_that_readings_do_not_show_yet_is_nobodys_to_know(
    sandbox: RunningSandbox, channel: str
) -> None:
    """A record that shows what was there before it was captured from a reading of that long ago."""
    life = NumberLife(sandbox, "VapiSmsFleet")
    sandbox.outside_number(SILENT, **EDITS[channel])
    life.lag(12_000)

    life.up(FLEET, {"numbers": FLEET})

    record = life.records()[SILENT]
    assert FOREIGN not in f"{record.messaging} {record.voice}"


@pytest.mark.parametrize("channel", EDITS)
def test_an_edit_that_is_older_than_readings_are_is_lost_where_it_is_not_recorded(
    sandbox: RunningSandbox, channel: str
) -> None:
    """A product that reads more of the past than it was shown has lost it."""
    life = NumberLife(sandbox, "VapiSmsFleet")
    sandbox.outside_number(SILENT, **EDITS[channel])
    time.sleep(0.3)
    life.lag(200)
    sandbox.behaviour(reads_lag_ms={"twilio": 60_000})

    with pytest.raises(Lost, match=f"{SILENT[1:]} is recorded as .* and was .*{FOREIGN}"):
        life.up(FLEET, {"numbers": FLEET})
