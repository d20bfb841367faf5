"""Whatever Vapi and Twilio do beside what we asked, the outcome is the same."""

from __future__ import annotations

from typing import Any

import pytest
from vapi_sms.core.errors import ApplyFailed
from vapi_sms.sandbox import RunningSandbox

from tests.live.apply.attempts import (
    STEPS,
    Make,
    adopted,
    attempt,
    giving_back,
    handing_over,
    is_handed_over,
    record,
)
from tests.live.evidence import put_back, switched
from tests.resources.evidence import standing
from tests.sandbox.world import (
    ADDRESS,
    APPLICATION,
    BUNDLE,
    DEMO,
    IDENTITY,
    REGULATED,
    SALES,
    SILENT,
    STUDIO,
    VAPI_SMS,
    WEBHOOK,
)


@pytest.mark.parametrize("once", [True, False], ids=["once", "again and again"])
def test_what_vapi_rewrites_after_us_is_written_once_more(
    sandbox: RunningSandbox, make: Make, *, once: bool
) -> None:
    """A PATCH that takes calls away is answered with our own write; two surprises in a row are an error."""
    adopted(sandbox)
    sandbox.behaviour(patch_rewrites_voice=True, patch_rewrites_sms=True)
    vendors = make()
    original, before = record(vendors), standing(sandbox)
    if not once:
        answer = {**sandbox.number(WEBHOOK), "voice_url": "https://rewriter.example/voice"}
        sandbox.fault(**STEPS["route"], body=answer, effect=True, count=2)

    trouble = attempt(lambda: switched(handing_over(vendors, original), vendors))

    assert is_handed_over(sandbox) == once
    assert isinstance(trouble, ApplyFailed) != once
    put_back(giving_back(vendors := make(), original), vendors)
    assert standing(sandbox) == before


BEHAVIOURS: list[dict[str, Any]] = [
    {"delete": "clears"},
    {"delete": "resets"},
    {"patch_rewrites_sms": True, "patch_rewrites_voice": True},
    {"import_clears_application": True, "import_clears_fallback": True, "import_clears_trunk": True},
    {"delete": "resets", "patch_rewrites_voice": True, "import_clears_fallback": True},
]


@pytest.mark.parametrize("number", [WEBHOOK, STUDIO, APPLICATION, SILENT, DEMO, REGULATED])
@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=range(len(BEHAVIOURS)))
def test_whatever_vapi_does_at_twilio_the_outcome_is_the_same(
    sandbox: RunningSandbox, make: Make, behaviour: dict[str, Any], number: str
) -> None:
    """Handed over, changed, failed and undone, given back: byte for byte, and planning again is empty."""
    sandbox.behaviour(**behaviour)
    vendors = make()
    original, before = record(vendors, number), standing(sandbox)

    switched(handing_over(vendors, original), vendors)
    assert handing_over(make(), original).is_empty
    switched(handing_over(vendors := make(), original, SALES), vendors)
    assert handing_over(make(), original, SALES).is_empty
    assert sandbox.number(number)["sms_url"] == VAPI_SMS
    assert sandbox.number(number)["sms_application_sid"] == ""
    handed_over = standing(sandbox)
    sandbox.fault(**STEPS["change"], status=500, effect=True)
    assert attempt(lambda: switched(handing_over(vendors := make(), original), vendors)) is not None
    assert standing(sandbox) == handed_over

    put_back(giving_back(vendors := make(), original), vendors)
    assert standing(sandbox) == before
    assert giving_back(make(), original).is_empty


def test_a_regulated_number_brings_its_own_sids_once(sandbox: RunningSandbox, make: Make) -> None:
    """Asked for them, we send the SIDs that the number holds; they are not sent unasked, and not a third time."""
    vendors = make()
    switched(handing_over(vendors, record(vendors, REGULATED)), vendors)

    sent = [
        {name: entry["parameters"].get(name) for name in ("AddressSid", "IdentitySid", "BundleSid")}
        for entry in sandbox.journal()
        if entry["vendor"] == "twilio" and "VoiceUrl" in entry["parameters"]
    ]
    own = {"AddressSid": ADDRESS, "IdentitySid": IDENTITY, "BundleSid": BUNDLE}
    assert sent == [dict.fromkeys(own), own]
    assert sandbox.number(REGULATED)["sms_url"] == VAPI_SMS
