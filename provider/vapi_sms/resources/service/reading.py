"""Reading a Messaging Service with its whole pool, by what a program calls it or by what is recorded of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from vapi_sms.core.errors import BadCredentials, Refusal
from vapi_sms.core.services.pool import MessagingService, PoolReading, ServiceOriginal, is_at_vapi, presumed
from vapi_sms.core.values import Observed
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.inputs.service import is_service_sid

_NAMES_SHOWN = 10


def find_service(text: str, vendors: Vendors) -> MessagingService:
    """Find the service that a program means by its SID, or by an exact and unique name; else raise Refusal."""
    services = vendors.services.all().values()
    matches = [service for service in services if text in (service.sid, service.name)]
    strange = [each for each in vendors.services.unread() if each.id == text or each.may_be_called(text)]
    if len(matches) == 1 and (not strange or matches[0].sid == text):
        return matches[0]
    if strange:
        raise Refusal(
            text,
            f"whether {text!r} means one Messaging Service alone is not known, since Twilio's answer cannot be read of "
            f"{', '.join(each.id for each in strange)}: write the SID of another one, or run the same command again",
        )
    if matches:
        sids = ", ".join(sorted(service.sid for service in matches))
        raise Refusal(
            text, f"{len(matches)} Messaging Services are named {text!r}: write one of their SIDs ({sids})"
        )
    known = sorted(f"{service.name} ({service.sid})" for service in services)
    more = f", and {len(known) - _NAMES_SHOWN} more" if len(known) > _NAMES_SHOWN else ""
    what = f"has the SID {text}" if is_service_sid(text) else f"is named {text!r}"
    raise Refusal(
        text,
        f"no Messaging Service of Twilio account {vendors.settings.account_sid} {what} "
        f"(there are: {', '.join(known[:_NAMES_SHOWN]) or 'none'}{more})",
    )


def find_recorded(original: ServiceOriginal, vendors: Vendors, not_before: float) -> MessagingService | None:
    """Find a recorded service; None where it is gone for sure. Raises BadCredentials where nobody can tell."""
    found = vendors.services.find(original.sid, not_before=not_before)
    if found is not None:
        return presumed(found, original)
    if (
        vendors.services.all()
        or vendors.services.unread()
        or vendors.settings.twilio_user == original.account_sid
    ):
        return None
    # Messaging Services have no account in their path: another account's key sees none of this one's, and says so by
    # an empty list.
    raise BadCredentials(
        "Twilio",
        f"Reading {original}",
        "this API key sees no Messaging Service at all, and nothing tells that it belongs to account "
        f"{original.account_sid}",
        "Use a key of that account; if this is it, and the service was deleted, use the account's auth token.",
    )


def read_pool(
    service: MessagingService, vendors: Vendors, *, recorded: Collection[str] = (), not_before: float
) -> PoolReading:
    """Read every number of a service's pool on both sides, and the recorded numbers that left it."""
    pool = vendors.services.pool(service.sid, not_before=not_before)
    others = [sid for sid in recorded if sid not in set(pool)]
    found = _observed([*pool, *others], vendors, not_before)
    return PoolReading(service, tuple(found[sid] for sid in pool), tuple(found[sid] for sid in others))


def read_recorded(original: ServiceOriginal, vendors: Vendors, not_before: float) -> PoolReading:
    """Read a recorded service with its numbers; one that is gone reads as found, without a pool."""
    service = find_recorded(original, vendors, not_before)
    if service is not None:
        return read_pool(service, vendors, recorded=original.kept, not_before=not_before)
    others = list(original.kept)
    found = _observed(others, vendors, not_before)
    return PoolReading(original.as_found, (), tuple(found[sid] for sid in others))


def _observed(sids: list[str], vendors: Vendors, not_before: float) -> dict[str, Observed]:
    """Read numbers on both sides, or, of somebody without a key of Vapi's, at Twilio."""
    if not sids:
        return {}
    observe = vendors.observer.observe if vendors.asks_vapi else vendors.observer.observe_texts
    return observe(sids, not_before=not_before)


def names_for(reading: PoolReading, vendors: Vendors) -> Mapping[str, str]:
    """Give what people call Vapi's assistants and squads, read only where one of them answers."""
    if any(each.vapi and each.twilio and is_at_vapi(each.twilio.messaging) for each in reading.numbers):
        vendors.names.assistants.load()
    return vendors.names.by_id()
