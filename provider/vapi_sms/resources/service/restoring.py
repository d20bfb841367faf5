"""Restoring a service: it answers again, then its numbers' own routings come back. Used by both deletes."""

from __future__ import annotations

from vapi_sms.core.errors import Refusal
from vapi_sms.core.inert import line
from vapi_sms.core.services.answers import inbound_line, named, original_line
from vapi_sms.core.services.plan import left_alone, plan_restore
from vapi_sms.core.services.pool import PoolReading, ServiceOriginal, is_at_vapi, knowing, without_moments
from vapi_sms.live.apply_service import apply_service
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine.notices import tell_once
from vapi_sms.resources.record.claims import is_claimed_by, is_switched_by_another, name_of, switched_by
from vapi_sms.resources.service.reading import read_recorded

# By owner, what the resource that declared a service has put back by in this run. Its sibling, which goes next, looks
# once more by the same: one that was made anew, after somebody took it out of the state, has captured our own setting.
_put_back: dict[str, ServiceOriginal] = {}
_made: set[str] = set()


def note_made(owner: str) -> None:
    """Note that a sibling was made in this run: another one of the owner that goes after it is a twin, made by hand."""
    _made.add(owner)


def put_back_declared(owner: str, original: ServiceOriginal, vendors: Vendors) -> None:
    """Put back what a resource declared, by its own outputs; raises as restore_service does."""
    _refuse_renamed(owner, original)
    if is_switched_by_another(original):
        return
    _put_back[owner] = without_moments(original)
    restore_service(original, vendors)


def _refuse_renamed(owner: str, original: ServiceOriginal) -> None:
    """Raise Refusal where another resource of this program has switched the service that this one gives up.

    That one recorded what it found, which is our own switch. What answered before is known to this record alone.
    """
    new = switched_by(original.sid)
    if new is None or new == owner:
        return
    old, new = name_of(owner), name_of(new)
    raise Refusal(
        str(original),
        f"{old} gives up {original}, and {new} declares it in the same run, which would lose what was found first: "
        f"{original_line(original)}. Declare it as {old} again and run `pulumi up`; to rename it, give {new} "
        f"opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name='{old.rsplit('/', 1)[-1]}')])",
    )


def put_back_recorded(owner: str, original: ServiceOriginal, vendors: Vendors) -> None:
    """Put back by the sibling's record what is still to be put back; raises as restore_service does."""
    known = _put_back.get(owner)
    if known is None and owner in _made and is_claimed_by(original.sid, owner):
        tell_once(line(f"vapi-sms: {original} is declared by {name_of(owner)} still: it stays as it is."))
        return
    restore_service(without_moments(knowing(original, known)), vendors)


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
