"""The life of a VapiSmsNumber: parse, observe, plan; create, update and delete also apply."""

from __future__ import annotations

from typing import Any

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from vapi_sms.core.errors import ProviderError
from vapi_sms.core.refusals import unrecorded
from vapi_sms.live.apply import apply
from vapi_sms.live.observe import ANY_AGE
from vapi_sms.resources import notices, number_outs, session
from vapi_sms.resources.checking import check_members, inputs_only
from vapi_sms.resources.claims import refuse_copied
from vapi_sms.resources.declared import BESIDE, COMPUTED, DECLARED, kept, without_computed
from vapi_sms.resources.edge import checked, told
from vapi_sms.resources.members import Member, plan_member
from vapi_sms.resources.records import records_of
from vapi_sms.resources.restoring import put_back

Props = dict[str, Any]


class NumberLife:
    """One number, its sibling's record in `original`."""

    def check(self, olds: Props, news: Props) -> CheckResult:
        """Parse, resolve names, refuse what `up` would refuse, and add what people should read."""
        return checked(lambda: _inputs(olds, without_computed(news)), without_computed(news))

    def diff(self, olds: Props, news: Props) -> DiffResult:
        """Compare outputs with inputs, offline."""
        return told(lambda: _diff(olds, news))

    def create(self, props: Props) -> CreateResult:
        """Switch the number over and prove it."""
        outs = told(lambda: _switch({}, props))
        return CreateResult(outs["twilioSid"], outs)

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read outputs and inputs from both vendors."""
        return told(lambda: _read(id_, props))

    def update(self, olds: Props, news: Props) -> UpdateResult:
        """Switch from whatever is there to what is declared, and prove it."""
        return UpdateResult(told(lambda: _switch(olds, news)))

    def delete(self, props: Props) -> None:
        """Put the number back as recorded."""
        told(lambda: _delete(props))


def _member(olds: Props, props: Props) -> Member:
    given = {key: value for key, value in props.items() if key not in BESIDE}
    return Member(olds, given, records_of(props.get("original")), records_of(olds.get("original")))


def _inputs(olds: Props, given: Props) -> Props:
    member = _member(olds, given)
    beside = {key: given[key] for key in BESIDE if key in given}
    refuse_copied(
        member.subject, olds.get("owner"), str(given.get("owner", "")), given.get("formerOwners") or ()
    )
    vendors = session.vendors()
    if vendors is None:
        notices.tell_once(notices.NO_CREDENTIALS)
        return {**inputs_only(member), **beside}
    (inputs,) = check_members([member], vendors)
    if isinstance(inputs, ProviderError):
        raise inputs
    return {**inputs, **beside}


def _diff(olds: Props, news: Props) -> DiffResult:
    replaces = [
        key
        for key in ("number", "twilioSid")
        if isinstance(news.get(key), str) and olds.get(key) and news[key] != olds[key]
    ]
    if replaces:
        return DiffResult(changes=None, replaces=replaces, delete_before_replace=True)
    sid = str(olds.get("twilioSid"))
    recorded = all(records_of(props.get("original")).cover([sid]) for props in (olds, news))
    if news.get("drift") or not recorded:
        return DiffResult(changes=None)
    compared = [*DECLARED, "assistantId", "squadId", "original"]
    # Without credentials nobody can say who answers; a refresh says who really does.
    compared += ["answeredBy"] if news.get("answeredBy") else []
    # Nothing and the empty string are one value: the engine drops what is None.
    differs = any((olds.get(key) or "") != (news.get(key) or "") for key in compared if key != "smsEnabled")
    return DiffResult(changes=None if differs or olds.get("smsEnabled") != news.get("smsEnabled") else False)


def _switch(olds: Props, props: Props) -> Props:
    """Plan from what is there to what is declared, apply, and give all outputs."""
    member = _member(olds, kept(props))
    vendors = session.required_vendors(member.subject)
    key = str(props.get("twilioSid") or member.subject)
    observed = vendors.observer.observe([key], not_before=vendors.fresh())[key]
    planned, original = plan_member(member, vendors, observed)
    return number_outs.outs(props, original, planned.goal, apply(planned, vendors), vendors)


def _read(id_: str, props: Props) -> ReadResult:
    subject = str(props.get("number") or id_)
    vendors = session.required_vendors(subject)
    vendors.refuse_other_owner(subject, props.get("accountSid") or "", props.get("orgId") or "")
    observed = vendors.observer.observe([props["twilioSid"]], not_before=ANY_AGE)[props["twilioSid"]]
    if observed.twilio is None:
        return ReadResult("", {})
    record = records_of(props.get("original")).by_sid.get(props["twilioSid"])
    outs = number_outs.refreshed(props, record, vendors.observer.with_services(observed), vendors)
    inputs = {key: outs[key] for key in (*DECLARED, *BESIDE, *COMPUTED) if key in outs}
    return ReadResult(id_, outs, inputs)


def _delete(props: Props) -> None:
    subject = str(props.get("number") or props.get("twilioSid"))
    vendors = session.required_vendors(subject)
    record = records_of(props.get("original")).by_sid.get(props["twilioSid"])
    if record is None:
        raise unrecorded(subject)
    put_back([record], vendors, who=subject, settle=False)
