"""The life of a VapiSmsNumber: parse, observe, plan; create, update and delete also apply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult
from pulumi.output import contains_unknowns

from vapi_sms.core.drift import drift_lines
from vapi_sms.core.errors import Refusal
from vapi_sms.core.goals import declared_goal
from vapi_sms.core.plan import Plan, plan
from vapi_sms.core.refusals import refuse_stale, refuse_unfit, unrecorded
from vapi_sms.core.routing import Routing
from vapi_sms.core.values import Desired, Observed, Original, VapiSettings, Voice
from vapi_sms.live.apply import apply
from vapi_sms.live.observe import ANY_AGE
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources import notices, number_outs, session
from vapi_sms.resources.claims import refuse_copied
from vapi_sms.resources.declared import BESIDE, COMPUTED, DECLARED, desired_of, without_computed
from vapi_sms.resources.edge import checked, told
from vapi_sms.resources.inputs import NumberInputs, parse_number
from vapi_sms.resources.restoring import put_back
from vapi_sms.resources.state import load_originals

Props = dict[str, Any]


class NumberLife:
    """One number, its sibling's record in `original`."""

    def check(self, olds: Props, news: Props) -> CheckResult:
        """Parse, resolve names, refuse what `up` would refuse, and add what people should read."""
        return checked(lambda: _Check(olds, news).inputs(), without_computed(news))

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


class _Check:
    """One check: what was written, what the state holds, and what is found on the way."""

    def __init__(self, olds: Props, news: Props) -> None:
        self.olds = olds
        self.given = without_computed(news)
        self.parsed = parse_number(
            {key: value for key, value in self.given.items() if key in DECLARED or key not in BESIDE}
        )
        self.subject = self.parsed.key or "number"

    def inputs(self) -> Props:
        """Give the checked inputs."""
        if isinstance(self.given.get("owner"), str):
            refuse_copied(
                self.subject,
                self.olds.get("owner"),
                self.given["owner"],
                self.given.get("formerOwners") or (),
            )
        vendors = session.vendors()
        if vendors is None:
            notices.tell_once(notices.NO_CREDENTIALS)
            return self._inputs_only()
        desired = self._resolve(vendors)
        inputs = {**self.given, **self._ids(desired)}
        if self.parsed.key is None:
            return inputs
        self._refuse_other_account(vendors)
        observed = vendors.observer.with_services(
            vendors.observer.observe([self.parsed.key])[self.parsed.key]
        )
        refuse_unfit(self.subject, self._fitness(desired), observed)
        if observed.twilio is None:
            raise AssertionError("unreachable: refuse_unfit refuses a number that is not there")
        inputs |= {
            "number": observed.twilio.number,
            "twilioSid": observed.twilio.sid,
            "accountSid": observed.twilio.account_sid,
            "orgId": vendors.org_id(),
        }
        if desired is None or contains_unknowns(self.given.get("original")):
            return inputs
        return inputs | self._planned(vendors, desired, observed)

    def _planned(self, vendors: Vendors, desired: Desired, observed: Observed) -> Props:
        original = _recorded(self.given, observed, self.subject)
        names = vendors.names.by_id()
        if desired.sms_enabled and not self._was_handed_over(observed):
            refuse_stale(self.subject, observed, original)
            notices.tell_once(notices.AFTER_THE_SWITCH)
        goal = declared_goal(desired, original, observed, vendors.settings.endpoints)
        if goal.messaging is None:
            notices.tell_once(number_outs.left_alone(observed))
        extra: Props = {
            "answeredBy": number_outs.answered_by(desired, original, goal, observed, names),
            "originalSummary": number_outs.summary(original),
        }
        if drift := self._drift(vendors, observed):
            extra["drift"] = list(drift)
        return extra

    def _drift(self, vendors: Vendors, observed: Observed) -> tuple[str, ...]:
        """Compare what is there with what the last `up` declared, which may differ from what is declared now."""
        twilio = observed.twilio
        if twilio is None or self.olds.get("twilioSid") != twilio.sid:
            return ()
        original = load_originals(self.olds.get("original")).get(twilio.sid)
        if original is None:
            return ()
        applied = declared_goal(desired_of(self.olds), original, observed, vendors.settings.endpoints)
        return drift_lines(observed, applied, vendors.names.by_id())

    def _was_handed_over(self, observed: Observed) -> bool:
        twilio = observed.twilio
        return (
            twilio is not None
            and self.olds.get("twilioSid") == twilio.sid
            and bool(self.olds.get("smsEnabled", True))
            and bool(self.olds.get("original"))
        )

    def _refuse_other_account(self, vendors: Vendors) -> None:
        same = self.parsed.key in (self.olds.get("number"), self.olds.get("twilioSid"))
        account, org = self.olds.get("accountSid"), self.olds.get("orgId")
        if same:
            vendors.refuse_other_owner(self.subject, account or "", org or "")

    def _resolve(self, vendors: Vendors) -> Desired | None:
        """Find the ids behind names; None while any of what was written is not known yet."""
        parsed = self.parsed
        assistant = (
            vendors.names.assistants.resolve(self.subject, parsed.assistant).id if parsed.assistant else ""
        )
        squad = vendors.names.squads.resolve(self.subject, parsed.squad).id if parsed.squad else ""
        if parsed.unknown & set(DECLARED):
            return None
        return _as_desired(parsed, assistant, squad)

    def _fitness(self, desired: Desired | None) -> Desired:
        return desired or _as_desired(self.parsed, "", "")

    def _ids(self, desired: Desired | None) -> Props:
        if desired is None:
            return {}
        return {
            "assistantId": desired.settings.assistant_id,
            "squadId": desired.settings.squad_id,
        }

    def _inputs_only(self) -> Props:
        """Carry over what only live readings can tell, as far as what it was told of is unchanged."""
        unchanged = all(self.given.get(key) == self.olds.get(key) for key in ("assistant", "squad"))
        keys = [
            key for key in (*COMPUTED, "number", "twilioSid") if key in self.olds and key not in self.given
        ]
        kept = {
            key: self.olds[key]
            for key in keys
            if unchanged or key not in ("assistantId", "squadId", "answeredBy")
        }
        same = all(self.given.get(key) in (None, self.olds.get(key)) for key in ("number", "twilioSid"))
        return {**self.given, **(kept if same else {})}


def _as_desired(parsed: NumberInputs, assistant_id: str, squad_id: str) -> Desired:
    settings = VapiSettings(
        assistant_id=assistant_id, squad_id=squad_id, sms_enabled=parsed.sms_enabled, name=parsed.name or ""
    )
    return Desired(settings, Voice(parsed.voice))


def _recorded(props: Mapping[str, Any], observed: Observed, subject: str) -> Original:
    """Give the record of that very number (law 1), or raise Refusal."""
    original = load_originals(props.get("original")).get(observed.twilio.sid) if observed.twilio else None
    if original is None:
        raise unrecorded(subject)
    return original


def _switch(olds: Props, props: Props) -> Props:
    """Plan from what is there to what is declared, apply, and give all outputs."""
    subject = props.get("number") or props.get("twilioSid") or "number"
    vendors = session.required_vendors(subject)
    vendors.refuse_other_owner(subject, props.get("accountSid") or "", props.get("orgId") or "")
    desired = desired_of(props)
    if not (desired.settings.assistant_id or desired.settings.squad_id):
        raise Refusal(
            subject, f"which assistant answers {subject} was not resolved: run again, with credentials"
        )
    key = props.get("twilioSid") or subject
    observed = vendors.observer.observe([key], not_before=vendors.fresh())[key]
    observed = vendors.observer.with_services(observed)
    refuse_unfit(subject, desired, observed)
    original = _recorded(props, observed, subject)
    vendors.refuse_other_owner(subject, original.account_sid, original.org_id)
    if desired.sms_enabled and not (olds and olds.get("smsEnabled", True)):
        refuse_stale(subject, observed, original)
    planned = _plan(desired, original, observed, vendors, olds)
    applied = apply(planned, vendors)
    return number_outs.outs(props, original, planned.goal, applied, vendors)


def _plan(desired: Desired, original: Original, observed: Observed, vendors: Vendors, olds: Props) -> Plan:
    before = load_originals(olds.get("original")).get(original.sid)
    ours: tuple[Routing, ...] = (before.messaging,) if before else ()
    return plan(observed, declared_goal(desired, original, observed, vendors.settings.endpoints, ours=ours))


def _diff(olds: Props, news: Props) -> DiffResult:
    replaces = [
        key
        for key in ("number", "twilioSid")
        if isinstance(news.get(key), str) and olds.get(key) and news[key] != olds[key]
    ]
    if replaces:
        return DiffResult(changes=None, replaces=replaces, delete_before_replace=True)
    if news.get("drift") or not _has_record(olds) or not _has_record(news):
        return DiffResult(changes=None)
    compared = [*DECLARED, "assistantId", "squadId", "original"]
    # Without credentials nobody can say who answers; a refresh says who really does.
    compared += ["answeredBy"] if news.get("answeredBy") else []
    return DiffResult(changes=None if any(olds.get(key) != news.get(key) for key in compared) else False)


def _has_record(props: Props) -> bool:
    """Tell whether a record stands where one must; a placeholder or an unknown is none."""
    return isinstance(props.get("original"), Mapping) and not contains_unknowns(props["original"])


def _read(id_: str, props: Props) -> ReadResult:
    subject = str(props.get("number") or id_)
    vendors = session.required_vendors(subject)
    vendors.refuse_other_owner(subject, props.get("accountSid") or "", props.get("orgId") or "")
    observed = vendors.observer.observe([props["twilioSid"]], not_before=ANY_AGE)[props["twilioSid"]]
    if observed.twilio is None:
        return ReadResult("", {})
    outs = number_outs.refreshed(props, vendors.observer.with_services(observed), vendors)
    inputs = {key: outs[key] for key in (*DECLARED, *BESIDE, *COMPUTED) if key in outs}
    return ReadResult(id_, outs, inputs)


def _delete(props: Props) -> None:
    subject = str(props.get("number") or props.get("twilioSid"))
    vendors = session.required_vendors(subject)
    records = [
        original
        for sid, original in load_originals(props.get("original")).items()
        if sid == props["twilioSid"]
    ]
    if not records:
        raise unrecorded(subject)
    put_back(records, vendors, settle=False)
