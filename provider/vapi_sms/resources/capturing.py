"""Capturing many numbers: from what a program says of them and one reading to their records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vapi_sms.core.capture import Wish, capture
from vapi_sms.core.errors import Refusal
from vapi_sms.core.routing import Routing
from vapi_sms.core.values import Observed, Original, TwilioNumber
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources import number_outs, readable
from vapi_sms.resources.deferring import awake, is_once_hidden
from vapi_sms.resources.records import by_key
from vapi_sms.resources.state import dump_original
from vapi_sms.resources.wishes import services_of, wishes_of

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
    wishes, refused = wishes_of(given, known)
    services = services_of(given)
    unread = [key for key in wishes if key not in known or is_once_hidden(known[key], services.get(key, ""))]
    observe = vendors.observer.observe_texts if given.get("routes") else vendors.observer.observe
    readings = observe(unread, not_before=vendors.fresh()) if unread else {}
    originals, found = [], {}
    for key, wish in wishes.items():
        record = known.get(key)
        if record is not None:
            vendors.refuse_other_owner(key, record.account_sid, "")
        observed = readings.get(key, Observed(None))
        if known_as := record or observed.twilio:
            found[known_as.sid] = _moves(wish)
        _left_open.pop(key, None)
        if record is None and (key in (checked_before or ()) or _is_replaced(known_as, replaced or {})):
            continue
        try:
            if isinstance(wish.restore_to, Routing) and (
                record is None or record.messaging != wish.restore_to
            ):
                refuse_missing_app(key, "restore_to", wish.restore_to, vendors)
            if key in services:
                observed = vendors.observer.with_services(observed, not_before=vendors.fresh())
                observed, record = awake(key, observed, record, services[key])
            org_id = "" if wish.route is not None else vendors.org_id()
            original = capture(key, observed, wish, record, org_id)
        except Refusal as refusal:
            refused[key] = refusal
            continue
        if checking and record is None and original.vapi is not None and not _moves(wish):
            _provisional[original.sid] = original
        else:
            originals.append(original)
    _left_open.update(refused)
    return Captured(tuple(originals), refused, found)


def _moves(wish: Wish) -> bool:
    """Tell whether a number comes from another resource, with its record."""
    return isinstance(wish.restore_to, Original)


# TwiML Apps that these credentials were seen to have: thousands of numbers may name the same.
_apps: set[str] = set()
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
    wishes_of(given, by_key(recorded))


def refuse_missing_app(key: str, what: str, routing: Routing, vendors: Vendors) -> None:
    """Raise Refusal where a declared routing names a TwiML App that Twilio would not take."""
    sid = routing.application_sid
    if not sid or sid in _apps:
        return
    if not vendors.twilio.application_exists(sid):
        raise Refusal(
            key,
            f"{what} names TwiML App {sid}, which account {vendors.settings.account_sid} does not have, so Twilio "
            f"would refuse {'it' if what == 'handler' else 'to put it back'}: correct the SID",
        )
    _apps.add(sid)


def dump_all(originals: Iterable[Original]) -> Props:
    """Give records, and beside them what people may read of them, as the engine keeps them."""
    originals = list(originals)
    return {
        "originals": {original.sid: dump_original(original) for original in originals},
        **readable.of_records({original.number: number_outs.summary(original) for original in originals}),
    }
