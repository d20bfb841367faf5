"""TwilioSmsRoute: who answers texts to one Twilio number or short code without Vapi, until it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.dynamic import Resource

from vapi_sms.core.routings.routing import Routing
from vapi_sms.resources.dynamic import Route
from vapi_sms.resources.inputs import contradictions
from vapi_sms.resources.program import options, originals, registering
from vapi_sms.resources.program.guarding import guarded
from vapi_sms.resources.program.outputs import with_outputs
from vapi_sms.resources.program.restore_to import RestoreTo, by_key, engine_value, moves_here, of_number
from vapi_sms.resources.program.service import MessagingServiceInbound, reliance

TYPE = "pulumi-python:dynamic/vapi:TwilioSmsRoute"

_OUTPUTS = ("accountSid", "answeredBy", "routing", "originalSummary")


@with_outputs
class TwilioSmsRoute(Resource, module="vapi", name="TwilioSmsRoute"):
    """A handler answers the texts of a Twilio number; destroy puts the original routing back, exactly.

    Calls, and what Vapi knows of the number, are never touched; Vapi's key is not needed.
    """

    number: pulumi.Output[str]
    """The number in E.164 form, or the short code's digits."""
    twilio_sid: pulumi.Output[str]
    """Its SID at Twilio, PN (of a short code SC) and 32 hex digits."""
    account_sid: pulumi.Output[str]
    """The Twilio account that it was found on."""
    answered_by: pulumi.Output[str]
    """One readable line: who answers texts, and instead of whom."""
    routing: pulumi.Output[Mapping[str, str]]
    """Who answers texts, without secrets."""
    original: pulumi.Output[Any]
    """Secret: what was found, as JSON. Pass it as `restore_to` to move the number to another resource."""
    original_summary: pulumi.Output[str]
    """One readable line: what comes back on destroy."""

    def __init__(  # noqa: PLR0913 one keyword an input
        self,
        resource_name: str,
        /,
        *,
        handler: Routing | pulumi.Output[Routing],
        number: pulumi.Input[str] | None = None,
        twilio_sid: pulumi.Input[str] | None = None,
        short_code: pulumi.Input[str] | None = None,
        identity_sid: pulumi.Input[str] | None = None,
        address_sid: pulumi.Input[str] | None = None,
        bundle_sid: pulumi.Input[str] | None = None,
        messaging_service: MessagingServiceInbound | pulumi.Input[str] | None = None,
        restore_to: RestoreTo | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare who answers; raises Mistake (one line) for what contradicts itself, all else is refused by preview.

        :param resource_name: The resource's name in Pulumi. Renamed, it needs an alias, or it is another resource.
        :param handler: Who answers: a Routing, such as Handler.studio_flow(sid). Its SIDs and URLs may be Outputs, and
            so may all of it; it is kept as a secret. A change is one write to Twilio.
        :param number: The number in E.164 form, of any country; or `twilio_sid`, or `short_code`. A change replaces the
            resource: the old number gets its routing back, then the new one is switched.
        :param twilio_sid: The number's SID instead, PN and 32 hex digits.
        :param short_code: A short code instead, by its digits or its SID, SC and 32 hex digits.
        :param identity_sid: The identity (RI...) that local regulation wants named when the routing changes; by default
            the number's own. It stays on the number when the route goes. A change is one write to Twilio.
        :param address_sid: The address (AD...), likewise.
        :param bundle_sid: The regulatory bundle (BU...), likewise.
        :param messaging_service: The MessagingServiceInbound (or its SID, MG and 32 hex digits) that makes the number's
            Messaging Service defer to it; without it a number that is hidden by its service is refused.
        :param restore_to: What destroy puts back instead of the routing found: a Routing, or the `original` of another
            TwilioSmsRoute that the number moves from. A change writes nothing to the number.
        :param opts: Pulumi's options. `ignore_changes` on the number, and `deleted_with`, are refused.
        """
        opts = opts or pulumi.ResourceOptions()
        opts = guarded(resource_name, TYPE, opts)
        relied_on, written = reliance(messaging_service), _written(resource_name, handler)
        given = {
            "number": number,
            "twilioSid": twilio_sid,
            "shortCode": short_code,
            # Secret, since a webhook's URL may carry a token: people read `answeredBy`.
            "handler": pulumi.Output.secret(written),
            "identitySid": identity_sid,
            "addressSid": address_sid,
            "bundleSid": bundle_sid,
            "messagingService": relied_on,
        }
        with registering.mistakes():
            contradictions.refuse_route(resource_name, given)
        place = registering.Place.of(resource_name, opts)
        keys = (number, twilio_sid, short_code)
        registering.register(place, *keys, moves=moves_here(restore_to))
        if messaging_service is not None:
            registering.rely_on_service(number, twilio_sid)
        key = next((each for each in keys if each is not None), None)
        owner, former = place.owner, options.former_owners(opts)
        sibling = originals.OriginalRoutings(
            options.sibling_name(resource_name),
            numbers=by_key(key, {"messagingService": relied_on, **options.left_when_dropped(opts)}),
            restore_to=None if restore_to is None else by_key(key, of_number(key, restore_to)),
            routes=by_key(key, written),
            moving=None if moves_here(restore_to) else (),
            place=place,
            owner=owner,
            former_owners=former,
            opts=options.sibling_options(opts, TYPE, originals.TYPE),
        )
        super().__init__(
            Route(),
            resource_name,
            {
                **dict.fromkeys(_OUTPUTS),
                **given,
                "original": sibling.originals,
                "owner": owner,
                "formerOwners": former or None,
                **registering.applying(),
            },
            options.own_options(opts),
        )


def _written(name: str, handler: object) -> Any:  # noqa: ANN401 the engine's map of a routing, or an Output of one
    """Give the handler as the engine keeps it; raises Mistake where it is something else."""
    if isinstance(handler, pulumi.Output):
        return handler.apply(engine_value)
    if not isinstance(handler, Routing):
        raise registering.Mistake(
            f"{name}: handler= is {type(handler).__name__}: write a Routing, such as Handler.studio_flow('FW...')"
        )
    return engine_value(handler)
