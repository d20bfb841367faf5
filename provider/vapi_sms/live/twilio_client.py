"""Twilio, one method for each call that we use; services stand by themselves.

SAFETY MODEL: the only writes are POSTs to one existing number or short code: a whole channel's routing, or its own
name. No method releases, buys or moves a number. Every POST names whole values: sent twice, it does nothing twice.
"""

from __future__ import annotations

from urllib.parse import quote

from vapi_sms.core.errors import VendorRefused
from vapi_sms.core.numbers import is_short_code
from vapi_sms.core.routing import POST, Routing, VoiceRouting
from vapi_sms.core.values import UNREGULATED, Regulatory, TwilioNumber
from vapi_sms.live.service_calls import ServiceCalls
from vapi_sms.live.twilio_errors import NEEDS_REGULATORY_SIDS
from vapi_sms.live.twilio_readings import Untyped, number_of, short_code_of
from vapi_sms.live.twilio_session import PAGE_SIZE, asking, unless_missing


class TwilioClient(ServiceCalls):
    """The numbers, services and TwiML Apps of one account; safe to share between threads."""

    def fetch_number(self, sid: str) -> TwilioNumber | None:
        """Read a number, or a short code, by its SID; None if these credentials see none."""
        what = f"Reading number {sid}"
        if is_short_code(sid):
            found = unless_missing(what, lambda: self.sdk.short_codes(sid).fetch())
            return found and short_code_of(found, what)
        body = unless_missing(what, lambda: self.ask("GET", self._path(sid)))
        return body and number_of(body, what)

    def find_number(self, number: str) -> TwilioNumber | None:
        """Read a number by its E.164 form; None if these credentials see none."""
        what = f"Looking for {number} in account {self.settings.account_sid}"
        # Twilio matches parts of numbers too, so equality is judged here.
        found = self._list(what, {"PhoneNumber": number, "PageSize": 20})
        return next(
            (reading for reading in (number_of(each, what) for each in found) if reading.number == number),
            None,
        )

    def list_numbers(self) -> list[TwilioNumber]:
        """Read every number of the account."""
        what = f"Listing the numbers of account {self.settings.account_sid}"
        return [number_of(each, what) for each in self._list(what, {"PageSize": PAGE_SIZE})]

    def list_short_codes(self) -> list[TwilioNumber]:
        """Read every short code of the account."""
        what = f"Listing the short codes of account {self.settings.account_sid}"
        found = self.listed(what, lambda: self.sdk.short_codes.list(page_size=PAGE_SIZE))
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

    def application_exists(self, sid: str) -> bool:
        """Tell whether these credentials see a TwiML App."""
        return (
            unless_missing(f"Reading TwiML App {sid}", lambda: self.sdk.applications(sid).fetch()) is not None
        )

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
            return short_code_of(instance, what)
        form = {to_pascal(name): value for name, value in fields.items()}
        with asking(what, writing=True):
            body = self.ask("POST", self._path(number.sid), form)
        return number_of(body, what)

    def _list(self, what: str, fields: dict[str, object]) -> list[Untyped]:
        return self.ask_list(what, f"{self._numbers}.json", "incoming_phone_numbers", fields)

    def _path(self, sid: str) -> str:
        return f"{self._numbers}/{quote(sid, safe='')}.json"

    @property
    def _numbers(self) -> str:
        return f"/2010-04-01/Accounts/{self.settings.account_sid}/IncomingPhoneNumbers"


def to_pascal(name: str) -> str:
    """Give a field's name as Twilio's forms have it: sms_url, SmsUrl."""
    return "".join(part.capitalize() for part in name.split("_"))


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
