"""Twilio's side: accounts, who may see them, and what is in them. Knows no HTTP."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Literal

from vapi_sms.sandbox.control.clock import Clock, iso_seconds, rfc2822
from vapi_sms.sandbox.control.seed import SeedError
from vapi_sms.sandbox.errors import TwilioError
from vapi_sms.sandbox.kept import Kept
from vapi_sms.sandbox.twilio import compliance, conversations
from vapi_sms.sandbox.twilio.account import Account, Service, account_record
from vapi_sms.sandbox.twilio.number import Number, Record, numbers_of
from vapi_sms.sandbox.twilio.seed import ServiceSeed
from vapi_sms.sandbox.twilio.short_code import ShortCode, short_code_of
from vapi_sms.sandbox.twilio.traffic import alerts, messages, orchestrator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from vapi_sms.sandbox.control.seed_models import TwilioSeed
    from vapi_sms.sandbox.twilio.seed import AccountSeed, ApplicationSeed


class Twilio:
    """All accounts, with one index for each question that is asked often."""

    def __init__(self, seed: TwilioSeed, clock: Clock) -> None:
        self.clock = clock
        self.accounts: dict[str, Account] = {}
        self.account_records: Kept[Record] = Kept()
        self.by_phone: dict[str, Number] = {}
        self._service_of: dict[str, str] = {}
        for account in seed.accounts:
            self._settle(account)
        self.settle()

    def as_of(self, instant: float) -> Twilio:
        """Return what was here at an instant of the monotonic clock; its indexes are of the present."""
        then = copy.copy(self)
        then.accounts = {sid: account.as_of(instant) for sid, account in self.accounts.items()}
        then.account_records = self.account_records.as_of(instant)
        return then

    def settle(self) -> None:
        """Let what is here now count as what was always here."""
        for things in self.kept():
            things.settle()

    def kept(self) -> Iterator[Kept[Any]]:
        """Give all that remembers what it was."""
        yield self.account_records
        for account in self.accounts.values():
            yield from (things for _, things in account.kept())

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

    def service_of(self, number: Number | ShortCode) -> Service | None:
        """Return the Messaging Service that the number is in."""
        sid = self._service_of.get(number.sid)
        return None if sid is None else self.account_of(number).services[sid]

    def authenticate(self, user: str, password: str) -> Account:
        """Return the account that these credentials belong to, or refuse them."""
        for account in self.accounts.values():
            if (user == account.sid and password == account.auth_token) or (
                user in account.api_keys and password == account.api_keys[user]
            ):
                return account
        raise TwilioError(401, 20003, "Authenticate")

    def is_active(self, account: Account) -> bool:
        """Tell whether an account and its parent are active: with a parent its subaccounts are suspended, too."""
        own = self.account_records[account.sid]["status"] == "active"
        return own and (account.parent is None or self.is_active(self.accounts[account.parent]))

    def refuse_inactive(self, account: Account, code: Literal[20003, 20005] = 20005) -> None:
        """Refuse the credentials of an account that is suspended or closed; Twilio documents both codes for it."""
        if self.is_active(account):
            return
        if code == 20003:  # noqa: PLR2004 - Twilio's own
            raise TwilioError(401, code, "Authenticate")
        raise TwilioError(403, code, "Account not active")

    def reach(self, caller: Account, sid: str) -> Account:
        """Return the account of a path, if the caller is it or its parent."""
        account = self.accounts.get(sid)
        if account is None or caller.sid not in (account.sid, account.parent):
            raise TwilioError(401, 20003, "Authenticate")
        return account

    def keep(self, number: Number) -> Number:
        """Keep a number as it is now, in the account that it names."""
        self.account_of(number).numbers[number.sid] = number
        self.by_phone[number.phone_number] = number
        return number

    def write(self, number: Number, changes: Record) -> Number:
        """Set fields of a number, without any rule; return it as it is then."""
        return self.keep(number.written(changes, self.clock.now()))

    def move(self, number: Number, account: Account) -> Number:
        """Move a number to another account; its SID stays, its Messaging Service does not."""
        self.release(number)
        path = f"/2010-04-01/Accounts/{account.sid}/IncomingPhoneNumbers/{number.sid}.json"
        return self.write(number, {"account_sid": account.sid, "uri": path})

    def release(self, number: Number) -> None:
        """Let a number be gone, as after a release in the Console."""
        self.join(number, None)
        del self.account_of(number).numbers[number.sid]
        del self.by_phone[number.phone_number]

    def found_service(self, account: Account, sid: str) -> None:
        """Make a Messaging Service that has no numbers yet, as in the Console."""
        account.services[sid] = Service(_service(ServiceSeed(sid=sid), account.sid, self.clock.now()))

    def dissolve(self, account: Account, service: Service) -> None:
        """Let a service be gone, as after a deletion in the Console; its numbers stay."""
        del account.services[service.sid]
        for sid in service.pool:
            del self._service_of[sid]

    def join(self, number: Number, service: Service | None) -> None:
        """Put a number into a service, out of the one it is in; None takes it out."""
        services, before = self.account_of(number).services, self.service_of(number)
        if before is not None:
            services[before.sid] = before.left_by(number.sid)
            del self._service_of[number.sid]
        if service is not None:
            now = iso_seconds(self.clock.now())
            services[service.sid] = services[service.sid].joined_by(number.sid, now)
            self._service_of[number.sid] = service.sid

    def _settle(self, seed: AccountSeed) -> None:
        account = Account(seed.sid, seed.auth_token, seed.parent, dict(seed.api_keys))
        self.accounts[seed.sid] = account
        self.account_records[seed.sid] = account_record(seed, self.clock.seeded())
        for described in seed.numbers:
            for number in numbers_of(described, seed.sid, self.clock.seeded()):
                if number.phone_number in self.by_phone:
                    raise SeedError(f"seed: {number.phone_number} is there twice")
                self.keep(number)
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
        self._settle_traffic(account, seed)

    def _settle_traffic(self, account: Account, seed: AccountSeed) -> None:
        now = self.clock.shown()
        for message in seed.messages:
            messages.seeded(account, message, now)
        for alert in seed.alerts:
            alerts.seeded(account, alert, now)
        for described in seed.orchestrator_configurations:
            found = orchestrator.configuration(described, self.clock.seeded())
            account.configurations[described.id] = found

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
        pool: dict[str, str] = {}
        for phone_number in seed.numbers:
            number = self.by_phone.get(phone_number)
            if number is None or number.sid not in account.numbers:
                raise SeedError(
                    f"seed: service {seed.sid} names {phone_number}, which its account does not have"
                )
            if number.sid in self._service_of:
                raise SeedError(f"seed: {phone_number} is in two Messaging Services")
            pool[number.sid] = iso_seconds(self.clock.seeded())
            self._service_of[number.sid] = seed.sid
        record = _service(seed, account.sid, self.clock.seeded())
        account.services[seed.sid] = Service(record, pool, seed.advanced_opt_out)


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
        **seed.model_dump(exclude={"numbers", "campaign", "advanced_opt_out"}),
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
