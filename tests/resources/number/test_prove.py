"""`prove` of a number: the question before the first write, the texts after the switch, and the way back by itself."""

from __future__ import annotations

from typing import Any

import pytest
from vapi_sms import Prove
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.customers import once_at_vapi, paths, texting
from tests.resources.evidence import standing, written
from tests.resources.provider import ProviderError
from tests.resources.stack import CHANGED, SAME, Stack
from tests.sandbox.world import SENDER, STUDIO, VAPI_SMS, WEBHOOK

QUESTION = "Are you open on Sunday?"
WATCHED = Prove(within=3)
BACK = "The number is back as it was before"


def declared(prove: Prove | None, **more: Any) -> dict[str, Any]:
    """Declare a number that Support answers, and what proves it."""
    return {"number": STUDIO, "assistant": "Support", "prove": prove, **more}


def told_by(stack: Stack) -> str:
    """Give all that people were told by the newest process."""
    return "\n".join(stack.provider.stderr())


def test_an_assistant_that_does_not_answer_gets_no_number(sandbox: RunningSandbox, stack: Stack) -> None:
    """Without a card at Vapi: refused before the first write, in the vendor's words; both vendors are as before."""
    sandbox.behaviour(no_card=True)
    before = standing(sandbox)
    sandbox.clear_journal()

    with pytest.raises(ProviderError, match="does not answer the question that prove= asks first") as refused:
        stack.up(**declared(Prove(before=QUESTION)))

    assert "Vapi assistant Support" in str(refused.value)
    assert "402" in str(refused.value)
    assert "Nothing was changed" in str(refused.value)
    assert standing(sandbox) == before
    assert paths(sandbox.journal(), "POST") == ["/chat"]


def test_the_question_is_asked_once_and_its_chat_deleted(sandbox: RunningSandbox, stack: Stack) -> None:
    """Then the number is switched; a second `up` has nothing to prove and asks nothing."""
    stack.up(**declared(Prove(before=QUESTION)))

    journal = sandbox.journal()
    assert sandbox.number(STUDIO)["sms_url"] == VAPI_SMS
    assert paths(journal, "POST").count("/chat") == 1
    assert any(path.startswith("/chat/") for path in paths(journal, "DELETE"))
    told = told_by(stack)
    assert "vapi-sms: proof: Vapi assistant Support answers the question ($" in told
    sandbox.clear_journal()
    assert stack.up(**declared(Prove(before=QUESTION))) == SAME
    assert paths(sandbox.journal(), "POST") == []


def test_a_preview_says_what_will_be_asked_and_waited_for(sandbox: RunningSandbox, stack: Stack) -> None:
    """It asks nothing itself, and writes nothing."""
    stack.preview(**declared(Prove(before=QUESTION, within=7200, at_least=2, on_silence="restore")))

    told = told_by(stack)
    assert f"proof: before the switch Vapi assistant Support is asked {QUESTION!r}" in told
    assert "until 2 texts to a number are answered, for 7,200 s at most" in told
    assert "or without enough texts, is put back. That is more than an hour" in told
    assert {entry["method"] for entry in sandbox.journal()} <= {"GET"}


def test_an_answered_text_makes_it_sure(sandbox: RunningSandbox, stack: Stack) -> None:
    """It ends at once, with what was seen; no body and no customer's number are told."""
    with texting(sandbox, STUDIO):
        stack.up(**declared(Prove(within=30)))

    told = told_by(stack)
    assert f"vapi-sms: proof: {STUDIO}: 1 text answered after" in told
    assert "body-canary" not in told
    assert SENDER not in told
    assert stack.preview(**declared(Prove(within=30))) == SAME


def test_an_unanswered_text_puts_the_number_back(sandbox: RunningSandbox, stack: Stack) -> None:
    """The assistant falls silent: its number is as before every field, and the line names the text and its code."""
    sandbox.behaviour(webhook_fails=True)
    before = standing(sandbox)

    with texting(sandbox, STUDIO), pytest.raises(ProviderError, match="the proof failed") as failed:
        stack.up(**declared(Prove(within=3)))

    text = str(failed.value)
    assert "1 of 1 texts: no reply (11200: the handler could not be reached" in text
    assert "SM" in text
    assert BACK in text
    assert "body-canary" not in text
    assert SENDER not in text
    assert standing(sandbox) == before
    stack.destroy()
    assert standing(sandbox) == before


def test_on_failure_keep_fails_and_leaves_it(sandbox: RunningSandbox, stack: Stack) -> None:
    """The number stays, `up` fails all the same, and the next one takes it as it is."""
    before = standing(sandbox)
    sandbox.behaviour(replies_lost=True)
    kept = declared(Prove(within=3, on_failure="keep"))

    with texting(sandbox, STUDIO), pytest.raises(ProviderError, match="It stays with Vapi, as declared"):
        stack.up(**kept)

    assert sandbox.number(STUDIO)["sms_url"] == VAPI_SMS
    sandbox.clear_journal()
    stack.up(**kept)
    assert written(sandbox) == []
    assert stack.preview(**kept) == SAME
    stack.destroy()
    assert standing(sandbox) == before


@pytest.mark.parametrize(
    ("prove", "why"),
    [
        (Prove(within=1), "no text came in"),
        (Prove(within=4, at_least=3), "1 text answered, and at_least says 3"),
    ],
)
def test_silence_is_said_and_stays(sandbox: RunningSandbox, stack: Stack, prove: Prove, why: str) -> None:
    """A quiet hour is no failure."""
    customers = [STUDIO] if prove.at_least > 1 else []
    with texting(sandbox, *customers):
        stack.up(**declared(prove))

    assert sandbox.number(STUDIO)["sms_url"] == VAPI_SMS
    assert f"proof: {STUDIO}: not proven within {prove.within} s, and stays: {why}" in told_by(stack)


def test_silence_goes_back_where_that_is_declared(sandbox: RunningSandbox, stack: Stack) -> None:
    """Who demands a text demands it."""
    before = standing(sandbox)

    with pytest.raises(ProviderError, match="no text came in within 1 s, and on_silence is 'restore'"):
        stack.up(**declared(Prove(within=1, on_silence="restore")))

    assert standing(sandbox) == before


def test_a_key_that_may_not_read_messages_proves_nothing(sandbox: RunningSandbox, stack: Stack) -> None:
    """It is said which right is missing; the number stays."""
    sandbox.fault(vendor="twilio", path="*/Messages.json*", status=403, count=None)

    stack.up(**declared(Prove(within=1)))

    assert "messages could not be read: this key may not read messages" in told_by(stack)


def test_a_vendor_that_fails_while_it_waits_is_asked_again(sandbox: RunningSandbox, stack: Stack) -> None:
    """What cannot be read now may be a moment later."""
    sandbox.fault(vendor="twilio", path="*/Messages.json*", status=400, count=4)

    with texting(sandbox, STUDIO):
        stack.up(**declared(Prove(within=30)))

    assert "1 text answered" in told_by(stack)


def test_a_customer_who_texted_stop_is_no_failure(sandbox: RunningSandbox, stack: Stack) -> None:
    """The reply is refused with 21610, and that is the customer's own doing: nothing follows, and the number stays."""
    sandbox.behaviour(reply_error=21610)

    with texting(sandbox, STUDIO):
        stack.up(**declared(Prove(within=3)))

    assert sandbox.number(STUDIO)["sms_url"] == VAPI_SMS
    assert "1 came from customers who take no reply" in told_by(stack)


def test_somebody_else_who_answers_is_no_proof(sandbox: RunningSandbox, stack: Stack) -> None:
    """Replies without a session at Vapi, which keeps those of others: the number goes back."""
    Stack(stack.provider, "other").up(number=WEBHOOK, assistant="Sales")
    sandbox.text(SENDER, WEBHOOK)
    before = standing(sandbox)
    sandbox.behaviour(answered_beside=True, webhook_fails=True)

    with texting(sandbox, STUDIO), pytest.raises(ProviderError, match="the proof failed"):
        stack.up(**declared(Prove(within=3)))

    assert standing(sandbox) == before


def test_texts_of_before_the_switch_are_no_proof(sandbox: RunningSandbox, stack: Stack) -> None:
    """The old handler answered them, or did not."""
    sandbox.text(SENDER, STUDIO)

    stack.up(**declared(Prove(within=1)))

    assert "no text came in" in told_by(stack)


def test_clocks_that_differ_from_ours_judge_the_same(sandbox: RunningSandbox, stack: Stack) -> None:
    """The moment of the switch is told by the vendor's own clock."""
    sandbox.behaviour(clock_skew_ms={"twilio": -600_000})

    with texting(sandbox, STUDIO):
        stack.up(**declared(Prove(within=30)))

    assert "1 text answered" in told_by(stack)


def test_only_what_lets_somebody_else_answer_is_proven(sandbox: RunningSandbox, stack: Stack) -> None:
    """Another name waits for nothing; another assistant is asked and watched; texts off is neither."""
    stack.up(**declared(None))
    sandbox.clear_journal()

    assert stack.up(**declared(Prove(before=QUESTION, within=1), name="Desk")) == CHANGED
    assert "/chat" not in paths(sandbox.journal(), "POST")
    stack.up(**declared(Prove(before=QUESTION, within=1), name="Desk", assistant="Sales"))
    assert "/chat" in paths(sandbox.journal(), "POST")
    told = told_by(stack)
    stack.up(**declared(Prove(before=QUESTION, within=1), name="Desk", assistant="Sales", sms_enabled=False))
    assert told.count("not proven within 1 s") == 1
    assert "with sms_enabled=False nothing is switched to Vapi" in told_by(stack)


def test_without_prove_not_one_request_more(sandbox: RunningSandbox, stack: Stack) -> None:
    """And the state has no word of it."""
    stack.up(**declared(None))

    assert not [
        entry for entry in sandbox.journal() if "Messages" in entry["path"] or "chat" in entry["path"]
    ]
    assert "prove" not in stack.state["number"].outs


def test_killed_while_it_waits_the_next_up_goes_on(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """The number is switched and recorded like any other; destroy gives back every field."""
    before = standing(sandbox)
    with once_at_vapi(sandbox, STUDIO, stack.provider.kill), pytest.raises(ProviderError):
        stack.up(**declared(Prove(within=30)))
    stack.provider = spawn()
    assert sandbox.number(STUDIO)["sms_url"] == VAPI_SMS

    stack.up(**declared(Prove(within=30)))
    stack.destroy()

    assert standing(sandbox) == before
