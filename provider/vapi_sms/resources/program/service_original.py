"""OriginalService: the resource that holds a Messaging Service as found, before any change of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.dynamic import Resource

from vapi_sms.resources.dynamic import ServiceOriginal
from vapi_sms.resources.inputs.words import UNRECORDED
from vapi_sms.resources.program.outputs import with_outputs

TYPE = "pulumi-python:dynamic/vapi:OriginalService"


@with_outputs
class OriginalService(Resource, module="vapi", name="OriginalService"):
    """What was found on a Messaging Service and in its pool, and the way back; made by MessagingServiceInbound."""

    original: pulumi.Output[Mapping[str, Any]]
    """The service's inbound setting, and own routings of numbers. Secret, since webhook URLs carry tokens."""

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
