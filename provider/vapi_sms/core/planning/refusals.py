"""Refusals of the switch: what is known at preview to go wrong, or to overwrite somebody's work, at `up`."""

from __future__ import annotations

from vapi_sms.core.errors import NotFit, Refusal
from vapi_sms.core.planning.capture import not_on_account
from vapi_sms.core.planning.goals import is_foreign, laid_bare
from vapi_sms.core.routings.describe import handler_line, routing_changes
from vapi_sms.core.routings.fallbacks import declared_handler, way_out, why_no_fallback
from vapi_sms.core.routings.handlers import classify, classify_url, is_vapis
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.values import (
    TWILIO,
    Desired,
    Fallback,
    Observed,
    Original,
    Routed,
    Service,
    Source,
    TwilioNumber,
)


def refuse_unfit(subject: str, desired: Desired, observed: Observed) -> None:
    """Raise Refusal where texts to a number could not be answered by Vapi whatever we write."""
    if observed.twilio is None:
        raise NotFit(subject, not_on_account(subject))
    if desired.sms_enabled:
        _refuse_unreached(subject, observed.twilio, observed.hidden_by, "Vapi", ", or sms_enabled=False")


def refuse_unroutable(subject: str, routed: Routed, observed: Observed) -> None:
    """Raise Refusal where a declared handler would not see the texts to a number whatever we write."""
    twilio = observed.twilio
    if twilio is None:
        raise Refusal(subject, not_on_account(subject))
    if twilio.is_short_code and routed.messaging.application_sid:
        raise Refusal(
            subject,
            f"short code {twilio.number} cannot have a TwiML App: Twilio keeps only URLs on short codes. Write the "
            "handler that the app would call",
        )
    _refuse_unreached(subject, twilio, observed.hidden_by, "the handler")


def _refuse_unreached(
    subject: str, twilio: TwilioNumber, hidden_by: Service | None, who: str, or_else: str = ""
) -> None:
    if not twilio.can_sms:
        raise NotFit(
            subject,
            f"{twilio.number} cannot receive texts (Twilio shows no SMS capability): declare a number that "
            f"can{or_else}",
        )
    if hidden_by is not None and hidden_by.unread:
        raise NotFit(
            subject,
            f"whether {who} would see a text to {twilio.number} is not known: {hidden_by.unread}. See the service in "
            f"Twilio's Console, and take the number out of it{or_else}; or run the same command again",
        )
    if hidden_by is not None:
        raise NotFit(
            subject,
            f"{twilio.number} is in Messaging Service {hidden_by.name} ({hidden_by.sid}), which handles texts itself "
            f"and hides the number's own webhook: {who} would never see a text. Declare a MessagingServiceInbound for "
            "it and write messaging_service= here; or in Twilio's Console set the service's Integration to 'Defer to "
            "sender's webhook', or take the number out of it",
        )


def refuse_nowhere(subject: str, desired: Desired, original: Original) -> None:
    """Raise Refusal where texts are to leave Vapi, and nothing is known that could answer them instead."""
    if not desired.sms_enabled and is_vapis(original.messaging):
        raise Refusal(
            subject,
            f"sms_enabled=False would leave texts to {original.number} to nobody: they went to Vapi when the number "
            "was first declared, so no other routing is known. Write restore_to= with the routing that answers them",
        )


def refuse_no_fallback(
    subject: str, desired: Desired, original: Original, app: Routing | None = None
) -> None:
    """Raise Refusal where nobody could answer as declared where Vapi fails; `app` is what a TwiML App calls."""
    reason = why_no_fallback(declared_handler(desired.fallback, original))
    if desired.declares_fallback and reason:
        which = "'original'" if desired.fallback is Fallback.ORIGINAL else ""
        way = way_out(app, original.account_sid)
        raise NotFit(subject, f"fallback={which} of {original.number} is {reason}: {way}")


def refuse_stale(
    subject: str, observed: Observed, original: Original, *, ours: tuple[Routing, ...] = ()
) -> None:
    """Raise Refusal where a number that is about to be handed over is no longer as recorded.

    Equal, empty, demo, Vapi's (also where the recorded TwiML App or fallback answers instead, as an interrupted import
    or DELETE leaves it), laid bare by an import, or what we applied ourselves (`ours`): go on. A routing declared by
    `restore_to` was never meant to equal the live one.
    """
    live = observed.twilio
    if live is None or original.source is not Source.CAPTURED:
        return
    if live.messaging == original.messaging or classify(live.messaging).is_replaceable:
        return
    known = (original.messaging, *ours, *original.applied, *laid_bare(observed, original))
    if any(live.messaging.same_as(routing) for routing in known):
        return
    if _is_half_written(live.messaging, original.messaging):
        return
    found, recorded = handler_line(live.messaging), handler_line(original.messaging)
    if found == recorded:
        found = f"{found} ({'; '.join(routing_changes(live.messaging, original.messaging))})"
    raise NotFit(
        subject,
        f"texts to {live.number} are answered by {found}, but the recorded original is {recorded}: somebody changed it "
        "since. Write restore_to= with the routing to put back later, or put the recorded one back first",
    )


def _is_half_written(live: Routing, original: Routing) -> bool:
    """Tell whether only the recorded URL is gone, for what Vapi writes: a recorded TwiML App or fallback answers on.

    An import writes its own URL, a DELETE perhaps Twilio's demo or none. A run of ours was interrupted in between.
    """
    return (
        classify_url(live.url).is_replaceable
        and live.application_sid == original.application_sid
        and live.fallback_url in ("", original.fallback_url)
    )


def refuse_overtaken(
    before: Observed, now: Observed, original: Original, *, ours: tuple[Routing, ...] = ()
) -> None:
    """Raise Refusal where somebody routed a number elsewhere since the reading that a run stands on."""
    was, live = before.twilio, now.twilio
    if was is None or live is None:
        return
    known = (*ours, *original.applied, *laid_bare(now, original))
    known += () if original.found_voice is None else (original.found_voice,)
    channels: tuple[tuple[str, Routing, Routing, Routing], ...] = (
        ("texts", was.messaging, live.messaging, original.messaging),
        ("calls", was.voice, live.voice, original.voice),
    )
    for what, then, found, recorded in channels:
        if not found.same_as(then) and is_foreign(found, recorded, known):
            raise Refusal(
                live.number,
                f"somebody routed {what} to {live.number} to {handler_line(found)} while this run was at it, and that "
                "is left so: see `pulumi preview` for what changes now, then run the same command again",
            )


def refuse_strangers(subject: str, observed: Observed, original: Original | None = None) -> None:
    """Raise Refusal where the Vapi org has a number already in a record that is not ours, so that it takes no other."""
    if observed.vapi is not None or not observed.strangers or observed.twilio is None:
        return
    number, stranger = observed.twilio.number, observed.strangers[0]
    if (stranger.provider, stranger.account_sid) != (TWILIO, observed.twilio.account_sid):
        reason = (
            f"{number} is already in this Vapi org as {stranger.id}, {stranger.origin}, and not of Twilio account "
            f"{observed.twilio.account_sid}: delete that one in Vapi first (dashboard, Phone Numbers)"
        )
    else:
        ours = original and (original.vapi_id or original.import_id)
        reason = (
            f"{number} is in this Vapi org as {stranger.id}, imported by somebody else since it was recorded"
            f"{f' (ours was {ours})' if ours else ''}: delete that one in Vapi first (dashboard, Phone Numbers); or "
            "remove this resource, run `pulumi up`, and declare it again with adopt=True"
        )
    raise NotFit(subject, reason)


def unrecorded(subject: str) -> Refusal:
    """Give the refusal of a number whose original the engine does not hold yet."""
    return Refusal(
        subject, f"the original routing of {subject} is not recorded: run without --target, with credentials"
    )
