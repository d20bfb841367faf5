"""The life of a VapiSmsFleet: what NumberLife does, for many numbers on one reading, side by side.

Each number is refused, switched, put back or left alone by itself; what failed is named, and the others go on.
"""

from __future__ import annotations

from collections.abc import Mapping

from vapi_sms.core.errors import Refusal
from vapi_sms.core.inert import Line, line
from vapi_sms.live.observe import ANY_AGE
from vapi_sms.resources.engine import notices, session, status
from vapi_sms.resources.engine.lives import Checked, Compared, Found, Made, Props
from vapi_sms.resources.fleet import entries
from vapi_sms.resources.fleet.entries import BESIDE, PACE
from vapi_sms.resources.fleet.inputs import inputs_of
from vapi_sms.resources.fleet.switching import switch
from vapi_sms.resources.inputs.number import KEY_AT_VAPI
from vapi_sms.resources.inputs.words import IS_UP
from vapi_sms.resources.record import drifting
from vapi_sms.resources.record import outs as number_outs
from vapi_sms.resources.record.claims import is_switched_by_another
from vapi_sms.resources.record.drifting import refuse_replaced
from vapi_sms.resources.record.leaving import note_delete
from vapi_sms.resources.record.protecting import refuse_deleting
from vapi_sms.resources.record.restoring import put_back, tell_absent
from vapi_sms.resources.record.state import as_recorded, records_of


class FleetLife:
    """Many numbers, their sibling's records in `original`."""

    def check(self, olds: Props, news: Props) -> Checked:
        """Parse, resolve names, refuse all that `up` would refuse, and add what people should read."""
        drifting.was_checked("FleetLife", news)
        failures: list[Line] = []
        given = entries.given(news)
        is_up = bool(news.get(IS_UP))
        inputs = inputs_of(olds, given, failures, is_up=is_up)
        return drifting.as_news(olds, Checked(inputs, tuple(failures)))

    def diff(self, olds: Props, news: Props) -> Compared:
        """Compare outputs with inputs, offline."""
        return _diff(olds, news)

    def create(self, props: Props) -> Made:
        """Switch the numbers over and prove it."""
        return Made("fleet", switch({}, props))

    def read(self, id_: str, props: Props) -> Found:
        """Read outputs and inputs from both vendors."""
        return _read(id_, props)

    def update(self, olds: Props, news: Props) -> Props:
        """Switch from whatever is there to what is declared; put back the numbers that are dropped."""
        return switch(olds, news)

    def delete(self, props: Props) -> None:
        """Put the numbers back as recorded."""
        _delete(props)


def _diff(olds: Props, news: Props) -> Compared:
    replaced = _are_replaced(olds, news)
    drift = drifting.told(
        "FleetLife", olds, news, drifting.of_numbers(olds, lambda: entries.members(olds, olds))
    )
    drifting.tell("", drift, news.get("drift") or ())
    if drift and not news.get("drift"):
        return Compared(changes=True)
    if drift or not _is_recorded(olds) or not _is_recorded(news):
        return Compared(None)
    same = all(olds.get(key) == news.get(key) for key in ("numbers", KEY_AT_VAPI, *PACE))
    if replaced and same:
        return Compared(changes=True)  # no input says so
    same = same and not news.get("refused") and _same_records(olds, news)
    return Compared(changes=False if same else None)


def _are_replaced(olds: Props, news: Props) -> bool:
    """Tell, and say, whether somebody else's record at Vapi is in the place of ours; `up` names those numbers then."""
    try:
        refuse_replaced(str(news.get("owner", "")), records_of(olds.get("original")).by_sid)
    except Refusal as refusal:
        notices.tell_once(line(f"{notices.REFUSED}{refusal}"))
        return True
    return False


def _same_records(olds: Props, news: Props) -> bool:
    """Tell whether the declared numbers have the records that they had."""
    held, given = as_recorded(olds["original"]), as_recorded(news["original"])
    records = records_of(news["original"])
    return all(held.get(sid) == given[sid] for sid in map(records.sid_of, news["numbers"]))


def _is_recorded(props: Props) -> bool:
    numbers = props.get("numbers")
    return isinstance(numbers, Mapping) and records_of(props.get("original")).cover(numbers)


def _read(id_: str, props: Props) -> Found:
    vendors = session.vendors_to_read("this fleet")
    vendors.refuse_other_owner("this fleet", props.get("accountSid") or "", props.get("orgId") or "")
    members = entries.members(props, props)
    with status.reading(status.name_of(props), status.NUMBERS):
        found = vendors.observer.observe(list(members), not_before=ANY_AGE)
    readings = {key: vendors.observer.with_services(reading) for key, reading in found.items()}
    known = records_of(props.get("original")).by_key
    numbers: Props = {}
    absent = [key for key, reading in readings.items() if reading.twilio is None]
    tell_absent([known[key] for key in absent if key in known], vendors)
    for key, member in members.items():
        if key in absent:
            numbers[key] = props["numbers"][key]
        else:
            live = number_outs.refreshed(member.olds, known.get(key), readings[key], vendors)
            if live.get("smsEnabled") is True and "smsEnabled" not in props["numbers"][key]:
                del live["smsEnabled"]  # the default, which the program leaves unsaid
            numbers[key] = entries.shown(props, key, live)
    outs = {**{key: value for key, value in props.items() if key != "__provider"}, "numbers": numbers}
    kept = ("numbers", *BESIDE, "accountSid", "orgId", KEY_AT_VAPI)
    inputs = {key: outs[key] for key in kept if key in outs}
    inputs["original"] = as_recorded(outs["original"])
    drifting.was_read("FleetLife", props)
    return Found(id_, outs, inputs)


def _delete(props: Props) -> None:
    note_delete(props)
    vendors = session.vendors_to_give_back("this fleet")
    records, given = records_of(props.get("original")), props.get("numbers", {})
    refuse_deleting(given, records, vendors)
    declared = [records.by_key[key] for key in given if key in records.by_key]
    ours = [
        record
        for record in declared
        if not entries.leaves(props, record) and not is_switched_by_another(record)
    ]
    notices.tell_happenings(
        notices.going_back(record, given.get(record.number, given.get(record.sid, {}))) for record in ours
    )
    put_back(ours, vendors, who=status.name_of(props), settle=False)
