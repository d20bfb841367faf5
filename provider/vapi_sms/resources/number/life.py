"""The life of a VapiSmsNumber: what is its own in checking, planning and telling."""

from __future__ import annotations

from typing import Any

from vapi_sms.core.errors import ProviderError
from vapi_sms.core.planning.goals import Goal
from vapi_sms.core.planning.plan import Plan
from vapi_sms.core.telling import Happening
from vapi_sms.core.values import Observed, Original
from vapi_sms.live.apply import Applied
from vapi_sms.live.proven import Wave, apply_proven
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import notices
from vapi_sms.resources.engine.status import telling
from vapi_sms.resources.inputs.number import DECLARED, KEY_AT_VAPI, demand_of
from vapi_sms.resources.number.checking import check_members, inputs_only
from vapi_sms.resources.number.single import SingleLife
from vapi_sms.resources.record import drifting
from vapi_sms.resources.record import outs as number_outs
from vapi_sms.resources.record.members import Member, plan_member, plan_member_again

Props = dict[str, Any]


class NumberLife(SingleLife):
    """One number whose texts Vapi answers."""

    declared = DECLARED
    resolved = ("assistantId", "squadId", KEY_AT_VAPI)

    def offline(self, member: Member) -> Props:
        """Carry over what only live readings can tell."""
        inputs = inputs_only(member)
        notices.tell_unlisted([member.subject])
        return inputs

    def online(self, member: Member, vendors: Vendors) -> Props:
        """Resolve names, and refuse what `up` would refuse."""
        happens: list[Happening] = []
        (inputs,) = check_members([member], vendors, happens)
        if isinstance(inputs, ProviderError):
            raise inputs
        for happening in happens:
            notices.tell_happening(happening)
        return inputs

    def observe(self, vendors: Vendors, key: str, *, not_before: float) -> Observed:
        """Read the number on both sides."""
        return vendors.observer.observe([key], not_before=not_before)[key]

    def plan(self, member: Member, vendors: Vendors, observed: Observed) -> tuple[Plan, Original]:
        """Plan the switch."""
        return plan_member(member, vendors, observed)

    def plan_again(self, member: Member, vendors: Vendors, before: Plan, observed: Observed) -> Plan:
        """Plan the switch anew from a newer reading."""
        return plan_member_again(member, vendors, before, observed)

    def proven(self, planned: Plan, member: Member, vendors: Vendors) -> Applied:
        """Carry out the plan, and prove it where that is demanded."""
        demand = demand_of(member.given)
        if demand is None:
            return self.applied(planned, member, vendors)
        outcome = apply_proven(
            Wave({member.subject: planned}, {member.subject: demand}),
            vendors,
            lambda _, now: self.plan_again(member, vendors, planned, now),
            telling(member.subject),
        )[member.subject]
        if isinstance(outcome, ProviderError):
            raise outcome
        return outcome

    def outs(self, props: Props, original: Original, goal: Goal, applied: Applied, vendors: Vendors) -> Props:
        """Give all outputs after a switch."""
        return number_outs.outs(props, original, goal, applied, vendors)

    def judged(self, olds: Props) -> drifting.Judged:
        """Give the drift of where Vapi answers, which stands in the outputs."""
        return drifting.of_number(olds)

    def refreshed(self, props: Props, record: Original | None, observed: Observed, vendors: Vendors) -> Props:
        """Give all outputs as both vendors have them now."""
        return number_outs.refreshed(props, record, observed, vendors)
