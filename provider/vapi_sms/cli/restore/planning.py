"""Planning a restore: what is held, one reading of both vendors, and for each number the plan that leads back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from vapi_sms.cli.backup.held import Held
from vapi_sms.core.errors import ProviderError, VendorTrouble
from vapi_sms.core.planning.capture import not_on_account
from vapi_sms.core.planning.goals import Goal
from vapi_sms.core.planning.plan import Plan
from vapi_sms.core.routings.handlers import on_account
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.services.plan import ServicePlan, plan_restore
from vapi_sms.core.services.plan import left_alone as left_of_service
from vapi_sms.core.services.pool import PoolReading, ServiceOriginal, is_at_vapi
from vapi_sms.core.values import Observed, Original, Source
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.record.restoring import left_alone, plans_back
from vapi_sms.resources.service.reading import read_recorded


@dataclass(frozen=True, slots=True)
class Numbers:
    """Records of numbers that may be put back, by SID with their plans, and what is refused, by number.

    `elsewhere` tells of numbers that are not where they were recorded; `at_vapi` is what keeps us from asking Vapi.
    """

    records: tuple[Original, ...] = ()
    plans: Mapping[str, Plan] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    at_vapi: ProviderError | None = None

    @property
    def pending(self) -> tuple[Original, ...]:
        """Those that something is to be written of."""
        return tuple(record for record in self.records if not self.plans[record.sid].is_empty)

    def left_alone(self, record: Original) -> list[str]:
        """Say what of a number is recorded, and not put back."""
        return left_alone(self.plans[record.sid], record)


@dataclass(frozen=True, slots=True)
class OfService:
    """What becomes of one Messaging Service."""

    original: ServiceOriginal
    planned: ServicePlan | None
    left_alone: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """All that would be done."""

    numbers: Numbers
    services: tuple[OfService, ...]
    names: Mapping[str, str]

    @property
    def writes_nothing(self) -> bool:
        """Everything that may be put back is as recorded."""
        return not self.numbers.pending and all(
            each.planned is None or each.planned.is_empty for each in self.services
        )

    @property
    def refused(self) -> dict[str, str]:
        """What cannot be put back, and why."""
        services = {str(each.original): each.refused for each in self.services if each.refused}
        return {**self.numbers.refused, **services}


def propose(held: Held, vendors: Vendors) -> Proposal:
    """Read both vendors, and plan; writes nothing."""
    numbers = plan_numbers(held, vendors)
    services = tuple(plan_service(original, numbers, vendors) for original in held.services)
    answered = [planned.observed for planned in numbers.plans.values()]
    if any(each.vapi and each.twilio and is_at_vapi(each.twilio.messaging) for each in answered):
        vendors.names.assistants.load()
    return Proposal(numbers, services, vendors.names.by_id())


def plan_numbers(held: Held, vendors: Vendors) -> Numbers:
    """Plan each number by itself; what these credentials are not for is refused."""
    recorded, homeless = _on_this_account(held, vendors)
    records, refused = _owned(recorded, vendors)
    declared, absent = _from_declared(held.declared, vendors)
    records = [_met_on_the_way(record, held, vendors) for record in records] + declared
    back = plans_back(records, vendors, vendors.fresh())
    plans = {
        sid: planned
        if planned.is_empty
        else replace(planned, observed=vendors.observer.with_services(planned.observed))
        for sid, planned in back.plans.items()
    }
    there = tuple(record for record in records if record.sid in plans)
    nowhere, elsewhere = (
        {number: "; ".join(texts) for number, texts in back.told(records, fails=fails).items()}
        for fails in (True, False)
    )
    return Numbers(there, plans, {**homeless, **refused, **absent, **nowhere}, elsewhere, back.at_vapi)


def plan_service(original: ServiceOriginal, numbers: Numbers, vendors: Vendors) -> OfService:
    """Plan a service for the time when its numbers are back: it must not hide texts that are still Vapi's."""
    try:
        vendors.refuse_other_owner(str(original), original.account_sid, "")
        reading = read_recorded(original, vendors, vendors.fresh())
        later = PoolReading(
            reading.service,
            tuple(_later(each, numbers.plans) for each in reading.numbers),
            tuple(_later(each, numbers.plans) for each in reading.others),
        )
        return OfService(original, plan_restore(later, original), tuple(left_of_service(later, original)))
    except ProviderError as refusal:
        return OfService(original, None, refused=str(refusal))


def _later(observed: Observed, plans: Mapping[str, Plan]) -> Observed:
    """Give a reading as it will be once the number's own plan is carried out."""
    twilio = observed.twilio
    goal: Goal | None = plans[twilio.sid].goal if twilio and twilio.sid in plans else None
    if twilio is None or goal is None or goal.messaging is None:
        return observed
    return replace(observed, twilio=replace(twilio, messaging=goal.messaging))


def _on_this_account(held: Held, vendors: Vendors) -> tuple[list[Original], dict[str, str]]:
    """Give the records as they are; or, where a person says so, of the numbers as they are on this account now."""
    if not held.to_this_account:
        # A person sees the plan: what it stands on is what was read just now.
        return [replace(record, seen=0) for record in held.numbers], {}
    readings = vendors.observer.observe_texts(
        [record.number for record in held.numbers], not_before=vendors.fresh()
    )
    found, absent = [], {}
    for record in held.numbers:
        live = readings[record.number].twilio
        if live is None:
            absent[record.number] = not_on_account(record.number)
        else:
            found.append(replace(record, sid=live.sid, account_sid=live.account_sid, seen=0, written=0))
    return found, absent


def _owned(records: list[Original], vendors: Vendors) -> tuple[list[Original], dict[str, str]]:
    found, refused = [], {}
    for record in records:
        try:
            vendors.refuse_other_account(record.number, record.account_sid)
        except ProviderError as refusal:
            here = vendors.settings.account_sid
            refused[record.number] = f"{refusal}; or, if the number moved to {here}, --to-account {here}"
            continue
        try:
            if not record.texts_only and not vendors.settings.without_vapi:
                vendors.refuse_other_org(record.number, record.org_id)
        except VendorTrouble:
            found.append(
                record
            )  # Twilio's half does not wait for Vapi's; what keeps us from it is told with the plan
        except ProviderError as refusal:
            refused[record.number] = str(refusal)
        else:
            found.append(record)
    return found, refused


def _from_declared(
    declared: Mapping[str, Routing], vendors: Vendors
) -> tuple[list[Original], dict[str, str]]:
    """Make records of texts only: of calls, and of what Vapi knew, a `restore_to` says nothing."""
    if not declared:
        return [], {}
    readings = vendors.observer.observe_texts(list(declared), not_before=vendors.fresh())
    found, absent = [], {}
    for key, routing in declared.items():
        number = readings[key].twilio
        if number is None:
            absent[key] = not_on_account(key)
            continue
        found.append(
            Original(
                sid=number.sid,
                number=number.number,
                account_sid=number.account_sid,
                org_id="",
                messaging=on_account(routing, number.account_sid),
                voice=VoiceRouting(),
                source=Source.DECLARED,
                texts_only=True,
            )
        )
    return found, absent


def _met_on_the_way(record: Original, held: Held, vendors: Vendors) -> Original:
    """Give a number its service's handler as long as the service defers, which answered by itself when recorded.

    The number's own routing slept then, and nobody knows what it would say. It is put back after the service.
    """
    for original in (*held.services, *held.other_services):
        kept = original.kept.get(record.sid)
        if kept is None or original.inbound.defers:
            continue
        live = vendors.services.find(original.sid, not_before=vendors.fresh())
        if live is not None and live.defers:
            return replace(
                record, messaging=original.inbound.answer, applied=(kept.messaging, *record.applied)
            )
    return record
