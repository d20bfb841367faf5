"""Twilio, one method for each call that we use.

SAFETY MODEL: the only writes are POSTs to one existing number or short code, a whole channel's routing or its own name,
and to one existing Messaging Service, its whole inbound setting. No method releases, buys or moves a number, makes or
deletes a service, or changes which numbers are in one. Every POST names whole values: sent twice, it does nothing
twice.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import quote

from vapi_sms.core.errors import BadCredentials, VendorRefused
from vapi_sms.core.numbers import is_short_code
from vapi_sms.core.routings.routing import POST, Routing, VoiceRouting
from vapi_sms.core.routings.shapes import CALLS, TEXTS
from vapi_sms.core.services.pool import Inbound, MessagingService
from vapi_sms.core.values import UNREGULATED, Regulatory, TwilioNumber
from vapi_sms.live.calling.calls import told
from vapi_sms.live.calling.entries import Listed
from vapi_sms.live.settings import MESSAGING
from vapi_sms.live.twilio.errors import NEEDS_REGULATORY_SIDS
from vapi_sms.live.twilio.readings import (
    AccountReading,
    CalledReading,
    NumberReading,
    OwnedReading,
    PoolReading,
    ServiceReading,
    ShortCodeReading,
    Untyped,
    as_asked,
    lacks,
    may_be,
    number_of,
    read_as,
    read_entries,
    short_code_of,
)
from vapi_sms.live.twilio.session import PAGE_SIZE, TwilioSession, asking, unless_missing

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


@dataclass(frozen=True, slots=True)
class Account:
    """An account or subaccount; its status is active, suspended or closed."""

    sid: str
    name: str
    status: str

    def __str__(self) -> str:
        return f"{self.sid} ({self.name})" if self.name else self.sid


class TwilioClient(ServiceCalls):
    """The numbers, services and TwiML Apps of one account; safe to share between threads."""

    def fetch_number(self, sid: str, account_sid: str = "") -> TwilioNumber | None:
        """Read a number, or a short code, by its SID; None if these credentials see none.

        Of a number that moved to a subaccount, `account_sid` is that one.
        """
        what = f"Reading number {sid}"
        if is_short_code(sid):
            answer = unless_missing(what, lambda: self.sdk.short_codes(sid).fetch())
            found = answer and short_code_of(read_as(ShortCodeReading, answer, what))
        else:
            answer = unless_missing(what, lambda: self.ask("GET", self._path(sid, account_sid)))
            found = answer and number_of(read_as(NumberReading, answer, what))
        if found:
            as_asked(found.sid, sid, what)
        return found or None

    def find_number(self, number: str) -> TwilioNumber | None:
        """Read a number by its E.164 form; None if these credentials see none."""
        what = f"Looking for {number} in account {self.settings.account_sid}"
        entries = self._list(what, {"PhoneNumber": number, "PageSize": 20})
        found = read_entries(NumberReading, entries, "phone_number")
        # Twilio matches parts of numbers too, so equality is judged here. One that was just bought again may be there
        # twice: it is the one that changed last.
        same = [number_of(each) for each in found.read if each.phone_number == number]
        if same:
            return max(same, key=lambda each: each.updated)
        for strange in found.unread:
            if may_be(strange, number):
                raise lacks(what, strange)
        return None

    def list_numbers(self, account_sid: str = "") -> Listed[TwilioNumber]:
        """Read every number of the account, or of one of its subaccounts."""
        what = f"Listing the numbers of account {account_sid or self.settings.account_sid}"
        found = self._list(what, {"PageSize": PAGE_SIZE}, account_sid)
        return self.read_entries("number", NumberReading, found, "phone_number").each(number_of)

    def list_accounts(self) -> Listed[Account]:
        """Read the account and, where it is a main account, its subaccounts; an API key may not do this."""
        what = f"Listing the subaccounts of {self.settings.account_sid}"
        found = self.ask_list(what, "/2010-04-01/Accounts.json", "accounts", {"PageSize": PAGE_SIZE})
        accounts = self.read_entries("account", AccountReading, found)
        return accounts.each(lambda each: Account(each.sid, each.friendly_name, each.status))

    def list_short_codes(self) -> Listed[TwilioNumber]:
        """Read every short code of the account."""
        what = f"Listing the short codes of account {self.settings.account_sid}"
        path = f"/2010-04-01/Accounts/{self.settings.account_sid}/SMS/ShortCodes.json"
        found = self.ask_list(what, path, "short_codes", {"PageSize": PAGE_SIZE})
        return self.read_entries("short code", ShortCodeReading, found, "short_code").each(short_code_of)

    def update_routing(
        self,
        number: TwilioNumber,
        *,
        messaging: Routing | None = None,
        voice: VoiceRouting | None = None,
        fallback: Routing | None = None,
        regulatory: Regulatory = UNREGULATED,
    ) -> TwilioNumber:
        """Write the whole routing of one or both channels in one request, and give the answered reading.

        `fallback` is messaging of which the fallback alone is written, beside a URL that Vapi wrote. `regulatory` are
        SIDs to go along; those that the number has already are added where Twilio asks for them.
        """
        channels = " and ".join(
            name
            for name, routing in (("messaging", messaging or fallback), ("voice", voice))
            if routing is not None
        )
        fields = (_messaging_fields(messaging) if messaging else {}) | (_voice_fields(voice) if voice else {})
        if fallback:
            written = _messaging_fields(fallback)
            fields |= {name: written[name] for name in ("sms_fallback_url", "sms_fallback_method")}
        what = f"Writing the {channels} routing of {number.number}"
        return self._update(number, what, fields, regulatory)

    def prove_write(self, number: TwilioNumber) -> TwilioNumber:
        """Prove that the credentials may write, by giving a number the name that it has."""
        what = f"Proving on {number.number} that our key may write"
        return self._update(number, what, {"friendly_name": number.friendly_name})

    def prove_routing(self, number: TwilioNumber, channels: Collection[str]) -> TwilioNumber:
        """Prove that Twilio takes channels (texts, calls) of a number as they were found, by writing just that."""
        what = f"Proving that Twilio takes the routing of {number.number} as it is"
        fields = _messaging_fields(number.messaging) if TEXTS in channels else {}
        if CALLS in channels:
            fields |= _voice_fields(number.voice)
        try:
            return self._update(number, what, fields)
        except VendorRefused as refused:
            ways = [way for channel, way in _INSTEAD.items() if channel in channels]
            raise replace(refused, advice=f"{refused.advice} Or write {' and '.join(ways)} instead") from None

    def list_applications(self) -> Listed[tuple[str, Routing]]:
        """Give who is called for texts by each of the account's TwiML Apps, with its SID."""
        what = "Listing the account's TwiML Apps"
        found = self.ask_list(what, f"{self._apps}.json", "applications", {"PageSize": PAGE_SIZE})
        return self.read_entries("TwiML App", CalledReading, found).each(_app)

    def fetch_application(self, sid: str) -> tuple[str, Routing] | None:
        """Give the same of one TwiML App; None if there is none of this SID."""
        what = f"Reading TwiML App {sid}"
        answer = unless_missing(what, lambda: self.ask("GET", f"{self._apps}/{quote(sid, safe='')}.json"))
        if answer is None:
            return None
        found = read_as(CalledReading, answer, what)
        as_asked(found.sid, sid, what)
        return _app(found)

    def _update(
        self,
        number: TwilioNumber,
        what: str,
        fields: dict[str, str],
        regulatory: Regulatory = UNREGULATED,
    ) -> TwilioNumber:
        """Write with the declared SIDs; where regulation asks for more, once more with the number's own beside them."""
        declared = regulatory.given()
        all_sids = number.regulatory.given() | declared
        try:
            return self._post(number, what, fields | declared)
        except VendorRefused as refused:
            if refused.code not in NEEDS_REGULATORY_SIDS or all_sids == declared:
                raise
        return self._post(number, what, fields | all_sids)

    def _post(self, number: TwilioNumber, what: str, fields: dict[str, str]) -> TwilioNumber:
        if number.is_short_code:
            # Twilio keeps no TwiML App on short codes, and takes no field of that name.
            fields = {name: value for name, value in fields.items() if name != "sms_application_sid"}
            with asking(what, writing=True):
                instance = self.sdk.short_codes(number.sid).update(**fields)
            found = short_code_of(read_as(ShortCodeReading, instance, what))
        else:
            form = {to_pascal(name): value for name, value in fields.items()}
            with asking(what, writing=True):
                body = self.ask("POST", self._path(number.sid, number.account_sid), form)
            found = number_of(read_as(NumberReading, body, what))
        as_asked(found.sid, number.sid, what)
        return replace(found, is_answer=True)

    def _list(self, what: str, fields: dict[str, object], account_sid: str = "") -> list[Untyped]:
        return self.ask_list(what, f"{self._numbers(account_sid)}.json", "incoming_phone_numbers", fields)

    @property
    def _apps(self) -> str:
        return f"/2010-04-01/Accounts/{self.settings.account_sid}/Applications"

    def _path(self, sid: str, account_sid: str) -> str:
        return f"{self._numbers(account_sid)}/{quote(sid, safe='')}.json"

    def _numbers(self, account_sid: str) -> str:
        # Of subaccounts the credentials of their main account reach this API, and only this one.
        return f"/2010-04-01/Accounts/{account_sid or self.settings.account_sid}/IncomingPhoneNumbers"


def _app(found: CalledReading) -> tuple[str, Routing]:
    return found.sid, Routing(found.sms_url, found.sms_method)


def to_pascal(name: str) -> str:
    """Give a field's name as Twilio's forms have it: sms_url, SmsUrl."""
    return "".join(part.capitalize() for part in name.split("_"))


_INSTEAD = {TEXTS: "restore_to=", CALLS: "restore_calls_to="}


def _messaging_fields(routing: Routing) -> dict[str, str]:
    return {
        "sms_url": routing.url,
        "sms_method": routing.method or POST,
        "sms_fallback_url": routing.fallback_url,
        "sms_fallback_method": routing.fallback_method or POST,
        "sms_application_sid": routing.application_sid,
    }


def _voice_fields(routing: VoiceRouting) -> dict[str, str]:
    return {
        "voice_url": routing.url,
        "voice_method": routing.method or POST,
        "voice_fallback_url": routing.fallback_url,
        "voice_fallback_method": routing.fallback_method or POST,
        "status_callback": routing.status_callback,
        "status_callback_method": routing.status_callback_method or POST,
        # Each deletes the other at Twilio: only the one that wins is sent with a value.
        "trunk_sid": routing.trunk_sid,
        "voice_application_sid": "" if routing.trunk_sid else routing.application_sid,
    }
