"""An account as it is now: a record of each number and Messaging Service, before anything is changed. Only reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from vapi_sms.cli.backup.held import Held
from vapi_sms.core.errors import UnexpectedResponse
from vapi_sms.core.numbers import is_short_code
from vapi_sms.core.planning.capture import not_on_account
from vapi_sms.core.planning.goals import snapshot
from vapi_sms.core.services.pool import Kept, ServiceOriginal, is_at_vapi
from vapi_sms.core.values import Observed, Original
from vapi_sms.live.vendors import Vendors

_AT_VAPI = (
    "texts are at Vapi already, and Vapi's URL says nothing of who answered before: the stack that switched the number "
    "holds its original (`vapi-sms backup --stack`)"
)


_UNREAD_AT_VAPI = (
    "Vapi's answer about it, or one that may be it, cannot be read: it would be kept as not in Vapi"
)


def held_by(vendors: Vendors, keys: Sequence[str]) -> Held:
    """Read these numbers, each by E.164 form or SID; or, where none is named, the account with its services."""
    numbers: list[Original] = []
    unusable: dict[str, str] = {}
    org_id = vendors.org_id()
    for key, observed in _observed(vendors, keys):
        if observed.twilio is None:
            # What only Vapi knows is no number of this account.
            unusable |= {key: not_on_account(key)} if keys else {}
        elif vendors.vapi.unread and _is_doubtful(observed.twilio.number, vendors.vapi.unread.values()):
            unusable[key if keys else observed.twilio.number] = _UNREAD_AT_VAPI
        elif is_at_vapi(observed.twilio.messaging):
            unusable[key if keys else observed.twilio.number] = _AT_VAPI
        else:
            numbers.append(_record(observed, org_id))
    services = () if keys else tuple(_services(vendors, {record.sid: record for record in numbers}, unusable))
    if not keys:
        unusable |= dict.fromkeys(vendors.twilio.unread, "Twilio's answer about it cannot be read")
    return Held(f"account {vendors.settings.account_sid}", tuple(numbers), services, unusable=unusable)


def _is_doubtful(number: str, unread: Iterable[str | None]) -> bool:
    """Tell whether Vapi has, or may have, a record of a number that cannot be read: it is not just not in Vapi."""
    return any(each in (number, None) for each in unread)


def _observed(vendors: Vendors, keys: Sequence[str]) -> list[tuple[str, Observed]]:
    if not keys:
        codes = [("", Observed(code)) for code in vendors.twilio.list_short_codes().read]
        return [*(("", observed) for observed in vendors.observer.observe_all()), *codes]
    codes_named = [key for key in keys if is_short_code(key)]
    numbers = [key for key in keys if key not in codes_named]
    found = vendors.observer.observe(numbers) if numbers else {}
    found |= vendors.observer.observe_texts(codes_named) if codes_named else {}
    return list(found.items())


def _record(observed: Observed, org_id: str) -> Original:
    record = snapshot(observed)
    if observed.twilio is not None and observed.twilio.is_short_code:
        return replace(record, texts_only=True)
    return replace(record, org_id=org_id)


def _services(
    vendors: Vendors, numbers: dict[str, Original], unusable: dict[str, str]
) -> list[ServiceOriginal]:
    """Record each service and, of one that answers by itself, the own routings that sleep below it."""
    found = []
    for service in vendors.services.all().values():
        inbound, kept = service.inbound, {}
        try:
            pool = () if inbound.defers else vendors.services.pool(service.sid)
        except UnexpectedResponse as trouble:
            unusable[str(service)] = str(trouble)
            continue
        for sid in pool:
            record = numbers.get(sid)
            if record is not None and not record.messaging.same_as(inbound.answer):
                kept[sid] = Kept(sid, record.number, record.messaging)
        found.append(ServiceOriginal(service.sid, service.name, service.account_sid, inbound, kept))
    return found
