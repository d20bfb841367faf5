"""Members: the declared numbers of a resource, one or many, each with what the state holds of it and its record.

Everything here takes many at once; a VapiSmsNumber is the easy case with one member.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from pulumi.output import contains_unknowns

from vapi_sms.core.drift import drift_lines
from vapi_sms.core.errors import EngineGone, ProviderError, Refusal
from vapi_sms.core.goals import Goal, declared_goal
from vapi_sms.core.plan import Plan, plan
from vapi_sms.core.refusals import refuse_nowhere, refuse_stale, refuse_unfit, unrecorded
from vapi_sms.core.routing import Routing
from vapi_sms.core.values import Desired, Observed, Original, VapiSettings, Voice
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources import notices, number_outs
from vapi_sms.resources.capturing import provisional, why_left_open
from vapi_sms.resources.declared import COMPUTED, DECLARED, desired_of
from vapi_sms.resources.inputs import NumberInputs, parse_number
from vapi_sms.resources.state import load_originals

Props = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")


def records_of(held: object) -> Mapping[str, Original] | None:
    """Read a resource's `original` property; None while it is not known yet, empty for a placeholder."""
    return None if contains_unknowns(held) else load_originals(held)


@dataclass(frozen=True, slots=True)
class Member:
    """One declared number: `olds` as it was checked or applied before, `given` as written now.

    `records` and `old_records` are the resource's records by PN SID; None while they are not known yet.
    """

    olds: Props
    given: Props
    records: Mapping[str, Original] | None
    old_records: Mapping[str, Original]

    @property
    def subject(self) -> str:
        """What people call this number."""
        return str(
            next((self.given[key] for key in ("number", "twilioSid") if self.given.get(key)), "number")
        )

    def record(self, observed: Observed, *, checking: bool = False) -> Original:
        """Give the record of that very number (law 1), or raise Refusal.

        While checking, an earlier record or one that create will take will do: nothing is written on its strength.
        """
        if observed.twilio is None:
            raise unrecorded(self.subject)
        sid = observed.twilio.sid
        found = (self.records or {}).get(sid)
        if found is None and checking:
            found = self.old_records.get(sid) or provisional(sid)
        if found is None:
            raise why_left_open(self.subject) or unrecorded(self.subject)
        return found

    def goal(self, desired: Desired, original: Original, observed: Observed, vendors: Vendors) -> Goal:
        """Derive what both vendors should hold; an earlier record is ours too, and may be overwritten."""
        return declared_goal(
            desired, original, observed, vendors.settings.endpoints, ours=self.ours(original.sid)
        )

    def ours(self, sid: str) -> tuple[Routing, ...]:
        """Give the messaging routings that we may have applied before: what an earlier record puts back."""
        before = self.old_records.get(sid)
        return (before.messaging,) if before else ()

    def hands_over(self, desired: Desired, sid: str) -> bool:
        """Tell whether texts go from their original routing to Vapi by this change: for the first time, or again."""
        before = self.olds.get("twilioSid") == sid and bool(self.olds.get("smsEnabled", True))
        return desired.sms_enabled and not (before and self.old_records)


def check_members(members: Sequence[Member], vendors: Vendors) -> list[Props | ProviderError]:
    """Check many numbers on one reading: give each one's inputs with what people should read, or its refusal."""
    parsed = [_attempt(parse_number, member.given) for member in members]
    keys = [inputs.key for inputs in parsed if isinstance(inputs, NumberInputs) and inputs.key]
    readings = vendors.observer.observe(keys) if keys else {}
    return [
        inputs if isinstance(inputs, ProviderError) else _attempt(_checked, member, inputs, readings, vendors)
        for member, inputs in zip(members, parsed, strict=True)
    ]


def inputs_only(member: Member) -> Props:
    """Carry over what only live readings can tell, as far as what it was told of is unchanged."""
    parse_number(member.given)
    olds, given = member.olds, member.given
    if any(given.get(key) not in (None, olds.get(key)) for key in ("number", "twilioSid")):
        return dict(given)
    unchanged = all(given.get(key) == olds.get(key) for key in ("assistant", "squad", "smsEnabled"))
    told = (*COMPUTED, "number", "twilioSid") if unchanged else ("accountSid", "orgId", "number", "twilioSid")
    return {**given, **{key: olds[key] for key in told if key in olds and key not in given}}


def plan_member(member: Member, vendors: Vendors, observed: Observed) -> tuple[Plan, Original]:
    """Plan the switch of one checked number from a fresh reading, refusing what check would refuse."""
    subject, desired = member.subject, desired_of(member.given)
    vendors.refuse_other_owner(subject, member.given.get("accountSid") or "", member.given.get("orgId") or "")
    if not (desired.settings.assistant_id or desired.settings.squad_id):
        raise Refusal(
            subject, f"which assistant answers {subject} was never resolved: run again, with credentials"
        )
    observed = vendors.observer.with_services(observed)
    refuse_unfit(subject, desired, observed)
    original = member.record(observed)
    vendors.refuse_other_owner(subject, original.account_sid, original.org_id)
    refuse_nowhere(subject, desired, original)
    if member.hands_over(desired, original.sid):
        refuse_stale(subject, observed, original, ours=member.ours(original.sid))
    return plan(observed, member.goal(desired, original, observed, vendors)), original


def _attempt(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | ProviderError:
    """Do the work; give its trouble where it fails, so that the other members go on."""
    try:
        return work(*args, **kwargs)
    except EngineGone:
        raise
    except ProviderError as trouble:
        return trouble


def _checked(
    member: Member, inputs: NumberInputs, readings: Mapping[str, Observed], vendors: Vendors
) -> Props:
    desired = _resolved(member, inputs, vendors)
    given = {**member.given, **_ids(desired)}
    if inputs.key is None:
        return given
    if inputs.key in (member.olds.get("number"), member.olds.get("twilioSid")):
        recorded = (member.olds.get("accountSid") or "", member.olds.get("orgId") or "")
        vendors.refuse_other_owner(member.subject, *recorded)
    observed = vendors.observer.with_services(readings[inputs.key])
    refuse_unfit(member.subject, desired or _as_desired(inputs, "", ""), observed)
    if observed.twilio is None:
        raise AssertionError("unreachable: refuse_unfit refuses a number that is not there")
    given |= {
        "number": observed.twilio.number,
        "twilioSid": observed.twilio.sid,
        "accountSid": observed.twilio.account_sid,
        "orgId": vendors.org_id(),
    }
    if desired is None or member.records is None:
        return given
    return given | _planned(member, desired, observed, vendors)


def _planned(member: Member, desired: Desired, observed: Observed, vendors: Vendors) -> Props:
    original = member.record(observed, checking=True)
    refuse_nowhere(member.subject, desired, original)
    if member.hands_over(desired, original.sid):
        refuse_stale(member.subject, observed, original, ours=member.ours(original.sid))
        notices.tell_once(notices.AFTER_THE_SWITCH)
    if desired.sms_enabled and desired.settings.squad_id:
        notices.tell_once(notices.SQUAD)
    goal = member.goal(desired, original, observed, vendors)
    if goal.messaging is None:
        notices.tell_once(number_outs.left_alone(observed))
    told: Props = {
        "answeredBy": number_outs.answered_by(desired, original, goal, observed, vendors.names.by_id()),
        "originalSummary": number_outs.summary(original),
    }
    drift = _drift(member, observed, vendors)
    return {**told, "drift": list(drift)} if drift else told


def _drift(member: Member, observed: Observed, vendors: Vendors) -> tuple[str, ...]:
    """Compare what is there with what the last `up` declared, which may differ from what is declared now."""
    twilio = observed.twilio
    original = member.old_records.get(twilio.sid) if twilio else None
    if original is None or member.olds.get("twilioSid") != original.sid:
        return ()
    applied = declared_goal(desired_of(member.olds), original, observed, vendors.settings.endpoints)
    return drift_lines(observed, applied, vendors.names.by_id())


def _resolved(member: Member, inputs: NumberInputs, vendors: Vendors) -> Desired | None:
    """Find the ids behind names; None while any of what was written is not known yet."""
    names, subject = vendors.names, member.subject
    assistant = names.assistants.resolve(subject, inputs.assistant).id if inputs.assistant else ""
    squad = names.squads.resolve(subject, inputs.squad).id if inputs.squad else ""
    return None if inputs.unknown & set(DECLARED) else _as_desired(inputs, assistant, squad)


def _ids(desired: Desired | None) -> Props:
    if desired is None:
        return {}
    ids = {"assistantId": desired.settings.assistant_id, "squadId": desired.settings.squad_id}
    return {name: identifier for name, identifier in ids.items() if identifier}


def _as_desired(inputs: NumberInputs, assistant_id: str, squad_id: str) -> Desired:
    settings = VapiSettings(
        assistant_id=assistant_id, squad_id=squad_id, sms_enabled=inputs.sms_enabled, name=inputs.name or ""
    )
    return Desired(settings, Voice(inputs.voice))
