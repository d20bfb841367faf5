"""Vapi's refusals and silences as situations: what, why, and what to do next."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
from vapi_sms.live.calling.calls import NO_REASON, AttemptError, Outcome

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_EXISTING = re.compile(rf"Existing Phone Number ({_UUID})", re.IGNORECASE)
_OTHER_ORG = re.compile(r"in use by another org", re.IGNORECASE)
_UNSEEN = re.compile(r"Number Not Found on Twilio", re.IGNORECASE)
_CHECK_KEY = (
    "Check VAPI_API_KEY (config: vapi:apiKey): Vapi wants the org's private key, not the public one, and a "
    "key of the EU works with VAPI_BASE_URL=https://api.eu.vapi.ai only"
)
_MOVE_IT = (
    "Vapi holds a number in one org only: delete it in the org that has it (Vapi dashboard, Phone Numbers), "
    "or use that org's key"
)
_CHECK_WHAT_VAPI_GETS = (
    "The credentials that Vapi is given do not see this number: check VAPI_TWILIO_API_KEY and "
    "VAPI_TWILIO_API_SECRET (config: vapi:twilioApiKey, vapi:twilioApiSecret) if you set them, else the "
    "Twilio account"
)
_PAY = (
    "Vapi answers texts only where a card is saved and paid with (Vapi dashboard, Billing); calls are not affected. "
    f"Then {AGAIN}"
)
_ADDRESS = "VAPI_BASE_URL (config: vapi:baseUrl)"

_Situation = tuple[type[VendorTrouble], str, str]


@dataclass(eq=False)
class AlreadyImported(VendorRefused):
    """The org has this number already, as `existing_id`."""

    existing_id: str = ""


class InOtherOrg(VendorRefused):
    """Another Vapi org has this number."""


class NotSeenByVapi(VendorRefused):
    """The credentials that Vapi was given do not see this number at Twilio."""


class TokenStays(VendorRefused):
    """Vapi takes no null for the auth token that it has of a number, and would prefer that to a key."""

    @classmethod
    def of(cls, refused: VendorRefused) -> TokenStays:
        """Say of a refusal what it means, and the two ways out."""
        return cls(
            vendor=refused.vendor,
            what=refused.what,
            why="the auth token that Vapi was given before cannot be taken away, and Vapi would go on using it in "
            f"place of the key ({refused.why.rstrip('.')})",
            advice="Delete the number in Vapi (dashboard, Phone Numbers) and run the same command again, which imports "
            "it anew with the key: texts are not answered in between. Or unset VAPI_TWILIO_API_KEY and _SECRET "
            "(config: vapi:twilioApiKey, vapi:twilioApiSecret)",
            status=refused.status,
            code=refused.code,
            request_id=refused.request_id,
        )


def vapi_trouble(what: str, failed: AttemptError, *, importing: bool) -> VendorTrouble:
    """Turn the last failed attempt into the trouble that a person reads."""
    known = (VendorUnavailable, failed.why, failed.advice) if failed.advice else None
    kind, why, advice = known or _situation(failed, importing=importing)
    trouble = kind(
        vendor="Vapi",
        what=what,
        why=why,
        advice=advice if advice.endswith("?") else f"{advice}.",
        status=failed.status,
        code=failed.code,
        request_id=failed.request_id,
    )
    if isinstance(trouble, AlreadyImported):
        trouble.existing_id = _EXISTING.findall(failed.why)[0]
    return trouble


def _situation(failed: AttemptError, *, importing: bool) -> _Situation:
    if failed.outcome is Outcome.BUSY:
        return VendorUnavailable, f"too many requests at once: {failed.why}", f"Wait, then {AGAIN}"
    if failed.outcome is not Outcome.FINAL:
        return _unserved(failed, importing=importing)
    if failed.status is None or failed.status < HTTPStatus.BAD_REQUEST:
        return UnexpectedResponse, failed.why, f"Check {_ADDRESS}: is this Vapi?"
    if failed.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return BadCredentials, failed.why, _CHECK_KEY
    if failed.status == HTTPStatus.PAYMENT_REQUIRED:
        return VendorRefused, failed.why, _PAY
    return _refusal(failed.why)


def _unserved(failed: AttemptError, *, importing: bool) -> _Situation:
    if importing and failed.outcome is not Outcome.UNSENT:
        return AnswerLost, failed.why, f"The number may be imported or not: {AGAIN}, which looks first"
    if failed.status is None:
        return VendorUnavailable, failed.why, f"Check the network and {_ADDRESS}, then {AGAIN}"
    return VendorUnavailable, f"Vapi failed: {failed.why}", f"See status.vapi.ai, then {AGAIN}"


def _refusal(why: str) -> _Situation:
    if _EXISTING.search(why):
        return AlreadyImported, why, "Declare `adopt=True` to take over the number that this org has already"
    if _OTHER_ORG.search(why):
        return InOtherOrg, why, _MOVE_IT
    if _UNSEEN.search(why):
        return NotSeenByVapi, why, _CHECK_WHAT_VAPI_GETS
    if why == NO_REASON:
        return VendorRefused, why, f"Check {_ADDRESS}: is this Vapi?"
    return VendorRefused, why, f"Correct what Vapi names, then {AGAIN}"
