"""Vapi's side: organisations, assistants, squads and the phone numbers that were imported. Knows no HTTP."""

from __future__ import annotations

import copy
import uuid
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from vapi_sms.sandbox.control.clock import Clock, iso_millis
from vapi_sms.sandbox.control.seed import SeedError
from vapi_sms.sandbox.errors import VapiError
from vapi_sms.sandbox.kept import Kept, Recent
from vapi_sms.sandbox.vapi import chats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vapi_sms.sandbox.control.seed_models import VapiSeed
    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.vapi.seed import OrgSeed, SquadSeed, VapiNumberSeed

_UNSET = {
    "assistant": ("name", "firstMessage", "model", "voice", "transcriber", "server"),
    "squad": ("name", "membersOverrides"),
    "session": ("name", "assistantId", "assistant", "squadId", "squad", "customerId"),
    "chat": (
        "name",
        "assistantId",
        "assistant",
        "squadId",
        "squad",
        "sessionId",
        "previousChatId",
        "input",
        "output",
        "messages",
    ),
}
_UNSET_OF_NUMBERS = (
    "name",
    "assistantId",
    "squadId",
    "workflowId",
    "server",
    "fallbackDestination",
    "hooks",
    "number",
)
_UNSET_OF_TWILIOS = ("twilioAccountSid", "twilioAuthToken", "twilioApiKey", "twilioApiSecret", "smsEnabled")
SECRETS = ("twilioAuthToken", "twilioApiKey", "twilioApiSecret")


@dataclass(slots=True)
class Org:
    """An organisation and its things, by id, oldest first."""

    id: str
    name: str
    api_key: str
    phone_numbers: Kept[Record] = field(default_factory=Kept)
    assistants: Kept[Record] = field(default_factory=Kept)
    squads: Kept[Record] = field(default_factory=Kept)
    sessions: Recent[Record] = field(default_factory=Recent)
    chats: Recent[Record] = field(default_factory=Recent)
    under_way: Recent[str] = field(default_factory=Recent)
    """The session that a customer has with a number, by both and by who answers."""

    def collection(self, kind: str) -> Kept[Record]:
        """Return the things of one kind: phone_number, assistant, squad, session or chat."""
        return {
            "phone_number": self.phone_numbers,
            "assistant": self.assistants,
            "squad": self.squads,
            "session": self.sessions,
            "chat": self.chats,
        }[kind]

    def as_of(self, instant: float) -> Org:
        """Return the organisation with the things that it had at an instant of the monotonic clock."""
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


def is_twilios(record: Record) -> bool:
    """Tell whether a phone number was imported from Twilio; the oldest ones do not say."""
    return record.get("provider") in ("twilio", None)


class Vapi:
    """All organisations; one index finds who holds a number."""

    def __init__(self, seed: VapiSeed, clock: Clock) -> None:
        self.clock = clock
        self.orgs: dict[str, Org] = {}
        self._holders: dict[str, dict[str, Org]] = {}
        for org in seed.orgs:
            self._settle(org)
        self.settle()

    def as_of(self, instant: float) -> Vapi:
        """Return what was here at an instant of the monotonic clock; its index is of the present."""
        then = copy.copy(self)
        then.orgs = {key: org.as_of(instant) for key, org in self.orgs.items()}
        return then

    def settle(self) -> None:
        """Let what is here now count as what was always here."""
        for things in self.kept():
            things.settle()

    def kept(self) -> Iterator[Kept[Any]]:
        """Give all that remembers what it was."""
        return (things for org in self.orgs.values() for _, things in org.kept())

    def authenticate(self, key: str) -> Org:
        """Return the organisation of a private key, or refuse the key."""
        for org in self.orgs.values():
            if key == org.api_key:
                return org
        hint = "you may be using the private key instead of the public key, or vice versa."
        raise VapiError(401, f"Invalid Key. Hot tip, {hint}")

    def holding(self, number: str) -> Iterator[tuple[Org, Record]]:
        """Yield the phone numbers of all organisations that bear this number."""
        for key, org in self._holders.get(number, {}).items():
            yield org, org.phone_numbers[key]

    def refuse_a_held_number(self, org: Org, fields: Record, *, beside_others: bool) -> None:
        """Refuse a number that this or another organisation has, in Vapi's words."""
        number, account = fields["number"], fields["twilioAccountSid"]
        for holder, record in self.holding(number):
            if holder is not org:
                raise VapiError(400, f"Phone number {number} already in use by another org.")
            if is_twilios(record) and record.get("twilioAccountSid") == account:
                both = f"`twilioAccountSid` {account} and `number` {number}"
                raise VapiError(400, f"Existing Phone Number {record['id']} Has Identical {both}.")
            if not beside_others:
                # Whether Vapi refuses it is not known, and so is its text.
                raise VapiError(400, f"Existing Phone Number {record['id']} Has Identical `number` {number}.")

    def add(self, org: Org, fields: Record) -> Record:
        """Keep a new phone number; what is null is left out, as in Vapi's answers."""
        return self._enter(org, self._new(org, {"id": str(uuid.uuid4()), **fields}))

    def create(self, org: Org, kind: str, fields: Record) -> Record:
        """Keep a new assistant or squad."""
        record = org.collection(kind)[fields["id"]] = self._new(org, fields)
        return record

    def change(self, things: Kept[Record], record: Record, fields: Record) -> Record:
        """Set fields; null takes one away; nested objects are replaced, not merged. Return what came of it."""
        now = iso_millis(self.clock.now())
        given = {**record, **fields, "updatedAt": now}
        changed = {name: value for name, value in given.items() if value is not None}
        things[record["id"]] = changed
        return changed

    def remove(self, org: Org, record: Record) -> None:
        """Forget a phone number."""
        del org.phone_numbers[record["id"]]
        del self._holders[record.get("number", "")][record["id"]]

    def _new(self, org: Org, fields: Record) -> Record:
        now = iso_millis(self.clock.now())
        record = {"createdAt": now, **fields, "orgId": org.id, "updatedAt": now}
        return {name: value for name, value in record.items() if value is not None}

    def _enter(self, org: Org, record: Record) -> Record:
        org.phone_numbers[record["id"]] = record
        # A number of Vapi's own may have none: it is a SIP address.
        self._holders.setdefault(record.get("number", ""), {})[record["id"]] = org
        return record

    def _settle(self, seed: OrgSeed) -> None:
        org = Org(seed.id, seed.name, seed.api_key)
        self.orgs[seed.id] = org
        for assistant in seed.assistants:
            fields = {"id": assistant.id, "name": assistant.name, "firstMessage": assistant.first_message}
            org.assistants[assistant.id] = self._seeded(org, fields)
        for squad in seed.squads:
            whole: Record = {"id": squad.id, "name": squad.name, "members": _members(squad, org)}
            org.squads[squad.id] = self._seeded(org, whole)
        for number in seed.phone_numbers:
            self._enter(org, self._seeded(org, _fields(number)))
        for session in seed.sessions:
            chats.seeded(org, session, self.clock.shown())

    def _seeded(self, org: Org, fields: Record) -> Record:
        date = iso_millis(self.clock.seeded())
        given = {name: value for name, value in fields.items() if value is not None}
        return {**given, "orgId": org.id, "createdAt": date, "updatedAt": date}


def shown(kind: str, record: Record, *, nulls: bool) -> Record:
    """Return a record as Vapi shows it: without what is not set, or with null for it."""
    if not nulls:
        return record
    names = _UNSET[kind] if kind != "phone_number" else _UNSET_OF_NUMBERS
    if kind == "phone_number" and is_twilios(record):
        names = (*names, *_UNSET_OF_TWILIOS)
    return {**dict.fromkeys(names), **record}


def _members(seed: SquadSeed, org: Org) -> list[Record]:
    unknown = [name for name in seed.members if name not in org.assistants]
    if unknown:
        raise SeedError(f"seed: squad {seed.id} has {unknown[0]}, which is no assistant of its organisation")
    return [{"assistantId": name} for name in seed.members or org.assistants]


def _fields(seed: VapiNumberSeed) -> Record:
    own = {
        "twilioAccountSid": seed.twilio_account_sid,
        "twilioAuthToken": seed.twilio_auth_token,
        "smsEnabled": seed.sms_enabled,
    }
    return {
        "id": seed.id,
        "provider": seed.provider,
        "status": seed.status,
        "number": seed.number,
        "credentialId": seed.credential_id,
        "name": seed.name,
        "assistantId": seed.assistant_id,
        "squadId": seed.squad_id,
        **(own if seed.provider in ("twilio", None) else {}),
    }
