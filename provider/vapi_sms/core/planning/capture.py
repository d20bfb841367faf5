"""Capturing: from one reading to the record of what was found, or a refusal that names the ways out.

Vapi's URL is never recorded as an original by itself: it is the same for every number and says nothing about who
answered before. Whether a number that is already in Vapi is ours to touch is judged by the record, then by `adopt`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from vapi_sms.core.errors import NothingToPutBack, Refusal
from vapi_sms.core.planning.goals import snapshot
from vapi_sms.core.routings.handlers import Kind, classify, is_vapis, on_account
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import Observed, Original, Source, VapiSettings


class LeaveAtVapi:
    """The declaration that texts stay at Vapi when we go."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a program says about the original of one number.

    `restore_to` is a messaging routing to put back instead of the one found, LeaveAtVapi, or another resource's
    record of the same number, which moves the number here. `restore_calls_to` is who is to answer calls instead of
    whom was found. `route` is the messaging routing that a TwilioSmsRoute declares: the record is one of texts only.
    """

    adopt: bool = False
    restore_to: Routing | LeaveAtVapi | Original | None = None
    restore_calls_to: Routing | None = None
    route: Routing | None = None


@dataclass(frozen=True, slots=True)
class AtVapi:
    """Where a number is to go: the org, and the settings of its import, as far as they are known."""

    org_id: str
    imports: VapiSettings | None = None


def capture(
    subject: str, observed: Observed, wish: Wish, recorded: Original | None, goes_to: AtVapi
) -> Original:
    """Give the record of a number: the one there is, changed only by `restore_to`, or a new one from a reading.

    A new one notes where it goes to, which of a route is nowhere. Raises Refusal where there is nothing to record that
    could be put back.
    """
    if recorded is not None and recorded.texts_only != (wish.route is not None):
        raise Refusal(subject, _other_kind(recorded))
    moved = wish.restore_to if isinstance(wish.restore_to, Original) else None
    if moved is not None:
        _refuse_moving(subject, observed, wish, moved)
    if moved is not None and moved.texts_only == (wish.route is not None):
        # What the old owner would have put back is what this number's original is now.
        record = replace(moved, found=None)
    else:
        before = recorded or _found(subject, observed, wish, goes_to)
        record = _remembering(before, _declared(before, wish.restore_to))
    record = _with_calls(record, wish.restore_calls_to)
    return record if wish.route is None else _routed(record, wish.route)


def _with_calls(record: Original, declared: Routing | None) -> Original:
    """Give a record with who is declared to answer calls, or, where nobody is declared any more, who did."""
    found = record.found_voice or record.voice
    if declared is None:
        return record if record.found_voice is None else replace(record, voice=found, found_voice=None)
    handler = on_account(declared, record.account_sid)
    voice = VoiceRouting(
        **{field.name: getattr(handler, field.name) for field in fields(handler)},
        status_callback=found.status_callback,
        status_callback_method=found.status_callback_method,
    )
    return replace(record, voice=voice, found_voice=found)


def _declared(recorded: Original, restore_to: Routing | LeaveAtVapi | Original | None) -> Original:
    """Give a record with what `restore_to` declares, or without it."""
    if restore_to is None:
        return _undeclared(recorded)
    if isinstance(restore_to, Original):
        # A route's, which never touched calls and Vapi: they are as they were.
        return replace(
            recorded,
            messaging=restore_to.messaging,
            source=restore_to.source,
            found=None,
            applied=restore_to.applied,
        )
    found = recorded.messaging if recorded.source is Source.CAPTURED else recorded.found
    if isinstance(restore_to, LeaveAtVapi):
        return replace(recorded, source=Source.LEAVE, found=found)
    declared = on_account(restore_to, recorded.account_sid)
    return replace(recorded, messaging=declared, source=Source.DECLARED, found=found)


def _remembering(before: Original, record: Original) -> Original:
    """Keep what `restore_to` declared until now: a resource whose `up` failed halfway still puts that back."""
    if before.source is not Source.DECLARED or before.messaging.same_as(record.messaging):
        return record
    return replace(record, applied=_applied(before.messaging, record))


def _undeclared(recorded: Original) -> Original:
    """Give a record without what `restore_to` declared, as far as anything else is known to put back."""
    # Vapi's URL is told of, and never put back by itself.
    if recorded.found is not None and not is_vapis(recorded.found):
        return replace(recorded, messaging=recorded.found, source=Source.CAPTURED, found=None)
    if recorded.source is Source.LEAVE and not is_vapis(recorded.messaging):
        return replace(recorded, source=Source.DECLARED)
    return recorded


def _refuse_moving(subject: str, observed: Observed, wish: Wish, record: Original) -> None:
    if observed.twilio is not None and observed.twilio.sid != record.sid:
        raise Refusal(
            subject,
            f"restore_to holds the original of {record.number} ({record.sid}), not of {subject}: pass the `original` "
            "output of the resource that owned this number",
        )
    if wish.route is not None and not record.texts_only:
        raise Refusal(
            subject,
            f"restore_to holds the original of a VapiSmsNumber, which also says what comes back for calls to "
            f"{record.number} and in Vapi, where a TwilioSmsRoute touches nothing: remove the VapiSmsNumber and run "
            "`pulumi up`, then declare the route",
        )


def _routed(record: Original, route: Routing) -> Original:
    """Give the record of a route: texts only, and what it declares as ours from now on."""
    handler = on_account(route, record.account_sid)
    return replace(
        record,
        org_id="",
        voice=VoiceRouting(),
        vapi_id="",
        vapi=None,
        texts_only=True,
        applied=_applied(handler, record),
    )


def _applied(newest: Routing, record: Original) -> tuple[Routing, ...]:
    """Give what was declared until now, the newest first, each once."""
    earlier = [known for known in record.applied if not known.same_as(newest)]
    return (newest, *earlier[: _REMEMBERED - 1])


# An earlier declaration can be what a killed `up` left there; nobody kills that many in a row.
_REMEMBERED = 10


def _found(subject: str, observed: Observed, wish: Wish, goes_to: AtVapi) -> Original:
    if observed.twilio is None:
        raise Refusal(subject, not_on_account(subject))
    if is_vapis(observed.twilio.messaging) and wish.restore_to is None:
        raise NothingToPutBack(subject, _no_known_original(observed, wish))
    if observed.vapi is not None and not wish.adopt and wish.route is None:
        raise NothingToPutBack(
            subject,
            f"{observed.twilio.number} is already in this Vapi org as {observed.vapi.id}, imported by somebody else: "
            "write adopt=True to take it over (its Vapi settings are put back on destroy), or delete it in Vapi first; "
            f"{LOST}",
        )
    return snapshot(observed, org_id=goes_to.org_id, imports=goes_to.imports)


def not_on_account(subject: str) -> str:
    """Say that Twilio does not show a number to these credentials."""
    return (
        f"{subject} is not a number of this Twilio account: check the number, and that the credentials are those of "
        "the account (or subaccount) that owns it"
    )


LOST = "if the state that knew it was lost, `vapi-sms restore` puts the number back from a backup"
"""The way out that no program can write."""


def _no_known_original(observed: Observed, wish: Wish) -> str:
    number = observed.twilio.number if observed.twilio else ""
    handler = classify(observed.twilio.messaging if observed.twilio else Routing())
    at = str(handler if handler.kind is Kind.NO_TEXTS else Kind.VAPI)
    start = f"texts to {number} already go to {at} and no original routing is recorded, so nothing could be put back"
    last = "write restore_to= with the routing to put back"
    if wish.route is None:
        last = f"{last}, or restore_to=LEAVE_AT_VAPI"
    if observed.vapi is not None and wish.adopt:
        return f"{start} (adopt=True alone does not say what): {LOST}; else {last}"
    if observed.vapi is not None:
        last = f"{last}, and adopt=True, since this Vapi org knows the number as {observed.vapi.id}"
    return (
        f"{start}: if this resource was renamed, give it an alias, opts=pulumi.ResourceOptions(aliases=["
        "pulumi.Alias(name='its old name')]); if another stack or resource owns the number, change it there; "
        f"{LOST}; else {last}"
    )


def _other_kind(record: Original) -> str:
    """Say that one kind of resource cannot go on with the record of the other."""
    names = ("TwilioSmsRoute", "VapiSmsNumber")
    was, will_be = names if record.texts_only else reversed(names)
    return (
        f"{record.number} was declared by a {was} of this name, and a {will_be} cannot go on with its record: remove "
        f"the {was} and run `pulumi up`, which puts back {classify(record.messaging)}, then declare the {will_be}"
    )
