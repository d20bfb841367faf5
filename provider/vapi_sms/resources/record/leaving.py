"""Leaving: numbers that a resource declares no more, and whose records it still holds.

The records are kept by the sibling, which Pulumi updates first; the resource that declared the numbers puts them back
once it is changed itself, and notes in its outputs which it has let go of. From then on they are somebody else's,
whatever becomes of them.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from vapi_sms.core.inert import line, redacted_url
from vapi_sms.core.planning.knowledge import identified
from vapi_sms.core.routings.handlers import Kind, classify_url
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.telling import gathered
from vapi_sms.core.values import NEVER, Observed, Original
from vapi_sms.live.apply import Applied
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine.notices import tell_once
from vapi_sms.resources.record.restoring import put_back
from vapi_sms.resources.record.state import dump_original, knowing, records_of

Props = dict[str, Any]

LET_GO = "letGo"
"""The output that names, by SID, the numbers that were put back since their records are kept."""


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What a resource's delete knew in this run: its records, as the outputs have them, and what it had let go."""

    records: Mapping[str, Original] = field(default_factory=dict)
    let_go: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Leaving:
    """Records of numbers that are declared no more: those that the outputs answered for, and others.

    Of the others, such as one whose first `up` was killed, only what is ours beyond doubt is taken back.
    """

    answered_for: Sequence[Original]
    others: Sequence[Original]


_lock = threading.Lock()
_given_back: dict[str, GivenBack] = {}
_stays: dict[str, frozenset[str]] = {}


def note_staying(owner: str, sids: Iterable[str]) -> None:
    """Note the numbers, by SID, that a resource gives up in this run and that are to stay as they are."""
    with _lock:
        _stays[owner] = frozenset(sids)


def staying(owner: str) -> frozenset[str]:
    """Give the SIDs of the numbers that a resource gives up in this run, and that stay as they are."""
    with _lock:
        return _stays.get(owner, frozenset())


def note_delete(props: Props) -> None:
    """Note what the outputs of a resource that goes know, for its sibling, which goes next."""
    records = records_of(props.get("original")).by_sid
    with _lock:
        _given_back[str(props.get("owner", ""))] = GivenBack(records, _let_go(props))


def given_back(owner: str) -> GivenBack:
    """Give what the resource of an owner knew when it went in this run, if it did."""
    with _lock:
        return _given_back.get(owner, GivenBack())


def leaving(olds: Props, props: Props, declared: Collection[str]) -> Leaving:
    """Give the records, old and new, of numbers that are not among the declared SIDs, and are not let go of yet.

    What its owner let go of in this very run, as a resource that is replaced, is looked at once more: what Vapi does to
    webhooks then may land late.
    """
    before, now = records_of(olds.get("original")).by_sid, records_of(props.get("original")).by_sid
    owner = str(props.get("owner", ""))
    done, answered_for = _let_go(olds) | staying(owner), _answered_for(olds, before)
    known = [
        knowing(record, before.get(sid))
        for sid, record in {**before, **now}.items()
        if sid not in declared and sid not in done
    ]
    ours = [record for record in known if record.sid in answered_for]
    just_left = given_back(owner).records.values()
    ours += [record for record in just_left if record.sid not in declared and record.sid not in answered_for]
    left = {record.sid for record in ours}
    return Leaving(ours, [record for record in known if record.sid not in left])


def put_leaving_back(found: Leaving, vendors: Vendors, *, who: str) -> None:
    """Put numbers back that are declared no more; raises NotRestored naming those that are not."""
    records = [*found.answered_for, *only_ours(found.others, vendors)]
    if records:
        put_back(records, vendors, who=who, settle=True)


def let_go(props: Props, declared: Collection[str]) -> Props:
    """Give the output that names what is let go of by now; nothing where nothing is."""
    sids = sorted(sid for sid in records_of(props.get("original")).by_sid if sid not in declared)
    return {LET_GO: sids} if sids else {}


def known_since(original: Original, applied: Applied, vendors: Vendors) -> Props:
    """Give a record, as the engine keeps it, with what a switch of its number lets us know."""
    known = applied.vapi.id if applied.vapi is not None else ""
    imported = known if known not in ("", original.vapi_id) else original.import_id
    twilio = applied.twilio if applied.wrote else None
    written = (original.written or NEVER) if twilio is None else twilio.updated
    seen = None if applied.endpoints == vendors.settings.endpoints else applied.endpoints
    at_vapi = applied.vapi.updated if applied.vapi is not None else original.written_at_vapi
    return dump_original(
        replace(original, import_id=imported, written=written, written_at_vapi=at_vapi, at_vapi=seen)
    )


def tell_moved(switched: Iterable[tuple[Original, Applied]], vendors: Vendors) -> None:
    """Tell of numbers that Vapi answers elsewhere since it was told of a change: that is kept, and is news."""
    moved: dict[str, str] = {}
    for original, applied in switched:
        before, now = original.at_vapi or vendors.settings.endpoints, applied.endpoints
        if original.written and now is not None and now.sms != before.sms:
            moved[original.number] = (
                f"Vapi wrote {redacted_url(now.sms)} for texts to {original.number}, where "
                f"{redacted_url(before.sms)} was before: that is kept"
            )
    for text in gathered(moved):
        tell_once(line(f"vapi-sms: {text}."))


def only_ours(records: Iterable[Original], vendors: Vendors) -> list[Original]:
    """Keep the records of numbers that are ours beyond doubt: what a reading shows is all that there is to put back."""
    given = list(records)
    if not given:
        return []
    asks_vapi = vendors.asks_vapi and not given[0].texts_only
    observe = vendors.observer.observe if asks_vapi else vendors.observer.observe_texts
    readings = observe([record.sid for record in given], not_before=vendors.fresh())
    is_ours = _is_ours if asks_vapi else _may_be_ours
    # One that is not here may still hold something of ours elsewhere: whoever puts it back looks for it.
    return [
        replace(record, seen=0)
        for record in given
        if readings[record.sid].twilio is None or is_ours(record, readings[record.sid])
    ]


def _may_be_ours(record: Original, observed: Observed) -> bool:
    """Tell whether a number that nobody declares any more may still hold something of ours, as far as Twilio shows.

    A route's handler is known by itself. Whether Vapi still has our import nobody can say without asking it; who is
    put back at Twilio then is only told by Vapi's URL.
    """
    live = observed.twilio
    if live is None or not record.texts_only:
        return live is not None
    return any(live.messaging.same_as(routing) for routing in record.applied)


def _is_ours(record: Original, observed: Observed) -> bool:
    """Tell it of a number that Vapi can be asked for: its URL is the same for everybody, there it takes our import.

    Where Vapi knows it no more, a run may have been killed between our DELETE and what puts right what Vapi wrote then:
    Twilio's demo, which nobody chooses, over what was recorded.
    """
    if observed.vapi is not None:
        return identified(observed, record).vapi is not None
    live = observed.twilio
    return live is not None and (
        (_is_demo(live.messaging) and not _is_demo(record.messaging))
        or (_is_demo(live.voice) and not _is_demo(record.voice))
    )


def _is_demo(routing: Routing) -> bool:
    return classify_url(routing.url).kind is Kind.DEMO


def _answered_for(olds: Props, before: Mapping[str, Original]) -> set[str]:
    """Give the SIDs of the numbers that a resource's outputs declared."""
    keys = {olds.get("twilioSid"), *(olds.get("numbers") or ())}
    return {sid for sid, record in before.items() if sid in keys or record.number in keys}


def _let_go(props: Props) -> frozenset[str]:
    return frozenset(props.get(LET_GO) or ())
