"""The life of OriginalRoutings: capture once, remember, and put back whatever is left when it goes.

It never writes in create and update: it exists so that the engine's state holds every original before anything is
touched. The record of a number that is dropped stays until the number is back. Whoever declares the numbers puts it
back, once it is sure to be changed at all: Pulumi updates the records first, and may still refuse the other, or be told
to leave it out (--target).

What check cannot record it leaves open. In a preview the resource that declares the number then refuses it, all of a
fleet at once; in an `up` create refuses first. One case must be left open: a resource replaced by force (--replace).
Pulumi shows its check nothing of the old one, whose delete puts the number back before create captures it again. What
create captured is in the outputs, which check is not shown either: it is never captured a second time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from vapi_sms.core.errors import NothingToPutBack, Refusal
from vapi_sms.core.inert import line
from vapi_sms.core.telling import gathered, named
from vapi_sms.core.values import Original
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import notices, session, status
from vapi_sms.resources.engine.lives import Checked, Compared, Found, Made, Props
from vapi_sms.resources.inputs.number import kept
from vapi_sms.resources.inputs.unknowns import contains_unknowns
from vapi_sms.resources.inputs.words import IS_UP, UNRECORDED
from vapi_sms.resources.record import leaving
from vapi_sms.resources.record.capturing import Known, capture_all, dump_all
from vapi_sms.resources.record.claims import (
    claim,
    is_claimed_by,
    name_of,
    note_leaving,
    note_recorded,
    recorded_by,
    refuse_claimed,
    refuse_copied,
    tell_who_puts_back,
)
from vapi_sms.resources.record.protecting import refuse_dropping
from vapi_sms.resources.record.restoring import put_back
from vapi_sms.resources.record.state import by_key, knowing, records_of
from vapi_sms.resources.record.wishes import wishes_of

COMPUTED = ("summary", "drift", IS_UP, "__provider")
LEFT = "left"
"""The input that names, by SID, what left as it was: its record stays, should it be declared again."""
_DECLARED = ("numbers", "restoreTo", "restoreCallsTo", "routes")


class OriginalsLife:
    """The records of one resource's numbers."""

    def check(self, olds: Props, news: Props) -> Checked:
        """Capture what is not recorded yet, and refuse what could not be put back."""
        given = _given(news)
        return Checked(_inputs(olds, given, is_up=bool(news.get(IS_UP))))

    def diff(self, olds: Props, news: Props) -> Compared:
        """Compare records, offline; a placeholder is never a record."""
        held, given = records_of(olds.get("originals")), records_of(news.get("originals"))
        if not held.are_there or not given.are_there:
            return Compared(None)
        numbers = news.get("numbers", ())
        # What check had to leave open, create has captured since: the outputs hold more than the inputs. And of a
        # number that is declared no more a record is neither news nor missed.
        declared = {given.sid_of(key) for key in numbers if key in given.by_key}
        same = all(olds["originals"].get(sid) == news["originals"][sid] for sid in declared)
        same = same and all(olds.get(key) == news.get(key) for key in _DECLARED)
        return Compared(changes=False if same and held.cover(numbers) else None)

    def create(self, props: Props) -> Made:
        """Remember."""
        return Made("originals", _create(props))

    def read(self, id_: str, props: Props) -> Found:
        """Echo the state: the live routing is ours by now, and says nothing of the original."""
        outs = _given(props) | {"summary": props.get("summary", {})}
        return Found(id_, outs, dict(outs))

    def update(self, olds: Props, news: Props) -> Props:
        """Remember what is declared now, and what was dropped and is not back yet."""
        return _update(olds, news)

    def delete(self, props: Props) -> None:
        """Put back every number that is still ours."""
        _delete(props)


# Records whose numbers a delete of this run left at Vapi, by owner. Where their resource is created anew in the same
# run, it was replaced by force: nobody would know any more what those numbers were found with.
_left: dict[str, dict[str, Original]] = {}


def _is_a_routes(props: Props) -> bool:
    """Tell whether the records are a TwilioSmsRoute's, which concerns Twilio only."""
    return props.get("routes") is not None


def _owner(props: Props) -> str:
    return str(props.get("owner", ""))


def _subject(props: Props) -> str:
    return named(sorted(props.get("numbers") or ())) or "this number"


def _given(props: Props) -> Props:
    return {key: value for key, value in props.items() if key not in COMPUTED}


def _inputs(olds: Props, given: Props, *, is_up: bool) -> Props:
    owner = _owner(given)
    recorded = records_of(olds.get("originals"))
    for original in recorded.by_sid.values():
        refuse_copied(original.number, olds.get("owner"), owner, given.get("formerOwners") or ())
    for declared in (given.get(name) for name in ("numbers", "restoreTo", "restoreCallsTo", "routes")):
        if contains_unknowns(declared):
            return given | {"originals": declared}
    wishes = wishes_of(given, recorded.by_key)
    vendors = session.vendors_to_check(_subject(given), is_up=is_up, needs_vapi=not _is_a_routes(given))
    if vendors is None:
        held = olds["originals"] if recorded.are_there else UNRECORDED
        return given | {"originals": held} | {name: olds[name] for name in ("summary", LEFT) if name in olds}
    before = olds.get("numbers") or {}
    refuse_dropping(before, given["numbers"], recorded, vendors)
    with status.reading(status.name_of(given), status.NUMBERS):
        known = Known(recorded.by_sid, before, checking=True, replaced={} if olds else recorded_by(owner))
        captured = capture_all(given, wishes, known, vendors)
    numbers = {original.sid: original.number for original in captured.originals}
    for sid, moves in captured.found.items():
        claim(numbers.get(sid, sid), sid, owner, moves=moves, recorded=recorded.by_sid.get(sid))
        if moves:
            tell_who_puts_back(numbers.get(sid, sid), sid, owner)
    for original in captured.originals:
        if _leaves(given, original):
            note_leaving(original.sid, owner)
    left = [record.sid for record in captured.kept if _is_left(olds, record)]
    if left:
        leaving.note_staying(owner, left)
    note_recorded(owner, given["numbers"], [original.sid for original in captured.originals])
    return given | dump_all(captured.originals, captured.kept) | ({LEFT: sorted(left)} if left else {})


def _create(props: Props) -> Props:
    owner = _owner(props)
    outs = _outs(props, _left.pop(owner, {}), None)
    _created.add(owner)
    return outs


# Owners whose records this process made. What is deleted of the same owner after that is no resource that is replaced:
# the old one of that goes first. It is a twin that somebody made by surgery on the state.
_created: set[str] = set()


def _outs(props: Props, held: Mapping[str, Original], declared_before: Collection[str] | None) -> Props:
    """Give what is remembered; what check had to leave open is captured now, or was recorded before (`held`)."""
    subject = _subject(props)
    records = records_of(props.get("originals"))
    vendors = session.required_vendors(subject, needs_vapi=not _is_a_routes(props))
    if not records.are_there:
        raise Refusal(
            subject, f"the original routing of {subject} could not be recorded, so nothing is switched"
        )
    known = {**held, **records.by_sid}
    wishes = wishes_of(props, by_key(known))
    captured = capture_all(props, wishes, Known(known, declared_before), vendors)
    refused = {
        key: str(refusal)
        for key, refusal in captured.refused.items()
        if not isinstance(refusal, NothingToPutBack)
    }
    if refused:
        raise Refusal(subject, "; ".join(gathered(refused)))
    vendors.recorded_now |= {each.sid for each in captured.originals} - held.keys()
    outs = {key: value for key, value in kept(props).items() if key != "imports"}
    return outs | dump_all(captured.originals, _still_to_put_back(captured.kept, vendors))


def _still_to_put_back(records: Sequence[Original], vendors: Vendors) -> list[Original]:
    """Leave out records of numbers that are declared no more, and are back as far as a reading tells."""
    ours = {record.sid for record in leaving.only_ours(records, vendors)}
    return [record for record in records if record.sid in ours]


def _update(olds: Props, news: Props) -> Props:
    held = records_of(olds.get("originals")).by_sid
    staying = {sid: record for sid, record in held.items() if not _leaves(olds, record)}
    return _outs(news, {**staying, **_declared_of(held, news)}, olds.get("numbers") or {})


def _declared_of(held: Mapping[str, Original], news: Props) -> dict[str, Original]:
    numbers = news.get("numbers") or {}
    return {sid: record for sid, record in held.items() if sid in numbers or record.number in numbers}


def _delete(props: Props) -> None:
    owner = _owner(props)
    records = records_of(props.get("originals")).by_sid
    _left[owner] = {sid: record for sid, record in records.items() if _leaves(props, record)}
    declared_ones = _declared_of(records, props)
    given_back = leaving.given_back(owner)
    pending = []
    for sid, record in records.items():
        if _is_left(props, record) or sid in given_back.let_go or _is_a_twins(owner, record):
            continue
        known = knowing(record, given_back.records.get(sid))
        # What a resource gave back in this very run is looked at once more: what Vapi does to webhooks may land late.
        pending.append((known, sid in declared_ones or sid in given_back.records))
    _put_back(pending, props)


def _is_a_twins(owner: str, record: Original) -> bool:
    """Tell a record that another resource of this very owner holds, made in this run before this one goes."""
    if owner not in _created or not is_claimed_by(record.sid, owner):
        return False
    notices.tell_once(
        line(f"vapi-sms: {record.number} is declared by {name_of(owner)} still: it stays as it is.")
    )
    return True


def _leaves(props: Props, record: Original) -> bool:
    numbers = props.get("numbers", {})
    return any(numbers.get(key, {}).get("onRemove") == "leave" for key in (record.number, record.sid))


def _is_left(props: Props, record: Original) -> bool:
    """Tell a number that is left as it is when it goes, or was when it went."""
    return _leaves(props, record) or record.sid in (props.get(LEFT) or ())


def _put_back(pending: Sequence[tuple[Original, bool]], props: Props) -> None:
    for record, _ in pending:
        refuse_claimed(record, _owner(props))
    if not pending:
        return
    vendors = session.vendors_to_give_back(pending[0][0].number, needs_vapi=not _is_a_routes(props))
    ours = [record for record, is_ours in pending if is_ours]
    others = [record for record, is_ours in pending if not is_ours]
    records = [*ours, *leaving.only_ours(others, vendors)]
    if records:
        put_back(records, vendors, who=status.name_of(props), settle=True)
