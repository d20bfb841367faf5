"""`vapi-sms doctor`: every trouble is told, to people and to machines, and nothing is ever written."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from vapi_sms.core.doctor.findings import Code

from tests.cli.command import BORN
from tests.cli.doctor.clinic import (
    AC,
    AILMENTS,
    APP,
    MISSING_APP,
    NOTES,
    ORG,
    SUPPORT,
    doctor,
    environment,
    examined,
)

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox

GOLDEN = Path(__file__).with_name("report.txt")
SOUND, SICK, BESIDE = "+14155550100", "+14155550102", "+14155550116"


def test_every_trouble_has_its_code(clinic: RunningSandbox) -> None:
    """Each number of the sick company is told with just what ails it, notes apart, and the exit code is 1."""
    ran = doctor(clinic, "--json")

    found = json.loads(ran.stdout)
    ailing = {each["number"]: [problem["code"] for problem in each["problems"]] for each in found["numbers"]}
    noted = {each["number"]: [note["code"] for note in each["notes"]] for each in found["numbers"]}
    assert ailing == AILMENTS
    assert {number: notes for number, notes in noted.items() if notes} == NOTES
    assert found["problems"] == sum(len(codes) for codes in AILMENTS.values())
    assert (ran.returncode, ran.stderr) == (1, "")


def test_every_code_is_shown_here() -> None:
    """The sick company has all there is, but what only a stack can tell; a new code shall join it."""
    shown = {code for codes in (*AILMENTS.values(), *NOTES.values()) for code in codes}

    assert {str(code) for code in Code} - shown == {"not-as-declared"}


def test_the_report_reads_well_at_80_columns(clinic: RunningSandbox) -> None:
    """Word for word: a table, each trouble once with its numbers and what to do, and what no reading shows."""
    ran = doctor(clinic)

    report = "\n".join(line.rstrip() for line in ran.stdout.splitlines())
    assert report == GOLDEN.read_text().rstrip("\n")
    assert max(len(line) for line in report.splitlines()) <= 80
    assert ran.returncode == 1


@pytest.mark.parametrize("args", [(), ("--json",), (SOUND,)])
def test_nothing_is_written_and_no_secret_told(clinic: RunningSandbox, args: tuple[str, ...]) -> None:
    """The vendors' journal holds readings only; no password, token or query value is printed."""
    before = clinic.routing_snapshot()

    ran = doctor(clinic, *args)

    assert {entry["method"] for entry in clinic.journal()} == {"GET"}
    assert clinic.routing_snapshot() == before
    assert "canary" not in ran.stdout + ran.stderr


def test_what_cannot_be_read_is_named_and_the_rest_is_told(clinic: RunningSandbox) -> None:
    """A number and a TwiML App of Twilio's, a record of Vapi's: what rests on them is not called well."""
    sid, record = clinic.number(SOUND)["sid"], clinic.vapi_numbers()[-1]["id"]
    clinic.fault(
        method="GET", shows={sid: {"sms_url": 7}, APP: {"sid": None}, record: {"name": 7}}, count=None
    )

    found = examined(clinic)

    unknown = "who answers its texts is not known: Twilio's answer cannot be read of TwiML App"
    through_apps = ("+14155550105", APP), ("+14155550108", MISSING_APP)
    *numbers, rest = found["leftOut"]
    assert sorted(numbers) == [f"{number} left out: {unknown} {app}" for number, app in through_apps]
    assert rest == (
        f"left out, since the answer about it cannot be read: number {sid}, TwiML App one without an id, Vapi phone "
        f"number {record}"
    )
    assert not {SOUND, *dict(through_apps)} & {each["number"] for each in found["numbers"]}
    assert "not all was looked at" in doctor(clinic).stdout.replace("\n", " ")


def test_a_named_number_that_cannot_be_read_is_no_sound_one(clinic: RunningSandbox) -> None:
    """Beside a sound one: that is told, and the exit code says that it is not all."""
    sid = clinic.number(BESIDE)["sid"]
    clinic.fault(method="GET", shows={sid: {"sms_url": 7}}, count=None)

    ran = doctor(clinic, "--json", SOUND, BESIDE)

    assert [each["number"] for each in json.loads(ran.stdout)["numbers"]] == [SOUND]
    assert json.loads(ran.stdout)["leftOut"][0].startswith(f"{BESIDE} left out: ")
    assert ran.returncode == 2


def test_an_org_that_has_to_pay_first_is_told_in_a_line(clinic: RunningSandbox) -> None:
    """Vapi's 402, where it says that of readings too: what it wants is a card, and exit code 2."""
    clinic.fault(vendor="vapi", status=402, count=None)

    ran = doctor(clinic)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert "only where a card is saved and paid with (Vapi dashboard, Billing)" in ran.stderr


def test_json_has_the_keys_of_readme(clinic: RunningSandbox) -> None:
    """All keys, with the values of a number that Vapi answers as it should."""
    found = examined(clinic, SOUND)

    assert found.keys() == {
        "schema",
        "account",
        "org",
        "requests",
        "problems",
        "numbers",
        "leftOut",
        "facts",
    }
    assert (found["schema"], found["account"], found["org"], found["problems"]) == (1, AC, ORG, 0)
    (number,) = found["numbers"]
    service = {"sid": "MG" + "c" * 32, "name": "Registered", "defers": True}
    says = (
        f"Messaging Service Registered ({service['sid']}) has a verified campaign of an approved brand; Twilio shows "
        "no state of the number itself"
    )
    assert number | {"sid": "PN"} == {
        "number": SOUND,
        "sid": "PN",
        "friendlyName": "Front desk",
        "answeredBy": "Vapi assistant Support",
        "step": "messaging-url",
        "why": f"its own messaging URL; Messaging Service Registered ({service['sid']}) defers to it",
        "fallback": None,
        "canText": True,
        "replies": {"prospect": "probably fine", "says": says, "do": None},
        "service": service,
        "conversation": None,
        "capture": None,
        "vapi": {
            "id": "0b000000-0000-4000-8000-014155550100",
            "smsEnabled": True,
            "assistantId": SUPPORT,
            "squadId": None,
            "attachedTo": "Support",
            "name": "Front desk",
        },
        "declared": None,
        "problems": [],
        "notes": [
            {
                "code": "no-fallback",
                "says": "Vapi answers its texts, and while Vapi is down nobody does: it has no fallback",
                "do": (
                    "Write fallback='original', or a Handler, where it is declared; else give it one (Console: "
                    "Messaging > Primary handler fails)"
                ),
            }
        ],
    }


def test_a_number_that_is_nowhere_has_the_same_keys(clinic: RunningSandbox) -> None:
    """Scripts need not look for keys that come and go."""
    found = examined(clinic, SOUND, "+12025550143")

    absent, present = found["numbers"]
    assert absent.keys() == present.keys()
    assert (absent["sid"], absent["canText"], absent["replies"], absent["vapi"]) == (None, None, None, None)
    assert [problem["code"] for problem in absent["problems"]] == ["not-on-account"]


def test_named_numbers_only(clinic: RunningSandbox) -> None:
    """By E.164 form, with the blanks that people write, or by SID; exit code 0 where all is well."""
    sid = clinic.number(SOUND)["sid"]

    ran = doctor(clinic, "--json", "+1 (415) 555-0100", sid)

    assert [each["number"] for each in json.loads(ran.stdout)["numbers"]] == [SOUND]
    assert ran.returncode == 0


def test_only_numbers_with_problems(clinic: RunningSandbox) -> None:
    """`--problems` leaves out the sound ones, and not the exit code."""
    ran = doctor(clinic, "--json", "--problems")

    numbers = [each["number"] for each in json.loads(ran.stdout)["numbers"]]
    assert numbers == [number for number, codes in AILMENTS.items() if codes]
    assert ran.returncode == 1


def test_problems_prints_problems(clinic: RunningSandbox) -> None:
    """No note, no outlook, no fact beside them; how many numbers were looked at is said all the same."""
    ran = doctor(clinic, "--problems")
    well = doctor(clinic, "--problems", SOUND)

    shown = ran.stdout.splitlines()
    assert "Problems" in shown
    assert "25 numbers, 19 problems on 19 numbers." in ran.stdout
    assert not {"Notes", "Replies to US carriers", "Good to know"}.intersection(shown)
    assert SOUND not in ran.stdout
    assert well.stdout.strip().startswith("1 number, no problems.")
    assert (ran.returncode, well.returncode) == (1, 0)


def test_an_account_without_numbers_has_no_problems(clinic: RunningSandbox) -> None:
    """Nothing to tell is no trouble."""
    clinic.reset({"twilio": {"accounts": [{"sid": AC, "auth_token": "canary-token"}]}, "vapi": _vapi()})

    ran = doctor(clinic)

    assert ran.returncode == 0
    assert "0 numbers, no problems." in ran.stdout


def _vapi() -> dict[str, Any]:
    return {"orgs": [{"id": ORG, "api_key": "canary-key"}]}


@pytest.mark.parametrize(
    ("args", "env", "line"),
    [
        (("415-555-0100",), {}, "'415-555-0100' is not in E.164 form"),
        (("SC" + "0" * 32,), {}, f"SC{'0' * 32} is a short code, which Vapi cannot import"),
        (("PN1",), {}, "'PN1' is not a phone number's SID"),
        ((), {"TWILIO_AUTH_TOKEN": "wrong"}, "Authenticate"),
        ((), {"VAPI_API_KEY": "wrong"}, "Invalid Key"),
        ((), {"TWILIO_BASE_URL": "http://127.0.0.1:9"}, "no connection to 127.0.0.1:9"),
        (("--stack", "dev"), {}, "there is no `pulumi` on PATH: install Pulumi, or leave out --stack"),
    ],
)
def test_trouble_is_one_line_and_exit_code_2(
    clinic: RunningSandbox, args: tuple[str, ...], env: dict[str, str], line: str
) -> None:
    """What keeps doctor from telling anything is told apart from what it finds."""
    ran = doctor(clinic, *args, **env)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("vapi-sms: ")
    assert line in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_missing_credentials_are_named(clinic: RunningSandbox) -> None:
    """All of them, or the one that is missing."""
    bare = {"PATH": "/usr/bin:/bin"}
    none = subprocess.run([BORN, "doctor"], env=bare, capture_output=True, text=True, check=False)

    half = doctor(clinic, without="VAPI_API_KEY")

    assert (none.returncode, half.returncode) == (2, 2)
    assert none.stderr.startswith("vapi-sms: no credentials: set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN")
    assert "no key of Vapi's" in half.stderr


def test_a_bar_moves_on_a_terminal_only(clinic: RunningSandbox) -> None:
    """On a terminal stderr shows how much is read; stdout stays clean JSON all the same."""
    primary, secondary = pty.openpty()
    ran = subprocess.Popen(
        [BORN, "doctor", "--json"],
        env=environment(clinic, TERM="xterm", COLUMNS="100"),
        stdout=subprocess.PIPE,
        stderr=secondary,
        text=True,
    )
    os.close(secondary)
    with ThreadPoolExecutor(1) as aside:
        drained = aside.submit(_drained, primary)
        out, _ = ran.communicate()
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drained.result())

    assert json.loads(out)["schema"] == 1
    assert re.search(r"read assistants \S+ (\d+)/\1 \d+ requests", shown)


def _drained(terminal: int) -> str:
    """Return all that was shown on a terminal whose other end is closed."""
    shown = b""
    with os.fdopen(terminal, "rb", buffering=0) as stream:
        while True:
            try:
                read = stream.read(4096)
            except OSError:  # what Linux says of a terminal that nobody holds any more
                break
            if not read:
                break
            shown += read
    return shown.decode()
