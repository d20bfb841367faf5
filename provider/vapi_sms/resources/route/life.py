"""The life of a TwilioSmsRoute: what is its own in checking, planning and telling. Nothing is asked of Vapi."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vapi_sms.core.inert import Line, line
from vapi_sms.core.numbers import is_short_code
from vapi_sms.core.planning.drift import drift_lines
from vapi_sms.core.planning.goals import Goal, routed_goal
from vapi_sms.core.planning.knowledge import is_older
from vapi_sms.core.planning.plan import Plan, plan
from vapi_sms.core.planning.refusals import refuse_overtaken, refuse_stale, refuse_unroutable
from vapi_sms.core.readings import answers_beside
from vapi_sms.core.routings.describe import who_answers_at_twilio
from vapi_sms.core.routings.handlers import classify
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.routings.shapes import unproven
from vapi_sms.core.telling import Happening
from vapi_sms.core.values import Observed, Original, Routed, TwilioNumber
from vapi_sms.live.apply import Applied
from vapi_sms.live.observe import ANY_AGE
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import notices
from vapi_sms.resources.inputs.route import DECLARED, KEYS, RouteInputs, parse_route, routed_of
from vapi_sms.resources.number.single import SingleLife
from vapi_sms.resources.record import drifting, readable
from vapi_sms.resources.record import outs as number_outs
from vapi_sms.resources.record.capturing import refuse_missing_app
from vapi_sms.resources.record.deferring import as_deferred
from vapi_sms.resources.record.members import Member
from vapi_sms.resources.route import outs as route_outs

Props = dict[str, Any]


class RouteLife(SingleLife):
    """One number or short code, and the handler that answers its texts."""

    declared = DECLARED
    needs_vapi = False

    def offline(self, member: Member) -> Props:
        """Carry over what only live readings can tell, as far as what it was told of is unchanged."""
        parse_route(member.given)
        olds, given = member.olds, member.given
        if any(given.get(key) not in (None, olds.get(key)) for key in KEYS):
            return dict(given)
        told = ["accountSid", "number", "twilioSid"]
        if given.get("handler") == olds.get("handler"):
            told += ["answeredBy", "originalSummary"]
        return {**given, **{key: olds[key] for key in told if key in olds and key not in given}}

    def online(self, member: Member, vendors: Vendors) -> Props:
        """Read the number, and refuse whatever would keep the handler from answering."""
        inputs = parse_route(member.given)
        if inputs.key is None:
            return dict(member.given)
        if inputs.key in [member.olds.get(key) for key in KEYS]:
            vendors.refuse_other_owner(member.subject, member.olds.get("accountSid") or "", "")
        observed = vendors.observer.with_services(self.observe(vendors, inputs.key))
        observed = as_deferred(observed, inputs.messaging_service)
        twilio = _routable(member, inputs, observed)
        given = {**member.given, **route_outs.identity(twilio)}
        if not inputs.is_known or not member.records.are_known:
            return given | readable.of_drift(_drift(member, observed, twilio))
        return given | _planned(member, observed, twilio, vendors)

    def observe(self, vendors: Vendors, key: str, *, not_before: float = ANY_AGE) -> Observed:
        """Read the number at Twilio."""
        return vendors.observer.observe_texts([key], not_before=not_before)[key]

    def plan(self, member: Member, vendors: Vendors, observed: Observed) -> tuple[Plan, Original]:
        """Plan the write of one checked route, refusing what check would refuse."""
        vendors.refuse_other_owner(member.subject, member.given.get("accountSid") or "", "")
        observed = vendors.observer.with_services(observed, not_before=member.service_age(vendors))
        routed = routed_of(member.given, vendors.settings.account_sid)
        refuse_unroutable(member.subject, routed, observed)
        original = member.record(observed)
        vendors.refuse_other_owner(member.subject, original.account_sid, "")
        if member.is_new(original.sid):
            refuse_stale(member.subject, observed, original)
        is_proof = observed.twilio is None or not is_older(observed.twilio, original)
        goal = replace(routed_goal(routed), unproven=unproven(original, observed.twilio))
        return plan(observed, goal, is_proof=is_proof), original

    def plan_again(self, member: Member, vendors: Vendors, before: Plan, observed: Observed) -> Plan:
        """Plan the write anew from a newer reading."""
        planned, original = self.plan(member, vendors, observed)
        refuse_overtaken(before.observed, observed, original)
        return planned

    def outs(self, props: Props, original: Original, goal: Goal, applied: Applied, vendors: Vendors) -> Props:
        """Give all outputs after an `up`."""
        del goal, vendors
        return route_outs.outs(props, original, applied)

    def judged(self, olds: Props) -> drifting.Judged:  # noqa: ARG002 a check knows all of a route
        """Give nothing."""
        return {}

    def refreshed(self, props: Props, record: Original | None, observed: Observed, vendors: Vendors) -> Props:
        """Give all outputs as Twilio has them now."""
        del record, vendors
        return route_outs.refreshed(props, observed)


def _routable(member: Member, inputs: RouteInputs, observed: Observed) -> TwilioNumber:
    """Give the number; raises Refusal where no handler could see its texts, or the declared one could not be set."""
    account = observed.twilio.account_sid if observed.twilio else ""
    routed = routed_of(member.given, account) if inputs.is_known else Routed(Routing())
    refuse_unroutable(member.subject, routed, observed)
    if observed.twilio is None:
        raise AssertionError("unreachable: refuse_unroutable refuses a number that is not there")
    if is_short_code(observed.twilio.sid):
        notices.tell_once(notices.SHORT_CODE)
    return observed.twilio


def _planned(member: Member, observed: Observed, twilio: TwilioNumber, vendors: Vendors) -> Props:
    routed = routed_of(member.given, twilio.account_sid)
    is_changed = member.given["handler"] != member.olds.get("handler")
    if is_changed:
        refuse_missing_app(member.subject, "handler", routed.messaging, vendors)
    original = member.record(observed, checking=True)
    if member.is_new(original.sid):
        refuse_stale(member.subject, observed, original, ours=(routed.messaging,))
    if is_changed or member.is_new(original.sid):
        beside = answers_beside(twilio.number, routed.messaging, vendors.conversations.addresses())
        if beside:
            notices.tell_once(line(f"vapi-sms: {beside}."))
    drift = _drift(member, observed, twilio)
    now = who_answers_at_twilio(observed).partition(" (fallback")[0]
    notices.tell_happening(Happening(twilio.number, now, str(classify(routed.messaging)), drift))
    return readable.of_number(
        answered_by=route_outs.answered_by(routed, original),
        original_summary=number_outs.summary(original),
        drift=drift,
    )


def _drift(member: Member, observed: Observed, twilio: TwilioNumber) -> tuple[Line, ...]:
    """Compare what is there with what the last `up` declared, which may differ from what is declared now."""
    if member.is_new(twilio.sid) or member.olds.get("handler") is None:
        return ()
    return drift_lines(observed, routed_goal(routed_of(member.olds, twilio.account_sid)), {})
