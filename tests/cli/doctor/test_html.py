"""`vapi-sms doctor --html`: a page beside the report, which needs nothing else and tells no secret."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli import pages
from tests.cli.command import BORN
from tests.cli.doctor.clinic import AC, AILMENTS, APP, HIDING, ORG, doctor, environment
from tests.hostile_names import EVIL, obeyed

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

SOUND, HIDDEN, OVERRIDDEN, GONE = "+14155550100", "+14155550104", "+14155550105", "+14155559999"
WEBHOOK = "https://***@old.example.com/sms?token=***"
MARKUP = "</script></title><img src=x onerror=alert(1)>&amp;"


@pytest.mark.parametrize("args", [(), ("--json",), ("--problems",)])
def test_a_page_beside_the_report_changes_nothing_of_it(
    clinic: RunningSandbox, tmp_path: Path, args: tuple[str, ...]
) -> None:
    """What is printed, and the exit code, are as without it; nothing is written at the vendors, and no secret told."""
    file = tmp_path / "numbers.html"
    without = doctor(clinic, *args)

    ran = doctor(clinic, *args, "--html", file)

    assert (ran.returncode, ran.stdout, ran.stderr) == (1, without.stdout, "")
    assert {entry["method"] for entry in clinic.journal()} == {"GET"}
    assert "canary" not in file.read_text()
    assert [each.name for each in tmp_path.iterdir()] == ["numbers.html"]


def test_who_stops_reading_the_report_has_the_page(clinic: RunningSandbox, tmp_path: Path) -> None:
    """`doctor --html FILE | head`: the pipe breaks, and the page is whole."""
    file = tmp_path / "numbers.html"
    read, write = os.pipe()
    os.close(read)

    ran = subprocess.run([BORN, "doctor", "--html", file], env=environment(clinic), stdout=write, check=False)
    os.close(write)

    assert ran.returncode
    assert SOUND in pages.read(file).numbers


def test_the_page_has_every_number_with_its_chain(clinic: RunningSandbox, tmp_path: Path) -> None:
    """Who answers and why, what is never asked, what is wrong and what to do; nothing is loaded from elsewhere."""
    doctor(clinic, "--html", tmp_path / "numbers.html")

    page = pages.read(tmp_path / "numbers.html")
    page.assert_alone()
    numbers = page.numbers
    assert {number: len(each.get("problem", ())) for number, each in numbers.items()} == {
        number: len(codes) for number, codes in AILMENTS.items()
    }
    assert pages.states(numbers[SOUND]) == [
        ("Number", SOUND, "passes"),
        ("Messaging Service", "Registered", "passes"),
        ("Vapi assistant", "Support", "decides"),
    ]
    assert pages.states(numbers[HIDDEN]) == [
        ("Number", HIDDEN, "passes"),
        ("Messaging Service", "Campaigns", "passes"),
        ("the number's own URL: Vapi", "Vapi", "skipped"),
        ("Webhook", WEBHOOK, "decides"),
        ("Vapi's record", "Vapi assistant Support", "skipped"),
    ]
    assert pages.states(numbers[OVERRIDDEN])[1:3] == [
        ("TwiML App", "Old app", "passes"),
        ("the number's own URL: Vapi", "Vapi", "skipped"),
    ]
    assert pages.states(numbers[GONE])[0] == ("Number", GONE, "broken")
    assert {numbers[number]["kind"] for number in (SOUND, HIDDEN, GONE)} == {"vapi", "webhook", "nobody"}
    assert numbers[SOUND]["name"] == "Front desk"
    assert "Set the service's Integration to 'Defer to sender's webhook'" in numbers[HIDDEN]["problem"][0]


def test_the_page_says_of_what_and_of_when_it_is(clinic: RunningSandbox, tmp_path: Path) -> None:
    """Account and org, the moment, the summary; each problem once, and what no reading shows, folded away."""
    doctor(clinic, "--html", tmp_path / "numbers.html")

    page = pages.read(tmp_path / "numbers.html")
    whose, summary = page.lines
    assert re.fullmatch(
        rf"Twilio account {AC}, Vapi org {ORG}, read \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC\.", whose
    )
    assert summary.startswith("25 numbers, 19 problems on 19 numbers. ")
    assert page.sections == ["19 problems, each told once", "Good to know"]
    assert any("a text to yourself is the only proof" in text for text in page.texts["li"])


def test_problems_alone(clinic: RunningSandbox, tmp_path: Path) -> None:
    """`--problems` holds for the page, too."""
    doctor(clinic, "--problems", "--html", tmp_path / "sick.html")
    doctor(clinic, "--problems", SOUND, "--html", tmp_path / "well.html")

    sick, well = (pages.read(tmp_path / name) for name in ("sick.html", "well.html"))
    assert list(sick.numbers) == [number for number, codes in AILMENTS.items() if codes]
    assert (well.numbers, well.sections) == ({}, [])
    assert sick.sections == ["19 problems, each told once"]


def test_names_are_text_whatever_they_hold(clinic: RunningSandbox, tmp_path: Path) -> None:
    """Markup of a stranger becomes no tag, and nobody obeys anything in the file."""
    clinic.outside_number(SOUND, friendly_name=f"{MARKUP}{EVIL}")
    clinic.outside("service", sid=HIDING, set={"friendly_name": MARKUP})
    clinic.outside_number(OVERRIDDEN, friendly_name="{{x}}")

    doctor(clinic, "--html", tmp_path / "numbers.html")

    page = pages.read(tmp_path / "numbers.html")
    page.assert_alone()
    assert obeyed(page.text) == []
    assert page.numbers[SOUND]["name"].startswith(f"{MARKUP}?]0;x? ")
    assert pages.states(page.numbers[HIDDEN])[1] == ("Messaging Service", MARKUP, "passes")
    assert page.numbers[OVERRIDDEN]["chain"][1]["detail"] == APP


def test_what_was_not_looked_at_is_told(clinic: RunningSandbox, tmp_path: Path) -> None:
    """A page that leaves numbers out says which, and why."""
    sid = clinic.number(SOUND)["sid"]
    clinic.fault(method="GET", shows={sid: {"sms_url": 7}}, count=None)

    doctor(clinic, "--html", tmp_path / "numbers.html")

    page = pages.read(tmp_path / "numbers.html")
    assert "Not looked at" in page.sections
    assert f"left out, since the answer about it cannot be read: number {sid}" in page.texts["li"]
    assert SOUND not in page.numbers


def test_a_page_that_cannot_be_written_is_one_line(clinic: RunningSandbox, tmp_path: Path) -> None:
    """Before anything is asked where that is plain; else beside the report, which nobody has to wait for again."""
    nowhere = doctor(clinic, "--html", tmp_path / "missing/numbers.html")
    folder = doctor(clinic, "--html", tmp_path)
    asked = clinic.journal()
    long = tmp_path / f"{'x' * 300}.html"
    ran = doctor(clinic, "--html", long)

    assert asked == []
    assert [(each.returncode, each.stdout, each.stderr) for each in (nowhere, folder)] == [
        (2, "", f"vapi-sms: there is no folder {tmp_path / 'missing'} for the page\n"),
        (2, "", f"vapi-sms: cannot write {tmp_path}: it is a folder\n"),
    ]
    assert (ran.returncode, ran.stderr) == (2, f"vapi-sms: cannot write {long}: File name too long\n")
    assert "25 numbers, 19 problems" in ran.stdout
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_tell_leaves_the_page_of_before(clinic: RunningSandbox, tmp_path: Path) -> None:
    """A page is replaced as a whole, or stays."""
    file = tmp_path / "numbers.html"
    doctor(clinic, SOUND, "--html", file)
    before = file.read_text()

    failed = doctor(clinic, "--html", file, TWILIO_AUTH_TOKEN="wrong")
    kept = file.read_text()
    doctor(clinic, HIDDEN, "--html", file)

    assert (failed.returncode, kept) == (2, before)
    assert list(pages.read(file).numbers) == [HIDDEN]
