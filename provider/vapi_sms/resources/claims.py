"""Claims: which resource answers for a number, or a service. Each has one owner, in one stack."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from vapi_sms.core.errors import Refusal
from vapi_sms.core.handlers import classify
from vapi_sms.core.values import Original

_lock = threading.Lock()
_claims: dict[str, dict[str, bool]] = {}
_recorded: dict[tuple[str, str], Original] = {}


def claim(subject: str, sid: str, owner: str, *, moves: bool, recorded: Original | None = None) -> None:
    """Note that a resource declares a number; raises Refusal where another one of this program does too.

    Pulumi asks twice for one resource that is replaced: that is one owner. A number that moves here with its
    `original` is the one duplicate allowed. `recorded` is what the resource held of it before this run.
    """
    with _lock:
        if recorded is not None:
            _recorded[sid, owner] = recorded
        owners = _claims.setdefault(sid, {})
        owners[owner] = moves or owners.get(owner, False)
        others = [other for other in owners if other != owner]
        if not others or sum(not moving for moving in owners.values()) <= 1:
            return
    raise Refusal(
        subject,
        f"{subject} is declared twice, by {others[0]} and by {owner}: one resource answers for a number. To move it, "
        "declare it in the new one with restore_to=old.original and give the old one retain_on_delete=True (a fleet's "
        "entry: on_remove='leave')",
    )


def recorded_by(owner: str) -> dict[str, Original]:
    """Give what a resource held before this run, by SID, as far as a check was shown it."""
    with _lock:
        return {sid: record for (sid, whose), record in _recorded.items() if whose == owner}


def claim_service(subject: str, sid: str, owner: str) -> None:
    """Note that a resource declares a Messaging Service; raises Refusal where another one of this program does too."""
    with _lock:
        owners = _claims.setdefault(sid, {})
        owners[owner] = False
        others = [other for other in owners if other != owner]
    if others:
        raise Refusal(
            subject, f"{subject} is declared twice, by {others[0]} and by {owner}: leave one of them out"
        )


def refuse_claimed(record: Original, owner: str) -> None:
    """Raise Refusal where a route's number is to be put back while another resource of this program declares it.

    Of a number at Vapi the other one's capture is refused, since Vapi's URL is nobody's original. A route's handler
    looks like one: the other resource may hold it as its original, and only this record knows what answered first.
    """
    with _lock:
        others = [other for other in _claims.get(record.sid, {}) if _is_another(other, record, owner)]
    if not (record.texts_only and others):
        return
    old, new = (each.split("/", 3)[-1] for each in (owner, others[0]))
    raise Refusal(
        record.number,
        f"{old} gives up {record.number}, and {new} declares it in the same run, which would lose what answered first: "
        f"{classify(record.messaging)}. To hand it over, declare both once, {new} with restore_to={old}.original and "
        f"{old} with retain_on_delete=True, and run `pulumi up`; then remove {old}",
    )


def _is_another(other: str, record: Original, owner: str) -> bool:
    """Tell a second owner from a resource that was renamed, whose outputs still hold its old name."""
    if other == owner:
        return False
    recorded = _recorded.get((record.sid, other))
    renamed = recorded is not None and recorded.messaging.same_as(record.messaging)
    return _claims[record.sid][other] or not renamed


def refuse_copied(subject: str, recorded: object, owner: str, former: Iterable[str]) -> None:
    """Raise Refusal where the state's record belongs to another stack: such a state was copied."""
    if not isinstance(recorded, str) or not recorded:
        return
    there, here = _stack(recorded), _stack(owner)
    if there == here or there in set(former):
        return
    raise Refusal(
        subject,
        f"this state belongs to stack {there}, not to {here}: a copied stack must not touch the numbers of the first. "
        "Remove the resource from this copy with `pulumi state delete` (never `pulumi destroy` it: that would switch "
        "the numbers back); if the stack was renamed, give the resource "
        f"aliases=[pulumi.Alias(stack={there.split('/')[-1]!r})]",
    )


def _stack(owner: str) -> str:
    return "/".join(owner.split("/")[:3])
