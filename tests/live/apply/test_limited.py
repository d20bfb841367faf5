"""Many numbers where the vendors turn away whoever asks too often: all are switched, and nobody storms the door."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from vapi_sms.core.errors import ProviderError
from vapi_sms.core.planning.goals import declared_goal, snapshot
from vapi_sms.core.planning.plan import Plan, plan
from vapi_sms.core.values import Desired, VapiSettings
from vapi_sms.live.engine import EngineGuard
from vapi_sms.live.settings import resolve_settings
from vapi_sms.live.vendors import Vendors
from vapi_sms.sandbox import RunningSandbox

from tests.live.evidence import all_switched
from tests.sandbox.world import AC, ORG, ORG_KEY, SUPPORT, TOKEN

NUMBERS = [f"+1415700{i:04}" for i in range(40)]
PER_SECOND = 10.0
TURNED_AWAY = 429


def seed(*, retry_after: bool) -> dict[str, Any]:
    """Declare forty numbers at two vendors that take ten requests a second each."""
    numbers = {"range": {"from": NUMBERS[0], "count": len(NUMBERS)}, "sms_url": "https://app.example.com/sms"}
    org = {"id": ORG, "api_key": ORG_KEY, "assistants": [{"id": SUPPORT, "name": "Support"}]}
    return {
        "twilio": {"accounts": [{"sid": AC, "auth_token": TOKEN, "numbers": [numbers]}]},
        "vapi": {"orgs": [org]},
        "behaviour": {"limits": {"twilio": PER_SECOND, "vapi": PER_SECOND, "retry_after": retry_after}},
    }


def vendors_at(url: str) -> Vendors:
    """Return both vendors as a new process knows them."""
    settings = resolve_settings(
        {
            "TWILIO_ACCOUNT_SID": AC,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "VAPI_API_KEY": ORG_KEY,
            "TWILIO_BASE_URL": url,
            "VAPI_BASE_URL": url,
        },
        {},
    )
    assert settings is not None
    return Vendors(settings, EngineGuard(None, None))


def handing_over(vendors: Vendors) -> dict[str, Plan]:
    """Plan to hand all numbers over."""
    desired = Desired(VapiSettings(assistant_id=SUPPORT))
    found = vendors.observer.observe(NUMBERS)
    return {
        number: plan(
            observed,
            declared_goal(
                desired, replace(snapshot(observed), org_id=ORG), observed, vendors.settings.endpoints
            ),
        )
        for number, observed in found.items()
    }


@pytest.mark.parametrize("retry_after", [False, True])
def test_a_limit_slows_down_and_fails_nobody(*, retry_after: bool) -> None:
    """Every number is switched, none is imported twice, and few requests are turned away."""
    with RunningSandbox(seed(retry_after=retry_after)) as sandbox:
        vendors = vendors_at(sandbox.url)

        outcomes = all_switched(handing_over(vendors), vendors)

        assert [outcome for outcome in outcomes.values() if isinstance(outcome, ProviderError)] == []
        assert sorted(record["number"] for record in sandbox.vapi_numbers()) == NUMBERS
        statuses = [entry["status"] for entry in sandbox.journal()]
        assert 0 < statuses.count(TURNED_AWAY) < len(statuses) / 3
        vendors.twilio.close()
        vendors.vapi.close()


def test_one_vendors_limit_is_not_the_others() -> None:
    """Whoever is turned away by Vapi may ask Twilio all the same."""
    with RunningSandbox(seed(retry_after=False)) as sandbox:
        vendors = vendors_at(sandbox.url)

        assert vendors.twilio._patience.limiter is not vendors.vapi._wire._patience.limiter
