"""Checking members: from what is written to checked inputs, with what people should read beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from vapi_sms.core.errors import EngineGone, ProviderError
from vapi_sms.core.inert import Line, line
from vapi_sms.core.planning.drift import drift_lines
from vapi_sms.core.planning.goals import Goal, declared_goal
from vapi_sms.core.planning.plan import plan
from vapi_sms.core.planning.refusals import (
    refuse_no_fallback,
    refuse_nowhere,
    refuse_stale,
    refuse_strangers,
    refuse_unfit,
)
from vapi_sms.core.proof.standing import is_to_prove
from vapi_sms.core.readings import answers_beside
from vapi_sms.core.routings.describe import attachment_line, who_answers_texts
from vapi_sms.core.routings.handlers import Kind, classify
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.telling import Happening, gathered
from vapi_sms.core.values import Desired, Fallback, Observed, Voice, settings_of
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import notices
from vapi_sms.resources.inputs.number import (
    COMPUTED,
    DECLARED,
    KEY_AT_VAPI,
    NumberInputs,
    demand_of,
    desired_of,
    fallback_of,
    parse_number,
)
from vapi_sms.resources.record import drifting, readable
from vapi_sms.resources.record import outs as number_outs
from vapi_sms.resources.record.deferring import as_deferred
from vapi_sms.resources.record.drifting import as_presumed
from vapi_sms.resources.record.members import Member, app_behind

Props = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Check:
    """What the members of one check share.

    `left_alone` and `beside` gather, by number, what is told of them once all are through; `happens` what becomes of
    each, which whoever declares them tells.
    """

    vendors: Vendors
    readings: Mapping[str, Observed]
    left_alone: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    happens: list[Happening] = field(default_factory=list)


def check_members(
    members: Sequence[Member],
    vendors: Vendors,
    happens: list[Happening],
    readings: Mapping[str, Observed] | None = None,
) -> list[Props | ProviderError]:
    """Check many numbers on one reading: give each one's inputs with what people should read, or its refusal.

    `readings` are those of all that can be asked for, where they are at hand. To `happens` what becomes of their
    answers is added, as far as that is known.
    """
    parsed = [attempt(parse_number, member.given) for member in members]
    keys = [inputs.key for inputs in parsed if isinstance(inputs, NumberInputs) and inputs.key]
    if readings is None:
        readings = vendors.observer.observe(keys) if keys else {}
    check = _Check(vendors, readings, happens=happens)
    results = [
        inputs if isinstance(inputs, ProviderError) else attempt(_checked, member, inputs, check)
        for member, inputs in zip(members, parsed, strict=True)
    ]
    for text in (*gathered(check.left_alone), *gathered(check.beside)):
        notices.tell_once(line(f"vapi-sms: {text}."))
    return results


def inputs_only(member: Member) -> Props:
    """Carry over what only live readings can tell, as far as what it was told of is unchanged."""
    parse_number(member.given)
    olds, given = member.olds, member.given
    if any(given.get(key) not in (None, olds.get(key)) for key in ("number", "twilioSid")):
        return dict(given)
    unchanged = all(given.get(key) == olds.get(key) for key in ("assistant", "squad", "smsEnabled"))
    told = (*(COMPUTED if unchanged else ("accountSid", "orgId", KEY_AT_VAPI)), "number", "twilioSid")
    return {**given, **{key: olds[key] for key in told if key in olds and key not in given}}


def attempt(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | ProviderError:
    """Do one member's work; give its trouble where it fails, so that the other members go on."""
    try:
        return work(*args, **kwargs)
    except EngineGone:
        raise
    except ProviderError as trouble:
        return trouble


def _checked(member: Member, inputs: NumberInputs, check: _Check) -> Props:
    vendors = check.vendors
    if inputs.key and inputs.key in (member.olds.get("number"), member.olds.get("twilioSid")):
        # Before any name: another org has others.
        recorded = (member.olds.get("accountSid") or "", member.olds.get("orgId") or "")
        vendors.refuse_other_owner(member.subject, *recorded)
    desired = _resolved(member, inputs, vendors)
    key = vendors.settings.key_at_vapi
    given = {**member.given, **_ids(desired), **({KEY_AT_VAPI: key} if key else {})}
    if inputs.key is None:
        return given
    observed = vendors.observer.with_services(check.readings[inputs.key])
    observed = as_deferred(observed, inputs.messaging_service)
    refuse_unfit(member.subject, desired or _as_desired(inputs, "", ""), observed)
    if observed.twilio is None:
        raise AssertionError("unreachable: refuse_unfit refuses a number that is not there")
    given |= {
        "number": observed.twilio.number,
        "twilioSid": observed.twilio.sid,
        "accountSid": observed.twilio.account_sid,
        "orgId": vendors.org_id(),
    }
    if desired is None or not member.records.are_known:
        # What is not known yet says nothing of what is there.
        drifting.note_checked(member.owner, observed.twilio.sid, observed)
        return given | readable.of_drift(_drift(member, observed, vendors))
    return given | _planned(member, desired, observed, check)


def _planned(member: Member, desired: Desired, observed: Observed, check: _Check) -> Props:
    vendors = check.vendors
    original = member.record(observed, checking=True)
    identified = member.identified(observed, original, desired)
    # Of a number that an `up` answered for diff knows which is ours: an import in place of the adopted one, too.
    if member.is_new(original.sid) or identified.vapi is not None:
        observed = identified
    refuse_strangers(member.subject, observed, original)
    drifting.note_checked(member.owner, original.sid, observed)
    refuse_nowhere(member.subject, desired, original)
    if member.hands_over(desired, original.sid):
        refuse_stale(member.subject, observed, original, ours=member.known(desired, original))
        notices.tell_once(notices.AFTER_THE_SWITCH)
        if classify(original.messaging).kind is Kind.WEBHOOK:
            notices.tell_once(notices.KEYWORDS)
    if desired.fallback is not Fallback.KEEP and desired.declares_fallback:
        refuse_no_fallback(member.subject, desired, original, app_behind(desired, original, vendors))
        if fallback_of(member.olds) != desired.fallback or member.hands_over(desired, original.sid):
            notices.tell_once(notices.FALLBACK)
    if desired.sms_enabled and desired.settings.squad_id:
        notices.tell_once(notices.SQUAD)
    goal = member.goal(desired, original, observed, vendors)
    if goal.hands_key and observed.vapi is not None:
        notices.tell_once(notices.of_key(member.key_at_vapi(original.sid), vendors.settings.key_at_vapi))
    if goal.messaging is None:
        check.left_alone[member.subject] = number_outs.left_alone(observed)
    elif member.hands_over(desired, original.sid):
        _note_beside(observed, goal.messaging, check)
    names, drift = vendors.names.by_id(), _drift(member, observed, vendors)
    _tell_proof(member, desired, goal, observed, names)
    check.happens.append(_happening(desired, goal, observed, drift, names))
    return readable.of_number(
        answered_by=number_outs.answered_by(desired, original, goal, observed, names),
        original_summary=number_outs.summary(original),
        drift=drift,
    )


def _tell_proof(
    member: Member, desired: Desired, goal: Goal, observed: Observed, names: Mapping[str, str]
) -> None:
    """Say what an `up` will ask and wait for; a preview does neither."""
    demand = demand_of(member.given)
    if demand is None:
        return
    if not desired.sms_enabled:
        notices.tell_once(notices.PROOF_OF_NOTHING)
    elif is_to_prove(plan(observed, goal)):
        if demand.before is not None:
            notices.tell_once(notices.of_question(attachment_line(desired.settings, names), demand.before))
        for text in demand.announced:
            notices.tell_once(line(f"vapi-sms: {text}"))


def _happening(
    desired: Desired, goal: Goal, observed: Observed, drift: tuple[Line, ...], names: Mapping[str, str]
) -> Happening:
    """Give who answers a number's texts now, and who will, both without fallbacks."""
    now = who_answers_texts(observed, names).partition(" (fallback")[0]
    will = now if goal.messaging is None else str(classify(goal.messaging))
    if desired.sms_enabled:
        will = attachment_line(desired.settings, names)
    return Happening(observed.twilio.number if observed.twilio else "", now, will, drift)


def _note_beside(observed: Observed, texts: Routing, check: _Check) -> None:
    number = observed.twilio.number if observed.twilio else ""
    beside = answers_beside(number, texts, check.vendors.conversations.addresses())
    if beside:
        check.beside[number] = beside


def _drift(member: Member, observed: Observed, vendors: Vendors) -> tuple[Line, ...]:
    """Compare what is there with what the last `up` declared, which may differ from what is declared now."""
    twilio = observed.twilio
    original = member.old_records.by_sid.get(twilio.sid) if twilio else None
    if original is None or member.olds.get("twilioSid") != original.sid:
        return ()
    usual = vendors.settings.endpoints
    presumed = as_presumed(original, twilio, usual) if twilio else original
    applied = declared_goal(desired_of(member.olds), presumed, observed, usual)
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
    settings = settings_of(assistant_id, squad_id, inputs.name or "", sms_enabled=inputs.sms_enabled)
    return Desired(settings, Voice(inputs.voice), _fallback(inputs))


def _fallback(inputs: NumberInputs) -> Fallback | Routing:
    return Fallback.KEEP if inputs.fallback is None else fallback_of({"fallback": inputs.fallback})
