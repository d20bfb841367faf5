"""Changes: who answers each number now, who will, and what a later destroy puts back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vapi_sms.cli.review.diagnostics import happenings
from vapi_sms.cli.review.holders import FLEET, ROUTE, Holder, Side, declares_back, forgotten, holders
from vapi_sms.cli.review.lines import instead_of_whom
from vapi_sms.cli.review.reading import Preview, State
from vapi_sms.cli.review.services import UNFINISHED, answer_after, answer_before, answer_found, answer_now
from vapi_sms.cli.review.settings import differences, only_renamed


class Kind(StrEnum):
    """What happens to a number, in the order of the table."""

    LEAVES = "leaves"
    CHANGES = "changes"
    NEW = "new"
    REPAIRED = "repaired"
    REPLACED = "switched back, then over again"
    SETTINGS = "settings"
    STAYS = "stays"


ORDER = tuple(Kind)
NOT_TOLD = "not known here"


@dataclass(frozen=True, slots=True)
class Change:
    """One number: who answers its texts now and after `up`; `on_destroy` is empty for one that leaves."""

    kind: Kind
    number: str
    holder: str
    now: str
    after: str
    on_destroy: str = ""
    notes: tuple[str, ...] = ()
    may_move_here: bool = False
    """Its record may come from another stack's resource, whose assistant answers now."""
    fallback: str = ""
    """Who is declared to answer where that fails."""

    @property
    def switches(self) -> bool:
        """Somebody else answers afterwards, as far as is known."""
        return self.now != self.after or self.now == NOT_TOLD


def changes(preview: Preview) -> tuple[Change, ...]:
    """Give every number's change, those that stay as they are too, in one order."""
    found = list(holders(preview))
    kept = {number for holder in found for number in holder.new}
    known = [
        _staying(holder, number, side, holder.new[number])
        if number in holder.new
        else _leaving(holder, number, side)
        for holder in found
        for number, side in holder.old.items()
    ]
    answering = {change.number: change.now for change in known}
    said = happenings(preview)
    arriving = [
        _arriving(holder, number, side, answering.get(number, ""), said.get(number, ""))
        for holder in found
        for number, side in holder.new.items()
        if number not in holder.old
    ]
    moved = {change.number for change in arriving}
    told = [
        *(change for change in known if not _is_told_by_another(change, kept, moved)),
        *arriving,
        *(
            Change(Kind.LEAVES, number, "", NOT_TOLD, record.texts or NOT_TOLD, notes=(UNFINISHED,))
            for number, record in forgotten(preview)
            if number not in kept
        ),
    ]
    return tuple(sorted(told, key=lambda change: (ORDER.index(change.kind), change.number, change.holder)))


def _is_told_by_another(change: Change, kept: set[str], moved: set[str]) -> bool:
    """Tell whether a number goes on, or arrives, at another resource, and this one does nothing to it."""
    if change.kind is Kind.LEAVES:
        return not change.switches and change.number in kept
    return change.kind is Kind.STAYS and change.number in moved


def _arriving(holder: Holder, number: str, side: Side, elsewhere: str, said: str) -> Change:
    notes: tuple[str, ...] = ("Vapi answers calls too",) if side.entry.get("voice") == "vapi" else ()
    now, after = elsewhere or answer_found(holder, number, side), answer_after(side)
    if now.endswith(UNFINISHED) and said.endswith(f" -> {after}"):
        # The preview read who answers now, whatever the record leaves open.
        now, notes = said.removesuffix(f" -> {after}"), (*notes, UNFINISHED)
    return Change(
        Kind.NEW,
        number,
        holder.step.name,
        now or NOT_TOLD,
        after or NOT_TOLD,
        _on_destroy(holder, number, side),
        notes,
        may_move_here=not elsewhere and holder.step.kind == FLEET and holder.may_move_here,
        fallback=side.declared_fallback,
    )


def _staying(holder: Holder, number: str, before: Side, side: Side) -> Change:
    if not holder.step.changes:
        # Its lines may be worded by another version than those of the state; nothing happens to it.
        answer = answer_before(before) or NOT_TOLD
        back = _on_destroy(holder, number, side)
        return Change(
            Kind.STAYS, number, holder.step.name, answer, answer, back, fallback=side.declared_fallback
        )
    drift = holder.drift.get(number, ())
    now, after = answer_now(before, side, drift) or NOT_TOLD, answer_after(side) or NOT_TOLD
    notes = differences(before, side)
    if holder.step.kind == ROUTE and now == after and "handler" in (holder.step.reasons or ()):
        notes = (*notes, "details of the handler change, which may be secret")
    if "fallback" in (holder.step.reasons or ()) and before.fallback == side.fallback:
        notes = (*notes, "details of the fallback change, which may be secret")
    if now != after and not drift and only_renamed(before, side):
        notes, now = (*notes, f"renamed in Vapi, until now {now}"), after
    if holder.step.op == "replace":
        kind = Kind.REPLACED
    elif drift:
        kind = Kind.REPAIRED
    elif now != after:
        kind = Kind.CHANGES
    else:
        kind = Kind.SETTINGS if notes else Kind.STAYS
    back = _on_destroy(holder, number, side)
    return Change(kind, number, holder.step.name, now, after, back, notes, fallback=side.declared_fallback)


def _leaving(holder: Holder, number: str, side: Side) -> Change:
    now = answer_before(side) or NOT_TOLD
    if holder.is_left_by_up(number):
        return Change(Kind.LEAVES, number, holder.step.name, now, now, notes=("left as it is",))
    back = (
        side.record.texts if side.record else _as_found(side, holder.sibling.old if holder.sibling else None)
    )
    return Change(Kind.LEAVES, number, holder.step.name, now, back or NOT_TOLD, notes=("put back",))


def _on_destroy(holder: Holder, number: str, side: Side) -> str:
    if holder.is_left_by_destroy(number):
        return "left as it is"
    if side.record:
        return side.record.line
    back = _as_found(side, holder.sibling.new if holder.sibling else None)
    return f"texts: {back}" if back else NOT_TOLD


def _as_found(side: Side, sibling: State | None) -> str:
    """Give who comes back where no summary tells: who was found, as far as no `restore_to` may say otherwise."""
    return "" if declares_back(sibling) else instead_of_whom(side.answered_by)
