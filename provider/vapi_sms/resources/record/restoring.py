"""Restoring: who remembers, puts back. Used by every delete, by an update that drops a number, and by the command.

Twilio's half never waits for Vapi's: where Vapi cannot be asked, texts and calls go back all the same, and what is left
at Vapi is told. A number that the account does not show is looked for before anything of it is given up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from vapi_sms.core.errors import (
    AGAIN,
    EngineGone,
    HalfWay,
    ProviderError,
    VendorRefused,
    VendorTrouble,
    VendorUnavailable,
    again_beside,
)
from vapi_sms.core.inert import Line, line
from vapi_sms.core.planning.goals import Presence, restored_goal
from vapi_sms.core.planning.knowledge import identified, presumed, proves, shows_settings
from vapi_sms.core.planning.plan import Plan, RouteNumber, plan
from vapi_sms.core.routings.describe import handler_line
from vapi_sms.core.routings.handlers import classify
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.telling import gathered
from vapi_sms.core.values import Observed, Original, Source
from vapi_sms.live.apply import OnDone, restore_many
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import status
from vapi_sms.resources.engine.notices import tell_once
from vapi_sms.resources.record.absent import Absent, absent_numbers


class NotRestored(ProviderError):
    """Some numbers could not be put back; each is named with its reason."""


@dataclass(frozen=True, slots=True)
class Back:
    """What leads back: a plan of each number that can be reached, and what is told of the others, both by SID.

    `at_vapi` is what keeps us from asking Vapi: then plans concern Twilio only.
    """

    plans: Mapping[str, Plan]
    absent: Mapping[str, Absent]
    at_vapi: ProviderError | None = None

    def told(self, records: Iterable[Original], *, fails: bool) -> dict[str, list[str]]:
        """Give what is told, by number, of those that cannot be reached: as failures, or as what is so."""
        found: dict[str, list[str]] = {}
        for record in records:
            absent = self.absent.get(record.sid)
            if absent is not None and absent.fails is fails:
                found.setdefault(record.number, []).append(absent.told)
        return found


def put_back(originals: Iterable[Original], vendors: Vendors, *, who: str, settle: bool) -> None:
    """Put numbers back as recorded, leaving what is somebody else's by now; raises NotRestored naming the others.

    With `settle`, what Vapi did to the webhooks of what it let go, by a DELETE or by a PATCH, is read and undone too.
    `who` is the resource that long work is told of.
    """
    records = list(originals)
    watch = partial(status.counting, who, what="put back")
    failed = put_each_back(records, vendors, watch, settle=settle)
    if failed:
        raise NotRestored("; ".join(gathered(failed)))


def put_each_back(
    records: Sequence[Original],
    vendors: Vendors,
    watch: Callable[[int], OnDone],
    *,
    settle: bool,
    tell: Callable[[Line], None] = tell_once,
) -> dict[str, str]:
    """Put numbers back, and give a text, by number, for each that failed; `tell` is told what is left alone.

    `watch` is given how many there are to write, and gives what is called with each outcome. Raises Refusal where the
    credentials are for another account or org than the recorded one.
    """
    let_go_before = vendors.let_go_at
    failed = _once(records, vendors, watch, tell, vendors.settled() if settle else vendors.fresh())
    if settle and vendors.let_go_at != let_go_before:
        # This very pass let go of numbers at Vapi: look once more at what that did.
        try:
            failed = _once(records, vendors, watch, tell, vendors.settled())
        except EngineGone:
            raise
        except ProviderError as trouble:
            if not failed:
                raise
            told = [line.rstrip(".") for line in gathered(failed)]
            raise NotRestored("; ".join([*told, str(trouble)])) from None
    return failed


def plans_back(records: Sequence[Original], vendors: Vendors, not_before: float) -> Back:
    """Plan from one reading back to the records; what is somebody else's by now is left out of a plan."""
    at_vapi = _unasked(records, vendors)
    try:
        readings = _read(records, vendors, not_before, asks_vapi=at_vapi is None)
    except VendorTrouble as trouble:
        if trouble.vendor != "Vapi":
            raise
        at_vapi = trouble
        readings = _read(records, vendors, not_before, asks_vapi=False)
    missing = [record for record in records if readings[record.sid].twilio is None]
    absent = absent_numbers(missing, vendors, not_before) if missing else {}
    plans = {}
    for record in records:
        elsewhere = absent.get(record.sid)
        if elsewhere is None:
            plans[record.sid] = plan_back(record, readings[record.sid], vendors, at_vapi=at_vapi is None)
        elif elsewhere.observed is not None:
            plans[record.sid] = plan_back(record, elsewhere.observed, vendors, at_vapi=at_vapi is None)
    return Back(plans, absent, at_vapi)


def plan_back(record: Original, observed: Observed, vendors: Vendors, *, at_vapi: bool) -> Plan:
    """Plan one number back to its record; without `at_vapi` whatever Vapi holds stays."""
    now = observed
    if at_vapi and not record.texts_only:
        now = presumed(identified(observed, record), record, vendors.observer.forgotten)
    goal = restored_goal(record, now)
    if not at_vapi:
        goal = replace(goal, vapi=Presence.AS_IT_IS)
    is_proof = now.twilio is None or proves(now.twilio, record)
    return plan(now, goal, is_proof=is_proof, is_proof_at_vapi=shows_settings(now, record))


def tell_absent(records: Sequence[Original], vendors: Vendors) -> None:
    """Tell of recorded numbers that the account does not show where they are, or that nobody can tell."""
    found = Back({}, absent_numbers(records, vendors, vendors.fresh()))
    for fails in (False, True):
        _tell_lines(found.told(records, fails=fails), tell_once)


def _unasked(records: Sequence[Original], vendors: Vendors) -> ProviderError | None:
    """Give what keeps us from asking Vapi, if anything does; raises Refusal where these are somebody else's."""
    for account_sid, number in {record.account_sid: record.number for record in records}.items():
        vendors.refuse_other_account(number, account_sid)
    orgs = {record.org_id: record.number for record in records if not record.texts_only}
    if not orgs:
        return None
    if vendors.settings.without_vapi:
        return WITHOUT_VAPI
    try:
        for org_id, number in orgs.items():
            vendors.refuse_other_org(number, org_id)
    except VendorTrouble as trouble:
        if trouble.status is None and not isinstance(trouble, VendorUnavailable):
            raise  # Vapi answers, and nothing tells that this is the recorded org: it may be somebody else's
        return trouble
    return None


class _WithoutVapi(ProviderError):
    """A person said that Vapi's side is lost for good."""


WITHOUT_VAPI = _WithoutVapi("VAPI_SMS_WITHOUT_VAPI is set")


def _once(
    records: Sequence[Original],
    vendors: Vendors,
    watch: Callable[[int], OnDone],
    tell: Callable[[Line], None],
    not_before: float,
) -> dict[str, str]:
    """Put back what one reading shows to be ours and not as recorded; give a text for each that failed."""
    back = plans_back(records, vendors, not_before)
    told_of: dict[str, list[str]] = {}
    for record in records:
        if record.sid in back.plans:
            told_of.setdefault(record.number, []).extend(left_alone(back.plans[record.sid], record))
    _tell_lines(told_of, tell)
    _tell_lines(back.told(records, fails=False), tell)
    by_sid = {record.sid: record for record in records}
    pending = {sid: planned for sid, planned in back.plans.items() if not planned.is_empty}
    again = lambda sid, observed: plan_back(  # noqa: E731 a name for what is handed on twice
        by_sid[sid], observed, vendors, at_vapi=back.at_vapi is None
    )
    outcomes = restore_many(pending, vendors, again, watch(len(pending)))
    troubles = back.told(records, fails=True)
    for record in records:
        outcome = outcomes.get(record.sid)
        if isinstance(outcome, ProviderError):
            trouble = _not_restored(record, back.plans[record.sid], outcome)
            troubles.setdefault(record.number, []).append(trouble)
    failed = {number: "; ".join(texts) for number, texts in troubles.items()}
    return failed | _left_at_vapi(records, failed, back, tell)


def _left_at_vapi(
    records: Sequence[Original], failed: Mapping[str, str], back: Back, tell: Callable[[Line], None]
) -> dict[str, str]:
    """Tell what is left at Vapi where it could not be asked; as failures, unless a person said that it is lost."""
    if back.at_vapi is None:
        return {}
    lines = {
        record.number: f"{record.number}: {_held_there(record)}"
        for record in records
        if record.number not in failed and not record.texts_only and record.source is not Source.LEAVE
    }
    if back.at_vapi is WITHOUT_VAPI:
        _tell_lines(
            {number: [f"{held} stays as it is ({WITHOUT_VAPI})"] for number, held in lines.items()}, tell
        )
        return {}
    trouble = str(back.at_vapi).rstrip(".")
    return {
        number: f"{held} stays as it is: {trouble}. Texts and calls are back as recorded. {_ways_at_vapi(trouble)}"
        for number, held in lines.items()
    }


def _ways_at_vapi(trouble: str) -> str:
    """Name the ways out, beside a text that may name the first of them."""
    how = "VAPI_SMS_WITHOUT_VAPI=1, which leaves what Vapi holds"
    if AGAIN in trouble.lower():
        return f"Where Vapi's side is lost for good, set {how}"
    return f"{AGAIN.capitalize()}; where Vapi's side is lost for good, with {how}"


def _held_there(record: Original) -> str:
    known = record.vapi_id or record.import_id
    return f"Vapi phone number {known}" if known else "the number in Vapi, if it is there,"


def _tell_lines(lines: Mapping[str, list[str]], tell: Callable[[Line], None]) -> None:
    """Tell what is not put back, texts and calls each for themselves, of many numbers in few lines."""
    for nth in range(max((len(each) for each in lines.values()), default=0)):
        texts = {number: each[nth] for number, each in lines.items() if len(each) > nth}
        for text in gathered(texts):
            tell(line(f"vapi-sms: {text}."))


def _read(
    records: Sequence[Original], vendors: Vendors, not_before: float, *, asks_vapi: bool
) -> dict[str, Observed]:
    """Read numbers; of a route's nothing is read at Vapi, since nothing is put back there."""
    texts_only = [record.sid for record in records if record.texts_only or not asks_vapi]
    others = [record.sid for record in records if not record.texts_only and asks_vapi]
    found = vendors.observer.observe_texts(texts_only, not_before=not_before) if texts_only else {}
    return found | (vendors.observer.observe(others, not_before=not_before) if others else {})


def left_alone(planned: Plan, record: Original) -> list[str]:
    """Say, in a line for each, what a plan does not put back although it is recorded, and why."""
    live, goal = planned.observed.twilio, planned.goal
    channels = [] if live is None else [("texts", live.messaging, goal.messaging, record.messaging)]
    if live is not None and not record.texts_only:
        channels.append(("calls", live.voice, goal.voice, record.voice))
    lines = [
        f"{what} to {record.number} stay answered by {handler_line(routing)}, which is not ours; "
        f"the recorded original was {handler_line(recorded)}"
        for what, routing, wanted, recorded in channels
        if record.source is not Source.LEAVE and _stays(routing, wanted, recorded)
    ]
    if not record.texts_only:
        own = [each for each in planned.observed.strangers if each.account_sid == record.account_sid]
        lines += [
            f"Vapi knows {record.number} as {stranger.id}, which is not ours: it stays" for stranger in own
        ]
    return lines


def _stays(live: Routing, wanted: Routing | None, recorded: Routing) -> bool:
    """Tell whether who answers a channel stays, although it is not who is recorded."""
    return wanted is None or classify(wanted) == classify(live) != classify(recorded)


def _not_restored(record: Original, planned: Plan, trouble: ProviderError) -> str:
    """Say what of a number is not put back, what is, and the ways out."""
    cause, back = (trouble.cause, trouble.back) if isinstance(trouble, HalfWay) else (trouble, ())
    reason = str(cause).rstrip(".")
    if isinstance(trouble, HalfWay) and trouble.cause.vendor == "Vapi":
        left, ways = f"{_held_there(record)} is left there", _ways_at_vapi(reason)
        return (
            f"{record.number}: {_are(back)} back, and at Vapi it is not put back: {reason}. {left}. {ways}."
        )
    routes = [step for step in planned.steps if isinstance(step, RouteNumber)]
    if not (routes and isinstance(cause, VendorRefused) and cause.vendor == "Twilio"):
        return f"{record.number} is not put back: {reason}. It is still recorded{again_beside(reason, ': ')}."
    written = [
        (what, way, handler_line(routing))
        for what, way, routing in (
            ("texts", "restore_to=", routes[0].messaging),
            ("calls", "restore_calls_to=", routes[0].voice),
        )
        if routing is not None and what not in back
    ]
    start = (
        f"{record.number}: {_are(back)} back, and the rest is not"
        if back
        else f"{record.number} is not put back"
    )
    recorded = "; ".join(f"{what}: {line}" for what, _, line in written)
    ways = " and ".join(way for _, way, _ in written)
    return (
        f"{start}: Twilio refuses the recorded routing ({recorded}): {reason}. Bring back what it points at and run "
        f"the same command again, or declare {ways} with another routing, `pulumi up`, then destroy."
    )


def _are(channels: Sequence[str]) -> str:
    return f"{' and '.join(channels)} are"
