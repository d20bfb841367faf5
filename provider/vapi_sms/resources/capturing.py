"""Capturing many numbers: from what a program says of them and one reading to their records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vapi_sms.core.capture import LeaveAtVapi, Wish, capture
from vapi_sms.core.errors import BadInput, Refusal
from vapi_sms.core.gathering import gathered
from vapi_sms.core.routing import Routing
from vapi_sms.core.values import Observed, Original, TwilioNumber
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources import number_outs
from vapi_sms.resources.declared_routing import HANDLER, parse_routing
from vapi_sms.resources.deferring import awake, is_once_hidden
from vapi_sms.resources.inputs import parse_wish
from vapi_sms.resources.records import by_key
from vapi_sms.resources.state import dump_original, load_restore_to

Props = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Captured:
    """Records of a resource's numbers, refusals by what a number is declared by, and whether what was found moves here.

    What was found goes by SID.
    """

    originals: tuple[Original, ...]
    refused: Mapping[str, Refusal]
    found: Mapping[str, bool]


def capture_all(
    given: Props,
    recorded: Mapping[str, Original],
    vendors: Vendors,
    *,
    checked_before: Collection[str] | None = None,
    replaced: Mapping[str, Original] | None = None,
) -> Captured:
    """Give each number's record: the one there is, or a new one from a reading of all that have none.

    In a check, `checked_before` names the numbers that an earlier check saw (none, where Pulumi shows us no earlier
    one). Of those a record that is not at hand is in the outputs, since create took it: it is not taken again, when
    the number may be ours already. And what Vapi knows already is left to create, too: where a resource is replaced by
    force, that may be our own import, which the old one's delete takes away first. `replaced` are the records, by SID,
    of a resource that is: what its numbers hold now is ours, and create takes them anew.

    Raises Refusal where `restore_to` is malformed or the records are another account's.
    """
    checking = checked_before is not None
    known = by_key(recorded)
    wishes, refused = _wishes(given, known)
    services = _services(given)
    unread = [key for key in wishes if key not in known or is_once_hidden(known[key], services.get(key, ""))]
    observe = vendors.observer.observe_texts if given.get("routes") else vendors.observer.observe
    readings = observe(unread, not_before=vendors.fresh()) if unread else {}
    originals, found = [], {}
    for key, wish in wishes.items():
        record = known.get(key)
        if record is not None:
            vendors.refuse_other_owner(key, record.account_sid, "")
        if isinstance(wish.restore_to, Routing) and (record is None or record.messaging != wish.restore_to):
            refuse_missing_app(key, "restore_to", wish.restore_to, vendors)
        observed = readings.get(key, Observed(None))
        if known_as := record or observed.twilio:
            found[known_as.sid] = isinstance(wish.restore_to, Original)
        _left_open.pop(key, None)
        if record is None and (key in (checked_before or ()) or _is_replaced(known_as, replaced or {})):
            continue
        try:
            if key in services:
                observed = vendors.observer.with_services(observed, not_before=vendors.fresh())
                observed, record = awake(key, observed, record, services[key])
            org_id = "" if wish.route is not None else vendors.org_id()
            original = capture(key, observed, wish, record, org_id)
        except Refusal as refusal:
            refused[key] = refusal
            continue
        if (
            checking
            and record is None
            and original.vapi is not None
            and not isinstance(wish.restore_to, Original)
        ):
            _provisional[original.sid] = original
        else:
            originals.append(original)
    _left_open.update(refused)
    return Captured(tuple(originals), refused, found)


# Why check left a record open, by number or SID: told by the resource that declares the number, which is checked next.
_left_open: dict[str, Refusal] = {}
# What create will record, by SID, as far as check can tell: good enough to show a plan.
_provisional: dict[str, Original] = {}


def _is_replaced(number: Original | TwilioNumber | None, replaced: Mapping[str, Original]) -> bool:
    """Tell whether create is to take the record of a number; until then the one before will do."""
    if number is None or number.sid not in replaced:
        return False
    _provisional[number.sid] = replaced[number.sid]
    return True


def provisional(sid: str) -> Original | None:
    """Give the record that create is expected to take, where check had to leave it to create."""
    return _provisional.get(sid)


def why_left_open(key: str) -> Refusal | None:
    """Give the reason why this process could not record a number, if it tried and could not."""
    return _left_open.get(key)


def refuse_malformed(given: Props, recorded: Mapping[str, Original]) -> None:
    """Raise Refusal for what is wrong with a `restore_to` without asking any vendor."""
    _wishes(given, by_key(recorded))


def _services(given: Props) -> dict[str, str]:
    """Give the Messaging Service that each number relies on, of those that do."""
    entries = {key: entry for key, entry in given["numbers"].items() if isinstance(entry, Mapping)}
    return {key: entry["messagingService"] for key, entry in entries.items() if entry.get("messagingService")}


def refuse_missing_app(key: str, what: str, routing: Routing, vendors: Vendors) -> None:
    """Raise Refusal where a declared routing names a TwiML App that Twilio would not take."""
    sid = routing.application_sid
    if sid and not vendors.twilio.application_exists(sid):
        raise Refusal(
            key,
            f"{what} names TwiML App {sid}, which account {vendors.settings.account_sid} does not have, so Twilio "
            f"would refuse {'it' if what == 'handler' else 'to put it back'}: correct the SID",
        )


def _wishes(given: Props, known: Mapping[str, Original]) -> tuple[dict[str, Wish], dict[str, Refusal]]:
    numbers = given.get("numbers")
    if not isinstance(numbers, Mapping):
        raise BadInput("numbers", "numbers must map a number, or its SID, to its options")
    restore_to, routes = given.get("restoreTo"), given.get("routes") or {}
    declared: Mapping[str, object] = restore_to if isinstance(restore_to, Mapping) else {}
    wishes: dict[str, Wish] = {}
    refused: dict[str, Refusal] = {}
    malformed: dict[str, str] = {}
    for key, options in numbers.items():
        try:
            to = _restore_to(key, declared.get(key), is_recorded=key in known)
            route = parse_routing(key, HANDLER, routes[key]) if key in routes else None
            _refuse_leaving(key, route, to)
        except Refusal as mistake:
            malformed[key] = str(mistake) if len(numbers) == 1 else f"{key}: {mistake}"
            continue
        try:
            wishes[key] = Wish(parse_wish(key, options, routed=route is not None).adopt, to, route)
        except BadInput as mistake:
            refused[key] = mistake
    if malformed:
        raise BadInput("restoreTo", "; ".join(gathered(malformed)))
    return wishes, refused


def _refuse_leaving(key: str, route: Routing | None, to: Routing | LeaveAtVapi | Original | None) -> None:
    if route is not None and isinstance(to, LeaveAtVapi):
        raise BadInput(
            key,
            "restore_to=LEAVE_AT_VAPI is for numbers that Vapi answers, and texts of a TwilioSmsRoute go to its "
            "handler: write the routing to put back",
        )


def dump_all(originals: Iterable[Original]) -> Props:
    """Give records, and beside them what people may read of them, as the engine keeps them."""
    originals = list(originals)
    return {
        "originals": {original.sid: dump_original(original) for original in originals},
        "summary": {original.number: number_outs.summary(original) for original in originals},
    }


def _restore_to(key: str, value: object, *, is_recorded: bool) -> Routing | LeaveAtVapi | Original | None:
    declared = load_restore_to(key, value)
    if not isinstance(declared, dict):
        return declared
    moved = by_key(declared).get(key)
    if moved is None and not is_recorded:  # else it moved here before, and its old owner let go of it since
        raise Refusal(
            key,
            f"restore_to holds no original of {key}: pass the `original` output of the resource that owned this number",
        )
    return moved
