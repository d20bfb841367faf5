"""Phone numbers at Vapi that are not this account's import: of other providers, other accounts, and of old."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from vapi_sms.sandbox import RunningSandbox, SeedError

from tests.sandbox import world
from tests.sandbox.world import (
    AC,
    ORG,
    ORG2,
    ORG_KEY,
    OTHER,
    SALES,
    SENDER,
    SUB,
    SUB_TOKEN,
    SUPPORT,
    VAPI_SMS,
    import_number,
    kept,
    seed,
    to_import,
    vapi,
)

CREDENTIAL = "c4000000-0000-4000-8000-000000000001"
OTHERS: dict[str, dict[str, Any]] = {
    "byo": {"provider": "byo-phone-number", "credentialId": CREDENTIAL},
    "telnyx": {"provider": "telnyx", "credentialId": CREDENTIAL},
    "vonage": {"provider": "vonage", "credentialId": CREDENTIAL},
    "vapi": {"provider": "vapi"},
    "of another account": {"provider": "twilio", "twilioAccountSid": OTHER},
    "bought at Vapi long ago": {"provider": "twilio"},
    "imported long ago": {"provider": None, "twilioAccountSid": OTHER},
}


@pytest.fixture(params=OTHERS)
def theirs(request: pytest.FixtureRequest, sandbox: RunningSandbox) -> dict[str, Any]:
    """Let the org have the number as something else."""
    fields = {"number": world.WEBHOOK, "assistantId": SALES, **OTHERS[request.param]}
    return sandbox.outside_vapi("create", org=ORG, set=fields)


def test_others_are_listed_and_fetched_as_they_are(http: httpx.Client, theirs: dict[str, Any]) -> None:
    """Only what is Twilio's has something of Twilio's."""
    assert [kept(record) for record in http.get("/phone-number").json()] == [theirs]
    assert kept(http.get(f"/phone-number/{theirs['id']}").json()) == theirs
    assert ("smsEnabled" in theirs) == (theirs.get("provider", "twilio") == "twilio")


def test_an_import_beside_others_is_refused_by_the_number(
    sandbox: RunningSandbox, http: httpx.Client, theirs: dict[str, Any]
) -> None:
    """The safe assumption; nothing changes."""
    before = sandbox.routing_snapshot()

    message = http.post("/phone-number", json=to_import()).json()["message"]

    assert message == f"Existing Phone Number {theirs['id']} Has Identical `number` {world.WEBHOOK}."
    assert sandbox.routing_snapshot() == before


def test_an_import_beside_others_can_be_taken(
    sandbox: RunningSandbox, http: httpx.Client, theirs: dict[str, Any]
) -> None:
    """In the other world the org has both; the account's own import answers, and a second one is a second one."""
    sandbox.behaviour(import_beside_others=True)

    record = import_number(http)

    assert {each["id"] for each in http.get("/phone-number").json()} == {theirs["id"], record["id"]}
    assert sandbox.text(SENDER, world.WEBHOOK)["answered_by"] == "Vapi assistant Support"
    assert "`twilioAccountSid`" in http.post("/phone-number", json=to_import()).text
    http.delete(f"/phone-number/{record['id']}")
    assert [kept(record) for record in http.get("/phone-number").json()] == [theirs]


def test_only_what_is_twilios_answers_texts(sandbox: RunningSandbox, theirs: dict[str, Any]) -> None:
    """An import of another account does: the webhook knows the number alone."""
    sandbox.outside_number(world.WEBHOOK, sms_url=VAPI_SMS)

    answered_by = sandbox.text(SENDER, world.WEBHOOK)["answered_by"]

    is_twilios = theirs.get("provider", "twilio") == "twilio"
    assert answered_by == ("Vapi assistant Sales" if is_twilios else "nobody")


def test_a_number_of_two_accounts_answers_by_the_account_that_has_it(
    sandbox: RunningSandbox, http: httpx.Client
) -> None:
    """An import for a number's former account stays, and does not answer for the new one."""
    import_number(http)
    sandbox.outside_move(world.WEBHOOK, SUB)
    sandbox.behaviour(import_beside_others=True)
    new = {"twilioAccountSid": SUB, "twilioAuthToken": SUB_TOKEN, "assistantId": SALES}
    import_number(http, **new)

    there = sandbox.text(SENDER, world.WEBHOOK)["answered_by"]
    sandbox.outside_move(world.WEBHOOK, AC)

    assert there == "Vapi assistant Sales"
    assert sandbox.text(SENDER, world.WEBHOOK)["answered_by"] == "Vapi assistant Support"


def test_another_orgs_number_of_any_kind_is_in_use(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """The switch is about the org's own."""
    sandbox.behaviour(import_beside_others=True)
    sandbox.outside_vapi("create", org=ORG2, set={"number": world.WEBHOOK, **OTHERS["byo"]})

    assert "already in use by another org" in http.post("/phone-number", json=to_import()).text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"provider": "twilio"}, "sandbox: provider of a phone number is immutable"),
        ({"provider": "byo-phone-number", "smsEnabled": True}, ["property smsEnabled should not exist"]),
        ({"provider": "carrier-pigeon"}, None),
    ],
)
def test_a_patch_of_another_kind_takes_what_that_kind_has(
    sandbox: RunningSandbox, http: httpx.Client, fields: dict[str, Any], message: object
) -> None:
    """And nothing of Twilio's."""
    theirs = sandbox.outside_vapi("create", org=ORG, set={"number": world.WEBHOOK, **OTHERS["byo"]})
    path = f"/phone-number/{theirs['id']}"

    answer = http.patch(path, json=fields)

    assert answer.status_code == 400
    assert message in (None, answer.json()["message"])
    assert http.patch(path, json={"name": "Desk"}).json()["name"] == "Desk"


def test_a_number_of_vapis_own_may_have_no_number(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """It is a SIP address then; lists and searches bear it."""
    sandbox.outside_vapi("create", org=ORG, set={"provider": "vapi", "sipUri": "sip:desk@sip.vapi.ai"})

    assert http.get("/phone-number").json()[0]["number"] is None
    assert http.get("/v2/phone-number", params={"search": "+1"}).json()["results"] == []


def test_the_seed_has_all_kinds() -> None:
    """With an account or a credential, as each kind needs."""
    data = seed()
    data["vapi"]["orgs"][0]["phone_numbers"] = [
        {"id": "n-1", "number": world.WEBHOOK, "twilio_account_sid": AC, "assistant_id": SUPPORT},
        {"id": "n-2", "number": world.WEBHOOK, "twilio_account_sid": SUB},
        {"id": "n-3", "number": world.WEBHOOK, "provider": "byo-phone-number", "credential_id": CREDENTIAL},
        {"id": "n-4", "number": world.WEBHOOK, "provider": None},
        {"id": "n-5", "number": world.WEBHOOK},
    ]

    with RunningSandbox(data) as sandbox, vapi(sandbox, ORG_KEY) as http:
        found = {record["id"]: record for record in http.get("/phone-number").json()}

    assert [found[key].get("provider") for key in sorted(found)] == [
        "twilio",
        "twilio",
        "byo-phone-number",
        None,
        "twilio",
    ]
    assert found["n-3"]["credentialId"] == CREDENTIAL
    assert found["n-4"]["twilioAccountSid"] is found["n-5"]["twilioAccountSid"] is None


def test_a_number_of_another_provider_has_nothing_of_twilios() -> None:
    """The seed says so."""
    data = seed()
    wrong = {"id": "n", "number": world.WEBHOOK, "provider": "telnyx", "twilio_account_sid": AC}
    data["vapi"]["orgs"][0]["phone_numbers"] = [wrong]

    with pytest.raises(SeedError, match="a number of provider telnyx has nothing of Twilio's"):
        RunningSandbox(data)
