"""Twilio's accounts: who sees which, and what becomes of one that is suspended; through Twilio's own client."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

import httpx
import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from vapi_sms.sandbox import RunningSandbox, SeedError
from vapi_sms.sandbox.errors import FORBIDDEN

from tests.sandbox import world
from tests.sandbox.world import (
    AC,
    KEY,
    KEY_SECRET,
    OTHER,
    OTHER_TOKEN,
    SUB,
    SUB_TOKEN,
    TOKEN,
    seed,
    to_import,
    twilio,
)

if TYPE_CHECKING:
    from twilio.rest import Client


def test_a_parent_sees_itself_and_its_subaccounts(sandbox: RunningSandbox, client: Client) -> None:
    """By list and one by one; others are not there."""
    sandbox.outside_account(SUB, friendly_name="Branch")

    found = {account.sid: account for account in client.api.v2010.accounts.list()}
    branch = client.api.v2010.accounts(SUB).fetch()

    assert set(found) == {AC, SUB}
    assert (found[AC].owner_account_sid, branch.owner_account_sid) == (AC, AC)
    assert (branch.friendly_name, branch.status, branch.type) == ("Branch", "active", "Full")
    assert branch.subresource_uris["incoming_phone_numbers"].endswith(f"{SUB}/IncomingPhoneNumbers.json")
    assert branch.uri == f"/2010-04-01/Accounts/{SUB}.json"
    assert branch.auth_token == SUB_TOKEN
    assert branch.date_updated > branch.date_created.astimezone(UTC)
    with pytest.raises(TwilioRestException) as caught:
        client.api.v2010.accounts(OTHER).fetch()
    assert (caught.value.status, caught.value.code) == (401, 20003)


def test_a_subaccount_sees_itself_only(sandbox: RunningSandbox) -> None:
    """Not its parent."""
    own = twilio(sandbox, SUB, SUB_TOKEN, SUB).api.v2010

    assert [account.sid for account in own.accounts.list()] == [SUB]
    with pytest.raises(TwilioRestException, match="Authenticate"):
        own.accounts(AC).fetch()


def test_accounts_are_filtered_and_paged(sandbox: RunningSandbox, client: Client) -> None:
    """By status and by exact name; links are relative, as in all lists of 2010."""
    sandbox.outside_account(SUB, friendly_name="Branch", status="suspended")
    accounts = client.api.v2010.accounts

    assert [account.sid for account in accounts.list(status="suspended")] == [SUB]
    assert [account.sid for account in accounts.list(friendly_name="Branch")] == [SUB]
    assert accounts.list(friendly_name="Bran") == []
    assert {account.sid for account in accounts.list(page_size=1)} == {AC, SUB}
    with httpx.Client(base_url=sandbox.url, auth=(AC, TOKEN), trust_env=False) as raw:
        page = raw.get("/2010-04-01/Accounts.json?PageSize=1").json()
    assert page["next_page_uri"].startswith("/2010-04-01/Accounts.json?PageSize=1&Page=1&PageToken=PAAC")


def test_a_standard_key_does_not_reach_accounts(sandbox: RunningSandbox) -> None:
    """It reaches all the rest; a main key reaches accounts, too."""
    by_key = twilio(sandbox, KEY, KEY_SECRET)

    with pytest.raises(TwilioException, match="20003"):
        by_key.api.v2010.accounts.list()
    assert by_key.incoming_phone_numbers.list()

    sandbox.behaviour(keys_reach_accounts=True)
    assert len(by_key.api.v2010.accounts.list()) == 2


@pytest.mark.parametrize("path", ["/2010-04-01/Accounts.json", f"/2010-04-01/Accounts/{SUB}.json"])
def test_nothing_here_may_change_accounts(sandbox: RunningSandbox, path: str) -> None:
    """A request that would is refused, and marked in the journal."""
    answer = httpx.post(f"{sandbox.url}{path}", auth=(AC, TOKEN), data={"Status": "closed"})

    assert answer.json()["code"] == FORBIDDEN
    assert sandbox.journal()[-1]["forbidden"]


@pytest.mark.parametrize(("code", "status"), [(20005, 403), (20003, 401)])
def test_a_suspended_accounts_credentials_are_refused(
    sandbox: RunningSandbox, code: int, status: int
) -> None:
    """Twilio documents two codes for it: which one comes is a switch. Its texts go nowhere."""
    sandbox.behaviour(inactive_account=code)
    sandbox.outside_account(AC, status="suspended")

    with pytest.raises(TwilioRestException) as caught:
        twilio(sandbox).incoming_phone_numbers("PN" + "0" * 32).fetch()

    assert (caught.value.status, caught.value.code) == (status, code)
    answer = sandbox.text(world.SENDER, world.WEBHOOK, "Hi")
    assert (answer["answered_by"], "is not active" in answer["trace"][-1]) == ("nobody", True)


def test_with_a_parent_its_subaccounts_are_suspended(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """And come back with it; Vapi is refused as well; other companies are not touched."""
    sandbox.outside_account(AC, status="suspended")

    for user, password, account in ((AC, TOKEN, SUB), (SUB, SUB_TOKEN, SUB), (KEY, KEY_SECRET, AC)):
        with pytest.raises(TwilioException, match="20005"):
            twilio(sandbox, user, password, account).incoming_phone_numbers.list()
    assert "Twilio refused the credentials" in http.post("/phone-number", json=to_import()).text
    assert twilio(sandbox, OTHER, OTHER_TOKEN, OTHER).incoming_phone_numbers.list()

    sandbox.outside_account(AC, status="active")
    assert twilio(sandbox, SUB, SUB_TOKEN, SUB).incoming_phone_numbers.list()


def test_a_parent_sees_into_a_suspended_subaccount(sandbox: RunningSandbox, client: Client) -> None:
    """It is the subaccount's own credentials that are refused."""
    sandbox.outside_account(SUB, status="suspended")

    assert client.api.v2010.accounts(SUB).fetch().status == "suspended"
    assert twilio(sandbox, AC, TOKEN, SUB).incoming_phone_numbers.list()[0].phone_number == world.IN_SUB


def test_closing_an_account_releases_its_numbers(sandbox: RunningSandbox, client: Client) -> None:
    """It stays in the list."""
    sandbox.outside_account(SUB, status="closed")

    assert [account.sid for account in client.api.v2010.accounts.list(status="closed")] == [SUB]
    assert twilio(sandbox, AC, TOKEN, SUB).incoming_phone_numbers.list() == []


def test_the_seed_names_accounts_and_their_status() -> None:
    """A closed one has no numbers."""
    data = seed()
    data["twilio"]["accounts"][1] |= {"friendly_name": "Branch", "status": "suspended"}
    with RunningSandbox(data) as sandbox:
        (branch,) = twilio(sandbox).api.v2010.accounts.list(friendly_name="Branch")
    assert branch.status == "suspended"

    data["twilio"]["accounts"][1]["status"] = "closed"
    with pytest.raises(SeedError, match="such an account has no numbers"):
        RunningSandbox(data)
