"""Members: the declared numbers of a resource, one or many, each with what the state holds of it and its record.

Everything that takes members takes many at once; a VapiSmsNumber is the easy case with one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from vapi_sms.core.errors import NothingToPutBack, Refusal
from vapi_sms.core.goals import Goal, declared_goal
from vapi_sms.core.plan import Plan, plan
from vapi_sms.core.refusals import refuse_nowhere, refuse_stale, refuse_unfit, unrecorded
from vapi_sms.core.routing import Routing
from vapi_sms.core.values import Desired, Observed, Original
from vapi_sms.live.observe import ANY_AGE
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.capturing import provisional, why_left_open
from vapi_sms.resources.declared import KEY_AT_VAPI, desired_of
from vapi_sms.resources.records import Records

Props = dict[str, Any]


_KEYS = ("number", "twilioSid", "shortCode")


@dataclass(frozen=True, slots=True)
class Member:
    """One declared number: `olds` as it was checked or applied before, `given` as written now.

    `records` and `old_records` are the resource's, now and then.
    """

    olds: Props
    given: Props
    records: Records
    old_records: Records

    @property
    def subject(self) -> str:
        """What people call this number."""
        return str(next((self.given[key] for key in _KEYS if self.given.get(key)), "number"))

    def record(self, observed: Observed, *, checking: bool = False) -> Original:
        """Give the record of that very number (law 1), or raise Refusal.

        While checking, an earlier record or one that create will take will do: nothing is written on its strength. But
        what is wrong with the number's own options is refused.
        """
        if observed.twilio is None:
            raise unrecorded(self.subject)
        sid = observed.twilio.sid
        found = self.records.by_sid.get(sid)
        if found is not None:
            return found
        refusal = why_left_open(self.subject)
        if checking and (refusal is None or isinstance(refusal, NothingToPutBack)):
            found = self.old_records.by_sid.get(sid) or provisional(sid)
        if found is None:
            raise refusal or unrecorded(self.subject)
        return found

    def goal(self, desired: Desired, original: Original, observed: Observed, vendors: Vendors) -> Goal:
        """Derive what both vendors should hold; an earlier record is ours too, and may be overwritten."""
        goal = declared_goal(
            desired, original, observed, vendors.settings.endpoints, ours=self.ours(original.sid)
        )
        return replace(goal, hands_key=self.key_at_vapi(original.sid) != vendors.settings.key_at_vapi)

    def key_at_vapi(self, sid: str) -> str:
        """Give the fingerprint of the key of its own that Vapi has, as far as an earlier `up` answers for it.

        Of a number that is adopted, or was left by an `up` that failed, nobody knows: it is given the key.
        """
        return "" if self.is_new(sid) else str(self.olds.get(KEY_AT_VAPI) or "")

    def ours(self, sid: str) -> tuple[Routing, ...]:
        """Give the messaging routings that we may have applied before: what an earlier record puts back."""
        before = self.old_records.by_sid.get(sid)
        return (before.messaging,) if before else ()

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
    refuse_nowhere(subject, desired, original)
    if member.hands_over(desired, original.sid):
        refuse_stale(subject, observed, original, ours=member.ours(original.sid))
    return plan(observed, member.goal(desired, original, observed, vendors)), original
