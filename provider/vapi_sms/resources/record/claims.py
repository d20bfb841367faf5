"""Claims: which resource answers for a number, or a service. Each has one owner, in one stack."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable

from vapi_sms.core.errors import Refusal
from vapi_sms.core.inert import line
from vapi_sms.core.routings.handlers import classify
from vapi_sms.core.services.pool import ServiceOriginal
from vapi_sms.core.values import Original
from vapi_sms.resources.engine.notices import tell_once

_lock = threading.Lock()
_claims: dict[str, dict[str, bool]] = {}
_leaving: set[tuple[str, str]] = set()
_switched: dict[str, str] = {}
_recorded: dict[tuple[str, str], Original] = {}
_declared: dict[str, tuple[frozenset[str] | None, frozenset[str]]] = {}


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


def note_leaving(sid: str, owner: str) -> None:
    """Note that a resource is to leave a number as it is when it goes."""
    with _lock:
        _leaving.add((sid, owner))


def tell_who_puts_back(subject: str, sid: str, owner: str) -> None:
    """Tell of a number that moves here from a resource that will put it back when it is taken away, in the next step.

    The move is through by then: texts would be answered as before the first one, until another `up`.
    """
    with _lock:
        others = [other for other in _claims.get(sid, {}) if other != owner and (sid, other) not in _leaving]
    for old in map(name_of, others):
        tell_once(
            line(
                f"vapi-sms: {subject} moves from {old} to {name_of(owner)}, and {old} puts it back when it goes: give "
                f"{old} retain_on_delete=True (a fleet's entry: on_remove='leave'), and run `pulumi up`, before you "
                "remove it."
            )
        )


def recorded_by(owner: str) -> dict[str, Original]:
    """Give what a resource held before this run, by SID, as far as a check was shown it."""
    with _lock:
        return {sid: record for (sid, whose), record in _recorded.items() if whose == owner}


def note_recorded(owner: str, keys: Iterable[str], sids: Iterable[str]) -> None:
    """Note which numbers a resource's sibling was declared with in this run, and which it has the records of."""
    with _lock:
        _declared[owner] = frozenset(keys), frozenset(sids)


def refuse_held_back(subject: str, owner: str, keys: Iterable[str], records: Collection[str] | None) -> None:
    """Raise Refusal where Pulumi passes on other numbers, or other records (by SID), than the program declares.

    `ignore_changes`, or a transform, does that: the record of one number would stand beside another number. Records
    that are not known yet are None. Where the sibling was not checked in this run (--target) nothing can be told.
    """
    with _lock:
        declared, recorded = _declared.get(owner, (None, frozenset[str]()))
    if declared is None:
        return
    if declared != frozenset(keys):
        held_back = "the numbers"
    elif records is not None and not recorded <= frozenset(records):
        held_back = "the record of what was found (`original`)"
    else:
        return
    raise Refusal(
        subject,
        f"{held_back} that Pulumi passes on for {name_of(owner)} are not as the program declares them: "
        "ignore_changes, or a transform that adds it, holds them back. Take that away, for this resource and its "
        f"sibling {name_of(owner)}-original",
    )


def note_switched(sid: str, owner: str) -> None:
    """Note that a resource has switched a number, or a service, in this run, so that it is as declared."""
    with _lock:
        _switched[sid] = owner


def switched_by(sid: str) -> str | None:
    """Give the owner who switched a number, or a service, in this run."""
    with _lock:
        return _switched.get(sid)


def is_switched_by_another(record: Original | ServiceOriginal) -> bool:
    """Tell, and say, whether what a resource gives up was switched in this run: by another one, then.

    What is replaced goes first. Only of a resource that was renamed or moved in the state, by hand, the one that the
    program declares is made before the one that the state knows goes.
    """
    owner = switched_by(record.sid)
    if owner is None:
        return False
    subject = record.number if isinstance(record, Original) else str(record)
    tell_once(line(f"vapi-sms: {subject} is declared by {name_of(owner)}, too: it stays as it is."))
    return True


def is_claimed_by(sid: str, owner: str) -> bool:
    """Tell whether a resource declared a number, or a service, in this run."""
    with _lock:
        return owner in _claims.get(sid, {})


def name_of(owner: str) -> str:
    """Give what people call a resource, of its organization, project, stack and path."""
    return owner.split("/", 3)[-1]


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
    old, new = name_of(owner), name_of(others[0])
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


def refuse_copied(subject: str, recorded: object, owner: str, former: Collection[str]) -> None:
    """Raise Refusal where the state's record belongs to another stack: such a state was copied.

    `former` are the stacks, as project/stack, in which aliases say that the resource lived before.
    """
    if not isinstance(recorded, str) or not recorded:
        return
    there, here = _stack(recorded), _stack(owner)
    # Pulumi knows no alias for an organization: an alias that names project or stack says that it is the same one.
    if there == here or there.split("/", 1)[-1] in former:
        return
    raise Refusal(
        subject,
        f"this state belongs to stack {there}, not to {here}: a copied stack must not touch the numbers of the first. "
        "Remove the resource from this copy with `pulumi state delete` (never `pulumi destroy` it: that would switch "
        "the numbers back). If it is no copy, and the stack was renamed or moved, give the resource "
        f"opts=pulumi.ResourceOptions(aliases=[pulumi.Alias({_alias(there, here)})]) for one `pulumi up`",
    )


def _alias(there: str, here: str) -> str:
    """Give what of an alias says that a resource lived in another stack: its project, its stack, or both."""
    (_, old_project, old_stack), (_, project, stack) = there.split("/", 2), here.split("/", 2)
    named = [f"project={old_project!r}"] if old_project != project else []
    named += [f"stack={old_stack!r}"] if old_stack != stack or not named else []
    return ", ".join(named)


def _stack(owner: str) -> str:
    return "/".join(owner.split("/")[:3])
