"""What Vapi does at Twilio on import, change and delete of a number: it writes webhooks, and tells nobody."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from vapi_sms.sandbox.control.clock import later
from vapi_sms.sandbox.errors import TwilioError, VapiError
from vapi_sms.sandbox.twilio.number import DEMO_SMS, DEMO_VOICE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from vapi_sms.sandbox.behaviour import Behaviour
    from vapi_sms.sandbox.twilio.models import Twilio
    from vapi_sms.sandbox.twilio.number import Number, Record


def refuse_unless_on_twilio(twilio: Twilio, fields: Record) -> None:
    """Log in at Twilio with the given credentials and look for the number, as an import does."""
    user, password = _credentials(fields)
    try:
        caller = twilio.authenticate(user, password)
        account = twilio.reach(caller, fields["twilioAccountSid"])
        twilio.refuse_inactive(caller)
    except TwilioError as error:
        # The vendor's own text is not known.
        raise VapiError(400, "Twilio refused the credentials: Authenticate") from error
    number = twilio.by_phone.get(fields["number"])
    if number is None or number.sid not in account.numbers:
        raise VapiError(400, "Number Not Found on Twilio")


def _credentials(fields: Record) -> tuple[str, str]:
    if fields.get("twilioAuthToken"):
        return fields["twilioAccountSid"], fields["twilioAuthToken"]
    if fields.get("twilioApiKey") and fields.get("twilioApiSecret"):
        return fields["twilioApiKey"], fields["twilioApiSecret"]
    raise VapiError(400, "twilioAuthToken, or twilioApiKey and twilioApiSecret, should not be empty")


def on_import(behaviour: Behaviour, fields: Record) -> Callable[[Record], Record]:
    """Return what an import writes: voice always, texts unless smsEnabled is false, or the seed says otherwise."""
    changes = _voice(behaviour)
    if fields["smsEnabled"] and behaviour.import_takes_texts:
        changes |= _sms(behaviour)
    if behaviour.import_clears_application:
        changes |= {"sms_application_sid": "", "voice_application_sid": ""}
    if behaviour.import_clears_fallback:
        changes |= {"sms_fallback_url": "", "voice_fallback_url": ""}
    if behaviour.import_clears_trunk:
        changes |= {"trunk_sid": None}
    return lambda _: changes


def on_patch(behaviour: Behaviour, record: Record) -> Callable[[Record], Record]:
    """Return what a PATCH writes: nothing, unless the seed says otherwise."""
    changes: Record = {}
    if behaviour.patch_rewrites_voice:
        changes |= _voice(behaviour)
    if behaviour.patch_rewrites_sms and record.get("smsEnabled") is not False:
        changes |= _sms(behaviour)
    return lambda _: changes


def on_delete(behaviour: Behaviour) -> Callable[[Record], Record]:
    """Return what a DELETE writes, seen from what is at Twilio when it lands."""
    if behaviour.delete == "leaves":
        return lambda _: {}
    if behaviour.delete == "resets":
        return lambda _: {
            "sms_url": DEMO_SMS,
            "sms_method": "POST",
            "voice_url": DEMO_VOICE,
            "voice_method": "POST",
            "status_callback": "",
        }
    vapis = (behaviour.sms_url, behaviour.voice_url, behaviour.status_url)
    urls = ("sms_url", "voice_url", "status_callback")
    return lambda there: {name: "" for name in urls if there[name] in vapis}


def _sms(behaviour: Behaviour) -> Record:
    return {"sms_url": behaviour.sms_url, "sms_method": "POST"}


def _voice(behaviour: Behaviour) -> Record:
    return {
        "voice_url": behaviour.voice_url,
        "voice_method": "POST",
        "status_callback": behaviour.status_url,
        "status_callback_method": "POST",
    }


def _meant(twilio: Twilio, record: Record) -> Number | None:
    # Vapi asks the account that it was given: it cannot write to a number that moved to another one.
    number = twilio.by_phone.get(record.get("number", ""))
    if number is None or number.record["account_sid"] != record.get("twilioAccountSid"):
        return None
    return number


class Landing:
    """Lets Vapi's writes land at Twilio, at once or late; a reset calls the late ones off.

    Late is by the sandbox's clock, which goes by itself, and may be moved on.
    """

    def __init__(self, tell: Callable[[str, Record], None], now: Callable[[], datetime]) -> None:
        self._tell, self._now = tell, now
        self._late: list[tuple[datetime, asyncio.TimerHandle, Callable[[], None]]] = []

    def write(
        self, twilio: Twilio, record: Record, changes: Callable[[Record], Record], *, after_ms: int
    ) -> None:
        """Write what `changes` says of the number that the phone number stands for when the write lands."""

        def land() -> None:
            number = _meant(twilio, record)
            found = {} if number is None else changes(number.record)
            if number is not None and found:
                twilio.write(number, found)
                self._tell(number.phone_number, found)

        if after_ms == 0:
            land()
        else:
            timer = asyncio.get_running_loop().call_later(after_ms / 1000, land)
            self._late.append((later(self._now(), after_ms), timer, land))

    def due_by(self, instant: datetime) -> list[datetime]:
        """Return when, until then, something lands, the earliest first."""
        return sorted(due for due, _, _ in self._late if due <= instant)

    def catch_up(self, instant: datetime) -> None:
        """Let land what is due by an instant that the clock was moved on to."""
        for each in [late for late in self._late if late[0] <= instant]:
            self._late.remove(each)
            _, timer, land = each
            if timer.when() > asyncio.get_running_loop().time():  # else it landed by itself
                timer.cancel()
                land()

    def call_off(self) -> None:
        """Forget the writes that have not landed yet."""
        for _, timer, _ in self._late:
            timer.cancel()
        self._late.clear()
