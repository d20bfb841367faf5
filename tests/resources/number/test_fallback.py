"""Who answers texts while Vapi fails: kept, or declared; written with the rest, told, repaired and put back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vapi_sms import Handler
from vapi_sms.resources.inputs.words import LEAVE_AT_VAPI
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import sid_of, standing, written
from tests.resources.provider import UNKNOWN
from tests.resources.stack import CHANGED, SAME, Refused, Stack
from tests.sandbox.world import (
    AC,
    APP,
    APPLICATION,
    DEFERRED,
    DEFERRING,
    DEMO,
    FUNCTION,
    ORG,
    SENDER,
    SILENT,
    STUDIO,
    STUDIO_URL,
    SUPPORT,
    VAPI_SMS,
    WEBHOOK,
)

FLOW = f"Studio Flow FW{'a' * 32}"
BACKUP = Handler.webhook("https://backup.example/sms?key=url-canary", "GET")
OTHER = Handler.studio_flow("FW" + "b" * 32)
TOLD = "vapi-sms: a fallback answers texts where Vapi cannot be reached, answers an error, or takes longer than 15 "
NO_URL = (
    "which has no URL of its own, and a fallback is one: name what the app calls, "
    "Handler.webhook('http://127.0.0.1:9/application'), or write 'keep'"
)
WAYS = "name a Handler that answers, or write 'keep', which leaves what is there"


def declared(number: str, **more: Any) -> dict[str, Any]:
    """Declare a number that Support answers."""
    return {"number": number, "assistant": "Support", **more}


def texts_of(sandbox: RunningSandbox, number: str) -> dict[str, Any]:
    """Give all that Twilio holds for texts to a number."""
    return {name: value for name, value in sandbox.number(number).items() if name.startswith("sms_")}


def test_the_original_answers_while_vapi_is_down(sandbox: RunningSandbox, stack: Stack) -> None:
    """Vapi answers as long as it can; after destroy every field is as found."""
    before = standing(sandbox)

    stack.up(**declared(STUDIO, fallback="original"))
    assert sandbox.text(SENDER, STUDIO, "Hello")["answered_by"] == "Vapi assistant Support"
    sandbox.behaviour(webhook_fails=True)
    down = sandbox.text(SENDER, STUDIO, "Hello")

    assert (down["answered_by"], down["handler"]) == (FLOW, "studio_flow")
    assert "error 11200: Vapi answers HTTP 503" in down["trace"]
    assert stack.preview(**declared(STUDIO, fallback="original")) == SAME
    stack.destroy()
    assert standing(sandbox) == before


def test_nobody_answers_without_one(sandbox: RunningSandbox, stack: Stack) -> None:
    """A program that declares no fallback has no input, no output and no field of one."""
    stack.up(**declared(STUDIO))
    sandbox.behaviour(webhook_fails=True)

    assert sandbox.text(SENDER, STUDIO, "Hello")["answered_by"] == "nobody"
    assert "allback" not in json.dumps(stack.state["number"].inputs)
    assert "allback" not in json.dumps(stack.state["number"].outs)


def test_a_fallback_travels_in_the_write_that_is_made_anyway(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """No request more than without one, secrets included: what was found is recorded."""
    runs = []
    for fallback in ({}, {"fallback": "original"}):
        stack = Stack(spawn())
        sandbox.reset()
        stack.up(**declared(FUNCTION, **fallback))
        # Lists that need nothing of each other are asked for at once, in any order.
        runs.append(sorted(f"{entry['method']} {entry['path']}" for entry in sandbox.journal()))

    assert runs[0] == runs[1]
    assert sandbox.number(FUNCTION)["sms_fallback_url"].endswith(".twil.io/reply?key=url-canary")
    assert stack.state["number"].outs["answeredBy"] == (
        "Vapi assistant Support (fallback Function https://orders-1234-dev.twil.io/reply?key=***), instead of "
        "Function https://orders-1234-dev.twil.io/reply?key=***"
    )
    assert "canary" not in "".join(stack.provider.stderr())


def test_a_change_of_the_fallback_is_one_write(sandbox: RunningSandbox, stack: Stack, spawn: Spawn) -> None:
    """Its answer is the reading that proves it; nothing is written at Vapi, and then nothing is left to do."""
    stack.up(**declared(STUDIO))
    path = f"POST twilio /2010-04-01/Accounts/{AC}/IncomingPhoneNumbers/{sid_of(sandbox, STUDIO)}.json"
    for fallback in ("original", BACKUP, OTHER, "keep"):
        stack.provider = spawn()
        assert stack.preview(**declared(STUDIO, fallback=fallback)) == CHANGED
        sandbox.clear_journal()

        assert stack.up(**declared(STUDIO, fallback=fallback)) == CHANGED

        assert written(sandbox) == [path]
        assert stack.preview(**declared(STUDIO, fallback=fallback)) == SAME
    assert sandbox.number(STUDIO)["sms_fallback_url"] == ""


def test_a_handler_is_the_fallback_with_its_method(sandbox: RunningSandbox, stack: Stack) -> None:
    """Its URL may hold a token, which stands in no line."""
    stack.up(**declared(STUDIO, fallback=BACKUP))

    texts = texts_of(sandbox, STUDIO)
    assert (texts["sms_url"], texts["sms_method"]) == (VAPI_SMS, "POST")
    assert (texts["sms_fallback_url"], texts["sms_fallback_method"]) == (BACKUP.url, "GET")
    outs = stack.state["number"].outs
    assert outs["answeredBy"] == (
        f"Vapi assistant Support (fallback Webhook https://backup.example/sms?key=***), instead of {FLOW}"
    )
    told = {name: value for name, value in outs.items() if name not in ("original", "fallback")}
    assert "canary" not in json.dumps(told)


def test_drift_of_the_fallback_is_told_and_repaired(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """Somebody empties it in the Console: preview says who answers now, refresh takes it up, `up` writes it again."""
    wanted = declared(STUDIO, fallback=BACKUP)
    stack.up(**wanted)
    sandbox.outside_number(STUDIO, sms_fallback_url="", sms_fallback_method="POST")
    stack.provider = spawn()

    assert stack.preview(**wanted) == CHANGED
    told = stack.checked("number", stack.number_props(stack.state["originals"].outs["originals"], **wanted))
    assert told["drift"] == [
        "texts that Vapi fails to take are answered by nobody, not by Webhook https://backup.example/sms?key=***"
    ]
    stack.refresh()
    assert stack.state["number"].outs["answeredBy"] == "Vapi assistant Support"

    assert stack.up(**wanted) == CHANGED
    assert sandbox.number(STUDIO)["sms_fallback_url"] == BACKUP.url
    assert stack.up(**wanted) == SAME


def test_texts_off_give_the_original_back_with_its_own_fallback(
    sandbox: RunningSandbox, stack: Stack
) -> None:
    """And on again, ours."""
    before = texts_of(sandbox, WEBHOOK)
    stack.up(**declared(WEBHOOK, fallback=BACKUP))

    stack.up(**declared(WEBHOOK, fallback=BACKUP, sms_enabled=False))
    assert texts_of(sandbox, WEBHOOK) == before
    stack.up(**declared(WEBHOOK, fallback=BACKUP))

    assert sandbox.number(WEBHOOK)["sms_fallback_url"] == BACKUP.url
    stack.destroy()
    assert texts_of(sandbox, WEBHOOK) == before


@pytest.mark.parametrize(
    ("number", "fallback", "line"),
    [
        (
            APPLICATION,
            "original",
            f"fallback='original' of {APPLICATION} is TwiML App {APP}, {NO_URL}",
        ),
        (
            STUDIO,
            Handler.twiml_app(APP),
            f"fallback= of {STUDIO} is TwiML App {APP}, {NO_URL}",
        ),
        (
            DEMO,
            "original",
            f"fallback='original' of {DEMO} is Twilio's demo reply, which tells customers that nobody is there: {WAYS}",
        ),
        (
            SILENT,
            "original",
            f"fallback='original' of {SILENT} is nobody, so that texts would stay unanswered: {WAYS}",
        ),
        (
            STUDIO,
            Handler.demo(),
            f"fallback is Twilio's demo reply, which tells customers that nobody is there: {WAYS}",
        ),
        (
            STUDIO,
            Handler.none(),
            f"fallback is nobody, so that texts would stay unanswered: {WAYS}",
        ),
        (
            STUDIO,
            Handler.webhook(VAPI_SMS),
            "fallback is Vapi's own URL, which fails where Vapi fails: name somebody else",
        ),
        (
            STUDIO,
            Handler.webhook("https://a.example/", fallback="https://b.example/?key=url-canary"),
            "fallback has a fallback of its own, which Twilio would not ask: leave it out",
        ),
        (
            STUDIO,
            "https://backup.example/?key=url-canary",
            "fallback is malformed: write 'keep', 'original', or a Routing, such as Handler.studio_flow(sid)",
        ),
    ],
    ids=["app", "an app", "demo", "nothing", "the demo", "nobody", "Vapi", "its own", "a URL"],
)
def test_what_cannot_be_a_fallback_is_refused_in_preview(
    sandbox: RunningSandbox, stack: Stack, number: str, fallback: object, line: str
) -> None:
    """With what to write, and no secret; nothing is written."""
    before = standing(sandbox)

    with pytest.raises(Refused) as refused:
        stack.preview(**declared(number, fallback=fallback))

    assert str(refused.value) == line
    assert standing(sandbox) == before


def test_what_calls_a_fallback_is_said_once(stack: Stack, spawn: Spawn) -> None:
    """When one is declared or changes, not in every preview."""
    wanted = declared(STUDIO, fallback="original")

    stack.preview(**wanted)
    stack.up(**wanted)
    assert [line[: len(TOLD)] for line in stack.provider.stderr() if "fallback answers" in line] == [TOLD]
    stack.provider = spawn()
    stack.preview(**wanted)
    assert not [line for line in stack.provider.stderr() if "fallback answers" in line]


def test_restore_to_is_the_original_that_answers(sandbox: RunningSandbox, stack: Stack) -> None:
    """A change of it changes the fallback; a number that was in Vapi keeps what it is declared."""
    sandbox.outside_vapi(
        "create", org=ORG, set={"number": STUDIO, "twilioAccountSid": AC, "assistantId": SUPPORT}
    )
    sandbox.outside_number(STUDIO, sms_url=VAPI_SMS)
    wanted = declared(STUDIO, adopt=True, fallback="original")

    stack.up(**wanted, restore_to={"url": BACKUP.url, "method": "GET"})
    assert sandbox.number(STUDIO)["sms_fallback_url"] == BACKUP.url
    stack.up(**wanted, restore_to={"url": STUDIO_URL, "method": "POST"})

    assert sandbox.number(STUDIO)["sms_fallback_url"] == STUDIO_URL
    stack.destroy()
    assert sandbox.number(STUDIO)["sms_url"] == STUDIO_URL
    assert sandbox.number(STUDIO)["sms_fallback_url"] == ""


def test_texts_that_stay_at_vapi_get_back_the_fallback_that_was_found(
    sandbox: RunningSandbox, stack: Stack
) -> None:
    """Adopted with LEAVE_AT_VAPI: "keep" leaves it, a handler takes its place until destroy."""
    sandbox.outside_vapi(
        "create", org=ORG, set={"number": STUDIO, "twilioAccountSid": AC, "assistantId": SUPPORT}
    )
    sandbox.outside_number(
        STUDIO, sms_url=VAPI_SMS, sms_fallback_url="https://theirs.example/?key=url-canary"
    )
    before = standing(sandbox)
    wanted = declared(STUDIO, adopt=True, restore_to=LEAVE_AT_VAPI)

    stack.up(**wanted)
    assert standing(sandbox) == before
    stack.up(**wanted, fallback=BACKUP)
    assert sandbox.number(STUDIO)["sms_fallback_url"] == BACKUP.url
    stack.destroy()

    assert standing(sandbox) == before


def test_vapis_own_original_is_no_fallback(sandbox: RunningSandbox, stack: Stack) -> None:
    """Left at Vapi, nobody else is known."""
    sandbox.outside_vapi(
        "create", org=ORG, set={"number": STUDIO, "twilioAccountSid": AC, "assistantId": SUPPORT}
    )
    sandbox.outside_number(STUDIO, sms_url=VAPI_SMS)

    with pytest.raises(Refused, match="is Vapi, which fails where Vapi fails: name a Handler"):
        stack.preview(**declared(STUDIO, adopt=True, restore_to=LEAVE_AT_VAPI, fallback="original"))


def test_a_fallback_that_is_left_alone_by_vapi_is_ours(sandbox: RunningSandbox, stack: Stack) -> None:
    """Somebody deletes the number in Vapi, which empties its own URL only: destroy gives all back."""
    before = standing(sandbox)
    stack.up(**declared(STUDIO, fallback=BACKUP))
    (record,) = sandbox.vapi_numbers()
    sandbox.outside_vapi("delete", org=ORG, id=record["id"])
    sandbox.outside_number(STUDIO, sms_url="")

    stack.destroy()

    assert standing(sandbox) == before


def test_a_deferring_services_own_fallback_does_not_matter(sandbox: RunningSandbox, stack: Stack) -> None:
    """Texts to its number go by the number's own routing, its fallback included."""
    sandbox.outside("service", sid=DEFERRING, set={"fallback_url": "http://127.0.0.1:9/services"})

    stack.up(**declared(DEFERRED, fallback=Handler.studio_flow("FW" + "a" * 32)))
    sandbox.behaviour(webhook_fails=True)

    assert sandbox.text(SENDER, DEFERRED, "Hello")["answered_by"] == FLOW


def test_a_handler_that_is_known_later_leaves_the_rest_to_up(stack: Stack) -> None:
    """A flow of this very run: preview plans it, and shows what it can."""
    later = {"url": UNKNOWN, "method": "POST"}

    assert stack.preview(**declared(STUDIO, fallback=later)) == {"originals": "create", "number": "create"}
