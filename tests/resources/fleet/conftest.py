"""A fleet with a process of its own, or one that all tests of a file share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn, env_of
from tests.resources.fleet_stack import (
    FleetStack,
)
from tests.resources.provider import Provider


@pytest.fixture
def stack(spawn: Spawn) -> FleetStack:
    """Return an empty stack with a process of its own."""
    return FleetStack(spawn(), name="fleet")


@pytest.fixture(scope="module")
def unwritten(calm: RunningSandbox) -> Iterator[Provider]:
    """Return a process for this file's tests that change nothing: it remembers whose a number is."""
    with Provider(env_of(calm)) as provider:
        yield provider
