"""Twilio's refusals and silences as situations: what, why, and what to do next."""

from __future__ import annotations

from http import HTTPStatus

from vapi_sms.core.errors import (
    AGAIN,
    AnswerLost,
    BadCredentials,
    UnexpectedResponse,
    VendorRefused,
    VendorTrouble,
    VendorUnavailable,
)
from vapi_sms.live.calling.calls import AttemptError, Outcome

_ADDRESS_SID, _LOCAL = ("an address", "address_sid"), ("an address in the number's own area", "address_sid")
_RULES = {
    "21613": _ADDRESS_SID,
    "21615": _LOCAL,
    "21631": _ADDRESS_SID,
    "21649": ("a regulatory bundle that Twilio approved", "bundle_sid"),
    "21650": ("an identity that Twilio verified", "identity_sid"),
}
_COMPLY = (
    "The rules for this number ask for {what}: complete it in Twilio's Console (Phone Numbers, Regulatory "
    f"Compliance), name it with {{name}}= where a TwilioSmsRoute declares the number, then {AGAIN}"
)
NEEDS_REGULATORY_SIDS = _RULES.keys()
"""The codes by which Twilio asks for an address, an identity or a bundle."""

_WHOLE = "Give a URL together with its fallback URL"
_ADVICE = {
    "20404": "It does not exist, or these credentials do not see it: check the account",
    "21402": "Twilio takes absolute, public http or https addresses only: correct the URL",
    "21403": "A method is GET or POST",
    "21405": _WHOLE,
    "21406": _WHOLE,
    "21407": "This number cannot receive texts: declare a number with the SMS capability",
    "21420": (
        "The TwiML App was deleted or belongs to another account: declare `restore_to` with the routing that "
        "you want back"
    ),
} | {code: _COMPLY.format(what=what, name=name) for code, (what, name) in _RULES.items()}
_KEYS = (
    "TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or with TWILIO_API_KEY and TWILIO_API_SECRET "
    "(config: twilio:accountSid, twilio:authToken, twilio:apiKey, twilio:apiSecret)"
)
_ALL_LOOK_ALIKE = (
    "a wrong or revoked key, another account's, another region's, and an account that is suspended or closed all look "
    "like this"
)
_INACTIVE = "20005"
_REACTIVATE = f"The Twilio account, or its parent, is suspended or closed: see Twilio's Console, then {AGAIN}"
_NEEDED_RIGHTS = (
    "The key may not do this: it needs to read and update phone numbers, and to read TwiML Apps and "
    "Messaging Services"
)
_ABOUT_CREDENTIALS = {
    HTTPStatus.UNAUTHORIZED: f"Check {_KEYS}: {_ALL_LOOK_ALIKE}",
    HTTPStatus.FORBIDDEN: _NEEDED_RIGHTS,
}
_ADDRESS = "TWILIO_BASE_URL (config: twilio:baseUrl)"

_Situation = tuple[type[VendorTrouble], str, str]


def twilio_trouble(what: str, failed: AttemptError, *, writing: bool) -> VendorTrouble:
    """Turn the last failed attempt into the trouble that a person reads."""
    known = (VendorUnavailable, failed.why, failed.advice) if failed.advice else None
    kind, why, advice = known or _situation(failed, writing=writing)
    return kind(
        vendor="Twilio",
        what=what,
        why=why,
        advice=advice if advice.endswith("?") else f"{advice}.",
        status=failed.status,
        code=failed.code,
        request_id=failed.request_id,
    )


def _situation(failed: AttemptError, *, writing: bool) -> _Situation:
    if failed.outcome is Outcome.BUSY:
        return VendorUnavailable, f"too many requests at once: {failed.why}", f"Wait, then {AGAIN}"
    if failed.outcome is not Outcome.FINAL:
        return _unserved(failed, writing=writing)
    if failed.status is None or failed.status < HTTPStatus.BAD_REQUEST:
        return UnexpectedResponse, failed.why, f"Check {_ADDRESS}: is this Twilio?"
    if failed.status in _ABOUT_CREDENTIALS:
        advice = _REACTIVATE if failed.code == _INACTIVE else _ABOUT_CREDENTIALS[HTTPStatus(failed.status)]
        return BadCredentials, failed.why, advice
    return VendorRefused, failed.why, _ADVICE.get(failed.code) or _see(failed.code)


def _unserved(failed: AttemptError, *, writing: bool) -> _Situation:
    may_be_done = writing and failed.outcome is not Outcome.UNSENT
    kind = AnswerLost if may_be_done else VendorUnavailable
    if failed.status is None:
        return kind, failed.why, f"Check the network and {_ADDRESS}, then {AGAIN}"
    return kind, f"Twilio failed: {failed.why}", f"See status.twilio.com, then {AGAIN}"


def _see(code: str) -> str:
    if code.isdecimal():
        return f"Twilio explains it at www.twilio.com/docs/errors/{code}"
    return f"Check {_ADDRESS}: Twilio itself gives a code"
