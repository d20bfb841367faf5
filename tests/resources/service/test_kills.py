"""kill -9 of the provider at every write of a service: no answer ever changes, on the way there and back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import standing
from tests.resources.provider import ProviderError
from tests.resources.service_stack import ServiceStack
from tests.sandbox.pool import answers, pool_seed
from tests.sandbox.world import APPLICATION, MG, STUDIO
from tests.waiting import until

PAIR = (STUDIO, APPLICATION)
WRITES: dict[str, dict[str, Any]] = {
    "number": {"vendor": "twilio", "method": "POST", "containing": "SmsUrl"},
    "service": {"vendor": "twilio", "method": "POST", "path": "/v1/Services/*"},
}
HOLDS: tuple[Literal["before"], Literal["after"]] = ("before", "after")


@pytest.fixture
def stack(sandbox: RunningSandbox, spawn: Spawn) -> ServiceStack:
    """Return a stack whose service answers for two numbers."""
    sandbox.reset(pool_seed(numbers=list(PAIR)))
    return ServiceStack(spawn())


def killed(stack: ServiceStack, sandbox: RunningSandbox, act: Callable[[], object], **write: Any) -> None:
    """Kill the provider while a write of its is held."""
    sandbox.fault(**write)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(act)
        until(sandbox.held)
        stack.provider.kill()
        assert isinstance(running.exception(30), ProviderError)
    sandbox.release("drop")
    sandbox.clear_faults()


@pytest.mark.parametrize("goes_on", [True, False], ids=["up again", "destroy at once"])
@pytest.mark.parametrize("hold", HOLDS)
@pytest.mark.parametrize("write", WRITES)
def test_killed_while_it_is_switched(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn, write: str, hold: str, *, goes_on: bool
) -> None:
    """The engine knows the record only: `up` finishes, and destroy gives every field back."""
    before, answered = standing(sandbox), answers(sandbox, PAIR)

    killed(stack, sandbox, lambda: stack.up(MG, keep_others=True), **WRITES[write], hold=hold)
    assert list(stack.state) == ["original"]
    assert answers(sandbox, PAIR) == answered

    stack.restart(spawn())
    if goes_on:
        stack.up(MG, keep_others=True)
        assert answers(sandbox, PAIR) == answered
    stack.destroy()
    assert standing(sandbox) == before
    assert answers(sandbox, PAIR) == answered


@pytest.mark.parametrize("hold", HOLDS)
@pytest.mark.parametrize("write", WRITES)
def test_killed_while_it_is_put_back(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn, write: str, hold: str
) -> None:
    """No answer changes, and destroy again finishes."""
    before, answered = standing(sandbox), answers(sandbox, PAIR)
    stack.up(MG, keep_others=True)

    killed(stack, sandbox, stack.destroy, **WRITES[write], hold=hold)
    assert answers(sandbox, PAIR) == answered

    stack.restart(spawn())
    stack.destroy()
    assert standing(sandbox) == before
    assert answers(sandbox, PAIR) == answered
