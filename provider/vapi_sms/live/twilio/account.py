"""The rest of an account, read in lists: which Messaging Service each number is in, and what TwiML Apps do."""

from __future__ import annotations

from dataclasses import dataclass

from vapi_sms.core.readings import App
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.services.pool import MessagingService
from vapi_sms.core.values import TwilioNumber
from vapi_sms.live.calling.entries import Listed, Unread
from vapi_sms.live.calling.many import Watch, side_by_side
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.twilio.readings import AppReading, may_be
from vapi_sms.live.twilio.session import PAGE_SIZE


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
