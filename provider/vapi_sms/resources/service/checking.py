"""Checking a MessagingServiceInbound: what it reads, refuses and tells, in preview and before every switch."""

from __future__ import annotations

from typing import Any

from vapi_sms.core.inert import Line, line
from vapi_sms.core.services.answers import answer_lines, answers, inbound_line, original_line
from vapi_sms.core.services.plan import (
    ServicePlan,
    plan_service,
    refuse_changed,
    refuse_hiding,
    refuse_stale_service,
    service_drift,
)
from vapi_sms.core.services.pool import (
    Inbound,
    PoolReading,
    ServiceOriginal,
    ServiceWish,
    knowing,
    presumed,
)
from vapi_sms.core.telling import Happening
from vapi_sms.live.observe import ANY_AGE
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import notices, session
from vapi_sms.resources.inputs.service import is_service_sid, parse_service
from vapi_sms.resources.record import deferring, readable
from vapi_sms.resources.record.claims import claim_service, refuse_copied
from vapi_sms.resources.service.reading import find_service, names_for, read_pool, read_recorded
from vapi_sms.resources.service.state import as_recorded, dump_service, load_service

Props = dict[str, Any]

COMPUTED = ("serviceSid", "accountSid", "inbound", "answers", "originalSummary")


def is_replaced(olds: Props, news: Props) -> bool:
    """Tell whether another service is declared than the one in the state; without credentials a name says nothing."""
    meant = news.get("serviceSid") or news.get("service")
    known = olds.get("serviceSid")
    return bool(known) and isinstance(meant, str) and is_service_sid(meant) and meant != known


def inputs_of(olds: Props, given: Props, *, is_up: bool) -> Props:
    """Give checked inputs; raises where `up` would refuse."""
    inputs = parse_service(given)
    owner = str(given.get("owner", ""))
    refuse_copied(str(given.get("service")), olds.get("owner"), owner, given.get("formerOwners") or ())
    vendors = session.vendors_to_check(inputs.service or "this service", is_up=is_up, needs_vapi=False)
    if vendors is None:
        unchanged = olds.get("service") == given.get("service")
        return given | ({key: olds[key] for key in COMPUTED if key in olds} if unchanged else {})
    if inputs.unknown:
        return given
    if olds.get("service") == inputs.service:
        vendors.refuse_other_owner(inputs.service, olds.get("accountSid") or "", "")
    service = find_service(inputs.service, vendors)
    claim_service(str(service), service.sid, owner)
    found: Props = {"serviceSid": service.sid, "accountSid": service.account_sid}
    if is_replaced(olds, found):
        _refuse_leaving(load_service(olds.get("original")), vendors)
    original = load_service(given.get("original"))
    if original is None or original.sid != service.sid:
        return given | found
    original = knowing(original, load_service(olds.get("original")))
    reading = read_pool(presumed(service, original), vendors, recorded=original.kept, not_before=ANY_AGE)
    _, lines = planned(reading, inputs.wish, original, vendors)
    note(inputs.wish, original)
    drift = _drift(olds, reading)
    then = inbound_line(Inbound(inputs.wish.defers, original.inbound.handler))
    notices.tell_happening(
        Happening(str(original), inbound_line(reading.service.inbound), then, tuple(drift))
    )
    return {
        **given,
        "original": as_recorded(dump_service(original)),
        **found,
        **readable.of_service(
            inbound=inbound(inputs.wish, original),
            answers=lines,
            original_summary=original_line(original),
            drift=drift,
        ),
    }


def planned(
    reading: PoolReading, wish: ServiceWish, original: ServiceOriginal, vendors: Vendors
) -> tuple[ServicePlan, list[Line]]:
    """Plan, refusing all that must not be, and tell who answers before and after."""
    if wish.defers:
        refuse_stale_service(reading, original)
    found = answers(reading, wish, original, names_for(reading, vendors))
    refuse_changed(reading, found, wish, original)
    silent = sum(each.twilio is not None for each in reading.numbers) - len(found)
    return plan_service(reading, wish, original), answer_lines(found, silent)


def _refuse_leaving(original: ServiceOriginal | None, vendors: Vendors) -> None:
    """Raise Refusal where the service that is declared no more could not be put back."""
    if original is not None:
        reading = read_recorded(original, vendors, ANY_AGE)
        refuse_hiding(reading, original.inbound)


def _drift(olds: Props, reading: PoolReading) -> list[Line]:
    """Compare what is there with what the last `up` declared."""
    original = load_service(olds.get("original"))
    if original is None or original.sid != reading.service.sid:
        return []
    wish = ServiceWish(bool(olds.get("deferToSender", True)))
    return [line(text) for text in service_drift(reading, wish, original)]


def inbound(wish: ServiceWish, original: ServiceOriginal) -> Line:
    """Say who decides about texts, and instead of whom."""
    then, found = inbound_line(Inbound(wish.defers, original.inbound.handler)), inbound_line(original.inbound)
    return then if then == found else line(f"{then}, instead of {found}")


def note(wish: ServiceWish, original: ServiceOriginal) -> None:
    """Let the numbers of this run know whether their service defers."""
    if wish.defers:
        deferring.will_defer(original)
    else:
        deferring.will_not_defer(original.sid)
