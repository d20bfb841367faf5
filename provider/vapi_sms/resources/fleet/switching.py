"""Switching a fleet: what is dropped is put back, what is declared is switched side by side, what failed is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from vapi_sms.core.errors import EngineGone, ProviderError, Refusal
from vapi_sms.core.inert import line, redacted_url
from vapi_sms.core.planning.plan import Plan
from vapi_sms.core.telling import gathered
from vapi_sms.core.values import Observed, Original
from vapi_sms.live.apply import Applied, apply_many
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import session, status
from vapi_sms.resources.fleet import entries
from vapi_sms.resources.fleet.inputs import read_services
from vapi_sms.resources.inputs.number import kept, who_answers_alone
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
    try:
        applied, troubles = _switch_members(who, going_on, {key: readings[key] for key in going_on}, vendors)
    except EngineGone:
        raise
    except ProviderError as trouble:
        if not not_put_back:
            raise
        raise Refusal("this fleet", f"{not_put_back}; {trouble}") from None
    failed = [text for text in (_partly(refused | troubles, len(members)), not_put_back) if text]
    if failed:
        raise Refusal("this fleet", f"{'; '.join(failed)}. The next `pulumi up` continues.")
    return _outs(props, applied, own, vendors)


_Switched = Mapping[str, tuple[Original, Applied]]


def _switch_members(
    who: str, members: Mapping[str, Member], readings: Mapping[str, Observed], vendors: Vendors
) -> tuple[_Switched, dict[str, ProviderError]]:
    """Switch each number that is not as declared; give what it came to, and the trouble of each that failed."""
    read_services(who, readings, vendors)
    plans: dict[str, Plan] = {}
    records: dict[str, Original] = {}
    done: dict[str, Applied] = {}
    troubles: dict[str, ProviderError] = {}
    for key, member in members.items():
        planned = attempt(plan_member, member, vendors, readings[key])
        if isinstance(planned, ProviderError):
            troubles[key] = planned
            continue
        plan, records[key] = planned
        if plan.is_empty:
            done[key] = Applied.already(plan)
        else:
            plans[key] = plan

    def again(key: str, observed: Observed) -> Plan:
        return plan_member_again(members[key], vendors, plans[key], observed)

    for key, outcome in apply_many(
        plans, vendors, again, status.counting(who, len(plans), "switched")
    ).items():
        if isinstance(outcome, ProviderError):
            troubles[key] = outcome
        else:
            done[key] = outcome
            note_switched(records[key].sid, members[key].owner)
    return {key: (records[key], applied) for key, applied in done.items()}, troubles


def _put_back_dropped(olds: Props, props: Props, own: Collection[str], vendors: Vendors) -> str:
    """Put back what is dropped; tell what could not be, so that the numbers that stay go on."""
    found = leaving(olds, props, own)
    ours = [record for record in found.answered_for if not entries.leaves(olds, record)]
    try:
        put_leaving_back(replace(found, answered_for=ours), vendors, who=status.name_of(props))
    except NotRestored as trouble:
        return str(trouble).rstrip(".")
    return ""


def _partly(troubles: Mapping[str, ProviderError], total: int) -> str:
    if not troubles:
        return ""
    told_of = "; ".join(line.rstrip(".") for line in gathered(entries.named(troubles)))
    return f"{len(troubles):,} of {total:,} numbers failed ({_are(total - len(troubles))} as declared): {told_of}"


def _are(count: int) -> str:
    return f"{count:,} {'is' if count == 1 else 'are'}"


def _outs(props: Props, switched: _Switched, own: Collection[str], vendors: Vendors) -> Props:
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
