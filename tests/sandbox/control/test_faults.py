"""Every fault, as a real client sees it, and what the vendors hold after it."""

from __future__ import annotations

import itertools
import threading
import time
from typing import TYPE_CHECKING, Literal

import httpx
import pytest

from tests.sandbox import world
from tests.sandbox.world import AC, TOKEN, VAPI_SMS, to_import, vapi
from tests.waiting import until

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox

NUMBERS = f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json"


def is_imported(sandbox: RunningSandbox) -> bool:
    """Tell whether the import had its effect, which it has on both sides or on neither."""
    at_vapi, at_twilio = bool(sandbox.vapi_numbers()), sandbox.number(world.WEBHOOK)["sms_url"] == VAPI_SMS
    assert at_vapi == at_twilio
    return at_vapi


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_a_status_is_answered_in_the_vendors_shape_without_effect(
    sandbox: RunningSandbox, http: httpx.Client, status: int
) -> None:
    """Vapi's and Twilio's errors look like theirs; the next request passes."""
    sandbox.fault(vendor="vapi", status=status)
    sandbox.fault(vendor="twilio", status=status)

    refused = http.post("/phone-number", json=to_import())
    at_twilio = httpx.get(f"{sandbox.url}{NUMBERS}", auth=(AC, TOKEN))

    assert (refused.status_code, refused.json()["statusCode"]) == (status, status)
    assert (at_twilio.status_code, at_twilio.json()["status"]) == (status, status)
    assert not is_imported(sandbox)
    assert http.post("/phone-number", json=to_import()).status_code == 201


def test_headers_and_bodies_are_as_they_are_told(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """Retry-After, an HTML page, JSON of another shape."""
    sandbox.fault(status=429, headers={"Retry-After": "2"})
    sandbox.fault(status=502, body="<html>Bad Gateway</html>")
    sandbox.fault(body={"surprise": []})

    limited, html, other = (http.get("/assistant") for _ in range(3))

    assert (limited.status_code, limited.headers["retry-after"]) == (429, "2")
    assert (html.status_code, html.headers["content-type"]) == (502, "text/html")
    assert (other.status_code, other.json()) == (200, {"surprise": []})


@pytest.mark.parametrize(("drop", "effect"), [("before", False), ("after", True), ("during", True)])
def test_a_drop_resets_the_connection(
    sandbox: RunningSandbox, http: httpx.Client, drop: str, *, effect: bool
) -> None:
    """The client sees a reset; only the sandbox knows whether the effect was there before."""
    sandbox.fault(method="POST", path="/phone-number", drop=drop)

    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        http.post("/phone-number", json=to_import())

    assert is_imported(sandbox) == effect
    assert sandbox.journal()[-1]["status"] is None
    assert http.get("/phone-number").status_code == 200


@pytest.mark.parametrize(("hold", "effect"), [("before", False), ("after", True)])
@pytest.mark.parametrize("then", ["go", "drop"])
def test_a_held_request_waits_for_its_release(
    sandbox: RunningSandbox, *, hold: str, effect: bool, then: Literal["go", "drop"]
) -> None:
    """Held before or after its effect, then let go, or dropped without what was still to come."""
    sandbox.fault(method="POST", hold=hold)
    seen: list[object] = []

    def send() -> None:
        try:
            with vapi(sandbox) as http:
                seen.append(http.post("/phone-number", json=to_import()).status_code)
        except httpx.TransportError as error:
            seen.append(type(error))

    sender = threading.Thread(target=send)
    sender.start()
    until(sandbox.held)
    assert [(held["path"], held["where"]) for held in sandbox.held()] == [("/phone-number", hold)]
    assert is_imported(sandbox) == effect
    assert not sandbox.journal()[-1]["done"]

    assert sandbox.release(then) == 1
    sender.join()

    assert seen == ([201] if then == "go" else [httpx.ReadError])
    assert is_imported(sandbox) == (effect or then == "go")
    until(lambda: sandbox.journal()[-1]["done"])


def test_a_killed_clients_request_still_lands(sandbox: RunningSandbox) -> None:
    """Who hangs up has not taken back what he asked for."""
    sandbox.fault(method="POST", hold="before")
    with vapi(sandbox) as http, pytest.raises(httpx.ReadTimeout):
        http.post("/phone-number", json=to_import(), timeout=0.2)

    until(sandbox.held)
    sandbox.release()

    until(sandbox.vapi_numbers)
    assert is_imported(sandbox)


def test_delays_come_before_or_after_the_effect(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """A time-out tells the client nothing about the effect."""
    sandbox.fault(method="POST", delay_answer_ms=60_000)
    sandbox.fault(method="DELETE", delay_ms=60_000)

    with pytest.raises(httpx.ReadTimeout):
        http.post("/phone-number", json=to_import(), timeout=0.1)
    until(lambda: is_imported(sandbox))
    with pytest.raises(httpx.ReadTimeout):
        http.delete(f"/phone-number/{sandbox.vapi_numbers()[0]['id']}", timeout=0.1)
    assert sandbox.vapi_numbers()


def test_what_was_asked_before_a_reset_does_not_happen_after_it(
    sandbox: RunningSandbox, http: httpx.Client
) -> None:
    """A test's slow request must not change the world of the next test."""
    sandbox.fault(method="POST", delay_ms=200)
    with pytest.raises(httpx.ReadTimeout):
        http.post("/phone-number", json=to_import(), timeout=0.05)

    sandbox.reset()
    time.sleep(0.4)

    assert not is_imported(sandbox)


def test_truncated_json_looks_whole_to_http(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """The length is right, the JSON is not, the effect is there."""
    sandbox.fault(method="POST", truncate=20)

    answer = http.post("/phone-number", json=to_import())

    assert (answer.status_code, len(answer.content)) == (201, 20)
    with pytest.raises(ValueError, match="Unterminated"):
        answer.json()
    assert is_imported(sandbox)


def test_a_slow_drip_never_pauses_long_enough_for_a_read_timeout(
    sandbox: RunningSandbox, http: httpx.Client
) -> None:
    """Byte by byte: a time-out between bytes never strikes, the whole takes long."""
    sandbox.fault(status=200, body=[1, 2, 3], slow_drip=30)

    started = time.monotonic()
    answer = http.get("/assistant")

    assert answer.json() == [1, 2, 3]
    assert time.monotonic() - started > 0.2


def test_an_endless_drip_has_its_effect_and_goes_on_until_the_client_goes(
    sandbox: RunningSandbox, http: httpx.Client
) -> None:
    """A space now and then keeps every read time-out away; nothing else ever comes."""
    sandbox.fault(method="POST", endless_drip=20)

    with http.stream("POST", "/phone-number", json=to_import()) as answer:
        drops = answer.iter_raw()
        received = list(itertools.islice(drops, 10))
        assert not sandbox.journal()[-1]["done"]

    assert (answer.status_code, set(received)) == (201, {b" "})
    until(lambda: sandbox.journal()[-1]["done"])
    assert is_imported(sandbox)


def test_an_error_can_hide_an_effect(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """A 500 after the work was done."""
    sandbox.fault(method="POST", status=500, effect=True)

    assert http.post("/phone-number", json=to_import()).status_code == 500

    assert is_imported(sandbox)


def test_faults_choose_their_requests(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """By vendor, method, path and content; some are skipped first, some are hit, the rest pass."""
    sandbox.fault(vendor="twilio", status=500, count=None)
    sandbox.fault(method="GET", path="/phone-number/*", status=503, count=None)
    sandbox.fault(path="^/squad$", status=418)
    sandbox.fault(containing=world.STUDIO, status=409)
    sandbox.fault(path="/assistant", skip=1, count=2, status=500)

    assert [http.get("/assistant").status_code for _ in range(5)] == [200, 500, 500, 200, 200]
    assert http.get("/phone-number").status_code == 200
    assert [http.get("/phone-number/x").status_code for _ in range(3)] == [503] * 3
    assert [http.get("/squad").status_code for _ in range(2)] == [418, 200]
    assert http.post("/phone-number", json=to_import()).status_code == 201
    assert http.post("/phone-number", json=to_import(world.STUDIO)).status_code == 409
    assert [fault["hits"] for fault in sandbox.faults()] == [0, 3]


def test_faults_are_taken_back(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """All of them, or by number."""
    first = sandbox.fault(status=500, count=None)
    sandbox.fault(status=503, count=None)
    httpx.delete(f"{sandbox.url}/_sandbox/faults?n={first}")

    assert http.get("/assistant").status_code == 503
    sandbox.clear_faults()
    assert http.get("/assistant").status_code == 200


def test_a_wrong_fault_is_refused(sandbox: RunningSandbox) -> None:
    """A typing error is no fault that never strikes."""
    with pytest.raises(
        ValueError, match=r"stauts is not known here, did you mean status\? Known here: vendor"
    ):
        sandbox.fault(stauts=500)


@pytest.mark.parametrize("retry_after", [True, False])
def test_a_rate_limit_answers_429(sandbox: RunningSandbox, http: httpx.Client, *, retry_after: bool) -> None:
    """More than the vendor's rate is refused, per credential; the other vendor has its own.

    At a hundredth of a request a second the next one passes once the clock has been moved on that far.
    """
    sandbox.behaviour(limits={"vapi": 5, "retry_after": retry_after})
    answers = [http.get("/assistant") for _ in range(5)]
    sandbox.behaviour(limits={"vapi": 0.01, "retry_after": retry_after})

    answers += [http.get("/assistant") for _ in range(2)]
    with vapi(sandbox, world.ORG2_KEY) as other:
        others = other.get("/assistant")

    assert [answer.status_code for answer in answers[:5]] == [200] * 5
    assert answers[-1].status_code == 429
    assert ("retry-after" in answers[-1].headers) == retry_after
    assert others.status_code == 200
    sandbox.advance(100)
    assert http.get("/assistant").status_code == 200
    assert httpx.get(f"{sandbox.url}{NUMBERS}", auth=(AC, TOKEN)).status_code == 200


def test_latency_is_added(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """To each request of one vendor."""
    sandbox.behaviour(latency_ms={"vapi": 100})

    started = time.monotonic()
    http.get("/assistant")

    assert time.monotonic() - started > 0.1


def test_a_stopped_sandbox_refuses_connections_and_comes_back(sandbox: RunningSandbox) -> None:
    """On the same port, with everything as it was."""
    sandbox.outside_number(world.SILENT, sms_url="https://example.com")
    url = sandbox.url

    sandbox.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/assistant")
    sandbox.start()

    assert sandbox.url == url
    assert sandbox.number(world.SILENT)["sms_url"] == "https://example.com"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_twilio_answers_for_another_number(sandbox: RunningSandbox, method: str) -> None:
    """What was asked for happens; the answer is another number's record."""
    asked, other = sandbox.number(world.SILENT), sandbox.number(world.STUDIO)
    path = f"{NUMBERS.removesuffix('.json')}/{asked['sid']}.json"
    sandbox.fault(vendor="twilio", path=f"*{asked['sid']}*", answers_for=other["sid"])
    form = {"SmsUrl": "https://example.com/new"} if method == "POST" else None

    answers = [httpx.request(method, f"{sandbox.url}{path}", data=form, auth=(AC, TOKEN)) for _ in range(2)]

    assert [answer.json()["sid"] for answer in answers] == [other["sid"], asked["sid"]]
    assert (answers[0].status_code, answers[0].json()) == (200, other)
    assert sandbox.number(world.SILENT)["sms_url"] == (form or {}).get("SmsUrl", "")
    assert sandbox.number(world.STUDIO) == other


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE", "POST"])
def test_vapi_answers_for_another_phone_number(
    sandbox: RunningSandbox, http: httpx.Client, method: str
) -> None:
    """Of an import, too."""
    asked = http.post("/phone-number", json=to_import()).json()
    other = http.post("/phone-number", json=to_import(world.STUDIO)).json()
    body = {"POST": to_import(world.BIN), "PATCH": {"name": "Desk"}}.get(method)
    sandbox.fault(vendor="vapi", method=method, answers_for=other["id"])

    path = "/phone-number" if method == "POST" else f"/phone-number/{asked['id']}"
    answer = http.request(method, path, json=body)

    assert (answer.status_code, answer.json()) == (201 if method == "POST" else 200, other)
    left = {record["number"]: record.get("name") for record in sandbox.vapi_numbers()}
    assert (
        left
        == {
            "GET": {world.WEBHOOK: None, world.STUDIO: None},
            "PATCH": {world.WEBHOOK: "Desk", world.STUDIO: None},
            "DELETE": {world.STUDIO: None},
            "POST": {world.WEBHOOK: None, world.STUDIO: None, world.BIN: None},
        }[method]
    )


def test_lists_and_refusals_are_answered_for_nobody_else(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """Only what shows one record shows another one; one that is not there cannot be named."""
    other = http.post("/phone-number", json=to_import()).json()
    sandbox.fault(answers_for=other["id"], count=None)

    assert http.get("/phone-number").json() == [other]
    assert http.get("/v2/phone-number").json()["results"] == [other]
    assert http.get("/phone-number/none").status_code == 404
    with pytest.raises(ValueError, match="no number and no phone number PN1"):
        sandbox.fault(answers_for="PN1")


def test_a_record_shows_what_it_is_told_to(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """By itself, in lists, and of either vendor; what it holds stays as it is."""
    record, sid = http.post("/phone-number", json=to_import()).json(), sandbox.number(world.SILENT)["sid"]
    sandbox.fault(count=None, method="GET", shows={sid: {"sms_url": 7}, record["id"]: {"name": ["?"]}})

    listed = httpx.get(f"{sandbox.url}{NUMBERS}", params={"PageSize": 1000}, auth=(AC, TOKEN)).json()

    assert [each["sid"] for each in listed["incoming_phone_numbers"] if each["sms_url"] == 7] == [sid]
    assert [each["name"] for each in http.get("/phone-number").json()] == [["?"]]
    assert http.get(f"/phone-number/{record['id']}").json()["name"] == ["?"]
    assert sandbox.number(world.SILENT)["sms_url"] == ""
