"""Claims: which resource answers for a number. A number has one owner, in one stack."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from vapi_sms.core.errors import Refusal

_lock = threading.Lock()
_claims: dict[str, dict[str, bool]] = {}


def claim(subject: str, sid: str, owner: str, *, moves: bool) -> None:
    """Note that a resource declares a number; raises Refusal where another one of this program does too.

    Pulumi asks twice for one resource that is replaced: that is one owner. A number that moves here with its
    `original` is the one duplicate allowed.
    """
    with _lock:
        owners = _claims.setdefault(sid, {})
        owners[owner] = moves or owners.get(owner, False)
        others = [other for other in owners if other != owner]
        if not others or sum(not moving for moving in owners.values()) <= 1:
            return
    raise Refusal(
        subject,
        f"{subject} is declared twice, by {others[0]} and by {owner}: one resource answers for a number. To move it, "
        "declare it in the new one with restore_to=old.original and give the old one retain_on_delete=True",
    )


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
