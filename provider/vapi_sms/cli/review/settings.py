"""Settings: what changes of a number beside who answers it."""

from __future__ import annotations

from vapi_sms.cli.review.holders import Side
from vapi_sms.cli.review.reading import UNKNOWN
from vapi_sms.resources.inputs.number import KEY_AT_VAPI

# As the engine spells them: as programs do, and what goes without saying.
_SETTINGS: dict[str, tuple[str, object]] = {
    "smsEnabled": ("sms_enabled", True),
    "name": ("name", ""),
    "voice": ("voice", "keep"),
    "adopt": ("adopt", False),
    "onRemove": ("on_remove", "restore"),
    "protect": ("protect", False),
    "messagingService": ("messaging_service", ""),
    "identitySid": ("identity_sid", ""),
    "addressSid": ("address_sid", ""),
    "bundleSid": ("bundle_sid", ""),
    KEY_AT_VAPI: ("Vapi's key for Twilio", ""),
}


def differences(before: Side, side: Side) -> tuple[str, ...]:
    """Name each setting that changes, with both values, and what destroy put back until now where that changes."""
    found = []
    for key, (name, usual) in _SETTINGS.items():
        old, new = (each.entry[key] if each.entry.get(key) is not None else usual for each in (before, side))
        if old != new:
            found.append(f"{name}: {_written(old)} → {_written(new)}")
    if before.fallback != side.fallback:
        found.append(f"fallback: {before.fallback} → {side.fallback}")
    if before.record and side.record and before.record.line != side.record.line:
        found.append(f"on destroy until now: {before.record.line}")
    return tuple(found)


def _written(value: object) -> str:
    if value == UNKNOWN:
        return "known only during up"
    return str(value) or "none"


def only_renamed(before: Side, side: Side) -> bool:
    """Tell whether the same assistant or squad answers, by another name."""
    keys = ("assistantId", "squadId")
    ids, ids_before = ([each.entry.get(key) or "" for key in keys] for each in (side, before))
    return any(ids) and ids == ids_before and not before.is_off and not side.is_off
