"""Clients of both vendors that wait for nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from vapi_sms.live.calling.calls import Patience
from vapi_sms.live.settings import Settings, resolve_settings
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.vapi.client import VapiClient

from tests.sandbox.world import AC, ORG_KEY, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vapi_sms.sandbox import RunningSandbox


class Hourglass:
    """A clock that only sleeping moves, so that patience ends at once."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        self.slept.append(seconds)

    def patience(self, seconds: float = 60.0) -> Patience:
        """Give a patience that waits by this clock."""
        return Patience(seconds, clock=lambda: self.now, sleep=self.sleep, chance=lambda: 1.0)


@pytest.fixture
def env(sandbox: RunningSandbox) -> dict[str, str]:
    """Return the environment of someone who may do everything."""
    return {
        "TWILIO_ACCOUNT_SID": AC,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "VAPI_API_KEY": ORG_KEY,
        "TWILIO_BASE_URL": sandbox.url,
        "VAPI_BASE_URL": sandbox.url,
    }


@pytest.fixture
def settings(env: dict[str, str]) -> Settings:
    """Return the settings of that environment."""
    found = resolve_settings(env, {})
    assert found is not None
    return found


@pytest.fixture
def hourglass() -> Hourglass:
    """Return the clock that the clients wait by."""
    return Hourglass()


@pytest.fixture
def twilio(settings: Settings, hourglass: Hourglass) -> Iterator[TwilioClient]:
    """Return our client for Twilio."""
    client = TwilioClient(settings, hourglass.patience())
    yield client
    client.close()


@pytest.fixture
def vapi(settings: Settings, hourglass: Hourglass) -> Iterator[VapiClient]:
    """Return our client for Vapi."""
    client = VapiClient(settings, patience=hourglass.patience())
    yield client
    client.close()
