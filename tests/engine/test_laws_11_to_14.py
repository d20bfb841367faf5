"""Laws 11 to 14 of the design: few requests, one line, no engine no writes, the right account or nothing."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.project import is_alive
from tests.engine.stack import errors
from tests.engine.world import (
    AC,
    BIN,
    FUNCTION,
    MG,
    OLD_APP,
    ORG,
    OTHER_AC,
    OTHER_ORG_KEY,
    OTHER_TOKEN,
    PROXY,
    STUDIO,
    SUPPORT_ON_WEBHOOK,
    TOKEN,
    WEBHOOK,
)
from tests.waiting import until

if TYPE_CHECKING:
    from tests.engine.stack import Stack

LIST, NUMBER = "GET /IncomingPhoneNumbers", "POST /IncomingPhoneNumbers/PN"
NUMBERS = (WEBHOOK, STUDIO, BIN, FUNCTION, PROXY)


def test_law_11_one_number_costs_few_requests(stack: Stack) -> None:
    """One number: two look-ups, the assistants, the services; an import and a routing; a change is one write.

    Handing texts over looks for what answers beside, once; what is unchanged does not.
    """
    look = {
        "GET /IncomingPhoneNumbers": 1,
        "GET /v2/phone-number": 1,
        "GET /assistant": 1,
        "GET /v1/Services": 1,
        f"GET /v1/Services/{MG}/PhoneNumbers": 1,
    }
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.preview()
    stack.requests()

    beside = {"GET /v1/Configuration/Addresses": 1}
    stack.run("preview")
    assert Counter(stack.requests()) == look | beside

    stack.up()
    proof = 1
    assert Counter(stack.requests()) == look | beside | {"POST /phone-number": 1, NUMBER: 1 + proof}

    stack.up()
    assert Counter(stack.requests()) == look

    stack.declare(SUPPORT_ON_WEBHOOK.replace("Support", "Sales"))
    stack.up()
    read_back = {"GET /IncomingPhoneNumbers/PN": 1}
    assert Counter(stack.requests()) == look | {"PATCH /phone-number/ID": 1} | read_back

    stack.refresh()
    by_sid = {name: n for name, n in look.items() if name != LIST} | read_back
    assert Counter(stack.requests()) == by_sid

    stack.destroy()
    found = Counter(stack.requests())
    assert {request: n for request, n in found.items() if not request.startswith("GET")} == {
        NUMBER: 1,
        "DELETE /phone-number/ID": 1,
    }
    assert found.total() <= 8


def test_law_11_many_numbers_share_their_reads(stack: Stack) -> None:
    """Five numbers cost the reads of one, and one list more; each costs its own two writes and nothing else."""
    stack.declare(*(f'VapiSmsNumber("n{n}", number="{n}", assistant="Support")' for n in NUMBERS))
    stack.run("preview")
    reads = Counter(stack.requests())
    assert reads[LIST] <= 2
    assert reads["GET /v2/phone-number"] <= 2
    assert reads.pop("GET /v1/Configuration/Addresses") == 1  # what new numbers alone are looked up in
    assert reads.total() <= 6

    stack.up()
    found = Counter(stack.requests())
    assert found["POST /phone-number"] == 5
    assert found[NUMBER] == 5 + 1
    assert found.pop("GET /v1/Configuration/Addresses") == 1
    assert found.total() - 11 <= 6

    stack.up()
    assert Counter(stack.requests()).total() <= 6

    stack.refresh()
    assert Counter(stack.requests()).total() <= 6

    stack.destroy()
    found = Counter(stack.requests())
    assert (found[NUMBER], found["DELETE /phone-number/ID"]) == (5, 5)
    assert stack.snapshot() == stack.before


TROUBLE: dict[str, tuple[dict[str, str], dict[str, Any], str]] = {
    "Vapi's key is wrong": ({"VAPI_API_KEY": "no-such-key"}, {}, "VAPI_API_KEY"),
    "Twilio's token is wrong": ({"TWILIO_AUTH_TOKEN": "no-such-token"}, {}, "Twilio 20003"),
    "Twilio does not serve": ({}, {"vendor": "twilio", "status": 503}, "Twilio 20503"),
    "Vapi answers HTML": ({}, {"vendor": "vapi", "body": "<html>"}, "Vapi"),
    "nobody listens": ({"TWILIO_BASE_URL": "http://127.0.0.1:9"}, {}, "no connection to 127.0.0.1:9"),
}


@pytest.mark.parametrize(("env", "fault", "said"), TROUBLE.values(), ids=TROUBLE)
def test_law_12_expected_trouble_is_one_line(
    stack: Stack, env: dict[str, str], fault: dict[str, Any], said: str
) -> None:
    """Whatever a vendor answers, the person reads one line that says what happened, and no traceback."""
    if fault:
        stack.sandbox.fault(method="GET", count=None, **fault)
    stack.declare(SUPPORT_ON_WEBHOOK)

    with stack.with_env(**env):
        (line,) = stack.refused().splitlines()

    assert said in line
    assert "no-such" not in line


def test_law_12_trouble_in_create_and_delete_is_one_line(stack: Stack) -> None:
    """A refusal in create, and one in delete, is one line that begins with our signature."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.sandbox.fault(vendor="vapi", method="POST", status=400, body={"message": "limit reached"})
    (created,) = errors(stack.fail("up", "--yes", "--skip-preview")).splitlines()
    assert created.startswith("error: VapiSms: ") or "VapiSms: " in created
    assert "limit reached" in created
    stack.up()
    stack.sandbox.fault(vendor="twilio", method="POST", status=500, count=None)
    ended = stack.fail("destroy", "--yes", "--skip-preview")
    assert f"{WEBHOOK} is not put back" in ended.text
    assert len(errors(ended).splitlines()) == 1, ended.text
    stack.sandbox.clear_faults()
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_law_13_without_an_engine_nothing_more_is_written(stack: Stack) -> None:
    """After kill -9 of pulumi only the requests on the wire land; the orphan stops before its next write."""
    stack.sandbox.fault(vendor="vapi", method="POST", hold="before", count=None)
    stack.declare(*(f'VapiSmsNumber("n{n}", number="{n}", assistant="Support")' for n in NUMBERS))
    running = stack.project.start("up")
    stack.wait_for_held()
    orphan = running.provider_pid()
    running.kill_engine()
    running.wait()
    time.sleep(1)  # what was sent while the engine still listened is on the wire, and held, by now
    on_the_wire = len(stack.sandbox.held())
    stack.sandbox.clear_faults()
    stack.writes()

    stack.sandbox.release()
    until(lambda: not is_alive(orphan), 20)

    assert stack.writes() == []
    assert len(stack.sandbox.vapi_numbers()) <= on_the_wire
    stack.run("cancel", "--yes")
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_law_14_other_credentials_touch_nothing_and_nothing_counts_as_gone(stack: Stack) -> None:
    """With another account's or org's credentials every command is refused, and the state keeps the number."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    there = stack.snapshot()
    account = {"TWILIO_ACCOUNT_SID": OTHER_AC, "TWILIO_AUTH_TOKEN": OTHER_TOKEN}
    org = {"VAPI_API_KEY": OTHER_ORG_KEY}
    strangers = [
        (account, OTHER_AC, ("preview", "refresh", "destroy")),
        (org, ORG, ("up", "refresh", "destroy")),
    ]
    for env, named, commands in strangers:
        for command in commands:
            with stack.with_env(**env):
                told = stack.refused(command)
            assert WEBHOOK in told, (command, told)
            assert named in told, (command, told)

    assert stack.snapshot() == there
    assert set(stack.resources()) == {"support", "support-original"}
    stack.settled()


def test_law_14_the_proof_that_we_may_write_comes_before_the_first_import(stack: Stack) -> None:
    """A key that may only read is found out by a write that changes nothing, before Vapi takes any webhook."""
    stack.sandbox.fault(vendor="twilio", method="POST", status=403, count=None)
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.writes()

    told = errors(stack.fail("up", "--yes", "--skip-preview"))

    assert "Nothing was changed" in told
    assert stack.writes() == [NUMBER]
    assert stack.snapshot() == stack.before
    stack.sandbox.clear_faults()
    stack.up()
    assert stack.writes() == [NUMBER, "POST /phone-number", NUMBER]


def test_law_14_two_accounts_named_is_a_refusal(stack: Stack) -> None:
    """Environment and config that name different accounts contradict each other, and both are named."""
    stack.run("config", "set", "twilio:accountSid", OTHER_AC)
    stack.declare(SUPPORT_ON_WEBHOOK)

    told = stack.refused()

    assert AC in told
    assert OTHER_AC in told
    assert stack.answers() == OLD_APP
    assert TOKEN not in told
