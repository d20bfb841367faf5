"""Messaging Services and their pools as this process has seen them."""

from __future__ import annotations

from dataclasses import replace

from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import TwilioNumber
from vapi_sms.live.twilio.services import TwilioServices
from vapi_sms.live.vendors import Vendors
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import asked
from tests.sandbox.world import AC, DEFERRING, HIDDEN, MG


def test_services_and_pools_are_read_once_and_again_when_they_are_old(
    sandbox: RunningSandbox, vendors: Vendors
) -> None:
    """A list for all, a list a pool; what we write ourselves is learned from the answer."""
    now = [100.0]
    services = TwilioServices(vendors.twilio, lambda: now[0])
    sandbox.clear_journal()
    sid, *_ = services.pool(MG)
    number = TwilioNumber(sid, AC, HIDDEN, Routing(), VoiceRouting())

    for found in (services.hides(number), services.hides(number, not_before=100.0)):
        assert found is not None
        assert found.sid == MG
    assert asked(sandbox) == [f"GET twilio /v1/Services/{MG}/PhoneNumbers", "GET twilio /v1/Services"]

    now[0] = 200.0
    assert services.hides(number, not_before=150.0) is not None
    assert len(asked(sandbox)) == 4

    service = services.all()[MG]
    services.learn(replace(service, inbound=replace(service.inbound, defers=True)))
    assert services.hides(number) is None
    assert len(asked(sandbox)) == 4
    assert set(services.all()) == {MG, DEFERRING}
