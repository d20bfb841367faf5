"""Identities: which record of Vapi's a check saw for a number, for the diff that comes next.

A check is shown a resource's old inputs only; by which id Vapi knows a number of ours stands in its outputs, which diff
is shown.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

from vapi_sms.core.errors import Refusal
from vapi_sms.core.gathering import gathered
from vapi_sms.core.planning.knowledge import identified
from vapi_sms.core.planning.refusals import refuse_strangers
from vapi_sms.core.values import Observed, Original

_lock = threading.Lock()
_seen: dict[tuple[str, str], Observed] = {}


def note(owner: str, sid: str, observed: Observed) -> None:
    """Note what a resource's check saw of a number."""
    with _lock:
        _seen[owner, sid] = observed


def seen(owner: str, sid: str) -> Observed | None:
    """Give what a resource's check in this process saw of a number last."""
    with _lock:
        return _seen.get((owner, sid))


def refuse_replaced(owner: str, known: Mapping[str, Original]) -> None:
    """Raise Refusal where somebody else's record is in the place of ours; `known` are a resource's records, by SID."""
    refused: dict[str, str] = {}
    for sid, original in known.items():
        observed = seen(owner, sid)
        if observed is None or not original.import_id:
            continue
        try:
            refuse_strangers(original.number, identified(observed, original), original)
        except Refusal as refusal:
            refused[original.number] = str(refusal)
    if refused:
        raise Refusal("vapi", "; ".join(gathered(refused)))
