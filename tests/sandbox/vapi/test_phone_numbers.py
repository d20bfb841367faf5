"""Vapi's phone numbers: what it takes, what it refuses, and what it does at Twilio unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox import world
from tests.sandbox.world import (
    AC,
    KEY,
    KEY_SECRET,
    ORG2_KEY,
    SQUAD,
    SUPPORT,
    VAPI_SMS,
    VAPI_STATUS,
    VAPI_VOICE,
    import_number,
    to_import,
    vapi,
)

if TYPE_CHECKING:
    import httpx
    from vapi_sms.sandbox import RunningSandbox

DESTINATION = "fallbackDestination"
TO_DESK: dict[str, Any] = {"type": "number", "number": "+12125550100"}
SAY = {"type": "say", "exact": "One moment"}
ITALIAN = {"type": "startsWith", "key": "number", "startsWith": ["+39"]}
BACKOFF = {"type": "fixed", "maxRetries": 2, "baseDelaySeconds": 1}
WEBHOOKS = ("sms_url", "voice_url", "status_callback")


def refusal(answer: httpx.Response) -> str | list[str]:
    """Return the message of a 400."""
    body = answer.json()
    assert (answer.status_code, body["error"], body["statusCode"]) == (400, "Bad Request", 400)
    message: str | list[str] = body["message"]
    return message


def test_an_import_takes_texts_and_calls(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """The messaging URL, the voice URL and the status callback become Vapi's; nothing else moves."""
    before = sandbox.number(world.WEBHOOK)

    import_number(http)

    after = sandbox.number(world.WEBHOOK)
    assert [after[name] for name in WEBHOOKS] == [VAPI_SMS, VAPI_VOICE, VAPI_STATUS]
    assert {n for n in after if after[n] != before[n]} == {*WEBHOOKS, "date_updated"}


def test_an_import_without_texts_still_takes_calls(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """`smsEnabled: false` leaves the messaging URL, and only that."""
    before = sandbox.number(world.WEBHOOK)

    record = import_number(http, smsEnabled=False)

    after = sandbox.number(world.WEBHOOK)
    assert record["smsEnabled"] is False
    assert (after["sms_url"], after["voice_url"]) == (before["sms_url"], VAPI_VOICE)


def test_vapis_answers_carry_twilios_credentials(http: httpx.Client) -> None:
    """Every answer about a phone number is a secret, as it is at Vapi."""
    by_token = import_number(http)
    by_key = import_number(http, world.STUDIO, twilioApiKey=KEY, twilioApiSecret=KEY_SECRET)

    assert http.get(f"/phone-number/{by_token['id']}").json()["twilioAuthToken"] == world.TOKEN
    assert http.get("/phone-number").json()[0]["twilioApiSecret"] == KEY_SECRET == by_key["twilioApiSecret"]


def test_a_second_import_names_the_first(http: httpx.Client) -> None:
    """The same organisation gets a 400 with the id that exists."""
    first = import_number(http)

    message = refusal(http.post("/phone-number", json=to_import()))

    same = f"`twilioAccountSid` {AC} and `number` {world.WEBHOOK}"
    assert message == f"Existing Phone Number {first['id']} Has Identical {same}."


def test_a_number_of_another_org_is_refused(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """Vapi gives a number to one organisation only."""
    import_number(http)

    with vapi(sandbox, ORG2_KEY) as other:
        message = refusal(other.post("/phone-number", json=to_import(assistantId=None)))

    assert message == f"Phone number {world.WEBHOOK} already in use by another org."


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"number": world.IN_OTHER}, "Number Not Found on Twilio"),
        ({"twilioAuthToken": "wrong"}, "Twilio refused the credentials: Authenticate"),
        ({"provider": "telnyx"}, ["sandbox: provider must be twilio"]),
        (
            {"twilioAuthToken": None},
            "twilioAuthToken, or twilioApiKey and twilioApiSecret, should not be empty",
        ),
        ({"fancy": 1}, ["property fancy should not exist"]),
        ({"name": "x" * 41}, ["name must be shorter than or equal to 40 characters"]),
        ({"smsEnabled": "yes"}, ["smsEnabled must be a boolean value"]),
        ({"twilioAccountSid": None}, ["twilioAccountSid should not be empty"]),
        ({"assistantId": SQUAD}, f"assistantId {SQUAD} does not exist in this org."),
        (
            {"fallbackDestination": {}},
            [f"{DESTINATION}.type must be one of the following values: number, sip"],
        ),
        ({"fallbackDestination": {"type": "number"}}, [f"{DESTINATION}.number should not be empty"]),
        (
            {"fallbackDestination": {"type": "sip", "sipUri": 5, "number": "+12125550100"}},
            [f"{DESTINATION}.sipUri must be a string", f"{DESTINATION}.property number should not exist"],
        ),
        ({"server": {"uri": "https://example.com"}}, ["server.property uri should not exist"]),
        ({"server": {"timeoutSeconds": 301}}, ["server.timeoutSeconds must not be greater than 300"]),
        ({"server": {"headers": []}}, ["server.headers must be an object"]),
        ({"hooks": [5]}, ["hooks.0 must be an object"]),
        ({"hooks": [{"on": "call.ringing"}]}, ["hooks.0.do should not be empty"]),
        (
            {"fallbackDestination": {"type": "number", "number": "1", "callerId": "x" * 41}},
            [
                f"{DESTINATION}.number must be longer than or equal to 3 characters",
                f"{DESTINATION}.callerId must be shorter than or equal to 40 characters",
            ],
        ),
        (
            {"fallbackDestination": {**TO_DESK, "transferPlan": {"timeout": True, "sipVerb": "call"}}},
            [
                f"{DESTINATION}.transferPlan.timeout must be a number conforming to the specified constraints",
                f"{DESTINATION}.transferPlan.sipVerb must be one of the following values: refer, bye, dial",
                f"{DESTINATION}.transferPlan.mode should not be empty",
            ],
        ),
        (
            {"fallbackDestination": {**TO_DESK, "message": {"type": "custom-message", "contents": [{}]}}},
            [
                f"{DESTINATION}.message.contents.0.{name} should not be empty"
                for name in ("type", "text", "language")
            ],
        ),
        (
            {"server": {"backoffPlan": {"type": "fixed", "maxRetries": -1}}},
            [
                "server.backoffPlan.maxRetries must not be less than 0",
                "server.backoffPlan.baseDelaySeconds should not be empty",
            ],
        ),
        ({"server": {"encryptedPaths": [5]}}, ["server.encryptedPaths.0 must be a string"]),
        (
            {"hooks": [{"on": "call.ringing", "do": [{"type": "say"}]}]},
            ["hooks.0.do.0.exact should not be empty"],
        ),
        ({"hooks": [{"on": "call.ringing", "do": {"type": "say"}}]}, ["hooks.0.do must be an array"]),
        ({"hooks": [{"on": "call.ending", "do": [SAY]}]}, ["hooks.0.do must be an object"]),
        (
            {
                "hooks": [
                    {"on": "call.ringing", "do": [SAY], "filters": [{**ITALIAN, "startsWith": ["+39"] * 21}]}
                ]
            },
            ["hooks.0.filters.0.startsWith must contain no more than 20 elements"],
        ),
        (
            {"hooks": [{"on": "call.missed", "do": []}]},
            ["hooks.0.on must be one of the following values: call.ringing, call.ending"],
        ),
    ],
)
def test_a_wrong_import_is_refused_and_changes_nothing(
    sandbox: RunningSandbox, http: httpx.Client, fields: dict[str, Any], message: object
) -> None:
    """Each refusal has Vapi's words where they are known."""
    before = sandbox.routing_snapshot()

    assert refusal(http.post("/phone-number", json=to_import() | fields)) == message

    assert sandbox.routing_snapshot() == before


def test_a_number_that_is_not_e164_is_refused(http: httpx.Client) -> None:
    """Vapi says what it wants."""
    message = refusal(http.post("/phone-number", json=to_import("4155550100")))

    assert str(message).startswith("number must be a valid phone number in the E.164 format.")


@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_body_that_is_no_object_is_refused(http: httpx.Client, content: str) -> None:
    """And nothing falls over."""
    assert str(refusal(http.post("/phone-number", content=content))).startswith("sandbox: the body is not")


def test_a_wrong_key_gets_a_hot_tip(sandbox: RunningSandbox) -> None:
    """Wrong, public and other-region keys look the same."""
    with vapi(sandbox, "public-key") as stranger:
        answer = stranger.get("/assistant")

    assert answer.status_code == 401
    assert answer.json()["message"].startswith("Invalid Key. Hot tip")


def test_a_patch_changes_what_it_names_and_null_takes_away(http: httpx.Client) -> None:
    """Nothing is merged, and nothing excludes anything else."""
    record = import_number(
        http, name="Front desk", server={"url": "https://example.com", "timeoutSeconds": 20}
    )
    path = f"/phone-number/{record['id']}"

    http.patch(path, json={"provider": "twilio", "squadId": SQUAD, "server": {"url": "https://example.org"}})
    both = http.get(path).json()
    cleared = http.patch(path, json={"assistantId": None}).json()

    assert (both["assistantId"], both["squadId"], both["server"]) == (
        SUPPORT,
        SQUAD,
        {"url": "https://example.org"},
    )
    assert cleared["assistantId"] is None
    assert cleared["name"] == "Front desk"
    assert cleared["updatedAt"] > both["updatedAt"] > record["updatedAt"]


def test_nested_objects_of_the_known_shapes_are_taken(http: httpx.Client) -> None:
    """And come back as they were sent; null is no object, and passes."""
    nested: dict[str, Any] = {
        "fallbackDestination": {"type": "number", "number": "+12125550100", "message": "One moment"},
        "server": {
            "url": "https://example.com",
            "timeoutSeconds": 20,
            "headers": {"x": "y"},
            "backoffPlan": BACKOFF,
        },
        "hooks": [
            {"on": "call.ringing", "do": [SAY], "filters": [ITALIAN]},
            {"on": "call.ending", "do": {"type": "transfer", "destination": TO_DESK}},
            {"on": "call.ending"},
        ],
    }

    record = import_number(http, **nested)
    sip = {"type": "sip", "sipUri": "sip:desk@example.com"}
    changed = http.patch(
        f"/phone-number/{record['id']}", json={"fallbackDestination": sip, "assistantId": None}
    )

    assert {name: record[name] for name in nested} == nested
    assert changed.json()["fallbackDestination"] == sip
    assert changed.json()["assistantId"] is None


@pytest.mark.parametrize("field", ["twilioAuthToken", "name", "server", "smsEnabled"])
def test_a_null_that_was_never_seen_can_be_refused(
    sandbox: RunningSandbox, http: httpx.Client, field: str
) -> None:
    """Assistant and squad are known to be taken away by it; for the rest it is a switch."""
    record = import_number(http, squadId=SQUAD)
    path = f"/phone-number/{record['id']}"
    sandbox.behaviour(nulls_clear="attachments")

    message = refusal(http.patch(path, json={field: None}))

    assert str(message[0]).startswith(f"{field} must be a")
    assert http.get(path).json() == record
    assert http.patch(path, json={"squadId": None, "name": "Desk"}).json()["squadId"] is None


@pytest.mark.parametrize(
    "fields", [{"number": world.STUDIO}, {"assistantId": "no-such"}, {"twilioAuthToken": "x"}]
)
def test_a_wrong_patch_is_refused(http: httpx.Client, fields: dict[str, Any]) -> None:
    """Number and account never change; an assistant has to be there; credentials have to work."""
    record = import_number(http)

    refusal(http.patch(f"/phone-number/{record['id']}", json=fields))

    assert http.get(f"/phone-number/{record['id']}").json() == record


def test_the_first_list_is_bare_and_pages_by_date(http: httpx.Client) -> None:
    """Newest first; `createdAtLt` of the last one leads on, and loses nothing."""
    numbers = [world.WEBHOOK, world.STUDIO, world.BIN]
    records = [import_number(http, number) for number in numbers]

    first = http.get("/phone-number", params={"limit": 2}).json()
    second = http.get("/phone-number", params={"limit": 2, "createdAtLt": first[-1]["createdAt"]}).json()

    assert [record["number"] for record in first + second] == numbers[::-1]
    assert [
        r["id"] for r in http.get("/phone-number", params={"createdAtGe": records[1]["createdAt"]}).json()
    ] == [
        records[2]["id"],
        records[1]["id"],
    ]


def test_the_second_list_counts_and_searches(http: httpx.Client) -> None:
    """`search` is a partial match; metadata counts what it found."""
    for number in (world.WEBHOOK, world.STUDIO, world.BIN):
        import_number(http, number, name=f"Desk {number[-1]}")

    everything = http.get("/v2/phone-number", params={"limit": 2, "page": 2}).json()
    found = http.get("/v2/phone-number", params={"search": "dESK 1"}).json()

    counts = {"itemsPerPage": 2, "totalItems": 3, "currentPage": 2}
    assert everything["metadata"] == {**counts, "totalPages": 2, "hasNextPage": False}
    assert [r["number"] for r in everything["results"]] == [world.WEBHOOK]
    assert [r["number"] for r in found["results"]] == [world.STUDIO]


@pytest.mark.parametrize(
    "path",
    [
        "/phone-number?page=2",
        "/phone-number?limit=1001",
        "/phone-number?createdAtLt=soon",
        "/v2/phone-number?page=0",
        "/assistant?name=Support",
    ],
)
def test_a_wrong_query_is_refused(http: httpx.Client, path: str) -> None:
    """Parameters that a list does not have are refused, and so are values out of range."""
    assert isinstance(refusal(http.get(path)), list)


def test_assistants_and_squads_are_listed_and_fetched(http: httpx.Client) -> None:
    """Newest first, of this organisation only."""
    assert [a["name"] for a in http.get("/assistant", params={"limit": 1000}).json()] == ["Sales", "Support"]
    assert http.get(f"/assistant/{SUPPORT}").json()["name"] == "Support"
    assert [s["id"] for s in http.get("/squad").json()] == [SQUAD]
    assert http.get(f"/squad/{SQUAD}").json()["name"] == "Everybody"
    assert http.get(f"/assistant/{SQUAD}").status_code == 404


def test_a_delete_answers_the_record_once(http: httpx.Client) -> None:
    """The second one is a 404."""
    record = import_number(http)
    path = f"/phone-number/{record['id']}"

    assert http.delete(path).json()["id"] == record["id"]

    assert http.delete(path).status_code == http.get(path).status_code == 404
    assert import_number(http)["id"] != record["id"]
