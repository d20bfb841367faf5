"""VapiSmsNumber: one Twilio number whose texts a Vapi assistant answers, until it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pulumi
from pulumi.dynamic import Resource

from vapi_sms.core.routing import Routing
from vapi_sms.resources import options, originals, program
from vapi_sms.resources.dynamic import Number
from vapi_sms.resources.guarding import guarded
from vapi_sms.resources.outputs import evaluated, output_of
from vapi_sms.resources.restore_to import (
    RestoreTo,
    by_key,
    engine_value,
    imports_of,
    moves_here,
    of_number,
)
from vapi_sms.resources.service import MessagingServiceInbound, reliance

TYPE = "pulumi-python:dynamic/vapi:VapiSmsNumber"


@evaluated
class VapiSmsNumber(Resource, module="vapi", name="VapiSmsNumber"):
    """A Vapi assistant answers the texts of a US Twilio number; destroy puts the original routing back, exactly.

    `number` (E.164) or `twilio_sid` (PN...), exactly one; changing it replaces. `assistant` or `squad`, exactly one:
    an id, or an exact and unique name. `sms_enabled=False` keeps the number known to Vapi while texts go to their
    original routing. `name`: what Vapi displays, 40 characters at most. `voice`: "keep", or "vapi" for calls too.
    `restore_to`: a Routing to put back instead of the one found, LEAVE_AT_VAPI, or the `original` of another
    resource that the number moves from. `restore_calls_to`: a Routing to answer calls, instead of the one found that
    Twilio would not take back. `adopt`: take over a number that is already in this Vapi org.
    `messaging_service`: the MessagingServiceInbound that makes the number's Messaging Service defer to it.

    Raises Mistake (one line) where the program contradicts itself; all else is refused by preview.
    """

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
    original: pulumi.Output[Mapping[str, Any]]
    """Secret: what was found on both sides. Pass it as `restore_to` to move the number to another resource."""
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
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        opts = opts or pulumi.ResourceOptions()
        opts = guarded(resource_name, TYPE, opts)
        place = program.Place.of(resource_name, opts)
        program.register(place, number, twilio_sid, moves=moves_here(restore_to))
        if messaging_service is not None:
            program.rely_on_service(number, twilio_sid)
        relied_on = reliance(messaging_service)
        key = number if number is not None else twilio_sid
        owner, former = place.owner, options.former_owners(opts)
        imported = {"assistant": assistant, "squad": squad, "name": name, "smsEnabled": sms_enabled}
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
        super().__init__(
            Number(),
            resource_name,
            {
                **dict.fromkeys(_OUTPUTS),
                **given,
                "original": sibling.originals,
                "owner": owner,
                "formerOwners": former or None,
            },
            options.own_options(opts),
        )

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 the outputs that are declared above
        """Give an output by its Python name; Pulumi keeps it under the engine's."""
        return output_of(self, name)


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
