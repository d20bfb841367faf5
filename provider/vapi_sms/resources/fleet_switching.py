"""Switching a fleet: what is dropped is put back, what is declared is switched side by side, what failed is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from vapi_sms.core.errors import EngineGone, ProviderError, Refusal
from vapi_sms.core.gathering import gathered
from vapi_sms.core.inert import line
from vapi_sms.live.apply import apply_many
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources import fleet_entries, readable, session, status
from vapi_sms.resources.checking import attempt
from vapi_sms.resources.declared import kept
from vapi_sms.resources.fleet_inputs import read_services
from vapi_sms.resources.members import Member, plan_member
from vapi_sms.resources.records import records_of
from vapi_sms.resources.restoring import NotRestored, put_back
from vapi_sms.resources.state import SCHEMA

Props = dict[str, Any]


def switch(olds: Props, props: Props) -> Props:
    """Go from whatever is there to what is declared, and give all outputs; raises Refusal naming what failed."""
    members = fleet_entries.members(olds, props)
    vendors = session.required_vendors("this fleet")
    not_put_back = _put_back_dropped(olds, props, vendors)
    try:
        troubles = _switch_members(status.name_of(props), members, vendors)
    except EngineGone:
        raise
    except ProviderError as trouble:
        if not not_put_back:
            raise
        raise Refusal("this fleet", f"{not_put_back}; {trouble}") from None
    failed = [text for text in (_partly(troubles, len(members)), not_put_back) if text]
    if failed:
        raise Refusal("this fleet", f"{'; '.join(failed)}. The next `pulumi up` continues.")
    return _outs(props, vendors)


def _switch_members(who: str, members: Mapping[str, Member], vendors: Vendors) -> dict[str, ProviderError]:
    """Switch each number that is not as declared; give the trouble of each that failed and is back as before."""
    with status.reading(who, status.NUMBERS):
        readings = vendors.observer.observe(list(members), not_before=vendors.fresh())
    read_services(who, readings, vendors)
    plans, troubles = {}, {}
    for key, member in members.items():
        planned = attempt(plan_member, member, vendors, readings[key])
        if isinstance(planned, ProviderError):
            troubles[key] = planned
        elif not planned[0].is_empty:
            plans[key] = planned[0]
    outcomes = apply_many(plans, vendors, status.counting(who, len(plans), "switched"))
    return troubles | {key: each for key, each in outcomes.items() if isinstance(each, ProviderError)}


def _put_back_dropped(olds: Props, props: Props, vendors: Vendors) -> str:
    """Put back what is dropped; tell what could not be, so that the numbers that stay go on."""
    now, before = (records_of(each.get("original")).by_sid for each in (props, olds))
    dropped = [
        record for sid, record in before.items() if sid not in now and not fleet_entries.leaves(olds, record)
    ]
    try:
        if dropped:
            put_back(dropped, vendors, who=status.name_of(olds), settle=False)
    except NotRestored as trouble:
        return str(trouble).rstrip(".")
    return ""


def _partly(troubles: Mapping[str, ProviderError], total: int) -> str:
    if not troubles:
        return ""
    told_of = "; ".join(line.rstrip(".") for line in gathered(fleet_entries.named(troubles)))
    return f"{len(troubles):,} of {total:,} numbers failed ({total - len(troubles):,} are as declared): {told_of}"


def _outs(props: Props, vendors: Vendors) -> Props:
    numbers = props["numbers"]
    answers = Counter(
        line(str(entry.get("answeredBy", "")).partition(", instead of")[0]) for entry in numbers.values()
    )
    return {
        **kept(props),
        "schema": SCHEMA,
        "accountSid": vendors.settings.account_sid,
        "orgId": vendors.org_id(),
        **readable.of_answers(answers),
    }
