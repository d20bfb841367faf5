"""The rest of an account, read in lists: which Messaging Service each number is in, and what TwiML Apps do."""

from __future__ import annotations

from vapi_sms.core.readings import App
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.services.pool import MessagingService
from vapi_sms.live.calling.many import Watch, side_by_side
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.twilio.readings import AppReading, read_as
from vapi_sms.live.twilio.session import PAGE_SIZE


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
