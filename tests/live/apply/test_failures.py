"""Every step fails in every way; all is as before, or the error says what is not."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from vapi_sms.core.errors import ApplyFailed, NotAsPlanned, ProviderError, VendorTrouble
from vapi_sms.core.values import Original
from vapi_sms.sandbox import RunningSandbox

from tests.live.apply.attempts import (
    FAILURES,
    STEPS,
    Make,
    adopted,
    attempt,
    giving_back,
    handing_over,
    is_handed_over,
    record,
    timeout_of,
)
from tests.live.evidence import put_back, switched
from tests.resources.evidence import asked, standing
from tests.sandbox.world import VAPI_SMS, WEBHOOK

# One after the other, so that a step that is tried again fails again; or until somebody takes the fault away.
TIMES: dict[str, int | None] = {"once": 1, "for ever": None}


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("step", ["proof", "import", "route", "texts"])
def test_a_first_switch_that_fails_leaves_all_as_it_was_or_says_what_is_not(
    sandbox: RunningSandbox, make: Make, step: str, failure: str, times: str
) -> None:
    """Law 6, and then law 5: the next run reaches the goal from wherever this one ended, and a destroy gives back."""
    sandbox.behaviour(import_takes_texts=step != "texts")
    vendors = make(timeout_of(failure))
    original, before = record(vendors), standing(sandbox)
    sandbox.fault(**STEPS[step], **FAILURES[failure], count=TIMES[times])

    trouble = attempt(lambda: switched(handing_over(vendors, original), vendors))

    assert any(entry["fault"] for entry in sandbox.journal())
    _held(sandbox, before, trouble)
    _one_import_at_a_time(sandbox)
    _next_run_succeeds(sandbox, make, original)
    put_back(giving_back(vendors := make(), original), vendors)
    assert standing(sandbox) == before


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("step", ["change", "route"])
def test_a_change_that_fails_leaves_all_as_it_was_or_says_what_is_not(
    sandbox: RunningSandbox, make: Make, step: str, failure: str, times: str
) -> None:
    """The same of a number that Vapi knows already: its own settings are put back."""
    adopted(sandbox)
    vendors = make(timeout_of(failure))
    original, before = record(vendors), standing(sandbox)
    sandbox.fault(**STEPS[step], **FAILURES[failure], count=TIMES[times])

    trouble = attempt(lambda: switched(handing_over(vendors, original), vendors))

    assert any(entry["fault"] for entry in sandbox.journal())
    _held(sandbox, before, trouble)
    _next_run_succeeds(sandbox, make, original)
    put_back(giving_back(vendors := make(), original), vendors)
    assert standing(sandbox) == before


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("step", ["route", "delete"])
def test_a_restore_that_fails_goes_on_next_time(
    sandbox: RunningSandbox, make: Make, step: str, failure: str, times: str
) -> None:
    """Nothing is undone on the way back: what is done stays done, and the next run does the rest."""
    vendors = make(timeout_of(failure))
    original, before = record(vendors), standing(sandbox)
    switched(handing_over(vendors, original), vendors)
    vendors = make(timeout_of(failure))
    sandbox.fault(**STEPS[step], **FAILURES[failure], count=TIMES[times])

    trouble = attempt(lambda: put_back(giving_back(vendors, original), vendors))

    assert any(entry["fault"] for entry in sandbox.journal())
    assert trouble is not None or standing(sandbox) == before
    if sandbox.number(WEBHOOK)["sms_url"] == VAPI_SMS:
        assert len(sandbox.vapi_numbers()) == 1, "texts point at a number that Vapi has forgotten"
    sandbox.clear_faults()
    put_back(giving_back(vendors := make(), original), vendors)
    assert standing(sandbox) == before


def _held(sandbox: RunningSandbox, before: dict[str, Any], trouble: ProviderError | None) -> None:
    """Hold the outcome to law 6: handed over, or as it was, or the error names what is left."""
    if trouble is None:
        assert is_handed_over(sandbox)
        return
    assert isinstance(trouble, ApplyFailed)
    assert isinstance(trouble.cause, VendorTrouble | NotAsPlanned)
    if standing(sandbox) == before:
        assert trouble.unrestored == (), "it names what is back in truth"
        return
    assert trouble.unrestored != (), f"not as before, and not told: {trouble}"
    assert trouble.changed
    _names_what_is_left(sandbox, before, trouble)


def _names_what_is_left(sandbox: RunningSandbox, before: dict[str, Any], trouble: ApplyFailed) -> None:
    told = "; ".join(trouble.unrestored)
    if "unknown" in told:
        assert "texts: Webhook" in told
        return
    then, now = before["numbers"][WEBHOOK], standing(sandbox)["numbers"][WEBHOOK]
    for field in ("sms_url", "voice_url", "status_callback"):
        if then[field] != now[field]:
            assert then[field].partition("?")[0] in told
    if sandbox.vapi_numbers() and not before["vapi"]:
        assert "which it did not before" in told


def _one_import_at_a_time(sandbox: RunningSandbox) -> None:
    """No import is sent again before a reading has shown that nothing is there."""
    requests = [line for line in asked(sandbox) if line.startswith(("POST vapi", "GET vapi /v2/"))]
    assert [here for here, next_ in pairwise(requests) if here == next_ == "POST vapi /phone-number"] == []
    assert sum("POST" in line for line in requests) <= 2
    assert len(sandbox.vapi_numbers()) <= 1


def _next_run_succeeds(sandbox: RunningSandbox, make: Make, original: Original) -> None:
    sandbox.clear_faults()
    vendors = make()
    switched(handing_over(vendors, original), vendors)
    assert is_handed_over(sandbox)
    assert handing_over(make(), original).is_empty
    assert json.dumps(sandbox.faults()) == "[]"
