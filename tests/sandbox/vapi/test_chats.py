"""Vapi's chats and sessions: asking an assistant without a text, and reading who answered whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox import world
from tests.sandbox.world import ORG, ORG2_KEY, SALES, SENDER, SQUAD, SUPPORT, import_number, vapi

if TYPE_CHECKING:
    import httpx
    from vapi_sms.sandbox import RunningSandbox


def ask(http: httpx.Client, **fields: Any) -> dict[str, Any]:
    """Ask an assistant and return the chat."""
    answer = http.post("/chat", json={"assistantId": SUPPORT, "input": "Open?", **fields})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_an_assistant_is_asked(http: httpx.Client) -> None:
    """It answers, at some cost, and the chat is kept until it is deleted."""
    chat = ask(http, name="proof")

    said = "This is Support (an AI assistant). You wrote: Open?"
    assert chat["output"] == [{"role": "assistant", "content": said}]
    assert (chat["name"], chat["orgId"], chat["cost"]) == ("proof", ORG, 0.005)
    assert http.get(f"/chat/{chat['id']}").json() == chat
    assert http.delete(f"/chat/{chat['id']}").json() == chat
    assert http.get(f"/chat/{chat['id']}").status_code == 404
    assert http.get("/session").json()["results"] == []


def test_a_squad_is_asked_and_messages_are_taken(http: httpx.Client) -> None:
    """Input is a text, or a list of messages."""
    chat = ask(http, assistantId=None, squadId=SQUAD, input=[{"role": "assistant", "content": "Hi"}])

    assert chat["squadId"] == SQUAD
    assert chat["output"][0]["content"].startswith("This is Everybody")


def test_a_chat_goes_on_in_a_session(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """With who answered there."""
    import_number(http)
    sandbox.text(SENDER, world.WEBHOOK, "Hi")
    (session,) = http.get("/session").json()["results"]

    chat = ask(http, assistantId=None, sessionId=session["id"])

    assert (chat["sessionId"], chat["assistantId"]) == (session["id"], SUPPORT)
    after = http.get(f"/session/{session['id']}").json()
    assert (len(after["messages"]), after["cost"]) == (4, 0.01)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"squadId": SQUAD}, "only one of"),
        ({"assistantId": None}, "one of assistantId, squadId"),
        ({"assistantId": "none"}, "does not exist"),
        ({"assistantId": 5}, "assistantId must be a string"),
        ({"sessionId": "none"}, "sessionId none does not exist"),
        ({"input": ""}, "input should not be empty"),
        ({"input": None}, "input should not be empty"),
        ({"name": "x" * 41}, "name must be shorter"),
        ({"fancy": 1}, "property fancy should not exist"),
        ({"stream": True}, "sandbox: chats with stream are not played"),
        ({"transport": {"type": "twilio.sms"}}, "sandbox: chats with transport are not played"),
    ],
)
def test_a_wrong_chat_is_refused(http: httpx.Client, fields: dict[str, Any], word: str) -> None:
    """In Vapi's shape; nothing is kept of it."""
    answer = http.post("/chat", json={"assistantId": SUPPORT, "input": "Hi", **fields})

    assert answer.status_code == 400
    assert word in str(answer.json()["message"])
    assert http.get("/chat").json()["results"] == []


def test_a_chat_that_is_no_object_is_refused(http: httpx.Client) -> None:
    """A list, and what is no JSON."""
    assert http.post("/chat", json=[]).status_code == 400
    assert http.post("/chat", content="{").status_code == 400


def test_sessions_are_found_by_number_customer_and_moment(
    sandbox: RunningSandbox, http: httpx.Client
) -> None:
    """Newest first, in pages; the moment is when it went on."""
    first, second = import_number(http), import_number(http, world.BIN, assistantId=SALES)
    sandbox.text(SENDER, world.WEBHOOK, "Hi")
    sandbox.text("+12125550199", world.WEBHOOK, "Hi")
    middle = http.get("/session").json()["results"][0]["updatedAt"]
    sandbox.text(SENDER, world.BIN, "Hi")

    def found(**query: str | int) -> list[str]:
        results = http.get("/session", params=query).json()["results"]
        return [f"{each['phoneNumberId']} {each['customer']['number']}" for each in results]

    ours, theirs = f"{first['id']} {SENDER}", f"{first['id']} +12125550199"
    other = f"{second['id']} {SENDER}"
    assert found() == [other, theirs, ours]
    assert found(phoneNumberId=first["id"]) == [theirs, ours]
    assert found(customerNumberAny=SENDER) == [other, ours]
    assert found(updatedAtGe=middle) == [other, theirs]
    assert found(limit=1, page=2) == [theirs]
    assert found(sortOrder="ASC", limit=1) == [ours]
    assert found(assistantId=SALES) == [other]
    metadata = http.get("/session", params={"limit": 2}).json()["metadata"]
    assert (metadata["totalItems"], metadata["totalPages"], metadata["hasNextPage"]) == (3, 2, True)


def test_what_is_not_set_is_null_or_left_out(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """As of everything at Vapi; the specification knows of no nulls."""
    whole = ask(http)
    sandbox.behaviour(shows_nulls=False)

    bare = http.get(f"/chat/{whole['id']}").json()

    assert whole["squadId"] is whole["sessionId"] is None
    assert bare.keys().isdisjoint({"squadId", "sessionId"})


def test_a_session_holds_the_latest_messages(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """It does not grow for ever; its cost does."""
    import_number(http)
    for number in range(101):
        sandbox.text(SENDER, world.WEBHOOK, str(number))

    (session,) = http.get("/session").json()["results"]

    assert (len(session["messages"]), session["messages"][0]["message"]) == (200, "1")
    assert session["cost"] == pytest.approx(0.505)


@pytest.mark.parametrize("path", ["/session?number=1", "/chat?customerNumberAny=1", "/chat?limit=1001"])
def test_a_wrong_query_of_chats_is_refused(http: httpx.Client, path: str) -> None:
    """What is not played is refused, not passed over."""
    assert http.get(path).status_code == 400


def test_another_org_sees_nothing_of_it(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """Its key is its own."""
    chat = ask(http)

    with vapi(sandbox, ORG2_KEY) as other:
        assert other.get("/chat").json()["results"] == []
        assert other.get(f"/chat/{chat['id']}").status_code == 404
        assert other.delete(f"/chat/{chat['id']}").status_code == 404
        wrong = other.post("/chat", json={"assistantId": SUPPORT, "input": "Hi"})

    assert wrong.status_code == 400


def test_nobody_without_a_key_asks(sandbox: RunningSandbox) -> None:
    """401, as everywhere at Vapi."""
    with vapi(sandbox, "wrong") as stranger:
        assert stranger.post("/chat", json={"assistantId": SUPPORT, "input": "Hi"}).status_code == 401
        assert stranger.get("/session").status_code == 401
