"""What a number's options say, in words: one line each, in one order, without the hidden parts of URLs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from vapi_sms.core.proof.demand import Prove
from vapi_sms.core.routings.describe import handler_line
from vapi_sms.core.routings.routing import Routing
from vapi_sms.resources.inputs.words import LEAVE_AT_VAPI

Options = Mapping[str, object]

# As docs/reference/vapi-sms-number.md lists them. What is as if it were not said is what programs and files leave out.
_UNSAID: Mapping[str, object] = {
    "assistant": None,
    "squad": None,
    "sms_enabled": True,
    "name": None,
    "voice": "keep",
    "restore_to": None,
    "restore_calls_to": None,
    "adopt": False,
    "messaging_service": None,
    "fallback": "keep",
    "prove": None,
    "on_remove": "restore",
    "protect": False,
}
_NO_PROOF = asdict(Prove())
_HIDDEN = "the same but for parts that are not shown"


def said(options: Options) -> tuple[str, ...]:
    """Give each option that is not as it would be without a word."""
    return tuple(
        f"{name}: {_written(options[name])}"
        for name, unsaid in _UNSAID.items()
        if options.get(name, unsaid) != unsaid
    )


def differences(before: Options, after: Options) -> tuple[str, ...]:
    """Give each option that changes, with both values."""
    return tuple(
        _difference(name, before.get(name, unsaid), after.get(name, unsaid))
        for name, unsaid in _UNSAID.items()
        if before.get(name, unsaid) != after.get(name, unsaid)
    )


def _difference(name: str, before: object, after: object) -> str:
    old, new = _written(before), _written(after)
    return f"{name}: {old} → {new if new != old else _HIDDEN}"


def _written(value: object) -> str:
    if value is None:
        return "not said"
    if isinstance(value, Routing):
        return handler_line(value)
    if isinstance(value, Prove):
        return ", ".join(
            f"{name}={part!r}" for name, part in asdict(value).items() if part != _NO_PROOF[name]
        )
    if value == LEAVE_AT_VAPI:
        return "leave_at_vapi"
    return str(value).lower() if isinstance(value, bool) else str(value)
