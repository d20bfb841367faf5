"""What the tests of both clients look at."""

from __future__ import annotations

import re
import traceback
from typing import TYPE_CHECKING

import pytest
from vapi_sms.core.errors import ProviderError, VendorTrouble
from vapi_sms.core.planning.plan import Plan, plan
from vapi_sms.live.apply import Applied, apply, apply_many, restore_many

from tests.sandbox.world import AC

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vapi_sms.core.values import TwilioNumber
    from vapi_sms.live.vendors import Vendors

NUMBERS = f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers*"


def the(number: TwilioNumber | None) -> TwilioNumber:
    """Return a number that must be there."""
    assert number is not None
    return number


def trouble(act: Callable[[], object]) -> VendorTrouble:
    """Return the trouble that an act ends in, in which no secret shows, not even in a traceback."""
    with pytest.raises(VendorTrouble) as caught:
        act()
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "canary" not in told
    assert "\n" not in str(caught.value)
    return caught.value


def line(error: VendorTrouble) -> str:
    """Return an error's text with the request's id made the same for all."""
    return re.sub(r"RQ[0-9a-f]{32}", "RQ...", str(error))


def switched(planned: Plan, vendors: Vendors) -> Applied:
    """Carry out a plan; a newer reading is planned to the same goal."""
    return apply(planned, vendors, lambda observed: plan(observed, planned.goal))


def all_switched(plans: Mapping[str, Plan], vendors: Vendors) -> dict[str, Applied | ProviderError]:
    """Carry out many plans in the same way."""
    return apply_many(plans, vendors, lambda key, observed: plan(observed, plans[key].goal))


def put_back(planned: Plan, vendors: Vendors) -> Applied:
    """Carry out a plan that leads back; raises what it failed of."""
    (outcome,) = all_put_back({"": planned}, vendors).values()
    if isinstance(outcome, ProviderError):
        raise outcome
    return outcome


def all_put_back(plans: Mapping[str, Plan], vendors: Vendors) -> dict[str, Applied | ProviderError]:
    """Carry out many plans that lead back."""
    return restore_many(plans, vendors, lambda key, observed: plan(observed, plans[key].goal))
