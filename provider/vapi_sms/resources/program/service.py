"""MessagingServiceInbound: a Messaging Service that leaves texts to its numbers' own webhooks, until it goes.

Beside it OriginalService, which holds the service as found, before any change of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi.dynamic import Resource

from vapi_sms.resources.dynamic import Service, ServiceOriginal
from vapi_sms.resources.inputs.words import BETWEEN, UNRECORDED
from vapi_sms.resources.program import options, registering
from vapi_sms.resources.program.guarding import guarded
from vapi_sms.resources.program.outputs import with_outputs

SIBLING = "pulumi-python:dynamic/vapi:OriginalService"


@with_outputs
class OriginalService(Resource, module="vapi", name="OriginalService"):
    """What was found on a Messaging Service and in its pool, and the way back; made by MessagingServiceInbound."""

    original: pulumi.Output[Any]
    """JSON: the service's inbound setting, and own routings of numbers. Secret, since webhook URLs carry tokens."""

    summary: pulumi.Output[str]
    """One readable line of what comes back on destroy."""

    def __init__(
        self, resource_name: str, /, *, given: Mapping[str, Any], opts: pulumi.ResourceOptions
    ) -> None:
        props = {
            **given,
            # A secret placeholder: what check puts in its place stays secret.
            "original": pulumi.Output.secret(UNRECORDED),
            "serviceSid": None,
            "accountSid": None,
            "summary": None,
        }
        super().__init__(ServiceOriginal(), resource_name, props, opts)


TYPE = "pulumi-python:dynamic/vapi:MessagingServiceInbound"

_OUTPUTS = ("serviceSid", "accountSid", "inbound", "answers", "originalSummary")


@with_outputs
class MessagingServiceInbound(Resource, module="vapi", name="MessagingServiceInbound"):
    """A Twilio Messaging Service defers to its senders' webhooks, so that Vapi sees texts to its numbers.

    Numbers that VapiSmsNumber, TwilioSmsRoute or VapiSmsFleet declare with `messaging_service=` this resource are
    handed over; preview tells who answers every number of the pool before and after, and refuses where the answer of
    any other number would change. Destroy puts the service back, then the numbers, exactly.
    """

    service_sid: pulumi.Output[str]
    """The service's SID, MG and 32 hex digits."""
    account_sid: pulumi.Output[str]
    """The Twilio account that the service was found on."""
    inbound: pulumi.Output[str]
    """One readable line: who decides about texts, and instead of whom."""
    answers: pulumi.Output[Sequence[str]]
    """Who answers the numbers of the pool, before and after: equal answers counted, numbers named where they change."""
    original: pulumi.Output[Any]
    """Secret, JSON: what was found on the service, and on the numbers that got its handler."""
    original_summary: pulumi.Output[str]
    """One readable line: what comes back on destroy."""

    def __init__(
        self,
        resource_name: str,
        /,
        *,
        service: pulumi.Input[str],
        defer_to_sender: pulumi.Input[bool] = True,
        keep_others: pulumi.Input[bool] = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare that it defers; raises Mistake (one line) for what contradicts itself, all else preview refuses.

        :param resource_name: The resource's name in Pulumi. Renamed, it needs an alias, or it is another resource.
        :param service: The Messaging Service, by its SID (MG and 32 hex digits) or its exact, unique name. A change
            replaces the resource: the old service is put back, then the new one defers.
        :param defer_to_sender: Whether it defers. False: it answers by itself, as found; a change switches that.
        :param keep_others: Whether numbers of its pool that nobody declares get the service's handler as their own, so
            that the same answers them. False: a change of who answers them is refused.
        :param opts: Pulumi's options. With `retain_on_delete` the service goes on deferring; `ignore_changes` on
            `service`, and `deleted_with`, are refused.
        """
        opts = opts or pulumi.ResourceOptions()
        opts = guarded(resource_name, TYPE, opts)
        place = registering.Place.of(resource_name, opts)
        registering.register_service(place, service)
        relying: pulumi.Output[list[str]] = pulumi.Output.from_input(registering.relying_on_services())
        given = {
            "service": service,
            "deferToSender": defer_to_sender,
            "keepOthers": keep_others,
            "declared": relying.apply(BETWEEN.join),
            "owner": place.owner,
            "formerOwners": options.former_owners(opts) or None,
            **registering.applying(),
        }
        sibling = OriginalService(
            options.sibling_name(resource_name),
            given=given,
            opts=_hiding(options.sibling_options(opts, TYPE, SIBLING), "original"),
        )
        props = {**dict.fromkeys(_OUTPUTS), **given, "original": sibling.original}
        super().__init__(Service(), resource_name, props, _hiding(options.own_options(opts)))


def _hiding(opts: pulumi.ResourceOptions, *names: str) -> pulumi.ResourceOptions:
    """Let the engine not show changes that say nothing beside `answers`."""
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(hide_diffs=["declared", *names]))


def reliance(given: object) -> Any:  # noqa: ANN401 what a program writes as messaging_service, as the engine takes it
    """Give a service's SID, known once the service is up, so that whatever takes it comes after."""
    return given.service_sid if isinstance(given, MessagingServiceInbound) else given
