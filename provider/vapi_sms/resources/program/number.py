"""VapiSmsNumber: one Twilio number whose texts a Vapi assistant answers, until it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pulumi
from pulumi.dynamic import Resource

from vapi_sms.core.proof.demand import Prove
from vapi_sms.core.routings.routing import Routing
from vapi_sms.resources.dynamic import Number
from vapi_sms.resources.inputs import contradictions
from vapi_sms.resources.inputs.demands import engine_prove
from vapi_sms.resources.program import options, originals, registering
from vapi_sms.resources.program.fallback import Fallback, kept_fallback
from vapi_sms.resources.program.guarding import guarded
from vapi_sms.resources.program.outputs import with_outputs
from vapi_sms.resources.program.restore_to import (
    RestoreTo,
    by_key,
    engine_value,
    imports_of,
    moves_here,
    of_number,
)
from vapi_sms.resources.program.service import MessagingServiceInbound, reliance

TYPE = "pulumi-python:dynamic/vapi:VapiSmsNumber"


@with_outputs
class VapiSmsNumber(Resource, module="vapi", name="VapiSmsNumber"):
    """A Vapi assistant answers the texts of a US Twilio number; destroy puts the original routing back, exactly."""

    number: pulumi.Output[str]
    """The number in E.164 form."""
    twilio_sid: pulumi.Output[str]
    """The number's SID at Twilio, PN and 32 hex digits."""
    account_sid: pulumi.Output[str]
    """The Twilio account that the number was found on."""
    vapi_id: pulumi.Output[str]
    """The number's id at Vapi, a UUID."""
    org_id: pulumi.Output[str]
    """The Vapi org."""
    assistant_id: pulumi.Output[str]
    """The assistant's id, or empty with a squad."""
    squad_id: pulumi.Output[str]
    """The squad's id, or empty with an assistant."""
    answered_by: pulumi.Output[str]
    """One readable line: who answers texts, and instead of whom."""
    texts_url: pulumi.Output[str]
    """Where at Vapi texts go, as Vapi's import wrote it; empty where they do not."""
    routing: pulumi.Output[Mapping[str, str]]
    """Who answers texts and calls, without secrets."""
    original: pulumi.Output[Any]
    """Secret: what was found on both sides, as one JSON text. Pass it as `restore_to` to move the number elsewhere."""
    original_summary: pulumi.Output[str]
    """One readable line: what comes back on destroy."""

    def __init__(  # noqa: PLR0913 the inputs of DESIGN section 4; all but the name are keywords
        self,
        resource_name: str,
        /,
        *,
        number: pulumi.Input[str] | None = None,
        twilio_sid: pulumi.Input[str] | None = None,
        assistant: pulumi.Input[str] | None = None,
        squad: pulumi.Input[str] | None = None,
        sms_enabled: pulumi.Input[bool] = True,
        name: pulumi.Input[str] | None = None,
        voice: pulumi.Input[Literal["keep", "vapi"]] = "keep",
        restore_to: RestoreTo | None = None,
        restore_calls_to: Routing | None = None,
        adopt: pulumi.Input[bool] = False,
        messaging_service: MessagingServiceInbound | pulumi.Input[str] | None = None,
        fallback: Fallback = "keep",
        prove: Prove | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare who answers; raises Mistake (one line) for what contradicts itself, all else is refused by preview.

        :param resource_name: The resource's name in Pulumi. Renamed, it needs an alias, or it is another resource.
        :param number: The number in E.164 form, "+14155550100"; or `twilio_sid`. A change replaces the resource: the
            old number gets its routing back, then the new one is switched.
        :param twilio_sid: The number's SID instead, PN and 32 hex digits.
        :param assistant: The Vapi assistant that answers, by its id or its exact, unique name; or `squad`. A change is
            one write to Vapi.
        :param squad: The Vapi squad that answers instead, by id or name.
        :param sms_enabled: Whether Vapi answers texts. False: the number stays in Vapi, texts go to their original
            routing; a change switches them over or back.
        :param name: What Vapi's dashboard shows, 40 characters at most; by default what Vapi has stays. A change is one
            write to Vapi.
        :param voice: "keep": calls are answered as before. "vapi": Vapi answers calls, too. A change switches calls.
        :param restore_to: What destroy puts back instead of the routing found: a Routing, such as
            Handler.studio_flow(sid); LEAVE_AT_VAPI; or the `original` of the resource that the number moves from. Of a
            number that Vapi answers a change writes the fallback only.
        :param restore_calls_to: Who answers calls after destroy, a Routing, where Twilio would not take back who was
            found.
        :param adopt: Whether to take over a number that this Vapi org has already: destroy then gives it its former
            settings. Counts when the number is first declared.
        :param messaging_service: The MessagingServiceInbound (or its SID, MG and 32 hex digits) that makes the number's
            Messaging Service defer to it; without it a number that is hidden by its service is refused.
        :param fallback: Who answers texts where Vapi cannot be reached, answers an error or takes longer than 15
            seconds. "keep": whoever it was; "original": who answered before; or a Routing, such as
            Handler.studio_flow(sid), kept as a secret. A change is one write to Twilio.
        :param prove: What proves a switch: a question to ask first, and texts to watch after it, such as
            Prove(before="Are you open on Sunday?", within=300); nothing by default. Without proof the number goes back.
            A change writes nothing.
        :param opts: Pulumi's options. `ignore_changes` on the number, and `deleted_with`, are refused.
        """
        opts = opts or pulumi.ResourceOptions()
        opts = guarded(resource_name, TYPE, opts)
        relied_on = reliance(messaging_service)
        given = {
            "number": number,
            "twilioSid": twilio_sid,
            "assistant": assistant,
            "squad": squad,
            "smsEnabled": sms_enabled,
            "name": name,
            "voice": voice,
            "adopt": adopt,
            "messagingService": relied_on,
        }
        with registering.mistakes():
            contradictions.refuse_number(resource_name, {**given, "fallback": fallback, "prove": prove})
        place = registering.Place.of(resource_name, opts)
        registering.register(place, number, twilio_sid, moves=moves_here(restore_to))
        if messaging_service is not None:
            registering.rely_on_service(number, twilio_sid)
        key = number if number is not None else twilio_sid
        owner, former = place.owner, options.former_owners(opts)
        imported = {name: given[name] for name in ("assistant", "squad", "name", "smsEnabled")}
        sibling = originals.OriginalRoutings(
            options.sibling_name(resource_name),
            numbers=by_key(
                key, {"adopt": adopt, "messagingService": relied_on, **options.left_when_dropped(opts)}
            ),
            restore_to=None if restore_to is None else by_key(key, of_number(key, restore_to)),
            restore_calls_to=None
            if restore_calls_to is None
            else by_key(key, engine_value(restore_calls_to)),
            imports=imports_of([(key, imported)]) if key is not None else None,
            moving=None if moves_here(restore_to) else (),
            place=place,
            owner=owner,
            former_owners=former,
            opts=options.sibling_options(opts, TYPE, originals.TYPE),
        )
        super().__init__(
            Number(),
            resource_name,
            {
                **dict.fromkeys(_OUTPUTS),
                **given,
                **kept_fallback(fallback),
                **engine_prove(prove),
                "original": sibling.originals,
                "owner": owner,
                "formerOwners": former or None,
                **registering.applying(),
            },
            options.own_options(opts),
        )


_OUTPUTS = (
    "accountSid",
    "vapiId",
    "orgId",
    "assistantId",
    "squadId",
    "answeredBy",
    "textsUrl",
    "routing",
    "originalSummary",
)
