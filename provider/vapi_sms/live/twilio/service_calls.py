"""Twilio's Messaging Services, one method for each call that we use.

SAFETY MODEL: the only write is a POST to one existing service: its whole inbound setting. No method makes or deletes a
service, or changes which numbers are in one.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from vapi_sms.core.errors import BadCredentials
from vapi_sms.core.routings.routing import POST, Routing
from vapi_sms.core.services.pool import Inbound, MessagingService
from vapi_sms.live.calling.entries import Listed
from vapi_sms.live.calling.told import told
from vapi_sms.live.settings import MESSAGING
from vapi_sms.live.twilio.readings import OwnedReading, PoolReading, ServiceReading, as_asked, read_as
from vapi_sms.live.twilio.session import PAGE_SIZE, TwilioSession, asking

_SERVICES = f"{MESSAGING}/v1/Services"
_PAGES = {"PageSize": PAGE_SIZE}


class ServiceCalls(TwilioSession):
    """The services of one account, and their pools."""

    def list_services(self) -> Listed[MessagingService]:
        """Read every Messaging Service of the account; one that does not show whose it is may hold any number."""
        what = f"Listing the Messaging Services of account {self.settings.account_sid}"
        found = self.ask_pages(what, _SERVICES, "services", _PAGES)
        for each in found:
            self._refuse_others(read_as(OwnedReading, each, what), what)
        return self.read_entries("Messaging Service", ServiceReading, found).each(_service)

    def list_pool(self, service_sid: str) -> Listed[str]:
        """Give the SIDs of the numbers in a Messaging Service."""
        what = f"Listing the numbers of Messaging Service {service_sid}"
        pool = self.ask_pages(what, f"{_SERVICES}/{service_sid}/PhoneNumbers", "phone_numbers", _PAGES)
        noun = f"in the pool of Messaging Service {service_sid},"
        return self.read_entries(noun, PoolReading, pool, "phone_number").each(lambda each: each.sid)

    def set_inbound(self, service: MessagingService, inbound: Inbound) -> MessagingService:
        """Write the whole inbound setting of a service in one request, and give the answered reading."""
        what = f"Writing who answers texts to {service}"
        try:
            with asking(what, writing=True):
                instance = self.sdk.messaging.v1.services(service.sid).update(**_inbound_fields(inbound))
        except BadCredentials as refused:
            if refused.status != HTTPStatus.FORBIDDEN:
                raise
            # Everything else that we do needs services to be read only.
            advice = "The key may not do this: it needs to update Messaging Services, too."
            raise replace(refused, advice=advice) from None
        found = read_as(ServiceReading, instance, what)
        self._refuse_others(found, what)
        answered = _service(found)
        as_asked(answered.sid, service.sid, what)
        return replace(answered, is_answer=True)

    def _refuse_others(self, found: OwnedReading, what: str) -> None:
        # messaging.twilio.com has no account in its path: a parent account's key lists the parent's services,
        # and a number that one of the subaccount's hides would look free.
        if found.account_sid != self.settings.account_sid:
            raise BadCredentials(
                vendor="Twilio",
                what=what,
                why=(
                    f"the key belongs to account {told(found.account_sid, self.settings.secrets)}, and shows that "
                    "account's services only"
                ),
                advice=f"Use a key or token of account {self.settings.account_sid} itself.",
            )


def _service(found: ServiceReading) -> MessagingService:
    handler = Routing(
        found.inbound_request_url, found.inbound_method, found.fallback_url, found.fallback_method
    )
    inbound = Inbound(found.use_inbound_webhook_on_number, handler)
    return MessagingService(
        found.sid, found.friendly_name, found.account_sid, inbound, updated=found.date_updated
    )


def _inbound_fields(inbound: Inbound) -> dict[str, str | bool]:
    return {
        "use_inbound_webhook_on_number": inbound.defers,
        "inbound_request_url": inbound.handler.url,
        "inbound_method": inbound.handler.method or POST,
        "fallback_url": inbound.handler.fallback_url,
        "fallback_method": inbound.handler.fallback_method or POST,
    }
