"""The life of OriginalRoutings: capture once, remember, and put back whatever is dropped or deleted.

It never writes in create: it exists so that the engine's state holds every original before anything is touched.

What check cannot record it leaves open. In a preview the resource that declares the number then refuses it, all of a
fleet at once; in an `up` create refuses first. One case must be left open: a resource replaced by force (--replace).
Pulumi shows its check nothing of the old one, whose delete puts the number back before create captures it again. What
create captured is in the outputs, which check is not shown either: it is never captured a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult
from pulumi.output import contains_unknowns

from vapi_sms.core.errors import Refusal
from vapi_sms.core.gathering import gathered, named
from vapi_sms.core.values import Original
from vapi_sms.resources import notices, session, status
from vapi_sms.resources.capturing import capture_all, dump_all, refuse_malformed
from vapi_sms.resources.claims import claim, recorded_by, refuse_claimed, refuse_copied
from vapi_sms.resources.declared import kept
from vapi_sms.resources.edge import checked, told
from vapi_sms.resources.protecting import refuse_dropping
from vapi_sms.resources.records import are_there, records_of
from vapi_sms.resources.restoring import put_back
from vapi_sms.resources.words import UNRECORDED

Props = dict[str, Any]

COMPUTED = ("summary", "drift", "__provider")


class OriginalsLife:
    """The records of one resource's numbers."""

    def check(self, olds: Props, news: Props) -> CheckResult:
        """Capture what is not recorded yet, and refuse what could not be put back."""
        return checked(lambda: _inputs(olds, news), _given(news))

    def diff(self, olds: Props, news: Props) -> DiffResult:
        """Compare records, offline; a placeholder is never a record."""
        held = records_of(olds.get("originals"))
        if not held.are_there or not are_there(news.get("originals")):
            return DiffResult(changes=None)
        # What check had to leave open, create has captured since: the outputs hold more than the inputs.
        same = all(olds["originals"].get(sid) == record for sid, record in news["originals"].items())
        same = same and all(olds.get(key) == news.get(key) for key in ("numbers", "restoreTo", "routes"))
        return DiffResult(changes=False if same and held.cover(news.get("numbers", ())) else None)

    def create(self, props: Props) -> CreateResult:
        """Remember."""
        return CreateResult("originals", told(lambda: _outs(props, _left.pop(_owner(props), {}))))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Echo the state: the live routing is ours by now, and says nothing of the original."""
        outs = _given(props) | {"summary": props.get("summary", {})}
        return ReadResult(id_, outs, dict(outs))

    def update(self, olds: Props, news: Props) -> UpdateResult:
        """Put back the numbers that are dropped, and remember the others."""
        return UpdateResult(told(lambda: _update(olds, news)))

    def delete(self, props: Props) -> None:
        """Put back every number that is still ours."""
        told(lambda: _delete(props))


# Records whose numbers a delete of this run left at Vapi, by owner. Where their resource is created anew in the same
# run, it was replaced by force: nobody would know any more what those numbers were found with.
_left: dict[str, dict[str, Original]] = {}


def _is_a_routes(props: Props) -> bool:
    """Tell whether the records are a TwilioSmsRoute's, which concerns Twilio only."""
    return props.get("routes") is not None


def _owner(props: Props) -> str:
    return str(props.get("owner", ""))


def _given(props: Props) -> Props:
    return {key: value for key, value in props.items() if key not in COMPUTED}


def _inputs(olds: Props, news: Props) -> Props:
    given = _given(news)
    owner = _owner(given)
    recorded = records_of(olds.get("originals"))
    for original in recorded.by_sid.values():
        refuse_copied(original.number, olds.get("owner"), owner, given.get("formerOwners") or ())
    for declared in (given.get("numbers"), given.get("restoreTo"), given.get("routes")):
        if contains_unknowns(declared):
            return given | {"originals": declared}
    refuse_malformed(given, recorded.by_sid)
    vendors = session.vendors(needs_vapi=not _is_a_routes(given))
    if vendors is None:
        notices.tell_once(notices.NO_CREDENTIALS)
        held = olds["originals"] if recorded.are_there else UNRECORDED
        return given | {"originals": held} | ({"summary": olds["summary"]} if "summary" in olds else {})
    refuse_dropping(olds.get("numbers") or {}, given["numbers"], recorded, vendors)
    with status.reading(status.name_of(given), status.NUMBERS):
        captured = capture_all(
            given,
            recorded.by_sid,
            vendors,
            checked_before=olds.get("numbers") or {},
            replaced={} if olds else recorded_by(owner),
        )
    numbers = {original.sid: original.number for original in captured.originals}
    for sid, moves in captured.found.items():
        claim(numbers.get(sid, sid), sid, owner, moves=moves, recorded=recorded.by_sid.get(sid))
    return given | dump_all(captured.originals)


def _outs(props: Props, held: Mapping[str, Original]) -> Props:
    """Give what is remembered; what check had to leave open is captured now, or was recorded before (`held`)."""
    subject = named(props.get("numbers") or ()) or "this number"
    records = records_of(props.get("originals"))
    vendors = session.required_vendors(subject, needs_vapi=not _is_a_routes(props))
    if not records.are_there:
        raise Refusal(
            subject, f"the original routing of {subject} could not be recorded, so nothing is switched"
        )
    known = {**held, **records.by_sid}
    captured = capture_all(props, known, vendors)
    if captured.refused:
        texts = {key: str(refusal) for key, refusal in captured.refused.items()}
        raise Refusal(subject, "; ".join(gathered(texts)))
    return kept(props) | dump_all(captured.originals)


def _update(olds: Props, news: Props) -> Props:
    held = records_of(olds.get("originals")).by_sid
    outs = _outs(news, held)
    _put_back({sid: original for sid, original in held.items() if sid not in outs["originals"]}, olds)
    return outs


def _delete(props: Props) -> None:
    originals = records_of(props.get("originals")).by_sid
    _left[_owner(props)] = {sid: record for sid, record in originals.items() if _leaves(props, record)}
    _put_back(originals, props)


def _leaves(props: Props, record: Original) -> bool:
    numbers = props.get("numbers", {})
    return any(numbers.get(key, {}).get("onRemove") == "leave" for key in (record.number, record.sid))


def _put_back(originals: Mapping[str, Original], props: Props) -> None:
    records = [record for record in originals.values() if not _leaves(props, record)]
    for record in records:
        refuse_claimed(record, _owner(props))
    if records:
        vendors = session.required_vendors(records[0].number, needs_vapi=not _is_a_routes(props))
        put_back(records, vendors, who=status.name_of(props), settle=True)
