"""The life of a MessagingServiceInbound: parse, observe, plan; create, update and delete also apply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult
from pulumi.output import contains_unknowns

from vapi_sms.core.errors import Refusal
from vapi_sms.core.service_answers import answer_lines, answers, inbound_line, original_line
from vapi_sms.core.service_plan import (
    ServicePlan,
    plan_service,
    refuse_changed,
    refuse_hiding,
    refuse_stale_service,
    service_drift,
)
from vapi_sms.core.services import Inbound, MessagingService, PoolReading, ServiceOriginal, ServiceWish
from vapi_sms.live.apply_service import apply_service
from vapi_sms.live.observe import ANY_AGE
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources import deferring, notices, session
from vapi_sms.resources.claims import claim_service, refuse_copied
from vapi_sms.resources.declared import kept
from vapi_sms.resources.edge import checked, told
from vapi_sms.resources.service_inputs import BESIDE, DECLARED, is_service_sid, parse_service
from vapi_sms.resources.service_reading import (
    find_recorded,
    find_service,
    names_for,
    read_pool,
    read_recorded,
)
from vapi_sms.resources.service_restoring import restore_service
from vapi_sms.resources.service_state import load_service
from vapi_sms.resources.state import SCHEMA

Props = dict[str, Any]

COMPUTED = ("serviceSid", "accountSid", "inbound", "answers", "originalSummary")


class ServiceLife:
    """One Messaging Service, its sibling's record in `original`."""

    def check(self, olds: Props, news: Props) -> CheckResult:
        """Parse, read the pool, refuse what `up` would refuse, and add what people should read."""
        given = {key: news[key] for key in (*DECLARED, *BESIDE) if key in news}
        return checked(lambda: _inputs(olds, given), given)

    def diff(self, olds: Props, news: Props) -> DiffResult:
        """Compare outputs with inputs, offline."""
        return told(lambda: _diff(olds, news))

    def create(self, props: Props) -> CreateResult:
        """Let the service defer, or answer, and prove it."""
        outs = told(lambda: _switch(props))
        return CreateResult(outs["serviceSid"], outs)

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read outputs and inputs from Twilio."""
        return told(lambda: _read(id_, props))

    def update(self, olds: Props, news: Props) -> UpdateResult:
        """Go from whatever is there to what is declared, and prove it."""
        return UpdateResult(told(lambda: _update(olds, news)))

    def delete(self, props: Props) -> None:
        """Put the service and its numbers back as recorded."""
        told(lambda: _delete(props))


def is_replaced(olds: Props, news: Props) -> bool:
    """Tell whether another service is declared than the one in the state; without credentials a name says nothing."""
    meant = news.get("serviceSid") or news.get("service")
    known = olds.get("serviceSid")
    return bool(known) and isinstance(meant, str) and is_service_sid(meant) and meant != known


def _inputs(olds: Props, given: Props) -> Props:
    inputs = parse_service(given)
    owner = str(given.get("owner", ""))
    refuse_copied(str(given.get("service")), olds.get("owner"), owner, given.get("formerOwners") or ())
    vendors = session.vendors()
    if vendors is None:
        notices.tell_once(notices.NO_CREDENTIALS)
        unchanged = olds.get("service") == given.get("service")
        return given | ({key: olds[key] for key in COMPUTED if key in olds} if unchanged else {})
    if inputs.unknown:
        return given
    service = find_service(inputs.service, vendors)
    if olds.get("serviceSid") == service.sid:
        vendors.refuse_other_owner(inputs.service, olds.get("accountSid") or "", "")
    claim_service(str(service), service.sid, owner)
    found: Props = {"serviceSid": service.sid, "accountSid": service.account_sid}
    if is_replaced(olds, found):
        _refuse_leaving(load_service(olds.get("original")), vendors)
    original = load_service(given.get("original"))
    if original is None or original.sid != service.sid:
        return given | found
    reading = read_pool(service, vendors, recorded=original.kept, not_before=ANY_AGE)
    _, lines = _planned(reading, inputs.wish, original, vendors)
    _note(inputs.wish, original)
    drift = _drift(olds, reading)
    return {
        **given,
        **found,
        "inbound": _inbound(inputs.wish, original),
        "answers": lines,
        "originalSummary": original_line(original),
        **({"drift": drift} if drift else {}),
    }


def _planned(
    reading: PoolReading, wish: ServiceWish, original: ServiceOriginal, vendors: Vendors
) -> tuple[ServicePlan, list[str]]:
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


def _drift(olds: Props, reading: PoolReading) -> list[str]:
    """Compare what is there with what the last `up` declared."""
    original = load_service(olds.get("original"))
    if original is None or original.sid != reading.service.sid:
        return []
    return service_drift(reading, ServiceWish(bool(olds.get("deferToSender", True))), original)


def _inbound(wish: ServiceWish, original: ServiceOriginal) -> str:
    """Say who decides about texts, and instead of whom."""
    line, found = inbound_line(Inbound(wish.defers, original.inbound.handler)), inbound_line(original.inbound)
    return line if line == found else f"{line}, instead of {found}"


def _note(wish: ServiceWish, original: ServiceOriginal) -> None:
    if wish.defers:
        deferring.will_defer(original)
    else:
        deferring.will_not_defer(original.sid)


def _diff(olds: Props, news: Props) -> DiffResult:
    if is_replaced(olds, news):
        return DiffResult(changes=None, replaces=["service"], delete_before_replace=True)
    if news.get("drift") or not _is_record(olds) or not _is_record(news):
        return DiffResult(changes=None)
    # Who answers before and after is news at every preview, and no change; so is who else relies on the service.
    compared = ("service", "deferToSender", "keepOthers", "original")
    return DiffResult(changes=None if any(olds.get(key) != news.get(key) for key in compared) else False)


def _is_record(props: Props) -> bool:
    held = props.get("original")
    return isinstance(held, Mapping) and not contains_unknowns(held)


def _switch(props: Props) -> Props:
    """Plan from what is there to what is declared, apply, and give all outputs."""
    inputs = parse_service(props)
    vendors = session.required_vendors(inputs.service)
    original = load_service(props.get("original"))
    if original is None:
        raise _unrecorded(inputs.service)
    vendors.refuse_other_owner(str(original), original.account_sid, "")
    if find_service(inputs.service, vendors).sid != original.sid:
        raise _unrecorded(inputs.service)
    service = _there(original, vendors)
    reading = read_pool(service, vendors, recorded=original.kept, not_before=vendors.fresh())
    planned, lines = _planned(reading, inputs.wish, original, vendors)
    if not planned.is_empty:
        apply_service(planned, vendors)
    _note(inputs.wish, original)
    return {
        **kept(props),
        "schema": SCHEMA,
        "serviceSid": original.sid,
        "accountSid": original.account_sid,
        "inbound": _inbound(inputs.wish, original),
        "answers": lines,
        "originalSummary": original_line(original),
    }


def _there(original: ServiceOriginal, vendors: Vendors) -> MessagingService:
    service = find_recorded(original, vendors, vendors.fresh())
    if service is None:
        raise Refusal(str(original), f"{original} is gone: run `pulumi refresh`, or declare another service")
    return service


def _unrecorded(subject: str) -> Refusal:
    return Refusal(
        subject,
        f"what Messaging Service {subject} does with texts is not recorded: run without --target, with credentials",
    )


def _update(olds: Props, news: Props) -> Props:
    outs = _switch(news)
    if olds.get("serviceSid") != outs["serviceSid"]:
        raise AssertionError("unreachable: another service replaces the resource")
    return outs


def _read(id_: str, props: Props) -> ReadResult:
    original = load_service(props.get("original"))
    if original is None:
        raise _unrecorded(id_)
    vendors = session.required_vendors(str(original))
    vendors.refuse_other_owner(str(original), original.account_sid, "")
    service = find_recorded(original, vendors, ANY_AGE)
    if service is None:
        return ReadResult("", {})
    live = {"deferToSender": service.defers}
    outs = {**kept(props), **live, "inbound": _inbound(ServiceWish(service.defers), original)}
    return ReadResult(id_, outs, {key: outs[key] for key in (*DECLARED, *BESIDE, *COMPUTED) if key in outs})


def _delete(props: Props) -> None:
    original = load_service(props.get("original"))
    if original is None:
        raise _unrecorded(str(props.get("service")))
    restore_service(original, session.required_vendors(str(original)))
