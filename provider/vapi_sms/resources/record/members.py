"""Members: the declared numbers of a resource, one or many, each with what the state holds of it and its record.

Everything that takes members takes many at once; a VapiSmsNumber is the easy case with one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from vapi_sms.core.errors import NothingToPutBack, Refusal
from vapi_sms.core.planning.goals import Goal, declared_goal
from vapi_sms.core.planning.knowledge import identified, is_older, shows_settings
from vapi_sms.core.planning.plan import Plan, plan
from vapi_sms.core.planning.refusals import (
    refuse_no_fallback,
    refuse_nowhere,
    refuse_overtaken,
    refuse_stale,
    refuse_strangers,
    refuse_unfit,
    unrecorded,
)
from vapi_sms.core.routings.fallbacks import declared_handler, with_fallback
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.values import NEVER, Desired, Fallback, Observed, Original
from vapi_sms.live.observe import ANY_AGE
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.inputs.number import KEY_AT_VAPI, desired_of
from vapi_sms.resources.record.capturing import provisional, why_left_open
from vapi_sms.resources.record.state import Records, knowing

Props = dict[str, Any]


KEYS = ("number", "twilioSid", "shortCode")


@dataclass(frozen=True, slots=True)
class Member:
    """One declared number: `olds` as it was checked or applied before, `given` as written now.

    `records` and `old_records` are the resource's, now and then; `owner` is the resource.
    """

    olds: Props
    given: Props
    records: Records
    old_records: Records
    owner: str = ""

    @property
    def subject(self) -> str:
        """What people call this number."""
        for key in KEYS:
            if called := self.given.get(key):
                return str(called)
        return "number"

    def record(self, observed: Observed, *, checking: bool = False) -> Original:
        """Give the record of that very number (law 1), with all that is known of it since, or raise Refusal.

        The resource's own outputs hold it, too: they remember where its sibling was taken out of the state. While
        checking, one that create will take will do: nothing is written on its strength. But what is wrong with the
        number's own options is refused.
        """
        if observed.twilio is None:
            raise unrecorded(self.subject)
        sid = observed.twilio.sid
        before = self.old_records.by_sid.get(sid)
        found = self.records.by_sid.get(sid)
        if found is not None:
            return knowing(found, before)
        refusal = why_left_open(self.subject)
        if refusal is None or isinstance(refusal, NothingToPutBack):
            found = before or (provisional(sid) if checking else None)
        if found is None:
            raise refusal or unrecorded(self.subject)
        return found

    def identified(self, observed: Observed, original: Original, desired: Desired) -> Observed:
        """Give a reading with the record at Vapi that is this number's own.

        One of a number that was released and bought again may still be the import of the SID before: that goes first.
        """
        known = (self.old_records.by_number, self.records.by_number)
        records = [each for by_number in known for each in by_number.get(original.number, ())]
        before = {each.import_id for each in records if each.sid != original.sid}
        if observed.vapi is not None and observed.vapi.id in before:
            return replace(observed, vapi=None)
        return identified(observed, original, desired.settings)

    def goal(self, desired: Desired, original: Original, observed: Observed, vendors: Vendors) -> Goal:
        """Derive what both vendors should hold; an earlier record is ours too, and may be overwritten."""
        known = original if self.is_new(original.sid) else answered_for(original)
        goal = declared_goal(
            desired, known, observed, vendors.settings.endpoints, ours=self.ours(original.sid)
        )
        hands_key = self.key_at_vapi(original.sid) != vendors.settings.key_at_vapi
        return replace(goal, hands_key=True) if hands_key else goal

    def key_at_vapi(self, sid: str) -> str:
        """Give the fingerprint of the key of its own that Vapi has, as far as an earlier `up` answers for it.

        Of a number that is adopted, or was left by an `up` that failed, nobody knows: it is given the key.
        """
        return "" if self.is_new(sid) else str(self.olds.get(KEY_AT_VAPI) or "")

    def ours(self, sid: str) -> tuple[Routing, ...]:
        """Give the messaging routings that we may have applied before: what an earlier record puts back."""
        before = self.old_records.by_sid.get(sid)
        return (before.messaging,) if before else ()

    def known(self, desired: Desired, original: Original) -> tuple[Routing, ...]:
        """Give the messaging routings that are ours where texts are handed over.

        An `up` that was cut short may have left the declared fallback beside the original.
        """
        ours = self.ours(original.sid)
        if desired.fallback is Fallback.KEEP:
            return ours
        backed = with_fallback(original.messaging.url, declared_handler(desired.fallback, original))
        return (*ours, replace(backed, method=original.messaging.method))

    def hands_over(self, desired: Desired, sid: str) -> bool:
        """Tell whether texts go from their original routing to Vapi by this change: for the first time, or again."""
        before = not self.is_new(sid) and bool(self.olds.get("smsEnabled", True))
        return desired.sms_enabled and not before

    def is_new(self, sid: str) -> bool:
        """Tell whether no earlier `up` answered for this number."""
        return self.olds.get("twilioSid") != sid or not self.old_records.by_sid

    def service_age(self, vendors: Vendors) -> float:
        """Give how old a reading of services may be to switch on it: one that was to defer is looked at again.

        Whoever hid the number otherwise was refused by check.
        """
        return vendors.fresh() if self.given.get("messagingService") else ANY_AGE


def answered_for(original: Original) -> Original:
    """Give the record of a number that an `up` answered for; version 0.1 did not say so itself."""
    return original if original.written else replace(original, written=NEVER)


def app_behind(desired: Desired, original: Original, vendors: Vendors) -> Routing | None:
    """Give what a TwiML App calls that is declared as the fallback, so that it can be offered instead."""
    sid = declared_handler(desired.fallback, original).application_sid
    return vendors.applications([sid]).get(sid) if sid else None


def plan_member(member: Member, vendors: Vendors, observed: Observed) -> tuple[Plan, Original]:
    """Plan the switch of one checked number from a fresh reading, refusing what check would refuse."""
    subject, desired = member.subject, desired_of(member.given)
    vendors.refuse_other_owner(subject, member.given.get("accountSid") or "", member.given.get("orgId") or "")
    if not (desired.settings.assistant_id or desired.settings.squad_id):
        raise Refusal(
            subject, f"which assistant answers {subject} was never resolved: run again, with credentials"
        )
    observed = vendors.observer.with_services(observed, not_before=member.service_age(vendors))
    refuse_unfit(subject, desired, observed)
    original = member.record(observed)
    vendors.refuse_other_owner(subject, original.account_sid, original.org_id)
    observed = member.identified(observed, original, desired)
    refuse_strangers(subject, observed, original)
    refuse_nowhere(subject, desired, original)
    if desired.fallback is not Fallback.KEEP and desired.declares_fallback:
        refuse_no_fallback(subject, desired, original, app_behind(desired, original, vendors))
    if member.hands_over(desired, original.sid):
        refuse_stale(subject, observed, original, ours=member.known(desired, original))
    goal = member.goal(desired, original, observed, vendors)
    is_proof = observed.twilio is None or not is_older(observed.twilio, original)
    at_vapi = shows_settings(observed, original)
    return plan(observed, goal, is_proof=is_proof, is_proof_at_vapi=at_vapi), original


def plan_member_again(member: Member, vendors: Vendors, before: Plan, observed: Observed) -> Plan:
    """Plan the switch of a number anew from a newer reading; raises Refusal where somebody routed it elsewhere since.

    What is not as declared when a run begins is drift, which preview shows and `up` repairs. What somebody changes
    while the run is at it nobody was shown.
    """
    planned, original = plan_member(member, vendors, observed)
    refuse_overtaken(before.observed, observed, original, ours=member.ours(original.sid))
    return planned
