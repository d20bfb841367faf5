"""A service that answers for a pool, and a stack that declares it."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.service_stack import ServiceStack
from tests.sandbox.pool import pool_seed


@pytest.fixture
def sandbox(sandbox: RunningSandbox) -> RunningSandbox:
    """Return the sandbox with a service that answers for a pool."""
    sandbox.reset(pool_seed())
    return sandbox


@pytest.fixture
def stack(sandbox: RunningSandbox, spawn: Spawn) -> ServiceStack:  # noqa: ARG001 the pool first
    """Return an empty stack with a process of its own."""
    return ServiceStack(spawn())
