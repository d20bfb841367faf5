"""One Twilio number: its record as Twilio shows it, and the rules of changing it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from vapi_sms.sandbox.control.clock import rfc2822
from vapi_sms.sandbox.errors import CONTRADICTION, SandboxRefusal, TwilioError, forbidden, unknown_parameter
from vapi_sms.sandbox.twilio.parameters import NUMBER_PARAMETERS, parsed

if TYPE_CHECKING:
    from datetime import datetime

    from vapi_sms.sandbox.twilio.seed import NumberSeed, Requires

Record: TypeAlias = dict[str, Any]

DEMO_SMS = "https://demo.twilio.com/welcome/sms/reply"
DEMO_VOICE = "https://demo.twilio.com/welcome/voice/"
_BAD = 400
_FRIENDLY_NAME_LIMIT = 64
# The mix of null and "" is Twilio's own; see the reference, "Unset is inconsistent".
_UNSET: Record = {
    "sms_url": "",
    "sms_method": "POST",
    "sms_fallback_url": "",
    "sms_fallback_method": "POST",
    "sms_application_sid": "",
    "voice_url": None,
    "voice_method": "POST",
    "voice_fallback_url": None,
    "voice_fallback_method": "POST",
    "voice_application_sid": "",
    "status_callback": "",
    "status_callback_method": "POST",
    "trunk_sid": None,
    "address_sid": None,
    "identity_sid": None,
    "bundle_sid": None,
}
_UNSET_WHEN_HOSTED: Record = {name: None for name in _UNSET if name.endswith(("_method", "_application_sid"))}
_SEEDED = (*_UNSET, "voice_caller_id_lookup", "voice_receive_mode", "address_requirements", "origin", "beta")


@dataclass(frozen=True, slots=True)
class Number:
    """A number and what regulation asks of its changes; a change makes another one."""

    record: Record
    requires: Requires

    @property
    def sid(self) -> str:
        """Return the PN SID."""
        return str(self.record["sid"])

    @property
    def phone_number(self) -> str:
        """Return the number as E.164."""
        return str(self.record["phone_number"])

    def can(self, capability: str) -> bool:
        """Tell whether the number has voice, sms, mms or fax."""
        return bool((self.record["capabilities"] or {}).get(capability))

    def written(self, changes: Record, at: datetime) -> Number:
        """Return it with other fields, without any rule: what Vapi and people in the Console do."""
        return replace(self, record={**self.record, **changes, "date_updated": rfc2822(at)})

    def posted(self, form: dict[str, str], applications: set[str], at: datetime) -> Number:
        """Return it with what the form names and nothing else changed, or refuse as Twilio does."""
        form = self._without_its_own_account(form)
        for name in form:
            if name not in NUMBER_PARAMETERS:
                raise unknown_parameter(name, "IncomingPhoneNumber")
        changes = {NUMBER_PARAMETERS[name].field: parsed(name, value) for name, value in form.items()}
        self._refuse_a_long_name(changes)
        self._refuse_texts_without_capability(changes)
        self._refuse_unknown_applications(changes, applications)
        self._refuse_missing_regulation(form)
        changes = _with_exclusive_pair(changes)
        refuse_a_fallback_without_url(self.record, changes, "sms", 21406)
        refuse_a_fallback_without_url(self.record, changes, "voice", 21405)
        return self.written(changes, at)

    def _without_its_own_account(self, form: dict[str, str]) -> dict[str, str]:
        # Some clients name the account at each update; only another account's SID is a move.
        if form.get("AccountSid", self.record["account_sid"]) != self.record["account_sid"]:
            raise forbidden("AccountSid would move the number to another account")
        return {name: value for name, value in form.items() if name != "AccountSid"}

    def _refuse_a_long_name(self, changes: Record) -> None:
        if len(changes.get("friendly_name") or "") > _FRIENDLY_NAME_LIMIT:
            raise TwilioError(_BAD, 20001, "FriendlyName is longer than 64 characters")

    def _refuse_texts_without_capability(self, changes: Record) -> None:
        routing = ("sms_url", "sms_fallback_url", "sms_application_sid")
        if not self.can("sms") and any(changes.get(name) for name in routing):
            raise TwilioError(_BAD, 21407, f"{self.phone_number} is not capable of receiving SMS messages")

    def _refuse_unknown_applications(self, changes: Record, applications: set[str]) -> None:
        for name in ("sms_application_sid", "voice_application_sid"):
            sid = changes.get(name)
            if sid and sid not in applications:
                raise TwilioError(_BAD, 21420, f"Application Sid is not accessible: {sid}")

    def _refuse_missing_regulation(self, form: dict[str, str]) -> None:
        asked = self.requires
        if asked.address_sid and not form.get("AddressSid"):
            raise TwilioError(
                _BAD, 21631, "Phone Number Requires an Address but the AddressSid parameter was empty"
            )
        if asked.address_sid and form.get("AddressSid") != asked.address_sid:
            raise TwilioError(_BAD, 21615, "PhoneNumber Requires a Local Address")
        if asked.identity_sid and form.get("IdentitySid") != asked.identity_sid:
            raise TwilioError(
                _BAD,
                21650,
                "Phone Number Requires a Verified Identity Document: IdentitySid is missing or invalid",
            )
        if asked.bundle_sid and form.get("BundleSid") != asked.bundle_sid:
            raise TwilioError(_BAD, 21649, "Bundle required: BundleSid is missing or invalid")


def refuse_a_fallback_without_url(record: Record, changes: Record, channel: str, code: int) -> None:
    """Refuse changes after which a channel has a fallback and no URL."""
    url, fallback = f"{channel}_url", f"{channel}_fallback_url"
    if url not in changes and fallback not in changes:
        return
    after = {**record, **changes}
    if after[fallback] and not after[url]:
        raise TwilioError(_BAD, code, f"{channel.title()}FallbackUrl was given without {channel.title()}Url")


def _with_exclusive_pair(changes: Record) -> Record:
    trunk, application = changes.get("trunk_sid"), changes.get("voice_application_sid")
    if trunk and application:
        why = "TrunkSid and VoiceApplicationSid exclude each other: send only one of them non-empty"
        raise SandboxRefusal(CONTRADICTION, why)
    if trunk:
        return {**changes, "voice_application_sid": ""}
    if application:
        return {**changes, "trunk_sid": None}
    return changes


def derived_sid(prefix: str, *parts: str) -> str:
    """Return a SID that is always the same for the same parts."""
    return prefix + hashlib.sha256("/".join(parts).encode()).hexdigest()[:32]


def numbers_of(seed: NumberSeed, account_sid: str, at: datetime) -> list[Number]:
    """Return the number that the seed describes, or all numbers of its range."""
    if seed.range is None:
        assert seed.phone_number is not None  # noqa: S101 - the seed's validator holds it
        return [_number(seed, account_sid, seed.phone_number, at)]
    first = int(seed.range.first[1:])
    return [_number(seed, account_sid, f"+{first + step}", at) for step in range(seed.range.count)]


def bought(number: Number, *, with_demo: bool) -> Number:
    """Return a number as it is when it was just bought: in the Console with Twilio's demo, over the API without."""
    changes: Record = {"voice_application_sid": None, "emergency_status": "Active"}
    if with_demo:
        changes |= {"sms_url": DEMO_SMS, "voice_url": DEMO_VOICE}
    return replace(number, record={**number.record, **changes})


def _number(seed: NumberSeed, account_sid: str, phone_number: str, at: datetime) -> Number:
    sid = seed.sid or derived_sid("PN", phone_number)
    date = rfc2822(at)
    record: Record = {
        "sid": sid,
        "account_sid": account_sid,
        "phone_number": phone_number,
        "friendly_name": seed.friendly_name or _spoken(phone_number),
        "api_version": "2010-04-01",
        "capabilities": seed.capabilities and seed.capabilities.model_dump(),
        "date_created": date,
        "date_updated": date,
        "emergency_status": "Inactive",
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "status": "in-use",
        "type": "local",
        "uri": f"/2010-04-01/Accounts/{account_sid}/IncomingPhoneNumbers/{sid}.json",
        **_UNSET,
        **(_UNSET_WHEN_HOSTED if seed.origin == "hosted" else {}),
        **seed.requires.model_dump(),
    }
    for name in _SEEDED:
        value = getattr(seed, name)
        if name in seed.model_fields_set or name not in _UNSET:
            record[name] = value.replace("{number}", phone_number[1:]) if isinstance(value, str) else value
    return Number(record, seed.requires)


def _spoken(phone_number: str) -> str:
    if len(phone_number) == len("+14155550100") and phone_number.startswith("+1"):
        return f"({phone_number[2:5]}) {phone_number[5:8]}-{phone_number[8:]}"
    return phone_number
