"""Twilio shows null for what an old number or service never had: no list fails for it, and no decision rests on it."""

from __future__ import annotations

from vapi_sms.core.services.pool import Inbound
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.sandbox import RunningSandbox

from tests.sandbox.world import AC, HIDDEN, MG, WEBHOOK, seed


def test_null_capabilities_are_none(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """The number reads as one that takes no texts; the others of the list are read as ever."""
    world = seed()
    (account,) = [each for each in world["twilio"]["accounts"] if each["sid"] == AC]
    (old,) = [each for each in account["numbers"] if each["phone_number"] == WEBHOOK]
    old["capabilities"] = None
    sandbox.reset(world)

    found = {number.number: number for number in twilio.list_numbers().read}

    assert not found[WEBHOOK].can_sms
    assert found[HIDDEN].can_sms


def test_a_service_that_does_not_say_that_it_defers_answers_by_itself(
    sandbox: RunningSandbox, twilio: TwilioClient
) -> None:
    """So its numbers are refused as hidden, rather than every list of services."""
    sandbox.outside("service", sid=MG, set={"use_inbound_webhook_on_number": None})

    services = {service.sid: service for service in twilio.list_services().read}

    assert services[MG].inbound == Inbound(defers=False, handler=services[MG].inbound.handler)
