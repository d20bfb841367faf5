"""The life of a MessagingServiceInbound: parse, observe, plan; create, update and delete also apply."""

from __future__ import annotations

from dataclasses import replace

from vapi_sms.core.errors import Refusal
from vapi_sms.core.services.answers import original_line
from vapi_sms.core.services.pool import MessagingService, ServiceOriginal, ServiceWish, Wrote, knowing
from vapi_sms.live.apply_service import Served, apply_service
from vapi_sms.live.observe import ANY_AGE
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import session
from vapi_sms.resources.engine.lives import GONE, Checked, Compared, Found, Made, Props
from vapi_sms.resources.inputs.number import kept
from vapi_sms.resources.inputs.service import BESIDE, DECLARED, parse_service
from vapi_sms.resources.inputs.words import IS_UP
from vapi_sms.resources.record import drifting, readable
from vapi_sms.resources.record.claims import note_switched
from vapi_sms.resources.record.state import SCHEMA, are_there
from vapi_sms.resources.service.checking import COMPUTED, inbound, inputs_of, is_replaced, note, planned
from vapi_sms.resources.service.reading import find_recorded, find_service, read_pool
from vapi_sms.resources.service.restoring import put_back_declared
from vapi_sms.resources.service.state import as_recorded, dump_service, load_service

_KIND = "MessagingServiceInbound"


class ServiceLife:
    """One Messaging Service, its sibling's record in `original`."""

    def check(self, olds: Props, news: Props) -> Checked:
        """Parse, read the pool, refuse what `up` would refuse, and add what people should read."""
        drifting.was_checked(_KIND, news)
        given = {key: news[key] for key in (*DECLARED, *BESIDE) if key in news}
        is_up = bool(news.get(IS_UP))
        return drifting.as_news(olds, Checked(inputs_of(olds, given, is_up=is_up)))

    def diff(self, olds: Props, news: Props) -> Compared:
        """Compare outputs with inputs, offline."""
        return _diff(olds, news)

    def create(self, props: Props) -> Made:
        """Let the service defer, or answer, and prove it."""
        outs = _switch({}, props)
        return Made(outs["serviceSid"], outs)

    def read(self, id_: str, props: Props) -> Found:
        """Read outputs and inputs from Twilio."""
        return _read(id_, props)

    def update(self, olds: Props, news: Props) -> Props:
        """Go from whatever is there to what is declared, and prove it."""
        return _update(olds, news)

    def delete(self, props: Props) -> None:
        """Put the service and its numbers back as recorded."""
        _delete(props)


def _diff(olds: Props, news: Props) -> Compared:
    if is_replaced(olds, news):
        return Compared(None, ("service",))
    drift = drifting.told(_KIND, olds, news, {})
    if drift or not are_there(olds.get("original")) or not are_there(news.get("original")):
        return Compared(None)
    # Who answers before and after is news at every preview, and no change; so is who else relies on the service.
    compared = ("service", "deferToSender", "keepOthers", "original")
    before = {**olds, "original": as_recorded(olds["original"])}
    return Compared(changes=None if any(before.get(key) != news.get(key) for key in compared) else False)


def _switch(olds: Props, props: Props) -> Props:
    """Plan from what is there to what is declared, apply, and give all outputs."""
    inputs = parse_service(props)
    vendors = session.required_vendors(inputs.service, needs_vapi=False)
    original = load_service(props.get("original"))
    if original is None:
        raise _unrecorded(inputs.service)
    original = knowing(original, load_service(olds.get("original")))
    vendors.refuse_other_owner(str(original), original.account_sid, "")
    if find_service(inputs.service, vendors).sid != original.sid:
        raise _unrecorded(inputs.service)
    service = _there(original, vendors)
    reading = read_pool(service, vendors, recorded=original.kept, not_before=vendors.fresh())
    plan, lines = planned(reading, inputs.wish, original, vendors)
    served = Served() if plan.is_empty else apply_service(plan, vendors)
    note(inputs.wish, original)
    note_switched(original.sid, str(props.get("owner", "")))
    return {
        **kept(props),
        "original": dump_service(_known_since(original, inputs.wish, served)),
        "schema": SCHEMA,
        "serviceSid": original.sid,
        "accountSid": original.account_sid,
        **readable.of_service(
            inbound=inbound(inputs.wish, original), answers=lines, original_summary=original_line(original)
        ),
    }


def _known_since(original: ServiceOriginal, wish: ServiceWish, served: Served) -> ServiceOriginal:
    """Give a record with what a switch lets us know: how we left the service, and its numbers, and when."""
    kept = {
        sid: replace(each, written=served.numbers.get(sid, each.written))
        for sid, each in original.kept.items()
    }
    wrote = Wrote(wish.defers, served.service.updated) if served.service else original.wrote
    return replace(original, kept=kept, wrote=wrote)


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
    outs = _switch(olds, news)
    if olds.get("serviceSid") != outs["serviceSid"]:
        raise AssertionError("unreachable: another service replaces the resource")
    return outs


def _read(id_: str, props: Props) -> Found:
    original = load_service(props.get("original"))
    if original is None:
        raise _unrecorded(id_)
    vendors = session.vendors_to_read(str(original), needs_vapi=False)
    vendors.refuse_other_owner(str(original), original.account_sid, "")
    service = find_recorded(original, vendors, ANY_AGE)
    if service is None:
        return GONE
    drifting.was_read(_KIND, props)
    live = {"deferToSender": service.defers}
    outs = {**kept(props), **live, **readable.of_inbound(inbound(ServiceWish(service.defers), original))}
    inputs = {key: outs[key] for key in (*DECLARED, *BESIDE, *COMPUTED) if key in outs}
    return Found(id_, outs, inputs | {"original": as_recorded(outs["original"])})


def _delete(props: Props) -> None:
    original = load_service(props.get("original"))
    if original is None:
        raise _unrecorded(str(props.get("service")))
    vendors = session.vendors_to_read(str(original), needs_vapi=False)
    put_back_declared(str(props.get("owner", "")), original, vendors)
