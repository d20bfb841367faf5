"""A short code: like a number, but for texts only and with fewer fields."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vapi_sms.sandbox.control.clock import rfc2822
from vapi_sms.sandbox.errors import unknown_parameter
from vapi_sms.sandbox.twilio.number import Record, refuse_a_fallback_without_url
from vapi_sms.sandbox.twilio.parameters import NUMBER_PARAMETERS, parsed

if TYPE_CHECKING:
    from datetime import datetime

    from vapi_sms.sandbox.twilio.seed import ShortCodeSeed

_PARAMETERS = ("FriendlyName", "ApiVersion", "SmsUrl", "SmsMethod", "SmsFallbackUrl", "SmsFallbackMethod")


@dataclass(frozen=True, slots=True)
class ShortCode:
    """A short code as Twilio shows it."""

    record: Record

    @property
    def sid(self) -> str:
        """Return the SC SID."""
        return str(self.record["sid"])

    def can(self, capability: str) -> bool:
        """Tell whether it takes texts or pictures, which every short code does."""
        return capability in ("sms", "mms")

    def posted(self, form: dict[str, str], at: datetime) -> ShortCode:
        """Return it with what the form names changed, or refuse as Twilio does."""
        for name in form:
            if name not in _PARAMETERS:
                raise unknown_parameter(name, "ShortCode")
        changes = {NUMBER_PARAMETERS[name].field: parsed(name, value) for name, value in form.items()}
        refuse_a_fallback_without_url(self.record, changes, "sms", 21406)
        return replace(self, record={**self.record, **changes, "date_updated": rfc2822(at)})


def short_code_of(seed: ShortCodeSeed, account_sid: str, at: datetime) -> ShortCode:
    """Return the short code that the seed describes."""
    date = rfc2822(at)
    given = seed.model_dump()
    record = {
        **given,
        "friendly_name": given["friendly_name"] or seed.short_code,
        "account_sid": account_sid,
        "api_version": "2010-04-01",
        "date_created": date,
        "date_updated": date,
        "uri": f"/2010-04-01/Accounts/{account_sid}/SMS/ShortCodes/{seed.sid}.json",
    }
    return ShortCode(record)
