"""What Twilio answered, as JSON or as the SDK's instances, parsed strictly into our values."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field

from vapi_sms.core.errors import UnexpectedResponse
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import TwilioNumber
from vapi_sms.live.calling.calls import mark
from vapi_sms.live.calling.entries import (
    Listed,
    Needed,
    Parsed,
    Unread,
    VendorReading,
    read_each,
    read_strictly,
)

# Twilio shows null, "" and missing for the same thing; the SDK makes None of the last.
Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value), Field(default="")]


# The same of a number, of which there are thousands: what is null is made "" where it is taken over.
Maybe = Annotated[str | None, Field(default=None)]


def _moment(value: object) -> int:
    """Give the seconds since 1970 of a moment as Twilio's API or its SDK has it; 0 for what cannot be read."""
    if isinstance(value, str):
        return _read(value)
    return _seconds(value) if isinstance(value, datetime) else 0


@functools.lru_cache(maxsize=1 << 10)  # numbers that were bought or written side by side show the same one
def _read(text: str) -> int:
    """Read a moment in either of the forms that Twilio's products have."""
    try:
        return _seconds(datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text))
    except ValueError:
        return 0


def _seconds(moment: datetime) -> int:
    try:
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return 0


# Nothing rests on a moment that is not there: then what we wrote is no longer told from what was there before.
Moment = Annotated[int, BeforeValidator(_moment), Field(default=0)]


class _Reading(VendorReading):
    model_config = ConfigDict(from_attributes=True)


Untyped = Any  # the SDK has no types


# What Twilio does not show is not there: such a number takes no texts, such a service answers by itself. Both are
# refused where it matters, and keep nobody from the others of a list.
Shown = Annotated[bool, BeforeValidator(lambda value: value is not None and value), Field(default=False)]


class _Capabilities(_Reading):
    sms: Shown


class NumberReading(_Reading):
    """A number with both of its channels."""

    sid: Needed
    account_sid: Needed
    phone_number: Needed
    capabilities: _Capabilities | None
    friendly_name: Maybe
    sms_url: Maybe
    sms_method: Maybe
    sms_fallback_url: Maybe
    sms_fallback_method: Maybe
    sms_application_sid: Maybe
    voice_url: Maybe
    voice_method: Maybe
    voice_fallback_url: Maybe
    voice_fallback_method: Maybe
    voice_application_sid: Maybe
    status_callback: Maybe
    status_callback_method: Maybe
    trunk_sid: Maybe
    identity_sid: Maybe
    address_sid: Maybe
    bundle_sid: Maybe
    date_updated: Moment


class ShortCodeReading(_Reading):
    """A short code, which takes texts and has neither TwiML App nor voice."""

    sid: Needed
    account_sid: Needed
    short_code: Needed
    friendly_name: Text
    sms_url: Text
    sms_method: Text
    sms_fallback_url: Text
    sms_fallback_method: Text
    date_updated: Moment


class AccountReading(_Reading):
    """An account or a subaccount."""

    sid: Needed
    friendly_name: Text
    status: Text


class OwnedReading(_Reading):
    """Whose anything is."""

    sid: Needed
    account_sid: Needed


class ServiceReading(OwnedReading):
    """A Messaging Service."""

    friendly_name: Text
    inbound_request_url: Text
    inbound_method: Text
    fallback_url: Text
    fallback_method: Text
    use_inbound_webhook_on_number: Shown
    date_updated: Moment


class PoolReading(_Reading):
    """A sender of a Messaging Service."""

    sid: Needed


class ThereReading(_Reading):
    """That there is one of this SID."""

    sid: Needed


# What cannot be read calls nobody that could be offered; the app is there all the same.
_Offered = Annotated[
    str, BeforeValidator(lambda value: value if isinstance(value, str) else ""), Field(default="")
]


class CalledReading(ThereReading):
    """A TwiML App, whatever else it shows, and whom it calls for texts."""

    sms_url: _Offered
    sms_method: _Offered


class AppReading(ThereReading):
    """A TwiML App, as far as texts go."""

    friendly_name: Text
    sms_url: Text
    sms_method: Text
    sms_fallback_url: Text
    sms_fallback_method: Text


class BrandReading(_Reading):
    """A 10DLC brand."""

    sid: Needed
    status: Text
    mock: bool | None = None


class CampaignReading(_Reading):
    """A 10DLC campaign of a Messaging Service."""

    brand_registration_sid: Text
    campaign_status: Text
    mock: bool | None = None


class VerificationReading(_Reading):
    """A toll-free number's verification."""

    tollfree_phone_number_sid: Needed
    status: Text


class _AutoCreation(_Reading):
    enabled: bool | None = None
    type: Text


class AddressReading(_Reading):
    """An address of Conversations."""

    sid: Needed
    account_sid: Needed
    type: Needed
    address: Needed
    auto_creation: _AutoCreation | None = None

    @property
    def starts_conversations(self) -> bool:
        """Texts from people who are in no conversation yet start one."""
        return bool(self.auto_creation and self.auto_creation.enabled)

    @property
    def kind(self) -> str:
        """Who takes part, in Twilio's words."""
        return self.auto_creation.type if self.auto_creation else ""


def read_as(model: type[Parsed], instance: Untyped, what: str) -> Parsed:
    """Parse an answer; UnexpectedResponse names the fields of another shape, and shows no value."""
    return read_strictly(model, instance, partial(unexpected, what), "Twilio")


def read_entries(
    model: type[Parsed], entries: list[Untyped], called_by: str = "friendly_name"
) -> Listed[Parsed]:
    """Read every entry of a list by itself; `called_by` is the field that people know one by."""
    return read_each(model, entries, id_field="sid", name_field=called_by)


def unexpected(what: str, why: str) -> UnexpectedResponse:
    """Give the trouble of an answer of another shape than Twilio's."""
    return UnexpectedResponse(
        vendor="Twilio",
        what=what,
        why=why,
        advice="Check TWILIO_BASE_URL (config: twilio:baseUrl): is this Twilio?",
    )


def lacks(what: str, unread: Unread) -> UnexpectedResponse:
    """Give the trouble of an entry of a list that a decision rests on, and that cannot be read."""
    return unexpected(what, f"the answer lacks what Twilio promises of {unread.id}: {unread.why}")


def as_asked(found: str, asked: str, what: str) -> None:
    """Raise UnexpectedResponse where an answer is about another thing than was asked for."""
    if found != asked:
        raise unexpected(what, f"the answer is about another one ({mark(found, ())})")


def may_be(unread: Unread, key: str) -> bool:
    """Tell whether what cannot be read is the number of this SID, E.164 form or short code, or may be.

    Every number has both: one without is one whose own cannot be read.
    """
    if key[:2] in ("PN", "SC"):
        return unread.may_have(key)
    return not unread.name or unread.name == key


def number_of(found: NumberReading) -> TwilioNumber:
    """Give one reading of a number."""
    return TwilioNumber(
        sid=found.sid,
        account_sid=found.account_sid,
        number=found.phone_number,
        messaging=Routing(
            url=found.sms_url or "",
            method=found.sms_method or "",
            fallback_url=found.sms_fallback_url or "",
            fallback_method=found.sms_fallback_method or "",
            application_sid=found.sms_application_sid or "",
        ),
        voice=VoiceRouting(
            url=found.voice_url or "",
            method=found.voice_method or "",
            fallback_url=found.voice_fallback_url or "",
            fallback_method=found.voice_fallback_method or "",
            application_sid=found.voice_application_sid or "",
            status_callback=found.status_callback or "",
            status_callback_method=found.status_callback_method or "",
            trunk_sid=found.trunk_sid or "",
        ),
        can_sms=found.capabilities is not None and found.capabilities.sms,
        friendly_name=found.friendly_name or "",
        identity_sid=found.identity_sid or "",
        address_sid=found.address_sid or "",
        bundle_sid=found.bundle_sid or "",
        updated=found.date_updated,
    )


def short_code_of(found: ShortCodeReading) -> TwilioNumber:
    """Give one reading of a short code."""
    return TwilioNumber(
        sid=found.sid,
        account_sid=found.account_sid,
        number=found.short_code,
        messaging=Routing(
            url=found.sms_url,
            method=found.sms_method,
            fallback_url=found.sms_fallback_url,
            fallback_method=found.sms_fallback_method,
        ),
        voice=VoiceRouting(),
        friendly_name=found.friendly_name,
        updated=found.date_updated,
    )
