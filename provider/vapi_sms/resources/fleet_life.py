"""The life of a VapiSmsFleet: what NumberLife does, for many numbers on one reading, side by side.

Each number is refused, switched, put back or left alone by itself; what failed is named, and the others go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult
from pulumi.output import contains_unknowns

from vapi_sms.core.errors import BadInput, EngineGone, ProviderError, Refusal
from vapi_sms.core.values import Observed, Original
from vapi_sms.live.apply import apply_many
from vapi_sms.live.observe import ANY_AGE
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources import notices, number_outs, session
from vapi_sms.resources.capturing import by_key
from vapi_sms.resources.claims import refuse_copied
from vapi_sms.resources.declared import kept, without_computed
from vapi_sms.resources.edge import checked, failure_of, told
from vapi_sms.resources.members import Member, check_members, inputs_only, plan_member, records_of
from vapi_sms.resources.restoring import NotRestored, put_back
from vapi_sms.resources.state import SCHEMA, load_originals

Props = dict[str, Any]

BESIDE = ("owner", "formerOwners", "original")
DROPPING = ("onRemove", "protect")  # what becomes of an entry that is dropped: no matter of switching


class FleetLife:
    """Many numbers, their sibling's records in `original`."""

    def check(self, olds: Props, news: Props) -> CheckResult:
        """Parse, resolve names, refuse all that `up` would refuse, and add what people should read."""
        failures: list[CheckFailure] = []
        given = _given(news)
        result = checked(lambda: _inputs(olds, given, failures), given)
        return CheckResult(result.inputs, [*result.failures, *failures])

    def diff(self, olds: Props, news: Props) -> DiffResult:
        """Compare outputs with inputs, offline."""
        return told(lambda: _diff(olds, news))

    def create(self, props: Props) -> CreateResult:
        """Switch the numbers over and prove it."""
        return CreateResult("fleet", told(lambda: _switch({}, props)))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read outputs and inputs from both vendors."""
        return told(lambda: _read(id_, props))

    def update(self, olds: Props, news: Props) -> UpdateResult:
        """Switch from whatever is there to what is declared; put back the numbers that are dropped."""
        return UpdateResult(told(lambda: _switch(olds, news)))

    def delete(self, props: Props) -> None:
        """Put the numbers back as recorded."""
        told(lambda: _delete(props))


def _diff(olds: Props, news: Props) -> DiffResult:
    if news.get("drift") or not _has_records(olds) or not _has_records(news):
        return DiffResult(changes=None)
    same = all(olds.get(key) == news.get(key) for key in ("numbers", "original"))
    return DiffResult(changes=False if same else None)


def _given(props: Props) -> Props:
    """Give what the program itself wrote."""
    numbers = props.get("numbers")
    if isinstance(numbers, Mapping):
        numbers = {
            key: without_computed(entry) if isinstance(entry, Mapping) else entry
            for key, entry in numbers.items()
        }
    return {"numbers": numbers, **{key: props[key] for key in BESIDE if key in props}}


def _members(olds: Props, props: Props) -> dict[str, Member]:
    """Take each entry as a declared number; what is known of it by its record is added."""
    numbers = props.get("numbers")
    if not isinstance(numbers, Mapping):
        raise BadInput("numbers", "numbers must map a number, or its SID, to its options")
    records, old_records = records_of(props.get("original")), load_originals(olds.get("original"))
    known = by_key(old_records)
    members = {}
    for key, entry in numbers.items():
        if not isinstance(entry, Mapping):
            raise BadInput(key, f"{key} must be a map of options")
        old = olds.get("numbers", {}).get(key, {})
        record = known.get(key)
        members[key] = Member(
            {**old, **_identity(record, olds)} if old and record else {},
            {**{name: value for name, value in entry.items() if name not in DROPPING}, _key_name(key): key},
            records,
            old_records,
        )
    return members


def _identity(record: Original, olds: Props) -> Props:
    return {
        "number": record.number,
        "twilioSid": record.sid,
        "accountSid": record.account_sid,
        "orgId": olds.get("orgId"),
    }


def _key_name(key: str) -> str:
    return "twilioSid" if key.startswith(("PN", "SC")) else "number"


def _inputs(olds: Props, given: Props, failures: list[CheckFailure]) -> Props:
    if contains_unknowns(given["numbers"]) and not isinstance(given["numbers"], Mapping):
        return given
    refuse_copied(
        "this fleet", olds.get("owner"), str(given.get("owner", "")), given.get("formerOwners") or ()
    )
    members = _members(olds, given)
    vendors = session.vendors()
    if vendors is None:
        notices.tell_once(notices.NO_CREDENTIALS)
        results = {key: _offline(member) for key, member in members.items()}
        found: Props = {key: olds[key] for key in ("accountSid", "orgId") if key in olds}
    else:
        keys = [key for key in members if key.startswith(("+1", "PN"))]
        _read_services(vendors.observer.observe(keys) if keys else {}, vendors)
        results = dict(zip(members, check_members(list(members.values()), vendors), strict=True))
        found = {"accountSid": vendors.settings.account_sid, "orgId": vendors.org_id()}
    if gone := next((result for result in results.values() if isinstance(result, EngineGone)), None):
        raise gone
    troubles = {key: result for key, result in results.items() if isinstance(result, ProviderError)}
    inputs = {key: result for key, result in results.items() if not isinstance(result, ProviderError)}
    troubles |= _declared_twice(inputs)
    failures.extend(failure_of(_at(key, trouble)) for key, trouble in sorted(troubles.items()))
    # The engine hands numbers over in any order.
    drift = [f"{key}: {line}" for key, each in sorted(inputs.items()) for line in each.get("drift", ())]
    shown = {key: _shown(given, key, inputs.get(key, member.given)) for key, member in members.items()}
    return {**given, "numbers": shown, **found, **({"drift": drift} if drift else {})}


def _offline(member: Member) -> Props | ProviderError:
    try:
        return inputs_only(member)
    except ProviderError as mistake:
        return mistake


def _declared_twice(inputs: Mapping[str, Props]) -> dict[str, ProviderError]:
    """Refuse a number that stands there by its E.164 form and by its SID, which no program can tell."""
    keys: dict[str, str] = {}
    refused: dict[str, ProviderError] = {}
    for key, each in sorted(inputs.items()):
        other = keys.setdefault(each.get("twilioSid") or key, key)
        if other != key:
            refused[key] = Refusal(key, f"{key} is declared twice, once as {other}: leave one of them out")
    return refused


def _at(key: str, trouble: ProviderError) -> ProviderError:
    """Name the number in a refusal whose text does not."""
    text = str(trouble)
    return Refusal(key, text if key in text else f"{key}: {text}")


def _shown(props: Props, key: str, inputs: Mapping[str, Any]) -> Props:
    """Give an entry as the engine shows and keeps it: as written, with the few things that people should read."""
    hidden = {"number", "twilioSid", "accountSid", "orgId", "originalSummary", "drift", "vapiId", "routing"}
    shown = {name: value for name, value in inputs.items() if name not in hidden and value != ""}
    entry = props["numbers"][key]
    return shown | {name: entry[name] for name in DROPPING if name in entry}


def _has_records(props: Props) -> bool:
    """Tell whether every number has its record; a placeholder or an unknown is none."""
    held, numbers = props.get("original"), props.get("numbers")
    if not isinstance(held, Mapping) or contains_unknowns(held) or not isinstance(numbers, Mapping):
        return False
    return numbers.keys() <= by_key(load_originals(held)).keys()


def _switch(olds: Props, props: Props) -> Props:
    """Put back what is dropped, switch what is declared, and give all outputs; raises naming what failed."""
    members = _members(olds, props)
    vendors = session.required_vendors("this fleet")
    not_put_back = _put_back_dropped(olds, props, vendors)
    readings = vendors.observer.observe(list(members), not_before=vendors.fresh())
    _read_services(readings, vendors)
    plans, troubles = {}, {}
    for key, member in members.items():
        try:
            plans[key], _ = plan_member(member, vendors, readings[key])
        except EngineGone:
            raise
        except ProviderError as trouble:
            troubles[key] = trouble
    outcomes = apply_many({key: planned for key, planned in plans.items() if not planned.is_empty}, vendors)
    troubles |= {key: outcome for key, outcome in outcomes.items() if isinstance(outcome, ProviderError)}
    told_of = [_partly(troubles, len(members)), not_put_back]
    if any(told_of):
        raise Refusal(
            "this fleet", "; ".join(text for text in told_of if text) + ". The next `pulumi up` continues."
        )
    return _outs(props, vendors)


def _read_services(readings: Mapping[str, Observed], vendors: Vendors) -> None:
    """Read once which numbers a Messaging Service hides: where that fails, it fails for all alike."""
    present = next((reading for reading in readings.values() if reading.twilio is not None), None)
    if present is not None:
        vendors.observer.with_services(present)


def _partly(troubles: Mapping[str, ProviderError], total: int) -> str:
    if not troubles:
        return ""
    named = "; ".join(str(_at(key, trouble)).rstrip(".") for key, trouble in sorted(troubles.items()))
    return f"{len(troubles)} of {total} numbers failed ({total - len(troubles)} are as declared): {named}"


def _outs(props: Props, vendors: Vendors) -> Props:
    numbers = props["numbers"]
    answers = Counter(
        str(entry.get("answeredBy", "")).partition(", instead of")[0] for entry in numbers.values()
    )
    return {
        **kept(props),
        "schema": SCHEMA,
        "accountSid": vendors.settings.account_sid,
        "orgId": vendors.org_id(),
        "summary": dict(sorted(answers.items())),
    }


def _put_back_dropped(olds: Props, props: Props, vendors: Vendors) -> str:
    """Put back what is dropped; tell what could not be, so that the numbers that stay go on."""
    kept = load_originals(props.get("original"))
    held = load_originals(olds.get("original"))
    dropped = [record for sid, record in held.items() if sid not in kept and not _leaves(olds, record)]
    try:
        if dropped:
            put_back(dropped, vendors, settle=False)
    except NotRestored as trouble:
        return str(trouble).rstrip(".")
    return ""


def _leaves(props: Props, record: Original) -> bool:
    """Tell whether a number stays at Vapi when it is dropped."""
    numbers = props.get("numbers", {})
    return bool(numbers.get(record.number, numbers.get(record.sid, {})).get("onRemove") == "leave")


def _read(id_: str, props: Props) -> ReadResult:
    vendors = session.required_vendors("this fleet")
    vendors.refuse_other_owner("this fleet", props.get("accountSid") or "", props.get("orgId") or "")
    members = _members(props, props)
    found = vendors.observer.observe(list(members), not_before=ANY_AGE)
    readings = {key: vendors.observer.with_services(reading) for key, reading in found.items()}
    known = by_key(load_originals(props.get("original")))
    numbers: Props = {}
    for key, member in members.items():
        if readings[key].twilio is not None:
            live = number_outs.refreshed(member.olds, known.get(key), readings[key], vendors)
            if live.get("smsEnabled") is True and "smsEnabled" not in props["numbers"][key]:
                del live["smsEnabled"]  # the default, which the program leaves unsaid
            numbers[key] = _shown(props, key, live)
    outs = {**{key: value for key, value in props.items() if key != "__provider"}, "numbers": numbers}
    inputs = {key: outs[key] for key in ("numbers", *BESIDE, "accountSid", "orgId") if key in outs}
    return ReadResult(id_, outs, inputs)


def _delete(props: Props) -> None:
    vendors = session.required_vendors("this fleet")
    if protected := sorted(key for key, entry in props.get("numbers", {}).items() if entry.get("protect")):
        raise Refusal(
            "this fleet",
            f"{', '.join(protected)} is protected: write protect=False and run `pulumi up` first",
        )
    known = by_key(load_originals(props.get("original")))
    declared = [known[key] for key in props.get("numbers", {}) if key in known]
    put_back([record for record in declared if not _leaves(props, record)], vendors, settle=False)
