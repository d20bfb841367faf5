"""Surveying: one reading of a whole account and its Vapi org, in lists; nothing is written.

Costs a request for each page of 1,000 numbers at either vendor, two for each Messaging Service, and a few more, however
many numbers there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from vapi_sms.core.errors import UnexpectedResponse
from vapi_sms.core.readings import App, Declared, Reading, Registrations
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.services.pool import MessagingService
from vapi_sms.core.values import Observed, TwilioNumber
from vapi_sms.live.calling.entries import Listed, Unread
from vapi_sms.live.calling.many import Watch, side_by_side
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.twilio.compliance import read_registrations
from vapi_sms.live.twilio.orchestrator import read_captures
from vapi_sms.live.twilio.readings import AppReading, may_be
from vapi_sms.live.twilio.session import PAGE_SIZE
from vapi_sms.live.vendors import Vendors


@dataclass(frozen=True, slots=True)
class Pools:
    """The Messaging Service of each number that is in one, by the number's SID; and what of them cannot be read.

    `strange` are services of which no more than the SID is known, and `entries` what makes no sense in a pool.
    """

    services: dict[str, MessagingService]
    strange: dict[str, str]
    entries: tuple[tuple[str, Unread], ...]

    def doubt(self, number: TwilioNumber) -> str:
        """Say what keeps people from knowing a number's service; nothing where nothing does."""
        if sid := self.strange.get(number.sid):
            return f"its Messaging Service {sid}"
        if number.sid in self.services:
            return ""
        doubtful = [
            sid for sid, each in self.entries if may_be(each, number.sid) and may_be(each, number.number)
        ]
        return f"one number of Messaging Service {doubtful[0]}, which may be it" if doubtful else ""


def read_pools(twilio: TwilioClient, watch: Watch) -> Pools:
    """Read every Messaging Service with its pool."""
    watch.expect(1)
    listed = twilio.list_services()
    watch.done("Messaging Services")
    by_sid = {service.sid: service for service in listed.read}
    sids = [*by_sid, *(each.id for each in listed.unread)]
    pools = dict(zip(sids, side_by_side(twilio.list_pool, sids, watch, "pools"), strict=True))
    members = [(number, sid) for sid, pool in pools.items() for number in pool.read]
    return Pools(
        {number: by_sid[sid] for number, sid in members if sid in by_sid},
        {number: sid for number, sid in members if sid not in by_sid},
        tuple((sid, each) for sid, pool in pools.items() for each in pool.unread),
    )


def read_apps(twilio: TwilioClient, watch: Watch) -> Listed[App]:
    """Read every TwiML App."""
    what = "Listing the account's TwiML Apps"
    path = f"/2010-04-01/Accounts/{twilio.settings.account_sid}/Applications.json"
    watch.expect(1)
    found = twilio.ask_list(what, path, "applications", {"PageSize": PAGE_SIZE})
    watch.done("TwiML Apps")
    return twilio.read_entries("TwiML App", AppReading, found).each(_app)


def _app(found: AppReading) -> App:
    texts = Routing(found.sms_url, found.sms_method, found.sms_fallback_url, found.sms_fallback_method)
    return App(found.sid, found.friendly_name or found.sid, texts)


NO_APPS: Listed[App] = Listed([])


@dataclass(frozen=True, slots=True)
class Survey:
    """What was read: each number, in the order of numbers, and what people call assistants and squads, by id.

    `addresses_unread` says why no address of Conversations is known, or not each; `captures_unread` the same of what
    Conversation Orchestrator captures. `left_out` says why numbers are not
    among the readings. Where all was read, `unread` is what either vendor showed and nobody could read.
    """

    account_sid: str
    org_id: str
    readings: tuple[Reading, ...]
    names: Mapping[str, str]
    addresses_unread: str = ""
    captures_unread: str = ""
    unread: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)


def survey(
    vendors: Vendors, keys: Sequence[str], watch: Watch, declared: Mapping[str, Declared] | None = None
) -> Survey:
    """Read these numbers, each by E.164 form or PN SID, or all where none is named.

    `declared` says, by E.164 form or SID, what a stack's state holds of numbers. Without a key of Vapi's its side is
    not read.
    """
    asks_vapi = bool(vendors.settings.vapi_api_key)
    left_out: dict[str, str] = {}
    observed = _observed(vendors, keys, watch, left_out)
    numbers = [found.twilio for found in observed.values() if found.twilio is not None]
    pools = read_pools(vendors.twilio, watch) if numbers else Pools({}, {}, ())
    services = pools.services
    goes_through_app = any(number.messaging.application_sid for number in numbers)
    listed = read_apps(vendors.twilio, watch) if goes_through_app else NO_APPS
    apps = {app.sid: app for app in listed.read}
    for key, found in list(observed.items()):
        doubt = found.twilio and (pools.doubt(found.twilio) or _app_in_doubt(found.twilio, listed))
        if doubt:
            left_out[key] = f"who answers its texts is not known: Twilio's answer cannot be read of {doubt}"
            del observed[key]
    registrations = read_registrations(vendors.twilio, numbers, services, watch)
    names = _names(vendors, list(observed.values()), watch) if asks_vapi else {}

    def reading(key: str, found: Observed) -> Reading:
        twilio = found.twilio
        said = declared or {}
        if twilio is None:
            return Reading(key, found, declared=said.get(key), asked_vapi=asks_vapi)
        return Reading(
            key,
            found,
            services.get(twilio.sid),
            apps.get(twilio.messaging.application_sid),
            registrations.get(twilio.sid, Registrations()),
            said.get(twilio.number) or said.get(twilio.sid),
            asked_vapi=asks_vapi,
        )

    readings = [reading(key, found) for key, found in observed.items()]
    return Survey(
        vendors.settings.account_sid,
        vendors.vapi.org_id if asks_vapi else "",
        tuple(sorted(readings, key=lambda each: each.number)),
        names,
        unread=() if keys else tuple(_unread(vendors)),
        left_out=left_out,
    )


def with_addresses(found: Survey, vendors: Vendors, watch: Watch) -> Survey:
    """Add the address of Conversations that each number has; one list, of which a page holds 50."""
    watch.expect(1)
    addresses = vendors.conversations.addresses()
    watch.done("Conversations addresses")
    readings = tuple(replace(each, address=addresses.by_number.get(each.number)) for each in found.readings)
    return replace(found, readings=readings, addresses_unread=addresses.unread)


def with_captures(found: Survey, vendors: Vendors, watch: Watch) -> Survey:
    """Add what of Conversation Orchestrator captures each number's texts; one list."""
    watch.expect(1)
    captures = read_captures(vendors.twilio)
    watch.done("Orchestrator configurations")
    readings = tuple(replace(each, capture=captures.of(each.number)) for each in found.readings)
    return replace(found, readings=readings, captures_unread=captures.unread)


def _unread(vendors: Vendors) -> Iterator[str]:
    yield from vendors.twilio.unread
    yield from (f"Vapi phone number {each}" for each in vendors.vapi.unread)


def _app_in_doubt(number: TwilioNumber, listed: Listed[App]) -> str:
    """Give the TwiML App that a number's texts go through, where that cannot be read: that is not a missing one."""
    sid = number.messaging.application_sid
    unknown = sid and all(app.sid != sid for app in listed.read)
    return f"TwiML App {sid}" if unknown and any(each.may_have(sid) for each in listed.unread) else ""


def _observed(
    vendors: Vendors, keys: Sequence[str], watch: Watch, left_out: dict[str, str]
) -> dict[str, Observed]:
    """Give both sides of each number, by its SID where Twilio has it: a number named twice is one."""
    watch.expect(1)
    found = (
        _named(vendors, keys, left_out)
        if keys
        else [("", observed) for observed in vendors.observer.observe_all()]
    )
    watch.done("numbers")
    by_key: dict[str, Observed] = {}
    for key, observed in found:
        known = observed.twilio or observed.vapi
        by_key[known.number if known else key] = observed
    return by_key


def _named(vendors: Vendors, keys: Sequence[str], left_out: dict[str, str]) -> list[tuple[str, Observed]]:
    """Read the numbers that were asked for; of several that one cannot be read keeps none of the others from us."""
    observe = vendors.observer.observe if vendors.settings.vapi_api_key else vendors.observer.observe_texts
    try:
        return list(observe(keys).items())
    except UnexpectedResponse:
        # Else the whole list is no good, and no look-up would be any better.
        if len(keys) == 1 or not vendors.observer.has_unread_numbers:
            raise
    found: list[tuple[str, Observed]] = []
    for key in keys:
        try:
            found += observe([key]).items()
        except UnexpectedResponse as trouble:
            left_out[key] = f"{trouble.what}: {trouble.why}"
    return found


def _names(vendors: Vendors, observed: Sequence[Observed], watch: Watch) -> dict[str, str]:
    records = [found.vapi for found in observed if found.vapi is not None]
    watch.expect(1)
    named = vendors.vapi.list_assistants()
    watch.done("assistants")
    if any(record.settings.squad_id for record in records):
        watch.expect(1)
        named += vendors.vapi.list_squads()
        watch.done("squads")
    return {each.id: each.name or each.id for each in named}
