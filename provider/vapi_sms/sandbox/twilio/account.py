"""One Twilio account or subaccount: who may log in, what is in it, and how Twilio shows the account itself."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from vapi_sms.sandbox.control.clock import iso_seconds, rfc2822
from vapi_sms.sandbox.errors import unknown_parameter
from vapi_sms.sandbox.kept import Kept, Recent
from vapi_sms.sandbox.twilio.parameters import SERVICE_PARAMETERS, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from vapi_sms.sandbox.twilio.number import Number, Record
    from vapi_sms.sandbox.twilio.seed import AccountSeed
    from vapi_sms.sandbox.twilio.short_code import ShortCode
    from vapi_sms.sandbox.twilio.traffic.alerts import Alert
    from vapi_sms.sandbox.twilio.traffic.messages import Message

_PARTS = {
    "addresses": "Addresses",
    "applications": "Applications",
    "authorized_connect_apps": "AuthorizedConnectApps",
    "available_phone_numbers": "AvailablePhoneNumbers",
    "balance": "Balance",
    "calls": "Calls",
    "conferences": "Conferences",
    "connect_apps": "ConnectApps",
    "incoming_phone_numbers": "IncomingPhoneNumbers",
    "keys": "Keys",
    "messages": "Messages",
    "notifications": "Notifications",
    "outgoing_caller_ids": "OutgoingCallerIds",
    "queues": "Queues",
    "recordings": "Recordings",
    "short_codes": "SMS/ShortCodes",
    "signing_keys": "SigningKeys",
    "sip": "SIP",
    "transcriptions": "Transcriptions",
    "usage": "Usage",
}


@dataclass(frozen=True, slots=True)
class Service:
    """A Messaging Service and its pool: when each number came, by PN SID; a change makes another one."""

    record: Record
    pool: Mapping[str, str] = field(default_factory=dict)
    has_advanced_opt_out: bool = False

    @property
    def sid(self) -> str:
        """Return the MG SID."""
        return str(self.record["sid"])

    def written(self, changes: Record, at: datetime) -> Service:
        """Return it with other fields, without any rule."""
        return replace(self, record={**self.record, **changes, "date_updated": iso_seconds(at)})

    def posted(self, form: dict[str, str], at: datetime) -> Service:
        """Return it with what the form names changed, or refuse."""
        for name in form:
            if name not in SERVICE_PARAMETERS:
                raise unknown_parameter(name, "Service")
        changes = {SERVICE_PARAMETERS[name].field: parsed(name, value) for name, value in form.items()}
        return self.written(changes, at)

    def joined_by(self, sid: str, date: str) -> Service:
        """Return it with one more number in its pool."""
        return replace(self, pool={**self.pool, sid: date})

    def left_by(self, sid: str) -> Service:
        """Return it with one number less in its pool."""
        return replace(self, pool={name: date for name, date in self.pool.items() if name != sid})


@dataclass(slots=True)
class Account:
    """An account or subaccount with its credentials and its things, by SID."""

    sid: str
    auth_token: str
    parent: str | None
    api_keys: dict[str, str]
    numbers: Kept[Number] = field(default_factory=Kept)
    applications: Kept[Record] = field(default_factory=Kept)
    services: Kept[Service] = field(default_factory=Kept)
    short_codes: Kept[ShortCode] = field(default_factory=Kept)
    campaigns: Kept[Record] = field(default_factory=Kept)
    brands: Kept[Record] = field(default_factory=Kept)
    tollfree: Kept[Record] = field(default_factory=Kept)
    conversation_addresses: Kept[Record] = field(default_factory=Kept)
    configurations: Kept[Record] = field(default_factory=Kept)
    messages: Recent[Message] = field(default_factory=Recent)
    alerts: Recent[Alert] = field(default_factory=Recent)
    opt_outs: Recent[str] = field(default_factory=Recent)

    def as_of(self, instant: float) -> Account:
        """Return the account with the things that it had at an instant of the monotonic clock."""
        then = copy.copy(self)
        for name, things in self.kept():
            setattr(then, name, things.as_of(instant))
        return then

    def kept(self) -> Iterator[tuple[str, Kept[Any]]]:
        """Give what remembers what it was, by the field it is in."""
        for each in fields(self):
            things = getattr(self, each.name)
            if isinstance(things, Kept):
                yield each.name, things


def account_record(seed: AccountSeed, at: datetime) -> Record:
    """Return what Twilio shows of the account that the seed describes; the auth token is a part of it."""
    path = f"/2010-04-01/Accounts/{seed.sid}"
    date = rfc2822(at)
    return {
        "sid": seed.sid,
        "owner_account_sid": seed.parent or seed.sid,
        "friendly_name": seed.friendly_name,
        "status": seed.status,
        "type": "Full",
        "date_created": date,
        "date_updated": date,
        "subresource_uris": {name: f"{path}/{part}.json" for name, part in _PARTS.items()},
        "uri": f"{path}.json",
    }
