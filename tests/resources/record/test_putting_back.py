"""Whoever remembers, restores: the records' delete puts back what is still ours."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import asked, same_for_all, standing, written
from tests.resources.provider import ProviderError
from tests.resources.records import ALL, NO_KEYS, OTHER_RECORD, handed_over, many, remembered
from tests.resources.stack import PROPS, Stack
from tests.sandbox.world import APP, APPLICATION, BIN, STUDIO, WEBHOOK


def test_without_credentials_delete_fails_and_nothing_is_forgotten(
    stack: Stack, spawn: Spawn, sandbox: RunningSandbox
) -> None:
    """A delete that succeeded here would lose the original."""
    stack.up(**PROPS)
    before, held = standing(sandbox), stack.state["originals"]
    provider = spawn(**NO_KEYS)

    with pytest.raises(ProviderError) as caught:
        provider.originals.delete(held.id, held.outs)
    with pytest.raises(ProviderError) as updated:
        provider.originals.update(held.id, held.outs, {**many(BIN), "originals": OTHER_RECORD})

    assert str(caught.value).startswith(f"VapiSms: no credentials for {WEBHOOK}: set ")
    assert str(updated.value).startswith("VapiSms: no credentials for ")
    assert standing(sandbox) == before


def test_nothing_recorded_is_nothing_to_put_back(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """A first `up` without credentials left a placeholder: destroy needs none either."""
    spawn(**NO_KEYS).originals.delete("originals", many(WEBHOOK))

    assert asked(sandbox) == []


def test_delete_puts_all_numbers_back_at_once(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Whoever remembers, restores: also what a killed create of many handed over."""
    before = standing(sandbox)
    id_, outs = remembered(spawn(), *ALL)
    handed_over(sandbox, *ALL)

    spawn().originals.delete(id_, outs)

    assert standing(sandbox) == before


def test_delete_again_writes_nothing(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """It is idempotent in the same process and in the next one."""
    provider = spawn()
    id_, outs = remembered(provider, *ALL)
    handed_over(sandbox, *ALL)
    provider = spawn()
    provider.originals.delete(id_, outs)
    sandbox.clear_journal()

    provider.originals.delete(id_, outs)
    spawn().originals.delete(id_, outs)

    assert written(sandbox) == []


def test_what_cannot_be_put_back_is_named_and_the_rest_is_back(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """A deleted TwiML App: Twilio refuses that number's original, and the others do not wait for it."""
    before = standing(sandbox)
    id_, outs = remembered(spawn(), WEBHOOK, APPLICATION, BIN)
    handed_over(sandbox, WEBHOOK, APPLICATION, BIN)
    sandbox.outside("application", sid=APP, delete=True)
    provider = spawn()

    with pytest.raises(ProviderError) as caught:
        provider.originals.delete(id_, outs)

    assert same_for_all(str(caught.value)) == (
        f"VapiSms: {APPLICATION} is not put back: Twilio refuses the recorded routing (texts: TwiML App {APP}): "
        f"Writing the messaging routing of {APPLICATION}: Application Sid is not accessible: {APP} "
        "(Twilio 21420, request RQ...). The TwiML App was deleted or belongs to another account: declare `restore_to` "
        "with the routing that you want back. Bring back what it points at and run the same command again, or declare "
        "restore_to= with another routing, `pulumi up`, then destroy."
    )
    after = standing(sandbox)["numbers"]
    assert [after[number] == before["numbers"][number] for number in (WEBHOOK, BIN)] == [True, True]


def test_foreign_routings_are_left_and_told(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Law 4: texts that somebody moved since stay, calls that are ours are put back; succeed and say so."""
    id_, outs = remembered(spawn(), WEBHOOK)
    handed_over(sandbox, WEBHOOK)
    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms?key=url-canary")
    provider = spawn()

    provider.originals.delete(id_, outs)

    number = sandbox.number(WEBHOOK)
    assert number["sms_url"] == "https://new.example/sms?key=url-canary"
    assert number["voice_url"] == "http://127.0.0.1:9/voice"
    assert sandbox.vapi_numbers() == []
    (line,) = provider.stderr()
    assert same_for_all(line) == (
        f"vapi-sms: texts to {WEBHOOK} stay answered by Webhook https://new.example/sms?key=*** (fallback Webhook "
        "http://127.0.0.1:9/fallback), which is not ours; the recorded original was Webhook "
        "http://127.0.0.1:9/sms?tenant=***#rc=1 (fallback Webhook http://127.0.0.1:9/fallback)."
    )


@pytest.mark.parametrize("behaviour", ["leaves", "clears", "resets"])
@pytest.mark.parametrize("late", [0, 30], ids=["at once", "late"])
def test_whatever_vapis_delete_does_all_is_back(
    sandbox: RunningSandbox, spawn: Spawn, behaviour: str, late: int
) -> None:
    """Nobody knows what a DELETE does at Twilio, nor when: the outcome is the same."""
    before = standing(sandbox)
    id_, outs = remembered(spawn(), WEBHOOK, STUDIO)
    handed_over(sandbox, WEBHOOK, STUDIO)
    sandbox.behaviour(delete=behaviour, late_writes_ms=late)

    spawn(VAPI_SMS_SETTLE_SECONDS="0.2").originals.delete(id_, outs)

    assert standing(sandbox) == before
