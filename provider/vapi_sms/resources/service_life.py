"""The life of a MessagingServiceInbound: parse, observe, plan; create, update and delete also apply."""

from __future__ import annotations

from typing import Any

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from vapi_sms.core.errors import Refusal
from vapi_sms.core.service_answers import original_line
from vapi_sms.core.services import MessagingService, ServiceOriginal, ServiceWish
from vapi_sms.live.apply_service import apply_service
from vapi_sms.live.observe import ANY_AGE
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources import drifting, readable, session
from vapi_sms.resources.declared import kept
from vapi_sms.resources.edge import checked, told
from vapi_sms.resources.records import are_there
from vapi_sms.resources.service_checking import COMPUTED, inbound, inputs_of, is_replaced, note, planned
from vapi_sms.resources.service_inputs import BESIDE, DECLARED, parse_service
from vapi_sms.resources.service_reading import find_recorded, find_service, read_pool
from vapi_sms.resources.service_restoring import restore_service
from vapi_sms.resources.service_state import load_service
from vapi_sms.resources.state import SCHEMA

Props = dict[str, Any]

_KIND = "MessagingServiceInbound"


class ServiceLife:
    """One Messaging Service, its sibling's record in `original`."""

    def check(self, olds: Props, news: Props) -> CheckResult:
        """Parse, read the pool, refuse what `up` would refuse, and add what people should read."""
        drifting.was_checked(_KIND, news)
        given = {key: news[key] for key in (*DECLARED, *BESIDE) if key in news}
        return drifting.as_news(olds, checked(lambda: inputs_of(olds, given), given))

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


def _diff(olds: Props, news: Props) -> DiffResult:
    if is_replaced(olds, news):
        return DiffResult(changes=None, replaces=["service"], delete_before_replace=True)
    drift = drifting.told(_KIND, olds, news, {})
    if drift or not are_there(olds.get("original")) or not are_there(news.get("original")):
        return DiffResult(changes=None)
    # Who answers before and after is news at every preview, and no change; so is who else relies on the service.
    compared = ("service", "deferToSender", "keepOthers", "original")
    return DiffResult(changes=None if any(olds.get(key) != news.get(key) for key in compared) else False)


def _switch(props: Props) -> Props:
    """Plan from what is there to what is declared, apply, and give all outputs."""
    inputs = parse_service(props)
    vendors = session.required_vendors(inputs.service, needs_vapi=False)
    original = load_service(props.get("original"))
    if original is None:
        raise _unrecorded(inputs.service)
    vendors.refuse_other_owner(str(original), original.account_sid, "")
    if find_service(inputs.service, vendors).sid != original.sid:
        raise _unrecorded(inputs.service)
    service = _there(original, vendors)
    reading = read_pool(service, vendors, recorded=original.kept, not_before=vendors.fresh())
    plan, lines = planned(reading, inputs.wish, original, vendors)
    if not plan.is_empty:
        apply_service(plan, vendors)
    note(inputs.wish, original)
    return {
        **kept(props),
        "schema": SCHEMA,
        "serviceSid": original.sid,
        "accountSid": original.account_sid,
        **readable.of_service(
            inbound=inbound(inputs.wish, original), answers=lines, original_summary=original_line(original)
        ),
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
    vendors = session.vendors_to_read(str(original), needs_vapi=False)
    vendors.refuse_other_owner(str(original), original.account_sid, "")
    service = find_recorded(original, vendors, ANY_AGE)
    if service is None:
        return ReadResult("", {})
    drifting.was_read(_KIND, props)
    live = {"deferToSender": service.defers}
    outs = {**kept(props), **live, **readable.of_inbound(inbound(ServiceWish(service.defers), original))}
    return ReadResult(id_, outs, {key: outs[key] for key in (*DECLARED, *BESIDE, *COMPUTED) if key in outs})


def _delete(props: Props) -> None:
    original = load_service(props.get("original"))
    if original is None:
        raise _unrecorded(str(props.get("service")))
    restore_service(original, session.vendors_to_read(str(original), needs_vapi=False))
