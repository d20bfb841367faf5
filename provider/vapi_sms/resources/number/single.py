"""The life of a resource that declares one number, whose record its sibling holds: parse, observe, plan, apply.

What is asked of the vendors, and what people are told, differs from kind to kind; when and in which order does not.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from vapi_sms.core.planning.goals import Goal
from vapi_sms.core.planning.plan import Plan
from vapi_sms.core.planning.refusals import unrecorded
from vapi_sms.core.values import Observed, Original
from vapi_sms.live.apply import Applied, apply
from vapi_sms.live.observe import ANY_AGE
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import notices, session
from vapi_sms.resources.engine.lives import Checked, Compared, Found, Made, Props
from vapi_sms.resources.inputs.number import BESIDE, COMPUTED, kept, without_computed
from vapi_sms.resources.inputs.words import IS_UP
from vapi_sms.resources.record import drifting
from vapi_sms.resources.record.claims import (
    is_switched_by_another,
    note_switched,
    refuse_claimed,
    refuse_copied,
    refuse_held_back,
)
from vapi_sms.resources.record.drifting import refuse_replaced
from vapi_sms.resources.record.leaving import (
    known_since,
    leaving,
    let_go,
    note_delete,
    put_leaving_back,
    staying,
    tell_moved,
)
from vapi_sms.resources.record.members import KEYS, Member
from vapi_sms.resources.record.restoring import put_back, tell_absent
from vapi_sms.resources.record.state import as_recorded, records_of, with_own


class SingleLife(ABC):
    """One number, its sibling's record in `original`."""

    declared: ClassVar[tuple[str, ...]]
    """What the program declares, beside the record and the owner."""
    resolved: ClassVar[tuple[str, ...]] = ()
    """What check finds out from it and an `up` depends on."""
    needs_vapi: ClassVar[bool] = True

    @abstractmethod
    def offline(self, member: Member) -> Props:
        """Give checked inputs as far as they can be told without credentials."""

    @abstractmethod
    def online(self, member: Member, vendors: Vendors) -> Props:
        """Give checked inputs with what people should read; raises where `up` would refuse."""

    @abstractmethod
    def observe(self, vendors: Vendors, key: str, *, not_before: float) -> Observed:
        """Read the number, by E.164 form or SID, no earlier than `not_before` (monotonic seconds)."""

    @abstractmethod
    def plan(self, member: Member, vendors: Vendors, observed: Observed) -> tuple[Plan, Original]:
        """Plan from a fresh reading to what is declared; gives the record too."""

    @abstractmethod
    def plan_again(self, member: Member, vendors: Vendors, before: Plan, observed: Observed) -> Plan:
        """Plan anew from a newer reading; raises Refusal where somebody changed the number since."""

    def proven(self, planned: Plan, member: Member, vendors: Vendors) -> Applied:
        """Carry out the plan, and prove it as the program demands; of kinds that take no `prove` nobody does."""
        return self.applied(planned, member, vendors)

    def applied(self, planned: Plan, member: Member, vendors: Vendors) -> Applied:
        """Carry out the plan."""
        return apply(planned, vendors, lambda now: self.plan_again(member, vendors, planned, now))

    @abstractmethod
    def outs(self, props: Props, original: Original, goal: Goal, applied: Applied, vendors: Vendors) -> Props:
        """Give all outputs after an `up`."""

    @abstractmethod
    def refreshed(self, props: Props, record: Original | None, observed: Observed, vendors: Vendors) -> Props:
        """Give all outputs as the vendors have them now."""

    @abstractmethod
    def judged(self, olds: Props) -> drifting.Judged:
        """Give the drift of which the outputs know better than a check."""

    def check(self, olds: Props, news: Props) -> Checked:
        """Parse, refuse what `up` would refuse, and add what people should read."""
        drifting.was_checked(type(self).__name__, news)
        given = without_computed(news)
        is_up = given.pop(IS_UP, False)
        found = Checked(self._inputs(olds, given, is_up=is_up))
        return drifting.as_news(olds, found)

    def diff(self, olds: Props, news: Props) -> Compared:
        """Compare outputs with inputs, offline."""
        return self._diff(olds, news)

    def create(self, props: Props) -> Made:
        """Make it so and prove it."""
        outs = self._switch({}, props)
        return Made(outs["twilioSid"], outs)

    def read(self, id_: str, props: Props) -> Found:
        """Read outputs and inputs from the vendors."""
        return self._read(id_, props)

    def update(self, olds: Props, news: Props) -> Props:
        """Make it so from whatever is there, and prove it."""
        return self._switch(olds, news)

    def delete(self, props: Props) -> None:
        """Put the number back as recorded."""
        self._delete(props)

    def _inputs(self, olds: Props, given: Props, *, is_up: bool) -> Props:
        member = member_of(olds, given)
        beside = {key: given[key] for key in BESIDE if key in given}
        refuse_copied(
            member.subject, olds.get("owner"), str(given.get("owner", "")), given.get("formerOwners") or ()
        )
        keys = [key for key in (given.get(name) for name in KEYS) if isinstance(key, str)]
        if len(keys) == 1:
            held = member.records.by_sid.keys() if member.records.are_there else None
            refuse_held_back(member.subject, member.owner, keys, held)
            beside["original"] = with_own(beside.get("original"), olds.get("original"), keys)
        vendors = session.vendors_to_check(member.subject, is_up=is_up, needs_vapi=self.needs_vapi)
        if vendors is None:
            return {**self.offline(member), **beside}
        return {**self.online(member, vendors), **beside}

    def _diff(self, olds: Props, news: Props) -> Compared:
        replaces = [
            key
            for key in ("number", "twilioSid")
            if isinstance(news.get(key), str) and olds.get(key) and news[key] != olds[key]
        ]
        if replaces:
            _tell_replaced(olds, str(news.get("owner", "")))
            return Compared(None, tuple(replaces))
        sid = str(olds.get("twilioSid"))
        known = records_of(olds.get("original")).by_sid.get(sid)
        # Before any drift: what stands in the place of ours is not repaired, and `up` refuses it.
        refuse_replaced(str(news.get("owner", "")), {} if known is None else {sid: known})
        recorded = all(records_of(props.get("original")).cover([sid]) for props in (olds, news))
        drift = drifting.told(type(self).__name__, olds, news, self.judged(olds))
        drifting.tell(f"{olds.get('number')}: ", drift, news.get("drift") or ())
        if drift and not news.get("drift"):
            return Compared(changes=True)
        if drift or not recorded:
            return Compared(None)
        if as_recorded(olds["original"])[sid] != as_recorded(news["original"])[sid]:
            return Compared(None)
        compared = [*self.declared, *self.resolved]
        # Without credentials nobody can say who answers; a refresh says who really does.
        compared += ["answeredBy"] if news.get("answeredBy") else []
        differs = any(_said(olds.get(key)) != _said(news.get(key)) for key in compared)
        return Compared(changes=None if differs else False)

    def _switch(self, olds: Props, props: Props) -> Props:
        """Plan from what is there to what is declared, apply, and give all outputs."""
        member = member_of(olds, kept(props))
        vendors = session.required_vendors(member.subject, needs_vapi=self.needs_vapi)
        key = str(props.get("twilioSid") or member.subject)
        observed = self.observe(vendors, key, not_before=vendors.fresh())
        planned, original = self.plan(member, vendors, observed)
        own = [original.sid]
        # What is to be refused is refused by now: nothing had happened.
        put_leaving_back(leaving(olds, props, own), vendors, who=member.subject)
        if observed.vapi is not None and observed.vapi.id in vendors.observer.forgotten:
            # The import went with the number of this name before, which may have been recorded without its id.
            observed = self.observe(vendors, key, not_before=vendors.fresh())
            planned, original = self.plan(member, vendors, observed)
        carry_out = self.proven if props.get("prove") else self.applied
        applied = carry_out(planned, member, vendors)
        note_switched(original.sid, member.owner)
        tell_moved([(original, applied)], vendors)
        outs = self.outs(props, original, planned.goal, applied, vendors)
        outs["original"] = {**outs["original"], original.sid: known_since(original, applied, vendors)}
        return outs | let_go(outs, own)

    def _read(self, id_: str, props: Props) -> Found:
        subject = str(props.get("number") or id_)
        vendors = session.vendors_to_read(subject, needs_vapi=self.needs_vapi)
        vendors.refuse_other_owner(subject, props.get("accountSid") or "", props.get("orgId") or "")
        observed = self.observe(vendors, props["twilioSid"], not_before=ANY_AGE)
        record = records_of(props.get("original")).by_sid.get(props["twilioSid"])
        if observed.twilio is None:
            tell_absent([] if record is None else [record], vendors)
            outs = kept(props)
        else:
            outs = self.refreshed(props, record, vendors.observer.with_services(observed), vendors)
        inputs = {key: outs[key] for key in (*self.declared, *BESIDE, *COMPUTED) if key in outs}
        inputs["original"] = as_recorded(outs["original"])
        drifting.was_read(type(self).__name__, props)
        return Found(id_, outs, inputs)

    def _delete(self, props: Props) -> None:
        subject = str(props.get("number") or props.get("twilioSid"))
        note_delete(props)
        vendors = session.vendors_to_give_back(subject, needs_vapi=self.needs_vapi)
        record = records_of(props.get("original")).by_sid.get(props["twilioSid"])
        if record is None:
            raise unrecorded(subject)
        refuse_claimed(record, str(props.get("owner", "")))
        if not is_switched_by_another(record):
            notices.tell_happening(notices.going_back(record, props))
            put_back([record], vendors, who=subject, settle=False)


def _tell_replaced(olds: Props, owner: str) -> None:
    """Tell what becomes of the number that is declared no more: its delete, which no preview calls, puts it back."""
    record = records_of(olds.get("original")).by_sid.get(str(olds.get("twilioSid")))
    if record is not None and record.sid not in staying(owner):
        notices.tell_happening(notices.going_back(record, olds))


def member_of(olds: Props, props: Props) -> Member:
    """Give the number as it was, as it is declared now, and what both know of its original."""
    given = {key: value for key, value in props.items() if key not in BESIDE}
    records, old_records = records_of(props.get("original")), records_of(olds.get("original"))
    return Member(olds, given, records, old_records, str(props.get("owner", "")))


def _said(value: object) -> object:
    """Give what is said: nothing and the empty string are one value, since the engine drops what is None."""
    return "" if value is None else value
