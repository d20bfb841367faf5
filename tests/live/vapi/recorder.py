"""A Vapi that only remembers what it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
from vapi_sms.core.values import VapiSettings
from vapi_sms.live.vapi.client import VapiClient

from tests.sandbox.world import AC, ORG, SUPPORT, WEBHOOK

if TYPE_CHECKING:
    from vapi_sms.live.settings import Settings

NOBODY = "00000000-0000-4000-8000-000000000000"
ANSWERED = VapiSettings(assistant_id=SUPPORT)


class Recorder:
    """A Vapi that remembers what it is sent, and answers a record that fits."""

    def __init__(self, **record: Any) -> None:
        self.bodies: list[Any] = []
        self.record = {
            "provider": "twilio",
            "id": NOBODY,
            "orgId": ORG,
            "number": WEBHOOK,
            "twilioAccountSid": AC,
            **record,
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer."""
        self.bodies.append(httpx.Response(200, content=request.content).json() if request.content else None)
        return httpx.Response(200, json=self.record)

    def client(self, settings: Settings) -> VapiClient:
        """Return a client that talks to this one."""
        return VapiClient(settings, httpx.MockTransport(self))
