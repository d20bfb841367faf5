"""What both vendors hold, as JSON for tests; credentials only as fingerprints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vapi_sms.sandbox.control.redaction import fingerprint
from vapi_sms.sandbox.vapi.models import SECRETS, Org

if TYPE_CHECKING:
    from vapi_sms.sandbox.twilio.account import Account
    from vapi_sms.sandbox.twilio.models import Twilio
    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.world import World


def shown(world: World) -> dict[str, Any]:
    """Return everything; webhook URLs whole, since tests compare them byte for byte."""
    return {
        "twilio": {"accounts": {sid: _account(world.twilio, a) for sid, a in world.twilio.accounts.items()}},
        "vapi": {"orgs": {key: _org(org) for key, org in world.vapi.orgs.items()}},
        "behaviour": world.behaviour.model_dump(),
    }


def vapi_number(record: Record) -> Record:
    """Return a Vapi phone number with its Twilio credentials as fingerprints."""
    return {name: fingerprint(value) if name in SECRETS else value for name, value in record.items()}


def _account(twilio: Twilio, account: Account) -> dict[str, Any]:
    own = twilio.account_records[account.sid]
    return {
        "parent": account.parent,
        "friendly_name": own["friendly_name"],
        "status": own["status"],
        "auth_token": fingerprint(account.auth_token),
        "api_keys": {sid: fingerprint(secret) for sid, secret in account.api_keys.items()},
        "numbers": {n.phone_number: n.record for n in account.numbers.values()},
        "short_codes": {c.record["short_code"]: c.record for c in account.short_codes.values()},
        "applications": dict(account.applications),
        "messaging_services": {
            sid: {**s.record, "numbers": [account.numbers[pn].phone_number for pn in s.pool]}
            for sid, s in account.services.items()
        },
        "conversation_addresses": dict(account.conversation_addresses),
    }


def _org(org: Org) -> dict[str, Any]:
    return {
        "name": org.name,
        "api_key": fingerprint(org.api_key),
        "assistants": dict(org.assistants),
        "squads": dict(org.squads),
        "phone_numbers": {key: vapi_number(record) for key, record in org.phone_numbers.items()},
    }
