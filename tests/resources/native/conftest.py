"""Processes of our own server, for the tests beside this file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import env_of
from tests.resources.provider import NATIVE, Provider


@pytest.fixture
def native(sandbox: RunningSandbox) -> Iterator[Callable[..., Provider]]:
    """Start native provider processes: other variables than the usual ones by name."""
    started: list[Provider] = []

    def start(**changes: str) -> Provider:
        started.append(Provider({**env_of(sandbox), **changes}, transport=NATIVE))
        return started[-1]

    yield start

    for provider in started:
        provider.stop()
