"""An import whose answer is lost, and whose an import is that we did not see answered."""

from __future__ import annotations

from typing import Any

import pytest
from vapi_sms.core.errors import ApplyFailed
from vapi_sms.sandbox import RunningSandbox

from tests.live.apply.attempts import (
    FAILURES,
    OURS,
    STEPS,
    Make,
    adopted,
    handing_over,
    is_handed_over,
    record,
    timeout_of,
)
from tests.live.evidence import switched
from tests.resources.evidence import asked, standing, written
from tests.sandbox.world import SALES


@pytest.mark.parametrize(
    "failure", ["500 after", "not JSON after", "truncated", "hung up after", "silent after"]
)
def test_a_lost_answer_of_an_import_is_looked_up(sandbox: RunningSandbox, make: Make, failure: str) -> None:
    """It took effect: one POST, then readings, and the switch goes on to its end."""
    vendors = make(timeout_of(failure))
    sandbox.fault(**STEPS["import"], **FAILURES[failure], count=None)

    switched(handing_over(vendors, record(vendors)), vendors)

    assert is_handed_over(sandbox)
    assert asked(sandbox).count("POST vapi /phone-number") == 1


@pytest.mark.parametrize("failure", ["500", "hung up before"])
def test_an_import_that_had_no_effect_is_sent_again_once(
    sandbox: RunningSandbox, make: Make, failure: str
) -> None:
    """Only after two readings have shown that nothing is there."""
    vendors = make()
    sandbox.fault(**STEPS["import"], **FAILURES[failure])

    switched(handing_over(vendors, record(vendors)), vendors)

    assert is_handed_over(sandbox)
    requests = [line for line in asked(sandbox) if "vapi /phone-number" in line or "vapi /v2" in line]
    first = requests.index("POST vapi /phone-number")
    assert requests[first:] == [
        "POST vapi /phone-number",
        "GET vapi /v2/phone-number",
        "GET vapi /v2/phone-number",
        "POST vapi /phone-number",
    ]


def test_our_own_unfinished_import_is_taken_up(sandbox: RunningSandbox, make: Make) -> None:
    """An earlier run imported it and was killed: "already exists" leads to that record, which bears our settings."""
    vendors = make()
    planned = handing_over(vendors, record(vendors))
    adopted(sandbox, **OURS)
    sandbox.clear_journal()

    switched(planned, vendors)

    assert is_handed_over(sandbox)
    assert not [line for line in written(sandbox) if line.startswith("PATCH")]


@pytest.mark.parametrize("theirs", [{}, {**OURS, "assistantId": SALES}, {**OURS, "name": "Theirs"}])
def test_somebody_elses_import_is_left_alone(
    sandbox: RunningSandbox, make: Make, theirs: dict[str, Any]
) -> None:
    """Since our reading somebody imported it with other settings: that is not ours to change."""
    vendors = make()
    planned = handing_over(vendors, record(vendors))
    adopted(sandbox, **theirs)
    before = standing(sandbox)

    with pytest.raises(ApplyFailed, match="imported by somebody else since it was looked at"):
        switched(planned, vendors)

    assert standing(sandbox) == before


def test_an_import_of_the_run_that_recorded_the_number_is_nobodys_of_ours(
    sandbox: RunningSandbox, make: Make
) -> None:
    """No run of ours came before the one that records a number: what is there by then is another stack's."""
    vendors = make()
    original = record(vendors)
    vendors.recorded_now.add(original.sid)
    planned = handing_over(vendors, original)
    adopted(sandbox, **OURS)
    before = standing(sandbox)

    with pytest.raises(ApplyFailed, match="imported by somebody else since it was looked at"):
        switched(planned, vendors)

    assert standing(sandbox) == before
