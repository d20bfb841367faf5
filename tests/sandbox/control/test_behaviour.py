"""Each switch: what Vapi does at Twilio in one world or the other."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox import world
from tests.sandbox.world import (
    SALES,
    TRUNK,
    VAPI_SMS,
    VAPI_VOICE,
    import_number,
    to_import,
    twilio,
)
from tests.waiting import until

if TYPE_CHECKING:
    import httpx
    from vapi_sms.sandbox import RunningSandbox

WEBHOOKS = ("sms_url", "voice_url", "status_callback")


def test_by_default_only_an_import_writes_at_twilio(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """PATCH and DELETE leave Twilio as it is: the safe assumption."""
    record = import_number(http, smsEnabled=False)
    before = sandbox.number(world.WEBHOOK)

    http.patch(f"/phone-number/{record['id']}", json={"smsEnabled": True, "assistantId": SALES})
    http.delete(f"/phone-number/{record['id']}")

    assert sandbox.number(world.WEBHOOK) == before


def test_patch_rewrites_sms(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """With this switch a PATCH takes the messaging URL, if texts are on."""
    sandbox.behaviour(patch_rewrites_sms=True)
    record = import_number(http, smsEnabled=False)
    sandbox.outside_number(world.WEBHOOK, voice_url="https://example.com/voice")
    before = sandbox.number(world.WEBHOOK)["sms_url"]

    http.patch(f"/phone-number/{record['id']}", json={"name": "still off"})
    off = sandbox.number(world.WEBHOOK)["sms_url"]
    http.patch(f"/phone-number/{record['id']}", json={"smsEnabled": True})

    after = sandbox.number(world.WEBHOOK)
    assert (off, after["sms_url"], after["voice_url"]) == (before, VAPI_SMS, "https://example.com/voice")


def test_patch_rewrites_voice(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """With this switch a PATCH takes calls again."""
    sandbox.behaviour(patch_rewrites_voice=True)
    record = import_number(http)
    sandbox.outside_number(
        world.WEBHOOK, voice_url="https://example.com/voice", sms_url="https://example.com/sms"
    )

    http.patch(f"/phone-number/{record['id']}", json={"name": "any change"})

    after = sandbox.number(world.WEBHOOK)
    assert (after["voice_url"], after["sms_url"]) == (VAPI_VOICE, "https://example.com/sms")


def test_delete_clears(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """With this switch a DELETE empties the URLs that are Vapi's, and only those."""
    sandbox.behaviour(delete="clears")
    record = import_number(http)
    sandbox.outside_number(world.WEBHOOK, voice_url="https://example.com/voice")

    http.delete(f"/phone-number/{record['id']}")

    after = sandbox.number(world.WEBHOOK)
    assert [after[name] for name in WEBHOOKS] == ["", "https://example.com/voice", ""]


def test_delete_resets(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """With this switch a DELETE writes Twilio's demo over whatever is there."""
    sandbox.behaviour(delete="resets")
    record = import_number(http)
    sandbox.outside_number(world.WEBHOOK, sms_url="https://example.com/sms")

    http.delete(f"/phone-number/{record['id']}")

    after = sandbox.number(world.WEBHOOK)
    assert after["sms_url"] == "https://demo.twilio.com/welcome/sms/reply"
    assert after["voice_url"] == "https://demo.twilio.com/welcome/voice/"


@pytest.mark.parametrize(
    ("switch", "field", "before", "after"),
    [
        ("import_clears_application", "sms_application_sid", world.APP, ""),
        ("import_clears_fallback", "sms_fallback_url", "https://example.com/fallback", ""),
        ("import_clears_trunk", "trunk_sid", TRUNK, None),
    ],
)
@pytest.mark.parametrize("on", [True, False])
def test_what_an_import_clears(
    sandbox: RunningSandbox,
    http: httpx.Client,
    switch: str,
    field: str,
    before: str,
    after: str | None,
    *,
    on: bool,
) -> None:
    """Each switch clears one thing; without it that thing stays."""
    sandbox.outside_number(world.STUDIO, **{field: before})
    sandbox.behaviour(**{switch: on})

    import_number(http, world.STUDIO)

    assert sandbox.number(world.STUDIO)[field] == (after if on else before)


def test_late_writes_land_late(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """Vapi answers at once; Twilio changes after a while, without anybody's doing."""
    sandbox.behaviour(late_writes_ms=60_000)
    before = sandbox.number(world.WEBHOOK)["sms_url"]

    import_number(http)

    assert sandbox.number(world.WEBHOOK)["sms_url"] == before
    sandbox.behaviour(late_writes_ms=100)
    http.post("/phone-number", json=to_import(world.BIN))
    until(lambda: sandbox.number(world.BIN)["sms_url"] == VAPI_SMS)


def test_what_lands_late_is_seen_later_still(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """Where readings lag, too: the lag counts from when the write landed, not from when the clock was moved on."""
    sandbox.behaviour(late_writes_ms=60_000, reads_lag_ms={"twilio": 30_000})
    import_number(http)
    numbers = twilio(sandbox).incoming_phone_numbers
    sid, seen = sandbox.number(world.WEBHOOK)["sid"], []

    for seconds in (70, 30):
        sandbox.advance(seconds)
        seen.append(
            (sandbox.number(world.WEBHOOK)["sms_url"] == VAPI_SMS, numbers(sid).fetch().sms_url == VAPI_SMS)
        )

    assert seen == [(True, False), (True, True)]


def test_nobody_has_to_wait_for_late_writes(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """They land by the sandbox's clock: where it is moved on far enough, all at once, in order, and not again."""
    sandbox.behaviour(late_writes_ms=60_000, delete="clears")
    before = sandbox.number(world.WEBHOOK)["sms_url"]
    found = import_number(http)
    http.delete(f"/phone-number/{found['id']}")

    sandbox.advance(30)
    early = sandbox.number(world.WEBHOOK)["sms_url"]
    sandbox.advance(40)
    landed = sandbox.number(world.WEBHOOK)["sms_url"]
    sandbox.outside_number(world.WEBHOOK, sms_url="https://new.example.com")
    sandbox.advance(600)

    assert (early, landed) == (before, "")
    assert sandbox.number(world.WEBHOOK)["sms_url"] == "https://new.example.com"


@pytest.mark.parametrize(
    "switches",
    [
        {"clock_skew_ms": {"twilio": 1e300}},
        {"clock_skew_ms": {"vapi": -1e15}},
        {"latency_ms": {"vapi": 1e15}},
        {"late_writes_ms": 10**15},
        {"delivery_ms": 10**15},
        {"alerts_late_ms": 10**15},
        {"reply_after_ms": 10**15},
    ],
    ids=str,
)
def test_no_switch_leads_out_of_time(sandbox: RunningSandbox, switches: dict[str, Any]) -> None:
    """A year is the most, either way: no date bears what would be taken, and fail each request."""
    with pytest.raises(ValueError, match=r"has to be at (most|least) -?31,622,400,000"):
        sandbox.behaviour(**switches)


def test_a_reset_calls_late_writes_off(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """What was under way belongs to the world that is gone."""
    sandbox.behaviour(late_writes_ms=100)
    import_number(http)

    sandbox.reset()

    before = sandbox.number(world.WEBHOOK)
    time.sleep(0.3)
    assert sandbox.number(world.WEBHOOK) == before


def test_the_webhook_host_is_a_switch(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """European organisations have webhooks elsewhere."""
    sandbox.behaviour(webhook_host="https://api.eu.vapi.ai")

    import_number(http)

    assert sandbox.number(world.WEBHOOK)["sms_url"] == "https://api.eu.vapi.ai/twilio/sms"
    assert sandbox.text(world.SENDER, world.WEBHOOK)["answered_by"] == "Vapi assistant Support"


def test_an_import_may_leave_texts_alone(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """One report says so; calls are taken all the same."""
    sandbox.behaviour(import_takes_texts=False)
    before = sandbox.number(world.WEBHOOK)["sms_url"]

    import_number(http)

    now = sandbox.number(world.WEBHOOK)
    assert (now["sms_url"], now["voice_url"]) == (before, world.VAPI_VOICE)
