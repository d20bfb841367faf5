"""What the page is told: all of it once, then what has changed; and who is told nothing."""

from __future__ import annotations

import httpx
import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.sandbox import world
from tests.sandbox.page.feeding import Listener
from tests.sandbox.world import AC, ORG_KEY, TOKEN

SENDER = "+12025550143"
ASSETS = ("drawing.css", "drawing.js", "page.css", "page.js", "icon.svg")


def test_changes_alone_are_told(sandbox: RunningSandbox) -> None:
    """A number that somebody edits is told of with who answered before, and no other one with it."""
    with Listener(sandbox.url) as one, Listener(sandbox.url) as other:
        one.next(), other.next()

        sandbox.outside_number(world.STUDIO, sms_url="https://new.example.com/sms")

        told = one.until("numbers")
        assert other.until("numbers") == told

    (number,) = told["numbers"]
    assert (number["number"], number["answeredBy"]) == (world.STUDIO, "Webhook https://new.example.com/sms")
    assert number["was"].startswith("Studio Flow FW")
    assert sorted(told) == ["numbers"]


def test_a_number_that_goes_and_one_that_comes_are_told(sandbox: RunningSandbox) -> None:
    """A release, and a purchase."""
    with Listener(sandbox.url) as listener:
        listener.next()

        sandbox.outside_release(world.STUDIO)
        assert listener.until("gone")["gone"] == [world.STUDIO]
        sandbox.outside_buy("+14155550199", AC)
        (bought,) = listener.until("numbers")["numbers"]

    assert (bought["number"], bought["was"]) == ("+14155550199", None)


def test_what_many_hang_on_changes_all_of_them(sandbox: RunningSandbox) -> None:
    """A service that is made from outside, and switches that others set."""
    service = "MG" + "e" * 32
    pool = [world.STUDIO, world.BIN]
    with Listener(sandbox.url) as listener:
        listener.next()

        sandbox.outside(
            "service",
            sid=service,
            account=AC,
            numbers=pool,
            set={"inbound_request_url": "https://a.example.com"},
        )
        assert [n["number"] for n in listener.until("numbers")["numbers"]] == pool
        sandbox.behaviour(vapi_down="error")
        told = listener.until("switches")

    assert told["switches"] == {"vapi_down": "error"}
    (down,) = [each for each in told["happenings"] if each["isOn"]]
    assert (down["title"], down["body"]) == ("Vapi is down", {"vapi_down": "no"})


def test_texts_and_requests_are_told_as_they_end(
    sandbox: RunningSandbox, client_of_twilio: httpx.Client
) -> None:
    """Also those of before somebody came; a request that is held is told of when it comes, and when it ends."""
    sandbox.text(SENDER, world.STUDIO, "Before")
    fault = sandbox.fault(vendor="twilio", hold="before")
    with Listener(sandbox.url) as listener:
        _, told = listener.next()
        assert [(text["body"], text["done"]) for text in told["texts"]] == [("Before", True)]
        assert told["faults"] == [f"fault {fault}: twilio hold=before"]

        sandbox.text(SENDER, world.BIN, "After")
        (text,) = listener.until("texts")["texts"]
        assert (text["body"], text["answeredBy"], text["from"]) == (
            "After",
            f"TwiML Bin EH{'a' * 32}",
            SENDER,
        )
        with pytest.raises(httpx.ReadTimeout):
            client_of_twilio.get(f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json")
        (held,) = listener.until("journal")["journal"]
        sandbox.release()
        (ended,) = listener.until("journal")["journal"]

    assert (held["done"], held["status"], ended["done"], ended["status"]) == (False, None, True, 200)
    assert held["n"] == ended["n"]


@pytest.fixture
def client_of_twilio(sandbox: RunningSandbox) -> httpx.Client:
    """Return an impatient client."""
    return httpx.Client(base_url=sandbox.url, auth=(AC, TOKEN), trust_env=False, timeout=0.5)


def test_what_is_no_longer_remembered_is_drawn_anew(sandbox: RunningSandbox) -> None:
    """Things forget what they were; a change of that time is told of all the same."""
    with Listener(sandbox.url) as listener:
        listener.next()
        sandbox.outside_number(world.STUDIO, sms_url="https://new.example.com/sms")
        sandbox.settle()

        (number,) = listener.until("numbers")["numbers"]

    assert number["answeredBy"] == "Webhook https://new.example.com/sms"


def test_after_a_reset_all_is_told_anew(sandbox: RunningSandbox) -> None:
    """Nothing of before is left, nor after the journal was cleared."""
    with Listener(sandbox.url) as listener:
        listener.next()
        sandbox.text(SENDER, world.STUDIO, "Before")
        sandbox.outside_number(world.STUDIO, sms_url="https://new.example.com/sms")
        listener.until("numbers")

        sandbox.reset()
        kind, told = listener.next()
        while kind != "whole":
            kind, told = listener.next()

    assert told["texts"] == told["journal"] == []
    assert {number["was"] for number in told["numbers"]} == {None}


def test_the_page_is_no_vendors(sandbox: RunningSandbox) -> None:
    """Neither it nor what it loads is journalled; the policy lets a browser load nothing else, and run no markup."""
    with httpx.Client(base_url=sandbox.url, trust_env=False) as http:
        answers = [http.get("/"), http.head("/"), *(http.get(f"/_sandbox/page/{name}") for name in ASSETS)]
        unknown = http.get("/_sandbox/page/routes.py")
        posted = http.post("/")

    assert {answer.status_code for answer in answers} == {200}
    assert "text/html" in answers[0].headers["content-type"]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "require-trusted-types-for 'script'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "http://" not in answer.text.replace("http://www.w3.org/2000/svg", "")
    assert unknown.status_code == 404
    assert (posted.status_code, [entry["path"] for entry in sandbox.journal()]) == (400, ["/"])


@pytest.mark.parametrize("path", ["/", "/_sandbox/events", "/_sandbox/page/page.js"])
@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"host": "evil.example"}],
    ids=str,
)
def test_the_page_is_nobody_elses(sandbox: RunningSandbox, path: str, headers: dict[str, str]) -> None:
    """A page of elsewhere reads neither the page nor its feed."""
    assert httpx.get(f"{sandbox.url}{path}", headers=headers, trust_env=False).status_code == 403


def test_the_sandbox_stops_while_somebody_looks() -> None:
    """Whoever listens is told that it ends, and nobody is waited for."""
    with RunningSandbox(world.seed()) as short, Listener(short.url) as listener:
        listener.next()
        short.stop()

        with pytest.raises(StopIteration):
            listener.next()
        short.start()


def test_no_secret_is_told(sandbox: RunningSandbox) -> None:
    """Neither of an account nor of an org, nor one that a request carried."""
    sandbox.outside_number(world.STUDIO, sms_url="https://new.example.com/sms?token=canary")
    httpx.post(
        f"{sandbox.url}/phone-number",
        headers={"authorization": f"Bearer {ORG_KEY}"},
        json={"provider": "twilio", "number": world.STUDIO, "twilioAccountSid": AC, "twilioAuthToken": TOKEN},
        trust_env=False,
    )
    with Listener(sandbox.url) as listener:
        _, told = listener.next()

    assert [entry["method"] for entry in told["journal"]] == ["POST"]
    assert "canary" not in str(told)
