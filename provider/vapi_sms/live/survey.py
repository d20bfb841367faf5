"""Surveying: one reading of a whole account and its Vapi org, in lists; nothing is written.

Costs a request for each page of 1,000 numbers at either vendor, two for each Messaging Service, and a few more, however
many numbers there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vapi_sms.core.readings import App, Declared, Reading, Registrations
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.services.pool import MessagingService
from vapi_sms.core.values import Observed
from vapi_sms.live.calling.many import Watch, side_by_side
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.twilio.compliance import read_registrations
from vapi_sms.live.twilio.readings import AppReading, read_as
from vapi_sms.live.twilio.session import PAGE_SIZE
from vapi_sms.live.vendors import Vendors


def read_services(twilio: TwilioClient, watch: Watch) -> dict[str, MessagingService]:
    """Give the Messaging Service of each number that is in one, by the number's SID."""
    watch.expect(1)
    services = twilio.list_services()
    watch.done("Messaging Services")
    pools = side_by_side(lambda service: twilio.list_pool(service.sid), services, watch, "pools")
    return {sid: service for service, pool in zip(services, pools, strict=True) for sid in pool}


def read_apps(twilio: TwilioClient, watch: Watch) -> dict[str, App]:
    """Give every TwiML App by its SID."""
    what = "Listing the account's TwiML Apps"
    watch.expect(1)
    found = twilio.read_list(what, lambda sdk: sdk.applications.list(page_size=PAGE_SIZE))
    watch.done("TwiML Apps")
    apps = [read_as(AppReading, each, what) for each in found]
    return {
        app.sid: App(
            app.sid,
            app.friendly_name or app.sid,
            Routing(app.sms_url, app.sms_method, app.sms_fallback_url, app.sms_fallback_method),
        )
        for app in apps
    }


@dataclass(frozen=True, slots=True)
class Survey:
    """What was read: each number, in the order of numbers, and what people call assistants and squads, by id.

    `addresses_unread` says why no address of Conversations is known.
    """

    account_sid: str
    org_id: str
    readings: tuple[Reading, ...]
    names: Mapping[str, str]
    addresses_unread: str = ""


def survey(
    vendors: Vendors, keys: Sequence[str], watch: Watch, declared: Mapping[str, Declared] | None = None
) -> Survey:
    """Read these numbers, each by E.164 form or PN SID, or all where none is named.

    `declared` says, by E.164 form or SID, what a stack's state holds of numbers. Without a key of Vapi's its side is
    not read.
    """
    asks_vapi = bool(vendors.settings.vapi_api_key)
    observed = _observed(vendors, keys, watch)
    numbers = [found.twilio for found in observed.values() if found.twilio is not None]
    services = read_services(vendors.twilio, watch) if numbers else {}
    goes_through_app = any(number.messaging.application_sid for number in numbers)
    apps = read_apps(vendors.twilio, watch) if goes_through_app else {}
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
    )


def with_addresses(found: Survey, vendors: Vendors, watch: Watch) -> Survey:
    """Add the address of Conversations that each number has; one list, of which a page holds 50."""
    watch.expect(1)
    addresses = vendors.conversations.addresses()
    watch.done("Conversations addresses")
    readings = tuple(replace(each, address=addresses.by_number.get(each.number)) for each in found.readings)
    return replace(found, readings=readings, addresses_unread=addresses.unread)


def _observed(vendors: Vendors, keys: Sequence[str], watch: Watch) -> dict[str, Observed]:
    """Give both sides of each number, by its SID where Twilio has it: a number named twice is one."""
    watch.expect(1)
    observe = vendors.observer.observe if vendors.settings.vapi_api_key else vendors.observer.observe_texts
    found = (
        list(observe(keys).items())
        if keys
        else [("", observed) for observed in vendors.observer.observe_all()]
    )
    watch.done("numbers")
    by_key: dict[str, Observed] = {}
    for key, observed in found:
        known = observed.twilio or observed.vapi
        by_key[known.number if known else key] = observed
    return by_key


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
