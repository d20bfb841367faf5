"""The life of OriginalRoutings: capture once, remember, and put back whatever is dropped or deleted.

It never writes in create: it exists so that the engine's state holds every original before anything is touched.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult
from pulumi.output import contains_unknowns

from vapi_sms.core.capture import LeaveAtVapi, Wish, capture
from vapi_sms.core.errors import BadInput, Refusal
from vapi_sms.core.routing import Routing
from vapi_sms.core.values import Observed, Original
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources import notices, number_outs, session
from vapi_sms.resources.claims import claim, refuse_copied
from vapi_sms.resources.edge import checked, told
from vapi_sms.resources.inputs import WishInputs, parse_wishes
from vapi_sms.resources.restoring import put_back
from vapi_sms.resources.state import dump_original, load_originals, load_restore_to
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
        if not is_record(olds.get("originals")) or not is_record(news.get("originals")):
            return DiffResult(changes=None)
        same = all(olds.get(key) == news.get(key) for key in ("numbers", "restoreTo", "originals"))
        return DiffResult(changes=False if same else None)

    def create(self, props: Props) -> CreateResult:
        """Remember."""
        return CreateResult("originals", told(lambda: _outs(props)))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Echo the state: the live routing is ours by now, and says nothing of the original."""
        outs = _given(props) | {"summary": props.get("summary", {})}
        return ReadResult(id_, outs, dict(outs))

    def update(self, olds: Props, news: Props) -> UpdateResult:
        """Put back the numbers that are dropped, and remember the others."""
        return UpdateResult(told(lambda: _update(olds, news)))

    def delete(self, props: Props) -> None:
        """Put back every number that is still ours."""
        told(lambda: _put_back(load_originals(props.get("originals"))))


def is_record(held: object) -> bool:
    """Tell records from a placeholder and from what is not known yet."""
    return isinstance(held, Mapping) and not contains_unknowns(held)


def _given(props: Props) -> Props:
    return {key: value for key, value in props.items() if key not in COMPUTED}


def _inputs(olds: Props, news: Props) -> Props:
    given = _given(news)
    owner = str(given.get("owner", ""))
    recorded = _remembered(owner, olds)
    for original in recorded.values():
        refuse_copied(original.number, olds.get("owner"), owner, given.get("formerOwners") or ())
    if contains_unknowns([given.get("numbers"), given.get("restoreTo")]):
        unknown = given["numbers"] if contains_unknowns(given["numbers"]) else given["restoreTo"]
        return given | {"originals": unknown}
    wishes = _wishes(given)
    vendors = session.vendors()
    if vendors is None:
        notices.tell_once(notices.NO_CREDENTIALS)
        held = olds.get("originals") if is_record(olds.get("originals")) else UNRECORDED
        return given | {"originals": held} | ({"summary": olds["summary"]} if "summary" in olds else {})
    originals = _captured(wishes, recorded, vendors)
    for original, wish in originals:
        claim(original.number, original.sid, owner, moves=isinstance(wish.restore_to, Original))
    _remember(owner, [original for original, _ in originals])
    return given | {
        "originals": {original.sid: dump_original(original) for original, _ in originals},
        "summary": {original.number: number_outs.summary(original) for original, _ in originals},
    }


def _wishes(given: Props) -> dict[str, tuple[WishInputs, object]]:
    numbers = given.get("numbers")
    if not isinstance(numbers, Mapping):
        raise BadInput("numbers", "numbers must map a number, or its SID, to its options")
    declared = given.get("restoreTo")
    restore_to = declared if isinstance(declared, Mapping) else {}
    return {key: (wish, restore_to.get(key)) for key, wish in parse_wishes(numbers).items()}


def _captured(
    wishes: Mapping[str, tuple[WishInputs, object]], recorded: Mapping[str, Original], vendors: Vendors
) -> list[tuple[Original, Wish]]:
    known = {key: _record_of(key, recorded) for key in wishes}
    unread = [key for key, record in known.items() if record is None]
    readings = vendors.observer.observe(unread) if unread else {}
    captured = []
    for key, (written, restore_to) in wishes.items():
        record = known[key]
        wish = Wish(written.adopt, _restore_to(key, restore_to))
        if record is not None:
            vendors.refuse_other_owner(key, record.account_sid, "")
        original = capture(key, readings.get(key, Observed(None)), wish, record, vendors.org_id())
        captured.append((original, wish))
    return captured


def _restore_to(key: str, value: object) -> Routing | LeaveAtVapi | Original | None:
    declared = load_restore_to(key, value)
    if not isinstance(declared, dict):
        return declared
    moved = _record_of(key, declared)
    if moved is None:
        raise Refusal(
            key,
            f"restore_to holds no original of {key}: pass the `original` output of the resource that owned this number",
        )
    return moved


def _record_of(key: str, records: Mapping[str, Original]) -> Original | None:
    if key in records:
        return records[key]
    return next((record for record in records.values() if record.number == key), None)


_lock = threading.Lock()
_by_owner: dict[str, dict[str, Original]] = {}


def _remembered(owner: str, olds: Props) -> dict[str, Original]:
    """Give the records of a resource: the state's, else those of this process.

    A forced replacement asks a second time without the old inputs, when the live routing may be ours already.
    """
    records = load_originals(olds.get("originals"))
    with _lock:
        if records:
            _by_owner[owner] = records
        return dict(_by_owner.get(owner, {}))


def _remember(owner: str, originals: list[Original]) -> None:
    with _lock:
        _by_owner[owner] = {original.sid: original for original in originals}


def _outs(props: Props) -> Props:
    if not is_record(props.get("originals")):
        subject = ", ".join(props.get("numbers") or ()) or "this number"
        session.required_vendors(subject)
        raise Refusal(
            subject, f"the original routing of {subject} could not be recorded, so nothing is switched"
        )
    return {key: value for key, value in props.items() if key not in ("drift", "__provider")}


def _update(olds: Props, news: Props) -> Props:
    outs = _outs(news)
    kept = load_originals(news["originals"])
    _put_back(
        {sid: original for sid, original in load_originals(olds.get("originals")).items() if sid not in kept}
    )
    return outs


def _put_back(originals: Mapping[str, Original]) -> None:
    if not originals:
        return
    vendors = session.required_vendors(next(iter(originals.values())).number)
    put_back(originals.values(), vendors, settle=True)
