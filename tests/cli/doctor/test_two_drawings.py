"""The sandbox's page and doctor's are drawn by two codes that know nothing of each other: they agree on who answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.cli import pages
from tests.cli.doctor.clinic import doctor
from tests.sandbox.page.feeding import drawn

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

BLOCKED = "+14155550120"
"""What Vapi shows of it says that it is blocked; the sandbox's Vapi answers all the same."""


def passed(number: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Give what a text passes before it comes to whoever answers."""
    places = ("Number", "Messaging Service", "TwiML App")
    return [each for each in pages.states(number) if each[0] in places and each[-1] != "skipped"]


def end(number: dict[str, Any]) -> tuple[str, str]:
    """Give who answers, his URL as both write it, or that it ends there."""
    *_, (what, label, state) = [
        each for each in pages.states(number) if each[-1] in ("decides", "broken") and each[0] != "Number"
    ] or [("", "", "broken")]
    if state == "broken":
        return state, ""
    return state, f"{what} {re.sub(r'[*]{3}@|[?#].*', '', label)}".removesuffix(" reply")


def test_they_agree_on_who_answers(clinic: RunningSandbox, tmp_path: Path) -> None:
    """Of every number of an account with all that can be wrong; words differ where texts end, since causes do."""
    doctor(clinic, "--html", tmp_path / "numbers.html")
    ours, theirs = pages.read(tmp_path / "numbers.html").numbers, drawn(clinic.url)
    both = sorted(ours.keys() & theirs.keys())

    assert len(both) > 20
    assert {number: passed(ours[number]) for number in both} == {
        number: passed(theirs[number]) for number in both
    }
    differing = {number for number in both if end(ours[number]) != end(theirs[number])}
    assert differing == {BLOCKED}
