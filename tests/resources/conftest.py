"""Provider processes for tests: one that all may share who change nothing, and as many others as a test needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.provider import Provider
from tests.resources.routes import RouteStack
from tests.resources.stack import Stack
from tests.sandbox.world import AC, ORG_KEY, TOKEN, seed

Spawn = Callable[..., Provider]


def env_of(sandbox: RunningSandbox) -> dict[str, str]:
    """Give the environment of someone who may do everything, and does not wait for long."""
    return {
        "TWILIO_ACCOUNT_SID": AC,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "VAPI_API_KEY": ORG_KEY,
        "TWILIO_BASE_URL": sandbox.url,
        "VAPI_BASE_URL": sandbox.url,
        "VAPI_SMS_PATIENCE_SECONDS": "0.2",
        "VAPI_SMS_TIMEOUT_SECONDS": "5",
        "VAPI_SMS_SETTLE_SECONDS": "0.05",
    }


@pytest.fixture
def env(sandbox: RunningSandbox) -> dict[str, str]:
    """Return that environment for the sandbox of tests that write."""
    return env_of(sandbox)


@pytest.fixture
def spawn(env: dict[str, str]) -> Iterator[Spawn]:
    """Start provider processes: other variables than the usual ones by name, None to leave one out."""
    started: list[Provider] = []

    def start(config: dict[str, str] | None = None, **changes: str | None) -> Provider:
        found = {name: value for name, value in {**env, **changes}.items() if value is not None}
        started.append(Provider(found, config))
        return started[-1]

    yield start

    for provider in started:
        provider.stop()


@pytest.fixture
def stack(spawn: Spawn) -> Stack:
    """Return an empty stack with a process of its own."""
    return Stack(spawn())


@pytest.fixture
def twilio_only(spawn: Spawn) -> Spawn:
    """Start processes that have no key of Vapi's, unless they are given one."""

    def start(config: dict[str, str] | None = None, **changes: str | None) -> Provider:
        return spawn(config, **{"VAPI_API_KEY": None, **changes})

    return start


@pytest.fixture
def prod(twilio_only: Spawn) -> RouteStack:
    """Return an empty stack for a route, with a process of its own."""
    return RouteStack(twilio_only(), name="prod")


@pytest.fixture(scope="session")
def calm() -> Iterator[RunningSandbox]:
    """Serve a sandbox that nothing is ever written to."""
    with RunningSandbox(seed()) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def shared(calm: RunningSandbox) -> Iterator[Provider]:
    """Return a process for those tests of a module that change nothing.

    Not for more: a process remembers who declared a number, and the stacks of two modules bear two names.
    """
    with Provider(env_of(calm)) as provider:
        yield provider
