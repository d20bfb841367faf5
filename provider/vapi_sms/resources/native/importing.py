"""Importing: what runs today comes under care as it is, and nothing is written.

`pulumi import` and `get` ask for a resource by its id alone. Of a number that Vapi answers nobody knows who answered
before: it is adopted, and on destroy texts stay at Vapi, until the program says who is to answer then.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from vapi_sms.core.documents import fold
from vapi_sms.core.errors import NotNamed, Refusal
from vapi_sms.core.inert import redacted_url
from vapi_sms.core.numbers import is_short_code
from vapi_sms.core.routings.handlers import Kind as HandlerKind
from vapi_sms.core.routings.handlers import classify
from vapi_sms.core.values import Observed, TwilioNumber
from vapi_sms.live.vapi.names import Shelf
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import carrying, session
from vapi_sms.resources.engine.lives import Found, Props
from vapi_sms.resources.inputs.words import IS_UP, LEAVE_AT_VAPI, UNRECORDED, to_camel
from vapi_sms.resources.native.kinds import NUMBER, ORIGINALS, ROUTE, SINCE_IMPORT, Kind
from vapi_sms.resources.number.single import SingleLife, member_of

_WAYS = {
    "VapiSmsFleet": "declare it with adopt: true for its numbers: its first `pulumi up` writes nothing",
    "MessagingServiceInbound": "declare it: where the service defers already, its first `pulumi up` writes nothing",
    "OriginalService": "declare the Inbound that it belongs to",
}


def imported(kind: Kind, id_: str, owner: str) -> Found:
    """Give a number, a route or a record as it is, by E.164 form or SID; raises Refusal where it is none."""
    if kind not in (NUMBER, ROUTE, ORIGINALS):
        raise Refusal(id_, f"a {kind.name} is not imported: {_WAYS[kind.name]}")
    vendors = session.required_vendors(id_, needs_vapi=kind is NUMBER)
    observed = _observed(id_, vendors)
    twilio = observed.twilio
    if twilio is None:
        raise Refusal(id_, f"{id_} is no number of Twilio account {vendors.settings.account_sid}")
    at_vapi = _is_at_vapi(observed)
    record = _recorded(twilio, owner, at_vapi=at_vapi)
    if kind is ORIGINALS:
        return record
    beside = {"original": record.outs["originals"], "owner": owner, IS_UP: True}
    said = _number(observed, vendors) if kind is NUMBER else _route(twilio, at_vapi=at_vapi)
    return _as_it_is(kind, said, beside, vendors)


def listed(kind: Kind) -> Iterator[tuple[str, str]]:
    """Give what can be imported as this kind: the SID and the number of each; raises Refusal where nothing can."""
    if kind not in (NUMBER, ROUTE, ORIGINALS):
        raise Refusal(kind.name, f"{kind.name} is not listed: {_WAYS[kind.name]}")
    vendors = session.required_vendors("the account", needs_vapi=kind is NUMBER)
    observed = vendors.observer.observe_all()
    for each in sorted(observed, key=lambda found: found.twilio.number if found.twilio else ""):
        if each.twilio is not None and (kind is ORIGINALS or _is_at_vapi(each) is (kind is NUMBER)):
            yield each.twilio.sid, each.twilio.number


def _is_at_vapi(observed: Observed) -> bool:
    """Tell whether Vapi knows a number, and its texts go there."""
    twilio = observed.twilio
    return (
        twilio is not None
        and observed.vapi is not None
        and classify(twilio.messaging).kind is HandlerKind.VAPI
    )


def _observed(id_: str, vendors: Vendors) -> Observed:
    read = vendors.observer.observe if vendors.settings.vapi_api_key else vendors.observer.observe_texts
    return read([id_])[id_]


def _recorded(twilio: TwilioNumber, owner: str, *, at_vapi: bool) -> Found:
    """Give the record, as a program's first `up` takes it."""
    life = carrying.life(ORIGINALS.life)
    key = twilio.number
    props: Props = {
        "numbers": {key: {"adopt": True} if at_vapi else {}},
        **({"restoreTo": {key: LEAVE_AT_VAPI}} if at_vapi else {"routes": {key: _handler(twilio)}}),
        "originals": UNRECORDED,
        "owner": owner,
        IS_UP: True,
    }
    inputs = life.check({}, props).inputs
    made = life.create(inputs)
    return Found(made.id, made.outs, {**inputs, "originals": made.outs["originals"]})


def _number(observed: Observed, vendors: Vendors) -> Props:
    twilio, record = observed.twilio, observed.vapi
    if twilio is None or record is None or not _is_at_vapi(observed):
        key = twilio.number if twilio else ""
        raise Refusal(
            key,
            f"{key} is answered by {classify(twilio.messaging) if twilio else 'nobody'}, not by Vapi: import it as "
            f"{ROUTE.token}, or declare a Number, whose `pulumi up` switches it",
        )
    settings, names = record.settings, vendors.names
    if settings.squad_id:
        attached = {"squad": _named(names.squads, settings.squad_id)}
    else:
        attached = {"assistant": _named(names.assistants, settings.assistant_id)}
    return {"number": twilio.number, **attached, "adopt": True}


def _named(shelf: Shelf, identifier: str) -> str:
    """Give the name that a program would write, or the id where that is not unique."""
    name = shelf.resolve(identifier, identifier).name
    try:
        return name if name and shelf.resolve(identifier, name).id == identifier else identifier
    except NotNamed:
        return identifier


def _route(twilio: TwilioNumber, *, at_vapi: bool) -> Props:
    if at_vapi:
        raise Refusal(twilio.number, f"{twilio.number} is answered by Vapi: import it as {NUMBER.token}")
    handler = _handler(twilio)
    if any(url != redacted_url(url) for url in (twilio.messaging.url, twilio.messaging.fallback_url)):
        raise Refusal(
            twilio.number,
            f"the URL that answers {twilio.number} holds a password or a query, which `pulumi import` would print: "
            "declare a Route with the handler as it is, its URL from the stack's encrypted config; its first "
            "`pulumi up` writes nothing",
        )
    key = {"shortCode": twilio.number} if is_short_code(twilio.sid) else {"number": twilio.number}
    return {**key, "handler": handler}


def _handler(twilio: TwilioNumber) -> Props:
    return {to_camel(name): value for name, value in twilio.messaging.to_dict().items() if value}


def _as_it_is(kind: Kind, said: Props, beside: Props, vendors: Vendors) -> Found:
    """Give the resource as an `up` that finds nothing to write would leave it, and what a program would say of it."""
    life = cast("SingleLife", carrying.life(kind.life))
    inputs = life.check({}, {**dict(kind.defaults), **said, **beside}).inputs
    key = str(inputs["twilioSid"])
    planned, _ = life.plan(
        member_of({}, inputs), vendors, life.observe(vendors, key, not_before=vendors.fresh())
    )
    if not planned.is_empty:
        raise Refusal(
            key,
            f"{inputs['number']} is not as a resource would have it: declare it, and `pulumi preview` says what an "
            "`up` would change",
        )
    made = life.create(inputs)
    # No word of the record is to be written into a program: its URLs would stand there in clear.
    return Found(made.id, made.outs, {**said, SINCE_IMPORT: fold(made.outs["original"])})
