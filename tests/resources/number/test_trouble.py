"""A provider that is killed, an engine that is gone, vendors that cannot be read."""

from __future__ import annotations

import threading

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import same_for_all, standing, written
from tests.resources.provider import Fresh, ProviderDied
from tests.resources.stack import PROPS, Refused, Stack
from tests.sandbox.world import BIN, FUNCTION, PROXY, STUDIO, VAPI_SMS, WEBHOOK


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("path", ["/phone-number", "*/IncomingPhoneNumbers/*"], ids=["import", "route"])
def test_a_provider_killed_in_create_is_no_loss(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn, path: str, where: str
) -> None:
    """Kill -9 around each write: a second `up` goes on, and a destroy without it gives everything back."""
    before = standing(sandbox)
    for go_on in (True, False):
        _killed_in_create(sandbox, stack, path, where)
        stack.provider = spawn()
        if go_on:
            assert stack.up(**PROPS) == {"originals": "same", "number": "create"}
            assert sandbox.number(WEBHOOK)["sms_url"] == VAPI_SMS
        stack.destroy()
        assert standing(sandbox) == before
        stack.provider = spawn()


def _killed_in_create(sandbox: RunningSandbox, stack: Stack, path: str, where: str) -> None:
    sandbox.fault(method="POST", path=path, hold=where, skip=1 if "Incoming" in path else 0)
    died: list[BaseException] = []

    def work() -> None:
        with pytest.raises(ProviderDied) as caught:
            stack.up(**PROPS)
        died.append(caught.value)

    thread = threading.Thread(target=work)
    thread.start()
    while not sandbox.held():
        assert thread.is_alive()
    stack.provider.kill()
    thread.join(20)
    sandbox.release("go")
    assert len(died) == 1
    assert list(stack.state) == ["originals"]


def test_without_an_engine_nothing_is_written(sandbox: RunningSandbox, env: dict[str, str]) -> None:
    """Law 13: the engine is dead before the first write, so the process says so and ends."""
    before = standing(sandbox)
    with Fresh(env) as provider:
        stack = Stack(provider)
        stack.preview(**PROPS)
        provider.engine.die()

        with pytest.raises(ProviderDied):
            stack.up(**PROPS)

        assert provider.wait() == 1
        assert provider.stderr()[-1].endswith("nothing more is written. Run the same command again.")
    assert written(sandbox) == []
    assert standing(sandbox) == before


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("*/Services*", "Listing the Messaging Services"),
        ("*/IncomingPhoneNumbers.json", "Looking for"),
        ("/v2/phone-number", "Listing"),
        ("/assistant", "Listing the assistants"),
    ],
    ids=["services", "numbers", "records", "assistants"],
)
def test_what_cannot_be_read_is_waited_for_once(
    sandbox: RunningSandbox, spawn: Spawn, path: str, name: str
) -> None:
    """Of many numbers in one run the first spends all patience; the others are told the same at once."""
    provider = spawn(VAPI_SMS_PATIENCE_SECONDS="1")
    sandbox.fault(path=path, status=503, count=None)
    lines, tries = [], []

    for number in (WEBHOOK, STUDIO, BIN, FUNCTION, PROXY):
        sandbox.clear_journal()
        with pytest.raises(Refused) as caught:
            Stack(provider, name=f"of {number}").preview(number=number, assistant="Support")
        lines.append(same_for_all(str(caught.value)))
        tries.append([entry["status"] for entry in sandbox.journal()].count(503))

    assert len(set(lines)) == 1, lines
    assert name in lines[0]
    assert tries[0] > 1 >= max(tries[1:]), tries
