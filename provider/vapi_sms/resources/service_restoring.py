"""Restoring a service: it answers again, then its numbers' own routings come back. Used by both deletes."""

from __future__ import annotations

from vapi_sms.core.inert import line
from vapi_sms.core.service_answers import inbound_line, named
from vapi_sms.core.service_plan import left_alone, plan_restore
from vapi_sms.core.services import PoolReading, ServiceOriginal, is_at_vapi
from vapi_sms.live.apply_service import apply_service
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.notices import tell_once
from vapi_sms.resources.service_reading import read_recorded


def restore_service(original: ServiceOriginal, vendors: Vendors) -> None:
    """Put a service and its numbers back as recorded, leaving what is somebody else's by now, and say so.

    Raises Refusal where numbers at Vapi would be hidden again, ApplyFailed or a vendor's trouble.
    """
    vendors.refuse_other_owner(str(original), original.account_sid, "")
    reading = read_recorded(original, vendors, vendors.fresh())
    planned = plan_restore(reading, original)
    for text in (*_gone(reading, original), *left_alone(reading, original), *_joined(reading, original)):
        tell_once(line(f"vapi-sms: {text}."))
    if not planned.is_empty:
        apply_service(planned, vendors)


def _gone(reading: PoolReading, original: ServiceOriginal) -> list[str]:
    present = {each.twilio.sid for each in (*reading.numbers, *reading.others) if each.twilio is not None}
    return [
        f"{kept.number} is no longer on Twilio account {original.account_sid}: nothing to put back there"
        for sid, kept in original.kept.items()
        if sid not in present
    ]


def _joined(reading: PoolReading, original: ServiceOriginal) -> list[str]:
    """Name the numbers that came while the service deferred: their own routings go to sleep with the others'."""
    if original.inbound.defers or not reading.service.defers:
        return []
    answer = original.inbound.answer
    numbers = [
        number.number
        for number, _ in reading.textable()
        if number.sid not in original.kept
        and not number.messaging.same_as(answer)
        and not is_at_vapi(number.messaging)
    ]
    if not numbers:
        return []
    return [f"from now on {original} answers for {named(numbers)} too, by {inbound_line(original.inbound)}"]
