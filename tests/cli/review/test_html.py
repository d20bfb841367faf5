"""`vapi-sms comment --html` and `preview --html`: each number now and after `up`; the comment stays as it is."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from vapi_sms.cli.drawn.previewed import page as drawn
from vapi_sms.cli.review.review import review

from tests.cli import pages
from tests.cli.command import BORN, vapi_sms
from tests.cli.review.many import COUNT, many_numbers
from tests.cli.review.steps import (
    FLOW,
    ONE,
    SALES,
    SUPPORT,
    answered,
    fleet,
    number,
    preview,
    route,
    said,
    step,
)
from tests.cli.review.test_command import golden, pulumi, recorded
from tests.engine.world import BIN, CANADIAN, HIDDEN, SPARE, STUDIO, VOICE_ONLY, WEBHOOK
from tests.hostile_names import EVIL, obeyed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.review.steps import Json

WHEN = "2026-11-29 18:00:00 UTC"
MARKUP = "</script><img src=x onerror=alert(1)>"
ANSWERED = ("Vapi assistant", "Support", "decides")
CAMPAIGNS = "campaigns"


def page_of(tmp_path: Path, *steps: list[Json] | Json, diagnostics: list[Json] | None = None) -> pages.Page:
    """Give the page of a preview of steps."""
    file = tmp_path / "page.html"
    file.write_text(drawn(review(preview(*steps, diagnostics=diagnostics)), WHEN))
    return pages.read(file)


def recorded_page(tmp_path: Path, name: str) -> pages.Page:
    """Give the page of a recorded preview, whose comment is as it is without."""
    file = tmp_path / "page.html"
    ran = vapi_sms("comment", recorded(name), "--html", file)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, golden(name), "")
    page = pages.read(file)
    page.assert_alone()
    return page


def sides(number_: dict[str, Any]) -> tuple[str, str]:
    """Give who answers a number now, and who will."""
    return number_["answeredBy"], number_["after"]["answeredBy"]


def test_both_sides_of_each_number(tmp_path: Path) -> None:
    """Who answers now and who will, each with its chain; who comes back on destroy sleeps."""
    page = recorded_page(tmp_path, "mixed")

    bin_, webhook, spare, orders = (page.numbers[each] for each in (BIN, WEBHOOK, SPARE, STUDIO))
    assert page.lines[0].startswith("A preview of ")
    assert page.lines[2].startswith(
        "2 numbers will be answered by Vapi assistant Sales instead of Function https://"
    )
    assert pages.states(bin_) == [("Number", BIN, "passes"), ("TwiML Bin", f"EH{'a' * 32}", "decides")]
    assert pages.states(bin_["after"]) == [
        ("Number", BIN, "passes"),
        ANSWERED,
        ("Original: TwiML Bin", f"EH{'a' * 32}", "skipped"),
    ]
    assert [bin_["group"], webhook["group"], orders["group"]] == [
        f"Will be answered by {SUPPORT}",
        f"Will be answered by {SALES}",
        "Leave: answered again by whoever was found",
    ]
    assert sides(webhook) == (SUPPORT, SALES)
    assert sides(orders)[0] == SALES
    assert (spare["name"], spare["after"]["note"][:2]) == ("spare", ["changes", "sms_enabled: False → True"])


def test_a_number_that_stays_has_one_side(tmp_path: Path) -> None:
    """Below who answers it."""
    page = recorded_page(tmp_path, "no-changes")

    assert page.numbers
    for each in page.numbers.values():
        assert not {"after", "group", "problem"} & each.keys()
        assert each["note"][0].startswith("on destroy: texts: ")


def test_drift_comes_first_with_what_somebody_changed(tmp_path: Path) -> None:
    """It is wrong now, and repaired after."""
    page = recorded_page(tmp_path, "drift")

    bin_ = page.numbers[BIN]
    assert bin_["problem"] == [
        "drift: texts are answered by Webhook https://new.example.com/sms?key=***, not by Vapi"
    ]
    assert bin_["after"]["note"][0] == "repaired"
    assert "problem" not in bin_["after"]


def test_what_is_refused_is_told_of_its_number(tmp_path: Path) -> None:
    """Also of one of which nothing else is known, and once above them all."""
    page = recorded_page(tmp_path, "refused")

    assert page.numbers.keys() >= {BIN, VOICE_ONLY, CANADIAN}
    assert page.numbers[VOICE_ONLY]["problem"][0].startswith(
        "refused: cannot receive texts (Twilio shows no SMS"
    )
    assert page.numbers[VOICE_ONLY]["answeredBy"] == "not known here"
    assert page.sections[0] == "Refused"
    assert page.texts["li"][0].startswith(f"fleet: {BIN}: 2 assistants are named 'Twin'")


def test_what_fails_without_a_number_is_not_folded_away(tmp_path: Path) -> None:
    """It stands below the headline."""
    page = page_of(tmp_path, diagnostics=[said("error: VapiSms: no key of Vapi's", "error", "desk")])

    assert page.lines[1:] == ["Refused: 1 problem to solve before `pulumi up`", "desk: no key of Vapi's"]
    assert page.drawn == []


def test_a_service_that_changes_stands_in_the_chain_of_its_numbers(tmp_path: Path) -> None:
    """It answers itself now, and defers after."""
    page = recorded_page(tmp_path, "services")

    hidden = page.numbers[HIDDEN]
    service, after = hidden["chain"][1], hidden["after"]["chain"][1]
    assert (service["label"], service["why"]) == (CAMPAIGNS, "answers for all of its numbers")
    assert (after["label"], after["why"]) == (CAMPAIGNS, "defers to the sender's webhook")
    assert pages.states(hidden["after"])[2] == ANSWERED
    assert "Messaging Services" in page.sections
    assert any(
        text.startswith(f"{CAMPAIGNS}: texts to its numbers are decided by each") for text in page.texts["li"]
    )


def test_a_service_that_answers_itself_again(tmp_path: Path) -> None:
    """Numbers that are told of before any heading, or below one of those who stay, are in no such chain."""
    answers = [
        f"  {ONE}",
        "1 number answered by nobody, before and after",
        "2 numbers answered by Studio Flow FW1, then by Webhook https://a.example.com:",
        f"  {ONE}, +14155550109",
    ]
    inbound = {
        "inbound": "Webhook https://a.example.com",
        "answers": answers,
        "originalSummary": "texts: nobody",
    }

    page = page_of(
        tmp_path,
        number("desk", answered("Support"), answered("Sales")),
        step("MessagingServiceInbound", "pool", None, inbound),
    )

    (desk,) = page.numbers.values()
    whys = [side["chain"][1]["why"] for side in (desk, desk["after"])]
    assert whys == ["defers to the sender's webhook", "answers for all of its numbers"]
    assert {side["chain"][1]["label"] for side in (desk, desk["after"])} == {"pool"}


def test_who_sleeps_and_what_may_come(tmp_path: Path) -> None:
    """A declared fallback is grey; what is known only during up, or after an up that did not finish, is no dead end."""
    backed = answered(
        "Support", fallback="original", answeredBy=f"{SUPPORT} (fallback {FLOW}), instead of {FLOW}"
    )
    later = {"assistant": "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "smsEnabled": True}
    unfinished = number("desk", None, answered(), was={})
    unfinished[1]["oldState"] = {"inputs": {"summary": {ONE: f"texts: {FLOW}"}, "numbers": {ONE: {}}}}

    with_fallback = page_of(tmp_path, number("desk", answered("Sales"), backed)).numbers[ONE]
    unknown = page_of(tmp_path, number("desk", None, later)).numbers[ONE]
    halfway = page_of(tmp_path, unfinished).numbers[ONE]

    assert ("Fallback: Studio Flow", "FW1", "skipped") in pages.states(with_fallback["after"])
    assert unknown["after"]["kind"] == "vapi"
    assert pages.states(unknown["after"])[1] == (
        "Handler",
        "a Vapi assistant that is known only during up",
        "decides",
    )
    assert halfway["answeredBy"].endswith("an earlier up did not finish")
    assert (halfway["kind"], [state for *_, state in pages.states(halfway)]) == (
        "other",
        ["passes", "passes"],
    )


def test_numbers_that_go_on_as_before_keep_their_heading(tmp_path: Path) -> None:
    """What happens to them stands beside who answers."""
    page = page_of(tmp_path, number("desk", answered(name="a"), answered(name="b")))

    assert page.numbers[ONE]["group"] == f"{SUPPORT}: change settings only"


def test_a_number_that_moves_between_resources_stands_there_twice(tmp_path: Path) -> None:
    """It leaves one, and comes to the other."""
    page = page_of(
        tmp_path,
        number("old", answered(), None),
        number("new", None, answered("Sales", "Vapi assistant Support")),
    )

    told = [(each["number"], each["name"], each["after"]["note"][0]) for each in page.drawn]
    assert told == [(ONE, "old", "leaves"), (ONE, "new", "new")]
    assert len({each["id"] for each in page.drawn}) == 2


def test_what_to_know_is_folded_away(tmp_path: Path) -> None:
    """Warnings, drift of services, refusals beside which the others go on, and that a preview is not whole."""
    drifted = {"inbound": "x", "drift": ["texts are answered by y"], "originalSummary": "texts: z"}

    page = page_of(
        tmp_path,
        fleet({"+14155550109": answered()}, {}, {"+14155550109": f"texts: {FLOW}"}),
        step("MessagingServiceInbound", "pool", {"inbound": "x"}, drifted),
        diagnostics=[
            said("vapi-sms: refused, while the others go on: +14155550108: it is no good"),
            said("vapi-sms: mind the gap"),
        ],
    )

    assert page.sections == [
        "Refused, while the others go on",
        "Drift of Messaging Services, which up repairs",
        "Messaging Services",
        "To know",
    ]
    assert "mind the gap" in page.texts["li"]
    assert page.numbers["+14155550108"]["problem"] == ["refused: it is no good"]


def test_five_thousand_numbers(tmp_path: Path) -> None:
    """All of them, by what happens; no secret of their webhooks, and no more than a few megabytes."""
    previewed, file = tmp_path / "preview.json", tmp_path / "page.html"
    previewed.write_text(many_numbers())

    ran = vapi_sms("comment", previewed, "--html", file)

    page = pages.read(file)
    groups = [each.get("group", each["answeredBy"]) for each in page.numbers.values()]
    assert (ran.returncode, len(page.numbers)) == (0, COUNT)
    assert {group: groups.count(group) for group in groups} == {
        "Leave: answered again by whoever was found": 200,
        f"Will be answered by {SALES}": 800,
        f"Will be answered by {SUPPORT}": 1_100,
        SUPPORT: 2_900,
    }
    assert "canary" not in page.text
    assert len(page.text) < 5_000_000


def test_names_are_text_whatever_they_hold(tmp_path: Path) -> None:
    """A resource's name, an assistant's, a refusal's text: no tag comes of it, and nobody obeys the file."""
    page = page_of(
        tmp_path,
        number(MARKUP, answered(f"{MARKUP}{EVIL}"), answered(EVIL, MARKUP)),
        route(None, {"answeredBy": MARKUP}),
        diagnostics=[said(f"error: VapiSms: {MARKUP}{EVIL}", "error", "desk"), said(f"vapi-sms: {MARKUP}")],
    )

    page.assert_alone()
    assert obeyed(page.text) == []
    assert page.numbers[ONE]["answeredBy"] != page.numbers[ONE]["after"]["answeredBy"]
    assert any(MARKUP in text for text in page.texts["li"])


def test_who_stops_reading_the_comment_has_the_page(tmp_path: Path) -> None:
    """`comment --html FILE | head`: the pipe breaks, and the page is whole."""
    file = tmp_path / "page.html"
    read, write = os.pipe()
    os.close(read)
    name = recorded("mixed")

    ran = subprocess.run([BORN, "comment", name, "--html", file], stdout=write, check=False)
    os.close(write)

    assert ran.returncode
    pages.read(file).assert_alone()


def test_a_page_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """Before Pulumi runs where that is plain; else after the comment, with exit code 1."""
    path = pulumi(tmp_path, f"touch {tmp_path}/ran; cat {recorded('mixed')}")
    nowhere, long = tmp_path / "missing" / "page.html", tmp_path / f"{'x' * 300}.html"

    early = vapi_sms("preview", "--html", nowhere, path=path)
    asked = tmp_path.joinpath("ran").exists()
    late = vapi_sms("preview", "--html", long, path=path)

    assert (early.returncode, early.stdout, asked) == (1, "", False)
    assert early.stderr == f"vapi-sms: there is no folder {nowhere.parent} for the page\n"
    assert (late.returncode, late.stdout) == (1, golden("mixed"))
    assert late.stderr == f"vapi-sms: cannot write {long}: File name too long\n"


@pytest.mark.parametrize(("name", "gate", "code"), [("drift", "drift", 4), ("refused", "refusals", 3)])
def test_gates_stand_with_a_page(tmp_path: Path, name: str, gate: str, code: int) -> None:
    """The exit code is that of the preview, and the page is there for whoever reads why."""
    file, comment = tmp_path / "page.html", tmp_path / "comment.md"
    path = pulumi(tmp_path, f"cat {recorded(name)}")

    ran = vapi_sms("preview", "--output", comment, "--html", file, "--fail-on", gate, path=path)

    assert (ran.returncode, ran.stdout, ran.stderr) == (code, "", "")
    assert comment.read_text() == golden(name)
    assert pages.read(file).numbers
