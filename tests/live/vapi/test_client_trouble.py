"""Our client for Vapi when things go wrong: one line that says what, why and what to do, and never a secret."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from vapi_sms.core.errors import (
    AnswerLost,
    BadCredentials,
    UnexpectedResponse,
    VendorRefused,
    VendorTrouble,
    VendorUnavailable,
)
from vapi_sms.core.values import VapiSettings
from vapi_sms.live.calling.calls import Patience
from vapi_sms.live.vapi.client import AlreadyImported, InOtherOrg, NotSeenByVapi, VapiClient

from tests.live.evidence import line, trouble
from tests.sandbox.world import AC, IN_OTHER, ORG2_KEY, SALES, SUPPORT, TOKEN, WEBHOOK

if TYPE_CHECKING:
    from vapi_sms.live.settings import Settings
    from vapi_sms.sandbox import RunningSandbox

    from tests.live.conftest import Hourglass

ANSWERED = VapiSettings(assistant_id=SUPPORT)
LISTING = "Listing the phone numbers of the Vapi org"


def test_a_wrong_key_names_the_variable(settings: Settings) -> None:
    """A 401 tells of private keys, public keys and regions."""
    client = VapiClient(replace(settings, vapi_api_key="wrong-canary"))

    error = trouble(client.list_numbers)

    assert isinstance(error, BadCredentials)
    assert line(error) == (
        f"{LISTING}: Invalid Key. Hot tip, you may be using the private key instead of the public key, or vice "
        "versa (Vapi HTTP 401). Check VAPI_API_KEY (config: vapi:apiKey): Vapi wants the org's private key, not "
        "the public one, and a key of the EU works with VAPI_BASE_URL=https://api.eu.vapi.ai only."
    )
    client.close()


def test_a_number_that_is_there_already_tells_its_id(vapi: VapiClient) -> None:
    """A second import names the record to adopt."""
    record = vapi.import_number(WEBHOOK, ANSWERED)

    error = trouble(lambda: vapi.import_number(WEBHOOK, ANSWERED))

    assert isinstance(error, AlreadyImported)
    assert error.existing_id == record.id
    assert line(error) == (
        f"Importing {WEBHOOK} into Vapi: Existing Phone Number {record.id} Has Identical `twilioAccountSid` {AC} and "
        f"`number` {WEBHOOK} (Vapi HTTP 400). Declare `adopt=True` to take over the number that this org has already."
    )


def test_a_number_of_another_org_says_so(settings: Settings, vapi: VapiClient) -> None:
    """Vapi holds a number in one org only."""
    vapi.import_number(WEBHOOK, ANSWERED)
    other = VapiClient(replace(settings, vapi_api_key=ORG2_KEY))

    error = trouble(lambda: other.import_number(WEBHOOK, VapiSettings()))

    assert isinstance(error, InOtherOrg)
    assert line(error) == (
        f"Importing {WEBHOOK} into Vapi: Phone number {WEBHOOK} already in use by another org (Vapi HTTP 400). Vapi "
        "holds a number in one org only: delete it in the org that has it (Vapi dashboard, Phone Numbers), or use "
        "that org's key."
    )
    other.close()


def test_a_number_that_vapi_does_not_see_says_so(vapi: VapiClient) -> None:
    """Vapi looks for the number at Twilio with the credentials it is given."""
    error = trouble(lambda: vapi.import_number(IN_OTHER, ANSWERED))

    assert isinstance(error, NotSeenByVapi)
    assert line(error) == (
        f"Importing {IN_OTHER} into Vapi: Number Not Found on Twilio (Vapi HTTP 400). The credentials that Vapi is "
        "given do not see this number: check VAPI_TWILIO_API_KEY and VAPI_TWILIO_API_SECRET (config: "
        "vapi:twilioApiKey, vapi:twilioApiSecret) if you set them, else the Twilio account."
    )


def test_several_complaints_are_one_line(vapi: VapiClient) -> None:
    """Vapi's lists of complaints are joined."""
    record = vapi.import_number(WEBHOOK, ANSWERED)

    error = trouble(lambda: vapi.update_number(record.id, replace(ANSWERED, name="x" * 41)))

    assert line(error) == (
        f"Changing Vapi phone number {record.id}: name must be shorter than or equal to 40 characters (Vapi HTTP "
        "400). Correct what Vapi names, then run the same command again."
    )


def test_secrets_in_vapis_words_are_masked(sandbox: RunningSandbox, vapi: VapiClient) -> None:
    """Whatever Vapi repeats of what we sent, our keys do not show."""
    said = [
        f"twilioAuthToken {TOKEN} is bad",
        "see https://me:url-canary@x.example/?t=url-canary",
        {"a": "canary"},
    ]
    sandbox.fault(method="POST", status=400, body={"message": said, "twilioAuthToken": "canary"})

    error = trouble(lambda: vapi.import_number(WEBHOOK, ANSWERED))

    assert isinstance(error, VendorRefused)
    assert error.why == "twilioAuthToken *** is bad; see https://***@x.example/?t=***"


@pytest.mark.parametrize("fault", [{"status": 429}, {"status": 503}, {"drop": "before"}, {"drop": "after"}])
def test_passing_trouble_passes(sandbox: RunningSandbox, vapi: VapiClient, fault: dict[str, Any]) -> None:
    """Readings, updates and deletions are repeated; a deletion that was done already is done."""
    record = vapi.import_number(WEBHOOK, ANSWERED)
    for method in ("GET", "PATCH", "DELETE"):
        sandbox.fault(method=method, count=2, **fault)

    vapi.list_numbers()
    vapi.update_number(record.id, replace(ANSWERED, name="x"))
    vapi.delete_number(record.id)

    assert vapi.list_numbers() == []
    assert vapi.requests == 11


@pytest.mark.parametrize(
    ("fault", "is_imported"),
    [
        ({"status": 503}, False),
        ({"status": 504, "effect": True}, True),
        ({"drop": "before"}, False),
        ({"drop": "after"}, True),
        ({"drop": "during"}, True),
    ],
)
def test_an_import_whose_answer_is_lost_is_not_sent_again(
    sandbox: RunningSandbox, vapi: VapiClient, fault: dict[str, Any], *, is_imported: bool
) -> None:
    """It may have been done or not, and the error says so."""
    sandbox.fault(method="POST", **fault)

    error = trouble(lambda: vapi.import_number(WEBHOOK, ANSWERED))

    assert type(error) is AnswerLost
    assert error.advice == "The number may be imported or not: run the same command again, which looks first."
    assert vapi.requests == 1
    assert (len(sandbox.vapi_numbers()) == 1) is is_imported


def test_an_import_that_was_turned_away_is_sent_again(sandbox: RunningSandbox, vapi: VapiClient) -> None:
    """429 says that nothing was done."""
    sandbox.fault(method="POST", status=429, count=3, headers={"retry-after": "2"})

    assert vapi.import_number(WEBHOOK, ANSWERED).number == WEBHOOK


def test_the_vendors_wish_is_honoured(
    sandbox: RunningSandbox, vapi: VapiClient, hourglass: Hourglass
) -> None:
    """Retry-After sets the pause, after which requests take turns."""
    sandbox.fault(status=429, headers={"retry-after": "7"})

    vapi.list_numbers()

    assert 7 < hourglass.now < 7.1


ENDLESS: list[tuple[dict[str, Any], str]] = [
    (
        {"status": 503, "body": {"message": "Down for repairs."}},
        "Vapi failed: Down for repairs (Vapi HTTP 503). See status.vapi.ai, then run the same command again.",
    ),
    (
        {"status": 429, "body": {"message": ""}},
        "too many requests at once: no reason is given (Vapi HTTP 429). Wait, then run the same command again.",
    ),
    (
        {"drop": "during"},
        (
            "{host} closed the connection without a whole answer. Check the network and VAPI_BASE_URL (config: "
            "vapi:baseUrl), then run the same command again."
        ),
    ),
]


@pytest.mark.parametrize(("fault", "text"), ENDLESS)
def test_trouble_without_end_is_told(
    sandbox: RunningSandbox, vapi: VapiClient, fault: dict[str, Any], text: str
) -> None:
    """After all retries, one line."""
    sandbox.fault(vendor="vapi", count=None, **fault)

    error = trouble(vapi.list_numbers)

    assert type(error) is VendorUnavailable
    assert line(error) == f"{LISTING}: {text.format(host=sandbox.url.removeprefix('http://'))}"


def test_a_slow_answer_is_lost(sandbox: RunningSandbox, settings: Settings) -> None:
    """No request waits longer than the timeout."""
    client = VapiClient(replace(settings, timeout=0.1), patience=Patience(0))
    sandbox.fault(vendor="vapi", delay_ms=400)

    assert trouble(client.list_numbers).why.endswith("did not answer within 0.1 s")
    client.close()


def test_nobody_at_the_address_names_the_host(settings: Settings, hourglass: Hourglass) -> None:
    """A refused connection was never sent: an import too is only unavailable."""
    client = VapiClient(replace(settings, vapi_base_url="http://127.0.0.1:9"), patience=hourglass.patience())

    error = trouble(lambda: client.import_number(WEBHOOK, ANSWERED))

    assert type(error) is VendorUnavailable
    assert line(error) == (
        f"Importing {WEBHOOK} into Vapi: no connection to 127.0.0.1:9 ([Errno 111] Connection refused). Check the "
        "network and VAPI_BASE_URL (config: vapi:baseUrl), then run the same command again."
    )
    client.close()


SHAPES: list[tuple[object, str]] = [
    ("<html>hello</html>", f"{LISTING}: the answer is not JSON (Vapi HTTP 200)"),
    ([], "GET /v2/phone-number: the answer lacks what Vapi promises: (all)"),
    ({"results": []}, "GET /v2/phone-number: the answer lacks what Vapi promises: metadata"),
    (
        {"results": [], "metadata": {"totalItems": "canary"}},
        "GET /v2/phone-number: the answer lacks what Vapi promises: metadata.totalItems",
    ),
]


@pytest.mark.parametrize(("body", "text"), SHAPES)
def test_an_answer_of_another_shape_is_told(
    sandbox: RunningSandbox, vapi: VapiClient, body: object, text: str
) -> None:
    """Method, path and fields are named, and no value is shown."""
    sandbox.fault(vendor="vapi", status=200, body=body)

    error = trouble(vapi.list_numbers)

    assert isinstance(error, UnexpectedResponse)
    assert line(error) == f"{text}. Check VAPI_BASE_URL (config: vapi:baseUrl): is this Vapi?"


def test_a_list_that_is_none_is_told(sandbox: RunningSandbox, vapi: VapiClient) -> None:
    """The lists of the first version are arrays, bare or under `results`."""
    sandbox.fault(path="/assistant", status=200, body={"results": None})

    assert line(trouble(vapi.list_assistants)).startswith("GET /assistant: the answer is not a list.")


def test_a_refused_deletion_is_told(sandbox: RunningSandbox, vapi: VapiClient) -> None:
    """Only 404 means that there is nothing to delete."""
    sandbox.fault(method="DELETE", status=409, body={"message": "In use."})

    error = trouble(lambda: vapi.delete_number(SALES))

    assert isinstance(error, VendorTrouble)
    assert error.status == 409


def test_a_refused_reading_is_not_taken_for_gone(sandbox: RunningSandbox, vapi: VapiClient) -> None:
    """Only 404 means that there is no such assistant."""
    sandbox.fault(path="/assistant/*", status=400, body={"message": "id must be a UUID"})

    assert trouble(lambda: vapi.fetch_assistant("x")).why == "id must be a UUID"


LOST: list[tuple[httpx.HTTPError, type[VendorTrouble], str]] = [
    (httpx.ConnectTimeout(""), VendorUnavailable, "vapi.example did not take a connection within 30 s"),
    (httpx.ReadTimeout(""), AnswerLost, "vapi.example did not answer within 30 s"),
    (httpx.WriteError(""), AnswerLost, "vapi.example closed the connection without a whole answer"),
    (httpx.DecodingError(""), AnswerLost, "vapi.example closed the connection without a whole answer"),
    (httpx.UnsupportedProtocol(""), UnexpectedResponse, "the request to vapi.example could not be made"),
]


@pytest.mark.parametrize(("cause", "kind", "why"), LOST)
def test_each_way_to_lose_an_import_is_told(
    settings: Settings, hourglass: Hourglass, cause: httpx.HTTPError, kind: type[VendorTrouble], why: str
) -> None:
    """What never left is unavailable; what may have been done is lost."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise cause

    away = replace(settings, vapi_base_url="https://vapi.example")
    client = VapiClient(away, httpx.MockTransport(fail), patience=hourglass.patience())

    error = trouble(lambda: client.import_number(WEBHOOK, ANSWERED))

    assert (type(error), error.why) == (kind, why)


def test_a_redirect_is_not_followed(sandbox: RunningSandbox, vapi: VapiClient) -> None:
    """The key goes to no other address than the one given."""
    sandbox.fault(vendor="vapi", status=302, headers={"location": f"{sandbox.url}/elsewhere"}, body="{}")

    assert isinstance(trouble(vapi.list_numbers), VendorTrouble)
    assert vapi.requests == 1


def test_a_list_that_is_not_whole_is_told(sandbox: RunningSandbox, vapi: VapiClient) -> None:
    """Numbers that are counted and not shown would look free, and a count without end be read without end."""
    sandbox.fault(body={"results": [], "metadata": {"totalItems": 10**12}})

    assert trouble(vapi.list_numbers).why == "the answer shows fewer phone numbers than it counts: 0"
    assert vapi.requests == 1
