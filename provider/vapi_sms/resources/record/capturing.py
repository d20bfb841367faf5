"""Capturing many numbers: from what a program says of them and one reading to their records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from vapi_sms.core.errors import NotFit, NothingToPutBack, Refusal, VendorTrouble
from vapi_sms.core.planning.capture import AtVapi, Wish, capture
from vapi_sms.core.planning.goals import is_foreign
from vapi_sms.core.planning.knowledge import bears
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.routings.shapes import refuse_irrevocable
from vapi_sms.core.values import Observed, Original, TwilioNumber, VapiSettings
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.record import outs as number_outs
from vapi_sms.resources.record import readable
from vapi_sms.resources.record.deferring import awake, is_once_hidden
from vapi_sms.resources.record.state import by_key, dump_originals
from vapi_sms.resources.record.wishes import UNRESOLVED, Wishes, imports_of, read_ahead, services_of

Props = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Captured:
    """Records of a resource's numbers, refusals by what a number is declared by, and whether what was found moves here.

    What was found goes by SID. `kept` are records of numbers that are declared no more: whoever declared them puts them
    back once it is sure that it is to change at all, and until then they stay recorded.
    """

    originals: tuple[Original, ...]
    refused: Mapping[str, Refusal]
    found: Mapping[str, bool]
    kept: tuple[Original, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before: the records at hand, by SID, and the numbers that they were declared for.

    In a check, of a number that was declared before (none, where Pulumi shows us no earlier check) a record that is not
    at hand is in the outputs, since create took it: it is not taken again, when the number may be ours already. And
    what Vapi knows already is left to create, too: where a resource is replaced by force, that may be our own import,
    which the old one's delete takes away first. `replaced` are the records of a resource that is: what its numbers hold
    now is ours, and create takes them anew.
    """

    recorded: Mapping[str, Original]
    declared: Collection[str] | None = None
    checking: bool = False
    replaced: Mapping[str, Original] = field(default_factory=dict)
    _unknown_to_vapi: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Note once what is asked of each number that has a SID without a record."""
        alone = (record for record in self.recorded.values() if record.vapi is None and not record.texts_only)
        object.__setattr__(self, "_unknown_to_vapi", frozenset(record.number for record in alone))

    def was_declared(self, key: str) -> bool:
        """Tell whether a number was declared for before, as far as Pulumi shows it."""
        return self.declared is not None and key in self.declared

    def is_bought_again(self, observed: Observed) -> bool:
        """Tell whether a number is there under another SID than it was recorded by, when Vapi did not know it."""
        live = observed.twilio
        return live is not None and live.sid not in self.recorded and live.number in self._unknown_to_vapi


def capture_all(given: Props, asked: Wishes, known: Known, vendors: Vendors) -> Captured:
    """Give each number's record: the one there is, or a new one from a reading of all; `asked` are its wishes.

    Raises Refusal where the records are another account's.
    """
    at_hand = by_key(known.recorded)
    wishes, refused = asked[0], dict(asked[1])
    services = services_of(given)
    for held in known.recorded.values():
        vendors.refuse_other_account(held.number, held.account_sid)
    readings = _read(given, wishes, at_hand, services, vendors)
    imports = imports_of(given, vendors)
    originals, found = [], {}
    for key, wish in wishes.items():
        observed = readings.get(key, Observed(None))
        record = _standing(at_hand.get(key), observed, known)
        known_as = record or observed.twilio
        if known_as:
            found[known_as.sid] = _moves(wish)
        _left_open.pop(key, None)
        if record is None and _is_left_to_create(key, known_as, observed, known):
            continue
        try:
            among = (known, services.get(key, ""), imports.get(key), vendors)
            original = _captured(key, wish, observed, record, among)
        except NothingToPutBack as refusal:
            # What looks like a switched number of ours, or was declared before, may be recorded by the resource itself,
            # whose sibling was taken out of the state, or made anew. If it is not, that one is refused, and nothing is
            # touched.
            may_be_ours = known.was_declared(key) or _is_as_imported(observed, imports.get(key))
            refused[key] = refusal if may_be_ours else refusal.for_good()
            continue
        except Refusal as refusal:
            if record is None or not isinstance(refusal, NotFit):
                refused[key] = refusal
                continue
            # It stays as recorded: whoever declares the number tells, and lets the others go on.
            original = record
        # In another org, whose records are not to be seen, nothing can be said of it; the number is refused then.
        if imports.get(key) is not None and original.org_id == vendors.org_id():
            original = _importing(original, observed, imports[key], is_new=record is None)
        if known.checking and record is None and original.vapi is not None and not _moves(wish):
            _provisional[original.sid] = original
        else:
            originals.append(original)
    _left_open.update(refused)
    standing = {original.sid for original in originals} | found.keys()
    kept = tuple(record for sid, record in known.recorded.items() if sid not in standing)
    return Captured(tuple(originals), refused, found, kept)


def _captured(
    key: str,
    wish: Wish,
    observed: Observed,
    record: Original | None,
    among: tuple[Known, str, VapiSettings | None, Vendors],
) -> Original:
    """Give the record of one number, refusing what could not be put back; `among` says where it stands."""
    known, service_sid, imports, vendors = among
    if isinstance(wish.restore_to, Routing) and (record is None or record.messaging != wish.restore_to):
        refuse_missing_app(key, "restore_to", wish.restore_to, vendors)
    if wish.restore_calls_to is not None:
        refuse_missing_app(key, "restore_calls_to", wish.restore_calls_to, vendors)
    if service_sid:
        observed = vendors.observer.with_services(observed, not_before=vendors.fresh())
        observed, record = awake(key, observed, record, service_sid)
    if known.is_bought_again(observed):
        # What Vapi has of it is an import of ours, which the old record's delete takes away.
        observed = replace(observed, vapi=None)
    goes_to = AtVapi("") if wish.route is not None else AtVapi(vendors.org_id(), imports)
    original = capture(key, observed, wish, record, goes_to)
    if record is None and not _moves(wish):
        named = {sid for sid in (original.messaging.application_sid, original.voice.application_sid) if sid}
        refuse_irrevocable(key, original, vendors.applications(named) if named else None)
    return original


def _is_left_to_create(
    key: str, number: Original | TwilioNumber | None, observed: Observed, known: Known
) -> bool:
    """Tell whether a record that is not at hand is not taken here and now."""
    if known.is_bought_again(observed):
        return False
    if known.checking and known.was_declared(key):
        return True
    if number is None or number.sid not in known.replaced:
        return False
    _provisional[number.sid] = known.replaced[number.sid]
    return True


def _read(
    given: Props,
    wishes: Mapping[str, Wish],
    known: Mapping[str, Original],
    services: Mapping[str, str],
    vendors: Vendors,
) -> Mapping[str, Observed]:
    """Read all numbers; where none of them needs it, and it cannot be done, whoever declares them tells."""
    if not wishes:
        return {}
    observe = vendors.observer.observe_texts if given.get("routes") else vendors.observer.observe
    fresh = vendors.fresh()
    read_ahead(given, known, vendors, fresh)
    try:
        return observe(list(wishes), not_before=fresh)
    except VendorTrouble:
        if any(key not in known or is_once_hidden(known[key], services.get(key, "")) for key in wishes):
            raise
        return {}


def _standing(record: Original | None, observed: Observed, known: Known) -> Original | None:
    """Give the record that counts for a number: that of the SID that it has now.

    One that was kept for a number that was declared no more counts as long as its owner has not routed it elsewhere.
    """
    live = observed.twilio
    if record is None or live is None:
        return record
    record = known.recorded.get(live.sid)
    is_kept = (
        known.declared is not None and live.number not in known.declared and live.sid not in known.declared
    )
    if record is not None and is_kept and is_foreign(live.messaging, record.messaging, record.applied):
        return None
    return record


def _is_as_imported(observed: Observed, imports: VapiSettings | None) -> bool:
    return imports is not None and observed.vapi is not None and bears(observed.vapi, imports)


def _importing(original: Original, observed: Observed, imports: VapiSettings, *, is_new: bool) -> Original:
    """Note with which settings a number is to be imported, as long as Vapi does not know it yet."""
    if original.vapi is not None or original.texts_only or original.imports == imports:
        return original
    if not is_new and imports == UNRESOLVED:
        return original
    if is_new or (observed.twilio is not None and observed.vapi is None and original.imports is not None):
        return replace(original, imports=imports)
    return original


def _moves(wish: Wish) -> bool:
    """Tell whether a number comes from another resource, with its record."""
    return isinstance(wish.restore_to, Original)


# Why check left a record open, by number or SID: told by the resource that declares the number, which is checked next.
_left_open: dict[str, Refusal] = {}
# What create will record, by SID, as far as check can tell: good enough to show a plan.
_provisional: dict[str, Original] = {}


def provisional(sid: str) -> Original | None:
    """Give the record that create is expected to take, where check had to leave it to create."""
    return _provisional.get(sid)


def why_left_open(key: str) -> Refusal | None:
    """Give the reason why this process could not record a number, if it tried and could not."""
    return _left_open.get(key)


def refuse_missing_app(key: str, what: str, routing: Routing, vendors: Vendors) -> None:
    """Raise Refusal where a declared routing names a TwiML App that Twilio would not take."""
    sid = routing.application_sid
    if sid and sid not in vendors.applications([sid]):
        raise Refusal(
            key,
            f"{what} names TwiML App {sid}, which account {vendors.settings.account_sid} does not have, so Twilio "
            f"would refuse {'it' if what == 'handler' else 'to put it back'}: correct the SID",
        )


def dump_all(originals: Iterable[Original], kept: Iterable[Original] = ()) -> Props:
    """Give records, and beside those that are declared what people may read of them, as the engine keeps them."""
    originals = list(originals)
    return {
        "originals": dump_originals((*originals, *kept)),
        **readable.of_records({original.number: number_outs.summary(original) for original in originals}),
    }
