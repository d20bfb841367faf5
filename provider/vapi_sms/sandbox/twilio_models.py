"""Twilio's side: accounts, who may see them, and what is in them. Knows no HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vapi_sms.sandbox import compliance, conversations
from vapi_sms.sandbox.clock import Clock, iso_seconds, rfc2822
from vapi_sms.sandbox.errors import TwilioError, unknown_parameter
from vapi_sms.sandbox.parameters import SERVICE_PARAMETERS, parsed
from vapi_sms.sandbox.seed import SeedError
from vapi_sms.sandbox.short_code import ShortCode, short_code_of
from vapi_sms.sandbox.twilio_number import Number, Record, numbers_of

if TYPE_CHECKING:
    from datetime import datetime

    from vapi_sms.sandbox.seed import AccountSeed, ApplicationSeed, ServiceSeed, TwilioSeed


@dataclass(slots=True)
class Service:
    """A Messaging Service and its pool: when each number came, by PN SID."""

    record: Record
    pool: dict[str, str] = field(default_factory=dict)

    def write(self, changes: Record, at: datetime) -> None:
        """Set fields as they are."""
        self.record.update(changes)
        self.record["date_updated"] = iso_seconds(at)

    def post(self, form: dict[str, str], at: datetime) -> None:
        """Change what the form names, or refuse and change nothing."""
        for name in form:
            if name not in SERVICE_PARAMETERS:
                raise unknown_parameter(name, "Service")
        self.write({SERVICE_PARAMETERS[name].field: parsed(name, value) for name, value in form.items()}, at)


@dataclass(slots=True)
class Account:
    """An account or subaccount with its credentials and its things, by SID."""

    sid: str
    auth_token: str
    parent: str | None
    api_keys: dict[str, str]
    numbers: dict[str, Number] = field(default_factory=dict)
    applications: dict[str, Record] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    short_codes: dict[str, ShortCode] = field(default_factory=dict)
    campaigns: dict[str, Record] = field(default_factory=dict)
    brands: dict[str, Record] = field(default_factory=dict)
    tollfree: dict[str, Record] = field(default_factory=dict)
    conversation_addresses: dict[str, Record] = field(default_factory=dict)


class Twilio:
    """All accounts, with one index for each question that is asked often."""

    def __init__(self, seed: TwilioSeed, clock: Clock) -> None:
        self.clock = clock
        self.accounts: dict[str, Account] = {}
        self.by_phone: dict[str, Number] = {}
        self.service_of: dict[str, Service] = {}
        for account in seed.accounts:
            self._settle(account)

    def number(self, name: str) -> Number | None:
        """Find a number by E.164 or by SID."""
        if name in self.by_phone:
            return self.by_phone[name]
        return next((a.numbers[name] for a in self.accounts.values() if name in a.numbers), None)

    def recipient(self, name: str) -> Number | ShortCode | None:
        """Find what takes a text: a number or a short code."""
        codes = (code for account in self.accounts.values() for code in account.short_codes.values())
        return self.by_phone.get(name) or next((c for c in codes if c.record["short_code"] == name), None)

    def account_of(self, number: Number | ShortCode) -> Account:
        """Return the account that owns the number."""
        return self.accounts[number.record["account_sid"]]

    def authenticate(self, user: str, password: str) -> Account:
        """Return the account that these credentials belong to, or refuse them."""
        for account in self.accounts.values():
            if user == account.sid and password == account.auth_token:
                return account
            if user in account.api_keys and password == account.api_keys[user]:
                return account
        raise TwilioError(401, 20003, "Authenticate")

    def reach(self, caller: Account, sid: str) -> Account:
        """Return the account of a path, if the caller is it or its parent."""
        account = self.accounts.get(sid)
        if account is None or caller.sid not in (account.sid, account.parent):
            raise TwilioError(401, 20003, "Authenticate")
        return account

    def release(self, number: Number) -> None:
        """Let a number be gone, as after a release in the Console."""
        del self.account_of(number).numbers[number.sid]
        del self.by_phone[number.phone_number]
        service = self.service_of.pop(number.sid, None)
        if service is not None:
            del service.pool[number.sid]

    def dissolve(self, account: Account, service: Service) -> None:
        """Let a service be gone, as after a deletion in the Console; its numbers stay."""
        del account.services[service.record["sid"]]
        for sid in service.pool:
            del self.service_of[sid]

    def join(self, number: Number, service: Service | None) -> None:
        """Put a number into a service, out of the one it is in; None takes it out."""
        before = self.service_of.pop(number.sid, None)
        if before is not None:
            del before.pool[number.sid]
        if service is not None:
            service.pool[number.sid] = iso_seconds(self.clock.now())
            self.service_of[number.sid] = service

    def _settle(self, seed: AccountSeed) -> None:
        account = Account(seed.sid, seed.auth_token, seed.parent, dict(seed.api_keys))
        self.accounts[seed.sid] = account
        for described in seed.numbers:
            for number in numbers_of(described, seed.sid, self.clock.seeded()):
                if number.phone_number in self.by_phone:
                    raise SeedError(f"seed: {number.phone_number} is there twice")
                account.numbers[number.sid] = number
                self.by_phone[number.phone_number] = number
        for app in seed.applications:
            account.applications[app.sid] = _application(app, seed.sid, self.clock.seeded())
        for service in seed.messaging_services:
            self._settle_service(account, service)
        for code in seed.short_codes:
            account.short_codes[code.sid] = short_code_of(code, seed.sid, self.clock.seeded())
        for address in seed.conversation_addresses:
            found = conversations.address(address, seed.sid, self.clock.seeded())
            account.conversation_addresses[address.sid] = found
        self._settle_compliance(account, seed)

    def _settle_compliance(self, account: Account, seed: AccountSeed) -> None:
        date = iso_seconds(self.clock.seeded())
        for brand in seed.brands:
            account.brands[brand.sid] = compliance.brand(brand, account.sid, date)
        for service in seed.messaging_services:
            if service.campaign is not None:
                found = compliance.campaign(service.campaign, account.sid, service.sid, date)
                account.campaigns[service.sid] = found
        for verification in seed.tollfree_verifications:
            number = self.by_phone.get(verification.number)
            if number is None:
                raise SeedError(f"seed: {verification.number} has a verification, but is no number here")
            found = compliance.tollfree(verification, account.sid, number.sid, date)
            account.tollfree[verification.sid] = found

    def _settle_service(self, account: Account, seed: ServiceSeed) -> None:
        service = Service(_service(seed, account.sid, self.clock.seeded()))
        account.services[seed.sid] = service
        for phone_number in seed.numbers:
            number = self.by_phone.get(phone_number)
            if number is None or number.sid not in account.numbers:
                raise SeedError(
                    f"seed: service {seed.sid} names {phone_number}, which its account does not have"
                )
            if number.sid in self.service_of:
                raise SeedError(f"seed: {phone_number} is in two Messaging Services")
            service.pool[number.sid] = iso_seconds(self.clock.seeded())
            self.service_of[number.sid] = service


def _application(seed: ApplicationSeed, account_sid: str, at: datetime) -> Record:
    date = rfc2822(at)
    return {
        **seed.model_dump(),
        "account_sid": account_sid,
        "api_version": "2010-04-01",
        "date_created": date,
        "date_updated": date,
        "message_status_callback": None,
        "sms_status_callback": None,
        "status_callback": None,
        "status_callback_method": "POST",
        "voice_caller_id_lookup": False,
        "voice_fallback_method": "POST",
        "voice_fallback_url": None,
        "public_application_connect_enabled": False,
        "uri": f"/2010-04-01/Accounts/{account_sid}/Applications/{seed.sid}.json",
    }


def _service(seed: ServiceSeed, account_sid: str, at: datetime) -> Record:
    date = iso_seconds(at)
    return {
        **seed.model_dump(exclude={"numbers", "campaign"}),
        "account_sid": account_sid,
        "date_created": date,
        "date_updated": date,
        "status_callback": None,
        "sticky_sender": True,
        "mms_converter": True,
        "smart_encoding": True,
        "scan_message_content": "inherit",
        "fallback_to_long_code": True,
        "area_code_geomatch": True,
        "synchronous_validation": False,
        "validity_period": 14400,
        "usecase": "undeclared",
        "us_app_to_person_registered": seed.campaign is not None,
    }
