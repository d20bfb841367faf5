"""Vapi's side: organisations, assistants, squads and the phone numbers that were imported. Knows no HTTP."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vapi_sms.sandbox.clock import Clock, iso_millis
from vapi_sms.sandbox.errors import VapiError

if TYPE_CHECKING:
    from vapi_sms.sandbox.seed import OrgSeed, VapiNumberSeed, VapiSeed
    from vapi_sms.sandbox.twilio_number import Record

SECRETS = ("twilioAuthToken", "twilioApiKey", "twilioApiSecret")


@dataclass(slots=True)
class Org:
    """An organisation and its things, by id, oldest first."""

    id: str
    name: str
    api_key: str
    phone_numbers: dict[str, Record] = field(default_factory=dict)
    assistants: dict[str, Record] = field(default_factory=dict)
    squads: dict[str, Record] = field(default_factory=dict)

    def collection(self, kind: str) -> dict[str, Record]:
        """Return the things of one kind: phone_number, assistant or squad."""
        return {
            "phone_number": self.phone_numbers,
            "assistant": self.assistants,
            "squad": self.squads,
        }[kind]


class Vapi:
    """All organisations; one index finds who holds a number."""

    def __init__(self, seed: VapiSeed, clock: Clock) -> None:
        self.clock = clock
        self.orgs: dict[str, Org] = {}
        self.holder_of: dict[str, tuple[Org, Record]] = {}
        for org in seed.orgs:
            self._settle(org)

    def authenticate(self, key: str) -> Org:
        """Return the organisation of a private key, or refuse the key."""
        for org in self.orgs.values():
            if key == org.api_key:
                return org
        hint = "you may be using the private key instead of the public key, or vice versa."
        raise VapiError(401, f"Invalid Key. Hot tip, {hint}")

    def refuse_a_held_number(self, org: Org, number: str, account_sid: str) -> None:
        """Refuse a number that this or another organisation has, in Vapi's words."""
        if number not in self.holder_of:
            return
        holder, record = self.holder_of[number]
        if holder is not org:
            raise VapiError(400, f"Phone number {number} already in use by another org.")
        same = f"`twilioAccountSid` {account_sid} and `number` {number}"
        raise VapiError(400, f"Existing Phone Number {record['id']} Has Identical {same}.")

    def add(self, org: Org, fields: Record) -> Record:
        """Keep a new phone number; what is null is left out, as in Vapi's answers."""
        now = iso_millis(self.clock.now())
        record = {"id": str(uuid.uuid4()), "createdAt": now, **fields, "orgId": org.id, "updatedAt": now}
        record = {name: value for name, value in record.items() if value is not None}
        org.phone_numbers[record["id"]] = record
        self.holder_of[record["number"]] = (org, record)
        return record

    def change(self, record: Record, fields: Record) -> None:
        """Set fields; null takes one away; nested objects are replaced, not merged."""
        for name, value in fields.items():
            if value is None:
                record.pop(name, None)
            else:
                record[name] = value
        record["updatedAt"] = iso_millis(self.clock.now())

    def remove(self, org: Org, record: Record) -> None:
        """Forget a phone number."""
        del org.phone_numbers[record["id"]]
        del self.holder_of[record["number"]]

    def _settle(self, seed: OrgSeed) -> None:
        org = Org(seed.id, seed.name, seed.api_key)
        self.orgs[seed.id] = org
        for assistant in seed.assistants:
            fields = {"id": assistant.id, "name": assistant.name, "firstMessage": assistant.first_message}
            org.assistants[assistant.id] = self.dated(org, fields)
        for squad in seed.squads:
            org.squads[squad.id] = self.dated(org, {"id": squad.id, "name": squad.name})
        for number in seed.phone_numbers:
            record = self.dated(org, _fields(number))
            org.phone_numbers[number.id] = record
            self.holder_of[number.number] = (org, record)

    def dated(self, org: Org, fields: Record) -> Record:
        """Return a record that was there from the start."""
        date = iso_millis(self.clock.seeded())
        given = {name: value for name, value in fields.items() if value is not None}
        return {**given, "orgId": org.id, "createdAt": date, "updatedAt": date}


def _fields(seed: VapiNumberSeed) -> Record:
    return {
        "id": seed.id,
        "provider": "twilio",
        "status": "active",
        "number": seed.number,
        "twilioAccountSid": seed.twilio_account_sid,
        "twilioAuthToken": seed.twilio_auth_token,
        "name": seed.name,
        "smsEnabled": seed.sms_enabled,
        "assistantId": seed.assistant_id,
        "squadId": seed.squad_id,
    }
