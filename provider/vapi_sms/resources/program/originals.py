"""OriginalRoutings: the resource that holds what was found, so that the engine has it on disk before any change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pulumi
from pulumi.dynamic import Resource

from vapi_sms.resources.dynamic import Originals
from vapi_sms.resources.inputs.words import UNRECORDED
from vapi_sms.resources.program import registering
from vapi_sms.resources.program.outputs import with_outputs

TYPE = "pulumi-python:dynamic/vapi:OriginalRoutings"


def _unsaid(numbers: object) -> pulumi.Output[dict[str, str]] | None:
    """Give a summary for check to fill in; derived from the numbers, so that its keys are as secret as they are."""
    if not isinstance(numbers, pulumi.Output):
        return None
    return numbers.apply(lambda known: dict.fromkeys(known, ""))


@with_outputs
class OriginalRoutings(Resource, module="vapi", name="OriginalRoutings"):
    """What was found on each number before we touched it, and the way back; made by the resources that need it."""

    originals: pulumi.Output[Any]
    """JSON: per PN SID both routings, and Vapi's settings or their absence. Secret, since webhook URLs carry tokens."""

    summary: pulumi.Output[Mapping[str, str]]
    """Per number, one readable line of what comes back on destroy."""

    def __init__(  # noqa: PLR0913 only our own classes call it, each name once
        self,
        resource_name: str,
        /,
        *,
        numbers: pulumi.Input[Mapping[str, pulumi.Input[Mapping[str, Any]]]],
        restore_to: pulumi.Input[Mapping[str, Any]] | None,
        restore_calls_to: pulumi.Input[Mapping[str, Any]] | None = None,
        routes: pulumi.Input[Mapping[str, Any]] | None = None,
        imports: pulumi.Input[str] | None = None,
        moving: Collection[str] | None,
        place: registering.Place,
        owner: pulumi.Input[str],
        former_owners: list[str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        props: dict[str, Any] = {
            "numbers": numbers,
            # A secret placeholder: what check puts in its place stays secret.
            "originals": pulumi.Output.secret(UNRECORDED),
            "owner": owner,
            "formerOwners": former_owners or None,
            "summary": _unsaid(numbers),
            "imports": imports,
            **registering.applying(),
        }
        if restore_to is not None:
            props["restoreTo"] = pulumi.Output.secret(restore_to)
        if restore_calls_to is not None:
            props["restoreCallsTo"] = pulumi.Output.secret(restore_calls_to)
        if routes is not None:
            # What a route applies: known to who puts back even where the route itself never came to be.
            props["routes"] = pulumi.Output.secret(routes)
        # Each number says by itself that it is to be left. Pulumi's option would keep from us that the records go, and
        # where they are replaced by force (--replace) they are needed again.
        opts.retain_on_delete = False
        super().__init__(Originals(), resource_name, props, opts)
        if moving is not None and not registering.are_all_registered(numbers):
            self.__dict__["originals"] = self.__dict__["originals"].apply(
                lambda held: registering.claimed(place, held, moving)
            )
