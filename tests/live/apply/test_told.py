"""What the error says of a switch that failed: what is left, what was before, and what to do."""

from __future__ import annotations

import pytest
from vapi_sms.core.errors import ApplyFailed, NotAsPlanned, VendorRefused
from vapi_sms.sandbox import RunningSandbox

from tests.live.apply.attempts import STEPS, Make, handing_over, record
from tests.live.evidence import switched
from tests.resources.evidence import asked, same_for_all, standing
from tests.sandbox.world import VAPI_SMS, WEBHOOK


def test_what_cannot_be_put_back_is_named_with_its_value_before(sandbox: RunningSandbox, make: Make) -> None:
    """Twilio takes no write any more after the import: who answered is told, for both channels, without a secret."""
    vendors = make()
    planned = handing_over(vendors, record(vendors))
    sandbox.fault(**STEPS["route"], status=500, count=None)

    with pytest.raises(ApplyFailed) as caught:
        switched(planned, vendors)

    assert caught.value.undo_trouble is not None
    assert [same_for_all(one) for one in caught.value.unrestored] == [
        f"texts: url is {VAPI_SMS}, not http://127.0.0.1:9/sms?tenant=***#rc=1",
        "calls: url is https://api.vapi.ai/twilio/inbound_call, not http://127.0.0.1:9/voice",
        "calls: status_callback is https://api.vapi.ai/twilio/status, not http://127.0.0.1:9/status",
        f"Vapi knows the number as {sandbox.vapi_numbers()[0]['id']}, which it did not before",
    ]
    line = same_for_all(str(caught.value))
    assert line.startswith(
        f"{WEBHOOK}: Writing the voice routing of {WEBHOOK}: Twilio failed: Internal "
        "Server Error (Twilio "
        "20500, request RQ...). See status.twilio.com, then run the same command again. Not put back: texts: url is "
    )
    assert line.endswith(
        "The original is still recorded: run `pulumi up` again to finish, or `pulumi destroy` to put it back."
    )


def test_a_number_that_cannot_be_read_any_more_is_told_whole(sandbox: RunningSandbox, make: Make) -> None:
    """Twilio is gone after the import: the error says who answered before."""
    vendors = make()
    planned = handing_over(vendors, record(vendors))
    sandbox.fault(vendor="twilio", skip=1, status=503, count=None)

    with pytest.raises(ApplyFailed) as caught:
        switched(planned, vendors)

    (left,) = caught.value.unrestored
    assert same_for_all(left) == (
        "unknown, since it cannot be read; before: texts: Webhook http://127.0.0.1:9/sms?tenant=***#rc=1 (fallback "
        "Webhook http://127.0.0.1:9/fallback); calls: Webhook http://127.0.0.1:9/voice (fallback Webhook "
        "http://127.0.0.1:9/voice-fallback); not in Vapi"
    )


def test_a_refused_first_write_changes_nothing_and_says_so(sandbox: RunningSandbox, make: Make) -> None:
    """A key that may not write is found out before Vapi overwrites anything."""
    vendors = make()
    before = standing(sandbox)
    sandbox.fault(**STEPS["proof"], status=403, count=None)

    with pytest.raises(ApplyFailed) as caught:
        switched(handing_over(vendors, record(vendors)), vendors)

    assert same_for_all(str(caught.value)) == (
        f"{WEBHOOK}: Proving on {WEBHOOK} that our key may write: Forbidden (Twilio 20003, request "
        "RQ...). The key may not "
        "do this: it needs to read and update phone numbers, and to read TwiML Apps and Messaging "
        "Services. Nothing was "
        "changed."
    )
    assert standing(sandbox) == before
    assert "POST vapi /phone-number" not in asked(sandbox)


def test_something_that_rewrites_is_found_out(sandbox: RunningSandbox, make: Make) -> None:
    """Law 3: not as planned after the last write, written once more; then both values are told, all is put back."""
    vendors = make()
    original, before = record(vendors), standing(sandbox)
    answer = {**sandbox.number(WEBHOOK), "sms_url": "https://rewriter.example/sms?key=url-canary"}
    sandbox.fault(**STEPS["route"], body=answer, effect=True, count=2)

    with pytest.raises(ApplyFailed) as caught:
        switched(handing_over(vendors, original), vendors)

    assert isinstance(caught.value.cause, NotAsPlanned)
    assert same_for_all(str(caught.value)) == (
        f"{WEBHOOK}: {WEBHOOK} is not as planned after the last write: planned texts answered by "
        "Vapi (fallback Webhook "
        "http://127.0.0.1:9/fallback) and calls answered by Webhook http://127.0.0.1:9/voice (fallback Webhook "
        "http://127.0.0.1:9/voice-fallback); found texts: url is https://rewriter.example/sms?key=***, not "
        f"{VAPI_SMS}. Something else writes to this number: find out what, then run the same "
        "command again. The number is "
        "back as it was before."
    )
    assert standing(sandbox) == before


def test_a_regulated_number_without_its_sids_is_refused_and_back(sandbox: RunningSandbox, make: Make) -> None:
    """There is nothing to send along: Twilio's refusal is told, and what Vapi did is undone."""
    vendors = make()
    planned = handing_over(vendors, record(vendors, WEBHOOK))
    before = standing(sandbox)
    sandbox.fault(
        **STEPS["route"], status=400, body={"code": 21631, "message": "Address required", "status": 400}
    )

    with pytest.raises(ApplyFailed) as caught:
        switched(planned, vendors)

    assert isinstance(caught.value.cause, VendorRefused)
    assert same_for_all(str(caught.value)) == (
        f"{WEBHOOK}: Writing the voice routing of {WEBHOOK}: Address required (Twilio "
        "21631, request RQ...). "
        "The rules for this number ask for an address: complete it in Twilio's Console (Phone Numbers, Regulatory "
        "Compliance), name it with address_sid= where a TwilioSmsRoute declares the number, then run the same command "
        "again. The number is back as it was before."
    )
    assert standing(sandbox) == before
