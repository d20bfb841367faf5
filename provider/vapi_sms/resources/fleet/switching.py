"""Switching a fleet: what is dropped is put back, what is declared is switched side by side, what failed is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from vapi_sms.core.errors import AGAIN, EngineGone, ProofFailed, ProviderError, Refusal
from vapi_sms.core.inert import line, redacted_url
from vapi_sms.core.planning.plan import Plan
from vapi_sms.core.planning.waves import waves_of
from vapi_sms.core.telling import counted, gathered
from vapi_sms.core.values import Observed, Original
from vapi_sms.live.apply import Applied
from vapi_sms.live.proven import Wave, apply_proven
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import session, status
from vapi_sms.resources.fleet import entries
from vapi_sms.resources.fleet.inputs import read_services
from vapi_sms.resources.inputs.number import demand_of, kept, who_answers_alone
from vapi_sms.resources.number.checking import attempt
from vapi_sms.resources.record import readable
from vapi_sms.resources.record.claims import note_switched
from vapi_sms.resources.record.leaving import known_since, leaving, let_go, put_leaving_back, tell_moved
from vapi_sms.resources.record.members import Member, plan_member, plan_member_again
from vapi_sms.resources.record.restoring import NotRestored
from vapi_sms.resources.record.state import SCHEMA, records_of

Props = dict[str, Any]


def switch(olds: Props, props: Props) -> Props:
    """Go from whatever is there to what is declared, and give all outputs; raises Refusal naming what failed."""
    members = entries.members(olds, props)
    vendors = session.required_vendors("this fleet")
    who = status.name_of(props)
    with status.reading(who, status.NUMBERS):
        readings = vendors.observer.observe(list(members), not_before=vendors.fresh())
    own = {reading.twilio.sid for reading in readings.values() if reading.twilio is not None}
    refused: dict[str, ProviderError] = {
        key: Refusal(key, text) for key, text in (props.get("refused") or {}).items()
    }
    # One that the account does not show is declared all the same.
    staying = own | {records_of(props.get("original")).sid_of(key) for key in refused}
    not_put_back = _put_back_dropped(olds, props, staying, vendors)
    # What was let go of just now may be what Vapi knew of a number that was bought again, or that number itself.
    readings = vendors.observer.observe(list(members))
    going_on = {key: member for key, member in members.items() if key not in refused}
    waves = waves_of(members, cuts) if (cuts := props.get("waves")) else [list(members)]
    try:
        switched = _switch_members(who, going_on, {key: readings[key] for key in going_on}, vendors, waves)
    except EngineGone:
        raise
    except ProviderError as trouble:
        if not not_put_back:
            raise
        raise Refusal("this fleet", f"{not_put_back}; {trouble}") from None
    switched.troubles |= refused
    failed = [text for text in (_partly(switched, len(members)), not_put_back) if text]
    if failed:
        told = "; ".join(failed)
        raise Refusal(
            "this fleet", f"{told}." if AGAIN in told else f"{told}. The next `pulumi up` continues."
        )
    return _outs(props, switched.done, own, vendors)


_Done = Mapping[str, tuple[Original, Applied]]


@dataclass(slots=True)
class _Switched:
    """What each number came to, and the trouble of each that failed; `halted` says after which wave no more began.

    `untouched` are the numbers of the waves that did not begin.
    """

    done: dict[str, tuple[Original, Applied]]
    troubles: dict[str, ProviderError]
    halted: str = ""
    untouched: int = 0


def _switch_members(
    who: str,
    members: Mapping[str, Member],
    readings: Mapping[str, Observed],
    vendors: Vendors,
    waves: Sequence[Sequence[str]],
) -> _Switched:
    """Switch each number that is not as declared, wave after wave as long as all goes well."""
    read_services(who, readings, vendors)
    plans: dict[str, Plan] = {}
    records: dict[str, Original] = {}
    switched = _Switched({}, {})
    for key, member in members.items():
        planned = attempt(plan_member, member, vendors, readings[key])
        if isinstance(planned, ProviderError):
            switched.troubles[key] = planned
            continue
        plan, records[key] = planned
        if plan.is_empty:
            switched.done[key] = (records[key], Applied.already(plan))
        else:
            plans[key] = plan

    def again(key: str, observed: Observed) -> Plan:
        return plan_member_again(members[key], vendors, plans[key], observed)

    demands = {key: demand for key in plans if (demand := demand_of(members[key].given))}
    telling = status.telling(who, status.counting(who, len(plans), "switched"))
    left = len(plans)
    for place, keys in enumerate(waves, start=1):
        wave = Wave({key: plans[key] for key in keys if key in plans}, demands, together=len(waves) > 1)
        left -= len(wave.plans)
        outcomes = apply_proven(wave, vendors, again, telling)
        for key, outcome in outcomes.items():
            if _is_switched(outcome):
                note_switched(records[key].sid, members[key].owner)
        failed = {key: outcome for key, outcome in outcomes.items() if isinstance(outcome, ProviderError)}
        switched.troubles |= failed
        switched.done |= {
            key: (records[key], outcome) for key, outcome in outcomes.items() if isinstance(outcome, Applied)
        }
        if failed and len(waves) > 1:
            switched.halted, switched.untouched = _halted(place, len(waves), len(wave.plans), left), left
            break
    return switched


def _is_switched(outcome: Applied | ProviderError) -> bool:
    """Tell whether a number is as declared, proven or not."""
    return isinstance(outcome, Applied) or (isinstance(outcome, ProofFailed) and outcome.stays)


def _halted(place: int, waves: int, switched: int, left: int) -> str:
    """Say how far it came where a wave failed, of how many that were not as declared, and what is left alone."""
    earlier = "; what waves before it switched stays" if place > 1 else ""
    later = f"; {counted(left)} of later waves {'is' if left == 1 else 'are'} untouched" if left else ""
    return f"wave {place:,} of {waves:,} ({counted(switched)}) failed{earlier}{later}"


def _put_back_dropped(olds: Props, props: Props, own: Collection[str], vendors: Vendors) -> str:
    """Put back what is dropped; tell what could not be, so that the numbers that stay go on."""
    found = leaving(olds, props, own)
    ours = [record for record in found.answered_for if not entries.leaves(olds, record)]
    try:
        put_leaving_back(replace(found, answered_for=ours), vendors, who=status.name_of(props))
    except NotRestored as trouble:
        return str(trouble).rstrip(".")
    return ""


def _partly(switched: _Switched, total: int) -> str:
    troubles = switched.troubles
    if not troubles:
        return ""
    told_of = "; ".join(line.rstrip(".") for line in gathered(entries.named(troubles)))
    are = _are(total - len(troubles) - switched.untouched)
    halted = f"{switched.halted}; " if switched.halted else ""
    return f"{halted}{len(troubles):,} of {total:,} numbers failed ({are} as declared): {told_of}"


def _are(count: int) -> str:
    return f"{count:,} {'is' if count == 1 else 'are'}"


def _outs(props: Props, switched: _Done, own: Collection[str], vendors: Vendors) -> Props:
    numbers = props["numbers"]
    known = {original.sid: known_since(original, applied, vendors) for original, applied in switched.values()}
    tell_moved(switched.values(), vendors)
    records = {**props["original"], **known}
    answers = Counter(
        line(who_answers_alone(entry).partition(", instead of")[0]) for entry in numbers.values()
    )
    usual = vendors.settings.endpoints.sms
    elsewhere = {
        key: line(redacted_url(applied.endpoints.sms))
        for key, (_, applied) in switched.items()
        if applied.endpoints is not None and applied.endpoints.sms != usual
    }
    return {
        **kept(props),
        "original": records,
        **let_go({"original": records}, own),
        "schema": SCHEMA,
        "accountSid": vendors.settings.account_sid,
        "orgId": vendors.org_id(),
        **readable.of_answers(answers),
        **readable.of_texts_urls(elsewhere),
    }
