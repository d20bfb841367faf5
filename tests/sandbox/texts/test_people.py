"""What people see of the sandbox: what there is to ask, answers that can be read, and a line for what happens."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from vapi_sms.sandbox.control.outside import EDITS
from vapi_sms.sandbox.control.surface import ROUTES

from tests.sandbox import world
from tests.sandbox.world import AC, SENDER, TOKEN, seed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vapi_sms.sandbox import RunningSandbox

ROOT = Path(__file__).parents[3]


@pytest.fixture
def http(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    """Return a client that asks for nothing in particular, as curl does."""
    with httpx.Client(base_url=sandbox.url, trust_env=False) as client:
        yield client


def test_the_root_lists_what_there_is(http: httpx.Client) -> None:
    """Every control request with what it does and what its body may say; every edit of others."""
    found = http.get("/_sandbox").json()

    asked = {entry["ask"]: entry for entry in found["control"]}
    others = {f"POST /_sandbox/outside/{name}" for name in EDITS}
    assert len(asked) + 1 == len(ROUTES)
    assert found["what_others_do"].keys() == others
    assert asked["POST /_sandbox/texts"]["body"] == "from*, to*, body, media"
    assert "reads_lag_ms" in asked["POST /_sandbox/behaviour"]["body"]
    assert "account" in found["what_others_do"]["POST /_sandbox/outside/number"]
    assert all(entry["does"].endswith(".") for entry in asked.values())
    assert found["about"].startswith("This plays Twilio and Vapi")
    tried = subprocess.run(found["try"], shell=True, check=True, capture_output=True, text=True)  # noqa: S602 - ours
    assert json.loads(tried.stdout)["reply"] == "The old app here"


def test_what_is_listed_is_there(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """Asked without a body, each answers, or says what it lacks."""
    found = http.get("/_sandbox").json()
    for ask in [*(entry["ask"] for entry in found["control"]), *found["what_others_do"]]:
        method, path = ask.split()

        assert http.request(method, path).status_code in (200, 201, 204, 400), ask
    assert sandbox.journal() == []


def test_what_is_not_there_leads_to_the_list(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """And is no vendor's business."""
    for method, path in (("GET", "/_sandbox/"), ("GET", "/_sandbox/states"), ("PUT", "/_sandbox/state")):
        answer = http.request(method, path)

        assert answer.status_code == 400
        assert answer.json() == {"error": f"there is no {method} {path}; GET /_sandbox lists what there is"}
    assert sandbox.journal() == []


@pytest.mark.parametrize("path", ["", "/state", "/journal", "/behaviour", "/faults", "/nonsense"])
def test_answers_can_be_read(http: httpx.Client, path: str) -> None:
    """Indented, with a line feed at their end; in one line for a program that names JSON."""
    plain = http.get(f"/_sandbox{path}")
    asked = http.get(f"/_sandbox{path}", headers={"accept": "application/json"})

    assert plain.json() == asked.json()
    assert plain.text.endswith("\n")
    assert asked.text.count("\n") == 1
    assert (plain.text.count("\n") > 1) == bool(plain.json())
    assert plain.headers["content-type"] == "application/json"


def test_the_old_app_tells_what_it_answered(sandbox: RunningSandbox) -> None:
    """The quickstart's: each text in a line, and what Twilio did not sign."""
    command = [sys.executable, str(ROOT / "examples/quickstart/old_app.py"), "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={"TWILIO_AUTH_TOKEN": TOKEN}
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("old app: ").strip()
        sandbox.reset(seed(url))
        sandbox.text(SENDER, world.WEBHOOK, "Open?\nNow?")
        httpx.post(f"{url}/sms?tenant=url-canary", data={"Body": "Open?"})
        sandbox.outside_number(world.WEBHOOK, sms_url=f"{url}/elsewhere")
        sandbox.text(SENDER, world.WEBHOOK, "Open?")
        told = [process.stdout.readline() for _ in range(3)]
        process.terminate()

    assert told == [
        f"old app: POST /sms: answered {SENDER}, who wrote 'Open?\\nNow?'\n",
        "old app: POST /sms: refused: Twilio did not sign it\n",
        "old app: POST /elsewhere: nothing is here\n",
    ]


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b'{"from": "\xff"}', "application/json"), (b"twilio: \xff", "application/yaml")],
)
def test_bytes_that_are_no_text_are_refused(http: httpx.Client, content: bytes, kind: str) -> None:
    """In a line, as anything else."""
    answer = http.post("/_sandbox/reset", content=content, headers={"content-type": kind})

    assert (answer.status_code, answer.json()) == (400, {"error": "the body is not UTF-8"})


def test_a_form_that_is_no_text_is_refused(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """By the sandbox, since what Twilio says is not known."""
    path = f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers/{sandbox.number(world.SILENT)['sid']}.json"

    answer = http.post(path, content=b"SmsUrl=\xff", auth=(AC, TOKEN))

    assert (answer.status_code, answer.json()["message"]) == (400, "sandbox: the form is not UTF-8")
