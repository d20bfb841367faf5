"""Twilio, one method for each call that we use.

SAFETY MODEL: the only writes are POSTs to one existing number or short code: a whole channel's routing, or its own
name; and to one existing Messaging Service: its whole inbound setting. No method releases, buys or moves a number.
Every POST names whole values: sent twice, it does nothing twice.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped] # has no py.typed
from twilio.rest import Client  # type: ignore[import-untyped] # has no py.typed

from vapi_sms.core.errors import BadCredentials, VendorRefused
from vapi_sms.core.numbers import is_short_code
from vapi_sms.core.routing import POST, Routing, VoiceRouting
from vapi_sms.core.services import Inbound, MessagingService
from vapi_sms.core.values import UNREGULATED, Regulatory, TwilioNumber
from vapi_sms.live.retry import AttemptError, Patience
from vapi_sms.live.twilio_errors import NEEDS_REGULATORY_SIDS, twilio_trouble
from vapi_sms.live.twilio_readings import (
    PoolReading,
    ServiceReading,
    Untyped,
    number_of,
    read_as,
    short_code_of,
    unexpected,
)
from vapi_sms.live.twilio_wire import TwilioWire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vapi_sms.live.settings import Settings

PAGE_SIZE = 1000
Found = TypeVar("Found")


class TwilioClient:
    """One account at Twilio; safe to share between threads, of which each gets an SDK client of its own."""

    def __init__(self, settings: Settings, patience: Patience | None = None) -> None:
        self.requests = 0
        self._settings = settings
        self._patience = patience or Patience(settings.patience)
        self._local = threading.local()
        self._lock = threading.Lock()
        self._wires: list[TwilioWire] = []

    def close(self) -> None:
        """Close the connections of all threads."""
        for wire in self._wires:
            wire.close()

    def fetch_number(self, sid: str) -> TwilioNumber | None:
        """Read a number, or a short code, by its SID; None if these credentials see none."""
        what = f"Reading number {sid}"
        if is_short_code(sid):
            found = _unless_missing(what, lambda: self._sdk.short_codes(sid).fetch())
            return found and short_code_of(found, what)
        instance = _unless_missing(what, lambda: self._sdk.incoming_phone_numbers(sid).fetch())
        return instance and number_of(instance, what)

    def find_number(self, number: str) -> TwilioNumber | None:
        """Read a number by its E.164 form; None if these credentials see none."""
        what = f"Looking for {number} in account {self._settings.account_sid}"
        # Twilio matches parts of numbers too, so equality is judged here.
        found = self._listed(
            what, lambda: self._sdk.incoming_phone_numbers.list(phone_number=number, page_size=20)
        )
        return next(
            (reading for reading in (number_of(each, what) for each in found) if reading.number == number),
            None,
        )

    def list_numbers(self) -> list[TwilioNumber]:
        """Read every number of the account."""
        what = f"Listing the numbers of account {self._settings.account_sid}"
        found = self._listed(what, lambda: self._sdk.incoming_phone_numbers.list(page_size=PAGE_SIZE))
        return [number_of(each, what) for each in found]

    def list_short_codes(self) -> list[TwilioNumber]:
        """Read every short code of the account."""
        what = f"Listing the short codes of account {self._settings.account_sid}"
        found = self._listed(what, lambda: self._sdk.short_codes.list(page_size=PAGE_SIZE))
        return [short_code_of(each, what) for each in found]

    def update_routing(
        self,
        number: TwilioNumber,
        *,
        messaging: Routing | None = None,
        voice: VoiceRouting | None = None,
        regulatory: Regulatory = UNREGULATED,
    ) -> TwilioNumber:
        """Write the whole routing of one or both channels in one request, and give the answered reading.

        `regulatory` are SIDs to go along; those that the number has already are added where Twilio asks for them.
        """
        channels = " and ".join(
            name for name, routing in (("messaging", messaging), ("voice", voice)) if routing is not None
        )
        fields = (_messaging_fields(messaging) if messaging else {}) | (_voice_fields(voice) if voice else {})
        what = f"Writing the {channels} routing of {number.number}"
        return self._update(number, what, fields, regulatory)

    def prove_write(self, number: TwilioNumber) -> TwilioNumber:
        """Prove that the credentials may write, by giving a number the name that it has."""
        what = f"Proving on {number.number} that our key may write"
        return self._update(number, what, {"friendly_name": number.friendly_name})

    def list_services(self) -> list[MessagingService]:
        """Read every Messaging Service of the account."""
        what = f"Listing the Messaging Services of account {self._settings.account_sid}"
        instances = self._listed(what, lambda: self._sdk.messaging.v1.services.list(page_size=PAGE_SIZE))
        return [self._service(read_as(ServiceReading, each, what), what) for each in instances]

    def list_pool(self, service_sid: str) -> list[str]:
        """Give the SIDs of the numbers in a Messaging Service."""
        what = f"Listing the numbers of Messaging Service {service_sid}"
        pool = self._listed(
            what,
            lambda: self._sdk.messaging.v1.services(service_sid).phone_numbers.list(page_size=PAGE_SIZE),
        )
        return [read_as(PoolReading, each, what).sid for each in pool]

    def set_inbound(self, service: MessagingService, inbound: Inbound) -> MessagingService:
        """Write the whole inbound setting of a service in one request, and give the answered reading."""
        what = f"Writing who answers texts to {service}"
        with _asking(what, writing=True):
            instance = self._sdk.messaging.v1.services(service.sid).update(**_inbound_fields(inbound))
        return self._service(read_as(ServiceReading, instance, what), what)

    def application_exists(self, sid: str) -> bool:
        """Tell whether these credentials see a TwiML App."""
        return (
            _unless_missing(f"Reading TwiML App {sid}", lambda: self._sdk.applications(sid).fetch())
            is not None
        )

    def read_list(self, what: str, ask: Callable[[Untyped], list[Untyped]]) -> list[Untyped]:
        """Read a list for a module that knows its shape; `ask` is given this thread's SDK."""
        return self._listed(what, lambda: ask(self._sdk))

    @property
    def _sdk(self) -> Untyped:
        if not hasattr(self._local, "client"):
            self._local.client = self._new_client()
        return self._local.client

    def _new_client(self) -> Untyped:
        wire = TwilioWire(self._settings, self._patience, self._count)
        with self._lock:
            self._wires.append(wire)
        client = Client(
            self._settings.twilio_user,
            self._settings.twilio_secret,
            self._settings.account_sid,
            http_client=wire,
            # Empty, it would be read as absent, and the SDK would look into the real one for a region.
            environment={"TWILIO_ACCOUNT_SID": self._settings.account_sid},
        )
        if self._settings.twilio_base_url:
            client.api.base_url = client.messaging.base_url = self._settings.twilio_base_url
        return client

    def _count(self) -> None:
        with self._lock:
            self.requests += 1

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
            with _asking(what, writing=True):
                instance = self._sdk.short_codes(number.sid).update(**fields)
            return short_code_of(instance, what)
        with _asking(what, writing=True):
            instance = self._sdk.incoming_phone_numbers(number.sid).update(**fields)
        return number_of(instance, what)

    def _listed(self, what: str, ask: Callable[[], list[Untyped]]) -> list[Untyped]:
        with _asking(what):
            return ask()

    def _service(self, found: ServiceReading, what: str) -> MessagingService:
        # messaging.twilio.com has no account in its path: a parent account's key lists the parent's services,
        # and a number that one of the subaccount's hides would look free.
        if found.account_sid != self._settings.account_sid:
            raise BadCredentials(
                vendor="Twilio",
                what=what,
                why=f"the key belongs to account {found.account_sid}, and shows that account's services only",
                advice=f"Use a key or token of account {self._settings.account_sid} itself.",
            )
        handler = Routing(
            found.inbound_request_url, found.inbound_method, found.fallback_url, found.fallback_method
        )
        inbound = Inbound(found.use_inbound_webhook_on_number, handler)
        return MessagingService(found.sid, found.friendly_name, found.account_sid, inbound)


@contextmanager
def _asking(what: str, *, writing: bool = False) -> Iterator[None]:
    try:
        yield
    except AttemptError as failed:
        raise twilio_trouble(what, failed, writing=writing) from failed
    except (TwilioException, AttributeError, KeyError, TypeError, ValueError) as error:
        # The SDK takes answers apart without looking: JSON of another shape surfaces as any of these.
        raise unexpected(what, "the answer does not have Twilio's shape") from error


def _unless_missing(what: str, ask: Callable[[], Found]) -> Found | None:
    try:
        with _asking(what):
            return ask()
    except VendorRefused as refused:
        # A 404 without Twilio's code is some other server's.
        if refused.status == HTTPStatus.NOT_FOUND and refused.code.isdecimal():
            return None
        raise


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


def _inbound_fields(inbound: Inbound) -> dict[str, str | bool]:
    return {
        "use_inbound_webhook_on_number": inbound.defers,
        "inbound_request_url": inbound.handler.url,
        "inbound_method": inbound.handler.method or POST,
        "fallback_url": inbound.handler.fallback_url,
        "fallback_method": inbound.handler.fallback_method or POST,
    }
